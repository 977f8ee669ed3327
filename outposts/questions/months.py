"""How many venues had which status, month by month."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from outposts import dates
from outposts.errors import DateError, UnknownName
from outposts.nearest import did_you_mean
from outposts.questions.table import COUNT, DAY, IDS, TEXT, chosen, day_or_today, table
from outposts.rules import RULES, STATUSES, Rules
from outposts.status import history
from outposts.words import EPOCH

if TYPE_CHECKING:
    from outposts.registry import Registry

By = Literal["country", "kind"]
BY: tuple[By, ...] = ("country", "kind")
COLUMNS = {
    "month": DAY,
    "group": TEXT,
    "status": TEXT,
    "count": COUNT,
    "venues": IDS,
    "claims": IDS,
}
MOST_MONTHS = 12 * 200


def monthly(
    registry: Registry,
    start: Any = None,
    end: Any = None,
    by: By | None = None,
    known: Any = None,
    rules: Rules = RULES,
    **wanted: Any,
) -> pd.DataFrame:
    """Return how many venues had each status on the first day of each month.

    Parameters
    ----------
    registry
        Where to look.
    start, end
        The first and the last month, both included, as any day in them: from the first month in which
        a status changes to that of ``known`` if left out.
    by
        ``country`` or ``kind``: a count for each; one count for all if left out.
    known, rules, **wanted
        As in `Registry.on`; a wanted status is that of the day ``known``.

    Returns
    -------
    pandas.DataFrame
        One row per month, group and status, by these, counts of 0 included, so that the
        counts of a month add up to the number of venues.

        ``month``
            Its first day: that on which the status is asked.
        ``group``
            The country's code or the kind; ``all`` where nothing divides them.
        ``status``, ``count``
            In the order of `outposts.rules.STATUSES`.
        ``venues``, ``claims``
            Ids of the venues counted, and of the claims for their statuses.

    Raises
    ------
    UnknownName
        If nothing is called ``by``.
    DateError
        If the end is before the start, or they are more than 200 years apart.

    Examples
    --------
    >>> import outposts
    >>> found = monthly(outposts.load(), "2020-03-01", "2020-03-01", country="VN")
    >>> found.set_index("status")["count"]["disputed"].item()
    1
    """
    if by is not None and by not in BY:
        raise UnknownName(f"nothing is counted by {by!r}{did_you_mean(str(by), BY)}; there are {', '.join(BY)}")  # fmt: skip
    clock = day_or_today(known)
    venues = chosen(registry, clock, clock, rules, wanted)
    runs = {venue.id: history(venue.claims, clock, rules) for venue in venues}
    changes = [run.start for told in runs.values() for run in told if run.start is not None]
    last = clock if end is None else dates.day(end)
    first = min([*changes, last]) if start is None else dates.day(start)
    months = _months(first, last)
    groups = sorted({getattr(venue, by) for venue in venues}) if by else ["all"]
    counted: dict[tuple[int, str, str], tuple[list[str], dict[str, None]]] = {
        (month, group, status): ([], {}) for month in months for group in groups for status in STATUSES
    }  # fmt: skip
    for venue in venues:
        group = getattr(venue, by) if by else "all"
        told = iter(runs[venue.id])
        run = next(told)
        for month in months:
            while run.end is not None and run.end <= month:
                run = next(told)
            ids, claims = counted[month, group, run.status]
            ids.append(venue.id)
            claims.update(dict.fromkeys(run.for_))
    found = (
        {"month": month, "group": group, "status": status, "count": len(ids), "venues": ids, "claims": list(claims)}
        for (month, group, status), (ids, claims) in counted.items()
    )  # fmt: skip
    return table(found, COLUMNS)


def _months(first: int, last: int) -> list[int]:
    """Return the first days of the months of two days and of all between."""
    start, end = dt.date.fromordinal(first + EPOCH), dt.date.fromordinal(last + EPOCH)
    numbers = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    if not numbers or len(numbers) > MOST_MONTHS:
        raise DateError(
            f"from {start} to {end}: months from the first to a later one, at most {MOST_MONTHS // 12} years"
        )
    return [dt.date(n // 12, n % 12 + 1, 1).toordinal() - EPOCH for n in numbers]
