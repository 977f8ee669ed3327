"""GeoJSON, RFC 7946: a feature a venue, with its names, its runs of status and its claims inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outposts.export.extract import Extract
    from outposts.venue import Venue


def write(extract: Extract, path: Path) -> None:
    """Write a feature collection, a feature a line; what it says of itself is its ``metadata``.

    The properties are those of `outposts status`, lists ``names``, ``addresses``, ``operators``, ``runs`` and
    ``claims``, ``relations`` to other venues, and ``notes``; the sources that these name are in ``sources``, by id. Degrees in WGS 84, longitude first; the
    geometry of a venue known only by country is null.
    """
    sources = {row["source"]: row for row in extract.records["sources"]}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"type": "FeatureCollection", "metadata": {_line(extract.about)},\n')
        file.write(f'"sources": {_line(sources)},\n"features": [\n')
        for number, (venue, (row, inside)) in enumerate(
            zip(extract.venues, extract.nested(), strict=True)
        ):
            file.write(",\n" if number else "")
            file.write(_line(feature({**row, **_beside(venue), **inside})))
        file.write("\n]}\n")


def _beside(venue: Venue) -> dict[str, Any]:
    """Return what is said of a venue beside its place and its status."""
    return {
        "addresses": [address.model_dump() for address in venue.addresses],
        "operators": [operation.model_dump() for operation in venue.operations],
        "relations": dict(venue.relations),
        "notes": venue.notes,
    }


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
