"""JSON-LD in the words of schema.org: a Dataset, its Places, the Claims about them and where they were made.

The context is given inline, so that a processor needs no network. A place has coordinates only where they
are those of its building; else it is somewhere in a ``GeoCircle`` (``geoRadius`` in metres). A claim's ``temporal`` is its
EDTF text, its ``temporalCoverage`` the days that it can mean, both ends included. The Dataset's
``contentReferenceTime`` is the day asked about, its ``dateModified`` the day whose knowledge counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from outposts.export.extract import Extract
from outposts.export.linkedplaces import WIKIDATA, iri
from outposts.venue import Venue

ADDRESSES = ("license", "url", "sameAs", "archivedAt")  # their values are web addresses, not texts
CONTEXT = {"@vocab": "https://schema.org/", **{name: {"@type": "@id"} for name in ADDRESSES}}
PLACES = {
    "restaurant": "Restaurant",
    "museum": "Museum",
    "company": "LocalBusiness",
    "office": "LocalBusiness",
    "market": "LocalBusiness",
    "hotel": "Hotel",
    "clinic": "MedicalClinic",
    "embassy": "Embassy",
    "monument": "LandmarksOrHistoricalBuildings",
}
WORKS = {
    "news": "NewsArticle",
    "un-report": "Report",
    "official": "Report",
    "blog": "BlogPosting",
    "social": "SocialMediaPosting",
    "photo": "Photograph",
}
METRES = {"unitCode": "MTR"}
Row = Mapping[str, Any]
# What would end a script element, or a line of JavaScript, inside a page.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def write(extract: Extract, path: Path) -> None:
    """Write the document as JSON that may stand in a ``<script type="application/ld+json">`` as it is."""
    found = document(extract)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"@context":{embeddable(found["@context"])},"@graph":[')
        for number, node in enumerate(found["@graph"]):  # one by one: the whole text would be large
            file.write((",\n" if number else "\n") + embeddable(node))
        file.write("\n]}\n")


def embeddable(found: Any) -> str:
    """Return JSON in which no ``<``, ``>`` or ``&`` stands, so that nothing in it is markup to a page."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES)


def document(extract: Extract) -> dict[str, Any]:
    """Return the document: a context, and a graph of the Dataset, Places, Claims and cited works."""
    sources, claims = extract.records["sources"], extract.records["claims"]
    works = {source["source"]: _work(source) for source in sources}
    places = [
        _place(venue, answer)
        for venue, answer in zip(extract.venues, extract.records["on"], strict=True)
    ]
    dataset = _dataset(extract, claims, works.values())
    told = _claims(claims, works)
    return {"@context": CONTEXT, "@graph": [dataset, *places, *told, *works.values()]}


def _dataset(extract: Extract, claims: Sequence[Row], works: Iterable[Row]) -> dict[str, Any]:
    about = extract.about
    contact = str(about.get("contact", ""))
    constants = ", ".join(
        f"{key.removeprefix('rules_')} {value}" for key, value in about.items() if key.startswith("rules_")
    )  # fmt: skip
    found = {
        "@type": "Dataset",
        "@id": f"urn:outposts:dataset:{about['on']}:{about['known']}:{about['data_hash']}",
        "name": about["title"],
        "description": about.get("description"),
        "license": about.get("licence_url"),
        "usageInfo": None if "licence_url" in about else about.get("licence"),
        "creator": _named("Organization", about.get("attribution")),
        "creditText": about.get("credits"),
        "version": about.get("data_version"),
        "identifier": about["data_hash"],
        "url": contact if contact.startswith(("http://", "https://")) else None,
        "contentReferenceTime": about["on"],
        "dateModified": about["known"],
        "measurementTechnique": (
            f"Outposts status rules, version {about['rules']}, constants in days: {constants}; "
            f"status on {about['on']} as known on {about['known']}; made by {about['made_by']}"
        ),
        "temporalCoverage": _coverage(claims),
        "spatialCoverage": _where(extract),
        "variableMeasured": [
            _value("status", extract.on["status"].value_counts().sort_index().to_dict()),
            _value("venues", len(extract.venues)),
            _value("claims", len({claim["claim"] for claim in claims})),
        ],
        "isBasedOn": [{"@id": work["@id"]} for work in works],
        "about": [{"@id": iri(venue.id)} for venue in extract.venues],
    }
    return _filled(found)


def _coverage(claims: Sequence[Row]) -> str | None:
    """Return the days from the first to the last that a claim names."""
    days = [day for claim in claims for day in (claim["first_day"], claim["last_day"]) if day]
    return f"{min(days)}/{max(days)}" if days else None


def _where(extract: Extract) -> list[dict[str, Any]]:
    """Return the countries, and the box around the venues: south, west, north, east."""
    found: list[dict[str, Any]] = [
        _named("Country", code) for code in sorted({venue.country for venue in extract.venues})
    ]
    placed = [(v.lon, v.lat) for v in extract.venues if v.lon is not None and v.lat is not None]
    if placed:
        lons, lats = zip(*placed, strict=True)
        box = f"{min(lats)} {min(lons)} {max(lats)} {max(lons)}"
        found.append({"@type": "Place", "geo": {"@type": "GeoShape", "box": box}})
    return found


def _place(venue: Venue, answer: Row) -> dict[str, Any]:
    links = venue.see_also
    same = [
        f"{at}{id}"
        for at, id in (
            (WIKIDATA, links and links.wikidata),
            ("https://www.openstreetmap.org/", links and links.osm),
            ("https://www.opensanctions.org/entities/", links and links.opensanctions),
        )
        if id
    ]
    address = {
        "@type": "PostalAddress",
        "addressCountry": venue.country,
        "addressLocality": venue.place,
        "streetAddress": [address.text for address in venue.addresses],
    }
    told = ("status", "reason", "on", "known", "since", "last_seen_open", "changes_on", "single_source", "precision")  # fmt: skip
    found = {
        "@type": PLACES.get(venue.kind, "Place"),
        "@id": iri(venue.id),
        "identifier": venue.id,
        "name": venue.name,
        "alternateName": [name.name for name in venue.names[1:]],
        "address": _filled(address),
        "geo": _geo(venue),
        "description": answer["explanation"],
        "sameAs": same,
        "additionalProperty": [
            *(_value(name, answer[name]) for name in told if answer[name] is not None),
            *([_value("radius", venue.radius_m) | METRES] if venue.radius_m is not None else []),
            *(_value("operator", body.name) for _, body in venue.operators),
        ],
    }
    return _filled(found)


def _geo(venue: Venue) -> dict[str, Any] | None:
    if venue.lon is None or venue.lat is None:
        return None
    point = {"@type": "GeoCoordinates", "longitude": venue.lon, "latitude": venue.lat}
    if venue.precision == "building":
        return point
    return _filled({"@type": "GeoCircle", "geoMidpoint": point, "geoRadius": venue.radius_m})


def _claims(claims: Sequence[Row], works: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Return a node a claim; one about many venues is about them all."""
    found: dict[str, dict[str, Any]] = {}
    for claim in claims:
        place = {"@id": iri(claim["venue"])}
        if claim["claim"] in found:
            found[claim["claim"]]["about"].append(place)
            continue
        work = works[claim["source"]]
        found[claim["claim"]] = _filled(
            {
                "@type": "Claim",
                "@id": iri(claim["claim"]),
                "name": f"{claim['says']}, {claim['when']}",
                "about": [place],
                "text": claim["quote"],
                "inLanguage": claim["lang"] if claim["quote"] else None,
                "abstract": claim["translation"],
                "temporal": claim["when"],
                "temporalCoverage": f"{claim['first_day'] or '..'}/{claim['last_day'] or '..'}",
                "appearance": {"@id": work["@id"]},
                "datePublished": claim["known"],
                "creditText": claim["source_label"],
                "comment": _comment(claim["note"]),
            }
        )
    return list(found.values())


def _comment(note: str | None) -> dict[str, Any] | None:
    return {"@type": "Comment", "text": note} if note else None


def _work(source: Row) -> dict[str, Any]:
    found = {
        "@type": WORKS.get(source["kind"], "CreativeWork"),
        "@id": f"urn:outposts:source:{source['source']}",
        "name": source["title"],
        "publisher": _named("Organization", source["publisher"]),
        "creditText": source["author"],
        "datePublished": source["published"],
        "inLanguage": source["lang"],
        "url": source["url"],
        "archivedAt": source["archived"],
    }
    return _filled(found)


def _named(kind: str, name: Any) -> Any:
    return {"@type": kind, "name": name} if name else None


def _value(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        value = ", ".join(f"{count} {key}" for key, count in value.items())
    return {"@type": "PropertyValue", "name": name, "value": value}


def _filled(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is not missing."""
    return {key: value for key, value in found.items() if value is not None and value != []}
