"""What geocoders have answered, kept on disk: places, and that there is none."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

KEPT_DAYS = {True: 365, False: 30}
"""How long an answer (True) and a miss (False) stand: what is not on a map yet may be soon."""

_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    provider TEXT NOT NULL, query TEXT NOT NULL, lang TEXT NOT NULL, day INTEGER NOT NULL, found TEXT NOT NULL,
    PRIMARY KEY (provider, query, lang)
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Answer:
    """One thing that a geocoder found.

    Attributes
    ----------
    lon, lat
        Degrees, EPSG:4326.
    precision
        ``building``, ``street``, ``district`` or ``place`` by the kind of thing; None where the geocoder
        does not tell what it is.
    radius_m
        Metres from the point to the farthest corner of the thing's box; None without a box.
    kind
        The geocoder's own word for the thing, such as ``amenity=restaurant``.
    label
        Its full name, as the geocoder writes it.
    attribution
        Whom to credit, as the geocoder asks.
    """

    lon: float
    lat: float
    precision: str | None
    radius_m: float | None
    kind: str
    label: str
    attribution: str


@dataclass(frozen=True)
class Reply:
    """All that a geocoder found for a query, the best first, and the integer day on which it was asked."""

    answers: tuple[Answer, ...]
    day: int


class Answers:
    """Replies by provider, normalised query and language, in one SQLite file.

    Each is on disk once `keep` returns, so that a run that was cut off goes on where it stopped. A
    file that is no database is begun anew: all in it can be asked again. Raises OSError where the file
    cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._base = _opened(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, or a full disk: not its fault
                raise OSError(f"{path}: {error}") from None
            path.unlink()
            self._base = _opened(path)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def find(self, provider: str, query: str, lang: str, today: int) -> Reply | None:
        """Return the reply kept for a query, or None if there is none or it is too old."""
        row = self._row(
            "SELECT day, found FROM answers WHERE provider = ? AND query = ? AND lang = ?",
            (provider, query.casefold(), lang),
        )
        if row is None:
            return None
        answers = tuple(Answer(**answer) for answer in json.loads(row[1]))
        if abs(today - row[0]) > KEPT_DAYS[bool(answers)]:
            return None
        return Reply(answers, row[0])

    def keep(self, provider: str, query: str, lang: str, reply: Reply) -> None:
        """Keep a reply, in place of an older one."""
        found = json.dumps([asdict(answer) for answer in reply.answers], ensure_ascii=False)
        self._row(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
            (provider, query.casefold(), lang, reply.day, found),
        )

    def _row(self, sql: str, values: tuple[object, ...]) -> Any:
        try:
            return self._base.execute(sql, values).fetchone()
        except sqlite3.Error as error:  # a full disk, a file that broke meanwhile
            raise OSError(f"{self.path}: {error}") from None


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        base.execute("BEGIN IMMEDIATE")  # two processes may begin at once
        if base.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            base.execute("DROP TABLE IF EXISTS answers")
            base.execute(f"PRAGMA user_version = {_VERSION}")
        base.execute(_TABLE)
        base.execute("COMMIT")
    except sqlite3.Error:
        base.close()
        raise
    return base
