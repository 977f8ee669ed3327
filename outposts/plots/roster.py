"""One row a venue: its name, a strip to draw in, and a remark. The body of most plots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from outposts import dates
from outposts.basemap import country_names
from outposts.plots.marks import FAINT, GREY, INK
from outposts.plots.sheet import (
    FIRM,
    LEADING,
    MARGIN,
    POINT,
    WIDTHS,
    Sheet,
    day_words,
    drawable,
    width_of,
    wrapped,
)
from outposts.words import EPOCH, words

MOST = 60
"""Rows that are drawn; a note says how many more there are. A picture of thousands is read by no one."""

NAME, SUB, REMARK = 9.5, 8.0, 8.0  # type sizes
STRIP = 0.24  # inches that a strip needs
AXIS = 0.12  # inches between the words of a scale, which stand above the body, and the rows
FLAGGED = AXIS + 0.24  # with room for the name of a day between them
FLAG, HEAD = 8.5, 9.5


@dataclass(frozen=True)
class Entry:
    """A row: the heading that it stands under, its name, where or what it is, and a remark."""

    group: str
    name: str
    sub: str = ""
    remark: str = ""


class Roster:
    """Rows laid out on a sheet's width: beside their strips, or above and below them on a narrow one.

    Attributes
    ----------
    height
        Inches that the rows and the scale above them need.
    """

    def __init__(
        self, entries: Sequence[Entry], narrow: bool, remarks: float, scale: float = AXIS
    ) -> None:
        self.entries, self.narrow = entries, narrow
        width = WIDTHS[narrow] - 2 * MARGIN
        most = width if narrow else 2.75
        texts = [width_of(e.name, NAME) for e in entries] + [width_of(e.sub, SUB) for e in entries]
        self._names = width if narrow else min(most, max(texts, default=0) + 0.05)
        self._remarks = width if narrow else remarks
        self._scale = scale
        self.left = MARGIN + (0.05 if narrow else self._names + 0.2)
        self.right = MARGIN + width - (0.05 if narrow or not remarks else remarks + 0.2)
        self._rows: list[_Row] = []
        self._heads: list[tuple[float, str]] = []
        y, before = scale, None
        for entry in entries:
            if entry.group and entry.group != before:
                y += 0.12 if before is not None else 0.02
                for line in wrapped(entry.group, width, HEAD, "bold"):
                    y += HEAD * LEADING * POINT
                    self._heads.append((y, line))
                y += 0.08
                before = entry.group
            y = self._lay(entry, y)
        self.height = y + 0.05

    def _lay(self, entry: Entry, top: float) -> float:
        """Place a row's lines and its strip below ``top``; return where it ends."""
        names = [(line, NAME, INK) for line in wrapped(entry.name, self._names, NAME)]
        subs = (
            [(line, SUB, GREY) for line in wrapped(entry.sub, self._names, SUB)]
            if entry.sub
            else []
        )
        room = self._remarks or 1.0
        remarks = [(line, REMARK, GREY) for line in wrapped(entry.remark, room, REMARK)]
        lines: list[tuple[float, float, str, float, str]] = []

        def column(x: float, y: float, texts: Iterable[tuple[str, float, str]]) -> float:
            for text, size, colour in texts:
                y += size * LEADING * POINT
                lines.append((x, y - size * 0.28 * POINT, text, size, colour))
            return y

        if self.narrow:
            if names and subs and width_of(f"{entry.name}  {entry.sub}", NAME) <= self._names:
                lines.append((MARGIN + width_of(entry.name, NAME) + 0.1, top + 0.06 + NAME * LEADING * POINT - NAME * 0.28 * POINT, entry.sub, SUB, GREY))  # fmt: skip
                subs = []
            y = column(MARGIN, top + 0.06, [*names, *subs])
            centre = y + STRIP / 2 + 0.02
            end = column(MARGIN, centre + STRIP / 2 + 0.01, remarks) + 0.08
        else:
            deep = [
                sum(size for _, size, _ in part) * LEADING * POINT
                for part in (names + subs, remarks)
            ]
            height = max(STRIP, *deep) + 0.07
            centre = top + height / 2
            column(MARGIN, centre - deep[0] / 2, [*names, *subs])
            column(self.right + 0.2, centre - deep[1] / 2, remarks)
            end = top + height
        reach = (
            (centre - STRIP / 2 - 0.02, centre + STRIP / 2 + 0.02) if self.narrow else (top, end)
        )
        self._rows.append(_Row(centre, reach, lines))
        return end

    def draw(self, sheet: Sheet) -> tuple[Axes, list[float]]:
        """Write the rows; return axes over all strips, y in inches downwards, and each strip's middle."""
        for y, text in self._heads:
            sheet.write(MARGIN, sheet.top + y, text, HEAD, INK, weight="bold")
        for row in self._rows:
            for x, y, text, size, colour in row.lines:
                sheet.write(x, sheet.top + y, text, size, colour)
        top = min(self._scale, AXIS)
        axes = sheet.axes(self.left, self.right, sheet.top + top, sheet.top + self.height)
        axes.set_ylim(self.height, top)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(False)
        axes.xaxis.tick_top()
        return axes, [row.centre for row in self._rows]

    def rule(
        self,
        axes: Axes,
        x: Iterable[float],
        color: str = FAINT,
        linewidth: float = 0.8,
        zorder: float = 1,
    ) -> None:
        """Draw upright lines through the strips, and through no text."""
        for at in x:
            for row in self._rows:
                axes.plot(
                    [at, at],
                    row.reach,
                    color=color,
                    linewidth=linewidth,
                    zorder=zorder,
                    solid_capstyle="butt",
                )

    @property
    def strip(self) -> float:
        """How wide a strip is, in inches."""
        return self.right - self.left

    def time_scale(self, axes: Axes, first: float, last: float) -> None:
        """Set an axis of integer days with ticks in words, and a line down from each."""
        time_scale(axes, first, last, self.strip)
        self.rule(axes, axes.get_xticks())

    def day_line(self, axes: Axes, day: float, text: str) -> None:
        """Draw a line at a day, with what it is above the rows; the roster's scale is `FLAGGED`."""
        self.rule(axes, [day], INK, 1.2, 4)
        first, last = axes.get_xlim()
        there = (day - first) / (last - first) * self.strip
        wide = width_of(text, FLAG, "bold")
        left = max(0.0, min(there - 0.05, self.strip - wide))
        axes.plot(
            [day, day], [FLAGGED - 0.04, FLAGGED + 0.05], color=INK, linewidth=1.2, clip_on=False
        )
        axes.text(
            first + left / self.strip * (last - first), FLAGGED - 0.07, drawable(text).replace(FIRM, " "),
            size=FLAG, weight="bold", color=INK, va="baseline",
        )  # fmt: skip


@dataclass(frozen=True)
class _Row:
    """Where a row's strip is, how far lines through it reach, and its texts: x, y, text, size, colour."""

    centre: float
    reach: tuple[float, float]
    lines: list[tuple[float, float, str, float, str]]


def more(total: int) -> list[str]:
    """Return the note that rows were left out, if they were."""
    return [f"The first {MOST} of {total} are drawn."] if total > MOST else []


def time_scale(axes: Axes, first: float, last: float, width: float) -> None:
    """Set an axis of integer days from ``first`` to ``last``, ``width`` inches wide, with ticks in words."""
    axes.set_xlim(first, last)
    start, end = (dt.date.fromordinal(int(day) + EPOCH) for day in (first, last))
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
    step = next((n for n in steps if months / n <= width / (0.75 if n < 12 else 0.5)), 2400)
    at, labels = [], []
    short = words().table["monthsShort"]
    number = -(-(start.year * 12 + start.month - 1) // step) * step
    while number <= end.year * 12 + end.month - 1:
        year, month = divmod(number, 12)
        day = dt.date(max(year, 1), month + 1, 1)
        if first <= day.toordinal() - EPOCH <= last:
            at.append(day.toordinal() - EPOCH)
            labels.append(f"{year}" if step >= 12 else f"{short[month]} {year}")
        number += step
    axes.set_xticks(at, labels)


def in_words(day: object) -> str:
    """Return a timestamp of a frame as a day in English that stays on one line."""
    return day_words(dates.day(day))


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the first `MOST` rows of a frame, its columns as attributes, its index as ``Index``."""
    yield from frame.head(MOST).itertuples()


def where(place: object, country: str) -> str:
    """Return a venue's town and country, such as ``Hanoi, Vietnam``."""
    named = country_names().get(country, country)
    return f"{place}, {named}" if isinstance(place, str) else named


def labels(names: Sequence[str], most: int = 3) -> str:
    """Return the first names, and how many more there are."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
