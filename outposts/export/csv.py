"""CSV that a spreadsheet shows as it is meant: a row a venue, with what the file says of itself on each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outposts import rows

if TYPE_CHECKING:
    from outposts.export.extract import Extract

# A cell that begins with one of these is a formula to a spreadsheet, the wide ones to a Japanese or Chinese one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(extract: Extract, path: Path) -> None:
    """Write one row a venue: the columns of `outposts status`, then what `Extract.about` says.

    UTF-8 with a byte order mark, without which Excel takes it for Windows' own encoding. A CSV file has no
    place for metadata, so licence, rules and versions stand on each row: they survive a copy.
    """
    about = {
        key: value
        for key, value in extract.about.items()
        if key not in ("on", "known", "description")
    }
    found = [{**row, **about} for row in extract.records["on"]]
    path.write_text(as_csv(found, [*rows.STATUS, *about]), encoding="utf-8-sig", newline="")


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
