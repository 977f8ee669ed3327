"""A built page as a reader, a browser or an attacker finds it: elements, text, data."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from outposts.words import words

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
        found: dict[str, Any] = self.unpacked("outposts-data")
        return found

    @property
    def code(self) -> list[str]:
        """The scripts that the script element `outposts-code` holds, in the order in which they run."""
        found: list[str] = self.unpacked("outposts-code")
        return found

    def unpacked(self, id: str) -> Any:
        (text,) = [text for _, attrs, text in self.inline if attrs.get("id") == id]
        return json.loads(zlib.decompress(base64.b64decode(text), -15))

    @property
    def data(self) -> dict[str, Any]:
        """The venues with all that is told of them."""
        found: dict[str, Any] = self.block["data"]
        return found


def worded(data: dict[str, Any], sentence: list[Any]) -> str:
    """Word a sentence of the block in English as the page does: a key, then clauses with claims."""
    key, *slots = sentence
    own = words("en")
    parts = []
    for clause, *claims in slots:
        phrases: dict[str, list[str]] = {}
        for claim in (data["claims"][index] for index in claims[:3]):
            source = data["sources"][claim["source"]]
            label = source["publisher"] or source["title"]
            labels = phrases.setdefault(own.phrase(claim["when"]), [])
            labels += [label] if label not in labels else []
        told = [f"{when} ({', '.join(labels)})" for when, labels in phrases.items()]
        more = len(claims) - 3
        told += [f"{more} more claim{'s' if more > 1 else ''}"] if more > 0 else []
        text = ", ".join(told[:-1]) + " and " + told[-1] if len(told) > 1 else "".join(told)
        parts.append(own.table["clauses"][clause].replace("{told}", text))
    tail = parts.pop() if slots and slots[-1][0] in ("outweighed", "unopposed") else ""
    text = str(own.table["sentences"][key])
    for name, part in zip(("one", "two"), parts, strict=False):
        text = text.replace(f"{{{name}}}", part)
    for name in ("fresh", "stale"):
        text = text.replace(f"{{{name}}}", str(data["rules"][name]))
    return f"{text}{tail}."


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
        "sentence": worded(data, sentence),
        "last_seen_open": None if seen is None else min(seen, on),
        "single_source": bool(single),
        "since": pairs[first][0],
        "changes_on": pairs[last + 1][0] if last + 1 < len(pairs) else None,
    }
