"""YAML as a registry uses it: plain data, every scalar a string, each value with its place.

Read with PyYAML's C parser. Anchors, aliases, tags, duplicate keys, several documents and
files over 1 MiB are problems, not features: a registry is read by people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from outposts.errors import Problem

MOST_BYTES = 1 << 20
Step = str | int
Keys = tuple[Step, ...]

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, the same result
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]


@dataclass
class Document:
    """One file's data, and where each value (``values``) and key (``keys``) of it stands.

    Places are (line, column) from 1. Where ``text`` is given they are noted when the first of them is
    asked for: most files have no problem, and the places of a large registry are most of its memory.
    ``problems`` holds what is wrong with the file as YAML.
    """

    path: str
    data: Any = None
    text: str = field(default="", repr=False)
    values: dict[Keys, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Keys, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, at: Keys, text: str, *, on_key: bool = False, level: str = "error"
    ) -> Problem:
        """Return a problem of the value at ``at``, or of the nearest thing around it."""
        if self.text and not self.values:
            noted = Document(self.path)
            _Builder(noted, places=True).build(yaml.parse(self.text, Loader=_Loader))
            self.values, self.keys = noted.values, noted.keys
        place = self.keys.get(at) if on_key else None
        around = at
        while place is None:
            place = self.values.get(around)
            if not around:
                break
            around = around[:-1]
        line, column = place or (1, 1)
        return Problem(self.path, line, column, dotted(at), text, level)


def dotted(keys: Keys) -> str:
    """Return a path of keys as a person writes it, such as ``claims[1].when``."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += f".{key}" if text else key
    return text


def read(path: Path, shown: str) -> Document:
    """Return the document in a file; ``shown`` is the path that its problems name.

    What cannot be read or parsed is a problem of the document, never an exception.
    """
    document = Document(shown)
    try:
        raw = path.read_bytes()
    except OSError as error:
        document.problems.append(
            Problem(shown, 1, 1, "", f"cannot be read: {error.strerror or error}")
        )
        return document
    if len(raw) > MOST_BYTES:
        document.problems.append(
            Problem(shown, 1, 1, "", f"{len(raw)} bytes; a file may have {MOST_BYTES}")
        )
        return document
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        document.problems.append(Problem(shown, line, 1, "", "is not UTF-8 text"))
        return document
    parse(text, document)
    return document


def parse(text: str, document: Document) -> None:
    """Fill ``document`` from YAML text."""
    try:
        _Builder(document).build(yaml.parse(text, Loader=_Loader))
        document.text = text
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        document.problems.append(Problem(document.path, line, column, "", f"not YAML: {said}"))
        document.data = None
    except RecursionError:
        document.problems.append(Problem(document.path, 1, 1, "", "is nested too deeply"))
        document.data = None


class _Builder:
    """Turns parse events into data, and notes where things stand if ``places`` are wanted."""

    def __init__(self, document: Document, places: bool = False) -> None:
        self.document = document
        self.places = places

    def build(self, events: Any) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(event, (), "a second document in one file")
                    return
            elif isinstance(event, yaml.NodeEvent):
                self.document.data = self._node(event, events, ())

    def _node(self, event: Any, events: Any, at: Keys) -> Any:
        if self.places:
            mark = event.start_mark
            self.document.values[at] = (mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, at, f"the alias *{event.anchor}: write the value out")
            return None
        if event.anchor:
            self._fault(event, at, f"the anchor &{event.anchor}: write the value out")
        if event.tag and event.tag != "!":
            self._fault(event, at, f"the tag {event.tag}: write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            plain = not event.style  # "" from the C parser, None from the pure one
            return None if plain and event.value in ("", "null", "~") else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self._node(inner, events, (*at, len(items))))
            return items
        return self._mapping(events, at)

    def _mapping(self, events: Any, at: Keys) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._fault(event, at, "a key that is not plain text")
                self._node(event, events, (*at, "?"))
                self._node(next(events), events, (*at, "?"))
                continue
            if event.anchor or (event.tag and event.tag != "!"):
                self._fault(event, at, "a key with an anchor or a tag")
            key = event.value
            if key in found:
                self._fault(event, (*at, key), "the same key a second time")
            inner = (*at, key)
            if self.places:
                mark: Any = event.start_mark
                self.document.keys[inner] = (mark.line + 1, mark.column + 1)
            found[key] = self._node(next(events), events, inner)
        return found

    def _fault(self, event: Any, at: Keys, text: str) -> None:
        mark = event.start_mark
        self.document.problems.append(
            Problem(self.document.path, mark.line + 1, mark.column + 1, dotted(at), text)
        )
