"""The page inside another page: heights, states both ways, a sandbox, a small frame."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest
from browser import (
    CHECKBOXES,
    READY,
    Reader,
    card,
    checkbox,
    label,
    listed,
    search,
    slider,
    summary,
    the_map,
    venue,
)
from playwright.sync_api import FrameLocator, Page, expect

# What the embedding scripts of others do with a message; each notes the height that it would set.
LISTENERS = """
  window.heard = [];
  window.heights = {};
  const frame = document.querySelector("iframe");
  addEventListener("message", ({data, source}) => {
    if (source !== frame.contentWindow) return;
    heard.push(data);
    if (data["datawrapper-height"] !== undefined) {
      for (const id in data["datawrapper-height"]) heights.datawrapper = data["datawrapper-height"][id];
    }
    let message = data;
    if (typeof data === "string" && data.startsWith("{")) message = JSON.parse(data);
    if (message.sender === "Flourish" && message.context === "iframe.resize" && message.method === "resize") {
      heights.flourish = Number.parseInt(message.height, 10);
    }
    if (data.sentinel === "amp" && data.type === "embed-size") heights.amp = Number(data.height);
    if (typeof data === "string") {
      const [, id, kind, value] = /^pym(?:xPYMx)(\\S+)xPYMx(\\S+)xPYMx(.*)$/.exec(data) || [];
      if (id === "story" && kind === "height") heights.pym = Number.parseInt(value, 10);
    }
  });
"""
PYM = "?initialWidth=700&childId=story&parentTitle=A%20story&parentUrl=https%3A%2F%2Fexample.org%2F"


class Story:
    """A page of another site with our page in a frame."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame: FrameLocator = page.frame_locator("iframe")
        expect(self.frame.locator(READY)).to_be_attached()

    def send(self, state: Any, type: str = "outposts:set") -> None:
        """Post a message to the frame."""
        self.page.evaluate("message => frames[0].postMessage(message, '*')", {"type": type, "state": state})  # fmt: skip

    def states(self) -> list[dict[str, str]]:
        """Return the states that the frame has posted."""
        found: list[dict[str, str]] = self.page.evaluate(
            "heard.filter(data => data.type === 'outposts:state').map(data => data.state)"
        )
        return found

    def wait(self, condition: str) -> None:
        """Wait until a condition on `heard` and `heights` holds."""
        self.page.wait_for_function(condition)


@pytest.fixture
def tell(reader: Reader, maps: Path, tmp_path: Path) -> Any:
    """Opens a story with the map of Hanoi in a frame of a size."""

    def open(
        width: int = 700, height: int = 700, address: str = "", sandbox: str | None = None
    ) -> Story:
        child, story = maps / "hanoi.html", tmp_path / "story.html"
        source = f'src="{child.as_uri()}{escape(address)}"'
        if sandbox is not None:
            whole = escape(child.read_text(encoding="utf-8"))
            source = f'sandbox="{sandbox}" srcdoc="{whole}"'
        story.write_text(
            f'<!doctype html><meta charset="utf-8"><title>A story</title><p>Before</p>'
            f'<iframe title="Map" width="{width}" height="{height}" {source}></iframe>'
            f"<p>After</p><script>{LISTENERS}</script>",
            encoding="utf-8",
        )
        return Story(reader.open_bare(story, also=[child]))

    return open


# Height


def test_height_is_told_the_way_embedding_scripts_expect(tell: Any) -> None:
    story = tell(address=PYM)
    story.wait("heights.datawrapper")
    heights = story.page.evaluate("heights")
    assert set(heights) == {"datawrapper", "flourish", "amp", "pym"}
    assert len(set(heights.values())) == 1
    assert 300 < heights["datawrapper"] < 3000


def test_pyms_own_keys_are_no_mistake_of_the_reader(tell: Any) -> None:
    story = tell(address=PYM)
    expect(story.frame.get_by_text("Left out of the address")).to_be_hidden()


def test_frame_that_took_its_height_asks_for_no_other(tell: Any) -> None:
    story = tell()
    story.wait("heights.datawrapper")
    story.page.evaluate("document.querySelector('iframe').height = heights.datawrapper")
    slider(story.frame).press("ArrowRight")
    story.wait("heard.some(data => data.state && data.state.date === '2020-04-01')")
    assert story.page.evaluate("heard.filter(data => data['datawrapper-height']).length") == 1


# State


def test_state_is_told_when_it_changes(tell: Any) -> None:
    story = tell()
    slider(story.frame).press("ArrowRight")
    checkbox(story.frame, "Closed").uncheck()
    story.wait("heard.some(data => data.state && data.state.status)")
    state = story.states()[-1]
    assert state["date"] == "2020-04-01"
    assert state["status"] == "open,presumed-open,disputed,suspended,unknown"


def test_state_is_taken_from_the_parent(tell: Any) -> None:
    story = tell()
    story.send({"date": "2019-06-01", "status": "open", "venue": "vn-hanoi-koryo", "q": "koryo"})
    expect(slider(story.frame)).to_have_attribute("aria-valuetext", "1 June 2019")
    expect(card(story.frame, "Koryo Restaurant")).to_be_visible()
    expect(search(story.frame)).to_have_value("koryo")
    for name in CHECKBOXES:
        expect(checkbox(story.frame, name)).to_be_checked(checked=name == "Open")


def test_scrolling_article_drives_the_day(tell: Any) -> None:
    story = tell()
    for day, words in (("2004-01-01", "1 January 2004"), ("2017-04-23", "23 April 2017")):
        story.send({"date": day})
        expect(slider(story.frame)).to_have_attribute("aria-valuetext", words)
        story.wait(f"heard.some(data => data.state && data.state.date === '{day}')")


def test_state_goes_round(tell: Any) -> None:
    story = tell()
    slider(story.frame).press("PageDown")
    checkbox(story.frame, "Unknown").uncheck()
    venue(story.frame, "Koryo Restaurant").click()
    story.wait("heard.some(data => data.state && data.state.venue)")
    told, seen = story.states()[-1], listed(story.frame)
    story.send({"date": "latest", "status": "none", "venue": ""})
    expect(card(story.frame, "Koryo Restaurant")).to_be_hidden()
    story.send(told)
    expect(card(story.frame, "Koryo Restaurant")).to_be_visible()
    assert listed(story.frame) == seen


def test_nonsense_from_the_parent_is_ignored_with_a_notice(tell: Any) -> None:
    story = tell()
    strange: list[Any] = [None, 7, "date", [], {}]
    for state in strange:
        story.send(state)
    story.send({"date": "2019-06-01"}, type="else:set")
    story.send({"foo": "bar", "date": "soon", "country": "VN"})
    expect(story.frame.get_by_text("Left out of the address")).to_contain_text("foo=bar")
    expect(slider(story.frame)).to_have_attribute("aria-valuetext", "1 March 2020")


def test_state_is_taken_from_nobody_else(tell: Any) -> None:
    story = tell()
    slider(story.frame).evaluate(
        "() => postMessage({type: 'outposts:set', state: {date: '2019-06-01'}}, '*')"
    )
    story.send({"q": "koryo"})
    expect(search(story.frame)).to_have_value("koryo")
    expect(slider(story.frame)).to_have_attribute("aria-valuetext", "1 March 2020")


def test_page_of_its_own_takes_no_messages(hanoi: Page) -> None:
    hanoi.evaluate("postMessage({type: 'outposts:set', state: {date: '2019-06-01'}}, '*')")
    hanoi.evaluate("new Promise(done => { onmessage = done; postMessage('last', '*'); })")
    expect(slider(hanoi)).to_have_attribute("aria-valuetext", "1 March 2020")


# Narrow and locked frames


def test_small_frame_works(tell: Any) -> None:
    story = tell(width=300, height=200)
    inside = story.page.frames[1]
    assert inside.evaluate("innerWidth") == 300
    assert inside.evaluate("document.documentElement.scrollWidth") <= 300
    box = the_map(story.frame).bounding_box()
    assert box is not None
    assert box["height"] >= 100
    slider(story.frame).press("ArrowRight")
    expect(summary(story.frame)).to_contain_text("on 1 April 2020")
    venue(story.frame, "Koryo Restaurant").click()
    expect(card(story.frame, "Koryo Restaurant")).to_be_in_viewport()
    card(story.frame, "Koryo Restaurant").get_by_role("button", name="Close").click()
    checkbox(story.frame, "Closed").uncheck()
    assert all(status != "closed" for _, status in listed(story.frame))


def test_locked_frame_works_without_storage_history_or_origin(tell: Any) -> None:
    story = tell(sandbox="allow-scripts")
    slider(story.frame).press("ArrowRight")
    expect(summary(story.frame)).to_contain_text("on 1 April 2020")
    label(story.frame, "As known on").fill("2019-12-31")
    expect(summary(story.frame)).to_contain_text("as known on 31 December 2019")
    venue(story.frame, "Koryo Restaurant").click()
    expect(card(story.frame, "Koryo Restaurant")).to_be_visible()
    story.send({"date": "2019-06-01"})
    expect(slider(story.frame)).to_have_attribute("aria-valuetext", "1 June 2019")


def test_link_can_be_copied_by_hand_where_the_clipboard_is_closed(
    reader: Reader, tell: Any
) -> None:
    story = tell(sandbox="allow-scripts")
    venue(story.frame, "Koryo Restaurant").click()
    story.frame.get_by_role("button", name="Copy link", exact=True).click()
    address = card(story.frame, "Koryo Restaurant").get_by_label("Copy from here")
    expect(address).to_be_visible()
    assert "venue=vn-hanoi-koryo" in address.input_value()
    assert all("Clipboard" in trouble for trouble in reader.troubles)  # Chromium's own word
    reader.forgive()


def test_wheel_over_the_map_scrolls_and_does_not_zoom(tell: Any) -> None:
    story = tell(height=600)
    the_map(story.frame).hover(position={"x": 350, "y": 60})
    story.page.mouse.wheel(0, 120)
    story.page.frames[1].wait_for_function("scrollY > 0")
    assert all("z" not in state for state in story.states())
