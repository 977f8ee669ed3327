"""What is wrong across the files of a registry: names that lead nowhere, points that cannot be.

Each audit yields problems; nothing here changes a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from outposts.basemap import contains, country_names
from outposts.errors import PlaceNotFound, Problem
from outposts.gazetteer import Place, find
from outposts.models import RELATIONS, Telling, VenueEntry
from outposts.nearest import did_you_mean
from outposts.records import Records
from outposts.yamlfile import Document, Keys

FARTHEST_KM = 60  # how far from its town's centre a venue's point may lie
SAME_SPOT_M = 150  # venues of like name nearer than this are probably one
LIKE_NAMES = 85  # of 100, by rapidfuzz's token sort ratio
CLOSED_NAME = re.compile(r"\b(?:permanently closed|closed|shut down|defunct)\b", re.IGNORECASE)


# Key -> the kind of record that its value names, wherever in a registry it stands.
REFERENCES = {
    "source": "sources",
    "organisation": "organisations",
    "operator": "organisations",
    "parent": "organisations",
    "venues": "venues",
    "except": "venues",
    **dict.fromkeys(RELATIONS, "venues"),
}


def audit(records: Records) -> list[Problem]:
    """Return every problem across files, errors and warnings.

    Names are looked up in the files as written, so that a fault of a record's own does not
    hide that it also names a source which does not exist.
    """
    found: list[Problem] = []
    for document in records.documents.values():
        found += _references(records, document)
        found += _twice(document)
        found += _where(document)
        found += _closed_names(document)
    return [
        *found,
        *_sources(records),
        *_points(records),
        *_tellings(records),
        *_likes(records),
    ]


def _leaves(value: Any, at: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Yield the place and the text of every scalar of a document."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*at, index))


def _references(records: Records, document: Document) -> Iterator[Problem]:
    """Yield what names a source, an organisation or a venue that no file has."""
    for at, value in _leaves(document.data):
        key = next((step for step in reversed(at) if isinstance(step, str)), "")
        kind = REFERENCES.get(key)
        names = records.ids.get(kind) if kind else None
        if kind is None or names is None:
            continue
        if value not in names:
            one = kind.removesuffix("s")
            hint = did_you_mean(value, names, 1)
            yield document.problem(at, f"no {one} is called {value!r}{hint}")
        elif key in RELATIONS and value == document.data.get("id"):
            yield document.problem(at, f"{value!r} is this venue itself")


def _twice(document: Document) -> Iterator[Problem]:
    """Yield ids that stand twice in the lists of one file."""
    data = document.data
    lists: dict[Keys, list[Any]] = {(): data} if isinstance(data, list) else {}
    if isinstance(data, dict):
        lists = {(key,): value for key, value in data.items() if isinstance(value, list)}
    seen: set[str] = set()
    for at, items in lists.items():
        for index, item in enumerate(items):
            id = item.get("id") if isinstance(item, dict) else None
            if isinstance(id, str):
                if id in seen:
                    yield document.problem((*at, index, "id"), f"{id!r} a second time")
                seen.add(id)


def _where(document: Document) -> Iterator[Problem]:
    """Yield countries that do not exist, and towns that are not in their country."""
    for at, where in _mappings(document.data):
        country, place = where.get("country"), where.get("place")
        if country is not None and country not in country_names():
            if isinstance(country, str) and re.fullmatch("[A-Z]{2}", country):
                text = f"{country!r} is no country's ISO 3166-1 code"
                yield document.problem((*at, "country"), text)
            continue
        if isinstance(place, str):
            try:
                find(place, country)
            except PlaceNotFound as error:
                yield document.problem((*at, "place"), str(error))


def _mappings(value: Any, at: Keys = ()) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """Yield the place and the fields of every mapping of a document."""
    if isinstance(value, dict):
        yield at, value
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield from _mappings(inner, (*at, key))


def _closed_names(document: Document) -> Iterator[Problem]:
    for at, value in _leaves(document.data):
        if at[-1:] == ("name",) and CLOSED_NAME.search(value):
            text = f"{value!r} says that it is closed: that is a claim, not a name"
            yield document.problem(at, text, level="warning")


def _sources(records: Records) -> Iterator[Problem]:
    document = records.documents.get("sources.yaml")
    if document is None:
        return
    used = {
        value
        for other in records.documents.values()
        for at, value in _leaves(other.data)
        if at[-1:] in (("source",), ("by",))
    }
    for id, source in records.sources.items():
        if id not in used:
            text = "no claim uses this source"
            yield document.problem((id,), text, on_key=True, level="warning")
        if source.archived is None:
            text = "no archived copy: what it says may vanish"
            yield document.problem((id,), text, on_key=True, level="warning")


def _tellings(records: Records) -> Iterator[Problem]:
    """Warn of claims whose words cannot be checked or that see the future."""
    for document, at, claim in _claims(records):
        if claim.quote is None:
            yield document.problem(at, "no quote: its words cannot be checked", level="warning")
        source = records.sources.get(claim.source)
        future = source is not None and claim.when.window.first > source.known
        if future and claim.says in ("open", "suspended"):
            text = (
                f"{claim.when.text!r} is after the day the source was known: nobody sees the future"
            )
            yield document.problem((*at, "when"), text, level="warning")


def _claims(records: Records) -> Iterator[tuple[Document, Keys, Telling]]:
    for venue in records.venues.values():
        document = records.files[venue.id]
        for index, claim in enumerate(venue.claims):
            yield document, ("claims", index), claim
    for index, group in enumerate(records.groups.claims):
        yield records.documents["groups.yaml"], ("claims", index), group


def _points(records: Records) -> Iterator[Problem]:
    """Yield points that are not in their country, or not near their town."""
    for venue in records.venues.values():
        location, point = venue.location, venue.location.point
        if point is None or location.country not in country_names():
            continue
        document, at = records.files[venue.id], ("location", "point")
        names = records.ids.get("sources")
        if point.method == "source" and names is not None and point.by not in names:
            text = f"no source is called {point.by!r}{did_you_mean(point.by, names, 1)}"
            yield document.problem((*at, "by"), text)
        if not contains(location.country, point.lon, point.lat):
            name = country_names()[location.country]
            text = f"lon {point.lon}, lat {point.lat} is not in {location.country} ({name})"
            if contains(location.country, point.lat, point.lon):
                text += "; are lon and lat swapped?"
            yield document.problem(at, text)
            continue
        place = _found(location.place, location.country)
        if place is not None:
            away = _km(point.lon, point.lat, place)
            if away > FARTHEST_KM:
                text = f"{away:.0f} km from {place.name}; at most {FARTHEST_KM} km is likely"
                yield document.problem(at, text)


def _found(name: str | None, country: str) -> Place | None:
    if name is None:
        return None
    try:
        return find(name, country)
    except PlaceNotFound:
        return None


def _km(lon: float, lat: float, place: Place) -> float:
    from geopy.distance import geodesic

    return float(geodesic((lat, lon), (place.lat, place.lon)).km)


def _likes(records: Records) -> Iterator[Problem]:
    """Warn of venues of like name on nearly one spot that are not said to be related."""
    from rapidfuzz import fuzz

    pointed = [venue for venue in records.venues.values() if venue.location.point]
    for one, other in combinations(pointed, 2):
        a, b = one.location.point, other.location.point
        if a is None or b is None or abs(a.lat - b.lat) > 0.01:
            continue
        if other.id in _related(one) or one.id in _related(other):
            continue
        if fuzz.token_sort_ratio(one.names[0].name, other.names[0].name) < LIKE_NAMES:
            continue
        away = _km(a.lon, a.lat, Place("", "", b.lon, b.lat, 0)) * 1000
        if away <= SAME_SPOT_M:
            document = records.files[other.id]
            text = (
                f"{away:.0f} m from {one.id}, which has nearly the same name; "
                "say how they are related (same_premises_as, duplicate_of ...)"
            )
            yield document.problem(("location", "point"), text, level="warning")


def _related(venue: VenueEntry) -> set[str | None]:
    return {getattr(venue, relation) for relation in RELATIONS}
