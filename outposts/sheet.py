"""A CSV file of sightings, as a spreadsheet saves it -> claims and sources to add, with every fault's place.

The first row names the columns, in any order: `COLUMNS`. Each further row is one claim. A row may bring
its source along in the columns that begin with ``source_``; the source is then added if it is new.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from outposts.addition import CLAIM, SOURCE, AdditionError, Entry
from outposts.errors import Problem
from outposts.nearest import did_you_mean
from outposts.yamlfile import Document

REQUIRED = ("venue", "says", "when", "source")
COLUMNS = {
    "venue": "the venue's id",
    "says": "opened, open, suspended or closed",
    "when": "EDTF: 2020-04, [..2020-02-07], 2019-03/2020-12",
    "source": "the source's id",
    "quote": "its words, exactly, at most 300 characters",
    "lang": "the quote's language; en if empty",
    "translation": "of a quote in another language",
    "stated": "the source's own words for the date",
    "weak": "true for hearsay; false if empty",
    "note": "what else has to be said",
    "source_title": "of a new source; required, as is source_kind",
    "source_publisher": "its short name in sentences",
    "source_author": "a byline",
    "source_published": "the day the public could know, in EDTF",
    "source_accessed": "the day it was read; required of an undated text",
    "source_url": "its address",
    "source_archived": "that of an archived copy",
    "source_lang": "en if empty",
    "source_kind": "news, official, un-report, review, blog ...",
    "source_reliability": "A to F",
}
"""Column -> what it holds. The first four are required."""

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_GUARDED = re.compile("'[=+@\t\r-]")  # how our own CSV keeps a spreadsheet from seeing a formula


class Row(NamedTuple):
    """One row: its cells, and the line of the file on which it begins, from 1."""

    line: int
    cells: list[str]


def entries(raw: bytes, shown: str) -> list[Entry]:
    """Return what the rows of a CSV file add, each entry with its place in the file.

    Parameters
    ----------
    raw
        The file: UTF-8 with or without a mark, or UTF-16 with one; commas, semicolons or tabs; any line ends.
    shown
        What problems call the file.

    Raises
    ------
    AdditionError
        If it is no such text, if a column is unknown, missing or there twice, if a row is longer than the
        first. In its problems ``column`` is the cell's number, from 1.
    """
    rows = _rows(_text(raw, shown), shown)
    if not rows:
        raise AdditionError([Problem(shown, 1, 1, "", f"is empty; its first row names the columns: {', '.join(COLUMNS)}")])  # fmt: skip
    head, *body = rows
    names = [cell.strip().casefold() for cell in head.cells]
    found = list(_heads(names, head.line, shown))
    found += [
        Problem(shown, row.line, len(names) + 1, "", f"{row.cells[len(names)]!r} stands in no column: the first row has {len(names)}")
        for row in body
        if any(row.cells[len(names) :])
    ]  # fmt: skip
    if found:
        raise AdditionError(found)
    return [entry for row in body for entry in _entries(names, row, shown)]


def _entries(names: Sequence[str], row: Row, shown: str) -> Iterator[Entry]:
    cells = dict(zip(names, row.cells, strict=False))
    places = {name: (row.line, number) for number, name in enumerate(names, 1)}
    document = Document(shown, values={(): (row.line, 1)})
    document.values |= {(name,): place for name, place in places.items()}
    source = {n: v for n in SOURCE if (v := cells.get(f"source_{n}"))}
    if source:
        about = Document(shown, values={(): (row.line, places["source"][1])})
        about.values[("source",)] = places["source"]
        for name in SOURCE:
            if f"source_{name}" in places:
                about.values[(name,)] = places[f"source_{name}"]
        yield Entry("source", cells.get("source", ""), source, about, "source_")
    fields = {name: cells[name] for name in CLAIM if cells.get(name)}
    yield Entry("claim", cells.get("venue", ""), fields, document)


def _heads(names: Sequence[str], line: int, shown: str) -> Iterator[Problem]:
    """Yield what is wrong with the first row."""
    for number, name in enumerate(names, 1):
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS, 1) or f"; there are {', '.join(COLUMNS)}"
            yield Problem(shown, line, number, "", f"no column is called {name!r}{hint}")
        elif name in names[: number - 1]:
            yield Problem(shown, line, number, "", f"the column {name!r} a second time")
    for name in REQUIRED:
        if name not in names:
            yield Problem(shown, line, 1, name, "required: there is no such column")


def _text(raw: bytes, shown: str) -> str:
    encoding = _MARKS.get(raw[:2], "utf-8-sig")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"0x{raw[error.start]:02x}"
        said = f"is not UTF-8 text (the byte {byte}); save it as “CSV UTF-8”"
        raise AdditionError([Problem(shown, line, 1, "", said)]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise AdditionError([Problem(shown, line, 1, "", "holds a zero byte: not a text file")])
    return text


def _rows(text: str, shown: str) -> list[Row]:
    """Return the rows that hold anything; cells without the spaces around them."""
    line = 1
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to name the separator
    if told:
        text, line = text[told.end() :], 2
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=told[1] if told else _separator(text), strict=True
    )
    rows: list[Row] = []
    before = 0
    try:
        for cells in reader:
            begun, before = line + before, reader.line_num
            cells = [_cell(cell) for cell in cells]
            if any(cells):
                rows.append(Row(begun, cells))
    except csv.Error as error:
        raise AdditionError([Problem(shown, line + before, 1, "", f"not CSV: {error}")]) from None
    return rows


def _cell(text: str) -> str:
    text = text.strip()
    return text[1:] if _GUARDED.match(text) else text


def _separator(text: str) -> str:
    """Return what parts the cells: that by which most of the first row's cells are names of columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(separator: str) -> int:
        return sum(cell.strip(' "').casefold() in COLUMNS for cell in first.split(separator))

    return max(",;\t", key=known)
