"""Screenshots of built maps, for a person to look at: desktop, phone, dark and print."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
READY = '[data-outposts="ready"]'


def main(names: list[str]) -> None:
    pages = sorted((ROOT / "maps" / "build").glob("*.html"))
    if not pages:
        raise SystemExit("there is no built map; run scripts/build first")
    shots = ROOT / "shots"
    shots.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for page in pages:
            if not names or page.stem in names:
                take(browser, page, shots)
        browser.close()


def take(browser: Browser, path: Path, shots: Path) -> None:
    desktop, phone = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
    first = "#venue=th-bangkok-okryu" if path.stem in ("southeast-asia", "bangkok") else ""
    states = [
        ("desktop", desktop, "light", first),
        ("dark", desktop, "dark", first),
        ("phone", phone, "light", ""),
    ]
    if path.stem == "southeast-asia":
        states += [
            ("sheet", phone, "light", first),
            ("compare", desktop, "light", "#date=2020-03-01&compare=2018-03-01"),
            ("known", desktop, "light", "#date=2020-03-01&known=2020-02-01"),
            ("korean", desktop, "light", f"{first}&lang=ko"),
            ("khmer-phone", phone, "dark", "#lang=km"),
        ]
    for name, view, scheme, state in states:
        context = browser.new_context(
            viewport=view, color_scheme=scheme, offline=True, device_scale_factor=1
        )
        page = context.new_page()
        page.goto(path.as_uri() + state)
        page.wait_for_selector(READY, state="attached")
        page.wait_for_timeout(600)
        page.screenshot(path=shots / f"{path.stem}-{name}.png")
        if name == "phone":
            page.screenshot(path=shots / f"{path.stem}-phone-whole.png", full_page=True)
        if name == "desktop":
            page.emulate_media(media="print")
            page.pdf(path=shots / f"{path.stem}-print.pdf", format="A4", print_background=True)
        context.close()
    print(f"shots/{path.stem}-*.png")


if __name__ == "__main__":
    main(sys.argv[1:])
