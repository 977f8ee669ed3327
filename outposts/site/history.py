"""A venue's history as bars on a line of 1,000 units, for a picture that needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outposts import dates
from outposts.status import Run
from outposts.words import words

WIDTH = 1000
TALL = {"open": 16, "presumed-open": 10, "disputed": 16, "suspended": 12, "closed": 4, "unknown": 2, "not-yet-open": 0}  # fmt: skip
"""Heights of the bars, so that statuses differ without colour."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One run: where it stands and how large, in units, and what it says."""

    status: str
    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Year:
    """The first day of a year on the line."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A history between two days, both included, in bars, years and words."""

    runs: tuple[Bar, ...]
    years: tuple[Year, ...]
    words: str


def bars(runs: Sequence[Run], first: int, last: int) -> Bars:
    """Return the runs between two days; what lies outside is cut off."""
    own, length = words("en"), max(last + 1 - first, 1)

    def at(day: int | None, otherwise: int) -> float:
        inside = min(max(otherwise if day is None else day, first), last + 1)
        return round((inside - first) / length * WIDTH, 1)

    found: list[Bar] = []
    for run in runs:
        left, right = at(run.start, first), at(run.end, last + 1)
        tall = TALL[run.status]
        if right > left and tall:
            label = own.table["statuses"][run.status]["label"]
            start = "the beginning" if run.start is None else own.date(run.start)
            end = "on" if run.end is None else f"to {own.date(run.end - 1)}"
            told = f"{label}, from {start} {end}"
            found.append(Bar(run.status, left, 9 - tall / 2, max(round(right - left, 1), 3), tall, told))  # fmt: skip
    begin, ending = int(dates.iso(first)[:4]), int(dates.iso(last)[:4])
    step = next((n for n in (1, 2, 5, 10, 20, 50, 100) if (ending - begin) / n <= 10), 500)
    years = tuple(
        Year(at(dates.day(f"{year:04}-01-01"), first), f"{year:04}")
        for year in range(begin + 1, ending + 1)
        if year % step == 0
    )
    return Bars(tuple(found), years, f"{begin} to {ending}")
