"""How far an answer depends on the constants: what each venue would be for other values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes

from outposts import dates, questions
from outposts.plots.marks import INK, bar, label
from outposts.plots.roster import MOST, STRIP, Entry, Roster, more, where
from outposts.plots.sheet import Sheet, day_words, name_of, notes, plural, style
from outposts.questions.table import day_or_today
from outposts.questions.thresholds import CONSTANTS
from outposts.rules import RULES, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry

REACH = 2.0  # times the constant: how far each strip goes
MEANS = {
    "fresh": "a sighting this old still says open",
    "stale": "a sighting this old says nothing any more",
    "reopen": "a sighting this long after a closing means that it reopened",
    "bridge": "two reports this close make the days between them open",
    "direct": "a sighting on an unknown day of a longer period proves open only from its end",
}


def sensitivity(
    registry: Registry,
    venues: Any = (),
    on: Any = None,
    known: Any = None,
    rules: Rules = RULES,
    narrow: bool = False,
    **wanted: Any,
) -> Sheet:
    """Draw `outposts.questions.sensitivity`: for each constant, the status at each value from 0 to twice its own."""
    named = list(venues)
    found = questions.sensitivity(registry, named, on, known, rules, **wanted)
    day, clock = day_or_today(on), day_or_today(known)
    near = found[found["first"] <= found["value"] * REACH]
    order = {constant: place for place, constant in enumerate(CONSTANTS)}
    pairs = sorted(
        {
            (order[c], abs(off), id)
            for id, c, off in zip(near.index, near["constant"], near["off"], strict=True)
        }
    )
    rows = list(dict.fromkeys((CONSTANTS[place], id) for place, _, id in pairs))
    if named:
        asked = len(set(named))
    else:
        asked = len(registry.select(dates.iso(day), dates.iso(clock), rules, **wanted))
    flips = near.index.nunique()
    entries = []
    for constant, id in rows[:MOST]:
        venue = registry[id]
        other = near[(near.index == id) & (near["constant"] == constant)].iloc[0]
        edge = other["first"] if other["off"] > 0 else other["last"]
        side = "or more" if other["off"] > 0 else "or less"
        entries.append(
            Entry(
                f"{constant.capitalize()}, now {getattr(rules, constant)} days: {MEANS[constant]}",
                name_of(venue),
                where(venue.place, venue.country),
                f"{label(other['status']).capitalize()}; {label(other['becomes'])} at {edge} days {side}",
            )
        )
    with style():
        roster = Roster(entries, narrow, 2.4)
        sheet = Sheet(
            f"{flips} of {plural(asked, 'status').replace('statuss', 'statuses')} on {day_words(day)} would be another "
            "if a constant of the rules were smaller, or up to twice as large",
            "Each strip is a venue's status for every value of one constant, from 0 to twice what it is; the line is what it is.",
            max(roster.height, 0.2),
            notes(
                registry, clock, rules, *more(len(rows)),
                "One constant is varied at a time; the bounds are exact to the day. Solid: open; dashed: presumed open; crossed: disputed; "
                "upright lines: suspended; grey: closed; dotted: unknown.",
            ),
            narrow,
        )  # fmt: skip
        axes, middles = roster.draw(sheet)
        axes.set_xlim(0, REACH)
        axes.set_xticks([0, 0.5, 1, 1.5, 2], ["0", "half", "as is", "1\u00bd \u00d7", "2 \u00d7"])
        for (constant, id), y in zip(rows, middles, strict=False):
            own = found[(found.index == id) & (found["constant"] == constant)]
            _strip(axes, y, own)
        roster.rule(axes, [0, 0.5, 1.5, 2])
        roster.rule(axes, [1], INK, 1.2, 4)
        return sheet


def _strip(axes: Axes, y: float, own: pd.DataFrame) -> None:
    """Draw a venue's status over the values of a constant, in multiples of what it is."""
    value = max(1, int(own["value"].iloc[0]))
    bar(axes, (0, REACH), y, STRIP * 0.62, own["status"].iloc[0])
    for first, last, becomes in zip(own["first"], own["last"], own["becomes"], strict=True):
        end = REACH if pd.isna(last) else min(REACH, (last + 1) / value)
        if first / value < end:
            bar(axes, (first / value, end), y, STRIP * 0.62, becomes)
