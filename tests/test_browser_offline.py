"""The page asks nobody for anything, says nothing on the console, and holds its own policy."""

from __future__ import annotations

import re
from pathlib import Path

from browser import (
    Reader,
    card,
    checkbox,
    chooser,
    click_the_map,
    go_to,
    search,
    slider,
    the_map,
    venue,
)
from playwright.sync_api import Page, expect

FORBID = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
  Object.defineProperty(window, name, {get() { throw new DOMException(name, "SecurityError"); }});
}
const refuse = () => { throw new DOMException("refused", "SecurityError"); };
history.replaceState = history.pushState = refuse;
if (navigator.clipboard) navigator.clipboard.writeText = async () => refuse();
"""


def use(page: Page) -> None:
    """Do once all that a reader can do."""
    slider(page).press("PageDown")
    go_to(page, "Go to date", "2019-06-01")
    go_to(page, "As known on", "2020-06-02")
    checkbox(page, "Closed").uncheck()
    checkbox(page, "Closed").check()
    chooser(page, "Country").select_option(label="Thailand")
    chooser(page, "Kind").select_option(label="Restaurant")
    chooser(page, "Year").select_option("2019")
    search(page).fill("okryu")
    venue(page, "Pyongyang Okryu").click()
    shown = card(page, "Pyongyang Okryu")
    for fold in shown.locator("summary").all():
        fold.click()
    shown.get_by_role("button", name="Copy link", exact=True).click()
    shown.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Clear filters", exact=True).click()
    page.get_by_text("Events", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Zoom in", exact=True).click()
    the_map(page).hover()
    page.mouse.wheel(0, -200)
    click_the_map(page)
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Pause", exact=True).click()
    for button in ("CSV", "GeoJSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=button, exact=True).click()
        assert download.value.path().stat().st_size > 0
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 740})
    page.pdf()


def test_only_the_file_itself_is_ever_asked_for(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", fresh=True)
    use(page)
    assert reader.troubles == []


def test_request_of_another_page_would_be_noticed(reader: Reader, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text('<img src="https://example.org/x.png"><script src="x.js"></script>')
    reader.open_bare(other)
    asked = {trouble for trouble in reader.troubles if trouble.startswith("request: ")}
    assert asked == {
        "request: https://example.org/x.png",
        f"request: {(tmp_path / 'x.js').as_uri()}",
    }
    reader.forgive()


def test_policy_names_only_hashes_and_nobody(hanoi: Page) -> None:
    policy = hanoi.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    rules = dict(rule.strip().split(" ", 1) for rule in str(policy).split(";"))
    assert rules["default-src"] == "'none'"
    for kind in ("script-src", "style-src"):
        assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", one) for one in rules[kind].split())
    assert rules["connect-src"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


def test_page_names_its_language_and_keeps_no_referrer(hanoi: Page) -> None:
    expect(hanoi.locator("html")).to_have_attribute("lang", "en")
    referrer = hanoi.locator("meta[name=referrer]")
    expect(referrer).to_have_attribute("content", "no-referrer")


def test_page_stores_nothing(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html")
    slider(page).press("ArrowRight")
    venue(page, "Koryo Restaurant").click()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]


def test_page_works_where_storage_and_history_are_forbidden(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", init=FORBID)
    slider(page).press("ArrowRight")
    expect(slider(page)).to_have_attribute("aria-valuetext", "1 April 2020")
    venue(page, "Koryo Restaurant").click()
    shown = card(page, "Koryo Restaurant")
    shown.get_by_role("button", name="Copy link", exact=True).click()
    expect(shown.get_by_label("Copy from here", exact=True)).to_be_visible()
