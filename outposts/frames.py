"""Venues as GeoDataFrames in EPSG:4326: what their columns are called, hold and mean, in one place.

`COLUMNS` tells of every column of every table; `ON`, `DURING` and `RUNS` are the columns of one,
in their order. The index is the venue's id. A venue known only by country has no geometry
(None). Importing this module loads geopandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from outposts import dates, rows
from outposts.filters import Filter, within
from outposts.rules import RULES, Rules
from outposts.status import history
from outposts.venue import Venue


class Column(NamedTuple):
    """What a column holds.

    ``dtype`` is pandas' name for it; ``str`` stands for its text, which is ``object`` before pandas 3.
    ``unit`` is the unit or form of a value (empty where there is none), ``meaning`` a sentence without its stop.
    """

    dtype: str
    unit: str
    meaning: str


COLUMNS = {
    "venue": Column("str", "id", "The venue; the index of each table"),
    "name": Column("str", "", "The name that is shown: the first that the venue's file gives"),
    "kind": Column("str", "code", "What it is, such as restaurant or museum"),
    "country": Column("str", "ISO 3166-1 alpha-2", "The country that it is in"),
    "place": Column("str", "", "The town, as the venue's file writes it; missing where none is known"),
    "lon": Column(
        "float64", "degrees, EPSG:4326", "Longitude of its point, else of its town; NaN with neither"
    ),
    "lat": Column(
        "float64", "degrees, EPSG:4326", "Latitude of its point, else of its town; NaN with neither"
    ),
    "precision": Column(
        "str", "code", "How exactly it is placed: building, street, district, place (its town) or country"
    ),
    "radius_m": Column("float64", "metres", "How far from its position it can be; NaN if not known"),
    "on": Column("datetime64[s]", "day", "The day asked about"),
    "known": Column("datetime64[s]", "day", "The day whose knowledge counts"),
    "status": Column("str", "code", "What the status rules say of that day, or of that run"),
    "reason": Column("str", "code", "Which of the status rules says so"),
    "since": Column(
        "datetime64[s]", "day", "First day of the unbroken stretch of this status; NaT if it has no beginning"
    ),
    "last_seen_open": Column(
        "datetime64[s]", "day", "Last day up to `on` on which a sighting proves it open; NaT if none does"
    ),
    "changes_on": Column(
        "datetime64[s]", "day", "Day on which the status becomes another if nothing new is learned; NaT if never"
    ),
    "single_source": Column("bool", "", "Whether the status rests on one claim alone"),
    "for": Column("object", "list of claim ids", "Claims for the status; of a dispute, those that say it was open"),
    "against": Column("object", "list of claim ids", "Claims that contradict it"),
    "explanation": Column("str", "English", "The answer in one sentence"),
    "first_day": Column(
        "datetime64[s]", "day, included", "First day of the period with a wanted status; NaT where both are open"
    ),
    "last_day": Column(
        "datetime64[s]", "day, included", "Last day of the period with a wanted status; NaT where both are open"
    ),
    "statuses": Column("object", "list of codes", "Every status that it had in the period, in their order"),
    "start": Column("datetime64[s]", "day, included", "First day of the run; NaT if it has no beginning"),
    "end": Column("datetime64[s]", "day, excluded", "Day after the last of the run; NaT if it has no end"),
    "geometry": Column("geometry", "degrees, EPSG:4326", "The point of `lon` and `lat`; None with neither"),
}  # fmt: skip
ON = rows.STATUS[1:]
DURING = (*rows.STATUS[1:9], "first_day", "last_day", "statuses")
RUNS = (*rows.STATUS[1:9], "start", "end", "status", "reason", "for", "against")

# The text of this pandas: missing stays missing, and a table without rows has the same columns.
TEXT: Any = pd.Series(["text"]).dtype


def on(venues: Sequence[Venue], day: int, known: int, rules: Rules = RULES) -> gpd.GeoDataFrame:
    """Return one row a venue with its answer on ``day`` as known on ``known``; columns `ON`."""
    return _frame(rows.statuses(venues, day, known, rules), ON)


def during(
    venues: Sequence[Venue], asked: Filter, known: int, rules: Rules = RULES
) -> gpd.GeoDataFrame:
    """Return one row a venue with its wanted days in the filter's period; columns `DURING`.

    ``first_day`` and ``last_day`` are the first and the last day of the period, both included,
    on which the venue had a wanted status (NaT where the period and the status are open);
    ``statuses`` lists every status it had in the period, in their order.
    """
    first, last = asked.period or (-np.inf, np.inf)
    found: list[dict[str, Any]] = []
    for venue in venues:
        runs = within(history(venue.claims, known, rules), first, last)
        wanted = [run for run in runs if asked.wants(run.status)]
        if not wanted:
            continue
        start, end = wanted[0].start, wanted[-1].end
        row = rows.place(venue)
        row["first_day"] = dates.iso_or_none(max(first, -np.inf if start is None else start))
        row["last_day"] = dates.iso_or_none(min(last, np.inf if end is None else end - 1))
        row["statuses"] = list(dict.fromkeys(run.status for run in runs))
        found.append(row)
    return _frame(found, DURING)


def runs(venues: Sequence[Venue], known: int, rules: Rules = RULES) -> gpd.GeoDataFrame:
    """Return one row per venue and run of status, columns `RUNS`: ``end`` is exclusive."""
    found = [
        {**rows.place(venue), **rows.run(run)}
        for venue in venues
        for run in history(venue.claims, known, rules)
    ]
    return _frame(found, RUNS)


def _frame(found: Sequence[dict[str, Any]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(list(found), columns=["venue", *columns])
    for name in frame.columns:
        dtype: Any = COLUMNS[name].dtype
        if dtype.startswith("datetime"):
            frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d").astype(dtype)
        else:
            frame[name] = frame[name].astype(TEXT if dtype == "str" else dtype)
    frame = frame.set_index("venue")
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    geometry = np.full(len(frame), None, dtype=object)
    placed = ~(np.isnan(lon) | np.isnan(lat))
    geometry[placed] = shapely.points(lon[placed], lat[placed])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
