"""What is wrong across the files of a registry: names that lead nowhere, points that cannot be.

Each audit yields problems; nothing here changes a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from outposts.basemap import contains, country_names
from outposts.errors import PlaceNotFound, Problem
from outposts.gazetteer import Place, find
from outposts.models import RELATIONS, About, Name, Telling, VenueEntry
from outposts.nearest import did_you_mean
from outposts.records import Records
from outposts.yamlfile import Document, Keys

FARTHEST_KM = 60  # how far from its town's centre a venue's point may lie
SAME_SPOT_M = 150  # venues of like name nearer than this are probably one
LIKE_NAMES = 85  # of 100, by rapidfuzz's token sort ratio
CLOSED_NAME = re.compile(r"\b(?:permanently closed|closed|shut down|defunct)\b", re.IGNORECASE)


def audit(records: Records) -> list[Problem]:
    """Return every problem across files, errors and warnings."""
    return [
        *_sources(records),
        *_organisations(records),
        *_events(records),
        *_groups(records),
        *_venues(records),
        *_likes(records),
    ]


def _named(
    records: Records, document: Document, at: Keys, kind: str, value: str | None
) -> Iterator[Problem]:
    """Yield a problem if no record of a kind, sound or faulty, is called ``value``."""
    names = records.ids.get(kind)
    if value is None or names is None or value in names:
        return
    one = kind.removesuffix("s")
    yield document.problem(at, f"no {one} is called {value!r}{did_you_mean(value, names, 1)}")


def _names(
    records: Records, document: Document, at: Keys, names: Iterable[Name]
) -> Iterator[Problem]:
    for index, name in enumerate(names):
        here = (*at, "names", index)
        yield from _source(records, document, (*here, "source"), name.source)
        if CLOSED_NAME.search(name.name):
            text = f"{name.name!r} says that it is closed: that is a claim, not a name"
            yield document.problem((*here, "name"), text, level="warning")


def _source(
    records: Records, document: Document, at: Keys, source: str | None
) -> Iterator[Problem]:
    yield from _named(records, document, at, "sources", source)


def _sources(records: Records) -> Iterator[Problem]:
    document = records.documents.get("sources.yaml")
    if document is None:
        return
    used = set(_used(records))
    whole = records.ids.get("venues") == set(records.venues)
    for id, source in records.sources.items():
        if whole and id not in used:
            text = "no claim uses this source"
            yield document.problem((id,), text, on_key=True, level="warning")
        if source.archived is None:
            text = "no archived copy: what it says may vanish"
            yield document.problem((id,), text, on_key=True, level="warning")


def _used(records: Records) -> Iterator[str | None]:
    """Yield every source that a record rests on."""
    for venue in records.venues.values():
        yield from (claim.source for claim in venue.claims)
        yield from (name.source for name in venue.names)
        yield from (operator.source for operator in venue.operators)
        yield from (address.source for address in venue.location.address)
        if venue.location.point:
            yield venue.location.point.by
    for body in records.organisations.values():
        yield from (name.source for name in body.names)
    yield from (claim.source for claim in records.groups.claims)
    yield from (count.source for count in records.groups.counts)
    yield from (event.source for event in records.events)


def _organisations(records: Records) -> Iterator[Problem]:
    document = records.documents.get("organisations.yaml")
    if document is None:
        return
    for id, body in records.organisations.items():
        yield from _names(records, document, (id,), body.names)
        yield from _named(records, document, (id, "parent"), "organisations", body.parent)


def _events(records: Records) -> Iterator[Problem]:
    document = records.documents.get("events.yaml")
    if document is None:
        return
    seen: set[str] = set()
    for index, event in enumerate(records.events):
        if event.id in seen:
            yield document.problem((index, "id"), f"{event.id!r} a second time")
        seen.add(event.id)
        yield from _source(records, document, (index, "source"), event.source)


def _groups(records: Records) -> Iterator[Problem]:
    document = records.documents.get("groups.yaml")
    if document is None:
        return
    seen: set[str] = set()
    for index, claim in enumerate(records.groups.claims):
        at: Keys = ("claims", index)
        if claim.id in seen:
            yield document.problem((*at, "id"), f"{claim.id!r} a second time")
        seen.add(claim.id)
        yield from _telling(records, document, at, claim)
        yield from _about(records, document, (*at, "about"), claim.about)
    for index, count in enumerate(records.groups.counts):
        at = ("counts", index)
        if count.id in seen:
            yield document.problem((*at, "id"), f"{count.id!r} a second time")
        seen.add(count.id)
        yield from _source(records, document, (*at, "source"), count.source)
        yield from _country(document, (*at, "country"), count.country)


def _about(records: Records, document: Document, at: Keys, about: About) -> Iterator[Problem]:
    if about.country is not None:
        yield from _country(document, (*at, "country"), about.country)
    yield from _named(records, document, (*at, "operator"), "organisations", about.operator)
    if about.place is not None:
        yield from _place(document, (*at, "place"), about.place, about.country)
    for key, ids in (("venues", about.venues), ("except", about.except_)):
        for index, id in enumerate(ids):
            yield from _named(records, document, (*at, key, index), "venues", id)


def _telling(records: Records, document: Document, at: Keys, claim: Telling) -> Iterator[Problem]:
    yield from _source(records, document, (*at, "source"), claim.source)
    if claim.quote is None:
        yield document.problem(at, "no quote: its words cannot be checked", level="warning")
    source = records.sources.get(claim.source)
    if source and claim.says in ("open", "suspended") and claim.when.window.first > source.known:
        text = f"{claim.when.text!r} is after the day the source was known: nobody sees the future"
        yield document.problem((*at, "when"), text, level="warning")


def _venues(records: Records) -> Iterator[Problem]:
    documents = {
        name.rsplit("/", 1)[-1].removesuffix(".yaml"): document
        for name, document in records.documents.items()
        if name.startswith("venues/")
    }
    for id, venue in records.venues.items():
        document = documents.get(id)
        if document is None:  # the file has another name, which is a problem already told
            continue
        yield from _names(records, document, (), venue.names)
        yield from _location(records, document, venue)
        for index, operator in enumerate(venue.operators):
            at: Keys = ("operators", index)
            here = (*at, "organisation")
            yield from _named(records, document, here, "organisations", operator.organisation)
            yield from _source(records, document, (*at, "source"), operator.source)
        ids: set[str] = set()
        for index, claim in enumerate(venue.claims):
            at = ("claims", index)
            if claim.id in ids:
                yield document.problem((*at, "id"), f"{claim.id!r} a second time")
            ids.add(claim.id)
            yield from _telling(records, document, at, claim)
        for relation in RELATIONS:
            other = getattr(venue, relation)
            yield from _named(records, document, (relation,), "venues", other)
            if other == id:
                yield document.problem((relation,), f"{id!r} is this venue itself")


def _location(records: Records, document: Document, venue: VenueEntry) -> Iterator[Problem]:
    location = venue.location
    for index, address in enumerate(location.address):
        where: Keys = ("location", "address", index, "source")
        yield from _source(records, document, where, address.source)
    wrong = list(_country(document, ("location", "country"), location.country))
    yield from wrong
    if wrong:
        return
    if location.place is not None:
        yield from _place(document, ("location", "place"), location.place, location.country)
    point = location.point
    if point is None:
        return
    at = ("location", "point")
    if point.method == "source":
        yield from _source(records, document, (*at, "by"), point.by)
    if not contains(location.country, point.lon, point.lat):
        name = country_names()[location.country]
        text = f"lon {point.lon}, lat {point.lat} is not in {location.country} ({name})"
        if contains(location.country, point.lat, point.lon):
            text += "; are lon and lat swapped?"
        yield document.problem(at, text)
        return
    place = _found(location.place, location.country)
    if place is not None:
        away = _km(point.lon, point.lat, place)
        if away > FARTHEST_KM:
            text = f"{away:.0f} km from {place.name}; at most {FARTHEST_KM} km is likely"
            yield document.problem(at, text)


def _country(document: Document, at: Keys, country: str) -> Iterator[Problem]:
    if country not in country_names():
        yield document.problem(at, f"{country!r} is no country's ISO 3166-1 code")


def _place(document: Document, at: Keys, name: str, country: str | None) -> Iterator[Problem]:
    try:
        find(name, country)
    except PlaceNotFound as error:
        yield document.problem(at, str(error))


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
            document = records.documents[f"venues/{other.location.country.lower()}/{other.id}.yaml"]
            text = (
                f"{away:.0f} m from {one.id}, which has nearly the same name; "
                "say how they are related (same_premises_as, duplicate_of ...)"
            )
            yield document.problem(("location", "point"), text, level="warning")


def _related(venue: VenueEntry) -> set[str | None]:
    return {getattr(venue, relation) for relation in RELATIONS}
