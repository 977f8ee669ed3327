"""Plain rows: a venue and its answer as the exports and the command line give them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outposts import dates
from outposts.rules import RULES, Rules
from outposts.status import Answer, Run
from outposts.venue import Venue

# The keys of one row of `outposts status --format json`, in their order.
STATUS = (
    "venue",
    "name",
    "kind",
    "country",
    "place",
    "lon",
    "lat",
    "precision",
    "radius_m",
    "on",
    "known",
    "status",
    "reason",
    "since",
    "last_seen_open",
    "changes_on",
    "single_source",
    "for",
    "against",
    "explanation",
)


def statuses(
    venues: Iterable[Venue], on: int, known: int, rules: Rules = RULES
) -> list[dict[str, Any]]:
    """Return one row a venue, sorted by id; days are ISO dates, absent values None."""
    return [
        {**place(venue), **_answer(venue.status(dates.iso(on), dates.iso(known), rules))}
        for venue in sorted(venues, key=lambda venue: venue.id)
    ]


def place(venue: Venue) -> dict[str, Any]:
    """Return what and where a venue is; ``lon`` and ``lat`` in degrees, EPSG:4326, or None."""
    return {
        "venue": venue.id,
        "name": venue.name,
        "kind": venue.kind,
        "country": venue.country,
        "place": venue.place,
        "lon": venue.lon,
        "lat": venue.lat,
        "precision": venue.precision,
        "radius_m": venue.radius_m,
    }


def run(run: Run) -> dict[str, Any]:
    """Return one run of a history; ``end`` is exclusive, None an open end."""
    return {
        "start": None if run.start is None else dates.iso(run.start),
        "end": None if run.end is None else dates.iso(run.end),
        "status": run.status,
        "reason": run.reason,
        "for": list(run.for_),
        "against": list(run.against),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    def day(value: int | None) -> str | None:
        return None if value is None else dates.iso(value)

    return {
        "on": dates.iso(answer.on),
        "known": dates.iso(answer.known),
        "status": answer.status,
        "reason": answer.reason,
        "since": day(answer.since),
        "last_seen_open": day(answer.last_seen_open),
        "changes_on": day(answer.changes_on),
        "single_source": answer.single_source,
        "for": list(answer.for_),
        "against": list(answer.against),
        "explanation": answer.explanation,
    }
