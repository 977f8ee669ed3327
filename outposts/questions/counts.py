"""Published counts beside the registry's own numbers: where evidence is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from outposts import coverage as counts
from outposts.questions.table import COUNT, DAY, IDS, TEXT, day_or_today, table
from outposts.rules import RULES, Rules
from outposts.status import answer

if TYPE_CHECKING:
    from outposts.registry import Registry

COLUMNS = {
    "id": TEXT,
    "country": TEXT,
    "place": TEXT,
    "kind": TEXT,
    "says": TEXT,
    "count": COUNT,
    "when": TEXT,
    "on": DAY,
    "held": COUNT,
    "alike": COUNT,
    "missing": COUNT,
    "source": TEXT,
    "publisher": TEXT,
    "quote": TEXT,
    "sentence": TEXT,
    "venues": IDS,
    "claims": IDS,
}


def coverage(registry: Registry, known: Any = None, rules: Rules = RULES) -> pd.DataFrame:
    """Return each published count beside the registry's own number of such venues.

    Parameters
    ----------
    registry
        Where to look.
    known
        The day whose knowledge counts, for counts and claims alike; today if left out.
    rules
        The constants of the status rules.

    Returns
    -------
    pandas.DataFrame
        One row a count, by country, kind and day; its index is 0, 1, ...

        ``id``, ``country``, ``place``, ``kind``, ``says``, ``count``, ``when``, ``source``, ``quote``
            As in the registry's file; ``when`` is its EDTF text; ``place`` and ``kind`` missing
            where the count is about all.
        ``on``
            The day on which the statuses are compared: the last that the count can mean.
        ``held``
            How many such venues the registry holds, whatever their status.
        ``alike``
            How many of them had a status as told on that day (`outposts.coverage.COUNTED`).
        ``missing``
            ``count`` less ``alike``: below 0 where the registry tells of more.
        ``publisher``, ``sentence``
            The source's short name, and the comparison in a sentence.
        ``venues``, ``claims``
            Ids of the venues alike, and of the claims for their statuses.

    Examples
    --------
    >>> import outposts
    >>> found = coverage(outposts.load(), "2021-01-01").set_index("id")
    >>> int(found.loc["kh-2020-restaurants", "count"])
    8
    """
    clock = day_or_today(known)
    found = []
    for row in counts.coverage(registry, clock, rules):
        told = [answer(registry[id].claims, row.on, clock, rules) for id in row.same]
        found.append(
            {
                "id": row.count.id,
                "country": row.count.country,
                "place": row.count.place,
                "kind": row.count.kind,
                "says": row.count.says,
                "count": row.count.count,
                "when": row.count.when.text,
                "on": row.on,
                "held": row.held,
                "alike": row.alike,
                "missing": row.count.count - row.alike,
                "source": row.count.source,
                "publisher": row.source.label,
                "quote": row.count.quote,
                "sentence": row.sentence,
                "venues": list(row.same),
                "claims": list(dict.fromkeys(id for one in told for id in one.for_)),
            }
        )
    return table(found, COLUMNS)
