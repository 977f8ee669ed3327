"""A sheet: a title that says what is seen, a body to draw in, and where the figures come from.

Lengths are inches, y runs down from the top of the sheet. Text is drawn as shapes in an SVG, so that
a reader needs no fonts, and is never read as mathematics, so that a ``$`` in a name is a dollar.
"""

from __future__ import annotations

import atexit
import dataclasses
import io
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from outposts import dates, files
from outposts.errors import OutpostsError
from outposts.plots.marks import FAINT, GREY, INK, PAPER
from outposts.render import typefaces
from outposts.rules import VERSION, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry
    from outposts.venue import Venue

LATIN = "DejaVu Sans"  # comes with matplotlib
WIDTHS = {False: 9.5, True: 4.6}
"""How wide a sheet is, in inches: for a desk, and (True) for a narrow column or a phone."""
FORMATS = (".svg", ".png")
MARGIN = 0.3
LEADING = 1.32  # line to line, in type sizes
POINT = 1 / 72
UNDER = 0.07  # inches between the title and what is under it
RULER = 1000  # dots to the inch where a text's width is measured: no letter is rounded to a pixel
FIRM = "\u00a0"  # a space at which no line ends

STYLE: dict[str, Any] = {
    "text.parse_math": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "outposts",
    "path.simplify": False,
    "hatch.linewidth": 0.7,
    "text.hinting": "none",
    "figure.dpi": 100,
}


class PlotError(OutpostsError, ValueError):
    """A plot that cannot be drawn or written; the message says why."""


@contextmanager
def style() -> Iterator[None]:
    """Set matplotlib's options and our fonts for a while."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever a matplotlibrc says: the same bytes for everyone
        options: Any = {**STYLE, "font.family": _families()}
        matplotlib.rcParams.update(options)
        yield


class Sheet:
    """A figure with its texts set, and an empty body `body` inches high below `top`.

    Attributes
    ----------
    figure
        The matplotlib figure; `save` writes it.
    width, height, top
        Inches: of the sheet, and from its upper edge to the body.
    """

    def __init__(
        self, title: str, deck: str, body: float, notes: Sequence[str], narrow: bool = False
    ) -> None:
        self.narrow = narrow
        self.width = WIDTHS[narrow]
        room = self.width - 2 * MARGIN
        title_size, deck_size, note_size = (13.0, 9.5, 7.5) if narrow else (16.0, 11.0, 8.0)
        head = [
            (line, title_size, "bold", INK) for line in wrapped(title, room, title_size, "bold")
        ]
        head += [(line, deck_size, "normal", GREY) for line in wrapped(deck, room, deck_size)]
        foot = [line for note in notes for line in wrapped(note, room, note_size)]
        titles = len([1 for _, _, weight, _ in head if weight == "bold"])
        self.top = MARGIN + sum(size for _, size, _, _ in head) * LEADING * POINT + UNDER + 0.18
        foot_height = len(foot) * note_size * LEADING * POINT
        self.height = self.top + body + 0.2 + foot_height + MARGIN * 0.8
        self.figure = Figure((self.width, self.height), facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        y = MARGIN
        for number, (line, size, weight, colour) in enumerate(head):
            y += size * LEADING * POINT + (UNDER if number == titles else 0)
            self.write(MARGIN, y, line, size, colour, weight=weight)
        y = self.top + body + 0.2
        for line in foot:
            y += note_size * LEADING * POINT
            self.write(MARGIN, y, line, note_size, GREY)
        self.title, self.deck = (drawable(text).replace(FIRM, " ") for text in (title, deck))

    def write(
        self, x: float, y: float, text: str, size: float, colour: str = INK, **how: Any
    ) -> None:
        """Write one line with its base at y, from x on (or to x: ``ha="right"``)."""
        line = drawable(text).replace(FIRM, " ")
        self.figure.text(
            x / self.width, 1 - y / self.height, line, size=size, color=colour, va="baseline", **how
        )

    def axes(self, left: float, right: float, top: float, bottom: float) -> Axes:
        """Return axes between these edges, from the sheet's left and upper edge, without a frame."""
        box = (left / self.width, 1 - bottom / self.height, (right - left) / self.width, (bottom - top) / self.height)  # fmt: skip
        axes = self.figure.add_axes(box)
        axes.patch.set_alpha(0)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0, labelsize=8 if self.narrow else 9, labelcolor=GREY, pad=4)
        axes.grid(color=FAINT, linewidth=0.8)
        axes.set_axisbelow(True)
        return axes


def notes(registry: Registry, known: int, rules: Rules, *own: str) -> list[str]:
    """Return what stands under every plot: its own notes, day, rules, source, licence."""
    card = registry.card
    constants = ", ".join(f"{name} {getattr(rules, name)}" for name in Rules.__slots__)
    version = f", version {card.version}" if card.version else ""
    credit = ", ".join(part for part in (card.attribution, card.licence) if part)
    return [
        *own,
        f"As known on {day_words(known)}. Status rules, version {VERSION} (days: {constants}).",
        f"Source: {card.title}{version}{f' ({credit})' if credit else ''}.",
    ]


def save(sheet: Sheet, path: Path) -> None:
    """Write a sheet as SVG or PNG, by the file's suffix; the same bytes each time.

    Raises PlotError for another suffix, OSError where it cannot be written.
    """
    form = checked(path)
    held = io.BytesIO()
    with style():
        if form == ".svg":
            metadata = {
                "Date": None,
                "Creator": "Outposts",
                "Title": sheet.title,
                "Description": sheet.deck,
            }
            sheet.figure.savefig(held, format="svg", metadata=metadata, facecolor=PAPER)
        else:
            metadata = {"Software": "Outposts", "Title": sheet.title, "Description": sheet.deck}
            sheet.figure.savefig(held, format="png", dpi=200, metadata=metadata, facecolor=PAPER)
    files.write(path, held.getvalue())


def checked(path: Path) -> str:
    """Return the suffix of a plot's file; PlotError for one that is no picture of ours."""
    form = path.suffix.lower()
    if form not in FORMATS:
        raise PlotError(f"{path}: a plot is written as {' or '.join(FORMATS)}, not as {form or 'a file without a suffix'}")  # fmt: skip
    return form


def drawable(text: str) -> str:
    """Return text on one line, without control characters; what no font of ours has becomes \ufffd."""
    plain = re.sub(f"[^\\S{FIRM}]+", " ", text).strip(" ")
    return "".join(_shown(letter) for letter in unicodedata.normalize("NFC", plain))


def name_of(venue: Venue) -> str:
    """Return the first of a venue's names that our fonts can draw whole, else its id."""
    names = (venue.name, *(name.name for name in venue.names))
    return next((name for name in names if "\ufffd" not in drawable(name)), venue.id)


def width_of(text: str, size: float, weight: str = "normal") -> float:
    """Return how wide a text of a type size is drawn, in inches."""
    return _width(drawable(text), size, weight)


def wrapped(text: str, room: float, size: float, weight: str = "normal") -> list[str]:
    """Return a text as lines that are no wider than ``room`` inches; a long word is broken."""
    lines: list[str] = []
    for word in drawable(text).split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _width(joined, size, weight) <= room:
            lines[-1] = joined
            continue
        for part in _parts(word, room, size, weight):
            lines.append(part)
    return lines


def _parts(word: str, room: float, size: float, weight: str) -> Iterator[str]:
    """Yield a word in parts that fit, cut between letters, never before a mark that joins one."""
    part = ""
    for letter in word:
        joins = (
            unicodedata.category(letter) in ("Mn", "Mc")
            or unicodedata.combining(part[-1:] or " ") == 9
        )
        if part and not joins and _width(part + letter, size, weight) > room:
            yield part
            part = ""
        part += letter
    yield part


@lru_cache(maxsize=16384)
def _width(text: str, size: float, weight: str) -> float:
    properties = FontProperties(family=_families(), size=size, weight=weight)
    wide, _, _ = _ruler().get_text_width_height_descent(text, properties, False)
    return float(wide) / RULER


@lru_cache(maxsize=1)
def _ruler() -> Any:
    canvas: Any = FigureCanvasAgg(Figure((1, 1), dpi=RULER))
    return canvas.get_renderer()


@lru_cache(maxsize=4096)
def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":  # joiners and marks of direction have no shape of their own
        return ""
    if category[0] == "C" or ord(letter) not in _covered():
        return "\ufffd"
    return letter


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """Return the code points for which one of our fonts has a glyph, in both weights of the Latin one."""
    _fonts()
    latin = [
        set(
            FT2Font(
                font_manager.findfont(FontProperties(family=[LATIN], weight=weight))
            ).get_charmap()
        )
        for weight in ("normal", "bold")
    ]
    others = [set(FT2Font(str(path)).get_charmap()) for path in _fonts()]
    return frozenset(set.intersection(*latin).union(*others))


def _families() -> list[str]:
    """Return the names of our fonts, once matplotlib knows them: each letter is taken from the first that has it."""
    _fonts()
    return [LATIN, *(typefaces.family(name) for name in typefaces.NAMES)]


@lru_cache(maxsize=1)
def _fonts() -> tuple[Path, ...]:
    """Tell matplotlib of our fonts; it reads them from files, which last as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix="outposts-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    paths = []
    for name in typefaces.NAMES:
        path = folder / f"{name}.ttf"
        path.write_bytes(typefaces.ttf(name))
        font_manager.fontManager.addfont(path)
        known = font_manager.fontManager.ttflist
        known.append(dataclasses.replace(known[-1], weight=700))  # in a bold title too, unasked
        paths.append(path)
    return tuple(paths)


def day_words(day: float) -> str:
    """Return a day in English that stays on one line."""
    return dates.in_words(day).replace(" ", FIRM)


def plural(number: int, noun: str) -> str:
    """Return a count with its noun, such as ``1 venue`` or ``7 venues``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
