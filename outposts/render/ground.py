"""The ground of a picture: Natural Earth's outlines in a frame, as lines and areas to draw, and names to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, atan, cos, degrees, log2, pi, radians, sinh, tan
from typing import Any

from outposts import basemap
from outposts.render.view import CLOSEST, Bounds

WORLD = 256.0  # width of the world at zoom 0, as on the page
EQUATOR_M = 40_075_016.7
APART = 0.5  # points nearer than this, in the picture's units, are one
EDGE = 26.0  # room around what a frame has to show: half the largest mark
BEYOND = 8.0  # how far over the frame's edge areas are drawn, so that no edge shows
LARGE, SMALL = 12.0, 10.0  # sizes of names
WIDE = 260.0  # a country so wide has a large name
TOWNS_AFTER = 100  # in rank: after all countries

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """A part of the world in Web Mercator on a rectangle ``width`` by ``height`` of a picture's units.

    ``scale`` is the width of the whole world in those units, ``x`` and ``y`` where its north-western
    corner lies: left of and above the frame, as a rule.
    """

    width: float
    height: float
    scale: float
    x: float
    y: float

    @classmethod
    def fit(cls, bounds: Bounds, width: float, height: float) -> Frame:
        """Return the frame that shows a box of degrees with `EDGE` on each side, as large as it goes.

        The box is ``((south, west), (north, east))``. No frame is closer than zoom 11: the outlines
        say nothing finer.
        """
        (south, west), (north, east) = bounds
        left, right = west / 360 + 0.5, east / 360 + 0.5
        top, bottom = _mercator(north), _mercator(south)
        closest = WORLD * 2**CLOSEST
        scale = min(
            closest,
            (width - 2 * EDGE) / max(right - left, 1e-9),
            (height - 2 * EDGE) / max(bottom - top, 1e-9),
        )
        x = width / 2 - (left + right) / 2 * scale
        y = height / 2 - (top + bottom) / 2 * scale
        if scale >= height:  # no empty strip beyond the poles where the world can fill the frame
            y = max(min(y, 0.0), height - scale)
        return cls(width, height, scale, x, y)

    def project(self, lon: float, lat: float) -> Point:
        """Return x (right) and y (down) of a point in degrees."""
        return (
            (lon / 360 + 0.5) * self.scale + self.x,
            _mercator(lat) * self.scale + self.y,
        )

    def metres(self, lat: float) -> float:
        """Return how many metres on the ground one unit is at a latitude."""
        return EQUATOR_M * cos(radians(lat)) / self.scale

    @property
    def zoom(self) -> float:
        """The zoom at which the page shows as much."""
        return log2(self.scale / WORLD)

    @property
    def degrees(self) -> Box:
        """West, south, east, north of the frame; west and east may lie beyond 180."""
        west = (-self.x / self.scale - 0.5) * 360
        east = ((self.width - self.x) / self.scale - 0.5) * 360
        north = _latitude(-self.y / self.scale)
        south = _latitude((self.height - self.y) / self.scale)
        return west, max(south, -85.05), east, min(north, 85.05)


class Ground:
    """The outlines of a frame; ``bright`` are the ISO codes of the countries that the map is about."""

    def __init__(self, frame: Frame, level: str, bright: Iterable[str]) -> None:
        self.frame = frame
        self.bright = frozenset(bright)
        whole = basemap.load(level)
        self.layers: dict[str, list[dict[str, Any]]] = whole["layers"]
        arcs, boxes = basemap.boxed(level)
        self._arcs, self._units = arcs, float(whole["scale"])
        self._boxes = boxes

    def areas(self, colors: dict[str, str]) -> Iterator[dict[str, Any]]:
        """Yield what is drawn, in order: ``lines`` of points, with ``fill``, or ``stroke``, ``width`` and ``dash``.

        ``colors`` holds those of ``land``, ``land-dim``, ``urban``, ``province``, ``river``, ``lake``, ``border``
        and ``coast``.
        """
        countries = self.layers["countries"]
        for color, own in (("land-dim", False), ("land", True)):
            rings = [r for c in countries if (c["iso"] in self.bright) == own for r in c["rings"]]
            yield {"lines": list(self._rings(rings)), "fill": colors[color]}
        urban = [ring for area in self.layers.get("urban", ()) for ring in area["rings"]]
        yield {"lines": list(self._rings(urban)), "fill": colors["urban"]}
        yield self._stroke("provinces", colors["province"], 0.7)
        yield self._stroke("rivers", colors["river"], 0.8)
        lakes = [ring for area in self.layers.get("lakes", ()) for ring in area["rings"]]
        shore = {"stroke": colors["river"], "width": 0.8}
        yield {"lines": list(self._rings(lakes)), "fill": colors["lake"], **shore}
        yield self._stroke("borders", colors["border"], 0.9, disputed=False)
        yield {**self._stroke("borders", colors["border"], 0.9, disputed=True), "dash": [3, 3]}
        yield self._stroke("coast", colors["coast"], 0.8)

    def names(
        self, countries: dict[str, str], towns: Sequence[tuple[str, float, float]]
    ) -> list[dict[str, Any]]:
        """Return the names that may be written, the more important first.

        ``countries`` are names by ISO code, for those that are not to be called as in English; ``towns``
        name, lon and lat, the most populous first. ``room`` is how wide a name may be.
        """
        found: list[tuple[float, float, str, dict[str, Any]]] = []
        for country in self.layers["countries"]:
            text = countries.get(country["iso"], country["name"])
            x, y = self.frame.project(*country["label"])
            if not (0 <= x <= self.frame.width and 0 <= y <= self.frame.height):
                continue
            bright = country["iso"] in self.bright
            room = self._room(country["rings"])
            latin = all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x2070 for letter in text)
            name = {
                "text": text.upper(), "x": x, "y": y, "room": room * 1.15, "town": False, "bright": bright,
                "size": LARGE if room > WIDE else SMALL, "tracking": 0.1 if latin else 0.0,
            }  # fmt: skip
            found.append((country["rank"] - (10 if bright else 0), -room, text, name))
        for number, (text, lon, lat) in enumerate(towns):
            x, y = self.frame.project(lon, lat)
            name = {
                "text": text, "x": x, "y": y, "room": self.frame.width, "town": True, "bright": True,
                "size": LARGE, "tracking": 0.0,
            }  # fmt: skip
            found.append((TOWNS_AFTER + number, 0.0, text, name))
        return [name for *_, name in sorted(found, key=lambda one: one[:3])]

    def _stroke(self, layer: str, color: str, width: float, **only: Any) -> dict[str, Any]:
        refs = [
            ref
            for entry in self.layers.get(layer, ())
            if all(bool(entry.get(key)) == value for key, value in only.items())
            for ref in entry["arcs"]
        ]
        return {"lines": list(self._paths(refs)), "stroke": color, "width": width}

    def _turns(self, refs: Sequence[int]) -> Iterator[float]:
        """Yield by how many degrees the world has to be turned so that arcs lie in the frame: 0, as a rule."""
        own = [self._boxes[ref if ref >= 0 else ~ref] for ref in refs]
        box = [end / self._units for end in (min(b[0] for b in own), min(b[1] for b in own),
                                            max(b[2] for b in own), max(b[3] for b in own))]  # fmt: skip
        west, south, east, north = self.frame.degrees
        for turn in (-360.0, 0.0, 360.0):
            if (
                box[0] + turn <= east
                and box[2] + turn >= west
                and box[1] <= north
                and box[3] >= south
            ):
                yield turn

    def _rings(self, rings: Iterable[Sequence[int]]) -> Iterator[list[Point]]:
        """Yield rings in the frame, cut a little beyond its edge."""
        for refs in rings:
            for turn in self._turns(refs):
                points = self._clipped(self._projected(basemap.ring(list(refs), self._arcs), turn))
                if len(points) > 2:
                    yield _rounded(points)

    def _paths(self, refs: Iterable[int]) -> Iterator[list[Point]]:
        """Yield the parts of arcs that lie in the frame."""
        width, height = self.frame.width, self.frame.height
        for ref in refs:
            for turn in self._turns([ref]):
                run: list[Point] = []
                points = self._projected(self._arcs[ref if ref >= 0 else ~ref], turn)
                for (ax, ay), (bx, by) in pairwise(points):
                    if (
                        max(ax, bx) < 0
                        or min(ax, bx) > width
                        or max(ay, by) < 0
                        or min(ay, by) > height
                    ):
                        if run:
                            yield _rounded(run)
                        run = []
                        continue
                    run = run or [(ax, ay)]
                    run.append((bx, by))
                if run:
                    yield _rounded(run)

    def _projected(self, arc: Sequence[tuple[int, int]], turn: float) -> list[Point]:
        """Return an arc in the picture's units, without points that fall on the one before."""
        out: list[Point] = []
        px = py = float("inf")
        last = len(arc) - 1
        for number, (lon, lat) in enumerate(arc):
            x, y = self.frame.project(lon / self._units + turn, lat / self._units)
            if number == last or abs(x - px) > APART or abs(y - py) > APART:
                out.append((x, y))
                px, py = x, y
        return out

    def _clipped(self, points: list[Point]) -> list[Point]:
        """Return a ring cut by the frame, side by side (Sutherland and Hodgman, 1974)."""
        for axis, limit, sign in (
            (0, -BEYOND, 1),
            (0, self.frame.width + BEYOND, -1),
            (1, -BEYOND, 1),
            (1, self.frame.height + BEYOND, -1),
        ):
            kept: list[Point] = []
            for one, other in zip(
                [points[-1], *points[:-1]] if points else (), points, strict=True
            ):
                inside = [(point[axis] - limit) * sign >= 0 for point in (one, other)]
                if inside[0] != inside[1]:
                    share = (limit - one[axis]) / (other[axis] - one[axis])
                    kept.append(
                        (one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1]))
                    )
                if inside[1]:
                    kept.append(other)
            points = kept
        return points

    def _room(self, rings: Sequence[Sequence[int]]) -> float:
        """Return how wide a country is where its name goes: its widest ring, or half of all of its islands."""
        boxes = []
        for refs in rings:
            own = [self._boxes[ref if ref >= 0 else ~ref] for ref in refs]
            boxes.append((min(box[0] for box in own), max(box[2] for box in own)))
        widest = max(east - west for west, east in boxes)
        whole = max(east for _, east in boxes) - min(west for west, _ in boxes)
        if (
            whole <= 180 * self._units
        ):  # else on both sides of the 180th meridian: that says nothing
            widest = max(widest, whole // 2)
        return widest / self._units / 360 * self.frame.scale


def _rounded(points: list[Point]) -> list[Point]:
    return [(round(x, 2), round(y, 2)) for x, y in points]


def _mercator(lat: float) -> float:
    """Return how far down the world a latitude lies, 0 at 85.05 north, 1 at 85.05 south."""
    return 0.5 - asinh(tan(radians(max(min(lat, 85.05), -85.05)))) / (2 * pi)


def _latitude(y: float) -> float:
    return degrees(atan(sinh((0.5 - y) * 2 * pi)))
