"""The answers of `outposts.questions` as plots: sheets that say in their title what is seen.

Each function takes what the question of its name takes, and ``narrow`` for a sheet as wide as a phone's
screen instead of a desk's. It returns a `Sheet`; `save` writes it as SVG or PNG, the same bytes for the same
registry, and its ``figure`` is matplotlib's. Needs the extra ``plots``.

Examples
--------
>>> import outposts
>>> sheet = recheck(outposts.load(), "2026-11-23", known="2026-11-23")
>>> sheet.title[:7]
'What is'
"""

from __future__ import annotations

from outposts.plots.changes import changed
from outposts.plots.counts import coverage
from outposts.plots.deadline import open_after
from outposts.plots.lifetimes import survival
from outposts.plots.months import monthly
from outposts.plots.recheck import recheck
from outposts.plots.sheet import PlotError, Sheet, save
from outposts.plots.support import single_source
from outposts.plots.thresholds import sensitivity

__all__ = [
    "PlotError",
    "Sheet",
    "changed",
    "coverage",
    "monthly",
    "open_after",
    "recheck",
    "save",
    "sensitivity",
    "single_source",
    "survival",
]
