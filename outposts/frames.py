"""Venues as GeoDataFrames in EPSG:4326, their evidence as DataFrames: what columns are called, hold and mean, in one place.

`COLUMNS` tells of every column of the tables of venues; `ON`, `DURING` and `RUNS` are the columns of one,
in their order. `CLAIMS`, `SOURCES` and `NAMES` tell of the columns of those. The index is the venue's id,
in the table of sources the source's. A venue known only by country has no geometry (None). Importing
this module loads geopandas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isinf
from operator import attrgetter
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from outposts import dates, rows
from outposts.filters import Filter, within
from outposts.models import Claim, Name, Source
from outposts.rules import RULES, Rules
from outposts.status import counts, history
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
_PANDAS_TEXT: Any = pd.Series(["text"]).dtype


TEXT, DAY, FLAG = "str", "datetime64[s]", "bool"
CLAIMS = {
    "claim": Column(TEXT, "", "the claim's id, such as vn-hanoi-koryo#c1; a group claim's is its own"),
    "says": Column(TEXT, "", "opened, open, suspended or closed"),
    "when": Column(TEXT, "EDTF", "the date as written: no more than the source supports"),
    "first_day": Column(DAY, "day, included", "the first day that `when` can mean, NaT if open"),
    "last_day": Column(DAY, "day, included", "the last day that `when` can mean, NaT if open"),
    "extent": Column(FLAG, "", "true: every day from first to last; false: some day among them"),
    "approximate": Column(FLAG, "", "`when` has ~ or %, and its days are widened for it"),
    "uncertain": Column(FLAG, "", "`when` has ? or %"),
    "weak": Column(FLAG, "", "hearsay, anonymous, hedged, only inferred, or of an uncertain date"),
    "group": Column(FLAG, "", "a sentence about many venues, on a row of each of them"),
    "known": Column(DAY, "day", "the day from which the public could know it"),
    "retracted": Column(DAY, "day", "the day from which it is withdrawn, NaT if it is not"),
    "retracted_why": Column(TEXT, "", "why it was withdrawn"),
    "source": Column(TEXT, "", "the source's id"),
    "source_label": Column(TEXT, "", "the source's publisher, else its title"),
    "quote": Column(TEXT, "", "the source's words, exact, at most 300 characters"),
    "lang": Column(TEXT, "ISO 639", "the quote's language"),
    "translation": Column(TEXT, "", "the quote in English, where it is in another language"),
    "stated": Column(TEXT, "", "the source's own words for the date"),
    "note": Column(TEXT, "", "a remark of the registry's"),
}  # fmt: skip
SOURCES = {
    "title": Column(TEXT, "", "the title; in parentheses where it is ours"),
    "publisher": Column(TEXT, "", "who published it"),
    "author": Column(TEXT, "", "the byline"),
    "published": Column(TEXT, "EDTF", "when it was published, as written"),
    "published_first": Column(DAY, "day, included", "the first day that `published` can mean"),
    "published_last": Column(DAY, "day, included", "the last day that `published` can mean"),
    "known": Column(DAY, "day", "the day from which the public could know it"),
    "accessed": Column(DAY, "day", "the day on which it was read"),
    "url": Column(TEXT, "", "its web address"),
    "archived": Column(TEXT, "", "the address of an archived copy"),
    "lang": Column(TEXT, "ISO 639", "its language"),
    "kind": Column(TEXT, "", "news, official, un-report, review, blog, reference, company, social or photo"),
    "reliability": Column(TEXT, "Admiralty A-F", "how reliable the source is; never weighed"),
}  # fmt: skip
NAMES = {
    "name": Column(TEXT, "", "what a source calls the venue, in its script"),
    "lang": Column(TEXT, "ISO 639", "the name's language"),
    "source": Column(TEXT, "", "the id of a source that uses the name"),
    "shown": Column(FLAG, "", "whether it is the name that is shown, the first of the venue"),
}


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


def claims(venues: Sequence[Venue], known: int | None) -> pd.DataFrame:
    """Return one row per venue and claim that counts on the day ``known``; columns `CLAIMS`.

    Those not known by then, and those retracted by then, are left out, as rule 0 has it; with
    None, every claim is there. A group claim stands on a row of each venue that it is about, with its
    one id, so rows are not statements: count ``claim.nunique()``.
    """
    found = [
        (venue.id, claim)
        for venue in venues
        for claim in venue.claims
        if known is None or counts(claim, known)
    ]
    told = [claim for _, claim in found]
    values: dict[str, Callable[[Claim], Any]] = {
        "claim": lambda c: c.id,
        "when": lambda c: c.when.text,
        "first_day": lambda c: c.window.first,
        "last_day": lambda c: c.window.last,
        "extent": lambda c: c.when.extent,
        "approximate": lambda c: c.when.approximate,
        "uncertain": lambda c: c.when.uncertain,
        "retracted": lambda c: c.hidden,
        "retracted_why": lambda c: c.retracted and c.retracted.why,
        "source": lambda c: c.source_id,
        "source_label": lambda c: c.source.label,
    }
    return _table(told, CLAIMS, values, pd.Index([id for id, _ in found], dtype=TEXT, name="venue"))


def sources(found: Mapping[str, Source]) -> pd.DataFrame:
    """Return one row a source; columns `SOURCES`, the index is the source's id."""
    values: dict[str, Callable[[Source], Any]] = {
        "published": lambda s: s.published and s.published.text,
        "published_first": lambda s: s.published and s.published.window.first,
        "published_last": lambda s: s.published and s.published.window.last,
    }
    return _table(
        list(found.values()), SOURCES, values, pd.Index(list(found), dtype=TEXT, name="source")
    )


def names(venues: Sequence[Venue]) -> pd.DataFrame:
    """Return one row per venue and name, the one that is shown first; columns `NAMES`."""
    found = [(venue, name) for venue in venues for name in venue.names]
    shown = {id(venue.names[0]) for venue in venues}
    values: dict[str, Callable[[Name], Any]] = {"shown": lambda name: id(name) in shown}
    index = pd.Index([venue.id for venue, _ in found], dtype=TEXT, name="venue")
    return _table([name for _, name in found], NAMES, values, index)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values, as JSON has them, the index first if it has a name.

    Days are ISO dates, what is missing None, lists lists; a geometry is left out.
    """
    table = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    table = table.reset_index(drop=table.index.name is None)
    columns = {name: plain(table[name]) for name in table.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def plain(cells: pd.Series) -> list[Any]:
    """Return a column as plain values: days as ISO dates, None for what is missing.

    Equal texts are one object, since a large table says most things many times.
    """
    if cells.dtype.kind == "M":
        days = np.datetime_as_string(cells.to_numpy(), unit="D").tolist()
        found = [None if day == "NaT" else day for day in days]
    else:
        found = cells.astype(object).where(cells.notna(), None).tolist()
        if cells.dtype != _PANDAS_TEXT:
            return found
    once: dict[Any, Any] = {}
    return [once.setdefault(text, text) for text in found]


def _table(
    records: Sequence[Any],
    columns: Mapping[str, Column],
    values: Mapping[str, Callable[[Any], Any]],
    index: pd.Index,
) -> pd.DataFrame:
    """Return a row a record; a column is the record's field of its name where ``values`` has none."""
    found = {}
    for name, column in columns.items():
        value = values.get(name, attrgetter(name))
        cells = [value(record) for record in records]
        dtype: Any = _PANDAS_TEXT if column.dtype == TEXT else column.dtype
        found[name] = _days(cells) if dtype == DAY else pd.Series(cells, dtype=dtype)
    return pd.DataFrame(found).set_index(index)


def _days(cells: Sequence[float | None]) -> pd.Series:
    """Return integer days as dates, NaT for None and for an open end."""
    days = [None if day is None or isinf(day) else int(day) for day in cells]
    return pd.Series(np.array(days, dtype="datetime64[D]").astype(DAY))


def _frame(found: Sequence[dict[str, Any]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(list(found), columns=["venue", *columns])
    for name in frame.columns:
        dtype: Any = COLUMNS[name].dtype
        if dtype.startswith("datetime"):
            frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d").astype(dtype)
        else:
            frame[name] = frame[name].astype(_PANDAS_TEXT if dtype == TEXT else dtype)
    frame = frame.set_index("venue")
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    geometry = np.full(len(frame), None, dtype=object)
    placed = ~(np.isnan(lon) | np.isnan(lat))
    geometry[placed] = shapely.points(lon[placed], lat[placed])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
