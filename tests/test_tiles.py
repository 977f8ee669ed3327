"""Street tiles: nobody is asked until the reader clicks a button that names the host."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import xyzservices
from browser import FIRST, KNOWN, READY
from loopback import Handler, Server, serving
from pages import Page as Parsed
from playwright.sync_api import Browser, Page, expect

import outposts
from outposts.errors import MapError, UnknownName
from outposts.render.tiles import tiles

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class _Answer(Handler, BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(503 if self.server.closed else 200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        if not self.server.closed:
            self.wfile.write(PIXEL)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(_Answer) as server:
        yield server


@pytest.fixture
def page(chromium: Browser, server: Server, tmp_path: Path) -> Iterator[Page]:
    """The map of Hanoi with tiles of that server."""
    provider = xyzservices.TileProvider(
        name="Ours",
        url=f"http://{server.host}/{{z}}/{{x}}/{{y}}.png",
        attribution="(C) <b>Us</b>",
        max_zoom=17,
    )
    path = tmp_path / "map.html"
    outposts.Map(outposts.load(), on=FIRST, known=KNOWN, place="Hanoi", basemap=provider).save(path)
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector(READY, state="attached")
    yield page
    context.close()


def test_nobody_is_asked_before_the_click(page: Page, server: Server) -> None:
    page.wait_for_timeout(300)
    assert server.asked == []


def test_click_on_the_host_shows_its_tiles_and_its_credit(page: Page, server: Server) -> None:
    button = page.get_by_role("button", name=f"Load streets from {server.host}", exact=True)
    expect(page.get_by_text("(C) <b>Us</b>", exact=True)).to_be_hidden()
    button.click()
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.get_by_text("(C) <b>Us</b>", exact=True)).to_be_visible()
    assert all(path.endswith(".png") for path in server.asked)
    page.get_by_role("button", name="Hide streets", exact=True).click()
    expect(page.locator("img.leaflet-tile")).to_have_count(0)
    expect(button).to_be_visible()


def test_streets_let_the_reader_come_nearer(page: Page, server: Server) -> None:
    near = page.get_by_role("button", name="Zoom in")
    page.get_by_role("button", name=f"Load streets from {server.host}", exact=True).click()
    for _ in range(12):
        if near.get_attribute("aria-disabled") == "true":
            break
        near.click()
        page.wait_for_timeout(350)
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    assert max(int(path.split("/")[1]) for path in server.asked) > 11


def test_server_that_refuses_is_told_of(page: Page, server: Server) -> None:
    server.closed = True
    page.get_by_role("button", name=f"Load streets from {server.host}", exact=True).click()
    expect(page.get_by_text(f"{server.host} does not send streets now.")).to_be_visible()


def test_state_of_the_streets_is_not_in_the_address(page: Page, server: Server) -> None:
    page.get_by_role("button", name=f"Load streets from {server.host}", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).focus()
    state = page.url.partition("#")[2]
    assert "127.0.0.1" not in state
    assert "street" not in state


def test_policy_names_the_provider_s_hosts_and_no_others() -> None:
    m = outposts.Map(outposts.load(), on=FIRST, known=KNOWN, country="LA", basemap="OpenTopoMap")
    sources = Parsed(m.get_root().render()).policy["img-src"]
    assert sources == ["data:", "blob:", *(f"https://{s}.tile.opentopomap.org" for s in "abc")]
    plain = outposts.Map(outposts.load(), on=FIRST, known=KNOWN, country="LA")
    assert Parsed(plain.get_root().render()).policy["img-src"] == ["data:", "blob:"]


def test_provider_is_told_by_name_or_as_it_is() -> None:
    named = tiles("OpenStreetMap.Mapnik")
    assert named is not None
    assert named == tiles(xyzservices.providers.OpenStreetMap.Mapnik)
    assert named["host"] == "tile.openstreetmap.org"
    assert tiles("natural-earth") is None


def test_unknown_provider_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match=r"OpenStreetMap\.Mapnik"):
        tiles("OpenStreetMap.Mapnk")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (xyzservices.providers.Thunderforest.OpenCycleMap, "needs a key"),
        (xyzservices.TileProvider(name="X", url="http://example.org/{z}/{x}/{y}", attribution=""), "https"),
        (xyzservices.TileProvider(name="X", url="https://ex;ample/{z}/{x}/{y}", attribution=""), "https"),
        (12, "provider"),
    ],
)  # fmt: skip
def test_provider_that_cannot_be_asked_is_an_error(given: object, says: str) -> None:
    with pytest.raises(MapError, match=says):
        tiles(given)
