"""Streets from a user's own file, embedded in a page: no tile server is needed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from outposts.basemap import encode
from outposts.errors import MapError

SCALE = 50_000  # units to a degree: about 2 m
FINEST = 1 / 25_000  # degrees: what a line may lose, about 4 m


def streets(source: Any, bounds: tuple[tuple[float, float], tuple[float, float]]) -> dict[str, Any]:
    """Return the lines of a file inside a map's bounds, as a page holds them.

    Parameters
    ----------
    source
        Path of a GeoPackage, GeoJSON or anything else that pyogrio reads, in any CRS (EPSG:4326 if
        it names none); or a GeoDataFrame. Of areas the outline is drawn; points are left out.
    bounds
        ``((south, west), (north, east))`` in degrees, ends included; what reaches beyond is cut.

    Returns
    -------
    dict
        ``scale`` (units to a degree) and ``arcs`` as `outposts.basemap.encode` writes them, lon before lat.

    Raises
    ------
    MapError
        If the file cannot be read, or no line of it lies inside the bounds.
    """
    import geopandas as gpd
    import shapely

    if isinstance(source, gpd.GeoDataFrame):
        frame, name = source, "the GeoDataFrame"
    elif isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        if not Path(name).is_file():
            raise MapError(f"streets: there is no file {name}")
        try:
            frame = gpd.read_file(name)
        except Exception as error:  # pyogrio's own kinds, and GDAL's
            raise MapError(f"streets: {name} cannot be read: {error}") from error
    else:
        raise MapError(f"streets: a path or a GeoDataFrame is needed, not {type(source).__name__}")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise MapError(f"streets: {name} has no geometries")
    shapes = frame.geometry
    if shapes.crs is not None:
        shapes = shapes.to_crs("EPSG:4326")
    (south, west), (north, east) = bounds
    parts = shapely.get_parts(shapely.force_2d(shapes.dropna().to_numpy()))
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts = shapely.get_parts(shapely.get_parts([*parts[~areas], *shapely.boundary(parts[areas])]))
    cut = shapely.get_parts(shapely.clip_by_rect(parts, west, south, east, north))
    lines = shapely.simplify(
        cut[shapely.get_type_id(cut) == shapely.GeometryType.LINESTRING], FINEST
    )
    arcs = []
    for line in lines:
        points = [(round(x * SCALE), round(y * SCALE)) for x, y in line.coords]
        arc = [point for i, point in enumerate(points) if not i or point != points[i - 1]]
        if len(arc) > 1:
            arcs.append(arc)
    if not arcs:
        raise MapError(
            f"streets: no line of {name} lies in the map's bounds, "
            f"{west:g} to {east:g} E and {south:g} to {north:g} N"
        )
    return {"scale": SCALE, "arcs": encode(sorted(arcs))}
