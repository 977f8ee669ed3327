"""The statuses as the map shows them: a shape, a colour, and for areas a hatch, so that colour is never alone."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from outposts.rules import STATUSES
from outposts.vocabulary import vocabulary

PAPER, INK, GREY, FAINT = "#ffffff", "#1d2433", "#5a6475", "#e3e6ea"

COLOURS: dict[str, str] = {name: vocabulary()["statuses"][name]["color"] for name in STATUSES}

# Areas: the face and the hatch over it; lines of the hatch are the status's colour or paper.
_FACES = {
    "open": (COLOURS["open"], None, PAPER),
    "presumed-open": ("#a9d5ca", "////", COLOURS["presumed-open"]),
    "disputed": ("#f3c594", "xxxx", COLOURS["disputed"]),
    "suspended": ("#c9bdea", "||||", COLOURS["suspended"]),
    "closed": ("#c3c8d0", None, COLOURS["closed"]),
    "unknown": ("#f4f5f7", "....", "#c3c8d0"),
    "not-yet-open": (PAPER, "\\\\", "#dfe2e7"),
}


def label(status: str) -> str:
    """Return a status in English, such as ``presumed open``."""
    return str(vocabulary()["en"]["statuses"][status]["summary"])


def reason(code: str) -> str:
    """Return a reason in English, such as ``not seen for long``."""
    return str(vocabulary()["en"]["reasons"][code])


def area(status: str) -> dict[str, Any]:
    """Return how an area of a status is filled: matplotlib's properties of a patch."""
    face, hatch, line = _FACES[status]
    return {
        "facecolor": face,
        "hatch": hatch,
        "hatchcolor": line,
        "edgecolor": "none",
        "linewidth": 0,
    }


def bar(axes: Axes, x: tuple[float, float], y: float, height: float, status: str) -> None:
    """Draw a bar of a status from x[0] to x[1], centred on y."""
    axes.add_patch(Rectangle((x[0], y - height / 2), x[1] - x[0], height, zorder=2, **area(status)))


def mark(axes: Axes, x: float, y: float, status: str, size: float = 10) -> None:
    """Draw a status's shape, ``size`` points wide."""
    colour = COLOURS[status]

    def point(marker: str, scale: float = 1, **style: Any) -> None:
        axes.plot(
            [x], [y], marker=marker, markersize=size * scale, color=colour, zorder=5,
            markeredgecolor=colour, linestyle="none", clip_on=False, **style,
        )  # fmt: skip

    if status == "open":
        point("o", markeredgewidth=0.8)
    elif status == "presumed-open":
        point("o", markerfacecolor=PAPER, markeredgewidth=1.4)
        point("o", 0.42, markeredgewidth=0)
    elif status == "disputed":
        point("o", fillstyle="left", markerfacecoloralt=PAPER, markeredgewidth=1.4)
    elif status == "suspended":
        point("o", markerfacecolor=PAPER, markeredgewidth=1.4)
        point("|", 0.5, markeredgewidth=2.4)
    elif status == "closed":
        point("x", 0.75, markeredgewidth=2.2)
    elif status == "unknown":
        point("o", markerfacecolor=PAPER, markeredgewidth=1.2)
        point("_", 0.5, markeredgewidth=1.2)
    else:
        point("o", 0.4, markeredgewidth=0)
