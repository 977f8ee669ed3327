"""Linked Places Format 1.2: GeoJSON and JSON-LD at once, as the World Historical Gazetteer and Pelagios read it.

``when`` holds the days on which a venue was open as far as is known: *seen open* is certain, open between two
sightings or presumed so less-certain, *disputed* uncertain; both ends of a timespan are included. A point is certain if it is
that of the building, uncertain if it is the town's; ``precision`` and ``radius_m`` (metres) stand beside it. It is a
Point and not a collection of one, which RFC 7946 advises against; a venue known only by country has no geometry. The format has no place for a dated claim: every one is in
``properties.claims``, with its EDTF text and its bounds, and its quote in ``descriptions``.

Source: Linked Places Format 1.2.2, https://github.com/LinkedPasts/linked-places-format.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from outposts.export.extract import Extract
from outposts.venue import Venue

CONTEXT = "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
SITE = "S"  # the GeoNames class of buildings and other sites
WIKIDATA = "http://www.wikidata.org/entity/"
TYPES = {
    "restaurant": "Q11707",
    "museum": "Q33506",
    "company": "Q783794",
    "office": "Q182060",
    "market": "Q330284",
    "hotel": "Q27686",
    "clinic": "Q1774898",
    "embassy": "Q3917681",
    "monument": "Q4989906",
}
OPEN = {"open": "less-certain", "presumed-open": "less-certain", "disputed": "uncertain"}
EXACT = {"building": "certain", "street": "less-certain", "district": "less-certain", "place": "uncertain"}  # fmt: skip
PLACED = ("precision", "radius_m")
Row = Mapping[str, Any]


def write(extract: Extract, path: Path) -> None:
    """Write a feature collection with a feature a venue."""
    about = extract.about
    head = {
        "type": "FeatureCollection",
        "@context": CONTEXT,
        "title": about["title"],
        "license": about.get("licence_url") or about.get("licence"),
        "about": about,
    }
    head = {key: value for key, value in head.items() if value is not None}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_json(head)[:-1] + ',"features":[')
        for number, feature in enumerate(features(extract)):
            file.write((",\n" if number else "\n") + _json(feature))
        file.write("\n]}\n")


def iri(id: str) -> str:
    """Return the name of a venue or a claim in the world: a venue's id as a URN, a claim's as its fragment."""
    return f"urn:outposts:{quote(id, safe='#')}"


def features(extract: Extract) -> Iterator[dict[str, Any]]:
    """Yield the venues' features, sorted by id."""
    sources = {row["source"]: row for row in extract.records["sources"]}
    runs, claims, names = (
        _by_venue(extract.records[table]) for table in ("runs", "claims", "names")
    )
    for venue, answer in zip(extract.venues, extract.records["on"], strict=True):
        own = claims.get(venue.id, [])
        when = _when(runs.get(venue.id, []), answer["known"])
        yield {
            "@id": iri(venue.id),
            "type": "Feature",
            "properties": _properties(venue, answer, own),
            **({"when": when} if when else {}),
            "names": [_name(name, sources) for name in names[venue.id]],
            "types": _types(venue.kind, when),
            "geometry": _geometry(venue, answer),
            "relations": [_relation(kind, other) for kind, other in venue.relations],
            "descriptions": _descriptions(venue.id, answer, own, sources),
            "links": _links(venue, own, sources),
        }


def _by_venue(rows: Iterable[Row]) -> dict[str, list[Row]]:
    return {id: list(group) for id, group in groupby(rows, key=lambda row: row["venue"])}


def _properties(venue: Venue, answer: Row, claims: list[Row]) -> dict[str, Any]:
    left = ("lon", "lat", "name", "country")
    return {
        "title": venue.name,
        "ccodes": [venue.country],
        "fclasses": [SITE],
        **{key: value for key, value in answer.items() if key not in left},
        "addresses": [address.text for address in venue.addresses],
        "operators": [body.name for _, body in venue.operators],
        "claims": [{key: value for key, value in row.items() if key != "venue"} for row in claims],
    }


def _when(runs: list[Row], known: str) -> dict[str, Any]:
    spans = [
        {
            "start": {"in": run["start"]},
            "end": {"in": _day_before(run["end"])},
            "certainty": "certain" if run["reason"] == "seen-open" else OPEN[run["status"]],
        }
        for run in runs
        if run["status"] in OPEN and run["start"] and run["end"]
    ]
    if not spans:
        return {}
    return {"timespans": spans, "label": f"days on which it was open, as known on {known}"}


def _day_before(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def _name(name: Row, sources: Mapping[str, Row]) -> dict[str, Any]:
    found = {"toponym": name["name"]}
    if name["lang"] is not None:
        found["lang"] = name["lang"]
    if name["source"] is not None:
        found["citations"] = [_citation(sources[name["source"]])]
    return found


def _citation(source: Row) -> dict[str, Any]:
    label = ", ".join(filter(None, (source["publisher"], source["title"], source["published"])))
    found: dict[str, Any] = {"label": label, "@id": _source_iri(source)}
    if source["published_last"] is not None:
        found["year"] = int(source["published_last"][:4])
    return found


def _source_iri(source: Row) -> str:
    return str(source["url"] or f"urn:outposts:source:{source['source']}")


def _types(kind: str, when: dict[str, Any]) -> list[dict[str, Any]]:
    if kind not in TYPES:
        return []
    found = {"identifier": f"{WIKIDATA}{TYPES[kind]}", "label": kind}
    return [{**found, "when": when} if when else found]


def _geometry(venue: Venue, answer: Row) -> dict[str, Any] | None:
    if venue.lon is None or venue.lat is None:
        return None
    point = {
        "type": "Point",
        "coordinates": [venue.lon, venue.lat],
        "certainty": EXACT[venue.precision],
    }
    return {**point, **{key: answer[key] for key in PLACED}}


def _relation(kind: str, other: str) -> dict[str, Any]:
    return {
        "relationType": "gvp:tgn3000_related_to",
        "relationTo": iri(other),
        "label": kind.replace("_", " "),
    }


def _descriptions(id: str, answer: Row, claims: list[Row], sources: Mapping[str, Row]) -> list[dict[str, Any]]:  # fmt: skip
    found = [{"@id": f"{iri(id)}#answer", "value": answer["explanation"], "lang": "en"}]
    for claim in claims:
        if claim["quote"]:
            said = {"value": claim["quote"], "lang": claim["lang"]}
            found.append({"@id": _source_iri(sources[claim["source"]]), **said})
    return found


def _links(venue: Venue, claims: list[Row], sources: Mapping[str, Row]) -> list[dict[str, str]]:
    found = []
    if venue.see_also is not None:
        for at, id in (
            (WIKIDATA, venue.see_also.wikidata),
            ("https://www.openstreetmap.org/", venue.see_also.osm),
            ("https://www.opensanctions.org/entities/", venue.see_also.opensanctions),
        ):
            found += [{"type": "closeMatch", "identifier": f"{at}{id}"}] if id else []
    told = dict.fromkeys(sources[claim["source"]]["url"] for claim in claims)
    return [*found, *({"type": "subjectOf", "identifier": url} for url in told if url)]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
