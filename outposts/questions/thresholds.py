"""How an answer depends on the constants of the rules: exactly where it becomes another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from math import isinf
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from outposts import rows
from outposts.questions.table import COUNT, DAY, DAYS, IDS, TEXT, day_or_today, venues_table
from outposts.rules import RULES, Rules
from outposts.status import answer, on_day
from outposts.venue import Venue

if TYPE_CHECKING:
    from outposts.registry import Registry

CONSTANTS = tuple(field.name for field in fields(Rules))
COLUMNS = {
    "on": DAY,
    "status": TEXT,
    "constant": TEXT,
    "value": COUNT,
    "first": COUNT,
    "last": DAYS,
    "off": COUNT,
    "becomes": TEXT,
    "reason": TEXT,
    "for": IDS,
    "against": IDS,
}


def sensitivity(
    registry: Registry,
    venues: Iterable[str] = (),
    on: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    **wanted: Any,
) -> gpd.GeoDataFrame:
    """Return for which values of each constant a venue's status would be another.

    One constant is varied at a time over all whole numbers of days from 0 on, the others stay. The
    rules compare the constants with differences of days in the evidence alone, so the status is
    asked for at each such difference and nowhere else: the bounds are exact.

    Parameters
    ----------
    registry
        Where to look.
    venues
        Ids of venues; all that pass the filters if left out.
    on
        The day asked about; today if left out.
    known, **wanted
        As in `Registry.on`.
    rules
        The constants that are varied, one at a time.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per venue, constant and range of values with another status, the nearest to the
        constant first, with the columns of `outposts.questions.table.VENUE` and

        ``on``, ``status``
            The answer under ``rules``.
        ``constant``, ``value``
            ``fresh``, ``stale``, ``reopen``, ``bridge`` or ``direct``, and its days.
        ``first``, ``last``
            The range, both included, in days; ``last`` is missing where it has no end.
        ``off``
            How many days the nearest value of the range is from ``value``; negative where smaller.
        ``becomes``, ``reason``, ``for``, ``against``
            The answer at that nearest value.

    Raises
    ------
    UnknownName
        If no venue has an id.

    Examples
    --------
    >>> import outposts
    >>> found = sensitivity(outposts.load(), ["vn-albatross"], on="2022-01-01")
    >>> found[["constant", "first", "last", "becomes"]].values.tolist()[0]
    ['stale', 0, 640, 'unknown']
    """
    day, clock = day_or_today(on), day_or_today(known)
    named = [registry.venue(id) for id in dict.fromkeys(venues)] or registry.values()
    asked = registry.filter(**wanted)
    found = []
    for venue in asked.choose(named, day, clock, rules):
        status = on_day(venue.claims, day, clock, rules)
        days = _differences(venue, day)
        for constant in CONSTANTS:
            value = getattr(rules, constant)
            for first, last, becomes in _ranges(venue, day, clock, rules, constant, days):
                if becomes == status:
                    continue
                nearest = first if first > value or last is None else last
                told = answer(venue.claims, day, clock, replace(rules, **{constant: nearest}))
                found.append(
                    {
                        **rows.place(venue),
                        "on": day,
                        "status": status,
                        "constant": constant,
                        "value": value,
                        "first": first,
                        "last": last,
                        "off": nearest - value,
                        "becomes": becomes,
                        "reason": told.reason,
                        "for": list(told.for_),
                        "against": list(told.against),
                    }
                )
    found.sort(key=lambda row: (abs(row["off"]), row["venue"], row["constant"], row["first"]))
    return venues_table(found, COLUMNS)


def _differences(venue: Venue, on: int) -> list[int]:
    """Return the values at which a constant can begin to make a difference, sorted, 0 first."""
    told = {day for claim in venue.claims for day in (*claim.window, claim.known) if not isinf(day)}
    days = {int(day) for day in told} | {on}
    apart = {late - early for late in days for early in days if late >= early}
    return sorted({0, *apart, *(days + 1 for days in apart)})


def _ranges(
    venue: Venue, on: int, known: int, rules: Rules, constant: str, days: list[int]
) -> list[tuple[int, int | None, str]]:
    """Return the ranges of values, both ends included, None for no end, with the status on each."""
    statuses = [on_day(venue.claims, on, known, replace(rules, **{constant: n})) for n in days]
    firsts = [i for i in range(len(days)) if i == 0 or statuses[i] != statuses[i - 1]]
    lasts = [days[i] - 1 for i in firsts[1:]]
    return [(days[i], last, statuses[i]) for i, last in zip(firsts, [*lasts, None], strict=True)]
