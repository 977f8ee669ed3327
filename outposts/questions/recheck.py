"""Which venues need a re-check: what the registry says of them is about to grow old, or has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from outposts import rows
from outposts.questions.changes import DECAYED
from outposts.questions.table import DAY, DAYS, IDS, TEXT, chosen, day_or_today, venues_table
from outposts.rules import RULES, Rules
from outposts.status import answer

if TYPE_CHECKING:
    from outposts.registry import Registry

COLUMNS = {
    "on": DAY,
    "status": TEXT,
    "reason": TEXT,
    "due": TEXT,
    "last_seen_open": DAY,
    "changes_on": DAY,
    "becomes": TEXT,
    "lapsed_on": DAY,
    "days": DAYS,
    "for": IDS,
    "against": IDS,
}


def recheck(
    registry: Registry,
    on: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    **wanted: Any,
) -> gpd.GeoDataFrame:
    """Return the venues whose status grows old, those that do so soonest first, then those that have.

    A status that a claim ends is not among them: that is evidence, and nothing needs a check.
    A venue that is reported closed stays so, and one without any evidence never had a status to keep.

    Parameters
    ----------
    registry
        Where to look.
    on
        The day asked about; today if left out.
    known, rules, **wanted
        As in `Registry.on`.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a venue, with the columns of `outposts.questions.table.VENUE` and

        ``on``, ``status``, ``reason``, ``last_seen_open``, ``for``, ``against``
            The answer on the day.
        ``due``
            ``will lapse`` or ``lapsed``; the former come first.
        ``changes_on``, ``becomes``
            When the status becomes which if nothing new is learned; of what will lapse.
            Sorted by it, the soonest first.
        ``lapsed_on``
            Since when the evidence is too old; of what has lapsed. Sorted by it, the latest first.
        ``days``
            From ``on`` to either: 0 or fewer where it has lapsed.

    Examples
    --------
    >>> import outposts
    >>> found = recheck(outposts.load(), "2020-12-01", known="2020-12-01")
    >>> bool(found["changes_on"].dropna().is_monotonic_increasing)
    True
    """
    day, clock = day_or_today(on), day_or_today(known)
    found = []
    for venue in chosen(registry, day, clock, rules, wanted):
        told = answer(venue.claims, day, clock, rules)
        lapsed = told.status == "unknown" and told.reason in DECAYED
        at = told.since if lapsed else told.changes_on
        if at is None:
            continue
        becomes = None if lapsed else answer(venue.claims, at, clock, rules)
        if becomes is not None and becomes.reason not in DECAYED:
            continue
        found.append(
            {
                **rows.place(venue),
                "on": day,
                "status": told.status,
                "reason": told.reason,
                "due": "lapsed" if lapsed else "will lapse",
                "last_seen_open": told.last_seen_open,
                "changes_on": None if lapsed else at,
                "becomes": None if becomes is None else becomes.status,
                "lapsed_on": at if lapsed else None,
                "days": at - day,
                "for": list(told.for_),
                "against": list(told.against),
            }
        )
    found.sort(key=lambda row: (row["due"] == "lapsed", abs(row["days"]), row["venue"]))
    return venues_table(found, COLUMNS)
