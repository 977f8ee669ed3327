"""The fonts of the package for programs that read no WOFF2: as plain TrueType, and which letters they have.

Those that a page embeds are subsets of Noto Sans for the scripts that a usual Latin font lacks (see
``static/fonts/README.md``). Reading them needs fontTools and brotli, of the extras ``images`` and ``plots``.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from outposts.render.assets import SCRIPTS, STATIC

NAMES = tuple(SCRIPTS)
"""The fonts: ``khmer``, ``lao``, ``thai`` and ``east-asian``."""


def family(name: str) -> str:
    """Return the family name that the TrueType of a font bears, such as ``Outposts Khmer``."""
    return f"Outposts {name.replace('-', ' ').title()}"


@lru_cache(maxsize=len(NAMES))
def ttf(name: str) -> bytes:
    """Return one of the fonts `NAMES` as TrueType; the same bytes each time."""
    font = _font(STATIC / "fonts" / f"{name}.woff2")
    font.flavor = None
    # The page names its fonts itself, so the files bear no name; other programs look for one.
    for number, text in ((1, family(name)), (2, "Regular"), (4, family(name)), (6, family(name).replace(" ", "-"))):  # fmt: skip
        font["name"].setName(text, number, 3, 1, 0x409)
    plain = io.BytesIO()
    font.save(plain)
    return plain.getvalue()


@lru_cache(maxsize=8)
def covers(path: Path) -> frozenset[int]:
    """Return the code points for which a font file has a glyph."""
    return frozenset(_font(path).getBestCmap())


def _font(path: Path) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(path, recalcTimestamp=False)
