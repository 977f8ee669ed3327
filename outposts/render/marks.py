"""The mark of each status as curves: the shapes of ``static/marks.js``, for pictures.

A curve is a list of steps in the order in which they are drawn: ``("move", x, y)``, ``("line", x, y)``,
``("cubic", x1, y1, x2, y2, x, y)`` and ``("close",)``; x runs right, y down.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, cos, log2, pi, sin, tan
from typing import Any

from outposts.rules import STATUSES
from outposts.vocabulary import vocabulary

Curve = list[tuple[Any, ...]]

SINGLE = 9.0
"""Radius of the mark of one venue, in the units of a picture."""

PLATE = 11.5 / 10
"""Radius of the plate under a mark, in radii of the mark: it lifts the mark off the ground."""

RING_SHARE = 0.46
"""Of a donut's radius, what its ring takes at most."""


def radius(count: int) -> float:
    """Return the radius of the mark of so many venues."""
    return min(13 + 1.6 * log2(count), 26) if count > 1 else SINGLE


def arc(x: float, y: float, r: float, start: float, end: float) -> Curve:
    """Return a part of a circle from angle ``start`` to ``end``, clockwise from the right, in radians."""
    pieces = max(1, ceil(abs(end - start) / (pi / 2) - 1e-9))
    turn = (end - start) / pieces
    reach = 4 / 3 * tan(turn / 4) * r
    steps: Curve = [("move", x + r * cos(start), y + r * sin(start))]
    for piece in range(pieces):
        a, b = start + piece * turn, start + (piece + 1) * turn
        steps.append(
            (
                "cubic",
                x + r * cos(a) - reach * sin(a), y + r * sin(a) + reach * cos(a),
                x + r * cos(b) + reach * sin(b), y + r * sin(b) - reach * cos(b),
                x + r * cos(b), y + r * sin(b),
            )
        )  # fmt: skip
    return steps


def circle(x: float, y: float, r: float) -> Curve:
    """Return a whole circle, from its top on."""
    return [*arc(x, y, r, -pi / 2, 1.5 * pi), ("close",)]


def _strokes(*lines: tuple[float, float, float, float]) -> Curve:
    return [step for a, b, c, d in lines for step in (("move", a, b), ("line", c, d))]


_RING = {"curve": circle(10, 10, 8.1), "width": 2.4}
SHAPES: dict[str, list[dict[str, Any]]] = {
    "disc": [{"curve": circle(10, 10, 8.5)}],
    "target": [_RING, {"curve": circle(10, 10, 4)}],
    "half": [_RING, {"curve": [*arc(10, 10, 8, -pi / 2, -1.5 * pi), ("close",)]}],
    "pause": [_RING, {"curve": _strokes((7.4, 6.4, 7.4, 13.6), (12.6, 6.4, 12.6, 13.6)), "width": 2.4}],
    "cross": [_RING, {"curve": _strokes((6.9, 6.9, 13.1, 13.1), (13.1, 6.9, 6.9, 13.1)), "width": 2.4}],
    "dashes": [{**_RING, "dash": [3.2, 3.16]}],
    "dot": [{"curve": circle(10, 10, 3)}],
}  # fmt: skip
"""Shape -> its parts on a square of 20 units: filled, or stroked where they have a ``width`` (and a ``dash``)."""

RINGS: dict[str, tuple[float, list[float]]] = {
    "disc": (1, []),
    "target": (0.6, []),
    "half": (1, [2.5, 1.8]),
    "pause": (0.6, [5, 2]),
    "cross": (0.5, []),
    "dashes": (0.3, [2.5, 2.5]),
    "dot": (0.2, []),
}
"""Shape -> how it is told in a donut without colour: share of the ring's width, and dash."""


def color(status: str, theme: str) -> str:
    """Return the colour of a status, as ``#rrggbb``; ``theme`` is ``light`` or ``dark``."""
    found: str = vocabulary()["statuses"][status]["dark" if theme == "dark" else "color"]
    return found


def mark(status: str, x: float, y: float, r: float, theme: str) -> list[dict[str, Any]]:
    """Return the parts of one status's mark around a point, as a picture draws them."""
    paint = color(status, theme)
    scale = r / 10
    parts = []
    for part in SHAPES[vocabulary()["statuses"][status]["shape"]]:
        placed = {"curve": _placed(part["curve"], x - r, y - r, scale)}
        if "width" not in part:
            parts.append({**placed, "fill": paint})
            continue
        stroke = {"stroke": paint, "width": part["width"] * scale}
        dash = [length * scale for length in part.get("dash", ())]
        parts.append({**placed, **stroke, **({"dash": dash} if dash else {})})
    return parts


def donut(
    counts: Mapping[str, int], x: float, y: float, r: float, theme: str
) -> list[dict[str, Any]]:
    """Return the parts of a ring that is divided by status; ``counts`` has one above zero at least."""
    total = sum(counts.values())
    angle = -pi / 2
    parts = []
    for status in STATUSES:
        count = counts.get(status, 0)
        if not count:
            continue
        share, dash = RINGS[vocabulary()["statuses"][status]["shape"]]
        thick = r * RING_SHARE * share
        end = angle + count / total * 2 * pi
        gap = 0 if count == total else 1 / r
        line = {"stroke": color(status, theme), "width": thick, **({"dash": dash} if dash else {})}
        parts.append({"curve": arc(x, y, r - thick / 2, angle + gap, end - gap), **line})
        angle = end
    return parts


def _placed(curve: Curve, left: float, top: float, scale: float) -> Curve:
    return [
        (kind, *(n * scale + (top if i % 2 else left) for i, n in enumerate(numbers)))
        for kind, *numbers in curve
    ]
