"""Changes as an Atom feed (RFC 4287). No clock is asked: the same evidence gives the same bytes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from outposts import dates
from outposts.diff import Changes, Turn
from outposts.models import Claim
from outposts.news import News
from outposts.registry import Registry

ATOM = "http://www.w3.org/2005/Atom"
LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    ``key`` is unique in the registry and stays the same when the feed is made again; ``day`` is the day
    on which what it tells became known (an integer day). ``text`` is plain text, its lines apart by newlines.
    ``links`` are public addresses of what it rests on, ``link`` one of the entry itself.
    """

    key: str
    day: int
    title: str
    text: str
    category: str
    links: tuple[str, ...] = ()
    link: str | None = None


def atom(
    entries: Iterable[Entry],
    registry: Registry,
    title: str | None = None,
    link: str | None = None,
    address: str | None = None,
    most: int | None = None,
) -> str:
    """Return entries as an Atom feed, the latest first, with a last newline.

    Parameters
    ----------
    entries
        In any order.
    registry
        Its card gives author, rights and the ids: UUIDs (RFC 4122, version 5) of the registry's ``contact``, or
        its title where it has none, and an entry's key.
    title
        The feed's; by default the registry's.
    link
        A page that shows the same.
    address
        Where the feed itself is published.
    most
        Leave out all but so many of the latest entries.

    Notes
    -----
    ``updated`` is the day of an entry at 00:00 UTC. That of a feed without entries is the day on which the
    registry's last source became known.
    """
    ordered = sorted(entries, key=lambda entry: (-entry.day, entry.key))[:most]
    card = registry.card
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(root, "id", _urn(registry, "feed"))
    _add(root, "title", title or card.title)
    if card.description:
        _add(root, "subtitle", card.description)
    latest = max((source.known for source in registry.sources.values()), default=0)
    _add(root, "updated", _moment(ordered[0].day if ordered else latest))
    _add(ET.SubElement(root, "author"), "name", card.attribution or card.title)
    if card.licence:
        _add(root, "rights", " ".join(filter(None, [card.licence, card.attribution])))
    if card.licence in LICENCES:
        ET.SubElement(root, "link", {"rel": "license", "href": LICENCES[card.licence]})
    for rel, href in (("alternate", link), ("self", address)):
        if href:
            ET.SubElement(root, "link", {"rel": rel, "href": _clean(href)})
    ET.SubElement(
        root, "generator", {"uri": card.contact} if card.contact else {}
    ).text = "Outposts"
    for entry in ordered:
        root.append(_element(entry, registry))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def of_news(found: Iterable[News]) -> Iterator[Entry]:
    """Yield an entry for each piece of news."""
    for item in found:
        venue, new = item.venue, _words(item.new)
        lines = [f"{_spoken('said', c)}" for c in item.told]
        lines += [f"{_spoken('retracted', c)}" for c in item.retracted]
        if not lines:
            lines = ["Nothing new was told; only time passed."]
        turned = item.old != item.new
        title = f"{_words(item.old)} → {new}" if turned else f"still {new}"
        told = (*item.told, *item.retracted)
        yield Entry(
            key=f"news/{venue.id}/{dates.iso(item.day)}/{'told' if told else 'time'}",
            day=item.day,
            title=f"{venue.name}{_where(venue.place)}: {title}",
            text="\n".join(
                [f"Became known on {dates.in_words(item.day)}:" if told else "", *lines]
            ).strip(),
            category="status" if turned else "evidence",
            links=_addresses(told),
        )


def of_changes(found: Changes, registry: Registry) -> Iterator[Entry]:
    """Yield an entry for each status that changed and for each record that did; ``registry`` is the new side.

    Where nothing dates a change, such as new rules, it is dated by the latest evidence of its venue, or of
    the registry.
    """
    sources = [source.known for source in registry.sources.values()]
    latest = min(max(sources, default=found.new.known), found.new.known)
    for turn in found.turns:
        days = [cause.day for cause in turn.causes if cause.day is not None]
        own = [c.known for c in turn.venue.claims if c.known <= found.new.known]
        day = max(days or own or [latest])
        known = {claim.id: claim for claim in turn.venue.claims}
        causes = [known[cause.claim] for cause in turn.causes if cause.claim in known]
        yield Entry(
            key=f"status/{turn.venue.id}/{dates.iso(day)}/{turned(turn)}",
            day=day,
            title=f"{turn.venue.name}{_where(turn.venue.place)}: {turned(turn)}",
            text="\n".join(cause.text for cause in turn.causes),
            category="status",
            links=_addresses(causes),
        )
    for change in found.changes:
        day = latest if change.day is None else change.day
        fields = (
            "" if change.how in ("added", "removed") else ", ".join(f.name for f in change.fields)
        )
        yield Entry(
            key=f"{change.record}/{change.id}/{change.how}/{dates.iso(day)}",
            day=day,
            title=f"{change.record} {change.id} {change.how}",
            text=f"{change.label}{f' ({fields})' if fields else ''}",
            category=change.record.replace(" ", "-"),
        )


def turned(turn: Turn) -> str:
    """Return a change of status in words, such as ``closed → disputed``."""
    sides = ["not there" if side is None else _words(side.status) for side in (turn.old, turn.new)]
    return " → ".join(sides)


def _element(entry: Entry, registry: Registry) -> ET.Element:
    element = ET.Element("entry")
    _add(element, "id", _urn(registry, entry.key))
    _add(element, "title", entry.title)
    _add(element, "updated", _moment(entry.day))
    if entry.link:
        ET.SubElement(element, "link", {"rel": "alternate", "href": _clean(entry.link)})
    for href in entry.links:
        ET.SubElement(element, "link", {"rel": "related", "href": _clean(href)})
    ET.SubElement(element, "category", {"term": entry.category})
    _add(element, "content", entry.text, type="text")
    return element


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _clean(text)


def _clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold, such as control characters."""
    return _NOT_XML.sub("\ufffd", text)


def _urn(registry: Registry, key: str) -> str:
    own = registry.card.contact or registry.card.title
    return uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, own), key).urn


def _moment(day: int) -> str:
    return f"{dates.iso(day)}T00:00:00Z"


def _words(status: str) -> str:
    return status.replace("-", " ")


def _where(place: str | None) -> str:
    return f" ({place})" if place else ""


def _spoken(lead: str, claim: Claim) -> str:
    text = f"{claim.source.label} {lead}: {claim.says} {claim.when.phrase}"
    if claim.quote and lead == "said":
        text += f': "{claim.quote}"'
    return f"{text} [{claim.id}]"


def _addresses(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.source.url for claim in claims if claim.source.url))
