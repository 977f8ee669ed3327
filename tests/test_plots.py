"""Plots: what a person reads on them, that it is there whole, and the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.text import Text
from PIL import Image

import outposts
from outposts import plots
from outposts.models import Name
from outposts.plots.sheet import MARGIN, Sheet, drawable, name_of, width_of, wrapped
from outposts.registry import Registry

NOW = "2026-11-23"
SHIPPED = outposts.load()
DRAWN: dict[str, Callable[..., Sheet]] = {
    "open_after": lambda r, **k: plots.open_after(r, "2019-12-22", known=NOW, **k),
    "survival": lambda r, **k: plots.survival(r, known=NOW, **k),
    "monthly": lambda r, **k: plots.monthly(r, known=NOW, **k),
    "monthly_by": lambda r, **k: plots.monthly(r, by="country", known=NOW, **k),
    "changed": lambda r, **k: plots.changed(r, "2019-11-01", "2020-03-01", known=NOW, **k),
    "single_source": lambda r, **k: plots.single_source(r, NOW, known=NOW, **k),
    "recheck": lambda r, **k: plots.recheck(r, NOW, known=NOW, **k),
    "coverage": lambda r, **k: plots.coverage(r, known=NOW, **k),
    "sensitivity": lambda r, **k: plots.sensitivity(r, ["vn-hanoi-koryo", "th-bangkok-okryu"], on="2020-06-02", known=NOW, **k),
}  # fmt: skip
WITH_VENUES = ("open_after", "changed", "single_source", "recheck", "sensitivity")


def texts(sheet: Sheet) -> Iterator[Text]:
    """Yield every text that is drawn."""
    yield from sheet.figure.texts
    for axes in sheet.figure.axes:
        yield from axes.texts
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if low <= tick.get_loc() <= high:
                    yield from (text for text in (tick.label1, tick.label2) if text.get_visible())


def words(sheet: Sheet) -> str:
    return " ".join(text.get_text() for text in texts(sheet))


def comments(path: Path) -> str:
    """Return the texts of an SVG: matplotlib writes each before its shapes."""
    builder = ElementTree.TreeBuilder(insert_comments=True)
    root: Any = ElementTree.parse(path, ElementTree.XMLParser(target=builder)).getroot()
    return " ".join(
        str(node.text).strip() for node in root.iter() if node.tag is ElementTree.Comment
    )


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_cut_and_no_two_texts_overlap(name: str, narrow: bool) -> None:
    sheet = DRAWN[name](SHIPPED, narrow=narrow)
    with plots.sheet.style():
        sheet.figure.canvas.draw()
        width, height = sheet.figure.bbox.size
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts(sheet)]
    for text, box in boxes:
        assert box.x0 > 0 and box.x1 < width and box.y0 > 0 and box.y1 < height, text  # noqa: PT018
    for index, (text, box) in enumerate(boxes):
        for other, there in boxes[index + 1 :]:
            wide = min(box.x1, there.x1) - max(box.x0, there.x0)
            tall = min(box.y1, there.y1) - max(box.y0, there.y0)
            assert min(wide, tall) < 2.5, (text, other)  # pixels of 100 to the inch


@pytest.mark.parametrize("name", DRAWN)
def test_svg_says_what_is_seen_for_whom_and_by_which_rules(name: str, tmp_path: Path) -> None:
    sheet = DRAWN[name](SHIPPED)
    path = tmp_path / "plot.svg"
    plots.save(sheet, path)
    told = comments(path)
    assert re.search(r"\d", sheet.title)
    assert sheet.title.split()[0] in told
    assert f"<dc:title>{sheet.title}</dc:title>" in path.read_text(encoding="utf-8")
    for part in ("As known on 23 November 2026", "fresh 270", "CC-BY-4.0", SHIPPED.card.title):
        assert part in told
    assert "<text" not in path.read_text(encoding="utf-8"), "a reader would need our fonts"


@pytest.mark.parametrize("name", WITH_VENUES)
def test_every_venue_is_named(name: str) -> None:
    from outposts import questions

    asked: dict[str, Any] = {
        "open_after": lambda: questions.open_after(SHIPPED, "2019-12-22", known=NOW),
        "changed": lambda: questions.changed(SHIPPED, "2019-11-01", "2020-03-01", known=NOW),
        "single_source": lambda: questions.single_source(SHIPPED, NOW, known=NOW),
        "recheck": lambda: questions.recheck(SHIPPED, NOW, known=NOW),
        "sensitivity": lambda: questions.sensitivity(SHIPPED, ["vn-hanoi-koryo"], on="2020-06-02", known=NOW),
    }  # fmt: skip
    told = words(DRAWN[name](SHIPPED))
    for id in asked[name]().index:
        assert SHIPPED[id].name in told


def test_the_same_registry_gives_the_same_bytes(tmp_path: Path) -> None:
    for suffix in (".svg", ".png"):
        made = []
        for number in (1, 2):
            with matplotlib.rc_context({"font.size": 10 * number, "svg.fonttype": "none"}):
                plots.save(DRAWN["recheck"](SHIPPED), tmp_path / f"{number}{suffix}")
            made.append((tmp_path / f"{number}{suffix}").read_bytes())
        assert made[0] == made[1]
        assert b"2026-11-23T" not in made[0]
    with Image.open(tmp_path / "1.png") as picture:
        assert picture.width == 1900


def named(name: str, *others: str) -> Registry:
    """Return the registry with one venue of another name."""
    venue = SHIPPED["vn-hanoi-koryo"]
    names = tuple(Name(name=text) for text in (name, *others))
    venues = {**SHIPPED.venues, venue.id: replace(venue, name=name, names=names)}
    return replace(SHIPPED, venues=venues)


@pytest.mark.parametrize(
    "name",
    [
        "$\\frac{1}{2}$ & <script>alert(1)</script> -->",
        "고려식당",
        "ພຽງຢາງ",
        "ร้านอาหารเปียงยาง",
        "ភោជនីយដ្ឋាន",
        "ラングーン",
    ],
)
def test_names_of_any_kind_are_drawn_as_they_are(name: str, tmp_path: Path) -> None:
    """No glyph is missing: matplotlib warns of one, and warnings are errors."""
    sheet = DRAWN["sensitivity"](named(name))
    path = tmp_path / "plot.svg"
    plots.save(sheet, path)
    assert name in words(sheet)
    ElementTree.parse(path)
    assert "<script" not in path.read_text(encoding="utf-8")


def test_a_name_without_glyphs_gives_way_to_the_next_one_or_the_id() -> None:
    burmese = "ပြုံယမ်း"
    assert name_of(named(burmese, "Koryo")["vn-hanoi-koryo"]) == "Koryo"
    assert name_of(named(burmese)["vn-hanoi-koryo"]) == "vn-hanoi-koryo"
    assert drawable("a\x00b\n c\u202e") == "a\ufffdb c"


@pytest.mark.parametrize("text", ["A" * 90, "a word and another " * 9, "ភោជនីយដ្ឋាន" * 9])
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    lines = wrapped(text, 2.0, 9.5)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 9.5) <= 2.0 for line in lines)
    assert MARGIN < 1


@pytest.mark.parametrize("name", [name for name in DRAWN if name != "sensitivity"])
def test_a_registry_without_venues_is_drawn_too(name: str, tmp_path: Path) -> None:
    empty = replace(SHIPPED, venues={}, counts=(), events=())
    plots.save(DRAWN[name](empty), tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").stat().st_size > 1000


def test_many_venues_are_drawn_in_part_and_counted_whole() -> None:
    venue = SHIPPED["la-vientiane-paektu-hanna"]
    many = {f"la-x-{n}": replace(venue, id=f"la-x-{n}", name=f"Venue {n}") for n in range(80)}
    sheet = DRAWN["recheck"](replace(SHIPPED, venues=many))
    assert "of 80 it already has" in sheet.title
    assert "The first 60 of 80 are drawn." in words(sheet)
