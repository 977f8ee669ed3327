"""What changed between two days: days asked about, days of knowledge, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from outposts import dates, rows
from outposts.questions.table import DAY, IDS, TEXT, day_or_today, venues_table
from outposts.rules import RULES, Rules
from outposts.status import answer, on_day

if TYPE_CHECKING:
    from outposts.registry import Registry

DECAYED = ("not-seen-lately", "not-seen-for-long", "stale-dispute", "stale-suspension")
"""The reasons that time alone brings about: nothing new was told, and what was told grew old."""

COLUMNS = {
    "then": DAY,
    "now": DAY,
    "known_then": DAY,
    "known_now": DAY,
    "status_then": TEXT,
    "status_now": TEXT,
    "reason_then": TEXT,
    "reason_now": TEXT,
    "cause": TEXT,
    "for_then": IDS,
    "for_now": IDS,
    "against_then": IDS,
    "against_now": IDS,
}


def changed(
    registry: Registry,
    then: Any,
    now: Any = None,
    known: Any = None,
    known_then: Any = None,
    rules: Rules = RULES,
    **wanted: Any,
) -> gpd.GeoDataFrame:
    """Return the venues whose status is another on one day than on another.

    Parameters
    ----------
    registry
        Where to look.
    then, now
        The two days asked about; ``now`` is today if left out. Their order is free.
    known, known_then
        The days whose knowledge counts for ``now`` (today if left out) and for ``then`` (``known``
        if left out). With ``then`` equal to ``now`` they tell what was learned of one day.
    rules, **wanted
        As in `Registry.on`; a wanted status is that of ``now``.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a venue, by id, with the columns of `outposts.questions.table.VENUE` and

        ``then``, ``now``, ``known_then``, ``known_now``
            The days.
        ``status_then``, ``status_now``, ``reason_then``, ``reason_now``
            The two answers.
        ``cause``
            ``decay`` where time alone makes the difference: no claim does, but the age of the last
            one. Else ``claims``. The same whichever day is called ``now``.
        ``for_then``, ``for_now``, ``against_then``, ``against_now``
            Ids of the claims that count.

    Examples
    --------
    >>> import outposts
    >>> found = changed(outposts.load(), "2020-02-06", "2020-02-07", country="VN")
    >>> found.loc["vn-hanoi-koryo", ["status_then", "status_now", "cause"]].tolist()
    ['open', 'disputed', 'claims']
    """
    day_then, day_now = dates.day(then), day_or_today(now)
    clock_now = day_or_today(known)
    clock_then = clock_now if known_then is None else dates.day(known_then)
    asked = registry.filter(**wanted)
    found = []
    for venue in asked.choose(registry.values(), day_now, clock_now, rules):
        one = answer(venue.claims, day_then, clock_then, rules)
        two = answer(venue.claims, day_now, clock_now, rules)
        if one.status == two.status:
            continue
        early, late = sorted((one, two), key=lambda told: (told.on, told.known))
        aged = late.reason in DECAYED and early.on < late.on
        if aged and early.known != late.known:
            aged = on_day(venue.claims, late.on, early.known, rules) == late.status
        found.append(
            {
                **rows.place(venue),
                "then": day_then,
                "now": day_now,
                "known_then": clock_then,
                "known_now": clock_now,
                "status_then": one.status,
                "status_now": two.status,
                "reason_then": one.reason,
                "reason_now": two.reason,
                "cause": "decay" if aged else "claims",
                "for_then": list(one.for_),
                "for_now": list(two.for_),
                "against_then": list(one.against),
                "against_now": list(two.against),
            }
        )
    return venues_table(found, COLUMNS)
