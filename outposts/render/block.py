"""Venues with all that the page shows of them, as one JSON-ready block.

Everything is worked out here: the page looks days up, it parses no date and weighs nothing.
Days are integers since 1970-01-01, windows inclusive, open ends None.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache
from math import isinf
from typing import Any

from outposts.basemap import country_names
from outposts.coverage import coverage
from outposts.gazetteer import country_names_in, find, town_names
from outposts.models import Claim, Event, Source
from outposts.registry import Registry
from outposts.render.verbatim import plain_json
from outposts.rules import REASONS, STATUSES, VERSION, Rules
from outposts.sentences import sentence
from outposts.status import Stretch, stretches
from outposts.venue import Venue


def block(
    registry: Registry,
    venues: Sequence[Venue],
    known: int,
    rules: Rules,
    langs: Sequence[str] = ("en",),
) -> dict[str, Any]:
    """Return the data of a page about ``venues``; its titles and days come from the map.

    Names of countries and towns are there in ``langs``, dates and sentences as forms that the
    page words.
    """
    claims = sorted({c.id: c for venue in venues for c in venue.claims}.items())
    claim_index = {id: index for index, (id, _) in enumerate(claims)}
    used = {claim.source_id for _, claim in claims}
    used |= {event.source for event in registry.events if event.source}
    sources = {id: index for index, id in enumerate(sorted(used))}
    towns = sorted({(v.country, v.place) for v in venues if v.place})
    places = {town: index for index, town in enumerate(towns)}
    countries = sorted({venue.country for venue in venues})
    names = country_names()
    found = {
        "statuses": list(STATUSES),
        "reasons": list(REASONS),
        "rules": {"version": VERSION, **asdict(rules)},
        "registry": {
            "title": registry.card.title,
            "version": registry.card.version,
            "url": registry.card.contact,
        },
        "licence": registry.card.licence,
        "attribution": registry.card.attribution,
        "countries": {code: names.get(code, code) for code in countries},
        "countryNames": {lang: country_names_in(lang, countries) for lang in langs if lang != "en"},
        "places": [_place(country, name, langs) for country, name in towns],
        "sources": [_source(id, registry.sources[id]) for id in sources],
        "claims": [_claim(claim, sources) for _, claim in claims],
        "events": [_event(e, sources) for e in sorted(registry.events, key=_event_order)],
        "coverage": [
            {"country": row.count.country, "sentence": row.sentence}
            for row in coverage(registry, known, rules)
            if row.count.country in countries
        ],
        "venues": [_venue(venue, registry, places, claim_index, rules) for venue in venues],
    }
    return {**found, "hash": hashlib.sha256(plain_json(found).encode()).hexdigest()[:16]}


def _venue(
    venue: Venue,
    registry: Registry,
    places: dict[tuple[str, str], int],
    claims: dict[str, int],
    rules: Rules,
) -> dict[str, Any]:
    answers: dict[tuple[Any, ...], int] = {}
    histories: list[list[Any]] = []
    for clock, told in _told(venue.claims, rules):
        flat = _flat(told, venue.claims, claims, answers)
        if not histories or histories[-1][1] != flat:
            histories.append([clock, flat])
    return {
        "id": venue.id,
        "name": venue.name,
        "names": [{"name": name.name, "lang": name.lang} for name in venue.names],
        "kind": venue.kind,
        "country": venue.country,
        "place": places[venue.country, venue.place] if venue.place else None,
        "lon": venue.lon,
        "lat": venue.lat,
        "precision": venue.precision,
        "radius_m": venue.radius_m,
        "address": [address.text for address in venue.addresses],
        "operators": [body.name for _, body in venue.operators],
        "relations": [
            {"kind": kind, "venue": other, "name": registry[other].name}
            for kind, other in venue.relations
        ],
        "notes": venue.notes,
        "see_also": venue.see_also.model_dump(exclude_none=True) if venue.see_also else {},
        "claims": [claims[claim.id] for claim in venue.claims],
        "answers": [list(answer) for answer in answers],
        "histories": histories,
    }


@lru_cache(maxsize=1024)  # a venue is on several maps
def _told(
    claims: tuple[Claim, ...], rules: Rules
) -> tuple[tuple[int | None, tuple[Stretch, ...]], ...]:
    """Return what there was to tell from each day on which that changed; None is before all."""
    first = min((claim.known for claim in claims), default=0) - 1
    return tuple(
        (clock, tuple(stretches(claims, first if clock is None else clock, rules)))
        for clock in _clocks(claims)
    )


def _clocks(claims: Sequence[Claim]) -> list[int | None]:
    """Return None and the days on which what is known about a venue changed."""
    days = {c.known for c in claims} | {c.hidden for c in claims if c.hidden is not None}
    return [None, *sorted(days)]


def _flat(
    told: Iterable[Stretch],
    own: Sequence[Claim],
    claims: dict[str, int],
    answers: dict[tuple[Any, ...], int],
) -> list[int | None]:
    """Return first day, answer, first day, answer ...; ``answers`` takes in the new ones."""
    flat: list[int | None] = []
    by_id = {claim.id: claim for claim in own}
    for stretch in told:
        answer = (
            STATUSES.index(stretch.status),
            REASONS.index(stretch.reason),
            tuple(claims[id] for id in stretch.for_),
            tuple(claims[id] for id in stretch.against),
            _sentence(stretch, by_id, claims),
            stretch.seen_until,
            int(stretch.single_source),
        )
        flat += [stretch.start, answers.setdefault(answer, len(answers))]
    return flat


def _sentence(
    stretch: Stretch, own: dict[str, Claim], claims: dict[str, int]
) -> tuple[str | tuple[str | int, ...], ...]:
    """Return the key of a sentence, then for each place in it the clause and the claims."""
    key, told = sentence(
        stretch.reason, [own[id] for id in stretch.for_], [own[id] for id in stretch.against]
    )
    return (key, *((slot.clause, *(claims[c.id] for c in slot.claims)) for slot in told))


def _claim(claim: Claim, sources: dict[str, int]) -> dict[str, Any]:
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
        "retracted": {"on": claim.retracted.on, "why": claim.retracted.why}
        if claim.retracted
        else None,
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


def _place(country: str, name: str, langs: Sequence[str]) -> dict[str, Any]:
    place = find(name, country)
    own = town_names(name, country)
    return {
        "name": name,
        "names": {lang: own[lang] for lang in langs if lang in own},
        "country": country,
        "lon": place.lon,
        "lat": place.lat,
        "radius_m": place.radius_m,
    }


def _finite(day: float) -> int | None:
    return None if isinf(day) else int(day)
