"""The words of every language, from ``render/static/vocabulary*.json``: one place for Python and the page.

English stands in ``vocabulary.json`` beside the statuses' shapes and colours; any other
language in ``vocabulary.<code>.json``, and counts only when nothing of it is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "render" / "static"
SOURCE = "en"
PLURAL_ALWAYS = "other"  # the one form that every language has
ENGLISH_ONLY = frozenset({"reasons"})  # for people who work on the rules; no page shows them
NOT_ON_PAGES = ENGLISH_ONLY | {"pictures"}
_SLOT = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Return ``statuses`` (shapes, colours) and each complete language by its code, English first."""
    found = _read(FOLDER / "vocabulary.json")
    for path in sorted(FOLDER.glob("vocabulary.*.json")):
        words = _read(path)
        if not any(gaps(words, found[SOURCE])):
            found[path.name.split(".")[1]] = words
    return found


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Return the codes of the complete languages, English first."""
    return tuple(code for code in vocabulary() if code != "statuses")


def packed(codes: Sequence[str]) -> dict[str, Any]:
    """Return the languages as a page holds them: ``statuses``, ``en``, and ``others``, which need half the room.

    Of another language only the words are there, nested lists in the order of English's sorted
    keys; ``words.js`` puts the keys back. Languages of one script stand together: they squeeze better.
    """
    found = vocabulary()
    source = {key: value for key, value in found[SOURCE].items() if key not in NOT_ON_PAGES}
    others = sorted((code for code in codes if code != SOURCE), key=lambda c: (found[c]["name"], c))
    return {
        "statuses": found["statuses"],
        SOURCE: source,
        "others": [[code, _bare(found[code], source)] for code in others],
    }


def _bare(words: Any, source: Any) -> Any:
    if not isinstance(source, dict) or PLURAL_ALWAYS in source or "part" in source:
        return words
    return [_bare(words[key], source[key]) for key in sorted(source)]


def closest(lang: str) -> str:
    """Return the language to use for a BCP 47 code: itself, its plain form, or English."""
    return next((c for c in (lang, lang.split("-")[0]) if c in languages()), SOURCE)


def gaps(words: Any, source: Any, where: str = "") -> Iterator[str]:
    """Yield what keeps ``words`` from saying all that ``source`` says, as sentences with the key.

    Every key has to be there; further ones do no harm. A string has to have the same
    ``{placeholders}`` (in ``dates``, ``{phrase}`` may stand for ``{date}``), a list the same length.
    Of a plural, the form ``other`` suffices, or a string in its place. ``reasons`` are in English only.
    """
    if isinstance(source, dict):
        plural = PLURAL_ALWAYS in source and where.startswith(".strings")
        if plural and isinstance(words, str):
            words = {PLURAL_ALWAYS: words}
        if not isinstance(words, dict):
            yield f"{where}: not a table"
            return
        for key in source if where else [key for key in source if key not in ENGLISH_ONLY]:
            if key in words:
                yield from gaps(words[key], source[key], f"{where}.{key}")
            elif not plural or key == PLURAL_ALWAYS:
                yield f"{where}.{key}: missing"
    elif isinstance(source, list):
        if not isinstance(words, list) or len(words) != len(source):
            yield f"{where}: not a list of {len(source)}"
    elif type(words) is not type(source) or words == "":
        yield f"{where}: empty or not a {type(source).__name__}"
    elif isinstance(source, str):
        own, wanted = set(_SLOT.findall(words)), set(_SLOT.findall(source))
        if where.startswith(".dates") and "phrase" in own:
            own = own - {"phrase"} | {"date"}
        if own != wanted:
            yield f"{where}: has {sorted(own)}, not {sorted(wanted)}"


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
