"""Text that reaches the page as it is, and data that cannot be taken for markup."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from branca.element import Element


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
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    packed = squeeze.compress(plain_json(value).encode()) + squeeze.flush()
    text = base64.b64encode(packed).decode()
    return f'<script type="text/plain" id="{id}">{text}</script>\n'


def plain_json(value: Any) -> str:
    """Return JSON with sorted keys and without white space: one text for one value."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
