"""Venues as GeoDataFrames in EPSG:4326: the column names and their types, in one place.

Days are ``datetime64[s]``, NaT where there is none; codes and texts are strings; ``for`` and
``against`` are lists of claim ids. The index is the venue's id. A venue known only by country
has no geometry (None). Importing this module loads geopandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from outposts import dates, rows
from outposts.filters import Filter, within
from outposts.rules import RULES, Rules
from outposts.status import history
from outposts.venue import Venue

ON = rows.STATUS[1:]
DURING = (*rows.STATUS[1:9], "first_day", "last_day", "statuses")
RUNS = (*rows.STATUS[1:9], "start", "end", "status", "reason", "for", "against")
DAYS = ("on", "known", "since", "last_seen_open", "changes_on", "first_day", "last_day", "start", "end")  # fmt: skip


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
    frame = pd.DataFrame(list(found), columns=["venue", *columns]).set_index("venue")
    for name in columns:
        if name in DAYS:
            frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d").astype("datetime64[s]")
        elif name in ("lon", "lat", "radius_m"):
            frame[name] = frame[name].astype("float64")
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    geometry = np.full(len(frame), None, dtype=object)
    placed = ~(np.isnan(lon) | np.isnan(lat))
    geometry[placed] = shapely.points(lon[placed], lat[placed])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
