"""How many venues had which status, month by month: layers, one a status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from outposts import dates, questions
from outposts.plots.marks import FAINT, INK, area, label
from outposts.plots.panels import KEY_LINE, Panels, draw_key, group_name, key_lines
from outposts.plots.roster import time_scale
from outposts.plots.sheet import FIRM, MARGIN, Sheet, notes, plural, style, width_of
from outposts.questions.deadline import OPEN
from outposts.questions.months import By
from outposts.questions.table import day_or_today
from outposts.rules import RULES, Rules
from outposts.words import words

if TYPE_CHECKING:
    from outposts.registry import Registry

LAYERS = ("open", "presumed-open", "disputed", "suspended", "closed", "unknown", "not-yet-open")
"""From the ground up: what may be open first, so that its sum is read off the scale."""
HEIGHT = {False: 4.2, True: 3.2}


def monthly(
    registry: Registry,
    start: Any = None,
    end: Any = None,
    by: By | None = None,
    known: Any = None,
    rules: Rules = RULES,
    narrow: bool = False,
    **wanted: Any,
) -> Sheet:
    """Draw `outposts.questions.monthly`: layers of statuses; ``by`` country or kind, a panel each."""
    found = questions.monthly(registry, start, end, by, known, rules, **wanted)
    clock = day_or_today(known)
    totals = found.groupby(["month", "status"])["count"].sum().unstack(fill_value=0)
    number = int(totals.iloc[0].sum()) if len(totals) else 0
    title = "No venues to count"
    if number:
        some = totals[list(OPEN)].sum(axis=1)
        peak: Any = some.idxmax()
        month = f"{_month(peak)}"
        title = (
            f"At most {some[peak]} of {plural(number, 'venue')} were open, presumed open or disputed at once, in {month}; "
            f"in {_month(totals.index[-1])} it was {some.iloc[-1]}"
        )
    there = [status for status in LAYERS if status in totals and totals[status].any()]
    told = notes(
        registry, clock, rules,
        "The status of each venue on the first day of each month. Unknown is no evidence, evidence too old, or a change on an unknown day.",
    )  # fmt: skip
    deck = "Venues by their status on the first day of each month."
    with style():
        if by is None:
            sheet = Sheet(title, deck, HEIGHT[narrow], told, narrow)
            if there:
                _all(sheet, totals, there)
            return sheet
        groups = sorted(found["group"].unique(), key=lambda group: group_name(by, group))
        sizes = {group: int(part["count"].sum() / max(1, part["month"].nunique())) for group, part in found.groupby("group")}  # fmt: skip
        panels = Panels(
            [(group_name(by, group), plural(sizes[group], "venue")) for group in groups], narrow
        )
        lines = key_lines(there, narrow)
        key = len(lines) * KEY_LINE + 0.1
        sheet = Sheet(title, deck, panels.height + key, told, narrow)
        draw_key(sheet, lines)
        for group, axes in zip(groups, panels.draw(sheet, key), strict=True):
            part = found[found["group"] == group].pivot(
                index="month", columns="status", values="count"
            )
            _layers(axes, part, there, panels.wide)
            axes.set_ylim(0, max(sizes.values()))
        return sheet


def _all(sheet: Sheet, totals: pd.DataFrame, there: list[str]) -> None:
    """Draw one plot with a label beside each layer's end."""
    size = 9
    labels = {status: f"{int(totals[status].iloc[-1])} {label(status)}" for status in there}
    side = max(width_of(text, size, "bold") for text in labels.values()) + 0.3
    right = sheet.width - MARGIN - side
    top, bottom = sheet.top + 0.05, sheet.top + HEIGHT[sheet.narrow] - 0.25
    axes = sheet.axes(MARGIN + 0.35, right, top, bottom)
    _layers(axes, totals, there, right - MARGIN - 0.35)
    number = int(totals.iloc[0].sum())
    axes.set_ylim(0, number)
    tall, base = bottom - top, 0.0
    wanted = []
    for status in there:
        last = float(totals[status].iloc[-1])
        wanted.append((base + last / 2) / max(1, number) * tall)
        base += last
    for status, y in zip(there, _apart(wanted, 0.2, tall), strict=True):
        swatch = sheet.axes(right + 0.08, right + 0.22, bottom - y - 0.06, bottom - y + 0.06)
        swatch.set_xticks([])
        swatch.set_yticks([])
        swatch.axvspan(0, 1, **area(status))
        swatch.set_xlim(0, 1)
        sheet.write(right + 0.29, bottom - y + 0.04, labels[status], size, INK)


def _apart(wanted: list[float], least: float, most: float) -> list[float]:
    """Return heights near the wanted ones, rising, ``least`` apart and within 0 to ``most`` if there is room."""
    found: list[float] = []
    for y in wanted:
        found.append(max(y, found[-1] + least if found else least / 2))
    ceiling = most - least / 2
    for index in range(len(found) - 1, -1, -1):
        found[index] = min(found[index], ceiling)
        ceiling = found[index] - least
    return found


def _layers(axes: Axes, counts: pd.DataFrame, there: list[str], width: float) -> None:
    """Draw the layers of one table of month by status."""
    days = [dates.day(month) for month in counts.index]
    edges = [*days, days[-1] + 31]
    base = np.zeros(len(edges))
    for status in there:
        values = counts[status].to_numpy()
        top = base + np.array([*values, values[-1]])
        axes.fill_between(edges, base, top, step="post", zorder=2, **area(status))
        axes.step(edges, top, where="post", color="white", linewidth=0.7, zorder=3)
        base = top
    time_scale(axes, edges[0], edges[-1], width)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))


def _month(stamp: pd.Timestamp) -> str:
    return words().when(("month", stamp.year, stamp.month)).replace(" ", FIRM)
