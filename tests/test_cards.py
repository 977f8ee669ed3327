"""Cards: what a notebook shows of an answer, a venue, a registry and a map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import FIRST, KNOWN, READY, Reader, shipped, slider, summary
from pages import Page as Parsed
from playwright.sync_api import Page, expect
from registries import KORYO_FILE, LAO_FILE, write
from test_browser_hostile import ATTACKS, files

import outposts
from outposts.cards import of_registry
from outposts.registry import Registry, load
from outposts.vocabulary import vocabulary

SHELL = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>n</title></head>'
    '<body data-jp-theme-light="{light}">{cards}</body></html>'
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return load(write(Path(tmp_path_factory.mktemp("registry")), files()))


def cards(registry: Registry) -> list[str]:
    """Return all cards of a registry, as a notebook asks for them."""
    venues = list(registry.values())
    answers = [venue.status("2020-02-15") for venue in venues]
    shown: list[Any] = [registry, *venues, *answers]
    return [one._repr_html_() for one in shown]


def notebook(reader: Reader, folder: Path, shown: list[str], light: bool = True) -> Page:
    """Open a page that holds what a notebook would."""
    path = folder / "notebook.html"
    html = SHELL.format(light=str(light).lower(), cards="".join(shown))
    path.write_text(html, encoding="utf-8")
    return reader.open_bare(path)


def test_card_of_an_answer_tells_all_of_it() -> None:
    shown = Parsed(shipped()["vn-hanoi-koryo"].status("2020-06-02", "2020-07-01")._repr_html_())
    for text in ("Disputed", "on 2 June 2020, as known on 1 July 2020", "7 February 2020"):
        assert text in shown.shown
    assert "vn-hanoi-koryo#c3" in shown.shown
    assert "unpoe-2020-vn" in shown.shown


def test_card_of_a_venue_has_every_name_and_claim() -> None:
    venue = shipped()["vn-hanoi-koryo"]
    shown = Parsed(venue._repr_html_())
    for text in (*(name.name for name in venue.names), *(c.id for c in venue.claims)):
        assert text in shown.shown
    for claim in venue.claims:
        assert claim.quote is None or " ".join(claim.quote.split()) in shown.shown
    assert {link["href"] for link in shown.all("a")} == {c.source.url for c in venue.claims}


def test_card_of_a_registry_counts_what_the_table_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1591142400")
    registry = shipped().where(country="KH,LA")
    frame = registry.on("2020-06-03", "2020-06-03")
    shown = of_registry(registry, dict(frame["status"]))
    assert shown == registry._repr_html_()
    assert f"{len(registry)} of {len(shipped())} venues" in Parsed(shown).shown
    for country, name in (("KH", "Cambodia"), ("LA", "Laos")):
        (line,) = [line for line in shown.split("<tr>") if f">{name}<" in line]
        cells = [int(text or 0) for text in Parsed(line.replace("<td></td>", "<td>0</td>")).pieces[1:]]  # fmt: skip
        counted = frame[frame["country"] == country]["status"].value_counts()
        assert sorted(filter(None, cells[:-1])) == sorted(counted)
        assert cells[-1] == counted.sum()


def test_registry_without_venues_has_a_card(tmp_path: Path) -> None:
    empty = load(write(tmp_path, {KORYO_FILE: None, LAO_FILE: None}))
    assert "0 venues, 0 claims" in empty._repr_html_()


def test_hostile_text_is_shown_and_does_nothing(
    reader: Reader, hostile: Registry, tmp_path: Path
) -> None:
    page = notebook(reader, tmp_path, cards(hostile))
    text = page.locator("body").evaluate("body => body.textContent")
    for attack in ATTACKS:
        assert attack in text
    assert page.locator(".outposts-card :is(script, img, [onmouseover], [onerror])").count() == 0
    for href in page.locator(".outposts-card a").evaluate_all("all => all.map(a => a.protocol)"):
        assert href == "https:"


@pytest.mark.parametrize("light", [True, False])
def test_status_has_the_colour_of_its_theme(reader: Reader, tmp_path: Path, light: bool) -> None:
    answer = shipped()["vn-hanoi-koryo"].status("2020-06-02", "2020-07-01")
    page = notebook(reader, tmp_path, [answer._repr_html_()], light)
    mark = page.locator(".outposts-card-mark").first
    wanted = vocabulary()["statuses"]["disputed"]["color" if light else "dark"]
    red, green, blue = (int(wanted[at : at + 2], 16) for at in (1, 3, 5))
    expect(mark).to_have_css("background-color", f"rgb({red}, {green}, {blue})")


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'])
def test_map_works_in_the_frame_that_a_notebook_gives_it(
    reader: Reader, tmp_path: Path, sandbox: str
) -> None:
    """With its own policy, from a `srcdoc`, where there is no address to write the state into."""
    shown = outposts.Map(shipped(), on=FIRST, known=KNOWN, country="VN")._repr_html_()
    page = notebook(reader, tmp_path, [shown.replace("<iframe", f"<iframe {sandbox}", 1)])
    frame = page.frame_locator("iframe")
    expect(frame.locator(READY)).to_be_attached()
    slider(frame).press("ArrowRight")
    expect(summary(frame)).to_contain_text("on 1 April 2020")
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["height"] >= 600
    assert frame.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")
