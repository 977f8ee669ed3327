"""The filters: the same words on the command line, in a map definition and in Python."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import inf
from typing import Any, get_args

from outposts import dates
from outposts.basemap import country_names
from outposts.errors import UnknownName
from outposts.models import Kind
from outposts.nearest import did_you_mean
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
        if value is None or value == () or value == []:
            continue
        if word == "country":
            found[word] = tuple(_country(part, listed[word]) for part in _parts(value, word))
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
    """Return text as a search compares it: no case, no Latin accents; other scripts whole."""
    plain: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if not (unicodedata.combining(char) and "\u0300" <= char <= "\u036f"):
            plain.append("d" if char == "đ" else char)
    return " ".join(unicodedata.normalize("NFC", "".join(plain)).split())


def says(venue: Venue, words: str) -> bool:
    """Return whether every word is in a name, the town, the id or an operator's name."""
    known = [venue.id, venue.place or "", *(name.name for name in venue.names)]
    known += [name.name for _, body in venue.operators for name in body.names]
    haystack = fold(" \n ".join(known))
    return all(word in haystack for word in fold(words).split())


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


def _one_of(word: str, value: str, names: Sequence[str]) -> str:
    for name in names:
        if fold(name) == fold(value):
            return name
    others = "" if len(names) > 12 else f"; there are {', '.join(names)}"
    hint = did_you_mean(value, names) or others
    raise UnknownName(f"no {word} is called {value!r}{hint}")
