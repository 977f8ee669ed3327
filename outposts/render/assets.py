"""The scripts and styles that a page carries: ours, and Leaflet from its package."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import minify
from xstatic.pkg import leaflet

from outposts.vocabulary import vocabulary as vocabulary

STATIC = Path(__file__).parent / "static"

FONTS = "assets/fonts"
"""Where the fonts of a site and of `shared` maps are, from the root."""

TILES = frozenset({"pmtiles.js", "tiles.js"})
"""Scripts of pages that offer street tiles."""

SCRIPTS: dict[str, tuple[tuple[int, int], ...]] = {
    "khmer": ((0x1780, 0x17FF), (0x19E0, 0x19FF)),
    "lao": ((0x0E80, 0x0EFF),),
    "thai": ((0x0E00, 0x0E7F),),
    "east-asian": (
        (0x1100, 0x11FF), (0x3000, 0x30FF), (0x3130, 0x318F), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF00, 0xFFEF),
    ),
}  # fmt: skip
"""Fonts that a page may embed (made by ``scripts/make_fonts.py``), and the code points each is for."""


@lru_cache(maxsize=1)
def blocks() -> str:
    """Return the script that unpacks what a page holds deflated; it runs before all others."""
    return _minified(["blocks.js"])


@lru_cache(maxsize=1)
def shared() -> dict[str, bytes]:
    """Return the files that maps built with ``shared`` link to, by their names from the root of a folder.

    Script and styles bear a hash of their content, so that a browser may keep them for good.
    """
    files = {".css": "\n".join(styles()), ".js": ";\n".join((blocks(), *scripts(tiles=True)))}
    found: dict[str, bytes] = {}
    for ending, text in files.items():
        content = text.encode()
        found[f"assets/outposts-{hashlib.sha256(content).hexdigest()[:8]}{ending}"] = content
    for name in SCRIPTS:
        found[f"{FONTS}/{name}.woff2"] = (STATIC / "fonts" / f"{name}.woff2").read_bytes()
    return found


def shared_name(ending: str) -> str:
    """Return the name of the shared file with this ending, ``.css`` or ``.js``."""
    return next(name for name in shared() if name.endswith(ending))


@lru_cache(maxsize=2)
def scripts(tiles: bool = False) -> tuple[str, ...]:
    """Return Leaflet and the page's own scripts, in the order in which they run; `TILES` only if wanted."""
    library = _leaflet("leaflet.js").partition("\n//# sourceMappingURL")[0]
    names = (STATIC / "scripts.txt").read_text(encoding="utf-8").split()
    return library, _minified([name for name in names if tiles or name not in TILES])


@lru_cache(maxsize=1)
def loader() -> str:
    """Return the script for pages that embed maps: their height, and steps of an article."""
    return _minified(["loader.js"])


@lru_cache(maxsize=1)
def styles() -> tuple[str, ...]:
    """Return Leaflet's style sheet and the page's own.

    Of Leaflet's, the pictures that we never show are left out, and what only Internet Explorer takes.
    """
    library = re.sub(
        r"\s*(background-image|behavior):\s*url\([^)]*\);", "", _leaflet("leaflet.css")
    )
    own = tokens() + (STATIC / "page.css").read_text(encoding="utf-8")
    return minify.string("text/css", library), minify.string("text/css", own)


def tokens() -> str:
    """Return the style sheet with the colours and typefaces of all our pages."""
    return (STATIC / "tokens.css").read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def timeline(whole: bool) -> tuple[str, str]:
    """Return script and style sheet of a `StatusTimeline`: the whole, or what our own pages lack."""
    names = (STATIC / "timeline.txt").read_text(encoding="utf-8").split()
    if not whole:
        page = (STATIC / "scripts.txt").read_text(encoding="utf-8").split()
        names = [name for name in names if name not in ("blocks.js", *page)]
    style = (STATIC / "statustimeline.css").read_text(encoding="utf-8")
    return _minified(names), minify.string("text/css", style)


@lru_cache(maxsize=64)
def fonts(names: tuple[str, ...], shared: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the code points and the address of each of these fonts: all of it as ``data:``, or a shared file.

    The page's script offers them to the browser once the map is there: in its style sheet they
    would hold the first paint up. The system's own fonts come first.
    """
    if shared:
        return tuple((spans(name), f"{FONTS}/{name}.woff2") for name in names)
    return tuple(
        (
            spans(name),
            "data:font/woff2;base64,"
            + base64.b64encode((STATIC / "fonts" / f"{name}.woff2").read_bytes()).decode(),
        )
        for name in names
    )


def spans(name: str) -> str:
    """Return the code points that a font is for, as CSS writes them."""
    return ",".join(f"U+{first:X}-{last:X}" for first, last in SCRIPTS[name])


def fonts_for(text: str) -> tuple[str, ...]:
    """Return the names of the fonts whose letters occur in a text."""
    there = {ord(letter) for letter in set(text) if letter > "\u0dff"}
    return tuple(
        name
        for name, ranges in SCRIPTS.items()
        if any(first <= letter <= last for first, last in ranges for letter in there)
    )


def _minified(names: Sequence[str]) -> str:
    own = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)
    return str(minify.string("application/javascript", own))


def _leaflet(name: str) -> str:
    return (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
