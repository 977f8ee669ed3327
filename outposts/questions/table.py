"""Rows -> frames with the columns and types that a question promises, and what all questions ask first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from shapely import Point

from outposts import dates
from outposts.rules import Rules
from outposts.venue import Venue

if TYPE_CHECKING:
    from outposts.registry import Registry

DAY, TEXT, IDS, COUNT, SHARE, FLAG, DAYS = (
    "datetime64[s]", "str", "object", "int64", "float64", "bool", "Int64",
)  # fmt: skip
"""Types of columns: a day, a text or code, a list of ids, a number, a share or measure, yes or no,
and a number of days that may be missing."""

VENUE = {
    "venue": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "country": TEXT,
    "place": TEXT,
    "lon": SHARE,
    "lat": SHARE,
    "precision": TEXT,
    "radius_m": SHARE,
}
"""What and where a venue is: `outposts.rows.place`; ``radius_m`` in metres."""


def table(found: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a frame with these columns and types; days come as integers or None."""
    frame = pd.DataFrame(list(found), columns=list(columns))
    kind: Any
    for name, kind in columns.items():
        if kind == DAY:
            days = [None if day is None or day != day else dates.iso(day) for day in frame[name]]
            frame[name] = pd.to_datetime(pd.Series(days, dtype="str"), format="%Y-%m-%d").astype(
                kind
            )
        elif kind != IDS:
            frame[name] = frame[name].astype(kind)
    return frame


def venues_table(
    found: Iterable[Mapping[str, Any]], columns: Mapping[str, str]
) -> gpd.GeoDataFrame:
    """Return rows that begin with `VENUE` as a GeoDataFrame in EPSG:4326, its index the venue's id."""
    frame = table(found, {**VENUE, **columns}).set_index("venue")
    points = [
        None if lon != lon else Point(lon, lat)  # NaN: known only by country
        for lon, lat in zip(frame["lon"], frame["lat"], strict=True)
    ]
    return gpd.GeoDataFrame(frame, geometry=gpd.array.from_shapely(points), crs="EPSG:4326")


def day_or_today(value: Any) -> int:
    """Return a day as an integer, today where there is none."""
    return dates.today() if value is None else dates.day(value)


def chosen(
    registry: Registry, on: int, known: int, rules: Rules, wanted: Mapping[str, Any]
) -> Sequence[Venue]:
    """Return the venues that pass the filters, by id."""
    return registry.filter(**wanted).choose(registry.values(), on, known, rules)


def sources_of(venue: Venue, ids: Iterable[str]) -> list[str]:
    """Return the ids of the sources of some of a venue's claims, each once, in their order."""
    said_by = {claim.id: claim.source_id for claim in venue.claims}
    return list(dict.fromkeys(said_by[id] for id in ids))
