"""Which venues' statuses rest on a single source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from outposts import rows
from outposts.models import Claim
from outposts.questions.table import DAY, IDS, TEXT, chosen, day_or_today, venues_table
from outposts.rules import RULES, Rules
from outposts.status import answer

if TYPE_CHECKING:
    from outposts.registry import Registry

COLUMNS = {
    "on": DAY,
    "status": TEXT,
    "reason": TEXT,
    "by": TEXT,
    "source": TEXT,
    "publisher": TEXT,
    "claims": IDS,
    "becomes": TEXT,
    "becomes_reason": TEXT,
}


def single_source(
    registry: Registry,
    on: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    **wanted: Any,
) -> gpd.GeoDataFrame:
    """Return the sources without which a venue's status would be another.

    Each source behind the claims for a status is left out in turn, first claim by claim, then whole,
    and the status asked for again.

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
        One row per venue and such source, by both, with the columns of `outposts.questions.table.VENUE` and

        ``on``, ``status``, ``reason``
            The answer on the day.
        ``by``
            ``claim`` where leaving out one claim of the source suffices (the venue's
            ``single_source`` is true then, and only then), ``source`` where it takes all it says.
        ``source``, ``publisher``
            The source's id, and its short name.
        ``claims``
            Ids of the claims that were left out: of ``claim``, those that suffice one by one.
        ``becomes``, ``becomes_reason``
            The answer without them: of ``claim``, without the first.

    Examples
    --------
    >>> import outposts
    >>> registry = outposts.load()
    >>> found = single_source(registry, "2020-06-02")
    >>> alone = registry.on("2020-06-02").query("single_source").index
    >>> sorted(set(found.query("by == 'claim'").index)) == sorted(alone)
    True
    """
    day, clock = day_or_today(on), day_or_today(known)
    found = []
    for venue in chosen(registry, day, clock, rules, wanted):
        told = answer(venue.claims, day, clock, rules)
        behind = [claim for claim in venue.claims if claim.id in told.for_]
        for source in sorted({claim.source_id for claim in behind}):
            own = [claim for claim in venue.claims if claim.source_id == source]
            by, other = "claim", told
            decisive: list[Claim] = []
            for claim in behind:
                if claim.source_id == source:
                    others = [c for c in venue.claims if c.id != claim.id]
                    without = answer(others, day, clock, rules)
                    if without.status != told.status:
                        other = other if decisive else without
                        decisive.append(claim)
            if not decisive:
                others = [claim for claim in venue.claims if claim.source_id != source]
                by, other = "source", answer(others, day, clock, rules)
                if other.status == told.status:
                    continue
                decisive = [claim for claim in own if claim in behind]
            found.append(
                {
                    **rows.place(venue),
                    "on": day,
                    "status": told.status,
                    "reason": told.reason,
                    "by": by,
                    "source": source,
                    "publisher": own[0].source.label,
                    "claims": [claim.id for claim in decisive],
                    "becomes": other.status,
                    "becomes_reason": other.reason,
                }
            )
    return venues_table(found, COLUMNS)
