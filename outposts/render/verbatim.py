"""Text that reaches the page as it is, and data that cannot be taken for markup."""

from __future__ import annotations

import base64
import json
from typing import Any

import deflate
from branca.element import Element

SMALLEST = 12  # libdeflate's highest level: a twentieth smaller than zlib's, as fast


class Verbatim(Element):
    """An element whose rendering is its text, untouched.

    branca's own elements compile their text as a template, so that data in it would run.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


def packed_block(id: str, value: Any) -> str:
    """Return a script element that holds ``value`` as JSON, deflated, in base64.

    Nothing of the data stands in the HTML as text, so none of it can be taken for markup; and a
    page is a third as large. ``id`` is ours, not data. Raises ValueError for a number that
    JSON does not have.
    """
    return packed_bytes(id, plain_json(value).encode())


def packed_bytes(id: str, content: bytes, level: int = SMALLEST) -> str:
    """Return such an element with any content, at a level of libdeflate from 1 to `SMALLEST`."""
    text = base64.b64encode(deflate.deflate_compress(content, level)).decode()
    return f'<script type="text/plain" id="{id}">{text}</script>\n'


def plain_json(value: Any) -> str:
    """Return JSON with sorted keys and without white space: one text for one value."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
