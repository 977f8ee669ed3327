"""Columns of any GeoDataFrame as plain arrays: days, points and texts, or an error that names column and value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from outposts.errors import MapError, UnknownName
from outposts.nearest import did_you_mean
from outposts.words import EPOCH

Days = NDArray[np.int64]
NEVER = int(np.iinfo(np.int64).min)  # what numpy makes of NaT
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?", re.ASCII)
_OPEN = frozenset({"", "..", "nat", "nan", "none", "null"})


def column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return a column, or a level of the index, by name. Raises `UnknownName` with the nearest names."""
    if name in frame.columns:
        found = frame[name]
        if isinstance(found, pd.DataFrame):
            raise MapError(f"{found.shape[1]} columns are called {name!r}; rename all but one")
        return found
    if name in frame.index.names:
        return frame.index.get_level_values(name).to_series(index=frame.index)
    names = [str(n) for n in (*frame.columns, *frame.index.names) if n is not None]
    near = did_you_mean(name, names) or f"; there are {', '.join(map(repr, names[:12]))}"
    raise UnknownName(f"the GeoDataFrame has no column {name!r}{near}")


def days(values: pd.Series[Any], name: str) -> Days:
    """Return days since 1970-01-01, `NEVER` where there is none.

    Takes datetimes (of an aware one the date on its own clock), dates, periods, ISO strings
    and whole numbers, which are years. A month or a year alone stands for its first day.
    Raises `MapError` with the column, the row and the value for anything else.
    """
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_localize(None)
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return values.to_numpy().astype("datetime64[D]").astype(np.int64)
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    found = np.full(len(uniques) + 1, NEVER, dtype=np.int64)  # the last one is for -1: missing
    for i, value in enumerate(uniques):
        try:
            day = _day(value)
        except ValueError as error:
            row = values.index[int(np.argmax(codes == i))]
            raise MapError(f"column {name!r}, row {row!r}: {error}") from None
        if day is not None:
            found[i] = day
    return found[codes]


def _day(value: Any) -> int | None:
    if isinstance(value, pd.Period):
        value = value.start_time
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, dt.date):
        return value.toordinal() - EPOCH
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in _OPEN:
            return None
        match = _ISO.fullmatch(text)
        if match:
            year, month, date = (int(part) if part else 1 for part in match.groups())
            try:
                return dt.date(year, month, date).toordinal() - EPOCH
            except ValueError as error:
                raise ValueError(f"{value!r} is not a date: {error}") from None
        raise ValueError(
            f"{value!r} is not a date such as 2020-03-01, 2020-03 or 2020; convert the column with pandas.to_datetime"
        )
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        raise ValueError(f"{value!r} is {type(value).__name__}, not a date")
    if value != int(value) or not 1 <= value <= 9999:
        raise ValueError(
            f"{value!r} is not a year from 1 to 9999; convert timestamps with pandas.to_datetime(..., unit=...)"
        )
    return dt.date(int(value), 1, 1).toordinal() - EPOCH


def lonlat(frame: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes in degrees (EPSG:4326), NaN where a row has no place.

    Of a line or an area, a point that lies on it (shapely's representative point).
    Raises `MapError` where the coordinates cannot be degrees and no CRS says what they are.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    points = there & (shapely.get_type_id(shapes) == 0)
    other = there & ~points
    if not points.all():
        shapes = shapes.copy()
        shapes[~there] = None
        shapes[other] = shapely.point_on_surface(shapes[other])
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    crs = frame.crs
    if crs is not None and crs != "EPSG:4326":
        try:
            x, y = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)
        except pyproj.exceptions.ProjError as error:
            raise MapError(f"the points cannot be turned into EPSG:4326: {error}") from None
    placed = np.isfinite(x) & np.isfinite(y)
    off = placed & ((np.abs(y) > 90) | (np.abs(x) > 540))
    if off.any() and crs is None:
        row = int(np.argmax(off))
        raise MapError(
            f"row {frame.index[row]!r}: ({x[row]}, {y[row]}) is not longitude and latitude, "
            "and the GeoDataFrame has no CRS; give it one with gdf.set_crs(...)"
        )
    x, y = np.where(placed & ~off, x, np.nan), np.where(placed & ~off, y, np.nan)
    return (x + 180) % 360 - 180, y


def texts(values: pd.Series[Any]) -> list[str]:
    """Return values as texts, empty where there is none."""
    if isinstance(values.dtype, pd.StringDtype):
        found: list[str] = values.fillna("").tolist()
        return found
    missing = values.isna().to_numpy()
    return ["" if gone else str(v) for v, gone in zip(values.tolist(), missing, strict=True)]


def labels(values: Sequence[Hashable]) -> list[str]:
    """Return index labels as texts."""
    return [str(value) for value in values]
