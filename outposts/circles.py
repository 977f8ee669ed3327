"""The points of a frame with the circles in which they may truly lie, and geodesics between them.

Degrees are EPSG:4326, longitude first; metres are geodesics on WGS 84. Importing this module loads geopandas.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from outposts.errors import FrameError, UnknownName
from outposts.nearest import did_you_mean

_EARTH = Geod(ellps="WGS84")
_SPHERE_M = 6_371_000.0
# A geodesic over the distance on that sphere: the least and the greatest radius of curvature of WGS 84.
_LEAST, _MOST = 0.9944, 1.0045
_SLACK_M = 1.0  # what rounding may do to a distance from a dot product: 0.2 m
WIDEST_M = 5_000_000.0  # of a circle that can be drawn
_AT_ONCE = 2_000_000  # pairs in memory


class Circles:
    """The rows of a frame that have a point: their numbers, degrees, and radii in metres.

    A radius that nobody gave is infinite.
    """

    def __init__(self, frame: Any, radius: str | float | None) -> None:
        lon, lat = degrees(frame)
        self.rows = np.flatnonzero(np.isfinite(lon))
        self.lon, self.lat = lon[self.rows], lat[self.rows]
        self.radius = _radii(frame, radius)[self.rows]


def _radii(frame: Any, radius: str | float | None) -> np.ndarray:
    if radius is None:
        return np.zeros(len(frame))
    if isinstance(radius, str):
        columns = getattr(frame, "columns", ())
        if radius not in columns:
            if radius == "radius_m":
                return np.zeros(len(frame))
            raise UnknownName(
                f"no column is called {radius!r}{did_you_mean(radius, map(str, columns))}"
            )
        found = frame[radius].to_numpy(float)
    else:
        found = np.full(len(frame), float(radius))
    if (found < 0).any():
        row = frame.index[int(np.argmax(found < 0))]
        raise FrameError(f"row {row!r}: a radius of {np.nanmin(found)} m; give a number from 0")
    return np.where(np.isnan(found), np.inf, found)


def degrees(frame: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes, shape (n,) both, NaN for a row without geometry.

    Raises
    ------
    FrameError
        If it is no frame, has no CRS, or a row is not a point on the globe.
    """
    if not isinstance(frame, gpd.GeoDataFrame | gpd.GeoSeries):
        raise FrameError(f"a GeoDataFrame or GeoSeries is needed, not {type(frame).__name__}")
    series = in_degrees(frame)
    geometries = series.to_numpy()
    there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    odd = there & (shapely.get_type_id(geometries) != shapely.GeometryType.POINT)
    if odd.any():
        row = int(np.argmax(odd))
        raise FrameError(
            f"row {frame.index[row]!r} is a {geometries[row].geom_type}, not a point; "
            "measure from .representative_point()"
        )
    lon, lat = np.full(len(series), np.nan), np.full(len(series), np.nan)
    lon[there], lat[there] = shapely.get_x(geometries[there]), shapely.get_y(geometries[there])
    wrong = there & ~(np.isfinite(lon) & (np.abs(lat) <= 90))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise FrameError(
            f"row {frame.index[row]!r}: lon {lon[row]}, lat {lat[row]} is nowhere; are they swapped?"
        )
    return lon, lat


def in_degrees(frame: Any) -> Any:
    """Return the geometries of a frame as a GeoSeries in EPSG:4326, or raise `FrameError`."""
    try:
        series = frame.geometry
    except AttributeError as error:
        raise FrameError(
            "the GeoDataFrame has no active geometry; choose a column with set_geometry"
        ) from error
    if series.crs is None:
        raise FrameError(
            'the frame has no CRS; if its points are lon and lat, set_crs("EPSG:4326")'
        )
    return series if series.crs == "EPSG:4326" else series.to_crs("EPSG:4326")


def one_point(point: Any) -> tuple[float, float]:
    """Return longitude and latitude of a point, given as one or as a pair."""
    if isinstance(point, BaseGeometry):
        if not isinstance(point, shapely.Point) or point.is_empty:
            raise FrameError(f"a point is needed, not {point.geom_type.lower()} {point.wkt[:40]}")
        lon, lat = point.x, point.y
    else:
        try:
            lon, lat = map(float, point)
        except (TypeError, ValueError):
            raise FrameError(
                f"{point!r} is no point; give (lon, lat), a shapely Point or a GeoDataFrame"
            ) from None
    if not (np.isfinite(lon) and abs(lat) <= 90):
        raise FrameError(f"lon {lon}, lat {lat} is nowhere; are they swapped?")
    return lon, lat


def geodesics(lon: Any, lat: Any, other_lon: Any, other_lat: Any) -> np.ndarray:
    """Return the lengths in metres of the geodesics between two arrays of n points, shape (n,)."""
    if not len(lon):
        return np.zeros(0)
    if len(lon) == 1:  # pyproj 3.6 takes an array of one for a number, and numpy warns
        ends = float(lon[0]), float(lat[0]), float(other_lon[0]), float(other_lat[0])
        return np.array([_EARTH.inv(*ends)[2]])
    return np.asarray(_EARTH.inv(lon, lat, other_lon, other_lat)[2], dtype=float)


def lowest(
    here: Circles, there: Circles, offset: np.ndarray, k: int, same: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k others of the lowest distance plus ``offset``, and these sums: shape (n, k) both.

    Exactly as if all geodesics were taken, but a sphere says which can be among the lowest.
    -1 and NaN stand where there are not so many.
    """
    n, m = len(here.rows), len(there.rows)
    k = max(min(k, m - same), 0)
    index, sums = np.full((n, k), -1), np.full((n, k), np.nan)
    if not n or not k:
        return index, sums
    directions, others = _directions(here), _directions(there)
    step = max(1, _AT_ONCE // m)
    for start in range(0, n, step):
        chords = np.clip(2 - 2 * directions[start : start + step] @ others.T, 0, 4)
        about = 2 * _SPHERE_M * np.arcsin(np.sqrt(chords) / 2)
        low, high = _LEAST * about - _SLACK_M + offset, _MOST * about + _SLACK_M + offset
        own = np.arange(len(about)) if same else np.zeros(0, int)
        high[own, start + own] = np.inf
        maybe = low <= np.partition(high, k - 1, axis=1)[:, k - 1 : k]
        maybe[own, start + own] = False
        rows, columns = np.nonzero(maybe)
        exact = offset[columns] + geodesics(
            here.lon[start + rows], here.lat[start + rows], there.lon[columns], there.lat[columns]
        )
        order = np.lexsort((columns, exact, rows))
        rows, columns, exact = rows[order], columns[order], exact[order]
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        taken = rank < k
        index[start + rows[taken], rank[taken]] = columns[taken]
        sums[start + rows[taken], rank[taken]] = exact[taken]
    return index, sums


def _directions(circles: Circles) -> np.ndarray:
    """Return unit vectors of a sphere, shape (n, 3)."""
    lon, lat = np.radians(circles.lon), np.radians(circles.lat)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def circle(lon: float, lat: float, radius: float) -> BaseGeometry:
    """Return a polygon around all that is within a radius, in degrees; it may run beyond 180.

    Near a pole it is all that lies north, or south, of where the circle ends.
    """
    corners = 64
    # A polygon around a circle, and half a percent for edges that are straight in degrees, not on
    # the ground: they are off by 0.4 % at most where the pole is a third of the radius beyond.
    wide = 1.005 * radius / np.cos(np.pi / corners)
    x, y, _ = _EARTH.fwd(
        np.full(corners, lon),
        np.full(corners, lat),
        np.arange(corners) * 360 / corners,
        np.full(corners, wide),
    )
    for pole in (90.0, -90.0):
        if _EARTH.inv(lon, lat, lon, pole)[2] <= 1.3 * wide:
            ends = (-90.0, y.max()) if pole < 0 else (y.min(), 90.0)
            return shapely.box(-180, ends[0], 180, ends[1])
    # All longitudes on one side of the cut, so that they make a ring.
    x = lon + (np.asarray(x) - lon + 180) % 360 - 180
    return shapely.Polygon(np.column_stack([x, y]))


def extents(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return for each row of a frame of points the area around all that is within its ``radius_m``.

    In degrees, cut at the 180th meridian; None where there is no point, no radius, one of 0 or one
    of over 5,000 km. A little too wide, by 0.7 % at most: never too narrow.
    """
    found: dict[tuple[float, float, float], Any] = {}
    lon, lat = degrees(frame)
    rows = list(zip(lon.tolist(), lat.tolist(), frame["radius_m"].tolist(), strict=True))
    for x, y, radius in set(rows):
        if np.isfinite(x) and 0 < radius <= WIDEST_M:
            found[x, y, radius] = round_the_world(circle(x, y, radius))
    return gpd.GeoSeries([found.get(row) for row in rows], index=frame.index, crs="EPSG:4326")


def round_the_world(area: BaseGeometry) -> BaseGeometry:
    """Return an area cut at the 180th meridian, all of it from -180 to 180."""
    west, _, east, _ = area.bounds
    if not (west < -180 or east > 180):
        return area
    turns = range(int(np.floor((west + 180) / 360)), int(np.ceil((east + 180) / 360)))
    parts = []
    for turn in turns:
        part = shapely.intersection(area, shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90))
        parts.append(translate(part, -360 * turn))
    return shapely.union_all(parts)
