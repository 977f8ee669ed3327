"""Where the values of a YAML text stand, to change one of them without touching any other line.

Found where PyYAML says that a value begins and ends. Positions count characters of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from outposts.errors import OutpostsError
from outposts.yamlfile import Keys

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, the same result
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]


class LayoutError(OutpostsError, ValueError):
    """Text that is not YAML, or laid out so that nothing can be put in without touching other lines."""


@dataclass
class Spot:
    """Where a value stands: characters from ``start`` to ``end``; the last of what it holds ends at ``last``.

    ``column`` is that of its first character, from 0. ``is_flow`` is true of what is written in brackets, and of scalars.
    """

    start: int
    end: int
    last: int
    column: int
    is_mapping: bool
    is_flow: bool


def spots(text: str) -> dict[Keys, Spot]:
    """Return where each value stands, by its keys and its places in lists; the document's own are ``()``.

    Raises `LayoutError` for what is not YAML, an alias, and a key that is not plain text.
    """
    bare = text.removeprefix("\ufeff")  # the C parser does not count it
    shift = len(text) - len(bare)
    events: Any = yaml.parse(bare, Loader=_Loader)
    found: dict[Keys, Spot] = {}

    def end(event: Any) -> int:
        return int(event.end_mark.index) + shift

    def node(event: Any, at: Keys) -> int:
        """Note where a value stands, and return where the last of what it holds ends."""
        start = int(event.start_mark.index) + shift
        column = int(event.start_mark.column)
        last = end(event)
        if isinstance(event, yaml.ScalarEvent):
            if event.style in ("|", ">"):  # its end is that of the blank lines after it
                last = len(text[:last].rstrip())
            found[at] = Spot(start, end(event), last, column, False, True)
            return last
        if not isinstance(event, yaml.CollectionStartEvent):
            raise LayoutError("an alias: write the value out")
        is_list = isinstance(event, yaml.SequenceStartEvent)
        last = start
        inner: Any = next(events)
        number = 0
        while not isinstance(inner, yaml.CollectionEndEvent):
            if is_list:
                last = node(inner, (*at, number))
                number += 1
            else:
                if not isinstance(inner, yaml.ScalarEvent):
                    raise LayoutError("a key that is not plain text")
                last = max(end(inner), node(next(events), (*at, inner.value)))
            inner = next(events)
        found[at] = Spot(start, end(inner), last, column, not is_list, bool(event.flow_style))
        return end(inner) if event.flow_style else last

    try:
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                node(event, ())
    except yaml.YAMLError as error:
        raise LayoutError(f"not YAML: {error}") from None
    return found


def line_end(text: str, at: int) -> int:
    """Return where the line that holds the character before ``at`` ends, its line break included."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def newline(text: str) -> str:
    """Return the line break that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"
