"""axe-core finds nothing wrong with the page, in whatever state it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from browser import DESK, MAPS, PHONE, Reader, chooser, save_map, search, show_only, slider, venue
from playwright.sync_api import Page, expect
from registries import KORYO_FILE, LAO_FILE, write

from outposts import vocabulary

AXE = Axe()
# Where the page floats over the map, axe-core cannot tell the contrast; test_browser_layout does.
OPTIONS = {"resultTypes": ["violations"]}
OKRYU = "#venue=th-bangkok-okryu"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds: rule, and where."""
    found: dict[str, Any] = AXE.run(page, options=OPTIONS)
    assert len(found["passes"]) > 20
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture
def page(reader: Reader, maps: Path, request: pytest.FixtureRequest) -> Page:
    """A map in the state that the test asks for; axe-core itself needs the policy out of its way."""
    name, address, how = request.param
    return reader.open(maps / f"{name}.html", address, bypass_csp=True, **how)


STATES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "the region": ("southeast-asia", "", {}),
    "Hanoi": ("hanoi", "", {}),
    "with details": ("southeast-asia", OKRYU, {}),
    "filtered": ("southeast-asia", "#status=open,disputed&country=TH&kind=restaurant&q=p", {}),
    "a year": ("southeast-asia", "#year=2019&status=open", {}),
    "nothing found": ("hanoi", "#q=zzz", {}),
    "known earlier": ("hanoi", "#known=2020-03-05&venue=vn-hanoi-koryo", {}),
    "with a notice": ("hanoi", "#foo=bar", {}),
    "phone": ("southeast-asia", "", {"viewport": PHONE, "is_mobile": True, "has_touch": True}),
    "phone with details": ("southeast-asia", OKRYU, {"viewport": PHONE}),
    "dark": ("hanoi", "#venue=vn-hanoi-koryo", {"color_scheme": "dark"}),
    "reduced motion": ("hanoi", "", {"reduced_motion": "reduce"}),
    "forced colors": ("hanoi", "#venue=vn-hanoi-koryo", {"forced_colors": "active"}),
}


@pytest.mark.parametrize("page", STATES.values(), ids=STATES, indirect=True)
def test_axe_finds_nothing(page: Page) -> None:
    assert violations(page) == []


@pytest.mark.parametrize("name", [name for name in MAPS if name not in ("southeast-asia", "hanoi")])
def test_axe_finds_nothing_on_any_other_map(reader: Reader, maps: Path, name: str) -> None:
    assert violations(reader.open(maps / f"{name}.html", bypass_csp=True)) == []


@pytest.mark.parametrize("lang", [code for code in vocabulary.languages() if code != "en"])
def test_axe_finds_nothing_in_any_language(reader: Reader, maps: Path, lang: str) -> None:
    page = reader.open(maps / "hanoi.html", f"#lang={lang}&venue=vn-hanoi-koryo", bypass_csp=True)
    expect(page.locator(f"html[lang={lang}]")).to_be_attached()
    assert violations(page) == []


def test_axe_finds_nothing_in_everything_opened(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", bypass_csp=True)
    venue(page, "Koryo Restaurant").click()
    chooser(page, "Year").select_option("2019")
    page.get_by_text("Events", exact=True).click()
    for fold in page.locator("details > summary").all():
        fold.evaluate("summary => { summary.parentElement.open = true; }")
    assert violations(page) == []


def test_axe_finds_nothing_in_a_shared_mark(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", "#z=10&c=21.0245,105.8412", bypass_csp=True)
    page.get_by_role("region", name="Map", exact=True).click()
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()
    assert violations(page) == []


def test_axe_finds_nothing_while_playing(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", bypass_csp=True)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    assert violations(page) == []


def test_axe_finds_nothing_on_an_empty_map(reader: Reader, tmp_path: Path) -> None:
    empty = write(tmp_path / "registry", {KORYO_FILE: None, LAO_FILE: None})
    page = reader.open(save_map(empty, tmp_path / "map.html"), bypass_csp=True)
    assert violations(page) == []


def test_axe_finds_nothing_without_any_status(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", bypass_csp=True, viewport=DESK)
    show_only(page)
    search(page).fill("okryu")
    slider(page).press("PageUp")
    assert violations(page) == []
