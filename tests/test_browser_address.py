"""The state of the page in its address: fragment and query, read, written and forgiving."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import (
    CHECKBOXES,
    FIRST,
    KNOWN,
    Reader,
    answers,
    card,
    checkbox,
    chooser,
    counts,
    go_to,
    label,
    listed,
    search,
    sentence,
    show_only,
    slider,
    summary,
    venue,
)
from playwright.sync_api import Page, expect

STATE = (
    "date=2019-06-01&status=open,presumed-open,disputed,closed&country=TH&kind=restaurant"
    "&year=2019&q=pyongyang&venue=th-bangkok-okryu&known=2020-06-02&z=6.5&c=13.5,101"
)
NOTICE = "Left out of the address"
WRITTEN = re.compile("#date=")


def expect_state(page: Page) -> None:
    """Expect that the page shows `STATE`."""
    expect(slider(page)).to_have_attribute("aria-valuetext", "1 June 2019")
    for name in CHECKBOXES:
        checked = name not in ("Suspended", "Unknown")
        expect(checkbox(page, name)).to_be_checked(checked=checked)
    expect(chooser(page, "Country").get_by_role("option", selected=True)).to_have_text("Thailand")
    expect(chooser(page, "Kind").get_by_role("option", selected=True)).to_have_text("Restaurant")
    expect(chooser(page, "Year")).to_have_value("2019")
    expect(search(page)).to_have_value("pyongyang")
    expect(card(page, "Pyongyang Okryu")).to_be_visible()
    expect(label(page, "As known on")).to_have_value("2020-06-02")
    expect(page.get_by_text(NOTICE)).to_be_hidden()


def keys(page: Page) -> dict[str, str]:
    """Return what the fragment says, key by key."""
    fragment = page.url.partition("#")[2]
    found: dict[str, str] = page.evaluate(
        "text => Object.fromEntries(new URLSearchParams(text))", fragment
    )
    return found


@pytest.mark.parametrize("sign", ["#", "?"])
def test_state_is_read_from_fragment_and_query(reader: Reader, maps: Path, sign: str) -> None:
    expect_state(reader.open(maps / "southeast-asia.html", sign + STATE))


def test_every_control_writes_the_fragment(region: Page) -> None:
    go_to(region, "Go to date", "2019-06-01")
    show_only(region, "Open", "Presumed open", "Disputed", "Closed")
    chooser(region, "Country").select_option(label="Thailand")
    chooser(region, "Kind").select_option(label="Restaurant")
    chooser(region, "Year").select_option("2019")
    search(region).fill("pyongyang")
    go_to(region, "As known on", "2020-06-02")
    venue(region, "Pyongyang Okryu").click()
    region.get_by_role("button", name="Zoom in", exact=True).click()
    expect(region).to_have_url(re.compile("&z=.*&c="))
    written = keys(region)
    assert float(written.pop("z")) > 0
    assert len(written.pop("c").split(",")) == 2
    expected = dict(part.split("=") for part in STATE.split("&"))
    assert written == {k: v for k, v in expected.items() if k not in "zc"}


def test_written_address_shows_the_same(reader: Reader, maps: Path, region: Page) -> None:
    go_to(region, "Go to date", "2012-06-15")
    show_only(region, "Open", "Presumed open")
    search(region).fill("평양 & 100% +#=")
    search(region).fill("pyongyang")
    region.get_by_role("button", name="Zoom in", exact=True).click()
    expect(region).to_have_url(re.compile("q=pyongyang.*&z="))
    other = reader.open(maps / "southeast-asia.html", "#" + region.url.partition("#")[2])
    assert listed(other) == listed(region) != []
    expect(summary(other)).to_have_text(str(summary(region).text_content()))


def test_any_words_survive_the_address(reader: Reader, maps: Path, hanoi: Page) -> None:
    words = "고려 & 100% +#=?/ “q” \\"
    search(hanoi).fill(words)
    expect(hanoi).to_have_url(re.compile("q="))
    other = reader.open(maps / "hanoi.html", "#" + hanoi.url.partition("#")[2])
    expect(search(other)).to_have_value(words)


def test_view_is_that_of_the_address(reader: Reader, maps: Path) -> None:
    centres = []
    for address in ("#z=7&c=16.8,96.2", "?z=7&c=16.8,96.2", "#z=7&c=13,105"):
        page = reader.open(maps / "southeast-asia.html", address)
        page.get_by_role("button", name="Zoom out", exact=True).click()
        expect(page).to_have_url(re.compile("#.*z=6"))
        centres.append(re.findall("c=([^&#]+)", page.url)[-1])
    assert centres == ["16.8,96.2", "16.8,96.2", "13,105"]


def test_fragment_wins_over_the_query(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "?date=2012-06-15&country=TH#country=VN")
    expect(summary(page)).to_have_text(sentence(counts("2012-06-15", country="VN"), "2012-06-15"))


def test_query_can_be_undone(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "?country=TH&q=okryu&year=2019")
    page.get_by_role("button", name="Clear filters", exact=True).click()
    assert sorted(listed(page)) == answers(FIRST)
    expect(page).to_have_url(re.compile("country=&"))
    again = reader.open(maps / "southeast-asia.html", page.url.partition("html")[2])
    assert sorted(listed(again)) == answers(FIRST)
    expect(again.get_by_text(NOTICE)).to_be_hidden()


def test_earliest_and_latest_are_dates(hanoi: Page) -> None:
    for word, day in (("earliest", "2002-01-01"), ("latest", KNOWN)):
        hanoi.evaluate("word => { location.hash = `date=${word}`; }", word)
        expect(label(hanoi, "Go to date")).to_have_value(day)
        expect(hanoi.get_by_text(NOTICE)).to_be_hidden()


NONSENSE = (
    "foo=bar",
    "date=soon",
    "date=2020-02-30",
    "date=2020-3-1",
    "status=bogus",
    "status=open,bogus",
    "country=XX",
    "kind=circus",
    "year=1066",
    "year=twenty",
    "venue=nowhere",
    "known=never",
    "z=abc",
    "z=99",
    "c=north",
    "c=91,0",
    "c=1,2,3",
    "lang=xx",
    "__proto__=1",
    "constructor=1",
)


def test_nonsense_is_ignored_with_a_notice(hanoi: Page) -> None:
    everything = listed(hanoi)
    for nonsense in NONSENSE:
        hanoi.evaluate("text => { location.hash = text; }", nonsense)
        expect(hanoi.get_by_text(NOTICE)).to_contain_text(nonsense)
        expect(slider(hanoi)).to_have_attribute("aria-valuetext", "1 March 2020")
        assert listed(hanoi) == everything, nonsense


def test_nonsense_spoils_nothing_else(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "?foo=1#country=TH&year=x&%E0%A4%A=%&&=&date=")
    expect(page.get_by_text(NOTICE)).to_be_visible()
    assert sorted(listed(page)) == answers(FIRST, country="TH")


def test_day_outside_the_span_is_its_nearest_end(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", "#date=1950-01-01")
    expect(slider(page)).to_have_attribute("aria-valuetext", "1 January 2002")


def test_good_address_gives_no_notice(hanoi: Page) -> None:
    expect(hanoi.get_by_text(NOTICE)).to_be_hidden()


def test_changed_fragment_is_followed(hanoi: Page) -> None:
    hanoi.evaluate("location.hash = '#date=2012-06-15&status=none'")
    expect(slider(hanoi)).to_have_attribute("aria-valuetext", "15 June 2012")
    assert listed(hanoi) == []


def test_followed_link_is_not_lost_to_a_late_write(hanoi: Page) -> None:
    slider(hanoi).focus()
    slider(hanoi).evaluate(
        """slider => {
          const press = (key) => slider.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
          press("ArrowRight");
          press("ArrowRight");
          setTimeout(() => { location.hash = "#date=2012-06-15"; }, 40);
          for (const start = performance.now(); performance.now() - start < 200;);
        }"""
    )
    expect(slider(hanoi)).to_have_attribute("aria-valuetext", "15 June 2012")


def test_controls_leave_no_trail_behind_the_back_button(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", fresh=True)
    slider(page).press("ArrowRight")
    search(page).fill("okryu")
    venue(page, "Pyongyang Okryu").click()
    expect(page).to_have_url(re.compile("venue="))
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_link_inside_the_page_keeps_the_state(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", "#date=2012-06-15")
    page.evaluate("location.hash = '#outposts-note-1'")
    slider(page).press("ArrowRight")
    expect(page).to_have_url(WRITTEN)
    assert keys(page)["date"] == "2012-07-15"


def test_dragging_is_written_once_it_rests(hanoi: Page) -> None:
    box = slider(hanoi).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    hanoi.mouse.move(box["x"] + box["width"] / 2, y)
    hanoi.mouse.down()
    for step in range(10):
        hanoi.mouse.move(box["x"] + box["width"] / 2 + 10 * step, y)
    hanoi.mouse.up()
    day = label(hanoi, "Go to date").input_value()
    expect(hanoi).to_have_url(re.compile(f"#date={day}"))


def test_much_stepping_is_written_in_the_end(hanoi: Page) -> None:
    slider(hanoi).press("Home")
    for _ in range(120):
        hanoi.keyboard.press("ArrowRight")
    expect(slider(hanoi)).to_have_attribute("aria-valuetext", "1 January 2012")
    expect(hanoi).to_have_url(re.compile("#date=2012-01-01"))


def test_change_right_after_a_link_inside_the_page_is_written(reader: Reader, maps: Path) -> None:
    """In one turn, before the page has heard of the new hash."""
    page = reader.open(maps / "hanoi.html", "#date=2012-06-15")
    slider(page).evaluate(
        """slider => {
          location.hash = "#outposts-note-1";
          slider.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
        }"""
    )
    expect(page).to_have_url(WRITTEN)
    assert keys(page)["date"] == "2012-07-15"
