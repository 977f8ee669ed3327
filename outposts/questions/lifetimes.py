"""How long venues last: their lifetimes as far as the evidence bears them, and Kaplan and Meier's estimate.

What is counted
    A venue's life begins on the first day on which its status is open or presumed open: where its
    opening is reported that is the last day which the report can mean, and for a venue first seen in
    its midst of life, the day it was first seen. So a time is one *since first known open*, at most its age.
The event
    The closing that stands: that of a venue whose status is ``closed`` on the day ``known``. It falls on
    the last day that its reports can mean (``closings="last"``), or on the first that they and the
    sightings allow (``"first"``); the truth lies between the two curves' closings. A venue that closed, opened
    again and is closed lived from its first day to its last closing.
Censoring
    Any other venue leaves the count alive on the day on which it was last seen open, not today: after
    that day nobody knows. A dispute is no closing: a disputed venue, or one whose dispute
    went stale, leaves the count on the day it was last seen open before the dispute.
Left out
    A venue never known open on any day has no beginning; `lifetimes` says so in ``left_out``. Many
    of these are known from the report of their closing alone, so survival is rather over- than underestimated.
Delayed entry
    A venue that nobody had told of until years after it opened could not have been counted had it
    closed before. ``delayed=True`` puts it at risk only from the day on which the public could first know of
    it (left truncation); those that had gone by then are not counted.

These are all the venues of a registry and no sample of any others: the standard errors (Greenwood) say
how few there are, not what is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from math import isinf
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from outposts import rows
from outposts.errors import UnknownName
from outposts.nearest import did_you_mean
from outposts.questions.months import BY, By
from outposts.questions.table import (
    COUNT,
    DAY,
    DAYS,
    FLAG,
    IDS,
    SHARE,
    TEXT,
    chosen,
    day_or_today,
    table,
    venues_table,
)
from outposts.rules import RULES, Rules
from outposts.status import Run, answer, history
from outposts.venue import Venue

if TYPE_CHECKING:
    from outposts.registry import Registry

Closings = Literal["last", "first"]
LIVING = ("open", "presumed-open")
DISPUTED = ("closed-and-open", "seen-open-soon-after", "stale-dispute")

LIFETIMES = {
    "start": DAY,
    "began": TEXT,
    "entry": DAY,
    "end_first": DAY,
    "end": DAY,
    "closed": FLAG,
    "days_first": DAYS,
    "days": DAYS,
    "left_out": TEXT,
    "claims": IDS,
}
SURVIVAL = {
    "group": TEXT,
    "days": COUNT,
    "at_risk": COUNT,
    "closed": COUNT,
    "survival": SHARE,
    "se": SHARE,
    "venues": IDS,
    "claims": IDS,
}


def lifetimes(
    registry: Registry, known: Any = None, rules: Rules = RULES, **wanted: Any
) -> gpd.GeoDataFrame:
    """Return how long each venue is known to have lasted (see this module for what is counted).

    Parameters
    ----------
    registry
        Where to look.
    known
        The day whose knowledge counts; today if left out.
    rules, **wanted
        As in `Registry.on`; a wanted status is that of the day ``known``.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a venue, by id, with the columns of `outposts.questions.table.VENUE` and

        ``start``, ``began``
            The first day known open; ``opened`` where the opening is reported, else ``first seen``.
        ``entry``
            The day on which the public could first know of it.
        ``end_first``, ``end``
            The first and the last day, both included, that the closing can mean; of a venue that
            is not closed, both are the day on which it was last seen open.
        ``closed``
            True where the end is a closing, false where it is censored.
        ``days_first``, ``days``
            From ``start`` to either.
        ``left_out``
            Why it is not in `survival`: ``never known open``, or ``no first day`` where the evidence
            has no beginning; else empty.
        ``claims``
            Ids of the claims for the beginning and the end.

    Examples
    --------
    >>> import outposts
    >>> found = lifetimes(outposts.load(), "2021-01-01")
    >>> found.loc["th-bangkok-arirang-soi-26", "began"], int(found.loc["th-bangkok-arirang-soi-26", "days"])
    ('opened', 385)
    """
    clock = day_or_today(known)
    venues = chosen(registry, clock, clock, rules, wanted)
    return venues_table(
        ({**rows.place(venue), **_life(venue, clock, rules)} for venue in venues), LIFETIMES
    )


def survival(
    registry: Registry,
    by: By | None = "country",
    closings: Closings = "last",
    delayed: bool = False,
    known: Any = None,
    rules: Rules = RULES,
    **wanted: Any,
) -> pd.DataFrame:
    """Return Kaplan and Meier's estimate of the share of venues still open after so many days.

    This module says what is counted; `statsmodels.duration.survfunc.SurvfuncRight` reckons.

    Parameters
    ----------
    registry
        Where to look.
    by
        ``country`` or ``kind``: a curve for each; one for all if None.
    closings
        Whether a closing falls on the ``last`` or the ``first`` day that it can mean.
    delayed
        Whether a venue is at risk only from the day on which the public could know of it.
    known, rules, **wanted
        As in `lifetimes`.

    Returns
    -------
    pandas.DataFrame
        One row per group and day of its life on which a venue of it closed, by these, and one for day 0.

        ``group``
            The country's code or the kind; ``all`` where nothing divides them.
        ``days``
            Since the venue was first known open.
        ``at_risk``, ``closed``
            How many were in the count just before, and how many closed on that day.
        ``survival``, ``se``
            The share still open after it, 0 to 1, and its standard error (Greenwood; NaN where
            nothing is left). The curve is level up to the next row.
        ``venues``, ``claims``
            Ids of those that closed, and of the claims for their beginnings and ends.

    Raises
    ------
    UnknownName
        If nothing is called ``by`` or ``closings``.

    Examples
    --------
    >>> import outposts
    >>> found = survival(outposts.load(), by=None, known="2021-01-01")
    >>> int(found["closed"].sum()) == int(lifetimes(outposts.load(), "2021-01-01")["closed"].sum())
    True
    """
    for value, words in ((by, (None, *BY)), (closings, ("last", "first"))):
        if value not in words:
            named = [word for word in words if word]
            raise UnknownName(f"{value!r} is none of {', '.join(named)}{did_you_mean(str(value), named)}")  # fmt: skip
    lives = lifetimes(registry, known, rules, **wanted)
    lives = lives[lives["left_out"] == ""].reset_index()
    lives["time"] = lives["days" if closings == "last" else "days_first"].astype("int64")
    lives["late"] = (lives["entry"] - lives["start"]).dt.days
    if delayed:
        lives.loc[lives["late"] <= 0, "late"] = -1  # known from the first day on, that day included
        lives = lives[lives["late"] < lives["time"]]
    lives["group"] = lives[by] if by else "all"
    found: list[dict[str, Any]] = []
    for group, members in lives.groupby("group", sort=True):
        late = members["late"].to_numpy() if delayed else None
        found += [{"group": group, **step} for step in _curve(members, late)]
    return table(found, SURVIVAL)


def _curve(members: pd.DataFrame, late: Any) -> list[dict[str, Any]]:
    from statsmodels.duration.survfunc import SurvfuncRight  # 0.7 s

    time, closed = members["time"].to_numpy(), members["closed"].to_numpy()
    at_start = len(members) if late is None else int((late < 0).sum())
    steps = [{"days": 0, "at_risk": at_start, "closed": 0, "survival": 1.0, "se": 0.0, "venues": [], "claims": []}]  # fmt: skip
    if not closed.any():
        return steps
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # Greenwood's last term, where none is left
        curve = SurvfuncRight(time, closed.astype(int), entry=late)
    columns = (curve.surv_times, curve.n_risk, curve.n_events, curve.surv_prob, curve.surv_prob_se)
    for days, at_risk, events, share, se in zip(*columns, strict=True):
        if events:
            gone = members[(members["time"] == days) & members["closed"]]
            steps.append(
                {
                    "days": int(days),
                    "at_risk": int(at_risk),
                    "closed": int(events),
                    "survival": float(share),
                    "se": float(se) if np.isfinite(se) else np.nan,
                    "venues": list(gone["venue"]),
                    "claims": [id for ids in gone["claims"] for id in ids],
                }
            )
    return steps[1:] if steps[1:] and steps[1]["days"] == 0 else steps


def _life(venue: Venue, known: int, rules: Rules) -> dict[str, Any]:
    """Return the columns `LIFETIMES` of a venue."""
    row: dict[str, Any] = dict.fromkeys(LIFETIMES)
    heard = [claim.known for claim in venue.claims if claim.known <= known]
    row.update(began="", entry=min(heard, default=None), closed=False, left_out="", claims=[])
    runs = history(venue.claims, known, rules)
    runs = [run for run in runs if run.start is None or run.start <= known]
    alive = next((run for run in runs if run.status in LIVING), None)
    if alive is None or alive.start is None:
        return {**row, "left_out": "never known open" if alive is None else "no first day"}
    says = {claim.id: claim.says for claim in venue.claims}
    opened = any(says[id] == "opened" for id in alive.for_)
    closed = _lately(runs, lambda run: run.status == "closed")
    if closed:
        first, last = _closing(venue, runs[-len(closed) - 1], closed[0], known, rules)
        behind = closed[0].for_
    else:
        disputed = _lately(runs, lambda run: run.reason in DISPUTED)
        day = known if not disputed or disputed[0].start is None else disputed[0].start - 1
        seen = answer(venue.claims, day, known, rules).last_seen_open
        first = last = alive.start if seen is None else seen
        behind = answer(venue.claims, last, known, rules).for_
    first, last = max(first, alive.start), max(last, alive.start)
    row.update(start=alive.start, began="opened" if opened else "first seen", closed=bool(closed))
    row.update(end_first=first, end=last, days_first=first - alive.start, days=last - alive.start)
    return {**row, "claims": list(dict.fromkeys([*alive.for_, *behind]))}


def _lately(runs: list[Run], test: Callable[[Run], bool]) -> list[Run]:
    """Return the last runs, as far back as each passes a test; none where the last does not."""
    return list(takewhile(test, reversed(runs)))[::-1]


def _closing(venue: Venue, before: Run, closed: Run, known: int, rules: Rules) -> tuple[int, int]:
    """Return the first and the last day that a closing can mean: the last is when the run begins."""
    last = int(closed.start or 0)  # a closing has a last day, or nothing were closed
    if before.reason == "closing" and before.start is not None:
        return before.start, last
    told = [claim for claim in venue.claims if claim.id in closed.for_ and claim.says == "closed"]
    if all(isinf(claim.window.first) for claim in told):  # "by" that day: since it was seen open
        seen = answer(venue.claims, last - 1, known, rules).last_seen_open
        return last if seen is None else seen + 1, last
    return last, last
