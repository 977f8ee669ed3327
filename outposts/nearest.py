"""The names nearest to one that was mistyped."""

from __future__ import annotations

from collections.abc import Iterable

LIKE = 70  # of 100: below this, a suggestion confuses more than it helps


def nearest(word: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return up to ``most`` of ``names`` that look most like ``word``, the best first."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        word, sorted(set(names)), scorer=fuzz.WRatio, processor=utils.default_process,
        limit=most, score_cutoff=LIKE,
    )  # fmt: skip
    return [name for name, _, _ in found]


def did_you_mean(word: str, names: Iterable[str], most: int = 3) -> str:
    """Return ``; did you mean 'x' or 'y'?`` for the nearest names, or nothing."""
    found = nearest(word, names, most)
    return f"; did you mean {' or '.join(map(repr, found))}?" if found else ""
