"""Which venues need a re-check: from the last sighting to the day on which it is too old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outposts import dates, questions
from outposts.plots.marks import GREY, bar, label, mark
from outposts.plots.roster import FLAGGED, STRIP, Entry, Roster, each, in_words, more, where
from outposts.plots.sheet import Sheet, day_words, name_of, notes, plural, style
from outposts.questions.table import day_or_today
from outposts.rules import RULES, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry


def recheck(
    registry: Registry,
    on: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    narrow: bool = False,
    **wanted: Any,
) -> Sheet:
    """Draw `outposts.questions.recheck`: how long what was last seen still says something."""
    found = questions.recheck(registry, on, known, rules, **wanted)
    day, clock = day_or_today(on), day_or_today(known)
    soon = int((found["due"] == "will lapse").sum())
    entries = [
        Entry(
            "Will lapse" if row.due == "will lapse" else "Has lapsed",
            name_of(registry[row.Index]),
            where(row.place, row.country),
            _remark(row),
        )
        for row in each(found)
    ]  # fmt: skip
    bounds = [day, day + 120, day - 120]
    for row in each(found):
        bounds += [
            dates.day(d) for d in (row.last_seen_open, row.changes_on, row.lapsed_on) if d == d
        ]
    first, last = min(bounds), max(bounds)
    pad = (last - first) * 0.02 + 5
    with style():
        roster = Roster(entries, narrow, 2.5, FLAGGED)
        sheet = Sheet(
            f"What is known of {plural(soon, 'venue')} will grow too old; of {len(found) - soon} it already has",
            "From the day last seen open to the day on which that is too old to say anything, the next to lapse first.",
            max(roster.height, 0.2),
            notes(registry, clock, rules, *more(len(found)), "Venues that are reported closed, and those of which there is no evidence at all, are not shown."),
            narrow,
        )  # fmt: skip
        axes, middles = roster.draw(sheet)
        roster.time_scale(axes, first - pad, last + pad)
        for row, y in zip(each(found), middles, strict=True):
            for run in registry[row.Index].history(dates.iso(clock), rules):
                start = first - pad if run.start is None else max(run.start, first - pad)
                end = last + pad if run.end is None else min(run.end, last + pad)
                if start < end and run.status not in ("unknown", "not-yet-open"):
                    bar(axes, (start, end), y, STRIP * 0.5, run.status)
            axes.plot([first - pad, last + pad], [y, y], color=GREY, linewidth=0.4, zorder=1)
            if row.last_seen_open == row.last_seen_open:
                mark(axes, dates.day(row.last_seen_open), y, "open", 6)
            at = row.changes_on if row.due == "will lapse" else row.lapsed_on
            mark(axes, dates.day(at), y, row.becomes if row.due == "will lapse" else row.status, 8)
        roster.day_line(axes, day, day_words(day))
        return sheet


def _remark(row: Any) -> str:
    seen = f"seen open {in_words(row.last_seen_open)}" if row.last_seen_open == row.last_seen_open else "never seen open"  # fmt: skip
    if row.due == "will lapse":
        return f"{label(row.status).capitalize()}, last {seen}; becomes {label(row.becomes)} on {in_words(row.changes_on)}"
    return f"Last {seen}; unknown since {in_words(row.lapsed_on)}"
