"""How long venues last: Kaplan and Meier's curve, a panel for each country or kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from outposts import questions
from outposts.plots.marks import COLOURS, GREY, INK
from outposts.plots.panels import Panels, group_name
from outposts.plots.sheet import Sheet, notes, plural, style
from outposts.questions.months import By
from outposts.questions.table import day_or_today
from outposts.rules import RULES, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry

YEAR = 365.2425  # days
LINE, BAND = COLOURS["open"], "#cfe5df"


def survival(
    registry: Registry,
    by: By | None = "country",
    delayed: bool = False,
    known: Any = None,
    rules: Rules = RULES,
    narrow: bool = False,
    **wanted: Any,
) -> Sheet:
    """Draw `outposts.questions.survival` with closings on their last day, and a band down to their first."""
    lives = questions.lifetimes(registry, known, rules, **wanted)
    left_out = int((lives["left_out"] != "").sum())
    told: dict[str, Any] = {"delayed": delayed, "known": known, "rules": rules, **wanted}
    late = questions.survival(registry, by, "last", **told)
    early = questions.survival(registry, by, "first", **told)
    whole = questions.survival(registry, None, "last", **told)
    lives = lives[lives["left_out"] == ""]
    members: dict[str, pd.DataFrame] = {}
    curves: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
    if by and len(lives):
        members["all"] = lives
        curves["all"] = (whole, questions.survival(registry, None, "first", **told))
    for group in sorted(late["group"].unique(), key=lambda group: group_name(by, group)):
        members[group] = lives[lives[by] == group] if by else lives
        curves[group] = (late[late["group"] == group], early[early["group"] == group])
    heads = [
        (
            "All venues" if group == "all" else group_name(by, group),
            f"{plural(len(members[group]), 'venue')}, {_closed(curve)}",
        )
        for group, (curve, _) in curves.items()
    ]
    longest = max([1.0, *(lives["days"].astype(float) / YEAR)])
    own = [
        "Line: Kaplan and Meier's estimate, each closing on the last day that it can mean; edge of the band: on the first. "
        "Upright tick: a venue that leaves the count on the day it was last seen open, as its end is unknown or disputed.",
        f"Years since a venue was first known open, which can be long after it opened. {plural(left_out, 'venue')} never "
        "known open on any day cannot be counted. Few venues make steep steps: the curve is a summary of these, not a forecast.",
    ]  # fmt: skip
    if delayed:
        own.append(
            "A venue is at risk only from the day on which the public could first know of it."
        )
    with style():
        panels = Panels(heads, narrow)
        sheet = Sheet(
            _title(whole, len(lives)),
            "Share of venues still open, by years since each was first known open.",
            panels.height,
            notes(registry, day_or_today(known), rules, *own),
            narrow,
        )
        for group, axes in zip(curves, panels.draw(sheet), strict=True):
            for other in curves:
                if other not in (group, "all"):
                    x, y = _steps(curves[other][0], members[other]["days"])
                    axes.step(x, y, where="post", color="#e2e5e9", linewidth=1, zorder=2)
            _curve(axes, *curves[group], members[group])
            axes.set_xlim(0, longest * 1.02)
            axes.set_ylim(-0.03, 1.05)
            axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5 if narrow else 7, integer=True))
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:.0f} y" if x else "0")
            axes.axhline(0.5, color=GREY, linewidth=0.7, linestyle=(0, (2, 3)), zorder=1.5)
        return sheet


def _curve(axes: Axes, late: pd.DataFrame, early: pd.DataFrame, lives: pd.DataFrame) -> None:
    x, y = _steps(late, lives["days"])
    first_x, first_y = _steps(early, lives["days_first"])
    every = np.unique(np.concatenate([x, first_x]))
    one = y[np.searchsorted(x, every, side="right") - 1]
    two = first_y[np.searchsorted(first_x, every, side="right") - 1]
    axes.fill_between(every, one, two, step="post", color=BAND, linewidth=0, zorder=3)
    axes.step(x, y, where="post", color=LINE, linewidth=2, zorder=4)
    gone = np.sort(lives.loc[~lives["closed"], "days"].astype(float).to_numpy()) / YEAR
    level = y[np.searchsorted(x, gone, side="right") - 1]
    axes.plot(gone, level, "|", color=INK, markersize=9, markeredgewidth=1.2, zorder=5)


def _steps(curve: pd.DataFrame, days: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return a curve's corners in years and shares, up to the last day that any of its venues was counted."""
    end = max([float(curve["days"].iloc[-1]), *days.astype(float)])
    x = np.array([*curve["days"].astype(float), end]) / YEAR
    share = curve["survival"].to_numpy()
    return x, np.array([*share, share[-1]])


def _closed(curve: pd.DataFrame) -> str:
    closed = int(curve["closed"].sum())
    half = curve.loc[curve["survival"] <= 0.5, "days"]
    if not closed:
        return "none closed"
    return f"{closed} closed" + (
        f", half within {half.iloc[0] / YEAR:.1f} years" if len(half) else ""
    )


def _title(whole: pd.DataFrame, number: int) -> str:
    half = whole.loc[whole["survival"] <= 0.5, "days"]
    if not number:
        return "No venue is known to have been open"
    if len(half):
        return f"Half of {plural(number, 'venue')} are estimated to have closed within {half.iloc[0] / YEAR:.1f} years of being first known open"
    share, days = whole["survival"].iloc[-1], whole["days"].iloc[-1]
    return f"Of {plural(number, 'venue')}, {share:.0%} are estimated to be open {days / YEAR:.1f} years after being first known open"
