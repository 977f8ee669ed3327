"""What can be printed about some venues on a day: a paragraph and a list, each number with its claims.

It is hedged as the evidence is, and its numbers are those of a page's summary. A footnote is one
claim or one published count; a figure names its venues and its claims, so that every number can be
followed to who said what, and when.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import rfc8785

from outposts import __version__, dates
from outposts.basemap import country_names
from outposts.coverage import COUNTED, coverage
from outposts.digest import digest, sha256
from outposts.gazetteer import country_names_in, town_names
from outposts.models import Claim, Count, Source
from outposts.registry import Registry
from outposts.rules import RULES, STATUSES, VERSION, Reason, Rules, Status
from outposts.sentences import explain
from outposts.sentences import told as told_by
from outposts.status import Answer
from outposts.venue import Venue
from outposts.words import fill, words

NEWS: tuple[Status, ...] = ("open", "presumed-open", "disputed", "suspended")
"""Statuses of which each venue is told; of the others only closings of late."""

LATELY = 366  # days: a closing this recent is told of by name
NEAR = 183  # days: a published count of a day this near is set beside

# Why nothing can be said of a venue.
SILENT: dict[str, tuple[Reason, ...]] = {
    "tooOld": ("not-seen-for-long", "stale-dispute", "stale-suspension"),
    "changing": ("closing", "opening"),
    "noEvidence": ("no-evidence", "no-evidence-yet"),
}
# Control characters, and marks that turn the direction of what follows: not for print.
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_LIST = re.compile(r"^(\d*)([-+.)])(?=\s)")  # what begins an item of a list
_MARKUP = re.compile(r"([\\`*_\[\]<>&~|#!$@])")


Written = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, with what it rests on: the ids of its venues, of each the ids of its claims; footnotes.

    ``key`` is a status, ``total``, ``single-source``, one of `SILENT`, or the id of a published count
    with ``:held`` or ``:alike``.
    """

    key: str
    n: int
    venues: Mapping[str, tuple[str, ...]]
    notes: tuple[int, ...]

    @property
    def claims(self) -> set[str]:
        """The ids of all its claims."""
        return {id for ids in self.venues.values() for id in ids}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and the numbers of the footnotes that stand after it."""

    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullet:
    """What is told of one venue; ``last_seen_open`` is an ISO date or None."""

    venue: str
    status: Status
    reason: Reason
    single_source: bool
    last_seen_open: str | None
    text: str
    claims: tuple[str, ...]
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: a claim or a published count by its id, with its source as it can be cited."""

    number: int
    claim: str
    text: str
    source: str
    date: str
    url: str | None
    archived: str | None


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief: ``paragraph``, ``bullets``, ``notes``, and what made it.

    ``others`` is the line that counts the venues not told one by one, ``published`` a piece
    per published count. ``on`` and ``known`` are ISO dates. ``data`` is the hash of the evidence as known on
    ``known`` (`outposts.digest.digest`). ``checked`` is false where no native reader has
    checked the language's words.
    """

    title: str
    lang: str
    checked: bool
    on: str
    known: str
    figures: tuple[Figure, ...]
    paragraph: tuple[Piece, ...]
    bullets: tuple[Bullet, ...]
    others: str
    published: tuple[Piece, ...]
    notes: tuple[Note, ...]
    rules: Mapping[str, int]
    data: str

    @property
    def hash(self) -> str:
        """``sha256:`` and 64 digits: over all of the above, in the canonical JSON of RFC 8785."""
        return sha256(rfc8785.dumps(json.loads(json.dumps(asdict(self)))))

    @property
    def text(self) -> str:
        """The paragraph without its footnotes."""
        return "".join(piece.text for piece in self.paragraph)


def brief(
    registry: Registry,
    venues: Sequence[Venue],
    on: int,
    known: int,
    *,
    title: str,
    lang: str = "en",
    every: bool = False,
    rules: Rules = RULES,
) -> Brief:
    """Return the brief about ``venues`` on the day ``on``, as known on the day ``known``.

    ``every`` tells of each venue one by one. A language without words gets English.
    """
    return _Writer(registry, venues, on, known, lang, rules).brief(title, every)


class _Writer:
    """Gathers figures and footnotes; a footnote gets its number where it is first needed."""

    def __init__(
        self,
        registry: Registry,
        venues: Sequence[Venue],
        on: int,
        known: int,
        lang: str,
        rules: Rules,
    ) -> None:
        self.registry, self.on, self.known, self.rules = registry, on, known, rules
        self.words = words(lang)
        self.own = _vocabulary()[self.words.lang]
        codes = {venue.country for venue in venues}
        self.countries = country_names() | country_names_in(self.words.lang, codes)
        self.venues = sorted(venues, key=lambda v: (self.where(v), v.name, v.id))
        self.answers = {venue.id: self.answer(venue, on) for venue in self.venues}
        self.figures: list[Figure] = []
        self.notes: dict[str, Note] = {}

    def brief(self, title: str, every: bool) -> Brief:
        """Write from the first sentence to the last, so that the footnotes count up."""
        paragraph = tuple(self.paragraph(_printable(title)))
        told = [venue for status in STATUSES for venue in self.of(status) if every or self.is_news(venue)]  # fmt: skip
        bullets = tuple(self.bullet(venue) for venue in told)
        others = self.others({venue.id for venue in told})
        published = tuple(self.published())
        return Brief(
            title=_printable(title),
            lang=self.words.lang,
            checked=bool(self.own["checked"] and self.words.table["checked"]),
            on=dates.iso(self.on),
            known=dates.iso(self.known),
            figures=tuple(self.figures),
            paragraph=paragraph,
            bullets=bullets,
            others=others,
            published=published,
            notes=tuple(self.notes.values()),
            rules={"version": VERSION, **asdict(self.rules)},
            data=digest(self.registry, self.venues, self.known, self.rules),
        )

    def paragraph(self, title: str) -> Iterable[Piece]:
        """Yield the sentences that count: how many venues had which status."""
        total = self.figure("total", self.venues, rests=False)
        if not self.venues:
            yield Piece(self.words.text("emptyMap"))
            return
        date, known = self.words.date(self.on), self.words.date(self.known)
        lead = self.template("lead", total.n)
        before, after = (
            fill(part, date=date, known=known, n=self.number(total.n), title=title)
            for part in lead.split("{list}")
        )
        yield Piece(before)
        yield from self.counts()
        yield Piece(after)
        alone = [venue for venue in self.venues if self.answers[venue.id].single_source]
        single = self.figure("single-source", alone)
        if single.n:
            gap = "" if after.endswith(" ") else " "
            yield Piece(gap + self.say("singleSource", single.n), single.notes)

    def counts(self) -> Iterable[Piece]:
        """Yield a phrase per status that a venue has; that none was open is told too."""
        at = 0
        for status in STATUSES:
            figure = self.figure(status, self.of(status))
            key = re.sub("-(.)", lambda match: match[1].upper(), status)
            if figure.n:
                yield Piece(
                    (self.template("join") if at else "") + self.say(key, figure.n), figure.notes
                )
                at += 1
                if status == "unknown":
                    yield from self.silences()
            elif status == "open":
                yield Piece(self.say("noneOpen", 0))
                at += 1

    def silences(self) -> Iterable[Piece]:
        """Yield, in parentheses, why the evidence does not say."""
        mark = " ("
        for key, reasons in SILENT.items():
            silent = [v for v in self.of("unknown") if self.answers[v.id].reason in reasons]
            figure = self.figure(key, silent)
            if figure.n:
                yield Piece(mark + self.say(key, figure.n), figure.notes)
                mark = ", "
        yield Piece(")")

    def bullet(self, venue: Venue) -> Bullet:
        """Return what is told of a venue: its status, why, and on how little it rests."""
        answer = self.answers[venue.id]
        told = {claim.id: claim for claim in venue.claims}
        for_, against = ([told[id] for id in ids] for ids in (answer.for_, answer.against))
        why = explain(answer.reason, for_, against, self.rules, self.words.lang)
        claims, seen = [*for_, *against], answer.last_seen_open
        parts = [fill(
            self.template("venue"),
            name=venue.name,
            where=self.where(venue),
            status=self.status(answer.status),
            why=why.strip(),
        )]  # fmt: skip
        if seen is not None and answer.status in ("disputed", "suspended", "closed"):
            sightings = _seen_on(seen, venue.claims, answer)
            claims += [claim for claim in sightings if claim not in claims]
            if sightings:
                clause = self.words.table["clauses"]["lastSeen"]
                last = fill(clause, told=told_by(sightings, self.words))
                parts.append(last + self.words.text("stop"))
        if answer.single_source:
            parts.append(self.words.text("singleSource") + self.words.text("stop"))
        return Bullet(
            venue=venue.id,
            status=answer.status,
            reason=answer.reason,
            single_source=answer.single_source,
            last_seen_open=None if seen is None else dates.iso(seen),
            text=_printable(" ".join(part.strip() for part in parts)),
            claims=tuple(claim.id for claim in claims),
            notes=self.cited(claims),
        )

    def others(self, told: set[str]) -> str:
        """Return the line that counts, by status, the venues not told one by one; "" if there are none."""
        rest = [self.answers[venue.id].status for venue in self.venues if venue.id not in told]
        parts = [
            self.words.text("count", n=rest.count(status), status=self.status(status))
            for status in STATUSES
            if status in rest
        ]
        return fill(self.template("notListed"), list=self.words.listed(parts)) if parts else ""

    def published(self) -> Iterable[Piece]:
        """Yield the published counts of about that day that are about these venues and no others."""
        ours = {venue.id for venue in self.venues}
        countries = {venue.country for venue in self.venues}
        for row in coverage(self.registry, self.known, self.rules):
            count = row.count
            is_ours = count.country in countries and ours.issuperset(row.venues)
            if not is_ours or abs(row.on - self.on) > NEAR:
                continue
            like, alike = ([self.registry[id] for id in ids] for ids in (row.venues, row.same))
            held = self.figure(f"{count.id}:held", like, rests=False)
            same = self.figure(f"{count.id}:alike", alike, row.on)
            table, town = self.words.table, count.place
            place = town and town_names(town, count.country).get(self.words.lang, town)
            text = fill(
                self.template("count"),
                source=row.source.label,
                count=count.count,
                says=table["says"][count.says],
                kind=table["kinds"][count.kind] if count.kind else self.words.text("venues"),
                where=", ".join(part for part in (place, self.countries[count.country]) if part),
                when=self.words.phrase(count.when.form),
                held=held.n,
                alike=same.n,
                statuses=self.words.listed([self.status(one) for one in COUNTED[count.says]], "or"),
            )
            yield Piece(_printable(text).strip(), (self.counted(count, row.source), *same.notes))

    def answer(self, venue: Venue, on: int) -> Answer:
        return venue.status(dates.iso(on), dates.iso(self.known), self.rules)

    def of(self, status: Status) -> list[Venue]:
        return [venue for venue in self.venues if self.answers[venue.id].status == status]

    def is_news(self, venue: Venue) -> bool:
        answer = self.answers[venue.id]
        if answer.status != "closed":
            return answer.status in NEWS
        return answer.since is not None and self.on - answer.since <= LATELY

    def figure(
        self, key: str, venues: Sequence[Venue], on: int | None = None, rests: bool = True
    ) -> Figure:
        """Return a number with the claims for and against the venues' statuses, on another day if ``on`` is given.

        One that counts what the registry holds does not rest on claims.
        """
        grounds = {}
        for venue in venues:
            answer = self.answers[venue.id] if on is None else self.answer(venue, on)
            grounds[venue.id] = _grounds(venue, answer) if rests else []
        figure = Figure(
            key=key,
            n=len(venues),
            venues={id: tuple(claim.id for claim in claims) for id, claims in grounds.items()},
            notes=self.cited(claim for claims in grounds.values() for claim in claims),
        )
        self.figures.append(figure)
        return figure

    def cited(self, claims: Iterable[Claim]) -> tuple[int, ...]:
        """Return the numbers of the claims' footnotes, counting up."""
        return tuple(
            sorted({self.note(c.id, c.says, c.when.form, c.source).number for c in claims})
        )

    def counted(self, count: Count, source: Source) -> int:
        return self.note(count.id, count.says, count.when.form, source).number

    def note(self, id: str, says: str, when: tuple[Any, ...], source: Source) -> Note:
        if id not in self.notes:
            day = self.words.when(source.published.form) if source.published else self.words.text("undated")  # fmt: skip
            title = f"“{source.title}”" if source.publisher else ""
            said = f"{self.words.table['says'][says]} {self.words.phrase(when)}"
            cited = ", ".join(part for part in (source.label, title, day) if part)
            self.notes[id] = Note(
                number=len(self.notes) + 1,
                claim=id,
                text=_printable(f"{said}: {cited}"),
                source=_printable(source.label),
                date=day,
                url=source.url,
                archived=source.archived,
            )
        return self.notes[id]

    def where(self, venue: Venue) -> str:
        place = venue.place and town_names(venue.place, venue.country).get(self.words.lang, venue.place)  # fmt: skip
        country = self.countries.get(venue.country, venue.country)
        return ", ".join(part for part in (place, country) if part)

    def status(self, status: str) -> str:
        """Return a status as a sentence takes it."""
        return str(self.words.table["statuses"][status]["summary"])

    def number(self, n: int) -> str:
        """Return a number as a text has it: in words up to nine where the language's press does so."""
        names = self.own["numbers"]
        return str(names[n - 1]) if 1 <= n <= len(names) else str(n)

    def template(self, key: str, n: int | None = None) -> str:
        return self.words.form(self.own["strings"][key], n)

    def say(self, key: str, n: int) -> str:
        return fill(self.template(key, n), n=self.number(n))


def _grounds(venue: Venue, answer: Answer) -> list[Claim]:
    told = {claim.id: claim for claim in venue.claims}
    return [told[id] for id in (*answer.for_, *answer.against)]


def _seen_on(day: int, claims: Iterable[Claim], answer: Answer) -> list[Claim]:
    """Return the sightings that prove a venue open as late as a day, cut as rule 0 cuts them."""
    return [
        claim
        for claim in claims
        if claim.says in ("open", "opened")
        and claim.known <= answer.known
        and (claim.hidden is None or claim.hidden > answer.known)
        and min(claim.window.last, claim.known) == day
    ]


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, Any]:
    """Return the words that only briefs need; they stand here, so that pages need not carry them."""
    text = (Path(__file__).parent / "brief.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _printable(text: str) -> str:
    return _UNPRINTED.sub(" ", text)


def as_text(found: Brief, command: str) -> str:
    """Return a brief as plain text; ``command`` is what makes it again."""
    return _lines(found, command, _printable, _address)


def as_markdown(found: Brief, command: str) -> str:
    """Return a brief as Markdown in which nothing of a source is markup."""
    return _lines(found, _code(command), _plain, lambda url: f"<{_address(url)}>", "## ")


def as_html(found: Brief, command: str) -> str:
    """Return a brief as one HTML document without scripts; the ``article`` in it can be pasted."""
    own = words(found.lang)
    strings = _vocabulary()[found.lang]["strings"]

    def pieces(many: Iterable[Piece]) -> str:
        return "".join(escape(piece.text) + _marks(piece.notes) for piece in many)

    def notes(note: Note) -> str:
        links = [
            f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(label)}</a>'
            for url, label in ((note.url, note.url), (note.archived, own.text("archived")))
            if url and label
        ]
        told = ", ".join((escape(note.text), *links))
        return f'<li id="brief-note-{note.number}" value="{note.number}">{told} ({escape(_printable(note.claim))})</li>\n'

    title = escape(found.title)
    parts = [f"<h1>{title}</h1>\n<p>{pieces(found.paragraph)}</p>\n"]
    if found.bullets:
        items = "".join(f"<li>{escape(b.text)}{_marks(b.notes)}</li>\n" for b in found.bullets)
        parts.append(f"<ul>\n{items}</ul>\n")
    if found.others:
        parts.append(f"<p>{escape(found.others)}</p>\n")
    if found.published:
        items = "".join(f"<li>{pieces([piece])}</li>\n" for piece in found.published)
        parts.append(f"<p>{escape(strings['published'])}</p>\n<ul>\n{items}</ul>\n")
    if found.notes:
        parts.append(f"<h2>{escape(own.text('sources'))}</h2>\n<ol>\n{''.join(map(notes, found.notes))}</ol>\n")  # fmt: skip
    before, after = strings["reproduce"].split("{command}")
    parts.append(f"<p>{escape(before)}<code>{escape(command)}</code>{escape(after)}</p>\n")
    parts += [f"<p>{escape(line)}</p>\n" for line in _imprint(found)]
    return (
        f'<!DOCTYPE html>\n<html lang="{found.lang}" dir="{own.table["dir"]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'</head>\n<body>\n<article class="outposts-brief" lang="{found.lang}">\n{"".join(parts)}</article>\n</body>\n</html>'
    )


def as_data(found: Brief, command: str) -> dict[str, Any]:
    """Return a brief as JSON has it: all of `Brief`, its hash, the command, the version of the program."""
    return {
        **asdict(found),
        "text": found.text,
        "command": command,
        "version": __version__,
        "hash": found.hash,
    }


def _lines(found: Brief, command: str, plain: Written, link: Written, heading: str = "") -> str:
    """Return a brief as lines; ``plain`` and ``link`` say how a text and an address are written."""
    own, strings = words(found.lang), _vocabulary()[found.lang]["strings"]

    def pieces(many: Iterable[Piece]) -> str:
        return "".join(f"{plain(piece.text)}{_bracketed(piece.notes, plain)}" for piece in many)

    def note(one: Note) -> str:
        links = [link(one.url)] if one.url else []
        links += [f"{own.text('archived')}: {link(one.archived)}"] if one.archived else []
        told = ", ".join((plain(one.text), *links))
        return f"{one.number}. {told} ({plain(one.claim)})"

    parts = [heading + plain(found.title), pieces(found.paragraph)]
    if found.bullets:
        parts.append("\n".join(f"- {plain(b.text)}{_bracketed(b.notes, plain)}" for b in found.bullets))  # fmt: skip
    if found.others:
        parts.append(plain(found.others))
    if found.published:
        parts.append(plain(strings["published"]))
        parts.append("\n".join(f"- {pieces([piece])}" for piece in found.published))
    if found.notes:
        parts.append("\n".join([plain(own.text("sources")) + (":\n" if heading else ":"), *map(note, found.notes)]))  # fmt: skip
    parts.append(fill(strings["reproduce"], command=command))
    parts += [plain(line) for line in _imprint(found)]
    return "\n\n".join(parts)


def _imprint(found: Brief) -> list[str]:
    """Return what a brief rests on, and that nobody has checked its language."""
    lines = [
        f"data {found.data} · rules {found.rules['version']} · outposts {__version__}",
        f"brief {found.hash}",
    ]
    own = words(found.lang)
    if not found.checked:
        lines.append(f"{own.table['name']}: {own.text('unchecked')}{own.text('stop').strip()}")
    return lines


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of numbers that follow one another, both included."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _bracketed(notes: Sequence[int], plain: Written) -> str:
    told = [str(a) if a == b else f"{a}–{b}" for a, b in ranges(notes)]
    return plain(f" [{', '.join(told)}]") if told else ""


def _marks(notes: Sequence[int]) -> str:
    def mark(number: int) -> str:
        return f'<a href="#brief-note-{number}">{number}</a>'

    told = [mark(a) if a == b else f"{mark(a)}–{mark(b)}" for a, b in ranges(notes)]
    return f"<sup>{', '.join(told)}</sup>" if told else ""


def _plain(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    >>> _plain("*a* <b>")
    '\\*a\\* \\<b\\>'
    """
    return _LIST.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _printable(text)))


def _address(url: str) -> str:
    """Return an address as a line of text or Markdown can hold it, with no blank and no bracket."""
    return "".join(
        f"%{ord(sign):02X}"
        if sign in "<>\\`"
        else quote(sign, errors="replace")
        if _is_blank(sign)
        else sign
        for sign in url
    )


def _is_blank(sign: str) -> bool:
    """Return whether a sign is white space, a control or a mark of direction."""
    return unicodedata.category(sign)[0] in "ZC"


def _code(command: str) -> str:
    fence = "``" if "`" in command else "`"
    return f"{fence}{command}{fence}"
