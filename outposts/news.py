"""What became known, day by day, and what it made of a venue's status: the registry's own history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from outposts import dates, status
from outposts.models import Claim
from outposts.registry import Registry
from outposts.rules import RULES, Rules, Status
from outposts.venue import Venue


@dataclass(frozen=True, slots=True)
class News:
    """What changed about a venue on a ``day``, either because something became known or because days passed.

    ``old`` and ``new`` are the statuses *on that day* without and with what became known on it: they
    may be the same. ``told`` and ``retracted`` are the claims that became known, or were withdrawn,
    on that day. Where both are empty only time did it: the status of the day before is ``old``.
    """

    day: int
    venue: Venue
    old: Status
    new: Status
    told: tuple[Claim, ...] = ()
    retracted: tuple[Claim, ...] = ()


def news(
    registry: Registry, until: Any = None, since: Any = None, rules: Rules = RULES
) -> list[News]:
    """Return all news from ``since`` to ``until``, both included, by day and venue.

    Left out, ``until`` is today and ``since`` the beginning. Of one venue, the news in their order
    lead from one status to the next; the last is the status on the day ``until`` as known on it.

    Examples
    --------
    >>> import outposts
    >>> from outposts.news import news
    >>> found = news(outposts.load(), until="2020-06-02")
    >>> [(n.old, n.new) for n in found if n.venue.id == "vn-hanoi-koryo"][-1]
    ('presumed-open', 'disputed')
    """
    last = dates.today() if until is None else dates.day(until)
    first = None if since is None else dates.day(since)
    found = [item for venue in registry.values() for item in _of(venue, last, rules)]
    wanted = [item for item in found if first is None or item.day >= first]
    return sorted(
        wanted, key=lambda item: (item.day, item.venue.id, bool(item.told or item.retracted))
    )


def _of(venue: Venue, last: int, rules: Rules) -> Iterator[News]:
    """Yield the news of one venue up to a day, in their order."""
    claims = venue.claims
    days = {claim.known for claim in claims} | {c.hidden for c in claims if c.hidden is not None}
    known = sorted(day for day in days if day <= last)
    for day, following in zip(known, [*known, last][1:], strict=True):
        told = tuple(claim for claim in claims if claim.known == day)
        retracted = tuple(c for c in claims if c.hidden == day and c.known < day)
        old = status.on_day(claims, day, day - 1, rules)
        new = status.on_day(claims, day, day, rules)
        yield News(day, venue, old, new, told, retracted)
        for run in status.history(claims, day, rules):
            if run.start is not None and day < run.start <= following:
                if run.status != new:
                    yield News(run.start, venue, new, run.status)
                new = run.status
