"""What is wrong with where venues are said to stand: their points, their neighbours, their addresses.

Each audit yields problems; nothing here changes a record. Distances are geodesics on WGS 84.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from outposts import gazetteer
from outposts.basemap import contains, country_names
from outposts.errors import Problem
from outposts.gazetteer import Place
from outposts.models import RELATIONS, Location, Point, VenueEntry
from outposts.nearest import did_you_mean
from outposts.records import Records
from outposts.yamlfile import Document, Keys

FARTHEST_KM = 60  # how far from its town's centre a venue's point may lie
ELSEWHERE_KM = 100  # how far off a town in an address is no province or quarter of the venue's own
SAME_SPOT_M = 150  # venues of like name nearer than this are probably one
LIKE_NAMES = 85  # of 100, by rapidfuzz's token sort ratio
SHARED_M = 1  # points nearer than this are one point, written twice
CENTRE_M = 25  # nearer than this to a town's centre: the table's four decimals are good to 8 m
NULL_ISLAND_DEG = 0.01  # about 1 km around 0, 0, where there is no land
LEAST_PEOPLE = 20_000  # smaller towns share their names with too many quarters and streets
EXACT = ("building", "street")  # precisions that a town's centre cannot have
PARTS = re.compile(r"[,;()/|\n\u3001\uff0c]")
POSTCODE = re.compile(r"^\d[\d-]* | \d[\d-]*$")

AT: Keys = ("location", "point")


def audit(records: Records) -> Iterator[Problem]:
    """Yield every problem of a point or an address; each names the line of what is wrong."""
    for venue in records.venues.values():
        document, location = records.files[venue.id], venue.location
        if location.country not in country_names():
            continue
        place = _place(location)
        if location.point is not None:
            yield from _said_by(records, document, location.point)
            yield from _point(document, location, location.point, place)
        if place is not None:
            yield from _addresses(document, location, place)
    yield from _neighbours(records)


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the length in metres of the geodesic between two points in degrees.

    Examples
    --------
    >>> round(metres(105.84, 21.03, 106.66, 10.78))
    1137650
    """
    from geographiclib.geodesic import Geodesic

    found = Geodesic.WGS84.Inverse(lat, lon, other_lat, other_lon, Geodesic.DISTANCE)
    return float(found["s12"])


def _roughly_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the distance on a sphere of 6,371 km: within 0.6 % of the geodesic, 50 times as fast."""
    north, east = radians(other_lat - lat), radians(other_lon - lon)
    across = cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * 6_371_000 * asin(min(1.0, sqrt(sin(north / 2) ** 2 + across)))


def _place(location: Location) -> Place | None:
    """Return the town of a location; a town that is not there is told of elsewhere."""
    if location.place is None:
        return None
    return next(iter(_towns(location.place, location.country)), None)


def _said_by(records: Records, document: Document, point: Point) -> Iterator[Problem]:
    names = records.ids.get("sources")
    if point.method == "source" and names is not None and point.by not in names:
        text = f"no source is called {point.by!r}{did_you_mean(point.by, names, 1)}"
        yield document.problem((*AT, "by"), text)


def _point(
    document: Document, location: Location, point: Point, place: Place | None
) -> Iterator[Problem]:
    """Yield what is wrong with one point: lost, in another country, far from its town, or only the town's."""
    said = f"lon {point.lon}, lat {point.lat}"
    if abs(point.lon) < NULL_ISLAND_DEG and abs(point.lat) < NULL_ISLAND_DEG:
        text = f"{said} is in the sea at 0, 0, where lost coordinates end up; give the real point or none"
        yield document.problem(AT, text)
        return
    if not contains(location.country, point.lon, point.lat):
        name = country_names()[location.country]
        text = f"{said} is not in {location.country} ({name})"
        if contains(location.country, point.lat, point.lon):
            text += "; are lon and lat swapped?"
        yield document.problem(AT, text)
        return
    if place is None:
        return
    away = _roughly_m(point.lon, point.lat, place.lon, place.lat)
    if away > 0.99 * FARTHEST_KM * 1000:
        away = metres(point.lon, point.lat, place.lon, place.lat)
        if away > FARTHEST_KM * 1000:
            text = f"{away / 1000:.0f} km from {place.name}; at most {FARTHEST_KM} km is likely"
            yield document.problem(AT, text)
    elif away <= CENTRE_M and point.precision in EXACT:
        text = (
            f"{point.precision!r}, but {said} is the centre of {place.name}, as a geocoder answers "
            "that knows the town alone; say place, or give the real point"
        )
        yield document.problem((*AT, "precision"), text, level="warning")


def _addresses(document: Document, location: Location, place: Place) -> Iterator[Problem]:
    """Warn of an address that names another town of the country, and not the venue's own.

    A town is named only by a whole part of the address between commas, a postcode aside, so that
    Hanoi Road is a road; a town within ELSEWHERE_KM of the venue's own may be its province or a
    quarter of it, and one of few people shares its name with quarters anywhere.
    """
    own = {gazetteer.fold(place.name), gazetteer.fold(location.place or "")}
    alone = isinstance(document.data["location"]["address"], dict) if location.address else False
    for index, address in enumerate(location.address):
        others: list[tuple[str, Place, float]] = []
        for part in PARTS.split(address.text):
            name = POSTCODE.sub("", " ".join(part.split()))
            towns = _towns(name, location.country)
            if gazetteer.fold(name) in own or place in towns:
                break
            away, town = min(
                ((_roughly_m(t.lon, t.lat, place.lon, place.lat), t) for t in towns),
                key=lambda found: found[0],
                default=(0.0, None),
            )
            if town and away > ELSEWHERE_KM * 1000 and town.population >= LEAST_PEOPLE:
                others.append((name, town, away))
        else:
            for name, town, away in others[:1]:
                called = town.name if gazetteer.fold(town.name) == gazetteer.fold(name) else f"{name} ({town.name})"  # fmt: skip
                text = (
                    f"{address.text!r} names {called}, {away / 1000:.0f} km from {place.name}, "
                    f"and not {place.name}; correct place, or the address"
                )
                at: Keys = ("location", "address", *(() if alone else (index,)), "text")
                yield document.problem(at, text, level="warning")


def _towns(name: str, country: str) -> list[Place]:
    """Return the towns of a country that are called so, the likeliest first.

    `gazetteer.find` gives the first of them, and searches long for like names where there is none.
    """
    if len(gazetteer.fold(name)) < 2:
        return []
    return [match.place for match in gazetteer._called(name, country)]


@dataclass(frozen=True, slots=True)
class _Pointed:
    """A venue with a point, and its number in the order of the files."""

    number: int
    venue: VenueEntry
    point: Point


def _neighbours(records: Records) -> Iterator[Problem]:
    """Warn of venues on one spot that nothing relates: one point for two, or one venue twice.

    Each venue is told of once, beside the first that it clashes with.
    """
    from rapidfuzz import fuzz

    kin = _families(records)
    told: dict[str, tuple[int, str]] = {}
    for one, other, away in _near(records):
        if kin[one.venue.id] == kin[other.venue.id]:
            continue
        if told.get(other.venue.id, (other.number,))[0] <= one.number:
            continue
        like = fuzz.token_sort_ratio(one.venue.names[0].name, other.venue.names[0].name)
        if like >= LIKE_NAMES:
            text = (
                f"{away:.0f} m from {one.venue.id}, which has nearly the same name; "
                "say how they are related (same_premises_as, duplicate_of ...)"
            )
        elif away <= SHARED_M and {one.point.precision, other.point.precision} & {*EXACT}:
            text = (
                f"lon {other.point.lon}, lat {other.point.lat} is the point of {one.venue.id} too; "
                "give each its own or a coarser precision, or say how they are related "
                "(same_premises_as for one building)"
            )
        else:
            continue
        told[other.venue.id] = one.number, text
    for id, (_, text) in told.items():
        yield records.files[id].problem(AT, text, level="warning")


def _families(records: Records) -> dict[str, str]:
    """Return venue -> one id for all that are related, through others too."""
    head = {id: id for id in records.venues}

    def top(id: str) -> str:
        while head[id] != id:
            head[id] = head[head[id]]
            id = head[id]
        return id

    for venue in records.venues.values():
        for relation in RELATIONS:
            other = getattr(venue, relation)
            if other in head:
                head[top(venue.id)] = top(other)
    return {id: top(id) for id in head}


def _near(records: Records) -> Iterator[tuple[_Pointed, _Pointed, float]]:
    """Yield every two venues whose points are at most SAME_SPOT_M apart, the first in the files first.

    Points of precision place are left out: they are the town's, and near each other without meaning it.
    Sorted by latitude, so that each is compared with few: 150 m are at most 0.00136 degrees.
    """
    pointed = [
        _Pointed(number, venue, venue.location.point)
        for number, venue in enumerate(records.venues.values())
        if venue.location.point and venue.location.point.precision != "place"
    ]
    pointed.sort(key=lambda one: one.point.lat)
    reach = SAME_SPOT_M / 110_000
    for index, low in enumerate(pointed):
        a = low.point
        wide = reach / max(cos(radians(min(abs(a.lat) + reach, 90))), 1e-9)
        for at in range(index + 1, len(pointed)):
            b = pointed[at].point
            if b.lat - a.lat > reach:
                break
            east = abs(a.lon - b.lon)
            if min(east, 360 - east) > wide:
                continue
            same = (a.lon, a.lat) == (b.lon, b.lat)
            away = 0.0 if same else metres(a.lon, a.lat, b.lon, b.lat)
            if away <= SAME_SPOT_M:
                one, other = sorted((low, pointed[at]), key=lambda venue: venue.number)
                yield one, other, away
