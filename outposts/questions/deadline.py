"""Who was open after a deadline, and on whose word."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from outposts import dates, rows
from outposts.coverage import COUNTED
from outposts.errors import DateError, UnknownName
from outposts.filters import within
from outposts.models import Claim
from outposts.nearest import did_you_mean
from outposts.questions.table import (
    DAY,
    FLAG,
    IDS,
    TEXT,
    chosen,
    day_or_today,
    sources_of,
    venues_table,
)
from outposts.rules import RULES, Rules
from outposts.status import history, on_day

if TYPE_CHECKING:
    from outposts.models import Event
    from outposts.registry import Registry

OPEN = COUNTED["open"]
"""The statuses of a venue that some source says was open."""

COLUMNS = {
    "deadline": DAY,
    "status": TEXT,
    "first_day": DAY,
    "last_day": DAY,
    "statuses": IDS,
    "seen": FLAG,
    "seen_by": IDS,
    "for": IDS,
    "against": IDS,
    "sources": IDS,
}


def open_after(
    registry: Registry,
    deadline: Any,
    until: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    **wanted: Any,
) -> gpd.GeoDataFrame:
    """Return the venues that were open, presumed open or disputed after a deadline.

    A venue is there if it had one of these statuses on some day after ``deadline``, that day itself
    not included, up to ``until``. A status goes on for a while after the last sighting, so ``seen``
    tells apart who was seen open after the deadline and who is only held to have been.

    Parameters
    ----------
    registry
        Where to look.
    deadline
        A day, or the id of one of the registry's events (its last day).
    until
        The last day that counts, included: that of ``known`` if left out, but never before the first
        day after the deadline.
    known, rules, **wanted
        As in `Registry.on`; a wanted status is that of the first day after the deadline.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a venue, by id, with the columns of `outposts.questions.table.VENUE` and

        ``deadline``
            The day itself.
        ``status``
            On the first day after it; any status.
        ``first_day``, ``last_day``
            The first and the last day, both included, of the period with one of the three statuses.
        ``statuses``
            Which of the three it had, in their order.
        ``seen``, ``seen_by``
            Whether a sighting lies surely after the deadline, and begins by ``until``; and the ids of such
            claims. One on some day of a month that the deadline lies in is none.
        ``for``, ``against``
            The claims that these statuses rest on, and those against them.
        ``sources``
            Ids of the sources of ``seen_by``, or where there are none, of ``for``.

    Raises
    ------
    UnknownName
        If no event has that id.
    DateError
        If ``until`` is not after the deadline.

    Examples
    --------
    >>> import outposts
    >>> found = open_after(outposts.load(), "2019-12-22", until="2020-07-01", country="VN")
    >>> found.loc["vn-hanoi-koryo", "status"], bool(found.loc["vn-hanoi-koryo", "seen"])
    ('open', True)
    """
    day, _ = deadline_of(registry, deadline)
    clock = day_or_today(known)
    last = max(clock, day + 1) if until is None else dates.day(until)
    if last <= day:
        raise DateError(
            f"until {dates.iso(last)} is not after the deadline, {dates.iso(day)}; "
            f"the first day that it can be is {dates.iso(day + 1)}"
        )
    found = []
    for venue in chosen(registry, day + 1, clock, rules, wanted):
        runs = within(history(venue.claims, clock, rules), day + 1, last)
        runs = [run for run in runs if run.status in OPEN]
        if not runs:
            continue
        for_ = list(dict.fromkeys(id for run in runs for id in run.for_))
        against = list(dict.fromkeys(id for run in runs for id in run.against))
        seen_by = [c.id for c in venue.claims if c.id in for_ and _between(c, day, last)]
        first, end = runs[0].start, runs[-1].end
        found.append(
            {
                **rows.place(venue),
                "deadline": day,
                "status": on_day(venue.claims, day + 1, clock, rules),
                "first_day": day + 1 if first is None else max(day + 1, first),
                "last_day": last if end is None else min(last, end - 1),
                "statuses": list(dict.fromkeys(run.status for run in runs)),
                "seen": bool(seen_by),
                "seen_by": seen_by,
                "for": for_,
                "against": against,
                "sources": sources_of(venue, seen_by or for_),
            }
        )
    return venues_table(found, COLUMNS)


def deadline_of(registry: Registry, deadline: Any) -> tuple[int, Event | None]:
    """Return the day that a deadline names, and the registry's event of that day if there is one."""
    ends = {event.id: event for event in registry.events if not isinf(event.on.window.last)}
    if isinstance(deadline, str) and deadline in ends:
        return int(ends[deadline].on.window.last), ends[deadline]
    try:
        day = dates.day(deadline)
    except DateError:
        if not isinstance(deadline, str) or deadline[:1].isdigit():
            raise
        named = [event.id for event in registry.events if event.kind == "deadline"]
        hint = did_you_mean(deadline, ends) or f"; deadlines are {', '.join(named) or 'not there'}"
        raise UnknownName(f"{deadline!r} is no day, and no event is called so{hint}") from None
    same = [event for event in ends.values() if event.on.window == (day, day)]
    return day, min(same, key=lambda event: (event.kind != "deadline", event.id), default=None)


def _between(claim: Claim, day: int, until: int) -> bool:
    """Return whether a claim tells of a day after ``day``, up to ``until``, on which the venue was open."""
    first, last = claim.window
    later = first > day or (claim.when.extent and last > day)
    return claim.says in ("open", "opened") and later and first <= until
