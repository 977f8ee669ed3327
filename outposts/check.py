"""What is wrong across the files of a registry: names that lead nowhere, claims that cannot be.

Each audit yields problems; nothing here changes a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from outposts import sites
from outposts.basemap import country_names
from outposts.errors import PlaceNotFound, Problem
from outposts.gazetteer import find
from outposts.models import RELATIONS, Telling
from outposts.nearest import did_you_mean
from outposts.records import Records
from outposts.yamlfile import Document, Keys

CLOSED_NAME = re.compile(r"\b(?:permanently closed|closed|shut down|defunct)\b", re.IGNORECASE)

Leaves = Sequence[tuple[Keys, str]]
"""The place and the text of every scalar of a document."""

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
    used: set[str] = set()
    for document in records.documents.values():
        leaves = list(_leaves(document.data))
        used |= {value for at, value in leaves if at[-1:] in (("source",), ("by",))}
        found += _references(records, document, leaves)
        found += _twice(document)
        found += _where(document)
        found += _closed_names(document, leaves)
    return [
        *found,
        *_sources(records, used),
        *_tellings(records),
        *sites.audit(records),
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


def _references(records: Records, document: Document, leaves: Leaves) -> Iterator[Problem]:
    """Yield what names a source, an organisation or a venue that no file has."""
    for at, value in leaves:
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
            text = _unplaced(place, country)
            if text:
                yield document.problem((*at, "place"), text)


@lru_cache(maxsize=1024)  # a town that is not there may be in many files, and like names take long
def _unplaced(place: str, country: str | None) -> str:
    """Return why the gazetteer has no such town, or nothing."""
    try:
        find(place, country)
    except PlaceNotFound as error:
        return str(error)
    return ""


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


def _closed_names(document: Document, leaves: Leaves) -> Iterator[Problem]:
    for at, value in leaves:
        if at[-1:] == ("name",) and CLOSED_NAME.search(value):
            text = f"{value!r} says that it is closed: that is a claim, not a name"
            yield document.problem(at, text, level="warning")


def _sources(records: Records, used: set[str]) -> Iterator[Problem]:
    """Warn of sources that nothing names (``used`` holds what is named), or that may vanish."""
    document = records.documents.get("sources.yaml")
    if document is None:
        return
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
