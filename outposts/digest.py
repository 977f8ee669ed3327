"""The evidence about some venues as plain data, and its hash: one number for one state of evidence.

A page, a brief and an export that rest on the same evidence carry the same hash; any program can
compute it from what a page holds (``docs/verify.md``). Days are integers since 1970-01-01,
windows inclusive, open ends None; ``lon`` and ``lat`` degrees in EPSG:4326.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isinf
from typing import Any

import rfc8785

from outposts.gazetteer import find
from outposts.models import Claim, Event, Source
from outposts.registry import Registry
from outposts.rules import RULES, VERSION, Rules
from outposts.venue import Venue

EVIDENCE = (
    "attribution", "claims", "events", "licence", "places", "registry", "rules", "sources", "venues",
)  # fmt: skip
"""The parts of a page's data that are evidence; all else of it follows from them."""

SHORT = len("sha256:") + 16
"""As many signs of a hash are shown to people; 64 bits tell any two states of a registry apart."""

DERIVED = {"venues": ("answers", "histories"), "places": ("names",)}
"""What the parts hold on a page besides: conclusions, and names in the languages it offers."""


def digest(
    registry: Registry, venues: Sequence[Venue], known: int | None = None, rules: Rules = RULES
) -> str:
    """Return ``sha256:`` and 64 hexadecimal digits: the hash of `evidence`.

    The order of venues, claims and files makes no difference. With ``known``, what was learned after
    that day makes none either.
    """
    return digest_of(evidence(registry, venues, known, rules))


def digest_of(data: Mapping[str, Any]) -> str:
    """Return that hash from the data of a page, or from `evidence` itself.

    It is SHA-256 over the parts `EVIDENCE` without what is `DERIVED`, in the canonical JSON of RFC 8785.
    Raises KeyError where a part is missing.
    """
    parts = {name: data[name] for name in EVIDENCE}
    for name, derived in DERIVED.items():
        parts[name] = [
            {key: value for key, value in item.items() if key not in derived}
            for item in parts[name]
        ]
    parts["venues"].sort(key=lambda venue: venue["id"])
    return sha256(rfc8785.dumps(parts))


def sha256(content: bytes) -> str:
    """Return ``sha256:`` and the 64 hexadecimal digits of some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def evidence(
    registry: Registry, venues: Sequence[Venue], known: int | None = None, rules: Rules = RULES
) -> dict[str, Any]:
    """Return all that is told about ``venues``, as JSON has it; with ``known``, as known on that day.

    Lists refer to each other by index: a claim to its source, a venue to its claims and its town.
    Claims, sources, towns and events are sorted; venues stand in the order given.
    """
    told = {c.id: c for venue in venues for c in venue.claims if _is_known(c, known)}
    claims = sorted(told.items())
    events = [
        event
        for event in sorted(registry.events, key=_event_order)
        if known is None or not event.source or registry.sources[event.source].known <= known
    ]
    used = {claim.source_id for _, claim in claims}
    used |= {event.source for event in events if event.source}
    sources = {id: index for index, id in enumerate(sorted(used))}
    towns = sorted({(venue.country, venue.place) for venue in venues if venue.place})
    claim_index = {id: index for index, (id, _) in enumerate(claims)}
    town_index = {town: index for index, town in enumerate(towns)}
    return {
        "rules": {"version": VERSION, **asdict(rules)},
        "registry": {
            "title": registry.card.title,
            "version": registry.card.version,
            "url": registry.card.contact,
        },
        "licence": registry.card.licence,
        "attribution": registry.card.attribution,
        "places": [_place(country, name) for country, name in towns],
        "sources": [_source(id, registry.sources[id]) for id in sources],
        "claims": [_claim(claim, sources, known) for _, claim in claims],
        "events": [_event(event, sources) for event in events],
        "venues": [_venue(venue, registry, town_index, claim_index) for venue in venues],
    }


def _is_known(claim: Claim, known: int | None) -> bool:
    if known is None:
        return True
    return claim.known <= known and (claim.hidden is None or known < claim.hidden)


def _venue(
    venue: Venue, registry: Registry, towns: dict[tuple[str, str], int], claims: dict[str, int]
) -> dict[str, Any]:
    whole = registry.whole or registry  # a relation may lead out of a part
    return {
        "id": venue.id,
        "name": venue.name,
        "names": [{"name": name.name, "lang": name.lang} for name in venue.names],
        "kind": venue.kind,
        "country": venue.country,
        "place": towns[venue.country, venue.place] if venue.place else None,
        "lon": venue.lon,
        "lat": venue.lat,
        "precision": venue.precision,
        "radius_m": venue.radius_m,
        "address": [address.text for address in venue.addresses],
        "operators": [body.name for _, body in venue.operators],
        "relations": [
            {"kind": kind, "venue": other, "name": whole[other].name}
            for kind, other in venue.relations
        ],
        "notes": venue.notes,
        "see_also": venue.see_also.model_dump(exclude_none=True) if venue.see_also else {},
        "claims": [claims[claim.id] for claim in venue.claims if claim.id in claims],
    }


def _claim(claim: Claim, sources: dict[str, int], known: int | None) -> dict[str, Any]:
    retracted = claim.retracted if known is None else None
    return {
        "id": claim.id,
        "says": claim.says,
        "first": _finite(claim.window.first),
        "last": _finite(claim.window.last),
        "extent": claim.when.extent,
        "when": claim.when.form,
        "known": claim.known,
        "source": sources[claim.source_id],
        "quote": claim.quote,
        "lang": claim.lang,
        "translation": claim.translation,
        "stated": claim.stated,
        "weak": claim.weak,
        "group": claim.group,
        "note": claim.note,
        "retracted": {"on": retracted.on, "why": retracted.why} if retracted else None,
    }


def _source(id: str, source: Source) -> dict[str, Any]:
    return {
        "id": id,
        "title": source.title,
        "author": source.author,
        "publisher": source.publisher,
        "on": source.published.form if source.published else None,
        "read": source.accessed,
        "url": source.url,
        "archived": source.archived,
        "lang": source.lang,
        "kind": source.kind,
        "reliability": source.reliability,
    }


def _event(event: Event, sources: dict[str, int]) -> dict[str, Any]:
    return {
        "id": event.id,
        "first": _finite(event.on.window.first),
        "last": _finite(event.on.window.last),
        "on": event.on.form,
        "label": event.label,
        "text": event.text,
        "kind": event.kind,
        "source": sources[event.source] if event.source else None,
        "quote": event.quote,
    }


def _event_order(event: Event) -> tuple[float, float, str]:
    return (event.on.window.first, event.on.window.last, event.id)


def _place(country: str, name: str) -> dict[str, Any]:
    place = find(name, country)
    return {
        "name": name,
        "country": country,
        "lon": place.lon,
        "lat": place.lat,
        "radius_m": place.radius_m,
    }


def _finite(day: float) -> int | None:
    return None if isinf(day) else int(day)
