"""An Excel workbook: a sheet a table, and one that says what it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from outposts import frames
from outposts.dates import EPOCH
from outposts.errors import ExportError
from outposts.export.extract import RUN

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from outposts.export.extract import Extract

ROWS, CELL = 1_048_576, 32_767  # Excel's limits: rows of a sheet, characters of a cell
CUT = " … (cut: a cell of Excel holds no more)"
# Excel counts a 29 February 1900 that never was, and no day before that year.
EXCEL_BEGINS, EXCEL_ZERO = pd.Timestamp("1900-03-01"), pd.Timestamp("1899-12-30")
WIDTHS = {"explanation": 60, "quote": 60, "translation": 40, "note": 40, "title": 50, "url": 40}
PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

Put = Callable[[int, int, Any, Any], object]


def write(extract: Extract, path: Path) -> None:
    """Write the sheets ``about``, ``venues``, ``runs``, ``claims``, ``sources`` and ``names``.

    Days are Excel's dates; a column with one before 1 March 1900, where Excel's calendar errs, is text. No text
    becomes a formula, a number or a link. A text of over 32,767 characters is cut, and says so.

    Raises
    ------
    ExportError
        If a table has more rows than a sheet.
    """
    tables: dict[str, pd.DataFrame] = {
        "venues": extract.on.drop(columns="geometry"),
        "runs": pd.DataFrame(extract.runs)[["name", *RUN]],
        "claims": extract.claims,
        "sources": extract.sources,
        "names": extract.names,
    }
    for name, table in tables.items():
        if len(table) >= ROWS:
            raise ExportError(
                f"{len(table):,} {name} are more than the {ROWS - 1:,} rows of a sheet; "
                "choose fewer venues, or another format"
            )
    try:
        with xlsxwriter.Workbook(path, {**PLAIN, "tmpdir": str(path.parent)}) as book:
            _about(book, extract)
            for name, table in tables.items():
                _sheet(book, name, table.reset_index())
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _about(book: Workbook, extract: Extract) -> None:
    about = extract.about
    # The day of the data, not of the writing: the same extract makes the same file.
    created = dt.datetime.fromordinal(extract.known + EPOCH)
    book.set_properties(
        {
            "title": about["title"],
            "author": about.get("attribution", ""),
            "comments": "\n".join(f"{key}: {value}" for key, value in about.items()),
            "created": created,
        }
    )
    sheet = book.add_worksheet("about")
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 100)
    for row, (key, value) in enumerate(about.items()):
        sheet.write_string(row, 0, key, bold)
        if isinstance(value, int):
            sheet.write_number(row, 1, value)
        else:
            sheet.write_string(row, 1, _cut(value), wrap)


def _sheet(book: Workbook, name: str, table: pd.DataFrame) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    for column, heading in enumerate(table.columns):
        sheet.set_column(column, column, WIDTHS.get(heading, 18 if column < 2 else 14))
        sheet.write_string(0, column, heading, bold)
    columns = [_column(sheet, table[heading], day) for heading in table.columns]
    for row, cells in enumerate(zip(*(cells for cells, _, _ in columns), strict=True), 1):
        for column, value in enumerate(cells):
            if value is not None:
                _, put, style = columns[column]
                put(row, column, value, style)


def _column(sheet: Worksheet, cells: pd.Series, day: Any) -> tuple[list[Any], Put, Any]:
    """Return a column's values, None for what is missing, how one is written, and its style."""
    kind = cells.dtype.kind
    if kind == "M" and not (cells < EXCEL_BEGINS).any():
        days = (cells - EXCEL_ZERO) / pd.Timedelta(1, "D")
        return frames.plain(days), sheet.write_number, day
    if cells.name in ("for", "against"):
        return [_cut(" ".join(ids)) or None for ids in cells], sheet.write_string, None
    values = frames.plain(cells)
    if kind == "b":
        return values, sheet.write_boolean, None
    if kind == "f":
        return values, sheet.write_number, None
    return [_cut(text) if text else None for text in values], sheet.write_string, None


def _cut(text: str) -> str:
    """Return text as a cell can hold it; Excel counts what UTF-16 needs for it."""
    if len(text) <= CELL // 2 or len(text.encode("utf-16-le")) // 2 <= CELL:
        return text
    kept = text.encode("utf-16-le")[: 2 * (CELL - len(CUT))]
    return kept.decode("utf-16-le", errors="ignore") + CUT
