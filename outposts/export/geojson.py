"""GeoJSON, RFC 7946: a feature a venue, with its names, its runs of status and its claims inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outposts.export.extract import Extract


def write(extract: Extract, path: Path) -> None:
    """Write a feature collection, a feature a line; what it says of itself is its ``metadata``.

    The properties are those of `outposts status`, and lists ``names``, ``runs`` and ``claims``; the
    sources that claims name are in ``sources``, by id. Degrees in WGS 84, longitude first; the
    geometry of a venue known only by country is null.
    """
    sources = {row["source"]: row for row in extract.records["sources"]}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"type": "FeatureCollection", "metadata": {_line(extract.about)},\n')
        file.write(f'"sources": {_line(sources)},\n"features": [\n')
        for number, (row, inside) in enumerate(extract.nested()):
            file.write(",\n" if number else "")
            file.write(_line(feature({**row, **inside})))
        file.write("\n]}\n")


def feature(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a feature, its ``lon`` and ``lat`` as a point, or null where it has none."""
    placed = row["lon"] is not None and row["lat"] is not None
    return {
        "type": "Feature",
        "id": row["venue"],
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if placed else None,
        "properties": {key: value for key, value in row.items() if key not in ("lon", "lat")},
    }


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
