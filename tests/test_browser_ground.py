"""What is written on the ground under the marks: towns, distances, the scale."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from browser import MAPS, Reader
from playwright.sync_api import Page, expect

# What the basemap writes, with the last place of each text: left, right and middle in canvas pixels.
WRITTEN = """
window.written = {};
const own = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  if (this.canvas.className.includes("outposts-basemap")) {
    const half = this.measureText(text).width / 2;
    window.written[text] = [x - half, x + half, y];
  }
  return own.call(this, text, x, y);
};
"""


def written(page: Page) -> dict[str, list[float]]:
    page.wait_for_function("Object.keys(window.written).length > 2")
    found: dict[str, list[float]] = page.evaluate("window.written")
    return found


@pytest.mark.parametrize("name", MAPS)
def test_names_on_the_ground_do_not_overlap(reader: Reader, maps: Path, name: str) -> None:
    page = reader.open(maps / f"{name}.html", init=WRITTEN, bypass_csp=True)
    names = {text: place for text, place in written(page).items() if not text.endswith(" km")}
    assert len(names) > 2
    for (one, a), (other, b) in combinations(names.items(), 2):
        assert a[0] >= b[1] or b[0] >= a[1] or abs(a[2] - b[2]) >= 10, (one, other)


def test_map_of_a_town_names_its_neighbours_and_tells_distances(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", init=WRITTEN, bypass_csp=True)
    texts = written(page)
    assert {"Haiphong", "Nam Định"} <= set(texts)
    assert "Hanoi" not in texts, "it has a mark with its name"
    assert any(text.endswith(" km") for text in texts)


def test_map_has_a_scale_bar(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html")
    expect(page.locator(".leaflet-control-scale").get_by_text("km")).to_be_visible()
