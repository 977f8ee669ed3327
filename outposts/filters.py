"""The filters: the same words on the command line, in a map definition and in Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import inf
from typing import Any, get_args

from outposts import dates
from outposts.basemap import country_names
from outposts.errors import UnknownName
from outposts.gazetteer import search
from outposts.models import Kind
from outposts.nearest import LIKE, did_you_mean
from outposts.rules import RULES, STATUSES, Rules
from outposts.status import Run, history, on_day
from outposts.venue import PRECISIONS, Venue

KINDS: tuple[str, ...] = get_args(Kind)
NEVER_THERE = ("unknown", "not-yet-open")  # what a period without a wanted status leaves out


@dataclass(frozen=True)
class Filter:
    """Which venues are wanted; an empty field wants all.

    ``status`` is that of the day asked about; with ``year``, or with ``start`` and ``end``
    (inclusive days, None where open), that of some day of the period. With a period and no
    status, a venue is wanted if anything at all is known of it then.
    """

    status: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    year: int | None = None
    start: int | None = None
    end: int | None = None
    text: str = ""
    min_precision: str | None = None

    @property
    def period(self) -> tuple[float, float] | None:
        """The inclusive days within which the status is looked for, or None for one day."""
        if self.year is None and self.start is None and self.end is None:
            return None
        first, last = -inf, inf
        if self.year is not None:
            first, last = dates.parse(f"{self.year:04}").window
        if self.start is not None:
            first = max(first, self.start)
        if self.end is not None:
            last = min(last, self.end)
        return first, last

    def choose(
        self, venues: Iterable[Venue], on: int, known: int, rules: Rules = RULES
    ) -> list[Venue]:
        """Return the wanted venues in their order."""
        return [v for v in venues if self.fits(v) and self.had(v, on, known, rules)]

    def fits(self, venue: Venue) -> bool:
        """Return whether all but the status is as wanted."""
        if self.country and venue.country not in self.country:
            return False
        if self.kind and venue.kind not in self.kind:
            return False
        if self.place and fold(venue.place or "") not in map(fold, self.place):
            return False
        if self.operator and not any(id in self.operator for id, _ in venue.operators):
            return False
        if self.min_precision is not None:
            most = PRECISIONS.index(self.min_precision)
            if PRECISIONS.index(venue.precision) > most:
                return False
        return not self.text or says(venue, self.text)

    def had(self, venue: Venue, on: int, known: int, rules: Rules = RULES) -> bool:
        """Return whether the venue had a wanted status on the day or in the period."""
        period = self.period
        if period is None:
            if not self.status:
                return True
            return on_day(venue.claims, on, known, rules) in self.status
        runs = history(venue.claims, known, rules)
        return any(self.wants(run.status) for run in within(runs, *period))

    def wants(self, status: str) -> bool:
        """Return whether a status is among the wanted ones of a period."""
        return status in self.status if self.status else status not in NEVER_THERE


def within(runs: Iterable[Run], first: float, last: float) -> list[Run]:
    """Return the runs that share a day with the inclusive days ``first`` to ``last``."""
    return [
        run
        for run in runs
        if (run.start is None or run.start <= last) and (run.end is None or run.end > first)
    ]


def make(venues: Sequence[Venue], **wanted: Any) -> Filter:
    """Return a filter from words, each a string, a comma-separated string or a list.

    Raises `UnknownName`, with the nearest names, for a status, country, place, kind, operator
    or precision that does not exist among ``venues`` or at all.
    """
    known = {field.name for field in fields(Filter)}
    for word in wanted:
        if word not in known:
            raise UnknownName(f"no filter is called {word!r}{did_you_mean(word, known)}")
    listed = {
        "status": STATUSES,
        "kind": KINDS,
        "country": sorted({venue.country for venue in venues}),
        "place": sorted({venue.place for venue in venues if venue.place}),
        "operator": sorted({id for venue in venues for id, _ in venue.operators}),
    }
    found: dict[str, Any] = {}
    for word, value in wanted.items():
        if value is None or (isinstance(value, list | tuple) and not value):
            continue
        if word == "country":
            found[word] = tuple(_country(part, listed[word]) for part in _parts(value, word))
        elif word == "place":
            found[word] = tuple(_place(part, listed[word]) for part in _parts(value, word))
        elif word in listed:
            found[word] = tuple(_one_of(word, part, listed[word]) for part in _parts(value, word))
        elif word == "min_precision":
            found[word] = _one_of("precision", str(value), PRECISIONS)
        elif word == "year":
            year = str(value)
            if not (year.isdecimal() and year.isascii() and 1 <= int(year) <= 9999):
                raise UnknownName(f"{value!r} is not a year such as 2019")
            found[word] = int(year)
        elif word in ("start", "end"):
            found[word] = value if isinstance(value, int) else dates.day(value)
        else:
            found[word] = str(value)
    return Filter(**found)


def fold(text: str) -> str:
    """Return text as a search compares it, whatever keyboard or romanisation wrote it.

    Case, Latin accents and letters with strokes, the width of letters and kana, apostrophes
    (``P'yŏngyang``), signs that are not seen, and a script's own digits make no difference; hyphens, dots and brackets
    part words as spaces do. The marks of other scripts are letters and stay. Folding twice
    changes nothing.

    Examples
    --------
    >>> fold("P’yŏngyang-gwan"), fold("Đà Nẵng"), fold("ﾋﾟｮﾝﾔﾝ")
    ('pyongyang gwan', 'da nang', 'ピョンヤン')
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain: list[str] = []
    for char in letters.translate(_LIKE):
        kind = unicodedata.category(char)
        if "\u0300" <= char <= "\u036f" or kind == "Cf":
            continue
        if kind == "Nd":
            plain.append(str(unicodedata.decimal(char)))
        else:
            plain.append(" " if kind in _PARTING else char)
    joined = _SARA_AM.sub(r"\2\1", "".join(plain)).replace("\u0e40\u0e40", "\u0e41")
    return " ".join(unicodedata.normalize("NFC", joined).split())


# Letters that Unicode does not take apart; and apostrophes, which romanisations set or leave out.
_LIKE = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("'’‘ʼʻʽʾʿ`´′", "")
)
_PARTING = ("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po")  # every kind of punctuation
# Thai and Lao am, once taken apart: a tone mark is typed before or after its ring.
_SARA_AM = re.compile("([\u0e48-\u0e4b\u0ec8-\u0ecb])([\u0e4d\u0ecd])")
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')


def says(venue: Venue, words: str) -> bool:
    """Return whether every word is in a name, the town, the id or an operator's name.

    Words may come in any order and from several names; words ``"in quotes"`` have to follow each other in one.
    A part of a word will do, and words that a name parts may be written together.
    """
    known = [venue.id, venue.place or "", *(name.name for name in venue.names)]
    known += [name.name for _, body in venue.operators for name in body.names]
    texts = [fold(text) for text in known]
    phrases = [phrase for phrase in map(fold, _QUOTED.findall(words)) if phrase]
    wanted = fold(_QUOTED.sub(" ", words)).split()
    if not phrases and not wanted:
        return not words.strip()  # signs alone are said nowhere
    return all(any(phrase in text for text in texts) for phrase in phrases) and all(
        any(_has(text, word) for text in texts) for word in wanted
    )


def likest(venues: Iterable[Venue], words: str, most: int) -> list[Venue]:
    """Return the venues with a name that is like the words, the likest first, then in their order.

    Names are compared folded, by their letters: a slip or another romanisation (``Pyeongyang``) makes one less like,
    not unlike. All names count, with the town; below `LIKE` of 100, a venue is left out.
    """
    from rapidfuzz import fuzz

    wanted = fold(words)
    found = [
        (max(fuzz.WRatio(wanted, fold(f"{name.name} {end}")) for name in venue.names for end in ("", venue.place or "")), venue)
        for venue in venues
    ]  # fmt: skip
    found.sort(key=lambda pair: -pair[0])  # which leaves those as like in their order
    return [venue for likeness, venue in found if likeness >= LIKE][:most]


def _has(text: str, word: str) -> bool:
    if word in text:
        return True
    parts = text.split()
    return any("".join(parts[at:]).startswith(word) for at in range(len(parts) - 1))


def _parts(value: Any, word: str) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, Iterable):
        return [str(part) for part in value]
    raise UnknownName(f"{word}: {value!r} is not a name or a list of names")


def _country(value: str, codes: Sequence[str]) -> str:
    """Return the code of a country that is written as its code or as its English name."""
    names = {country_names().get(code, code): code for code in codes}
    for name, code in names.items():
        if fold(value) in (fold(code), fold(name)):
            return code
    there = ", ".join(f"{code} ({name})" for name, code in names.items())
    raise UnknownName(
        f"no country is called {value!r}{did_you_mean(value, [*codes, *names])}"
        f"{'' if len(codes) > 12 or not codes else f'; there are {there}'}"
    )


def _place(value: str, names: Sequence[str]) -> str:
    """Return the town among ``names`` that is called so, here or, in any script, by the gazetteer."""
    if fold(value) not in map(fold, names):
        called = {match.place.name for match in search(value) if match.how != "fuzzy"}
        for name in names:
            if name in called:
                return name
    return _one_of("place", value, names)


def _one_of(word: str, value: str, names: Sequence[str]) -> str:
    for name in names:
        if fold(name) == fold(value):
            return name
    others = "" if len(names) > 12 else f"; there are {', '.join(names)}"
    hint = did_you_mean(value, names) or others
    raise UnknownName(f"no {word} is called {value!r}{hint}")
