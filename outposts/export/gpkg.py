"""GeoPackage: a layer a table, and the circles in which venues may truly lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from outposts import dates
from outposts.circles import extents

if TYPE_CHECKING:
    from outposts.export.extract import Extract

GEOPACKAGE = "1.3"  # what GDAL before 3.7.1 reads without a warning


def write(extract: Extract, path: Path) -> None:
    """Write the layers ``venues``, ``runs`` and ``extents``, the tables ``claims``, ``sources``, ``names`` and ``about``.

    ``extents`` holds a polygon around all that is within ``radius_m`` of a venue's point, WGS 84. A venue known
    only by country has no geometry. Days are of the type DATE, lists joined by spaces. What the file says of itself
    stands in ``about`` and in the metadata of each layer.
    """
    areas = extents(extract.on)
    circled = extract.on.set_geometry(areas)[areas.notna()]
    about = pd.DataFrame(extract.about.items(), columns=["key", "value"]).astype("str")
    layers: list[tuple[str, pd.DataFrame, str | None]] = [
        ("venues", extract.on, "Point"),
        ("extents", circled, "MultiPolygon"),
        ("runs", extract.runs, "Point"),
        ("claims", extract.claims, None),
        ("sources", extract.sources, None),
        ("names", extract.names, None),
        ("about", about.set_index("key"), None),
    ]
    # GDAL writes the time of each change into the file; a day of ours makes the same file each time.
    with _gdal(OGR_CURRENT_DATE=f"{dates.iso(extract.known)}T00:00:00.000Z"):
        for name, frame, geometry in layers:
            try:
                pyogrio.write_dataframe(
                    _flat(frame),
                    path,
                    layer=name,
                    driver="GPKG",
                    geometry_type=geometry,
                    promote_to_multi=geometry == "MultiPolygon",
                    append=path.exists(),
                    use_arrow=True,
                    dataset_options={"VERSION": GEOPACKAGE},
                    layer_metadata={key: str(value) for key, value in extract.about.items()},
                )
            except (DataSourceError, DataLayerError, FeatureError, FieldError) as error:
                raise OSError(str(error)) from error


@contextmanager
def _gdal(**options: str) -> Iterator[None]:
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose days are dates and whose lists are texts."""
    flat = frame.reset_index()
    for name in flat.columns:
        if flat[name].dtype.kind == "M":
            flat[name] = flat[name].astype(pd.ArrowDtype(pa.date32()))
        elif name in ("for", "against"):
            flat[name] = flat[name].map(" ".join).astype("str")
    return flat
