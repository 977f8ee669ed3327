"""What a reader does with a page, and what a reader sees of it, for the browser tests.

Pages are opened from disk, in Debian's Chromium, each in a context of its own without network.
The parts of a page are found by the roles and names that they promise, never by their markup.
"""

from __future__ import annotations

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
    BrowserContext,
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
COUNTRIES = "KH,LA,TH,VN,ID,MY,MM"  # those of the map of the region
FIRST = "2020-03-01"  # the day that the shipped maps begin with
READY = '#outposts[data-outposts="ready"]'
CHECKBOXES = ("Open", "Presumed open", "Disputed", "Suspended", "Closed", "Unknown")
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}

Where = Page | FrameLocator


class Reader:
    """Opens pages, each in a new context that is offline, and notes all that a page must not do.

    ``troubles`` lists requests for anything but the opened files, errors and warnings on the
    console (a violated policy is one), uncaught errors and dialogs.
    """

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self.troubles: list[str] = []
        self.files: set[str] = set()
        self.contexts: list[BrowserContext] = []

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
        **how: Any,
    ) -> Page:
        """Return the page of a file, ready or not.

        It may load the files ``also`` into frames; on a ``stopped`` page the test moves time on.
        """
        self.files |= {path.as_uri(), *(one.as_uri() for one in also)}
        context = self.chromium.new_context(**{"offline": True, "viewport": DESK, **how})
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", self._request)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        if stopped:
            page.clock.install()
        page.goto(path.as_uri() + address)
        return page

    def close(self) -> None:
        """Close all that was opened."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def _request(self, request: Request) -> None:
        if re.split("[?#]", request.url)[0] not in self.files:
            self.troubles.append(f"request: {request.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()


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
        wanted = [ROOT / "maps" / f"{name}.yaml" for name in ("southeast-asia", "hanoi")]
        assert len(list(build(shipped(), wanted, out))) == len(wanted)


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
