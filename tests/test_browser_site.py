"""The site in a browser: from disk and from a server, for everybody, live where it says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from browser import KNOWN, MAPS, READY, ROOT, Reader
from playwright.sync_api import Browser, expect

import outposts
from outposts import dates
from outposts.site.build import build
from outposts.site.preview import Preview

PAGES = ("index.html", "venues/vn-hanoi-koryo.html", "countries/kh.html", "methodology.html", "data.html")  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site of the shipped registry."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(dates.day(KNOWN) * 86_400))
        out = tmp_path_factory.mktemp("site") / "below" / "a path"
        list(build(outposts.load(), [ROOT / "maps" / f"{name}.yaml" for name in MAPS], out))
        yield out


def parts(site: Path) -> list[Path]:
    """Return what pages may load from beside them."""
    return [path for end in ("woff2", "png", "svg", "html") for path in site.rglob(f"*.{end}")]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(reader: Reader, site: Path, name: str, scheme: str) -> None:
    page = reader.open_bare(site / name, also=parts(site), bypass_csp=True, color_scheme=scheme)
    # The maps in frames have tests of their own; from disk, nobody may look into them.
    page.evaluate("document.querySelectorAll('iframe').forEach((frame) => frame.remove())")
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert len(found["passes"]) > 10
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 1440])
def test_nothing_sticks_out_sideways(reader: Reader, site: Path, name: str, width: int) -> None:
    page = reader.open_bare(site / name, also=parts(site), viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_map_comes_alive_in_the_gallery(reader: Reader, site: Path) -> None:
    page = reader.open_bare(site / "index.html", also=parts(site))
    expect(page.locator("iframe").first).not_to_be_visible()
    page.get_by_text("Try it here").first.click()
    frame = page.frame_locator("iframe").first
    expect(frame.locator(READY)).to_be_attached()
    expect(frame.get_by_role("slider", name="Date")).to_be_visible()


def test_a_venues_page_leads_to_it_on_the_map(reader: Reader, site: Path) -> None:
    page = reader.open_bare(site / "venues/vn-hanoi-koryo.html", also=parts(site))
    page.get_by_role("link", name="North Korea's outposts in Hanoi").click()
    expect(page.locator(READY)).to_be_attached()
    expect(page.get_by_role("region", name="Koryo Restaurant")).to_be_visible()


def test_the_preview_reloads_what_changed(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!DOCTYPE html><title>One</title><body>one</body>")
    with Preview(tmp_path, port=0) as preview:
        thread = threading.Thread(target=preview.serve_forever)
        thread.start()
        context = chromium.new_context()
        page = context.new_page()
        with page.expect_request("**/-/changes"):
            page.goto(preview.url)
        (tmp_path / "index.html").write_text("<!DOCTYPE html><title>Two</title><body>two</body>")
        preview.changed()
        expect(page).to_have_title("Two")
        context.close()
        preview.end()
        thread.join()
