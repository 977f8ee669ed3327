"""Whether a page is what a registry makes, and what differs if not: it is made anew and compared."""

from __future__ import annotations

import base64
import binascii
import difflib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from outposts import dates
from outposts.digest import DERIVED, EVIDENCE, digest_of
from outposts.errors import MapError, OutpostsError
from outposts.nearest import did_you_mean
from outposts.registry import Registry
from outposts.render import definition
from outposts.render.embed import Place
from outposts.render.seal import seal
from outposts.yamlfile import read

LARGEST = 64_000_000  # bytes: nothing that a page holds unpacks to more
_ORIGIN = re.compile(r'<meta name="outposts:(\w+)" content="([^"]*)">\n?')
_BLOCK = re.compile(r'<script type="text/plain" id="outposts-(\w+)">([^<]*)</script>')
_CODE = re.compile(r"<(script|style)(?![^>]*text/plain)[^>]*>(.*?)</\1>", re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_TAGS = re.compile(r"(?=<(?!/))")
# What a definition says and a page repeats; a page's own days are taken from it.
_SAID = ("title", "deck", "credit", "lang", "span", "on", "known", "bounds", "tiles", "home")
_DAYS = frozenset({"on", "known", "span", "first", "last", "read"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a page is not what the registry makes.

    ``part`` says where: ``page``, ``version``, ``rules``, ``registry``, ``definition``, ``data``, ``status``,
    ``history``, ``venue``, ``claim``, ``source``, ``event``, ``words``, ``outlines``, ``code``, ``text``, ``bytes``.
    """

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of comparing a page with what a registry makes: the same if nothing differs.

    ``name`` is the map's, ``origin`` what the page says of itself (``data``, ``rules``,
    ``version`` ...), ``size`` its bytes.
    """

    name: str
    origin: Mapping[str, str]
    size: int
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether the page is, byte for byte, what the registry makes."""
        return not self.differences


class Page:
    """A page's file as `verify` reads it; nothing of it is run.

    Raises MapError where the bytes are no page of ours.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.html = content.decode("utf-8", "surrogateescape")
        self.origin = {name: unescape(value) for name, value in _ORIGIN.findall(self.html)}
        self.blocks = dict(_BLOCK.findall(self.html))
        if "data" not in self.blocks:
            raise MapError("no page of Outposts: it holds no data of a map")

    def block(self, name: str) -> Any:
        """Return what a block holds. Raises MapError where it cannot be unpacked."""
        try:
            packed = base64.b64decode(self.blocks.get(name, ""), validate=True)
            return json.loads(zlib.decompressobj(-15).decompress(packed, LARGEST))
        except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
            raise MapError(f"the block outposts-{name} cannot be read ({error})") from None

    @property
    def code(self) -> list[str]:
        """All scripts, styles and fonts, in their order; a block of them that cannot be unpacked as it is."""
        plain = [text for _, text in _CODE.findall(self.html)] + [self.blocks.get("fonts", "")]
        if "code" not in self.blocks:
            return plain
        try:
            packed = self.block("code")
        except MapError:
            packed = None
        as_it_is = [self.blocks["code"]]
        return plain + (list(map(str, packed)) if isinstance(packed, list) else as_it_is)

    @property
    def text(self) -> list[str]:
        """All else, one element's beginning a line."""
        bare = _CODE.sub(r"<\1>", _BLOCK.sub("", self.html))
        bare = _POLICY.sub("", _ORIGIN.sub("", bare))
        return [line for line in (part.strip() for part in _TAGS.split(bare)) if line]


def verify(
    content: bytes, registry: Registry, maps: Path, name: str | None = None, stem: str = ""
) -> Verdict:
    """Return whether a page's bytes are what ``registry`` makes of its map definition, and what differs.

    The definition is that of ``name``, else of the map that the page names, else of ``stem``, in the folder
    ``maps``; where it says ``today``, the day of the page's build is meant. Raises MapError where
    the bytes are no page of ours or no definition makes it.
    """
    page = Page(content)
    wanted = name or page.origin.get("map") or stem
    path = _definition(wanted, maps)
    found = list(_changed_since(page))
    try:
        block = page.block("data")
    except MapError as error:
        return Verdict(wanted, page.origin, len(content), (*found, Difference("data", str(error))))
    try:
        html = _rendered(path, registry, block["data"], page.origin)
        found += _differences(page, block, Page(html.encode("utf-8", "surrogateescape")))
    except OutpostsError as error:  # such as a filter that names no country of this registry
        found.append(Difference("definition", str(error)))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        found.append(Difference("data", f"not the data of a map ({type(error).__name__}: {error})"))
    return Verdict(wanted, page.origin, len(content), tuple(found))


def _definition(name: str, maps: Path) -> Path:
    there = {path.stem: path for path in sorted(maps.glob("*.yaml"))}
    if name not in there:
        raise MapError(
            f"no map in {maps.as_posix()}/ is called {name!r}{did_you_mean(name, there)}"
            "; name the one that the page was built from with --map"
        )
    return there[name]


def _rendered(
    path: Path, registry: Registry, data: Mapping[str, Any], origin: Mapping[str, str]
) -> str:
    """Return what the definition makes, on the day on which the page was built."""
    with dates.as_on(_built_on(read(path, path.as_posix()).data or {}, data)):
        home = data.get("home")
        where = Place(str(home["page"])) if home else None
        shared = origin.get("assets") == "shared"
        html: str = (
            definition.load(path)
            .map(registry, where, shared, origin.get("picture"))
            .get_root()
            .render()
        )
    return html


def _built_on(said: Mapping[str, Any], data: Mapping[str, Any]) -> int:
    """Return the day that ``today`` meant, where the definition says it at all."""
    for key in ("known", "on"):
        if said.get(key) in (None, "today"):
            return int(data[key])
    return int(data["span"][1])


def _changed_since(page: Page) -> Iterator[Difference]:
    """Yield what shows, without any registry, that a page is not as it was built."""
    hashes = seal(page.html)
    if hashes is None:
        yield Difference("page", "carries no hash of itself")
    elif hashes[0] != hashes[1]:
        yield Difference(
            "page", f"changed after it was built: it says {hashes[0]} of itself, and is {hashes[1]}"
        )
    said = page.origin.get("data")
    try:
        own = digest_of(page.block("data")["data"])
    except (MapError, KeyError, TypeError, ValueError):
        return  # told where the data is compared
    if said is not None and said != own:
        yield Difference("data", f"the page says {said} of its data, which is {own}")


def _differences(page: Page, block: Mapping[str, Any], made: Page) -> Iterator[Difference]:
    """Yield what differs between a page and what the registry makes, the most telling first."""
    here, there = page.content, made.content
    if here == there:
        return
    if here.replace(b"\r\n", b"\n") == there:
        yield Difference("bytes", "only the line ends: CRLF here, LF made anew")
        return
    found = [*_parts(page, block, made)]
    yield from found
    if not found:
        same = (a == b for a, b in zip(here, there, strict=False))
        at = next((i for i, one in enumerate(same, 1) if not one), min(len(here), len(there)) + 1)
        told = f"{len(here)} here, {len(there)} made anew, and another from number {at} on"
        yield Difference("bytes", told)


def _parts(page: Page, block: Mapping[str, Any], made: Page) -> Iterator[Difference]:
    ours = made.block("data")
    here, there = block["data"], ours["data"]
    for name, part in (("version", "version"), ("rules", "rules"), ("map", "definition")):
        if page.origin.get(name) != made.origin.get(name):
            old, new = (p.origin.get(name, "none") for p in (page, made))
            yield _told(part, "map" if name == "map" else "", old, new)
    if here["rules"] != there["rules"]:
        yield from _fields("rules", "", here["rules"], there["rules"])
    for key in ("registry", "licence", "attribution"):
        if here[key] != there[key]:
            yield _told("registry", key, here[key], there[key])
    for key in _SAID:
        if here.get(key) != there.get(key):
            yield _told("definition", key, here.get(key), there.get(key))
    yield from _statuses(here, there)
    for part, many in (("venue", "venues"), ("claim", "claims"), ("source", "sources"), ("event", "events")):  # fmt: skip
        yield from _records(part, _named(here, many), _named(there, many))
    rest = {*there} - {*EVIDENCE, *_SAID, "hash"}
    for key in sorted(rest):
        if here.get(key) != there[key]:
            yield Difference("data", f"{key} differs")
    if {**here, "hash": 0} != {**there, "hash": 0} and set(here) - set(there):
        yield Difference("data", f"holds {', '.join(sorted(set(here) - set(there)))} besides")
    for key, part in (("vocabulary", "words"), ("outlines", "outlines")):
        if block.get(key) != ours[key]:
            yield Difference(part, f"the page's {part} are not as made anew")
    code, anew = page.code, made.code
    if code != anew:
        own = sum(a != b for a, b in zip(code, anew, strict=False)) + abs(len(code) - len(anew))
        noun = "script, style or font is" if own == 1 else "scripts, styles and fonts are"
        yield Difference("code", f"{own} {noun} not as made anew")
    elif _POLICY.findall(page.html) != _POLICY.findall(made.html):
        yield Difference("code", "the page's policy is another")
    for line in difflib.unified_diff(page.text, made.text, "", "", lineterm="", n=0):
        if line[:1] in "+-" and line not in ("--- ", "+++ "):
            side = "here" if line[0] == "-" else "made anew"
            yield Difference("text", f"{side}: {_short(line[1:])}")


def _statuses(here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield venues whose answer is another, on the page's day or on other days."""
    on, known = here["on"], here["known"]
    made = {venue["id"]: venue for venue in there["venues"]}
    for venue in here["venues"]:
        other = made.get(venue["id"])
        if other is None:
            continue
        old, new = _answer(here, venue, on, known), _answer(there, other, on, known)
        if old["status"] != new["status"]:
            day = dates.iso(on)
            yield Difference("status", f"{venue['id']} on {day}: {old['status']} here, {new['status']} made anew")  # fmt: skip
        elif old != new:
            told = ", ".join(key for key in old if old[key] != new[key])
            yield Difference("status", f"{venue['id']} on {dates.iso(on)}: the same, but other {told}")  # fmt: skip
        elif _runs(here, venue) != _runs(there, other):
            yield Difference("history", f"{venue['id']}: another status on other days")


def _answer(data: Mapping[str, Any], venue: Mapping[str, Any], on: int, known: int) -> dict[str, Any]:  # fmt: skip
    """Look an answer up as the page does: a history by ``known``, a run by ``on``."""
    runs = [runs for clock, runs in venue["histories"] if clock is None or clock <= known][-1]
    starts = list(zip(runs[::2], runs[1::2], strict=True))
    at = [index for start, index in starts if start is None or start <= on][-1]
    status, reason, for_, against, *_ = venue["answers"][at]
    claims = data["claims"]
    return {
        "status": data["statuses"][status],
        "reason": data["reasons"][reason],
        "claims for it": [claims[index]["id"] for index in for_],
        "claims against it": [claims[index]["id"] for index in against],
    }


def _runs(data: Mapping[str, Any], venue: Mapping[str, Any]) -> list[Any]:
    statuses = [data["statuses"][answer[0]] for answer in venue["answers"]]
    return [
        (clock, [(start, statuses[index]) for start, index in zip(runs[::2], runs[1::2], strict=True)])
        for clock, runs in venue["histories"]
    ]  # fmt: skip


def _named(data: Mapping[str, Any], many: str) -> dict[str, dict[str, Any]]:
    """Return records by id, what they refer to by id too."""
    names = {
        "source": [source["id"] for source in data["sources"]],
        "claims": [claim["id"] for claim in data["claims"]],
        "place": [place["name"] for place in data["places"]],
    }
    found = {}
    for record in data[many]:
        plain = {key: value for key, value in record.items() if key not in DERIVED.get(many, ())}
        for key, ids in names.items():
            value = plain.get(key)
            if isinstance(value, list):
                plain[key] = [ids[index] for index in value]
            elif isinstance(value, int):
                plain[key] = ids[value]
        found[record["id"]] = plain
    return found


def _records(
    part: str, here: Mapping[str, dict[str, Any]], there: Mapping[str, dict[str, Any]]
) -> Iterator[Difference]:
    for id in sorted({*here, *there}):
        if id not in there:
            yield Difference(part, f"{id}: here, and not in this registry's page")
        elif id not in here:
            yield Difference(part, f"{id}: not here, and in this registry's page")
        elif here[id] != there[id]:
            yield from _fields(part, f"{id}: ", here[id], there[id])


def _fields(
    part: str, of: str, here: Mapping[str, Any], there: Mapping[str, Any]
) -> Iterator[Difference]:
    for key in sorted({*here, *there}):
        if here.get(key) != there.get(key):
            yield _told(part, f"{of}{key}", here.get(key), there.get(key))


def _told(part: str, what: str, here: Any, there: Any) -> Difference:
    key = what.rpartition(" ")[2]
    old, new = (_short(_worded(key, value)) for value in (here, there))
    return Difference(part, f"{what}{': ' if what else ''}{old} here, {new} made anew")


def _worded(key: str, value: Any) -> str:
    """Return a value as a line shows it; days as ISO dates."""
    if key in _DAYS and isinstance(value, int | list):
        days = value if isinstance(value, list) else [value]
        if all(isinstance(day, int) for day in days):
            return " to ".join(dates.iso(day) for day in days)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str, most: int = 160) -> str:
    """Return a text as one line that a terminal can show: what is hostile in a page stays text."""
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def by_part(differences: Iterable[Difference]) -> dict[str, list[str]]:
    """Return the texts of differences by their part, in order."""
    found: dict[str, list[str]] = {}
    for difference in differences:
        found.setdefault(difference.part, []).append(difference.text)
    return found
