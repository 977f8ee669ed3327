"""Rows as a table, JSON, CSV or GeoJSON on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from outposts.export.csv import as_csv as as_csv
from outposts.export.geojson import feature


def as_json(value: Any) -> str:
    """Return JSON that a person can read too; every script as it is."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


def as_geojson(found: Iterable[Mapping[str, Any]]) -> str:
    """Return an RFC 7946 feature collection; a venue known by country has a null geometry."""
    return as_json({"type": "FeatureCollection", "features": [feature(row) for row in found]})


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
