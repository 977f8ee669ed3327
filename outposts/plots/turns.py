"""From one status to another, in a row."""

from __future__ import annotations

from matplotlib.axes import Axes

from outposts.plots.marks import GREY, INK, label, mark

COLUMN = 1.75  # inches from one status to the other


def turn(axes: Axes, y: float, one: str, two: str, apart: float) -> None:
    """Draw two statuses with their names and an arrow between; axes are in inches, from x = 0 on."""
    for x, status, colour in ((0.12, one, GREY), (0.12 + apart, two, INK)):
        mark(axes, x, y, status)
        axes.text(x + 0.14, y, label(status), va="center", size=9, color=colour)
    axes.annotate(
        "", (apart - 0.02, y), (apart - 0.3, y),
        arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
