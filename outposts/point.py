"""A venue's point in the text of its file: put in without touching any other line.

The text is cut and joined where PyYAML says that a value begins and ends, never written anew, so that
comments, quotes and spaces stay what a person made them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from outposts.errors import OutpostsError
from outposts.yamlfile import Document, parse

AT = ("location", "point")


class PointError(OutpostsError, ValueError):
    """A file whose text is laid out so that a point cannot be put in without touching other lines."""


@dataclass
class _Spot:
    """Where a value stands: characters from ``start`` to ``end``; the last of what it holds ends at ``last``."""

    start: int
    end: int
    last: int
    column: int
    is_mapping: bool
    is_flow: bool


def with_point(text: str, point: Mapping[str, str]) -> str:
    """Return the text of a venue's file with another point, or with its first.

    Parameters
    ----------
    text
        YAML, as `outposts.yamlfile` reads it.
    point
        Field -> value as YAML writes it, in the order of the canonical form.

    Raises
    ------
    PointError
        If the text is no venue's file, or if the result would hold anything else than before but for
        the point.
    """
    spots = _spots(text)
    location, old = spots.get(AT[:1]), spots.get(AT)
    if location is None or not location.is_mapping:
        raise PointError("there is no location to put a point into")
    flow = "{" + ", ".join(f"{name}: {value}" for name, value in point.items()) + "}"
    edits: list[tuple[int, int, str]]
    if old is None and location.is_flow:
        edits = [(location.last, location.last, f", point: {flow}")]
    elif old is None:
        edits = [_lines(text, location, {"point": ""}, point)]
    elif not old.is_mapping:  # `point: null`, or nothing after the colon
        edits = [(old.start, old.end, flow if old.end > old.start else f" {flow}")]
    else:
        edits = _changed(text, spots, old, point)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def put(before: str, point: Mapping[str, str]) -> str:
    """Return `with_point`, after reading it again: nothing but the point may have changed."""
    after = with_point(before, point)
    was, now = _data(before), _data(after)
    wanted = {name: value.strip('"') for name, value in point.items()}
    was["location"]["point"] = wanted
    if isinstance(held := now["location"].get("point"), dict):  # a radius known no more is null
        now["location"]["point"] = {name: value for name, value in held.items() if value}
    if was != now:
        raise PointError("a point cannot be put in without changing more of the file")
    return after


def _changed(
    text: str, spots: dict[tuple[str, ...], _Spot], old: _Spot, point: Mapping[str, str]
) -> list[tuple[int, int, str]]:
    """Return the edits that give an old point new values; comments beside them stay."""
    edits = []
    missing = dict(point)
    for at, spot in spots.items():
        if at[:2] != AT or len(at) != 3:
            continue
        value = missing.pop(at[2], None)
        if value is None:  # a radius that is known no more
            edits.append((spot.start, spot.end, "null"))
        elif text[spot.start : spot.end] != value:
            gap = "" if spot.end > spot.start else " "
            edits.append((spot.start, spot.end, gap + value))
    if missing and old.is_flow:
        more = "".join(f", {name}: {value}" for name, value in missing.items())
        edits.append((old.last, old.last, more))
    elif missing:
        edits.append(_lines(text, old, missing))
    return edits


def _lines(
    text: str, around: _Spot, fields: Mapping[str, str], inner: Mapping[str, str] | None = None
) -> tuple[int, int, str]:
    """Return the edit that adds fields, one a line, after the last line of a block mapping."""
    newline = "\r\n" if "\r\n" in text else "\n"
    end = text.find("\n", around.last)
    at = len(text) if end < 0 else end + 1
    lines = [f"{' ' * around.column}{name}: {value}".rstrip() for name, value in fields.items()]
    deeper = " " * (around.column + 2)
    lines += [f"{deeper}{name}: {value}" for name, value in (inner or {}).items()]
    block = "".join(line + newline for line in lines)
    return (at, at, block if end >= 0 else newline + block)


def _spots(text: str) -> dict[tuple[str, ...], _Spot]:
    """Return where the mappings and scalars of a file stand, by their keys; what lists hold is left out."""
    events: Any = yaml.parse(text, Loader=yaml.SafeLoader)  # the pure one: it counts characters
    spots: dict[tuple[str, ...], _Spot] = {}

    def node(event: Any, at: tuple[str, ...] | None) -> int:
        """Note where a value stands, unless in a list, and return where the last of what it holds ends."""
        start = event.start_mark
        last = _end(event)
        if isinstance(event, yaml.ScalarEvent):
            if event.style in ("|", ">"):  # its end is that of the blank lines after it
                last = len(text[:last].rstrip())
            if at is not None:
                spots[at] = _Spot(start.index, _end(event), last, start.column, False, True)
            return last
        if not isinstance(event, yaml.CollectionStartEvent):
            raise PointError("an alias: write the value out")
        last = int(start.index)
        inner: Any = next(events)
        if isinstance(event, yaml.SequenceStartEvent):
            while not isinstance(inner, yaml.SequenceEndEvent):
                last = node(inner, None)
                inner = next(events)
        else:
            while not isinstance(inner, yaml.MappingEndEvent):
                if not isinstance(inner, yaml.ScalarEvent):
                    raise PointError("a key that is not plain text")
                key = None if at is None else (*at, inner.value)
                last = max(_end(inner), node(next(events), key))
                inner = next(events)
            if at is not None:
                is_flow = bool(event.flow_style)
                spots[at] = _Spot(start.index, _end(inner), last, start.column, True, is_flow)
        return _end(inner) if event.flow_style else last

    try:
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                node(event, ())
    except yaml.YAMLError as error:
        raise PointError(f"not YAML: {error}") from None
    return spots


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def _data(text: str) -> dict[str, dict[str, object]]:
    document = Document("")
    parse(text, document)
    data = document.data
    if document.problems or not isinstance(data, dict) or not isinstance(data["location"], dict):
        raise PointError("not a venue's file")
    return data
