"""Rows as a table, JSON, CSV or GeoJSON on standard output."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(value: Any) -> str:
    """Return JSON that a person can read too; every script as it is."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


def as_csv(found: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return CSV with a header line. Lists are joined by spaces, absent values are empty.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    plain = csv.writer(text, lineterminator="\n")
    # Python leaves a lone carriage return bare, where others take it for the end of a row.
    quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(columns)
    for row in found:
        cells = [_cell(row[name]) for name in columns]
        (quoted if any("\r" in str(cell) for cell in cells) else plain).writerow(cells)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def as_geojson(found: Iterable[Mapping[str, Any]]) -> str:
    """Return an RFC 7946 feature collection; a venue known by country has a null geometry."""
    features = []
    for row in found:
        placed = row["lon"] is not None and row["lat"] is not None
        point = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
        properties = {key: value for key, value in row.items() if key not in ("lon", "lat")}
        features.append(
            {
                "type": "Feature",
                "id": row["venue"],
                "geometry": point if placed else None,
                "properties": properties,
            }
        )
    return as_json({"type": "FeatureCollection", "features": features})


def as_table(found: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print a table; on a terminal it fits the width, in a pipe no word is cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=10_000)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in found:
        table.add_row(*(Text("" if row[name] is None else str(row[name])) for name in columns))
    console.print(table)
