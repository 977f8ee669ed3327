"""Fixtures of the browser tests: one Chromium and one build of the maps for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Reader, Window, build_shipped, chromium_path, launch_arguments
from playwright.sync_api import Browser, Page, expect, sync_playwright


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=10_000)  # milliseconds; a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=launch_arguments()
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the shipped maps."""
    folder = tmp_path_factory.mktemp("maps")
    build_shipped(folder)
    return folder


@pytest.fixture(scope="session")
def spare() -> dict[str, list[Window]]:
    """Windows that earlier tests have left, by their options."""
    return {}


@pytest.fixture
def reader(chromium: Browser, spare: dict[str, list[Window]]) -> Iterator[Reader]:
    """Opens pages; what one of them must not do fails the test at its end."""
    reader = Reader(chromium, spare)
    yield reader
    troubles = reader.troubles
    reader.close()
    assert troubles == []


@pytest.fixture
def region(reader: Reader, maps: Path) -> Page:
    """The map of Southeast Asia, as it opens."""
    return reader.open(maps / "southeast-asia.html")


@pytest.fixture
def hanoi(reader: Reader, maps: Path) -> Page:
    """The map of Hanoi, as it opens."""
    return reader.open(maps / "hanoi.html")
