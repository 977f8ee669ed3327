"""Columns packed for a page: bytes of one place side by side, deflated, in base64."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outposts.render.verbatim import packed_bytes, plain_json

BETWEEN, AFTER = "\x1e", "\x1d"  # between the rows of a column, after a column
_CLEAN = str.maketrans({BETWEEN: " ", AFTER: " "})


def planes(values: NDArray[Any]) -> bytes:
    """Return little-endian 32-bit numbers as four runs of bytes, the lowest first: it deflates far better."""
    return values.astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes()


def packed(header: dict[str, Any], columns: Sequence[bytes]) -> bytes:
    """Return the length of a JSON header (32 bits), the header, then the columns."""
    text = plain_json(header).encode("utf-8", "replace")
    return len(text).to_bytes(4, "little") + text + b"".join(columns)


def joined(columns: Sequence[Sequence[str]]) -> bytes:
    """Return texts column by column with marks between them; a mark inside a text becomes a space."""
    parts = []
    for texts in columns:
        part = BETWEEN.join(texts)
        if part.count(BETWEEN) != max(len(texts) - 1, 0) or AFTER in part:
            part = BETWEEN.join(text.translate(_CLEAN) for text in texts)
        parts.append(part)
    return AFTER.join(parts).encode("utf-8", "replace")


def scripts(contents: Sequence[tuple[str, bytes]], level: int) -> list[str]:
    """Return script elements with these contents by their ids; libdeflate lets other threads run."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda item: packed_bytes(item[0], item[1], level), contents))
