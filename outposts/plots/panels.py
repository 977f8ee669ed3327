"""Small plots side by side, one a group, on the same scales."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from outposts.basemap import country_names
from outposts.plots.marks import FAINT, GREY, INK, area, label
from outposts.plots.sheet import LEADING, MARGIN, POINT, WIDTHS, Sheet, width_of, wrapped
from outposts.vocabulary import vocabulary

HEIGHT = {False: 1.55, True: 1.25}  # inches of a panel without its heading
HEAD, SUB = 10.0, 8.0  # type sizes
GAP, AXIS, LEFT = 0.3, 0.3, 0.42
KEY = 8.5


class Panels:
    """A grid of panels below each other and beside: as many columns as the sheet has room for.

    Attributes
    ----------
    height
        Inches that the grid needs.
    """

    def __init__(self, heads: Sequence[tuple[str, str]], narrow: bool) -> None:
        self.heads, self.narrow = heads, narrow
        most = 2 if narrow else 3
        self.columns = max(1, min(most, len(heads)))
        self.wide = (WIDTHS[narrow] - 2 * MARGIN - LEFT - GAP * (self.columns - 1)) / self.columns
        self._subs = [wrapped(sub, self.wide, SUB) for _, sub in heads]
        self._names = [wrapped(name, self.wide, HEAD, "bold") for name, _ in heads]
        deepest = max((self._deep(index) for index in range(len(heads))), default=0.0)
        self._head = deepest + 0.1
        self.row = self._head + HEIGHT[narrow] + AXIS + 0.18
        self.height = -(-len(heads) // self.columns) * self.row

    def _deep(self, index: int) -> float:
        names, subs = self._names[index], self._subs[index]
        return (len(names) * HEAD + len(subs) * SUB) * LEADING * POINT

    def draw(self, sheet: Sheet, top: float = 0.0) -> list[Axes]:
        """Write the headings, ``top`` inches below the body's upper edge, and return each panel's axes."""
        found = []
        for index in range(len(self.heads)):
            row, column = divmod(index, self.columns)
            x = MARGIN + LEFT + column * (self.wide + GAP)
            y = sheet.top + top + row * self.row
            at = y
            for line in self._names[index]:
                at += HEAD * LEADING * POINT
                sheet.write(x, at, line, HEAD, INK, weight="bold")
            for line in self._subs[index]:
                at += SUB * LEADING * POINT
                sheet.write(x, at, line, SUB, GREY)
            axes = sheet.axes(
                x, x + self.wide, y + self._head, y + self._head + HEIGHT[self.narrow]
            )
            axes.tick_params(labelsize=8)
            if column:
                axes.tick_params(labelleft=False)
            axes.grid(color=FAINT, linewidth=0.8)
            found.append(axes)
        return found


def group_name(by: str | None, group: str) -> str:
    """Return a group's name in English: a country's, or a kind."""
    if by == "country":
        return country_names().get(group, group)
    return str(vocabulary()["en"]["kinds"].get(group, group)) if by == "kind" else "All venues"


def key_lines(statuses: Sequence[str], narrow: bool) -> list[list[tuple[float, str]]]:
    """Return where each status stands in a key, line by line: inches from the margin, status."""
    lines: list[list[tuple[float, str]]] = [[]]
    x = 0.0
    for status in statuses:
        wide = 0.24 + width_of(label(status), KEY) + 0.22
        if lines[-1] and x + wide > WIDTHS[narrow] - 2 * MARGIN:
            lines.append([])
            x = 0.0
        lines[-1].append((x, status))
        x += wide
    return lines


def draw_key(sheet: Sheet, lines: Sequence[Sequence[tuple[float, str]]]) -> None:
    """Draw a key at the top of the body; each line takes `KEY_LINE` inches."""
    axes = sheet.axes(MARGIN, sheet.width - MARGIN, sheet.top, sheet.top + len(lines) * KEY_LINE)
    axes.set_xlim(0, sheet.width - 2 * MARGIN)
    axes.set_ylim(len(lines) * KEY_LINE, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    for number, line in enumerate(lines):
        for x, status in line:
            y = number * KEY_LINE + 0.05
            swatch = area(status) | {"edgecolor": GREY, "linewidth": 0.5}
            axes.add_patch(Rectangle((x, y), 0.17, 0.12, **swatch))
            axes.text(x + 0.23, y + 0.115, label(status), size=KEY, color=INK, va="baseline")


KEY_LINE = 0.22
