"""A built page as a reader, a browser or an attacker finds it: elements, text, data."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

EMPTY_ELEMENTS = {"br", "hr", "img", "input", "link", "meta"}
NOT_SHOWN = {"script", "style", "title"}


@dataclass
class Page(HTMLParser):
    """The parsed page: ``elements`` in order, ``shown`` text, and what scripts and styles hold."""

    html: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    inline: list[tuple[str, dict[str, str | None], str]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY_ELEMENTS:
            self._open.append(tag)
        if tag in ("script", "style"):
            self.inline.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        within = self._open[-1] if self._open else ""
        if within in ("script", "style"):
            tag, attrs, text = self.inline[-1]
            self.inline[-1] = (tag, attrs, text + data)
        elif within not in NOT_SHOWN:
            self.pieces.append(data)

    @property
    def shown(self) -> str:
        """The text that is on the page without JavaScript."""
        return " ".join(" ".join(self.pieces).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def policy(self) -> dict[str, list[str]]:
        """The Content-Security-Policy: directive to its sources."""
        (meta,) = [m for m in self.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
        parts = [part.split() for part in str(meta["content"]).split(";")]
        return {part[0]: part[1:] for part in parts}

    @property
    def block(self) -> dict[str, Any]:
        """All that the script element `outposts-data` holds."""
        (text,) = [text for _, attrs, text in self.inline if attrs.get("id") == "outposts-data"]
        found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(text), -15))
        return found

    @property
    def data(self) -> dict[str, Any]:
        """The venues with all that is told of them."""
        found: dict[str, Any] = self.block["data"]
        return found


def answer(data: dict[str, Any], venue: dict[str, Any], on: int, known: int) -> dict[str, Any]:
    """Look a venue's answer up as the page does: a history by ``known``, a run by ``on``."""
    runs = [runs for clock, runs in venue["histories"] if clock is None or clock <= known][-1]
    pairs = list(zip(runs[::2], runs[1::2], strict=True))
    at = max(i for i, (start, _) in enumerate(pairs) if start is None or start <= on)
    statuses = [venue["answers"][index][0] for _, index in pairs]
    first = last = at
    while first > 0 and statuses[first - 1] == statuses[at]:
        first -= 1
    while last + 1 < len(pairs) and statuses[last + 1] == statuses[at]:
        last += 1
    status, reason, for_, against, sentence, seen, single = venue["answers"][pairs[at][1]]
    return {
        "status": data["statuses"][status],
        "reason": data["reasons"][reason],
        "for": [data["claims"][index]["id"] for index in for_],
        "against": [data["claims"][index]["id"] for index in against],
        "sentence": sentence,
        "last_seen_open": None if seen is None else min(seen, on),
        "single_source": bool(single),
        "since": pairs[first][0],
        "changes_on": pairs[last + 1][0] if last + 1 < len(pairs) else None,
    }
