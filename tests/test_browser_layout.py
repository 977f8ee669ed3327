"""How the page stands on a screen: phone and desk, light and dark, by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import (
    CHECKBOXES,
    PHONE,
    Reader,
    card,
    checkbox,
    listed,
    search,
    slider,
    summary,
    the_map,
    venue,
    venues,
)
from playwright.sync_api import FloatRect, Locator, Page, expect

CONTROLS = "a[href], button, input, select, summary, [tabindex]:not([tabindex='-1'])"

# How far a control reaches from its middle, in CSS pixels, until the pointer meets something else:
# what a finger has to hit, also where it reaches beyond its box. Links inside a text, footnotes'
# marks included, are left out, as WCAG 2.2 does (2.5.8).
TARGETS = """
controls => {
  const meets = (control, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return Boolean(hit) && (control.contains(hit) || hit.closest("label")?.control === control);
  };
  return controls.flatMap(control => {
    if (!control.checkVisibility({visibilityProperty: true}) || control.disabled) return [];
    const inText = control.localName === "a"
      && (control.closest("sup") || control.parentNode.textContent.trim() !== control.textContent.trim());
    if (inText) return [];
    control.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
    const box = control.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return [];
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const reach = (dx, dy) => {
      let far = 0;
      while (far < 46 && meets(control, x + dx * (far + 2), y + dy * (far + 2))) far += 2;
      return far;
    };
    const name = control.ariaLabel || control.labels?.[0]?.textContent || control.textContent;
    return [{name: `${control.localName} ${name.trim()}`.slice(0, 60),
      width: reach(-1, 0) + reach(1, 0) + 2, height: reach(0, -1) + reach(0, 1) + 2}];
  });
}
"""

# Text that stands too faintly on what is behind it: its contrast by WCAG 2.2, against the
# nearest opaque background and all that lies on it.
FAINT = """
() => {
  const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const read = color => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = "#0000";
    paint.fillStyle = color;
    paint.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = color => {
    const [r, g, b] = color.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = element => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      const style = getComputedStyle(node);
      const painted = style.backgroundImage.match(/(?:rgba?|color|oklch|lab)\\([^()]*\\)/g) || [];
      // Of a gradient, the last color: ours have a narrow stripe first, and no text on it.
      const colors = [...painted.slice(-1), style.backgroundColor].map(read);
      layers.push(colors.filter(color => color[3] > 0));
      if (colors.at(-1)[3] === 1) break;
    }
    return layers.flat().reverse().reduce((ground, color) => over(color, ground), read("Canvas"));
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  let seen = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode, element = text.parentElement;
    if (!text.data.trim() || element.closest("script, style, noscript, option")) continue;
    if (!element.checkVisibility({visibilityProperty: true}) || element.closest(":disabled")) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ground = groundOf(element);
    const ratio = contrast(over(read(style.color), ground), ground);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${text.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return {seen, faint};
}
"""


def box_of(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box is not None
    return box


def scrolls_sideways(page: Page) -> bool:
    found: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return found


@pytest.fixture
def phone(reader: Reader, maps: Path) -> Page:
    """The map of the region on a phone, by touch."""
    return reader.open(maps / "southeast-asia.html", viewport=PHONE, has_touch=True, is_mobile=True)


# Phone


def test_phone_scrolls_in_one_direction_only(phone: Page) -> None:
    assert not scrolls_sideways(phone)
    venue(phone, "Pyongyang Okryu").click()
    expect(card(phone, "Pyongyang Okryu")).to_be_visible()
    assert not scrolls_sideways(phone)
    phone.get_by_text("Events", exact=True).click()
    assert not scrolls_sideways(phone)


def test_phone_shows_the_map_first_then_time_then_the_list(phone: Page) -> None:
    tops = [box_of(part)["y"] for part in (the_map(phone), slider(phone), venues(phone))]
    assert tops == sorted(tops)
    expect(the_map(phone)).to_be_in_viewport(ratio=0.9)
    expect(slider(phone)).to_be_in_viewport()


def test_touch_targets_are_at_least_24_pixels(phone: Page) -> None:
    venue(phone, "Pyongyang Okryu").click()
    found = phone.locator(CONTROLS).evaluate_all(TARGETS)
    assert len(found) > 60
    assert [one for one in found if min(one["width"], one["height"]) < 24] == []


def test_most_touch_targets_are_at_least_44_pixels_high(phone: Page) -> None:
    found = phone.locator(CONTROLS).evaluate_all(TARGETS)
    assert sum(one["height"] >= 44 for one in found) > len(found) / 2


def test_tap_on_the_list_brings_the_card_into_view(phone: Page) -> None:
    venue(phone, "Pyongyang Okryu").tap()
    heading = phone.get_by_role("heading", name="Pyongyang Okryu", exact=True)
    expect(heading).to_be_in_viewport()


def test_phone_may_be_zoomed(phone: Page) -> None:
    content = str(phone.locator("meta[name=viewport]").get_attribute("content"))
    assert "user-scalable" not in content
    assert "maximum-scale" not in content


def test_page_zoomed_to_400_percent_scrolls_in_one_direction_only(
    reader: Reader, maps: Path
) -> None:
    page = reader.open(maps / "hanoi.html", viewport={"width": 320, "height": 256})
    venue(page, "Koryo Restaurant").click()
    assert not scrolls_sideways(page)


# Desk


def test_desk_shows_list_map_and_time_at_once(region: Page) -> None:
    expect(the_map(region)).to_be_in_viewport(ratio=0.9)
    expect(slider(region)).to_be_in_viewport(ratio=0.9)
    expect(venues(region).get_by_role("listitem").first).to_be_in_viewport()
    venue(region, "Pyongyang Okryu").click()
    expect(card(region, "Pyongyang Okryu")).to_be_in_viewport()
    expect(slider(region)).to_be_in_viewport(ratio=0.9)


def test_nothing_shifts_while_the_page_loads(reader: Reader, maps: Path) -> None:
    for size in ({"width": 1280, "height": 800}, PHONE):
        page = reader.open(maps / "southeast-asia.html", viewport=size)
        shift = page.evaluate(
            """() => new Promise(done => {
              let sum = 0;
              new PerformanceObserver(list => {
                for (const entry of list.getEntries()) sum += entry.value;
              }).observe({type: "layout-shift", buffered: true});
              requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)));
            })"""
        )
        assert shift < 0.01, size


# Light and dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out(reader: Reader, maps: Path, scheme: Any) -> None:
    page = reader.open(
        maps / "southeast-asia.html", "#venue=th-bangkok-okryu&foo=1", color_scheme=scheme
    )
    checkbox(page, "Suspended").uncheck()
    page.get_by_text("Events", exact=True).click()
    found = page.evaluate(FAINT)
    assert found["seen"] > 300
    assert found["faint"] == []


def test_dark_is_dark(reader: Reader, maps: Path) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        page = reader.open(maps / "hanoi.html", color_scheme=scheme)
        shades[scheme] = page.evaluate(
            """() => [...getComputedStyle(document.body).backgroundColor.matchAll(/[0-9.]+/g)]
              .slice(0, 3).reduce((sum, [part]) => sum + Number(part), 0)"""
        )
    assert shades["dark"] < 150 < 600 < shades["light"]


def test_scheme_may_change_while_the_page_is_open(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", fresh=True)
    light = the_map(page).screenshot()
    page.emulate_media(color_scheme="dark")
    expect(summary(page)).to_be_visible()
    assert the_map(page).screenshot() != light


# Keyboard

STOP = """
() => {
  const stop = document.activeElement;
  if (!stop || stop === document.body) return null;
  const box = stop.getBoundingClientRect();
  const name = stop.ariaLabel || stop.labels?.[0]?.textContent || stop.textContent || "";
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: name.trim().slice(0, 60), kind: stop.type || stop.localName, look: stop.className,
    inCard: Boolean(stop.closest("section[aria-label='Koryo Restaurant']")),
    x: box.x, y: box.y, width: box.width, height: box.height,
    covered: !(hit && (stop.contains(hit) || hit.contains(stop) || hit.closest("label")?.control === stop)),
  };
}
"""


def walk(page: Page, most: int = 150) -> list[dict[str, Any]]:
    """Press Tab until the keyboard leaves the page, and return the stops."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        stops.append(stop)
    return stops


@pytest.fixture
def carded(reader: Reader, maps: Path) -> Page:
    """The map of Hanoi with a venue's card, as it opens."""
    return reader.open(maps / "hanoi.html", "#venue=vn-hanoi-koryo")


def test_tab_reaches_every_part_and_leaves_again(carded: Page) -> None:
    stops = walk(carded)
    assert len(stops) < 150
    names = [stop["name"] for stop in stops]
    for part in (
        *CHECKBOXES,
        *("Date", "Play", "Go to date", "As known on", "Map", "Zoom in", "Zoom out"),
        *("Search venues", "Country", "Kind", "Year", "Events", "CSV", "GeoJSON"),
        *(name for name, _ in listed(carded)),
    ):
        assert part in names, part
    assert {stop["name"] for stop in stops if stop["inCard"]} >= {"Close", "Copy link"}
    assert any(stop["inCard"] and stop["kind"] == "a" for stop in stops)
    assert names[0] == "Skip to the table of venues"


def test_every_stop_of_the_keyboard_is_seen(carded: Page) -> None:
    unseen, looks = [], set()
    for _ in range(45):  # beyond are the table's links, which look alike
        carded.keyboard.press("Tab")
        stop = carded.evaluate(STOP)
        if (stop["kind"], stop["look"]) in looks:
            continue
        looks.add((stop["kind"], stop["look"]))
        clip = around(stop, carded)
        with_focus = carded.screenshot(clip=clip)
        carded.evaluate("window.stop_ = document.activeElement; stop_.blur()")
        without = carded.screenshot(clip=clip)
        carded.evaluate("stop_.focus({preventScroll: true})")
        if with_focus == without:
            unseen.append(f"{stop['kind']} {stop['name']}")
    assert unseen == []
    assert len(looks) > 12


def around(stop: dict[str, Any], page: Page) -> FloatRect:
    """Return the part of the window around a stop."""
    size = page.viewport_size
    assert size is not None
    left, top = max(0, stop["x"] - 60), max(0, stop["y"] - 24)
    right = min(size["width"], stop["x"] + stop["width"] + 60)
    bottom = min(size["height"], stop["y"] + stop["height"] + 24)
    return {"x": left, "y": top, "width": max(1, right - left), "height": max(1, bottom - top)}


def test_no_stop_of_the_keyboard_is_covered(carded: Page) -> None:
    covered = [f"{stop['kind']} {stop['name']}" for stop in walk(carded) if stop["covered"]]
    assert covered == []


def test_skip_link_leads_to_the_table(hanoi: Page) -> None:
    hanoi.keyboard.press("Tab")
    skip = hanoi.get_by_role("link", name="Skip to the table of venues", exact=True)
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    hanoi.keyboard.press("Enter")
    expect(hanoi.get_by_role("table")).to_be_in_viewport()


def test_whole_page_works_by_keyboard_alone(hanoi: Page) -> None:
    def tab_to(name: str) -> None:
        for _ in range(80):
            hanoi.keyboard.press("Tab")
            stop = hanoi.evaluate(STOP)
            if stop and stop["name"] == name:
                return
        raise AssertionError(f"Tab does not reach {name}")

    tab_to("Closed")
    hanoi.keyboard.press("Space")
    expect(checkbox(hanoi, "Closed")).not_to_be_checked()
    tab_to("Search venues")
    hanoi.keyboard.type("koryo")
    expect(search(hanoi)).to_have_value("koryo")
    tab_to("Koryo Restaurant")
    hanoi.keyboard.press("Enter")
    expect(card(hanoi, "Koryo Restaurant")).to_be_visible()
    tab_to("Close")
    hanoi.keyboard.press("Enter")
    expect(card(hanoi, "Koryo Restaurant")).to_be_hidden()
    tab_to("Date")
    hanoi.keyboard.press("ArrowRight")
    expect(summary(hanoi)).to_contain_text("on 1 April 2020")
