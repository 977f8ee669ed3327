"""Which venues rest on a single source: what each would be without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outposts import dates, questions
from outposts.plots.marks import label
from outposts.plots.roster import Entry, Roster, each, more, where
from outposts.plots.sheet import Sheet, day_words, name_of, notes, plural, style
from outposts.plots.turns import COLUMN, turn
from outposts.questions.table import day_or_today
from outposts.rules import RULES, STATUSES, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry


def single_source(
    registry: Registry,
    on: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    narrow: bool = False,
    **wanted: Any,
) -> Sheet:
    """Draw `outposts.questions.single_source`: the status, what it would become, and whose word that is."""
    found = questions.single_source(registry, on, known, rules, **wanted)
    day, clock = day_or_today(on), day_or_today(known)
    all_of = len(registry.select(dates.iso(day), dates.iso(clock), rules, **wanted))
    found = found.assign(place_in=[STATUSES.index(status) for status in found["status"]])
    found = found.sort_values(["place_in", "country"], kind="stable")
    alone = found.index.nunique()
    counts = {status: group.index.nunique() for status, group in found.groupby("status")}
    entries = [
        Entry(
            f"{label(row.status).capitalize()}: {counts[row.status]}",
            name_of(registry[row.Index]),
            where(row.place, row.country),
            f"{row.publisher} ({'one claim' if row.by == 'claim' else 'all that it says'})",
        )
        for row in each(found)
    ]  # fmt: skip
    with style():
        roster = Roster(entries, narrow, 3.0, scale=0.0)
        sheet = Sheet(
            f"The status of {alone} of {plural(all_of, 'venue')} on {day_words(day)} rests on a single source",
            "Status, what it would be without one source, and which source that is.",
            max(roster.height, 0.2),
            notes(registry, clock, rules, *more(len(found)), "A venue whose status would stay the same whichever one source is left out is not shown."),
            narrow,
        )  # fmt: skip
        axes, middles = roster.draw(sheet)
        axes.set_xlim(0, roster.strip)
        for row, y in zip(each(found), middles, strict=True):
            turn(axes, y, row.status, row.becomes, min(COLUMN, roster.strip / 2))
        return sheet
