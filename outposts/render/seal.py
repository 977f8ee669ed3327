"""A page's hash of itself: of its bytes, with zeros where the hash stands."""

from __future__ import annotations

import re

from outposts.digest import sha256

_SEAL = re.compile(r'<meta name="outposts:page" content="(sha256:[0-9a-f]{64})">')
_ZEROS = f"sha256:{'0' * 64}"

BLANK = f'<meta name="outposts:page" content="{_ZEROS}">\n'
"""Where `sealed` writes the hash."""


def sealed(html: str) -> str:
    """Return a page that holds `BLANK` with its hash in it."""
    return html.replace(BLANK, BLANK.replace(_ZEROS, _hash(html)), 1)


def seal(html: str) -> tuple[str, str] | None:
    """Return the hash that a page says it has, and the one that it has; None if it says none.

    They differ where anything of the page was changed after it was built.
    """
    match = _SEAL.search(html)
    if match is None:
        return None
    start, end = match.span(1)
    return match[1], _hash(html[:start] + _ZEROS + html[end:])


def _hash(html: str) -> str:
    # Half of a surrogate pair is no text; a file with one cannot be written, but a page can be made.
    return sha256(html.encode("utf-8", "surrogatepass"))
