"""FollowTheMoney entities, one JSON object a line, as OpenSanctions and Aleph read them.

A venue is a ``LegalEntity``, the schema for bodies of which no source says how they are incorporated; a company is
a ``Company``, an embassy a ``PublicBody``, a monument ``RealEstate``. Who is said to run it is linked by an
``UnknownLink`` with the role *operator*: an operator need not own. A source is an ``Article`` or a ``Document``, and a
claim the ``Documentation`` that links it to the venue. FollowTheMoney knows no windows of days: a claim has ``date`` where it
was written as one day, month or year, ``startDate`` and ``endDate`` where it is said of all days between them;
its EDTF text and its bounds are in words in ``description``. Nothing of a status becomes a date of incorporation.

The format has no header, so the first entity is a ``Note`` about the file. Ids begin with ``outposts-``;
those of the same thing are the same in every export.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from outposts.export.extract import Extract
from outposts.models import Organisation
from outposts.venue import Venue

VENUES = {"company": "Company", "embassy": "PublicBody", "monument": "RealEstate"}
ORGANISATIONS = {"company": "Company", "government": "PublicBody", "state agency": "PublicBody"}
ARTICLES = ("news", "review", "blog", "social")
# The languages that FollowTheMoney knows: ISO 639-3, then 639-1.
_LANGUAGES = (
    "afraf amham araar azeaz belbe benbn bosbs bulbg catca cescs danda deude ellel engen estet fasfa finfi frafr "
    "glega hebhe hinhi hrvhr hunhu hyehy indid islis itait jpnja kankn katka kazkk khmkm kirky korko laolo lavlv "
    "litlt ltzlb mkdmk mltmt monmn msams myamy nepne nldnl norno polpl porpt pusps ronro rusru sinsi slksk slvsl "
    "spaes sqisq srpsr swasw swesv tamta telte tgktg tgltl thath tuktk turtr ukruk urdur uzbuz vievi zhozh"
)
LANGUAGES = {pair[3:]: pair[:3] for pair in _LANGUAGES.split()}
_PLAIN = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?", re.ASCII)
Entity = dict[str, Any]


def write(extract: Extract, path: Path) -> None:
    """Write the entities; what an entity refers to stands before it."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for entity in entities(extract):
            file.write(json.dumps(entity, ensure_ascii=False, separators=(",", ":")) + "\n")


def entities(extract: Extract) -> Iterator[Entity]:
    """Yield the entities: a note on the file, sources, organisations, venues, what links them."""
    yield _note(extract.about)
    sources = extract.records["sources"]
    yield from map(_source, sources)
    yield from _organisations(extract)
    answers = extract.records["on"]
    for venue, answer in zip(extract.venues, answers, strict=True):
        yield from _venue(venue, answer)
    links = {source["source"]: source["url"] for source in sources}
    for claim in extract.records["claims"]:
        yield _claim(claim, links[claim["source"]])


def _entity(id: str, schema: str, **properties: Any) -> Entity:
    """Return an entity; a property is a text or texts, and those that are missing are left out."""
    found = {}
    for name, value in properties.items():
        values = value if isinstance(value, list | tuple) else [value]
        texts = list(dict.fromkeys(text for text in map(_clean, values) if text))
        if texts:
            found[name] = texts
    return {"id": id, "schema": schema, "properties": found}


def _clean(value: Any) -> str:
    """Return text as FollowTheMoney has it: no line breaks, one space between words."""
    return "" if value is None else " ".join(str(value).split())


def _id(kind: str, *parts: str) -> str:
    """Return an id of letters, digits and hyphens, which is all that FollowTheMoney takes."""
    digest = hashlib.sha1("\n".join(parts).encode(), usedforsecurity=False).hexdigest()
    return f"outposts-{kind}-{digest}"


def _note(about: Mapping[str, Any]) -> Entity:
    contact = str(about.get("contact", ""))
    return _entity(
        _id("about", *(str(about[key]) for key in ("data_hash", "on", "known"))),
        "Note",
        name=about["title"],
        summary=about.get("description"),
        description="; ".join(f"{key}: {value}" for key, value in about.items()),
        publisher=about.get("attribution"),
        publisherUrl=contact if contact.startswith(("http://", "https://")) else None,
        modifiedAt=about["known"],
    )


def _source(source: Mapping[str, Any]) -> Entity:
    return _entity(
        _id("source", source["source"]),
        "Article" if source["kind"] in ARTICLES else "Document",
        fileName=source["source"],
        title=source["title"],
        author=source["author"],
        publisher=source["publisher"],
        publishedAt=_date(source["published"] or ""),
        retrievedAt=source["accessed"],
        sourceUrl=[source["url"], source["archived"]],
        language=LANGUAGES.get(source["lang"]),
        keywords=source["kind"],
    )


def _organisations(extract: Extract) -> Iterator[Entity]:
    found = _line(extract)
    for id, body in found.items():
        yield _entity(
            _id("organisation", id),
            ORGANISATIONS.get(body.kind or "", "Organization"),
            **_names([name.name for name in body.names]),
            **_links(body),
            legalForm=body.kind,
            notes=body.notes,
        )
    for id, body in found.items():
        if body.parent is not None:
            yield _entity(
                _id("parent", body.parent, id),
                "UnknownLink",
                subject=_id("organisation", body.parent),
                object=_id("organisation", id),
                role="parent",
            )


def _line(extract: Extract) -> dict[str, Organisation]:
    """Return the organisations that run the venues, and those above them."""
    found: dict[str, Organisation] = {}
    waiting = sorted({id for venue in extract.venues for id, _ in venue.operators})
    while waiting:
        id = waiting.pop(0)
        if id not in found:
            found[id] = extract.registry.organisations[id]
            parent = found[id].parent
            waiting += [parent] if parent is not None else []
    return found


def _venue(venue: Venue, answer: Mapping[str, Any]) -> Iterator[Entity]:
    schema = VENUES.get(venue.kind, "LegalEntity")
    where = _entity(
        _id("address", venue.id),
        "Address",
        full=[address.text for address in venue.addresses] or venue.place,
        city=venue.place,
        country=venue.country.lower(),
        latitude=venue.lat,
        longitude=venue.lon,
        osmId=venue.see_also.osm if venue.see_also else None,
        remarks=_precision(answer),
    )
    status = f"{answer['status']} on {answer['on']}, as known on {answer['known']}"
    yield where
    yield _entity(
        venue_id(venue.id),
        schema,
        **_names([name.name for name in venue.names]),
        **({} if schema == "RealEstate" else {"status": status}),
        **_links(venue),
        country=venue.country.lower(),
        address=[address.text for address in venue.addresses],
        addressEntity=where["id"],
        keywords=[venue.kind, f"status: {answer['status']}"],
        summary=f"{status}: {answer['explanation']}",
        notes=venue.notes,
    )
    for operation in venue.operations:
        yield _entity(
            _id("operator", operation.organisation, venue.id),
            "UnknownLink",
            subject=_id("organisation", operation.organisation),
            object=venue_id(venue.id),
            role="operator",
            proof=_id("source", operation.source) if operation.source else None,
            summary=operation.note,
        )


def venue_id(id: str) -> str:
    """Return the id of a venue's entity."""
    return f"outposts-venue-{id}"


def _precision(answer: Mapping[str, Any]) -> str:
    if answer["lon"] is None:
        return "precision: country"
    radius = "" if answer["radius_m"] is None else f"; radius: {answer['radius_m']:g} m"
    town = ", the position is the town's" if answer["precision"] == "place" else ""
    return f"precision: {answer['precision']}{town}{radius}"


def _claim(claim: Mapping[str, Any], url: str | None) -> Entity:
    bounds = [claim["first_day"], claim["last_day"]]
    whole = "on every day" if claim["extent"] else "on some day"
    days = f"{whole} from {bounds[0] or 'an open beginning'} to {bounds[1] or 'an open end'}"
    weak = "weak evidence" if claim["weak"] else None
    group = "a sentence about several venues" if claim["group"] else None
    said = claim["stated"] and f"stated as: {claim['stated']}"
    parts = [f"EDTF: {claim['when']}", days, said, weak, group, claim["note"]]
    return _entity(
        _id("claim", claim["venue"], claim["claim"]),
        "Documentation",
        document=_id("source", claim["source"]),
        entity=venue_id(claim["venue"]),
        role=f"{claim['says']}, {claim['when']}",
        date=_date(claim["when"]),
        startDate=bounds[0] if claim["extent"] else None,
        endDate=bounds[1] if claim["extent"] else None,
        summary=[claim["quote"], claim["translation"]],
        description="; ".join(part for part in parts if part),
        recordId=claim["claim"],
        publisher=claim["source_label"],
        sourceUrl=url,
    )


def _date(edtf: str) -> str | None:
    """Return a date written as one day, month or year; nothing wider has a form in FollowTheMoney."""
    return edtf if _PLAIN.fullmatch(edtf) else None


def _names(names: Sequence[str]) -> dict[str, list[str]]:
    return {"name": list(names[:1]), "alias": list(names[1:])}


def _links(record: Venue | Organisation) -> dict[str, str]:
    link = record.see_also
    found = {}
    if link is not None and link.wikidata:
        found["wikidataId"] = link.wikidata
    if link is not None and link.opensanctions:
        found["sourceUrl"] = f"https://www.opensanctions.org/entities/{link.opensanctions}/"
    return found
