"""Partial dates: a small, closed profile of EDTF (ISO 8601-2), and days as integers.

A *day* is an integer: days since 1970-01-01 in the proleptic Gregorian calendar.
An open end is minus or plus infinity. Years run from 0001 to 9999; a window that would
leave them is cut there.

The profile: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``; ``201X``, ``2019-XX``; the suffixes
``~ ? %``; the sub-years 21-24 (seasons), 33-36 (quarters), 37-39 (early, mid, late),
40-41 (halves); an extent ``a/b`` or ``a/..``; one of ``[a..b]``, ``[..b]``, ``[a..]``,
``[a,b]``.

Source: Library of Congress, Extended Date/Time Format specification, 2019, levels 0-2.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, isinf
from typing import Any, NamedTuple

from outposts.errors import DateError
from outposts.words import EPOCH as EPOCH
from outposts.words import Form, words

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_FIRST, _LAST = dt.date.min.toordinal() - EPOCH, dt.date.max.toordinal() - EPOCH
DAYS_AROUND = 3  # how far ``~`` widens a single day, on both sides

# Sub-year code -> (first month, months). The winter of 2019 ends in February 2020.
SUB_YEARS: dict[int, tuple[int, int]] = {
    21: (3, 3),
    22: (6, 3),
    23: (9, 3),
    24: (12, 3),
    33: (1, 3),
    34: (4, 3),
    35: (7, 3),
    36: (10, 3),
    37: (1, 4),
    38: (5, 4),
    39: (9, 4),
    40: (1, 6),
    41: (7, 6),
}

_DATE = re.compile(r"(\d{3}X|\d{4})(?:-(\d\d|XX)(?:-(\d\d))?)?([~?%])?", re.ASCII)


_as_on: ContextVar[int | None] = ContextVar("as_on", default=None)


class Window(NamedTuple):
    """Days from ``first`` to ``last``, both included; minus or plus infinity where open."""

    first: float
    last: float

    @property
    def width(self) -> float:
        """Number of days in the window (infinite where an end is open)."""
        return self.last - self.first + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int | float) and self.first <= day <= self.last


@dataclass(frozen=True)
class Edtf:
    """A parsed date: its text, its window and how it is meant.

    ``extent`` is true for ``a/b`` and ``a/..`` (every day in the window) and false
    otherwise (some day in it). ``approximate`` stands for ``~`` or ``%``,
    ``uncertain`` for ``?`` or ``%``, anywhere in the text.
    """

    text: str
    window: Window
    extent: bool = False
    approximate: bool = False
    uncertain: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def form(self) -> Form:
        """The date as data that any language can word: its kind, then its parts.

        ``("day", y, m, d)``, ``("month", y, m)``, ``("year", y)``, ``("decade", y)``,
        ``("someMonth", y)``, ``("part", y, sub-year)``; around one of them ``("about", form)``,
        ``("uncertain", form)``, ``("by", form)``, ``("later", form)``, ``("sinceThen", form)``; of several
        ``("between", a, b)``, ``("extent", a, b)``, ``("or", a, b, ...)``.
        """
        return _form(self.text)

    @property
    def words(self) -> str:
        """The date in English, such as ``April 2020`` or ``by 7 February 2020``."""
        return words().when(self.form)

    @property
    def phrase(self) -> str:
        """The date as a sentence takes it, such as ``on 1 March 2020`` or ``in late 2019``."""
        return words().phrase(self.form)


def day(value: Any) -> int:
    """Return the day of an ISO string, ``date``, ``datetime`` or pandas timestamp.

    Raises `DateError` for anything else, a month or a year alone included: a question
    is asked about one day.
    """
    if isinstance(value, dt.date):  # datetimes and timestamps are dates; NaT is not equal to itself
        if value != value:
            raise DateError(f"{value!r} is not a day")
        return value.toordinal() - EPOCH
    if isinstance(value, str):
        text = value.strip()
        try:
            if re.match(r"\d{4}-\d\d-\d\d(?:[T ]|$)", text, re.ASCII):
                return dt.datetime.fromisoformat(text).toordinal() - EPOCH
        except ValueError as error:
            raise DateError(f"{value!r} is not a day: {error}") from None
        hint = _suggest(text)
        way = f'; did you mean "{hint}"?' if hint and re.fullmatch(r"\d{4}-\d\d-\d\d", hint) else ""
        raise DateError(f"{value!r} is not a day such as 2020-03-01{way}")
    if getattr(getattr(value, "dtype", None), "kind", "") == "M":  # numpy.datetime64
        return day(str(value.astype("datetime64[D]")))
    raise DateError(f"{value!r} is not a day such as 2020-03-01")


@contextmanager
def as_on(day: int) -> Iterator[None]:
    """Let `today` be this day inside the block: what was built then can be built again."""
    before = _as_on.set(day)
    try:
        yield
    finally:
        _as_on.reset(before)


def today() -> int:
    """Return the present day in UTC, or that of ``SOURCE_DATE_EPOCH`` where it is set.

    Only the edges ask: a default of the Python API and the command line.
    """
    pinned = _as_on.get()
    if pinned is not None:
        return pinned
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return dt.datetime.now(dt.UTC).date().toordinal() - EPOCH
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date().toordinal() - EPOCH
    except (ValueError, OverflowError, OSError):
        raise DateError(
            f"SOURCE_DATE_EPOCH is {epoch!r}; it takes whole seconds since 1970-01-01"
        ) from None


def iso(value: float) -> str:
    """Return a finite day as an ISO 8601 date, such as ``2020-03-01``."""
    return dt.date.fromordinal(int(value) + EPOCH).isoformat()


def iso_or_none(value: float) -> str | None:
    """Return a day as an ISO 8601 date, or None for an open end."""
    return None if isinf(value) else iso(value)


def in_words(value: float) -> str:
    """Return a finite day in English, such as ``1 March 2020``."""
    return words().date(value)


@lru_cache(maxsize=65536)
def parse(text: str) -> Edtf:
    """Return the date that ``text`` writes in the EDTF profile.

    Raises `DateError`, which for an English date suggests the code that it stands for.

    Examples
    --------
    >>> window = parse("2020-04").window
    >>> iso(window.first), iso(window.last)
    ('2020-04-01', '2020-04-30')
    """
    if text.startswith("[") and text.endswith("]"):
        return _one_of(text)
    if "/" in text:
        return _extent(text)
    return _plain(text, text)


def _one_of(text: str) -> Edtf:
    inner = text[1:-1]
    if ".." in inner:
        left, _, right = inner.partition("..")
        if not left and not right:
            raise DateError(f"{text!r} says nothing: give at least one bound")
        start = _plain(left, text) if left else None
        end = _plain(right, text) if right else None
        return _between(text, start, end)
    if "," not in inner:
        raise DateError(f'{text!r} names one date only; write "{inner}" or "[..{inner}]"')
    parts = [_plain(part, text) for part in inner.split(",")]
    return _joined(
        text,
        Window(min(p.window.first for p in parts), max(p.window.last for p in parts)),
        parts,
    )


def _extent(text: str) -> Edtf:
    left, _, right = text.partition("/")
    if left in ("", ".."):
        raise DateError(f"{text!r} has no beginning: an extent is a/b or a/..")
    start = _plain(left, text)
    end = None if right == ".." else _plain(right, text)
    return replace(_between(text, start, end), extent=True)


def _between(text: str, start: Edtf | None, end: Edtf | None) -> Edtf:
    first = start.window.first if start else -inf
    last = end.window.last if end else inf
    if start and end:  # compared as written: a widening does not put an interval right
        bare = [_plain(part.text.rstrip("~?%"), text).window for part in (start, end)]
        if bare[0].first > bare[1].last:
            raise DateError(f"{text!r} is reversed: {start.text} is after {end.text}")
    return _joined(text, Window(first, last), [part for part in (start, end) if part])


def _joined(text: str, window: Window, parts: list[Edtf]) -> Edtf:
    return Edtf(
        text,
        window,
        approximate=any(part.approximate for part in parts),
        uncertain=any(part.uncertain for part in parts),
    )


def _plain(text: str, whole: str) -> Edtf:
    """Return a date without brackets or slash; ``whole`` is what an error names."""
    match = _DATE.fullmatch(text)
    if not match:
        raise _not_edtf(text, whole)
    year, part, day_, suffix = match.groups()
    if year == "0000" or year == "000X":
        raise DateError(f"{whole!r} is not EDTF: years run from 0001 to 9999")
    if year.endswith("X"):
        if part:
            raise _not_edtf(text, whole)
        first, months = (int(year[:3]) * 10, 1), 120
    elif part is None:
        first, months = (int(year), 1), 12
    elif part == "XX":
        if day_:
            raise _not_edtf(text, whole)
        first, months = (int(year), 1), 12
    elif 1 <= int(part) <= 12:
        first, months = (int(year), int(part)), 1
    elif int(part) in SUB_YEARS and not day_:
        month, months = SUB_YEARS[int(part)]
        first = (int(year), month)
    else:
        raise DateError(f"{whole!r} is not EDTF: there is no month {part}")
    approximate = suffix in ("~", "%")
    if day_:
        if not 1 <= int(day_) <= monthrange(*first)[1]:
            name = f"{MONTHS[first[1] - 1]} {first[0]}"
            raise DateError(f"{whole!r} is not EDTF: there is no {int(day_)} {name}")
        day_of = dt.date(*first, int(day_)).toordinal() - EPOCH
        around = DAYS_AROUND if approximate else 0
        window = Window(max(day_of - around, _FIRST), min(day_of + around, _LAST))
    else:
        before = months if approximate else 0
        window = Window(_month_start(*first, -before), _month_start(*first, months + before) - 1)
    return Edtf(text, window, approximate=approximate, uncertain=suffix in ("?", "%"))


def _month_start(year: int, month: int, later: int) -> int:
    """Return the first day of the month that comes ``later`` months after the given one."""
    count = year * 12 + month - 1 + later
    if count < 12:
        return _FIRST
    if count > 9999 * 12 + 11:
        return _LAST + 1
    return dt.date(count // 12, count % 12 + 1, 1).toordinal() - EPOCH


def _not_edtf(text: str, whole: str) -> DateError:
    hint = _suggest(text)
    if hint and text != whole:
        hint = whole.replace(text, hint, 1)
    if hint:
        return DateError(f'{whole!r} is not EDTF; did you mean "{hint}"?')
    examples = 'write "2020", "2020-03", "2020-03-01", "[..2020-03-01]" or "2019-03/2020-12"'
    return DateError(f"{whole!r} is not EDTF; {examples}")


_MONTH_NUMBER = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTH = "(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS) + r"|sept)\.?"
_YEAR = r"(?P<year>\d{4})"
_PARTS = {
    "spring": 21,
    "summer": 22,
    "autumn": 23,
    "fall": 23,
    "winter": 24,
    "q1": 33,
    "q2": 34,
    "q3": 35,
    "q4": 36,
    "early": 37,
    "mid": 38,
    "late": 39,
    "first half": 40,
    "second half": 41,
    "the first half": 40,
    "the second half": 41,
}
_ENGLISH = [
    (rf"(?P<day>\d\d?)(?:st|nd|rd|th)? {_MONTH},? {_YEAR}", "{year}-{month}-{day}"),
    (rf"{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?,? {_YEAR}", "{year}-{month}-{day}"),
    (rf"{_MONTH},? (?:of )?{_YEAR}", "{year}-{month}"),
    (rf"(?P<part>{'|'.join(_PARTS)})[ -](?:of |in )?{_YEAR}", "{year}-{part}"),
    (r"(?P<year>\d{3})0s", "{year}X"),
    (r"(?P<year>\d{4})[-.](?P<month>\d\d?)[-/.](?P<day>\d\d?)", "{year}-{month}-{day}"),
    (r"(?P<year>\d{4})\.(?P<month>\d\d?)", "{year}-{month}"),
    (r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", "{year}-{month}-{day}"),
]
_AROUND = [
    (r"(?:by|before|until|as of|no later than) (.+)", "[..{}]"),
    (r"(?:after|since|from) (.+)", "[{}..]"),
    (r"(?:around|about|circa|c\.?|ca\.?|approximately) ?(.+)", "{}~"),
    (r"(?:perhaps|maybe|possibly) (.+)", "{}?"),
    (r"(?:in|on) (.+)", "{}"),
]


def _suggest(text: str) -> str | None:
    """Return the code that an English or otherwise written date most likely stands for."""
    text = " ".join(text.lower().split())
    for pattern, form in _AROUND:
        if match := re.fullmatch(pattern, text):
            inner = match[1] if _DATE.fullmatch(match[1]) else _suggest(match[1])
            return form.format(inner) if inner else None
    for pattern, form in _ENGLISH:
        if match := re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE):
            found = match.groupdict()
            month = found.get("month") or ""
            number = int(month) if month.isdigit() else _MONTH_NUMBER.get(month[:3], 0)
            code = form.format(
                year=found["year"],
                month=f"{number:02}",
                day=f"{int(found.get('day') or 0):02}",
                part=_PARTS.get(found.get("part") or ""),
            )
            try:
                _plain(code, code)
            except DateError:
                return None
            return code
    return None


@lru_cache(maxsize=65536)
def _form(text: str) -> Form:
    if text.startswith("["):
        inner = text[1:-1]
        if "," in inner:
            return ("or", *map(_plain_form, inner.split(",")))
        left, _, right = inner.partition("..")
        if not left:
            return ("by", _plain_form(right))
        if not right:
            return ("later", _plain_form(left))
        return ("between", _plain_form(left), _plain_form(right))
    if "/" in text:
        left, _, right = text.partition("/")
        if right == "..":
            return ("sinceThen", _plain_form(left))
        return ("extent", _plain_form(left), _plain_form(right))
    return _plain_form(text)


def _plain_form(text: str) -> Form:
    date, suffix = (text[:-1], text[-1]) if text[-1] in "~?%" else (text, "")
    year, _, rest = date.partition("-")
    month, _, day_ = rest.partition("-")
    form: Form
    if year.endswith("X"):
        form = ("decade", int(year[:3]) * 10)
    elif not month:
        form = ("year", int(year))
    elif month == "XX":
        form = ("someMonth", int(year))
    elif int(month) in SUB_YEARS:
        form = ("part", int(year), int(month))
    elif day_:
        form = ("day", int(year), int(month), int(day_))
    else:
        form = ("month", int(year), int(month))
    if suffix in ("~", "%"):
        form = ("about", form)
    return ("uncertain", form) if suffix in ("?", "%") else form
