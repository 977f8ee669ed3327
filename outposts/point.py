"""A venue's point in the text of its file: put in without touching any other line.

The text is cut and joined where PyYAML says that a value begins and ends, never written anew, so that
comments, quotes and spaces stay what a person made them.
"""

from __future__ import annotations

from collections.abc import Mapping

from outposts.errors import OutpostsError
from outposts.layout import LayoutError, Spot, line_end, newline, spots
from outposts.yamlfile import Document, Keys, parse

AT = ("location", "point")


class PointError(OutpostsError, ValueError):
    """A file whose text is laid out so that a point cannot be put in without touching other lines."""


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
    spots = _laid(text)
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
    text: str, spots: dict[Keys, Spot], old: Spot, point: Mapping[str, str]
) -> list[tuple[int, int, str]]:
    """Return the edits that give an old point new values; comments beside them stay."""
    edits = []
    missing = dict(point)
    for at, spot in spots.items():
        if at[:2] != AT or len(at) != 3:
            continue
        value = missing.pop(str(at[2]), None)
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
    text: str, around: Spot, fields: Mapping[str, str], inner: Mapping[str, str] | None = None
) -> tuple[int, int, str]:
    """Return the edit that adds fields, one a line, after the last line of a block mapping."""
    at = line_end(text, around.last)
    lines = [f"{' ' * around.column}{name}: {value}".rstrip() for name, value in fields.items()]
    deeper = " " * (around.column + 2)
    lines += [f"{deeper}{name}: {value}" for name, value in (inner or {}).items()]
    block = "".join(line + newline(text) for line in lines)
    return (at, at, block if text[:at].endswith("\n") else newline(text) + block)


def _laid(text: str) -> dict[Keys, Spot]:
    try:
        return spots(text)
    except LayoutError as error:
        raise PointError(str(error)) from None


def _data(text: str) -> dict[str, dict[str, object]]:
    document = Document("")
    parse(text, document)
    data = document.data
    if document.problems or not isinstance(data, dict) or not isinstance(data["location"], dict):
        raise PointError("not a venue's file")
    return data
