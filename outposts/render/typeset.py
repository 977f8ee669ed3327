"""A scene -> PNG, SVG or PDF, by Typst: it shapes every script, and one document serves all forms.

Texts travel as JSON and are set as strings, so that Typst reads no markup in them; it sees one file
of ours and no folder but that of the fonts.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from outposts.errors import MapError
from outposts.render import typefaces
from outposts.vocabulary import FOLDER

T = TypeVar("T")
FONTS = FOLDER / "fonts"
LATIN = ("sans", "sans-bold", "serif-bold")
"""Fonts of the package that Typst reads as they are; it needs no others for plain Latin, Greek and Cyrillic."""

PLAIN = frozenset("–—‘’“”…") | {
    chr(code)
    for first, last in ((0x20, 0x7E), (0xA0, 0x24F), (0x400, 0x45F), (0x1E00, 0x1EFF))
    for code in range(first, last + 1)
}
"""Letters that each of `LATIN` has: for them alone no font has to be opened to know."""
MISSING = "pictures need Typst, Pillow and fontTools: pip install 'outposts[images]'"


def letters_of(scene: Any) -> set[str]:
    """Return the letters of all texts of a scene."""
    if isinstance(scene, str):
        return set(scene)
    inner = scene.values() if isinstance(scene, dict) else scene if isinstance(scene, list) else ()
    return {letter for part in inner for letter in letters_of(part)}


def without_glyph(letters: set[str]) -> str:
    """Return those of some letters that no font of the package has, sorted."""
    rest = {letter for letter in letters - PLAIN if letter.isprintable()}
    if not rest:
        return ""
    covered = {chr(code) for name in (*LATIN, *typefaces.NAMES) for code in _covers(name)}
    return "".join(sorted(rest - covered))


def typeset(scene: dict[str, Any], form: str, ppi: float = 96.0) -> list[bytes]:
    """Return the pages of a scene as files of a form: ``png``, ``svg`` or ``pdf`` (one file with all).

    Letters that no font of the package has are set in the system's fonts, if those have them.

    Raises
    ------
    MapError
        If the libraries of the extra ``images`` are not installed.
    """
    try:
        import typst
    except ImportError:
        raise MapError(MISSING) from None
    letters = letters_of(scene)
    with _fonts(letters) as folders:
        fonts = typst.Fonts(
            include_system_fonts=bool(without_glyph(letters)),
            include_embedded_fonts=False,
            font_paths=folders,
        )
        fonts_of_pages = [typefaces.family(name) for name in typefaces.NAMES]
        text = json.dumps({**scene, "fonts": fonts_of_pages}, ensure_ascii=False)
        made = typst.compile(
            (FOLDER / "picture.typ").read_bytes(),
            font_paths=fonts,
            format=cast('Literal["png", "svg", "pdf"]', form),
            ppi=ppi,
            sys_inputs={"scene": text},
            timestamp=0,
        )
    return made if isinstance(made, list) else [made]


@contextmanager
def _fonts(letters: set[str]) -> Iterator[list[str]]:
    """Give the folders with the fonts that letters need, those of pages unpacked in a temporary one."""
    needed = [name for name in typefaces.NAMES if not letters <= PLAIN and letters & _letters(name)]
    if not needed:
        yield [str(FONTS)]
        return
    with tempfile.TemporaryDirectory(prefix="outposts-fonts-") as folder:
        for name in needed:
            (Path(folder) / f"{name}.ttf").write_bytes(_ttf(name))
        yield [str(FONTS), folder]


def _letters(name: str) -> set[str]:
    return {chr(code) for code in _covers(name) if code > 0x7F}


@lru_cache(maxsize=8)
def _covers(name: str) -> frozenset[int]:
    """Return the code points that a font of the package has."""
    return _asked(lambda: typefaces.covers(FONTS / f"{name}.{'ttf' if name in LATIN else 'woff2'}"))


def _ttf(name: str) -> bytes:
    return _asked(lambda: typefaces.ttf(name))


def _asked(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except ModuleNotFoundError:
        raise MapError(MISSING) from None
