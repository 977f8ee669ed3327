"""A small map of where a venue is, as SVG for its page: the colours are the page's, light or dark."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from outposts.basemap import choose
from outposts.render.ground import Frame, Ground
from outposts.render.view import Bounds, bounds
from outposts.venue import Venue

WIDTH, HEIGHT = 480.0, 300.0
LAYERS = ("land-dim", "land", "urban", "province", "river", "lake", "border", "coast")
LEAST = 5.0
"""Radius of the smallest circle: a place is never told finer than the picture is drawn."""


def locator(venue: Venue) -> str:
    """Return an ``svg`` element, or "" for a venue known only by country.

    What is marked is where the venue can be: a circle of its radius, with no point in it.
    """
    box = bounds([venue])
    if box is None or venue.lon is None or venue.lat is None:
        return ""
    told = escape(f"{venue.name} is somewhere in the circle")
    drawn = _drawn(box, venue.lon, venue.lat, venue.radius_m or 0, venue.country)
    return (
        f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{told}">{drawn}</svg>'
    )


@lru_cache(maxsize=256)  # the venues of a town stand at one place
def _drawn(box: Bounds, lon: float, lat: float, radius_m: float, country: str) -> str:
    (south, west), (north, east) = box
    frame = Frame.fit(box, WIDTH, HEIGHT)
    ground = Ground(frame, choose((west, south, east, north)), {country})
    shapes = [
        f'<path class="ground-{area.get("fill") or area["stroke"]}" d="{_path(area["lines"], "fill" in area)}"/>'
        for area in ground.areas({name: name for name in LAYERS})
        if area["lines"]
    ]
    x, y = frame.project(lon, lat)
    radius = max(radius_m / frame.metres(lat), LEAST)
    circle = f'<circle class="where" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
    return "".join(shapes) + circle


def _path(lines: Iterable[list[tuple[float, float]]], closed: bool) -> str:
    """Return lines as the ``d`` of a path, on a grid of tenths."""
    parts = []
    for points in lines:
        at, *others = ((round(x * 10), round(y * 10)) for x, y in points)
        steps = [f"M{at[0] / 10:g} {at[1] / 10:g}"]
        for x, y in others:
            if (x, y) != at:
                steps.append(f"l{(x - at[0]) / 10:g} {(y - at[1]) / 10:g}")
            at = (x, y)
        parts.append("".join(steps) + ("z" if closed else ""))
    return "".join(parts)
