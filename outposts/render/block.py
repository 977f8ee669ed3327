"""Venues with all that the page shows of them, as one JSON-ready block.

Everything is worked out here: the page looks days up, it parses no date and weighs nothing.
Days are integers since 1970-01-01, windows inclusive, open ends None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from outposts.basemap import country_names
from outposts.coverage import coverage
from outposts.digest import evidence
from outposts.gazetteer import country_names_in, town_names
from outposts.models import Claim
from outposts.registry import Registry
from outposts.rules import REASONS, STATUSES, Rules
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
    told = evidence(registry, venues, rules=rules)
    index = {claim["id"]: number for number, claim in enumerate(told["claims"])}
    countries = sorted({venue.country for venue in venues})
    names = country_names()
    return {
        **told,
        "statuses": list(STATUSES),
        "reasons": list(REASONS),
        "countries": {code: names.get(code, code) for code in countries},
        "countryNames": {lang: country_names_in(lang, countries) for lang in langs if lang != "en"},
        "places": [{**place, "names": _town_names(place, langs)} for place in told["places"]],
        "coverage": [
            {"country": row.count.country, "sentence": row.sentence}
            for row in coverage(registry, known, rules)
            if row.count.country in countries
        ],
        "venues": [
            {**one, **_answers(venue.claims, index, rules)}
            for one, venue in zip(told["venues"], venues, strict=True)
        ],
    }


def _answers(claims: tuple[Claim, ...], index: dict[str, int], rules: Rules) -> dict[str, Any]:
    """Return the different answers that a venue's claims give, and its histories, which point to them."""
    answers: dict[tuple[Any, ...], int] = {}
    histories: list[list[Any]] = []
    for clock, told in _told(claims, rules):
        flat = _flat(told, claims, index, answers)
        if not histories or histories[-1][1] != flat:
            histories.append([clock, flat])
    return {"answers": [list(answer) for answer in answers], "histories": histories}


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


def _town_names(place: dict[str, Any], langs: Sequence[str]) -> dict[str, str]:
    own = town_names(place["name"], place["country"])
    return {lang: own[lang] for lang in langs if lang in own}
