"""A data package, as `outposts export DIR/` writes it, read back as the documents of a registry.

Its tables become what the YAML files of a registry would hold, so that both are checked by the same rules;
each value knows the table and the line it is from. What the status rules work out (runs, answers,
bounds of dates) is not read: it follows from the claims.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outposts.errors import Problem
from outposts.models import RELATIONS
from outposts.yamlfile import Document, Keys, dotted

PACKAGE = "datapackage.json"
CARD = {"version": "data_version"}  # fields of registry.yaml that have another name in a package
LINKS = ("wikidata", "osm", "opensanctions")
SOURCE = ("title", "publisher", "author", "published", "accessed", "url", "archived", "lang", "kind", "reliability")  # fmt: skip
TELLING = ("says", "when", "source", "quote", "lang", "translation", "stated", "weak", "note")
COUNT = ("country", "kind", "place", "says", "count", "when", "source", "quote", "lang", "translation", "note")  # fmt: skip
EVENT = ("on", "label", "text", "kind", "source", "quote")
# A cell that a spreadsheet takes for a formula, after apostrophes of its own; and one that was guarded.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"''*[=+\-@\t\r]")
_LONGEST = 1 << 24  # characters of a cell; csv alone would stop at 131,072


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: with an apostrophe before what looks like one.

    Text that begins with apostrophes and then such a character gets one more, so that `unguarded` gives
    every text back as it was.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text of a cell that `guarded` made."""
    return cell[1:] if _GUARDED.match(cell) else cell


@dataclass
class Rows(Document):
    """A document that was put together from rows: ``at`` says from which file and line."""

    at: dict[Keys, tuple[str, int]] = field(default_factory=dict)

    def problem(
        self, at: Keys, text: str, *, on_key: bool = False, level: str = "error"
    ) -> Problem:
        """Return a problem of the row that the value at ``at`` is from."""
        around = at
        while around and around not in self.at:
            around = around[:-1]
        path, line = self.at.get(around, (self.path, 1))
        return Problem(path, line, 1, dotted(at), text, level)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the file and the line it is at, and its cells by column, None where one is empty."""

    at: tuple[str, int]
    cells: Mapping[str, str | None]

    def __getitem__(self, name: str) -> Any:
        return self.cells.get(name)

    def only(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the cells of some columns that are not empty."""
        return {name: self.cells[name] for name in names if self.cells.get(name) is not None}


def holds(folder: Path) -> bool:
    """Return whether a folder is a data package rather than a registry of YAML files."""
    return (folder / PACKAGE).is_file() and not (folder / "registry.yaml").is_file()


def documents(folder: Path, shown: str) -> dict[str, Document]:
    """Return the documents that a data package stands for, by the names their files would have.

    What cannot be read is a problem of the first, never an exception.
    """
    card = Rows(f"{shown}/{PACKAGE}")
    found: dict[str, Document] = {"registry.yaml": card}
    try:
        told = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        card.problems.append(card.problem((), f"is not JSON: {error}"))
        return found
    if not isinstance(told, dict):
        card.problems.append(card.problem((), "is not a data package"))
        return found
    fields = ("title", "description", "licence", "attribution", "version", "contact")
    card.data = {name: told[CARD.get(name, name)] for name in fields if CARD.get(name, name) in told}  # fmt: skip
    read = _Tables(folder, shown, card)
    found["sources.yaml"] = _sources(read)
    found["organisations.yaml"] = _organisations(read)
    found["groups.yaml"] = _groups(read)
    found["events.yaml"] = _events(read)
    found.update(_venues(read))
    return found


class _Tables:
    """The tables of a package, read when they are asked for."""

    def __init__(self, folder: Path, shown: str, card: Rows) -> None:
        self.folder, self.shown, self.card = folder, shown, card
        self._found: dict[str, list[Row]] = {}

    def rows(self, name: str, *needed: str) -> list[Row]:
        """Return the rows of a table; a fault of the file is a problem of the package."""
        if name not in self._found:
            self._found[name] = self._rows(name, needed)
        return self._found[name]

    def _rows(self, name: str, needed: tuple[str, ...]) -> list[Row]:
        path = f"{self.shown}/{name}.csv"
        before = csv.field_size_limit(_LONGEST)
        try:
            with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                return list(self._read(csv.reader(file, strict=True), path, needed))
        except FileNotFoundError:
            self._fault(path, 1, "required: a data package of a registry has this table")
        except OSError as error:
            self._fault(path, 1, f"cannot be read: {error.strerror or error}")
        except UnicodeDecodeError:
            self._fault(path, 1, "is not UTF-8 text")
        except csv.Error as error:
            self._fault(path, 1, f"is not CSV: {error}")
        finally:
            csv.field_size_limit(before)
        return []

    def grouped(self, name: str, key: str, *needed: str) -> dict[str, list[Row]]:
        """Return the rows of a table by the value of a column."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(name, key, *needed):
            found[row[key]].append(row)
        return found

    def _read(self, lines: Any, path: str, needed: tuple[str, ...]) -> Iterator[Row]:
        columns: list[str] = next(lines, [])
        for name in needed:
            if name not in columns:
                self._fault(path, 1, f"the column {name} is required")
                return
        line = lines.line_num + 1
        for cells in lines:
            if len(cells) != len(columns):
                self._fault(path, line, f"{len(cells)} cells where {len(columns)} are expected")
            else:
                texts = [unguarded(cell) if cell else None for cell in cells]
                yield Row((path, line), dict(zip(columns, texts, strict=True)))
            line = lines.line_num + 1

    def _fault(self, path: str, line: int, text: str) -> None:
        self.card.problems.append(Problem(path, line, 1, "", text))


def _sources(read: _Tables) -> Rows:
    made = Rows(f"{read.shown}/sources.csv", {})
    for row in read.rows("sources", "source", "title", "kind"):
        made.data[row["source"]] = row.only(SOURCE)
        made.at[row["source"],] = row.at
    return made


def _organisations(read: _Tables) -> Rows:
    made = Rows(f"{read.shown}/organisations.csv", {})
    names = read.grouped("organisation_names", "organisation", "name")
    for row in read.rows("organisations", "organisation"):
        id = row["organisation"]
        made.data[id] = {
            "names": [name.only(("name", "lang", "source")) for name in names[id]],
            **row.only(("kind", "parent", "notes")),
            **_see_also(row),
        }
        made.at[id,] = row.at
        made.at |= {(id, "names", number): name.at for number, name in enumerate(names[id])}
    return made


def _groups(read: _Tables) -> Rows:
    """Return group claims, each about the venues on whose rows it stands, and the published totals."""
    made = Rows(f"{read.shown}/claims.csv", {"claims": [], "counts": []})
    told: dict[str, dict[str, Any]] = {}
    for row in read.rows("claims", "venue", "claim", "group"):
        if row["group"] != "true":
            continue
        if row["claim"] not in told:
            made.at["claims", len(told)] = row.at
            about: dict[str, list[str]] = {"venues": []}
            told[row["claim"]] = {"id": row["claim"], "about": about, **_telling(row)}
        told[row["claim"]]["about"]["venues"].append(row["venue"])
    made.data["claims"] = list(told.values())
    for number, row in enumerate(read.rows("counts", "published", "count")):
        made.data["counts"].append({"id": row["published"], **row.only(COUNT)})
        made.at["counts", number] = row.at
    return made


def _events(read: _Tables) -> Rows:
    made = Rows(f"{read.shown}/events.csv", [])
    for number, row in enumerate(read.rows("events", "event", "on")):
        made.data.append({"id": row["event"], **row.only(EVENT)})
        made.at[number,] = row.at
    return made


def _venues(read: _Tables) -> Iterator[tuple[str, Rows]]:
    names = read.grouped("names", "venue", "name")
    addresses = read.grouped("addresses", "venue", "address")
    operators = read.grouped("operators", "venue", "organisation")
    claims = read.grouped("claims", "venue", "claim", "group")
    for row in read.rows("venues", "venue", "kind", "country"):
        id, country = row["venue"], row["country"] or ""
        own = [claim for claim in claims[id] if claim["group"] != "true"]
        made = Rows(row.at[0])
        made.data = {
            **{"id": id} | row.only(("kind",)),
            "names": [name.only(("name", "lang", "source")) for name in names[id]],
            "operators": [body.only(("organisation", "source", "note")) for body in operators[id]],
            "location": _location(row, addresses[id]),
            "claims": [{"id": str(claim["claim"]).removeprefix(f"{id}#"), **_telling(claim)} for claim in own],
            **_see_also(row),
            **row.only((*RELATIONS, "notes")),
        }  # fmt: skip
        made.at[()] = row.at
        for field_, rows in (("names", names[id]), ("operators", operators[id]), ("claims", own)):
            made.at |= {(field_, number): part.at for number, part in enumerate(rows)}
        yield f"venues/{country.lower()}/{id}.yaml", made


def _location(row: Row, addresses: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = row.only(("country", "place"))
    if addresses:
        found["address"] = [
            {"text": part["address"]} | part.only(("source",)) for part in addresses
        ]
    if row["point_method"] is not None:  # else it stands at its town
        point = {"method": "point_method", "by": "point_by", "on": "point_on"}
        found["point"] = row.only(("lon", "lat", "precision", "radius_m"))
        found["point"] |= {to: row[name] for to, name in point.items() if row[name] is not None}
    return found


def _telling(row: Row) -> dict[str, Any]:
    found = row.only(TELLING)
    if row["retracted"] is not None:
        found["retracted"] = {"on": row["retracted"], "why": row["retracted_why"]}
    return found


def _see_also(row: Row) -> dict[str, Any]:
    links = row.only(LINKS)
    return {"see_also": links} if links else {}
