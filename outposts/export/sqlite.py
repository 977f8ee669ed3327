"""SQLite, ready for Datasette: tables with foreign keys and full-text search.

Days are ISO dates, flags 0 and 1, lists JSON arrays. Longitude and latitude have their whole names, as
datasette-cluster-map looks for them; ``on``, ``when``, ``group`` and ``end`` are words of SQL and need quotes.
The table ``about`` says what the file is, ``columns`` what each column holds and in which unit.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from outposts.export.extract import Extract
from outposts.export.tables import COUNT, NUMBER, Table, about, tables
from outposts.filters import fold
from outposts.frames import FLAG, TEXT, Column

TYPES = {NUMBER: "REAL", COUNT: "INTEGER", FLAG: "INTEGER"}  # any other: TEXT
WHOLE = {"lon": "longitude", "lat": "latitude"}
FOUND_BY = Column(
    TEXT, "", "every name folded, and of words in scripts without spaces every part: for the search alone"
)  # fmt: skip
# Table -> the columns that are searched, and how they are cut into words. Names are found by whole words in any
# script, accents or not; what claims say by any three characters, since Thai or Japanese sets no spaces.
WORDS = "unicode61 remove_diacritics 2"
SEARCHED = {
    "venues": (("name", "place", "found_by"), WORDS),
    "names": (("name", "found_by"), WORDS),
    "sources": (("title", "publisher"), WORDS),
    "claims": (("quote", "translation", "stated", "note"), "trigram"),
}
# Hangul, kana, Chinese characters, Thai and Lao, Burmese, Khmer: a name in them is often one long word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]{3,}")  # fmt: skip
_PARTS = range(2, 9)  # characters of the parts of such a word


def write(extract: Extract, path: Path) -> None:
    """Write a database; the same extract and SQLite give the same bytes."""
    found = [_for_search(_whole_names(table), extract) for table in tables(extract)]
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            database.execute("BEGIN")
            for table in (about(extract), _columns(found), *found):
                database.execute(_create(table))
                marks = ", ".join("?" * len(table.columns))
                database.executemany(
                    f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", map(_plain, table.rows)
                )
                for statement in (*_indexes(table), *_search(table)):
                    database.execute(statement)
            database.execute("COMMIT")
    except sqlite3.OperationalError as error:  # a full disk is one
        raise OSError(str(error)) from error


def _whole_names(table: Table) -> Table:
    return replace(table, columns={WHOLE.get(n, n): column for n, column in table.columns.items()})


def _for_search(table: Table, extract: Extract) -> Table:
    """Add the words by which full-text search finds a venue and a name."""
    if table.name == "venues":
        added = [_found_by(name.name for name in venue.names) for venue in extract.venues]
    elif table.name == "names":
        at = list(table.columns).index("name")
        added = [_found_by([row[at]]) for row in table.rows]
    else:
        return table
    rows = [(*row, text) for row, text in zip(table.rows, added, strict=True)]
    return replace(table, columns={**table.columns, "found_by": FOUND_BY}, rows=rows)


def _found_by(names: Iterable[str]) -> str:
    return " ".join(chain.from_iterable((fold(name), *_parts(name)) for name in names))


def _parts(name: str) -> Iterator[str]:
    for word in _UNSPACED.findall(name):
        for length in _PARTS[: len(word) - 2]:
            yield from (word[at : at + length] for at in range(len(word) - length + 1))


def _columns(found: Sequence[Table]) -> Table:
    columns = {
        "table": Column(TEXT, "", "the table"),
        "column": Column(TEXT, "", "the column in it"),
        "unit": Column(TEXT, "", "its unit or code"),
        "meaning": Column(TEXT, "", "what it holds"),
    }
    rows = [
        (table.name, name, column.unit or None, column.meaning)
        for table in found
        for name, column in table.columns.items()
    ]
    return Table("columns", "what the columns hold", columns, ("table", "column"), rows)


def _create(table: Table) -> str:
    lines = [
        f"{_quoted(name)} {TYPES.get(column.dtype, 'TEXT')}"
        + (" NOT NULL" if name in table.required else "")
        for name, column in table.columns.items()
    ]
    lines.append(f"PRIMARY KEY ({_listed(table.key)})")
    lines += [
        f"FOREIGN KEY ({_listed(reference.columns)}) "
        f"REFERENCES {_quoted(reference.table)} ({_listed(reference.to)})"
        for reference in table.references
    ]
    return f"CREATE TABLE {_quoted(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def _indexes(table: Table) -> Iterator[str]:
    """Yield an index for each way to a row that the key does not begin with."""
    ways = [reference.columns for reference in table.references]
    ways += [(name,) for name in ("country", "status", "says") if name in table.columns]
    for columns in ways:
        if columns != table.key[: len(columns)]:
            name = f"{table.name}_by_{'_'.join(columns)}"
            yield f"CREATE INDEX {_quoted(name)} ON {_quoted(table.name)} ({_listed(columns)})"


def _search(table: Table) -> Iterator[str]:
    if table.name not in SEARCHED:
        return
    columns, words = SEARCHED[table.name]
    name = _quoted(f"{table.name}_fts")
    yield (
        f"CREATE VIRTUAL TABLE {name} USING fts5"
        # Datasette knows a search by these words, with no space in them: content="venues".
        f"({_listed(columns)}, tokenize='{words}', content={_quoted(table.name)})"
    )
    yield f"INSERT INTO {name} ({name}) VALUES ('rebuild')"


def _plain(row: Sequence[Any]) -> list[Any]:
    return [
        json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else value
        for value in row
    ]


def _quoted(name: str) -> str:
    return f'"{name}"'


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))
