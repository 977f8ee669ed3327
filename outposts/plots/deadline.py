"""Who was open after a deadline, and on whose word: a strip of statuses a venue, and who saw it open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outposts import dates, questions
from outposts.basemap import country_names
from outposts.filters import within
from outposts.plots.marks import GREY, INK, bar, label
from outposts.plots.roster import FLAGGED, STRIP, Entry, Roster, each, labels, more
from outposts.plots.sheet import Sheet, day_words, name_of, notes, plural, style
from outposts.questions.deadline import OPEN, deadline_of
from outposts.questions.table import day_or_today
from outposts.rules import RULES, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry

BEFORE = 365  # days shown before the deadline


def open_after(
    registry: Registry,
    deadline: Any,
    until: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    narrow: bool = False,
    **wanted: Any,
) -> Sheet:
    """Draw `outposts.questions.open_after`: the statuses around the deadline, a dot a sighting after it."""
    found = questions.open_after(registry, deadline, until, known, rules, **wanted)
    names = country_names()
    found = found.assign(land=[names.get(code, code) for code in found["country"]])
    found = found.sort_values(["land", "first_day"], kind="stable")
    day, event = deadline_of(registry, deadline)
    clock = day_or_today(known)
    end = max([day + 180, *(dates.day(last) for last in found["last_day"])]) + 30
    seen = int(found["seen"].sum())
    entries = [
        Entry(
            row.land,
            name_of(registry[row.Index]),
            row.place if isinstance(row.place, str) else "",
            _word(registry, row),
        )
        for row in each(found)
    ]
    with style():
        roster = Roster(entries, narrow, 2.6, FLAGGED)
        sheet = Sheet(
            f"{plural(len(found), 'venue')} {'was' if len(found) == 1 else 'were'} open, presumed open or "
            f"disputed after {day_words(day)}; {seen} {'was' if seen == 1 else 'were'} seen open after it",
            "Each strip is what the evidence says of a venue: day by day, its status; each dot, a report that it "
            f"was open, with who says so {'below' if narrow else 'beside'} it.",
            roster.height,
            notes(
                registry, clock, rules, *more(len(found)),
                "A status lasts for a while after the last sighting, so a venue that nobody saw after the deadline may have gone by "
                "then. Solid: open; dashed: presumed open; crossed: disputed; light grey: closed; dotted: unknown.",
            ),
            narrow,
        )  # fmt: skip
        axes, middles = roster.draw(sheet)
        roster.time_scale(axes, day - BEFORE, end)
        for row, y in zip(each(found), middles, strict=True):
            venue = registry[row.Index]
            for run in within(venue.history(dates.iso(clock), rules), day - BEFORE, end - 1):
                first = max(day - BEFORE, run.start if run.start is not None else day - BEFORE)
                last = min(end, run.end if run.end is not None else end)
                if run.status != "not-yet-open":
                    bar(
                        axes,
                        (first, last),
                        y,
                        STRIP * (0.62 if run.status in OPEN else 0.3),
                        run.status,
                    )
            for claim in venue.claims:
                if claim.id in row.seen_by:
                    window = [min(max(d, day - BEFORE), end) for d in claim.window]
                    axes.plot([sum(window) / 2], [y], "o", color=INK, markersize=5, markeredgecolor="white", zorder=6)  # fmt: skip
            axes.plot([day - BEFORE, end], [y, y], color=GREY, linewidth=0.4, zorder=1)
        name = event.label if event else "Deadline"
        roster.day_line(axes, day, f"{name}, {day_words(day)}")
        return sheet


def _word(registry: Registry, row: Any) -> str:
    """Return on whose word a venue was open after the deadline, in a phrase."""
    told = labels(list(dict.fromkeys(registry.sources[id].label for id in row.sources)))
    statuses = " or ".join(label(status) for status in row.statuses)
    return (
        f"Seen open by {told}"
        if row.seen
        else f"Not seen after it: {statuses} on the word of {told}"
    )
