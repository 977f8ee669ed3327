"""A folder of YAML files -> records, each checked by itself, with every fault found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from outposts import package
from outposts.errors import Problem
from outposts.models import Card, Event, Groups, Organisation, Record, Source, VenueEntry
from outposts.nearest import did_you_mean
from outposts.yamlfile import Document, Keys, read

T = TypeVar("T")
FILES = ("registry.yaml", "sources.yaml", "organisations.yaml", "groups.yaml", "events.yaml")


@dataclass
class Records:
    """What the files of one registry hold, where each stands, and what is wrong with them.

    A record with a fault is left out: nothing is read by halves. ``ids`` holds what the files of
    each kind name, faulty records included, so that one fault is told once; a kind is absent
    from it where a file could not be read as YAML. ``documents`` are by the name of the file in
    the folder, ``files`` by venue.
    """

    folder: Path
    shown: str
    card: Card | None = None
    venues: dict[str, VenueEntry] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)
    events: tuple[Event, ...] = ()
    ids: dict[str, set[str]] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    files: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_folder(folder: Path, shown: str | None = None) -> Records:
    """Return the records of a registry, or of a data package; ``shown`` is the folder's name in problems."""
    records = Records(folder, str(folder) if shown is None else shown)
    if not folder.is_dir():
        records.problems.append(Problem(records.shown, 1, 1, "", "is not a folder"))
        return records
    records.documents = _documents(folder, records.shown)
    if "registry.yaml" not in records.documents:
        text = "required: it makes a folder a registry; `outposts init DIR` starts one"
        records.problems.append(Problem(f"{records.shown}/registry.yaml", 1, 1, "", text))
    else:
        records.card = _file(records, "registry.yaml", Card)
    records.sources = _table(records, "sources.yaml", Source)
    records.organisations = _table(records, "organisations.yaml", Organisation)
    records.groups = _file(records, "groups.yaml", Groups) or Groups()
    events = _file(records, "events.yaml", tuple[Event, ...])
    records.events = events or ()
    names = [name for name in records.documents if name.startswith("venues/")]
    records.ids["venues"] = {PurePosixPath(name).stem for name in names}
    for name in names:
        path = PurePosixPath(name)
        entry = _file(records, name, VenueEntry)
        if entry is None:
            continue
        document = records.documents[name]
        if path.name != f"{entry.id}.yaml":
            text = f"{entry.id!r} is in {path.name}; the file is called {entry.id}.yaml"
            records.problems.append(document.problem(("id",), text))
        if path.parent.name != entry.location.country.lower():
            text = f"{entry.location.country!r} is in venues/{path.parent.name}/"
            records.problems.append(document.problem(("location", "country"), text))
        if not entry.id.startswith(entry.location.country.lower() + "-"):
            text = f"{entry.id!r} does not begin with {entry.location.country.lower()}-"
            records.problems.append(document.problem(("id",), text))
        if entry.id in records.venues:
            records.problems.append(document.problem(("id",), f"{entry.id!r} a second time"))
        records.venues[entry.id] = entry
        records.files[entry.id] = document
        records.ids["venues"].add(entry.id)
    return records


def _documents(folder: Path, shown: str) -> dict[str, Document]:
    """Return what the files of a registry hold, by their names in its folder, venues last."""
    if package.holds(folder):
        return package.documents(folder, shown)
    paths = [folder / name for name in FILES] + sorted((folder / "venues").glob("**/*.y*ml"))
    names = [path.relative_to(folder).as_posix() for path in paths if path.is_file()]
    return {name: read(folder / name, f"{shown}/{name}") for name in names}


def _file(records: Records, name: str, shape: type[T]) -> T | None:
    """Return what one file holds in the given shape, or None if it is absent or at fault."""
    document = records.documents.get(name)
    if document is None:
        return None
    records.problems += document.problems
    if document.problems:
        return None
    empty: Any = {} if isinstance(shape, type) and issubclass(shape, Record | dict) else []
    data = empty if document.data is None else document.data
    return _valid(records, document, (), partial(_adapter(shape).validate_python, data), shape)


def _table(records: Records, name: str, shape: type[T]) -> dict[str, T]:
    """Return the records of a file that maps ids to records."""
    document_of = _file(records, name, dict)
    found: dict[str, T] = {}
    kind = name.removesuffix(".yaml")
    if document_of is None:
        if name not in records.documents:
            records.ids[kind] = set()
        return found
    records.ids[kind] = set(document_of)
    document = records.documents[name]
    for id, data in document_of.items():
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", id):
            text = "an id has small letters, digits, dots and hyphens"
            records.problems.append(document.problem((id,), text, on_key=True))
        validate = partial(_adapter(shape).validate_python, data)
        record = _valid(records, document, (id,), validate, shape)
        if record is not None:
            found[id] = record
    return found


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(shape: Any) -> TypeAdapter[Any]:
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]


def _valid(
    records: Records, document: Document, at: Keys, validate: Callable[[], T], shape: Any
) -> T | None:
    try:
        return validate()
    except ValidationError as error:
        records.problems += problems_of(error, document, at, shape)
        return None


def problems_of(
    error: ValidationError, document: Document, at: Keys, shape: Any
) -> Iterator[Problem]:
    """Yield what pydantic found wrong, in our words, each with its place in the document."""
    for fault in error.errors():
        keys: Keys = (*at, *fault["loc"])
        kind, value = fault["type"], fault["input"]
        context = fault.get("ctx", {})
        if kind == "missing":
            place = document.problem(keys[:-1], "")
            field_ = document.problem(keys, "").field
            yield Problem(place.path, place.line, place.column, field_, "required")
        elif kind == "extra_forbidden":
            fields = _fields(shape, fault["loc"][:-1])
            text = f"unknown field{did_you_mean(str(keys[-1]), fields, 1)}"
            yield document.problem(keys, text, on_key=True)
        elif kind == "value_error":
            text = str(context["error"])
            inner = re.match(r"([a-z_]+): ", text)  # a rule about two fields names the one
            if inner and inner[1] in _fields(shape, fault["loc"]):
                yield document.problem((*keys, inner[1]), text[inner.end() :])
            else:
                yield document.problem(keys, text)
        else:
            yield document.problem(keys, _said(kind, value, context, fault["msg"]))


def _said(kind: str, value: Any, context: dict[str, Any], message: str) -> str:
    """Return one fault in our words: the value and the way out."""
    if value is None or kind == "string_too_short":
        return "is empty"
    if kind == "literal_error":
        names = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{value!r} is not one of {', '.join(names)}"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return f"{_brief(value)} where fields are expected, each as `name: value`"
    if kind in ("tuple_type", "list_type"):
        return f"{_brief(value)} where a list is expected"
    if kind == "string_type":
        return f"{_brief(value)} where text is expected"
    if kind in ("float_parsing", "float_type", "int_parsing", "int_type", "finite_number"):
        return f"{value!r} is not a number"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"{value!r} is out of range: {message[0].lower()}{message[1:]}"
    if kind == "too_short":
        return "is empty; at least one is needed"
    if kind == "string_pattern_mismatch":
        return f"{value!r} is not an id: small letters, digits and hyphens"
    return f"{_brief(value)}: {message[0].lower()}{message[1:]}"


def _brief(value: Any) -> str:
    if isinstance(value, dict):
        return "fields"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _fields(shape: Any, location: tuple[str | int, ...]) -> list[str]:
    """Return the names of the fields of the record at ``location`` inside ``shape``."""
    schema = _adapter(shape).json_schema()
    node: Any = schema
    for step in (*location, None):
        while "$ref" in node or "anyOf" in node:
            if "$ref" in node:
                node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
            else:
                kinds = [part for part in node["anyOf"] if part.get("type") != "null"]
                node = kinds[0]
        if step is None:
            break
        node = node.get("items", {}) if isinstance(step, int) else node["properties"].get(step, {})
    return list(node.get("properties", ()))
