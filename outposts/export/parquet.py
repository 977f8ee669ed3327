"""GeoParquet 1.1: a row a venue, its names, runs and claims as lists of structs."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from outposts.export.extract import RUN

if TYPE_CHECKING:
    from outposts.export.extract import Extract


def write(extract: Extract, path: Path) -> None:
    """Write one row a venue: columns `frames.ON`, then ``names``, ``runs`` and ``claims``.

    Geometries are WKB points in WGS 84, longitude first, null for a venue known only by country; the
    columns of ``bbox`` are their bounds. Days are timestamps at midnight without a zone, in lists dates.
    What the file says of itself is in its metadata under ``outposts``, as JSON, and in the ``attrs`` of what
    geopandas reads; the sources that claims name are under ``outposts:sources``.
    """
    venues = extract.on.copy(deep=False)
    venues.attrs = dict(extract.about)
    whole = io.BytesIO()
    venues.to_parquet(whole, schema_version="1.1.0", write_covering_bbox=True)
    table = pq.read_table(whole)
    metadata = {
        **table.schema.metadata,
        b"geo": _geo(table.schema.metadata[b"geo"]),
        b"outposts": _json(extract.about),
        b"outposts:sources": _json(extract.records["sources"]),
    }
    table = table.cast(pa.schema([field.with_type(_typed(field.type)) for field in table.schema]))
    table = table.select(["venue", *(name for name in table.column_names if name != "venue")])
    for name, lists in (
        ("names", extract.names),
        ("runs", extract.runs[list(RUN)]),
        ("claims", extract.claims),
    ):
        table = table.append_column(name, _lists(lists, extract.on.index))
    pq.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")


def _lists(frame: pd.DataFrame, venues: pd.Index) -> pa.ListArray:
    """Return the rows of each venue as a list of structs; ``frame`` is in the order of ``venues``."""
    columns = [_array(pd.DataFrame(frame)[name]) for name in frame.columns]
    structs = pa.StructArray.from_arrays(columns, names=list(frame.columns))
    ends = np.cumsum(frame.index.value_counts().reindex(venues, fill_value=0).to_numpy())
    return pa.ListArray.from_arrays(np.append([0], ends).astype("int32"), structs)


def _array(cells: pd.Series) -> pa.Array:
    found = pa.array(cells, from_pandas=True)
    kind = pa.date32() if pa.types.is_timestamp(found.type) else _typed(found.type)
    return found.cast(kind)


def _typed(kind: pa.DataType) -> pa.DataType:
    """Return the type that a column has even where all its values are missing."""
    if pa.types.is_null(kind) or pa.types.is_large_string(kind):
        return pa.string()
    return pa.list_(_typed(kind.value_type)) if pa.types.is_list(kind) else kind


def _geo(metadata: bytes) -> bytes:
    """Return GeoParquet's own metadata; bounds of no points at all would be NaN, which is no JSON."""
    geo = json.loads(metadata)
    for column in geo["columns"].values():
        if not np.isfinite(column.get("bbox", [])).all():
            del column["bbox"]
    return _json(geo)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
