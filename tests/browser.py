"""What a reader does with a page, and what a reader sees of it, for the browser tests.

Pages are opened from disk, in Debian's Chromium, without network.
The parts of a page are found by the roles and names that they promise, never by their markup.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    FrameLocator,
    Locator,
    Page,
    Request,
    expect,
)

import outposts
from outposts import dates
from outposts.registry import Registry
from outposts.render.build import build
from outposts.rules import STATUSES

ROOT = Path(__file__).resolve().parent.parent
KNOWN = "2026-12-01"  # the tests' own day, so that they do not change with the calendar
MAPS = sorted(path.stem for path in (ROOT / "maps").glob("*.yaml"))
COUNTRIES = "KH,LA,TH,VN,ID,MY,MM"  # those of the map of the region
FIRST = "2020-03-01"  # the day that the shipped maps begin with
READY = '#outposts[data-outposts="ready"]'
CHECKBOXES = ("Open", "Presumed open", "Disputed", "Suspended", "Closed", "Unknown")
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}

Where = Page | FrameLocator


class Window:
    """A context with one page, offline; notes all that the page must not do.

    ``troubles`` lists requests for anything but the ``files`` that it may load, errors and
    warnings on the console (a violated policy is one), uncaught errors and dialogs.
    """

    def __init__(self, chromium: Browser, stopped: bool, how: Mapping[str, Any]) -> None:
        self.troubles: list[str] = []
        self.files: set[str] = set()
        self.context = chromium.new_context(**{"offline": True, "viewport": DESK, **how})
        self.context.set_default_timeout(10_000)
        if stopped:
            self.context.clock.install(time=0)
            self.context.clock.pause_at(1_000)
        self.page = self.context.new_page()
        self.page.on("request", self._request)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)

    def clear(self) -> None:
        """Leave the page and forget it."""
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        self.troubles.clear()
        self.files.clear()

    def _request(self, request: Request) -> None:
        if re.split("[?#]", request.url)[0] not in self.files:
            self.troubles.append(f"request: {request.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()


class Reader:
    """Opens pages for one test, and knows what they did that a page must not do.

    A new context costs five times what a page costs, so ``spare`` windows of earlier tests are
    used again, each with a new document; a test that leaves traces in its context (an init
    script, emulated media, another size, history) takes a ``fresh`` one.
    """

    def __init__(self, chromium: Browser, spare: dict[str, list[Window]]) -> None:
        self.chromium = chromium
        self.spare = spare
        self.windows: list[tuple[str | None, Window]] = []

    def open(self, path: Path, address: str = "", **how: Any) -> Page:
        """Return the page of a file once it is ready; ``address`` is its query and fragment."""
        page = self.open_bare(path, address, **how)
        expect(page.locator(READY)).to_be_attached()
        return page

    def open_bare(
        self,
        path: Path,
        address: str = "",
        also: Iterable[Path] = (),
        stopped: bool = False,
        fresh: bool = False,
        init: str | None = None,
        **how: Any,
    ) -> Page:
        """Return the page of a file, ready or not.

        It may load the files ``also`` into frames; on a ``stopped`` page only the test moves time
        on; ``init`` is a script that runs before all others.
        """
        kind = None if fresh or init else f"{stopped} {json.dumps(how, sort_keys=True)}"
        spare = self.spare.setdefault(kind, []) if kind else []
        window = spare.pop() if spare else Window(self.chromium, stopped, how)
        self.windows.append((kind, window))
        window.files |= {path.as_uri(), *(one.as_uri() for one in also)}
        if init:
            window.context.add_init_script(init)
        window.page.goto(path.as_uri() + address)
        return window.page

    @property
    def troubles(self) -> list[str]:
        """All that the test's pages did that a page must not do."""
        return [trouble for _, window in self.windows for trouble in window.troubles]

    def forgive(self) -> None:
        """Forget the troubles so far, which a test has looked at."""
        for _, window in self.windows:
            window.troubles.clear()

    def close(self) -> None:
        """Leave all pages."""
        for kind, window in self.windows:
            if kind is None:
                window.context.close()
            else:
                window.clear()
                self.spare[kind].append(window)
        self.windows.clear()


# What a page holds, by role and name


def slider(where: Where) -> Locator:
    return where.get_by_role("slider", name="Date", exact=True)


def summary(where: Where) -> Locator:
    return where.get_by_role("status")


def checkbox(where: Where, name: str) -> Locator:
    return where.get_by_role("checkbox", name=name, exact=True)


def chooser(where: Where, name: str) -> Locator:
    return where.get_by_role("combobox", name=name, exact=True)


def search(where: Where) -> Locator:
    return where.get_by_role("searchbox", name="Search venues", exact=True)


def venues(where: Where) -> Locator:
    return where.get_by_role("list", name="Venues", exact=True)


def venue(where: Where, name: str) -> Locator:
    """Return the buttons in the list that bear a venue's name."""
    return venues(where).get_by_role("button", name=name, exact=True)


def card(where: Where, name: str) -> Locator:
    return where.get_by_role("region", name=name, exact=True)


def the_map(where: Where) -> Locator:
    return where.get_by_role("region", name="Map", exact=True)


def label(where: Where, text: str) -> Locator:
    return where.get_by_label(text, exact=True)


# What a reader does


def go_to(where: Where, field: str, day: str) -> None:
    """Type a day into "Go to date" or "As known on"."""
    label(where, field).fill(day)
    label(where, field).blur()


def show_only(where: Where, *names: str) -> None:
    """Leave just these statuses checked."""
    for name in CHECKBOXES:
        checkbox(where, name).set_checked(name in names)


def click_the_map(page: Page) -> None:
    """Click the middle of the map, where ``c=`` puts a point."""
    the_map(page).click()


# What a reader sees


def listed(where: Where) -> list[tuple[str, str]]:
    """Return the venues in the list: name and status in words, in their order."""
    items = venues(where).get_by_role("listitem")
    seen: list[list[str]] = items.evaluate_all(
        "items => items.map(item => [item.querySelector('button').textContent, item.innerText])"
    )
    return [(name, text.strip().rpartition("·")[2].strip()) for name, text in seen]


def in_words(day: str) -> str:
    """Return the page's words for a day, such as ``1 March 2020``."""
    return dates.in_words(dates.day(day))


def sentence(counts: Mapping[str, int], day: str) -> str:
    """Return what the summary has to say of counts by status: ``2 open, 6 closed on ...``."""
    parts = [f"{counts[code]} {code_words(code)}" for code in STATUSES if counts.get(code)]
    return f"{', '.join(parts)} on {in_words(day)}"


def code_words(code: str) -> str:
    """Return a status inside a sentence: ``presumed open``."""
    return code.replace("-", " ")


# What it has to be: the registry's own answers


@lru_cache(maxsize=1)
def shipped() -> Registry:
    return outposts.load()


def answers(day: str, known: str = KNOWN, **wanted: Any) -> list[tuple[str, str]]:
    """Return name and status in words of the region's venues on a day, sorted."""
    frame = shipped().on(day, known, **{"country": COUNTRIES, **wanted})
    return sorted(zip(frame["name"], (code_words(code) for code in frame["status"]), strict=True))


def counts(day: str, known: str = KNOWN, **wanted: Any) -> Counter[str]:
    """Return how many of the region's venues have which status on a day."""
    return Counter(shipped().on(day, known, **{"country": COUNTRIES, **wanted})["status"])


# Maps to open


def build_shipped(out: Path) -> None:
    """Build maps of ``maps/`` as the command does, on the tests' own day."""
    seconds = dates.day(KNOWN) * 86_400
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(seconds))
        wanted = [ROOT / "maps" / f"{name}.yaml" for name in MAPS]
        built = {file.path.stem for file in build(shipped(), wanted, out)}
        assert built == {*MAPS, "loader"}


def save_map(registry: Path, out: Path, **how: Any) -> Path:
    """Save a map of the registry in a folder and return its file; by default a span of 2020."""
    outposts.Map(
        outposts.load(registry),
        **{"on": FIRST, "known": KNOWN, "span": ("2015-01-01", "2022-12-31"), **how},
    ).save(out)
    return out


def chromium_path() -> str:
    """Return Debian's Chromium."""
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError(
            "the browser tests need chromium; scripts/test installs it, "
            "or as root: apt-get install chromium"
        )
    return found


def launch_arguments() -> list[str]:
    """Return Chromium's arguments; its sandbox does not start for root."""
    return ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
