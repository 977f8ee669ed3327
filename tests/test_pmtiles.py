"""Tiles out of a PMTiles archive on a web server: parts of one file, asked for by a click alone."""

from __future__ import annotations

import gzip
import io
import random
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from browser import FIRST, KNOWN, READY
from loopback import Handler, Server, serving
from pages import Page as Parsed
from playwright.sync_api import Browser, Page, expect
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from test_tiles import PIXEL

import outposts
from outposts.errors import MapError
from outposts.render.tiles import tiles

CREDIT = '<a href="https://example.org">© Us</a><img src=x onerror="window.ran = 1"><script>window.ran = 1</script>'
DEEPEST = 9


class _Answer(Handler, BaseHTTPRequestHandler):
    """Knows ranges of one file."""

    def do_GET(self) -> None:
        if self.server.closed:
            self.send_error(503)
            return
        self.server.asked.append(self.headers.get("Range", ""))
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        assert found is not None
        part = self.server.content[int(found[1]) : int(found[2]) + 1]
        self.send_response(206)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "range")
        self.end_headers()


def water() -> bytes:
    """A tile that is water all over, crossed by a street."""
    square = "POLYGON ((0 0, 4096 0, 4096 4096, 0 4096, 0 0))"
    layers = [
        {"name": "water", "features": [{"geometry": square, "properties": {"kind": "lake"}}]},
        {"name": "roads", "features": [{"geometry": "LINESTRING (0 0, 4096 4096)", "properties": {}}]},
        {"name": "places", "features": [{"geometry": "POINT (9 9)", "properties": {"name": "x"}}]},
    ]  # fmt: skip
    return bytes(mapbox_vector_tile.encode(layers))


def archive(kind: TileType, tile: bytes) -> bytes:
    """An archive with the same tile at every place near Hanoi, so many that there are leaf directories."""
    file = io.BytesIO()
    write: Any = Writer  # the package has no types
    writer = write(file)
    ids = sorted(
        zxy_to_tileid(z, x, y)
        for z in range(DEEPEST + 1)
        for x in range(2**z * 7 // 10, 2**z * 9 // 10 + 1)
        for y in range(2**z * 4 // 10, 2**z * 5 // 10 + 1)
        if x < 2**z and y < 2**z
    )
    for number, id in enumerate(ids):
        # No two alike in a row, or they would be one entry.
        writer.write_tile(id, tile if kind is TileType.PNG else gzip.compress(tile, mtime=number))
    header: dict[str, Any] = {
        "tile_type": kind,
        "tile_compression": Compression.NONE if kind is TileType.PNG else Compression.GZIP,
        "min_zoom": 0, "max_zoom": DEEPEST,
        "min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 0, "max_lat_e7": 0,
        "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
    }  # fmt: skip
    writer.finalize(header, {"attribution": CREDIT})
    return file.getvalue()


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    return {"vector": archive(TileType.MVT, water()), "pictures": archive(TileType.PNG, PIXEL)}


@pytest.fixture(params=["vector", "pictures"])
def server(request: pytest.FixtureRequest, contents: dict[str, bytes]) -> Iterator[Server]:
    with serving(_Answer, contents[request.param]) as server:
        yield server


@pytest.fixture
def page(chromium: Browser, server: Server, tmp_path: Path) -> Iterator[Page]:
    path = tmp_path / "map.html"
    archive = {"pmtiles": f"http://{server.host}/streets.pmtiles"}
    outposts.Map(outposts.load(), on=FIRST, known=KNOWN, place="Hanoi", basemap=archive).save(path)
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector(READY, state="attached")
    yield page
    context.close()


def load(page: Page, server: Server) -> None:
    page.get_by_role("button", name=f"Load streets from {server.host}", exact=True).click()


def test_click_draws_the_archive_s_tiles_and_credits_them_as_text(
    page: Page, server: Server
) -> None:
    page.wait_for_timeout(200)
    assert server.asked == []
    load(page, server)
    expect(page.get_by_text("© Us", exact=True)).to_be_visible()
    expect(page.locator("canvas.leaflet-tile-loaded").first).to_be_visible()
    page.wait_for_timeout(500)
    painted = page.locator("canvas.leaflet-tile-loaded").first.evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
    )
    assert painted
    assert server.asked[0] == "bytes=0-16383"
    assert page.evaluate("window.ran") is None
    page.get_by_role("button", name="Hide streets", exact=True).click()
    expect(page.locator("canvas.leaflet-tile")).to_have_count(0)


def test_server_that_refuses_is_told_of(page: Page, server: Server) -> None:
    server.closed = True
    load(page, server)
    expect(page.get_by_text(f"{server.host} does not send streets now.")).to_be_visible()


def test_file_that_is_no_archive_is_told_of(page: Page, server: Server) -> None:
    server.content = b"<!DOCTYPE html>" * 2000
    load(page, server)
    expect(page.get_by_text(f"{server.host} does not send streets now.")).to_be_visible()


def test_page_numbers_tiles_as_the_format_does(page: Page) -> None:
    chance = random.Random(3)
    asked = [(z, chance.randrange(2**z), chance.randrange(2**z)) for z in range(20) for _ in range(9)]  # fmt: skip
    found = page.evaluate("asked => asked.map(zxy => outposts.pmtiles.idOf(...zxy))", asked)
    assert found == [zxy_to_tileid(*zxy) for zxy in asked]


def test_policy_lets_the_page_connect_to_the_archive_s_host_alone() -> None:
    m = outposts.Map(
        outposts.load(), on=FIRST, known=KNOWN, country="LA",
        basemap={"pmtiles": "https://tiles.example.org/a/streets.pmtiles"},
    )  # fmt: skip
    policy = Parsed(m.get_root().render()).policy
    assert policy["connect-src"] == ["https://tiles.example.org"]
    assert policy["img-src"] == ["data:", "blob:"]


@pytest.mark.parametrize("url", ["http://example.org/a.pmtiles", "a.pmtiles", "file:///a.pmtiles"])
def test_archive_is_asked_over_https(url: str) -> None:
    with pytest.raises(MapError, match="https"):
        tiles({"pmtiles": url})
