"""What changed between two days: each venue's status then and now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from outposts import dates, questions
from outposts.plots.marks import label, reason
from outposts.plots.roster import Entry, Roster, each, labels, more, where
from outposts.plots.sheet import Sheet, day_words, name_of, notes, plural, style
from outposts.plots.turns import COLUMN, turn
from outposts.questions.table import day_or_today
from outposts.rules import RULES, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry
    from outposts.venue import Venue


def changed(
    registry: Registry,
    then: Any,
    now: Any = None,
    known: Any = None,
    known_then: Any = None,
    rules: Rules = RULES,
    narrow: bool = False,
    **wanted: Any,
) -> Sheet:
    """Draw `outposts.questions.changed`: from one status to the other, and why."""
    found = questions.changed(registry, then, now, known, known_then, rules, **wanted)
    turns = Counter(zip(found["status_then"], found["status_now"], strict=True))
    order = sorted(turns, key=lambda pair: (-turns[pair], pair))
    found = found.assign(
        turn=[order.index(p) for p in zip(found["status_then"], found["status_now"], strict=True)]
    ).sort_values(["turn", "country"], kind="stable")
    one, two, clock = dates.day(then), day_or_today(now), day_or_today(known)
    clock_then = clock if known_then is None else dates.day(known_then)
    entries = [
        Entry(
            f"From {label(row.status_then)} to {label(row.status_now)}: {turns[row.status_then, row.status_now]}",
            name_of(registry[row.Index]),
            where(row.place, row.country),
            _remark(registry[row.Index], row),
        )
        for row in each(found)
    ]  # fmt: skip
    all_of = len(registry.select(rules=rules, known=dates.iso(clock), on=dates.iso(two), **wanted))
    between = f"between {day_words(one)} and {day_words(two)}"
    if one == two:
        between = f"for {day_words(one)} between what was known on {day_words(clock_then)} and on {day_words(clock)}"  # fmt: skip
    title = f"{len(found)} of {plural(all_of, 'venue')} changed status {between}"
    with style():
        roster = Roster(entries, narrow, 3.0, scale=0.0)
        sheet = Sheet(
            title,
            "Status on the earlier day asked about, then on the later one, and why it is the latter.",
            max(roster.height, 0.2),
            notes(registry, clock, rules, *more(len(found)), *_apart(clock_then, clock)),
            narrow,
        )
        axes, middles = roster.draw(sheet)
        axes.set_xlim(0, roster.strip)
        for row, y in zip(each(found), middles, strict=True):
            turn(axes, y, row.status_then, row.status_now, min(COLUMN, roster.strip / 2))
        return sheet


def _remark(venue: Venue, row: Any) -> str:
    """Return why the later status is what it is, and on whose word."""
    if row.cause == "decay":
        return f"{reason(row.reason_now).capitalize()}: by time alone"
    told = [claim.source.label for claim in venue.claims if claim.id in row.for_now]
    said = f" ({labels(list(dict.fromkeys(told)), 2)})" if told else ""
    return f"{reason(row.reason_now).capitalize()}{said}"


def _apart(one: int, two: int) -> list[str]:
    if one == two:
        return []
    return [f"The first status is as known on {day_words(one)}, the second as known on {day_words(two)}."]  # fmt: skip
