"""Maps that link to shared files, from disk and from a server, under their own policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import KNOWN, ROOT
from playwright.sync_api import Browser, expect

import outposts
from outposts import dates
from outposts.render.build import build
from outposts.site.preview import Preview

READY = '#outposts[data-outposts="ready"]'


@contextmanager
def address(folder: Path, kind: str) -> Iterator[str]:
    if kind == "disk":
        yield f"{folder.as_uri()}/"
        return
    with Preview(folder, 0) as preview:
        thread = threading.Thread(target=preview.serve_forever)
        thread.start()
        yield preview.url
        preview.end()
        thread.join()


@pytest.mark.parametrize("kind", ["disk", "loopback"])
def test_a_map_with_shared_files_works(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(dates.day(KNOWN) * 86_400))
    out = tmp_path / "a path"
    list(build(outposts.load(), [ROOT / "maps" / "phnom-penh.yaml"], out, shared=True))
    context = chromium.new_context(locale="km")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    with address(out, kind) as base:
        page.goto(f"{base}phnom-penh.html")
        expect(page.locator(READY)).to_be_attached()
        expect(page.locator("html")).to_have_attribute("lang", "km")
        asked = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
        loaded = page.evaluate(
            "[...document.fonts].filter((face) => face.status === 'loaded').length"
        )
        context.close()
    assert said == []
    assert loaded
    if kind == "loopback":  # of files on a disk browsers tell nothing
        there = {path.relative_to(out).as_posix() for path in (out / "assets").rglob("outposts-*")}
        assert there <= {name.removeprefix(base) for name in asked}
