"""What a map shows at first: its days, its corner points, the outlines and towns around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outposts import basemap, dates
from outposts.errors import MapError
from outposts.gazetteer import around
from outposts.venue import Venue

Bounds = tuple[tuple[float, float], tuple[float, float]]
CLOSEST = 11  # zoom: the outlines say nothing finer
EMPTY: Bounds = ((-60.0, -170.0), (75.0, 170.0))  # where a map of no places looks
AROUND = 0.06  # degrees of room on each side of the venues
ROOM = {
    "town": 5.0,
    "region": 16.0,
    "world": 30.0,
}  # degrees: the least that a map carries on each side
WIDEST = 60.0  # degrees from the middle to the side of a map on which towns are written
LEAST = 0.9  # degrees from the middle to each side: nearer, the outlines show nothing to go by


def days(venues: Sequence[Venue], day: int, span: tuple[Any, Any] | None) -> tuple[int, int]:
    """Return the first and the last day of a map: those of ``span``, else from the first claim to today."""
    if span is not None:
        first, last = (dates.day(end) for end in span)
        if first > last:
            raise MapError(f"span: {span[0]} is after {span[1]}")
        return first, last
    ends = [end for v in venues for c in v.claims for end in c.window if abs(end) != float("inf")]
    return int(min([*ends, day])), max(day, dates.today())


def bounds(venues: Sequence[Venue]) -> Bounds | None:
    """Return the box around the venues with room for their radius, or None if none is placed."""
    placed = [v for v in venues if v.lon is not None and v.lat is not None]
    if not placed:
        return None
    room = [max(AROUND, (v.radius_m or 0) / 111_000) for v in placed]
    lats = [v.lat for v in placed if v.lat is not None]
    lons = [v.lon for v in placed if v.lon is not None]
    south = min(lat - by for lat, by in zip(lats, room, strict=True))
    north = max(lat + by for lat, by in zip(lats, room, strict=True))
    west = min(lon - by for lon, by in zip(lons, room, strict=True))
    east = max(lon + by for lon, by in zip(lons, room, strict=True))
    lat, lon = (south + north) / 2, (west + east) / 2
    south, north = min(south, lat - LEAST), max(north, lat + LEAST)
    west, east = min(west, lon - LEAST), max(east, lon + LEAST)
    return (max(south, -85.0), max(west, -180.0)), (min(north, 85.0), min(east, 180.0))


def window(bounds: Bounds, room: float) -> tuple[float, float, float, float]:
    """Return west, south, east, north of what a map carries: room to look around and to zoom out."""
    (south, west), (north, east) = bounds
    wide, high = max(room, 1.75 * (east - west)), max(room, 1.25 * (north - south))
    window = (west - wide, south - high, east + wide, north + high)
    if window[0] < -180 or window[2] > 180:
        return (-180.0, -90.0, 180.0, 90.0)
    return (window[0], max(window[1], -90.0), window[2], min(window[3], 90.0))


def towns(bounds: Bounds, venues: Sequence[Venue]) -> list[tuple[str, float, float]]:
    """Return name, lon, lat of towns to write on a map, the most populous first; the venues' own have a mark."""
    (south, west), (north, east) = bounds
    wide, high = (east - west) / 2, (north - south) / 2
    if wide > WIDEST:
        return []
    own = {(venue.country, venue.place) for venue in venues}
    more = 1.0 if wide < basemap.TOWN else 0.2  # a screen shows more around a map of a town
    box = (
        west - more * wide,
        max(south - more * high, -85.0),
        east + more * wide,
        min(north + more * high, 85.0),
    )
    return [
        (place.name, round(place.lon, 2), round(place.lat, 2))
        for place in around(*box, apart=max(wide, high) / 8)
        if (place.country, place.name) not in own
    ]
