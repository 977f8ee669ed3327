"""A Frictionless data package: a folder of CSV tables with their schema, from which the registry can be read back.

``outposts.load(folder)`` reads it: for every day, as known on any day up to the package's own, it gives the
answers that the registry gave. For that its claims include those since retracted, with the day and
the reason. The claims that became known later are left out.

CSV as in RFC 4180, UTF-8; an empty cell is a missing value, lists are JSON arrays. A cell that a spreadsheet
would take for a formula has an apostrophe before it (`outposts.package.guarded`), which reading takes off.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from outposts.export.extract import Extract
from outposts.export.tables import CODES, COUNT, LIST, NUMBER, Table, tables
from outposts.frames import DAY, FLAG, TEXT
from outposts.package import PACKAGE, guarded

TYPES = {TEXT: "string", DAY: "date", FLAG: "boolean", NUMBER: "number", COUNT: "integer", LIST: "array"}  # fmt: skip
BOUNDS: dict[str, dict[str, Any]] = {
    "lon": {"minimum": -180, "maximum": 180},
    "lat": {"minimum": -90, "maximum": 90},
    "radius_m": {"minimum": 0},
    "count": {"minimum": 0},
    "number": {"minimum": 1},
    "country": {"pattern": "[A-Z]{2}"},
    "quote": {"maxLength": 301},
}
APOSTROPHE = (
    "A cell that begins with = + - @, a tab or a carriage return has an apostrophe before it."
)


def write(extract: Extract, path: Path) -> None:
    """Fill the empty folder ``path`` with the tables and with ``datapackage.json``, which describes them."""
    resources = []
    for table in tables(extract, every_claim=True):
        content = _csv(table)
        (path / f"{table.name}.csv").write_bytes(content)
        resources.append(_resource(table, content))
    package = {**_about(extract), "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (path / PACKAGE).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _about(extract: Extract) -> dict[str, Any]:
    """Return what the package says of itself, in Frictionless' words and in ours."""
    about = extract.about
    title = str(about["title"])
    slug = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
    found: dict[str, Any] = {"profile": "tabular-data-package", "name": slug or "registry", **about}
    if "data_version" in about:
        found["version"] = about["data_version"]
    if "licence" in about:
        name = str(about["licence"])
        named = {"name": name} if "licence_url" in about else {}
        path = {"path": about["licence_url"]} if "licence_url" in about else {}
        found["licenses"] = [{**named, **path, "title": name}]
    if "attribution" in about:
        found["contributors"] = [{"title": about["attribution"], "role": "author"}]
    found["sources"] = [{"title": title}]
    if str(about.get("contact", "")).startswith(("http://", "https://")):
        found["sources"][0]["path"] = about["contact"]
    found["note"] = APOSTROPHE
    return found


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.name.replace("_", " ").capitalize(),
        "description": f"{table.meaning[0].upper()}{table.meaning[1:]}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    fields = []
    for name, column in table.columns.items():
        unit = f" ({column.unit})" if column.unit else ""
        bounds = dict(BOUNDS.get(name, {}))
        if name in table.required:
            bounds["required"] = True
        if codes := CODES.get(f"{table.name}.{name}"):
            bounds["enum"] = list(codes)
        kind = TYPES[column.dtype]
        found = {"name": name, "type": kind, "description": f"{column.meaning}{unit}"}
        fields.append(found | ({"constraints": bounds} if bounds else {}))
    return {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "fields": list(reference.columns),
                "reference": {
                    # In Frictionless a table's own name is the empty string.
                    "resource": "" if reference.table == table.name else reference.table,
                    "fields": list(reference.to),
                },
            }
            for reference in table.references
        ],
    }


def _csv(table: Table) -> bytes:
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(table.columns)
    lines.writerows(map(_cells, table.rows))
    return text.getvalue().encode()


def _cells(row: Sequence[Any]) -> list[Any]:
    return [_cell(value) for value in row]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return value
