"""Outlines of countries: what the page draws, and whether a point is in its country (Natural Earth)."""

from __future__ import annotations

import base64
import csv
import itertools
import json
import math
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from outposts.errors import MapError, UnknownName
from outposts.paths import geodata

if TYPE_CHECKING:
    from shapely.geometry import MultiPolygon

LEVELS = ("town", "region", "world")
"""The basemaps that a page may hold, the finer first; ``countries`` is for :func:`contains` alone."""

TOWN = 6.0
"""Degrees from side to side of the largest map that gets the outlines for towns."""

COAST_M = 5_000.0
"""How far at sea a point may lie: piers, reclaimed land, islets that the outlines leave out."""

BORDER_M = 1_500.0
"""How far over a land border a point may lie: the outlines are good to about 1 km in Asia, 3 km elsewhere."""

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371.0 km."""

_INSIDE = {
    "BV": "NO", "CC": "CX", "GF": "FR", "GP": "FR", "MQ": "FR", "RE": "FR", "YT": "FR", "BQ": "NL",
    "SJ": "NO", "TK": "NZ", "VA": "IT", "GI": "ES",
}  # fmt: skip
"""Codes of ISO 3166-1 whose land is drawn as part of another country's, or is too small to be drawn."""


def load(name: str) -> dict[str, Any]:
    """Return a packaged basemap as its JSON says, arcs still encoded.

    Parameters
    ----------
    name
        ``town`` (Southeast Asia to zoom 8 and with provinces and urban areas, the rest of the world coarse),
        ``region`` (Southeast Asia to zoom 6), ``world`` or ``countries``.

    Raises
    ------
    UnknownName
        If there is no such basemap.
    """
    path = geodata() / "basemap" / f"{name}.json"
    if name not in (*LEVELS, "countries"):
        raise UnknownName(
            f"there is no basemap {name!r}; there are: {', '.join((*LEVELS, 'countries'))}"
        )
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))


def choose(bounds: tuple[float, float, float, float]) -> str:
    """Return the name of the basemap that suits a map of ``bounds``: the finest that covers them and is not too large.

    All reach round the world; what a basemap covers is where it is not too coarse. ``town`` is for
    maps of at most `TOWN` degrees from side to side.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees. Ends are included; a box over the 180th meridian gets ``world``.

    Raises
    ------
    MapError
        If the bounds are no box: south above north, or not finite.

    Examples
    --------
    >>> choose((105.0, 20.0, 107.0, 22.0))
    'town'
    >>> choose((100.5, -6.2, 106.0, 21.1))
    'region'
    >>> choose((-74.0, 40.7, 127.0, 41.0))
    'world'
    """
    west, south, east, north = bounds
    if not all(map(math.isfinite, bounds)) or south > north:
        raise MapError(f"bounds {bounds} are not west, south, east, north in degrees")
    w, s, e, n = load("region")["covers"]
    if not (w <= west <= east <= e and s <= south and north <= n):
        return "world"
    return "town" if max(east - west, north - south) <= TOWN else "region"


def decode(text: str) -> list[list[tuple[int, int]]]:
    """Return the arcs of a basemap as (x, y) points: lon and lat in its units, ``scale`` to a degree.

    Raises
    ------
    MapError
        If ``text`` is not base64 of deflated arcs.
    """
    try:
        stream = zlib.decompress(base64.b64decode(text, validate=True), -15)
    except (ValueError, zlib.error) as error:
        raise MapError(f"the basemap's arcs cannot be read: {error}") from error
    numbers = []
    value = shift = 0
    for byte in stream:
        value |= (byte & 127) << shift
        if byte & 128:
            shift += 7
        else:
            numbers.append(value)
            value = shift = 0
    arcs = []
    at = x = y = 0
    while at < len(numbers):
        end = at + 1 + 2 * numbers[at]
        if end > len(numbers):
            raise MapError("the basemap's arcs cannot be read: the last arc is cut off")
        arc = []
        for i in range(at + 1, end, 2):
            dx, dy = numbers[i], numbers[i + 1]
            x += (dx >> 1) ^ -(dx & 1)
            y += (dy >> 1) ^ -(dy & 1)
            arc.append((x, y))
        arcs.append(arc)
        at = end
    return arcs


def encode(arcs: Sequence[Sequence[tuple[int, int]]]) -> str:
    """Return arcs as base64 of raw deflate of varints.

    An arc is its number of points, then dx, dy of each point from the one before (the first from the last
    point of the arc before, the very first from 0, 0); dx and dy zigzag.
    """
    stream = bytearray()

    def put(value: int) -> None:
        while value > 127:
            stream.append(value & 127 | 128)
            value >>= 7
        stream.append(value)

    x = y = 0
    for arc in arcs:
        put(len(arc))
        for px, py in arc:
            for delta in (px - x, py - y):
                put(delta << 1 if delta >= 0 else (-delta << 1) - 1)
            x, y = px, py
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return base64.b64encode(deflate.compress(bytes(stream)) + deflate.flush()).decode("ascii")


def around(name: str, window: tuple[float, float, float, float]) -> dict[str, Any]:
    """Return what a basemap has in a window, in the form of `load`, and the ``window`` itself.

    Rings and lines are kept whole where their box meets the window, so that land at its edge has no cut.

    Parameters
    ----------
    name
        As for `load`.
    window
        West, south, east, north in degrees, ends included; not over the 180th meridian.
    """
    whole = load(name)
    arcs, boxes = boxed(name)
    scale = int(whole["scale"])
    west, south, east, north = (end * scale for end in window)

    def meets(refs: Sequence[int]) -> bool:
        own = [boxes[ref if ref >= 0 else ~ref] for ref in refs]
        return (
            min(box[0] for box in own) <= east
            and min(box[1] for box in own) <= north
            and max(box[2] for box in own) >= west
            and max(box[3] for box in own) >= south
        )

    number: dict[int, int] = {}

    def renumbered(refs: Sequence[int]) -> list[int]:
        for ref in refs:
            number.setdefault(ref if ref >= 0 else ~ref, len(number))
        return [number[ref] if ref >= 0 else ~number[~ref] for ref in refs]

    layers: dict[str, list[dict[str, Any]]] = {}
    for layer, entries in whole["layers"].items():
        layers[layer] = []
        for entry in entries:
            kept: list[Any]
            if "rings" in entry:
                kind, kept = "rings", [renumbered(refs) for refs in entry["rings"] if meets(refs)]
            else:
                kind, kept = "arcs", renumbered([ref for ref in entry["arcs"] if meets([ref])])
            if kept:
                layers[layer].append({**entry, kind: kept})
    own = encode([arcs[index] for index in number])
    return {**whole, "arcs": own, "layers": layers, "window": list(window)}


@lru_cache(maxsize=3)
def boxed(
    name: str,
) -> tuple[list[list[tuple[int, int]]], list[tuple[int, int, int, int]]]:
    """Return the arcs of a basemap and the box of each: west, south, east, north in its units.

    Both are kept: do not change them.
    """
    arcs = decode(load(name)["arcs"])
    boxes = []
    for arc in arcs:
        xs, ys = [x for x, _ in arc], [y for _, y in arc]
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return arcs, boxes


def ring(refs: list[int], arcs: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return one closed ring: the arcs that ``refs`` name, ``~i`` meaning arc ``i`` reversed."""
    points: list[tuple[int, int]] = []
    for ref in refs:
        arc = arcs[ref] if ref >= 0 else arcs[~ref][::-1]
        points += arc[1:] if points else arc
    return points


def countries(name: str = "countries") -> dict[str, MultiPolygon]:
    """Return ISO alpha-2 code -> outline in degrees (lon, lat), for the countries of one basemap.

    Land without a code (Siachen, the Spratly Islands) is left out. Borders are Natural Earth's: de facto.
    """
    return {iso: _outline(name, iso) for iso in sorted(_topology(name)[2])}


def outline(iso: str) -> MultiPolygon:
    """Return the outline of one country in degrees (lon, lat), good to about 1 km in Asia, 3 km elsewhere.

    Raises
    ------
    UnknownName
        If ``iso`` is not an ISO 3166-1 alpha-2 code, or has no land in Natural Earth.
    """
    found = _INSIDE.get(iso, iso)
    if found not in _topology("countries")[2]:
        raise UnknownName(
            f"there is no outline of a country {iso!r}; give an ISO 3166-1 alpha-2 code such as KH"
        )
    return _outline("countries", found)


def contains(
    iso: str, lon: float, lat: float, tolerance_m: float = COAST_M, border_m: float = BORDER_M
) -> bool:
    """Return whether a point is in a country, give or take.

    Parameters
    ----------
    iso
        ISO 3166-1 alpha-2 code.
    lon, lat
        The point in degrees.
    tolerance_m
        How far from the outline, in metres, a point may lie that is in no other country.
    border_m
        The same for a point that lies in another country's outline.

    Raises
    ------
    UnknownName
        If there is no outline of ``iso``.

    Examples
    --------
    >>> contains("KH", 104.92, 11.57), contains("KH", 11.57, 104.92)
    (True, False)
    """
    from shapely import clip_by_rect, points, prepare
    from shapely.affinity import scale

    own = outline(iso)
    prepare(own)  # once: the outline is kept, and many points may be asked for
    point = points(lon, lat)
    if own.intersects(point):
        return True

    def is_within(metres: float) -> bool:
        if metres <= 0:
            return False
        reach = metres / METRES_PER_DEGREE
        narrow = max(math.cos(math.radians(lat)), 0.01)
        near = clip_by_rect(
            own, lon - reach / narrow, lat - reach, lon + reach / narrow, lat + reach
        )
        if near.is_empty:
            return False
        return bool(scale(near, narrow, 1, origin=(lon, lat)).distance(point) <= reach)

    if not is_within(max(tolerance_m, border_m)):
        return False
    return is_within(tolerance_m if _is_at_sea(lon, lat) else border_m)


def _is_at_sea(lon: float, lat: float) -> bool:
    from shapely import points

    tree, _ = _tree()
    return not len(tree.query(points(lon, lat), predicate="intersects"))


@lru_cache(maxsize=1)
def _tree() -> tuple[Any, list[str]]:
    from shapely import STRtree

    outlines = countries("countries")
    return STRtree(list(outlines.values())), list(outlines)


@lru_cache(maxsize=3)
def _topology(name: str) -> tuple[list[list[tuple[int, int]]], float, dict[str, list[list[int]]]]:
    """Return the arcs, their units to a degree, and the rings of each code."""
    basemap = load(name)
    rings: dict[str, list[list[int]]] = {}
    for country in basemap["layers"]["countries"]:
        if country["iso"]:
            rings.setdefault(country["iso"], []).extend(country["rings"])
    return decode(basemap["arcs"]), basemap["scale"], rings


@lru_cache(maxsize=1024)
def _outline(name: str, iso: str) -> MultiPolygon:
    """Return one outline; a ring that runs anticlockwise begins a polygon, those that follow are its holes."""
    from shapely import make_valid
    from shapely.geometry import MultiPolygon, Polygon

    arcs, units, rings = _topology(name)
    shells: list[tuple[list[tuple[float, float]], list[list[tuple[float, float]]]]] = []
    for refs in rings[iso]:
        points = ring(refs, arcs)
        area = sum(ax * by - bx * ay for (ax, ay), (bx, by) in itertools.pairwise(points))
        degrees = [(x / units, y / units) for x, y in points]
        if area > 0:
            shells.append((degrees, []))
        else:
            shells[-1][1].append(degrees)
    land = MultiPolygon([Polygon(shell, holes) for shell, holes in shells])
    if land.is_valid:
        return land
    valid = make_valid(land)
    parts = getattr(valid, "geoms", [valid])
    polygons = [
        p for part in parts for p in getattr(part, "geoms", [part]) if p.geom_type == "Polygon"
    ]
    return MultiPolygon(polygons)


def country_names() -> dict[str, str]:
    """Return ISO 3166-1 alpha-2 code -> common short English name, sorted by code; XK, Kosovo, is in it.

    Read from GeoNames' table; needs no geometry. The dict is the caller's own.

    Examples
    --------
    >>> country_names()["LA"]
    'Laos'
    """
    return dict(_country_names())


@lru_cache(maxsize=1)
def _country_names() -> tuple[tuple[str, str], ...]:
    path = geodata() / "gazetteer" / "countries.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        return tuple((iso, name) for iso, name in rows)
