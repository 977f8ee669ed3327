"""How far, how near, inside what: distances between GeoDataFrames that do not hide what is uncertain.

Every function takes the frames of `outposts.Registry` (EPSG:4326, longitude before latitude) or any
other GeoDataFrame or GeoSeries of points in any coordinate reference system. Distances are geodesics
on WGS 84 in metres, so the 180th meridian and the poles are places like any other.

A venue is somewhere within ``radius_m`` of its point: 15 km for one known only to be in Hanoi. An
answer is therefore ``yes`` or ``no`` where it holds wherever in its circle the venue stands, and
``possibly`` where it does not; a venue without a point (known only by its country) is ``unknown``.
A frame without a column ``radius_m`` is taken to be exact; a row that has a point and no radius
can be anywhere as far as anyone said, so it is ``possibly``. ``radius=`` names another column, gives one
number of metres for all, or takes points as exact (None). A ``yes`` is as good as the radius, and
that of a town is a rule of thumb (`outposts.gazetteer.Place.radius_m`). Importing this module loads geopandas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from outposts import dates
from outposts.circles import (
    WIDEST_M,
    Circles,
    circle,
    degrees,
    geodesics,
    in_degrees,
    lowest,
    one_point,
    round_the_world,
)
from outposts.errors import FrameError, UnknownName
from outposts.nearest import did_you_mean
from outposts.rules import STATUSES

if TYPE_CHECKING:
    from outposts.registry import Registry

WITHIN = ("yes", "possibly", "no", "unknown")
"""The answers of `within_m` and `inside`, in the order of their categories."""


def distance_m(frame: Any, other: Any) -> Any:
    """Return the distances between the points of two frames, or to one point, in metres.

    Parameters
    ----------
    frame
        A GeoDataFrame or GeoSeries of n points, in any CRS.
    other
        One point in degrees, EPSG:4326, as a shapely ``Point(lon, lat)`` or a pair ``(lon, lat)``;
        or a frame of m points, in any CRS.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        float64. To a point: a Series ``distance_m`` of shape (n,) with the index of ``frame``.
        To a frame: a DataFrame of shape (n, m), its columns the index of ``other``. NaN where
        either has no geometry. Between the points as given: radii do not count here.

    Raises
    ------
    FrameError
        If a frame has no CRS, or geometries that are not points, or latitudes beyond the poles.

    Examples
    --------
    >>> import outposts
    >>> venues = outposts.load().on("2020-06-02", country="VN")
    >>> away = distance_m(venues, (106.66, 10.78))  # from Ho Chi Minh City
    >>> bool(1_120_000 < away["vn-hanoi-koryo"] < 1_160_000)
    True
    """
    lon, lat = degrees(frame)
    if isinstance(other, gpd.GeoDataFrame | gpd.GeoSeries):
        other_lon, other_lat = degrees(other)
        table = np.full((len(lon), len(other_lon)), np.nan)
        rows, columns = np.nonzero(np.isfinite(lon)[:, None] & np.isfinite(other_lon)[None, :])
        table[rows, columns] = geodesics(
            lon[rows], lat[rows], other_lon[columns], other_lat[columns]
        )
        return pd.DataFrame(table, index=frame.index, columns=other.index)
    one_lon, one_lat = one_point(other)
    away = np.full(len(lon), np.nan)
    placed = np.isfinite(lon)
    away[placed] = geodesics(
        lon[placed], lat[placed], np.full(placed.sum(), one_lon), np.full(placed.sum(), one_lat)
    )
    return pd.Series(away, index=frame.index, name="distance_m")


def nearest(
    frame: Any,
    others: Any,
    k: int = 1,
    radius: str | float | None = "radius_m",
    other_radius: str | float | None = "radius_m",
) -> pd.DataFrame:
    """Return the k nearest of the others for each row, the nearest first.

    Parameters
    ----------
    frame, others
        GeoDataFrames or GeoSeries of points, in any CRS. Where both are the same object, a row is
        not its own neighbour.
    k
        How many neighbours; fewer where there are fewer others.
    radius, other_radius
        How far off the points can be: a column, metres for all, or None for exact points.

    Returns
    -------
    pandas.DataFrame
        Sorted as ``frame`` and by rank, its index that of ``frame``, each k times. Columns: ``rank``
        (int64, from 1), ``other`` (a label of the index of ``others``), ``distance_m`` between the points,
        and ``least_m`` and ``most_m``, between which the true distance lies (float64). Of others
        equally far the first comes first. A row without geometry, or without any other, is there once,
        with no ``other`` and NaN. Others without geometry are left out.

    Raises
    ------
    FrameError
        As `distance_m`; also if ``k`` is below 1 or a radius is negative.
    UnknownName
        If a column of radii does not exist.

    Examples
    --------
    >>> import outposts
    >>> registry = outposts.load()
    >>> restaurants = registry.on("2016-01-01", country="MY", kind="restaurant")
    >>> embassies = registry.on("2016-01-01", kind="embassy")
    >>> found = nearest(restaurants, embassies)
    >>> found.loc["my-kuala-lumpur-ampang", "other"]
    'my-kuala-lumpur-embassy'
    """
    if k < 1:
        raise FrameError(f"k is {k}; at least 1 neighbour has to be asked for")
    here, there = Circles(frame, radius), Circles(others, other_radius)
    index, away = lowest(here, there, np.zeros(len(there.rows)), k, frame is others)
    known = np.flatnonzero(index.ravel() >= 0)
    rows, ranks = np.divmod(known, max(index.shape[1], 1))
    alone = np.setdiff1d(np.arange(len(frame)), here.rows[rows])
    found = pd.DataFrame(
        {
            "row": np.concatenate([here.rows[rows], alone]),
            "rank": np.concatenate([ranks, np.zeros(len(alone), int)]) + 1,
            "other": [
                *_labels(others, there.rows[index.ravel()[known]]),
                *([None] * len(alone)),
            ],
            **_bounds(here, there, rows, index.ravel()[known], away.ravel()[known], len(alone)),
        }
    ).sort_values(["row", "rank"], kind="stable")
    found.index = frame.index[found.pop("row")]
    return found.astype({"rank": "int64", "other": object})


def within_m(
    frame: Any,
    others: Any,
    metres: float,
    radius: str | float | None = "radius_m",
    other_radius: str | float | None = "radius_m",
) -> pd.DataFrame:
    """Return whether each row is within a distance of any of the others, the distance included.

    Parameters
    ----------
    frame, others
        GeoDataFrames or GeoSeries of points, in any CRS. Where both are the same object, a row is
        not its own neighbour.
    metres
        The distance; points exactly so far apart are within it.
    radius, other_radius
        How far off the points can be: a column, metres for all, or None for exact points.

    Returns
    -------
    pandas.DataFrame
        One row for each of ``frame``, with its index. Columns: ``within``, a category: ``yes`` if it is
        within the distance of some other wherever the two stand in their circles, ``no`` if it
        cannot be, ``possibly`` otherwise, and ``unknown`` if the row has no geometry. ``other``: the one
        that decides it, for ``yes`` that of the least ``most_m``, otherwise that of the least ``least_m``.
        ``distance_m`` between the points, and ``least_m`` and ``most_m``, between which the true distance
        lies (float64). Others without geometry are left out: a ``no`` is about those with one.

    Raises
    ------
    FrameError
        As `distance_m`; also if ``metres`` or a radius is negative or not a number.
    UnknownName
        If a column of radii does not exist.

    Examples
    --------
    Venues within 2 km of an embassy. The registry's one embassy is known only to its town, so nothing
    can be said to be near it, and the venues of that town possibly are:

    >>> import outposts
    >>> registry = outposts.load()
    >>> venues = registry.on("2016-01-01", kind=["restaurant", "museum", "company"])
    >>> found = within_m(venues, registry.on("2016-01-01", kind="embassy"), 2_000)
    >>> found.loc["my-kuala-lumpur-ampang", "within"]
    'possibly'
    >>> found.loc["vn-hanoi-koryo", "within"]
    'no'
    >>> near = venues[found["within"] == "yes"]  # none, since none can be shown to be
    >>> len(near)
    0
    """
    if not (np.isfinite(metres) and metres >= 0):
        raise FrameError(f"{metres!r} metres is no distance; give a number from 0")
    here, there = Circles(frame, radius), Circles(others, other_radius)
    same = frame is others
    sure, most = lowest(here, there, there.radius, 1, same)
    near, least = lowest(here, there, -there.radius, 1, same)
    within = np.full(len(frame), "unknown", dtype=object)
    other = np.full(len(frame), None, dtype=object)
    away = {name: np.full(len(frame), np.nan) for name in ("distance_m", "least_m", "most_m")}
    within[here.rows] = "no"
    if sure.shape[1]:
        yes = most[:, 0] + here.radius <= metres
        possibly = least[:, 0] - here.radius <= metres
        within[here.rows] = np.select([yes, possibly], ["yes", "possibly"], "no")
        index = np.where(yes, sure[:, 0], near[:, 0])
        other[here.rows] = _labels(others, there.rows[index])
        apart = geodesics(here.lon, here.lat, there.lon[index], there.lat[index])
        for name, values in _bounds(here, there, np.arange(len(index)), index, apart).items():
            away[name][here.rows] = values
    return pd.DataFrame(
        {"within": _answers(within), "other": pd.Series(other, dtype=object).to_numpy(), **away},
        index=frame.index,
    )


def inside(frame: Any, polygon: Any, radius: str | float | None = "radius_m") -> pd.Series:
    """Return whether each row is inside a polygon, its edge included.

    Parameters
    ----------
    frame
        A GeoDataFrame or GeoSeries of points, in any CRS.
    polygon
        A shapely Polygon or MultiPolygon in degrees, EPSG:4326 (one over the 180th meridian is cut
        there, or runs on beyond 180); or a GeoDataFrame or GeoSeries of them, in any CRS, of which
        it may be in any. Edges are straight in longitude and latitude, as GeoJSON has it.
    radius
        How far off the points can be: a column, metres for all, or None for exact points.

    Returns
    -------
    pandas.Series
        A category, shape (n,), with the index of ``frame``: ``yes`` if the whole circle of the row lies
        inside, ``no`` if none of it, ``possibly`` otherwise, ``unknown`` without geometry. Circles are drawn
        as polygons a little too wide, by 0.7 % at most and all around a pole that is near: never too
        narrow. Nothing is said to be inside with a radius of over 5,000 km.

    Raises
    ------
    FrameError
        As `distance_m`; also if ``polygon`` is none, or its ring crosses itself.

    Examples
    --------
    >>> import outposts
    >>> from shapely.geometry import box
    >>> venues = outposts.load().on("2020-06-02", country=["KH", "VN"])
    >>> north = inside(venues, box(102, 18, 108, 24))
    >>> north["vn-hanoi-koryo"], north["kh-siem-reap-angkor-panorama"], north["vn-albatross"]
    ('yes', 'no', 'unknown')
    """
    area = round_the_world(_area(polygon))
    shapely.prepare(area)
    here = Circles(frame, radius)
    found = np.full(len(frame), "unknown", dtype=object)
    lon = np.where(np.abs(here.lon) <= 180, here.lon, (here.lon + 180) % 360 - 180)
    points = shapely.points(lon, here.lat)
    # One meridian by two names: a point on it is in what lies on either side.
    twins = shapely.points(np.where(np.abs(lon) == 180, -lon, lon), here.lat)
    hit = np.asarray(shapely.intersects(area, points) | shapely.intersects(area, twins))
    for at, row in enumerate(here.rows):
        reach = here.radius[at]
        if reach > WIDEST_M:
            found[row] = "no" if area.is_empty else "possibly"
        elif reach == 0:
            found[row] = "yes" if hit[at] else "no"
        else:
            around = round_the_world(circle(here.lon[at], here.lat[at], reach))
            if area.contains(around):
                found[row] = "yes"
            else:
                found[row] = "possibly" if area.intersects(around) else "no"
    return pd.Series(_answers(found), index=frame.index, name="inside")


def by_country_and_year(
    runs: Registry | pd.DataFrame,
    status: str | Iterable[str] = "open",
    years: tuple[int, int] | None = None,
    outlines: bool = False,
) -> pd.DataFrame:
    """Return how many venues had a status on some day of each year, per country.

    Parameters
    ----------
    runs
        A registry, or what its `runs` returned: one row per venue and run of status, with the
        columns ``country``, ``status``, ``start`` and ``end`` (exclusive, NaT for an open end) and the
        venue's id as its index.
    status
        One status or several; a venue that had any of them counts once. Counts of several
        statuses do not add up: a venue that closed in a year was open in it too.
    years
        The first and the last year, both included. By default from the earliest start of a run
        to the present year (that of ``SOURCE_DATE_EPOCH`` where it is set).
    outlines
        Whether to give a GeoDataFrame in EPSG:4326 with the outline of each country (Natural Earth;
        None for a country without one), to be drawn.

    Returns
    -------
    pandas.DataFrame
        One row for every country that occurs in ``runs`` and every year, years without a venue included,
        sorted by both. Columns: ``country`` (ISO 3166-1 alpha-2), ``year`` (int64), ``venues`` (int64).

    Raises
    ------
    FrameError
        If a column is missing.
    UnknownName
        If a status does not exist.

    Examples
    --------
    >>> import outposts
    >>> table = by_country_and_year(outposts.load(), years=(2014, 2021))
    >>> wide = table.pivot(index="year", columns="country", values="venues")
    >>> bool(wide.loc[2019, "TH"] > wide.loc[2021, "TH"])
    True
    """
    rows: pd.DataFrame = runs if isinstance(runs, pd.DataFrame) else runs.runs()
    for column in ("country", "status", "start", "end"):
        if column not in rows.columns:
            raise FrameError(
                f"no column {column!r}; give a registry, or what registry.runs() returns"
            )
    wanted = [status] if isinstance(status, str) else list(status)
    for word in wanted:
        if word not in STATUSES:
            raise UnknownName(f"no status is called {word!r}{did_you_mean(word, STATUSES)}")
    first, last = _years(rows) if years is None else years
    # The first and the last year of each run that is wanted, cut to those that are counted.
    kept = rows["status"].isin(wanted).to_numpy()
    began = rows["start"].dt.year.fillna(first).clip(lower=first)
    ended = (rows["end"] - pd.Timedelta(1, "D")).dt.year.fillna(last).clip(upper=last)
    had = {
        (country, year, venue)
        for country, venue, start, end in zip(
            rows["country"].to_numpy()[kept],
            rows.index[kept],
            began.to_numpy(int)[kept],
            ended.to_numpy(int)[kept],
            strict=True,
        )
        for year in range(start, end + 1)
    }
    numbers = Counter((country, year) for country, year, _ in had)
    grid = [(c, y) for c in sorted(set(rows["country"])) for y in range(first, last + 1)]
    table = pd.DataFrame(
        {
            "country": pd.Series([country for country, _ in grid], dtype=rows["country"].dtype),
            "year": np.array([year for _, year in grid], dtype="int64"),
            "venues": np.array([numbers[at] for at in grid], dtype="int64"),
        }
    )
    return _outlined(table) if outlines else table


def _outlined(table: pd.DataFrame) -> Any:
    from outposts.basemap import outline

    def shape(country: str) -> Any:
        try:
            return outline(country)
        except UnknownName:
            return None

    shapes = {country: shape(country) for country in table["country"].unique()}
    geometry = gpd.GeoSeries([shapes[country] for country in table["country"]], crs="EPSG:4326")
    return gpd.GeoDataFrame(table, geometry=geometry)


def _years(runs: pd.DataFrame) -> tuple[int, int]:
    last = int(dates.iso(dates.today())[:4])
    starts = runs["start"].dropna()
    return (int(starts.min().year) if len(starts) else last), last


def _bounds(
    here: Circles, there: Circles, rows: Any, columns: Any, away: np.ndarray, alone: int = 0
) -> dict[str, np.ndarray]:
    """Return the columns of distances, followed by NaN for rows ``alone``."""
    reach = here.radius[rows] + there.radius[columns]
    known = {
        "distance_m": away,
        "least_m": np.maximum(0.0, away - reach),
        "most_m": away + reach,
    }
    return {name: np.append(values, np.full(alone, np.nan)) for name, values in known.items()}


def _labels(frame: Any, rows: Sequence[int] | np.ndarray) -> list[Any]:
    labels = list(frame.index)
    return [labels[row] for row in rows]


def _answers(words: np.ndarray) -> pd.Categorical:
    return pd.Categorical(words, categories=list(WITHIN))


def _area(polygon: Any) -> BaseGeometry:
    """Return one polygon or several, in degrees, as one geometry."""
    if isinstance(polygon, gpd.GeoDataFrame | gpd.GeoSeries):
        parts = [part for part in in_degrees(polygon) if part is not None]
    else:
        parts = [polygon]
    for part in parts:
        kind = getattr(part, "geom_type", type(part).__name__)
        if kind not in ("Polygon", "MultiPolygon"):
            raise FrameError(f"a polygon is needed, not {kind}")
        if not part.is_valid:
            raise FrameError(
                f"the polygon is not valid ({shapely.is_valid_reason(part)}); try shapely.make_valid"
            )
    return shapely.union_all(parts)
