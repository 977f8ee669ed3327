"""The scripts and styles that a page carries: ours, and Leaflet from its package."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import minify
from xstatic.pkg import leaflet

STATIC = Path(__file__).parent / "static"


@lru_cache(maxsize=1)
def scripts() -> tuple[str, ...]:
    """Return Leaflet and the page's own scripts, in the order in which they run."""
    library = _leaflet("leaflet.js").partition("\n//# sourceMappingURL")[0]
    names = (STATIC / "scripts.txt").read_text(encoding="utf-8").split()
    own = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)
    return library, minify.string("application/javascript", own)


@lru_cache(maxsize=1)
def styles() -> tuple[str, ...]:
    """Return Leaflet's style sheet, without the pictures that we never show, and the page's own."""
    library = re.sub(r"\s*background-image:\s*url\([^)]*\);", "", _leaflet("leaflet.css"))
    own = (STATIC / "page.css").read_text(encoding="utf-8")
    return minify.string("text/css", library), minify.string("text/css", own)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Return the words, colours and shapes that Python and the page share."""
    found: dict[str, Any] = json.loads((STATIC / "vocabulary.json").read_text(encoding="utf-8"))
    return found


def _leaflet(name: str) -> str:
    return (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
