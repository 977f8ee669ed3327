"""The canonical form of a registry's files: key order, quoting, six decimals; comments stay.

Writing is done with ruamel.yaml, which keeps comments; nothing else uses it.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    PlainScalarString,
)

from outposts.errors import OutpostsError
from outposts.schema import SHAPES

ORDER_FIRST = ("id", "about")
DEGREES = ("lon", "lat")
# What a reader of plain YAML would take for something other than text, or that YAML cannot
# hold without quotes.
_PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ /._()'&;+-])*", re.UNICODE)
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"))
_COMMON = re.compile("[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Keys whose values are prose: always in quotes, so that a colon typed later does no harm.
_PROSE = frozenset(
    ("description", "label", "note", "notes", "quote", "stated", "text", "title", "translation", "why")
)  # fmt: skip
# Keys whose values are codes and numbers rather than text: they stay bare where they can.
_BARE = frozenset(("lon", "lat", "radius_m", "count"))


class FormError(OutpostsError):
    """Text that cannot be put in canonical form; ``line`` and ``column`` count from 1."""

    def __init__(self, line: int, column: int, problem: str) -> None:
        super().__init__(f"{line}:{column}: not YAML: {problem}")


def canonical(text: str, shape: Any) -> str:
    """Return the canonical form of a file's text; of canonical text, the same text.

    ``shape`` is the record that the file holds, an entry of `outposts.schema.SHAPES`. Raises
    `FormError` for what ruamel.yaml cannot read.
    """
    reader = YAML(typ="rt", pure=True)
    reader.preserve_quotes = True
    reader.version = (1, 2)
    reader.Constructor = _strings(reader.Constructor)
    try:
        data = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise FormError(line, column, str(error.problem or error.context)) from None
    if data is None:
        return text
    writer = YAML(typ="rt", pure=True)
    writer.width = 1_000_000
    offset = 0 if isinstance(data, CommentedSeq) else 2
    writer.indent(mapping=2, sequence=2 + offset, offset=offset)
    writer.representer.add_representer(_Bare, _represent_bare)
    writer.allow_unicode = True
    out = io.StringIO()
    writer.dump(_ordered(data, shape), out)
    return out.getvalue()


def scalar(value: str, key: str) -> str:
    """Return one value as the canonical form writes it after a key, on one line."""
    made = _scalar(value, key)
    if not isinstance(made, DoubleQuotedScalarString):
        return str(made)
    if _COMMON.fullmatch(value):  # nearly all text, many times as fast
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    writer = YAML(typ="rt", pure=True)
    writer.width = 1_000_000
    writer.allow_unicode = True
    out = io.StringIO()
    writer.dump({"key": made}, out)
    return out.getvalue().removeprefix("key: ").rstrip("\n")


def shape_of(path: Path) -> Any:
    """Return the shape of one file of a registry by its name."""
    return SHAPES[path.stem if path.stem in SHAPES else "venue"]


def _strings(base: Any) -> Any:
    """Return a constructor for which every plain scalar is text, as for our own reader."""

    class Strings(base):  # type: ignore[misc]
        def construct_undefined(self, node: Any) -> Any:
            raise ValueError(f"the tag {node.tag}: write the plain value")

    for tag in ("int", "float", "bool", "timestamp"):
        name = f"tag:yaml.org,2002:{tag}"
        Strings.add_constructor(name, lambda self, node: self.construct_yaml_str(node))
    return Strings


def _ordered(data: Any, shape: Any, key: str | None = None) -> Any:
    if isinstance(data, CommentedMap):
        return _ordered_map(data, shape)
    if isinstance(data, CommentedSeq):
        inner = _item(shape)
        for index, item in enumerate(data):
            data[index] = _ordered(item, inner, key)
        return data
    return _scalar(data, key)


def _ordered_map(data: CommentedMap, shape: Any) -> CommentedMap:
    fields = _fields(shape)
    for name in list(data):
        data[name] = _ordered(data[name], fields.get(name, _item(shape)), str(name))
    if fields:
        wanted = [name for name in fields if name in data]
        wanted += [name for name in data if name not in fields]
        if wanted != list(data):
            for name in wanted:
                data.move_to_end(name)
    return data


def _scalar(value: Any, key: str | None) -> Any:
    if value is None or isinstance(value, LiteralScalarString | FoldedScalarString):
        return value
    text = str(value)
    if key in DEGREES and _NUMBER.fullmatch(text):
        text = f"{float(text):.6f}"
    if key in _BARE and _NUMBER.fullmatch(text):
        return _Bare(text)
    if text in ("true", "false") and key == "weak":
        return _Bare(text)
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _WORDS
    plain = plain and key not in _PROSE
    if key in ("url", "archived", "contact") and re.fullmatch(r"https?://[!-~]+", text):
        plain = not re.search(r"[\[\]{},]|: | #|:$", text)
    if plain and ": " not in text and " #" not in text:
        return PlainScalarString(text)
    return DoubleQuotedScalarString(text)


class _Bare(str):
    """Text that is written without quotes though it looks like a number."""


def _represent_bare(representer: Any, value: str) -> Any:
    kind = "bool" if value in ("true", "false") else "float" if "." in value else "int"
    return representer.represent_scalar(f"tag:yaml.org,2002:{kind}", value)


def _fields(shape: Any) -> dict[str, Any]:
    """Return field name -> shape of a record, in the order of its canonical form."""
    record = _record(shape)
    if record is None:
        return {}
    found = {field.alias or name: field.annotation for name, field in record.model_fields.items()}
    first = [name for name in ORDER_FIRST if name in found]
    return {name: found[name] for name in [*first, *(n for n in found if n not in first)]}


def _record(shape: Any) -> type[BaseModel] | None:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return shape
    for part in get_args(shape):
        if isinstance(part, type) and issubclass(part, BaseModel) and not _is_container(shape):
            return part
    return None


def _is_container(shape: Any) -> bool:
    return getattr(shape, "__origin__", None) in (dict, list, tuple)


def _item(shape: Any) -> Any:
    """Return the shape of what a list or mapping holds."""
    if _is_container(shape):
        parts = [part for part in get_args(shape) if part is not Ellipsis]
        return parts[-1]
    for part in get_args(shape):
        if _is_container(part):
            return _item(part)
    return shape if _record(shape) else None
