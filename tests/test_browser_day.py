"""The two clocks of the page: the shown day and the day of knowledge; playing; the events."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from browser import (
    COUNTRIES,
    FIRST,
    KNOWN,
    Reader,
    answers,
    card,
    chooser,
    counts,
    go_to,
    in_words,
    label,
    listed,
    sentence,
    shipped,
    slider,
    summary,
    the_map,
    venue,
)
from playwright.sync_api import Page, expect

from outposts import dates

SPAN = ("2002-01-01", KNOWN)
HOUR = 3_600_000  # milliseconds


def at(page: Page, day: str) -> None:
    """Expect that the page shows a day."""
    expect(slider(page)).to_have_attribute("aria-valuetext", in_words(day))


# The shown day


def test_page_begins_with_the_day_of_its_map(region: Page) -> None:
    at(region, FIRST)


def test_slider_moved_to_march_2020_says_what_was_open_disputed_and_closed(
    reader: Reader, maps: Path
) -> None:
    page = reader.open(maps / "southeast-asia.html", "#date=2018-12-01")
    slider(page).focus()
    for key in ("PageUp", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(slider(page)).to_have_attribute("aria-valuetext", "1 March 2020")
    expect(summary(page)).to_have_text(sentence(counts("2020-03-01"), "2020-03-01"))
    assert sorted(listed(page)) == answers("2020-03-01")


STEPS = {
    "ArrowRight": "2020-04-01",
    "ArrowUp": "2020-04-01",
    "ArrowLeft": "2020-02-01",
    "ArrowDown": "2020-02-01",
    "PageUp": "2021-03-01",
    "PageDown": "2019-03-01",
    "Home": SPAN[0],
    "End": SPAN[1],
}


def test_keys_step_a_month_a_year_or_the_span(hanoi: Page) -> None:
    for key, day in STEPS.items():
        go_to(hanoi, "Go to date", FIRST)
        slider(hanoi).press(key)
        at(hanoi, day)


def test_keys_stop_at_the_ends_of_the_span(hanoi: Page) -> None:
    slider(hanoi).focus()
    hanoi.keyboard.press("End")
    hanoi.keyboard.press("PageUp")
    at(hanoi, SPAN[1])
    hanoi.keyboard.press("Home")
    hanoi.keyboard.press("ArrowLeft")
    at(hanoi, SPAN[0])


def test_month_after_the_31st_ends_on_its_last_day(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html", "#date=2020-01-31")
    slider(page).press("ArrowRight")
    at(page, "2020-02-29")


def test_pointer_moves_the_day(hanoi: Page) -> None:
    box = slider(hanoi).bounding_box()
    assert box is not None
    slider(hanoi).click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    middle = (dates.day(SPAN[0]) + dates.day(SPAN[1])) / 2
    value = slider(hanoi).input_value()
    assert float(value) == pytest.approx(middle, abs=60)
    at(hanoi, dates.iso(int(value)))


def test_any_day_agrees_with_the_registry(region: Page) -> None:
    days = [dates.iso(d) for d in random.Random(1).sample(range(*map(dates.day, SPAN)), 24)]
    for day in (*days, *SPAN, "2019-12-22", "2020-02-07", "2020-06-02"):
        go_to(region, "Go to date", day)
        expect(summary(region)).to_have_text(sentence(counts(day), day))
        assert sorted(listed(region)) == answers(day), day


def test_typed_day_is_gone_to(hanoi: Page) -> None:
    go_to(hanoi, "Go to date", "2017-04-23")
    at(hanoi, "2017-04-23")


def test_typed_day_outside_the_span_is_set_back(hanoi: Page) -> None:
    go_to(hanoi, "Go to date", "1999-01-01")
    at(hanoi, FIRST)
    expect(label(hanoi, "Go to date")).to_have_value(FIRST)


def test_date_field_follows_the_slider(hanoi: Page) -> None:
    slider(hanoi).press("ArrowRight")
    expect(label(hanoi, "Go to date")).to_have_value("2020-04-01")


# The day of knowledge


def test_page_begins_with_what_its_build_knew(hanoi: Page) -> None:
    expect(label(hanoi, "As known on")).to_have_value(KNOWN)


def test_answers_are_those_of_the_known_day(region: Page) -> None:
    for known in ("2003-10-13", "2016-12-31", "2020-03-05", "2020-06-02"):
        go_to(region, "As known on", known)
        for day in ("2012-06-15", "2019-12-22", FIRST, "2020-06-02"):
            go_to(region, "Go to date", day)
            told = f"{sentence(counts(day, known), day)}, as known on {in_words(known)}"
            expect(summary(region)).to_have_text(told)
            assert sorted(listed(region)) == answers(day, known), (day, known)


def test_what_was_learned_later_is_neither_for_nor_against(reader: Reader, maps: Path) -> None:
    known = "2020-06-02"
    page = reader.open(maps / "southeast-asia.html", f"#venue=th-bangkok-okryu&known={known}")
    shown = card(page, "Pyongyang Okryu")
    answer = shipped()["th-bangkok-okryu"].status(FIRST, known)
    expect(shown).to_contain_text(answer.explanation)
    claims = {claim.id: claim for claim in shipped()["th-bangkok-okryu"].claims}
    later = [claim for claim in claims.values() if claim.known > dates.day(known)]
    assert later
    for claim in later:
        expect(shown.get_by_text(str(claim.quote)).filter(visible=True)).to_have_count(0)
    for id in (*answer.for_, *answer.against):
        expect(shown.get_by_text(str(claims[id].quote)).first).to_be_visible()


def test_what_was_learned_later_is_marked_so(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "#venue=th-bangkok-okryu&known=2020-06-02")
    shown = card(page, "Pyongyang Okryu")
    shown.get_by_text(re.compile(r"claims? learned after 2 June 2020")).click()
    closing = shown.get_by_role("listitem").filter(has_text="koreaworldtimes")
    closing = closing.or_(shown.get_by_role("listitem").filter(has_text="11日で閉店"))
    expect(closing.get_by_text(re.compile("^learned "))).to_be_visible()


def test_before_anything_was_known_nothing_is(region: Page) -> None:
    go_to(region, "As known on", "1990-01-01")
    everything = len(answers(FIRST))
    expect(summary(region)).to_contain_text(f"{everything} unknown on")


# Playing


def start(reader: Reader, maps: Path, address: str = "", **how: str) -> Page:
    """Return the map of Hanoi with a clock that the test moves."""
    return reader.open(maps / "hanoi.html", address, stopped=True, **how)


def play(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def expect_still(page: Page) -> None:
    """Expect that the day moves no more, however long one waits."""
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    day = slider(page).get_attribute("aria-valuetext")
    page.clock.run_for(20_000)
    expect(slider(page)).to_have_attribute("aria-valuetext", str(day))


def test_nothing_plays_by_itself(reader: Reader, maps: Path) -> None:
    page = start(reader, maps)
    page.clock.fast_forward(HOUR)
    at(page, FIRST)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_play_moves_the_day_on(reader: Reader, maps: Path) -> None:
    page = start(reader, maps)
    play(page)
    page.clock.run_for(5_000)
    assert int(slider(page).input_value()) > dates.day("2020-06-01")


def test_summary_is_silent_while_playing_and_speaks_when_paused(reader: Reader, maps: Path) -> None:
    page = start(reader, maps)
    play(page)
    expect(summary(page)).to_have_attribute("aria-live", "off")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(summary(page)).not_to_have_attribute("aria-live", "off")


def test_pause_stops(reader: Reader, maps: Path) -> None:
    page = start(reader, maps)
    play(page)
    page.clock.run_for(1_000)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect_still(page)


@pytest.mark.parametrize("touch", ["click on the map", "key", "wheel", "choice"])
def test_any_touch_stops_playing(reader: Reader, maps: Path, touch: str) -> None:
    page = start(reader, maps)
    play(page)
    page.clock.run_for(1_000)
    if touch == "click on the map":
        the_map(page).click(position={"x": 600, "y": 30})
    elif touch == "key":
        page.keyboard.press("Escape")
    elif touch == "wheel":
        the_map(page).hover(position={"x": 600, "y": 30})
        page.mouse.wheel(0, 40)
    else:
        venue(page, "Koryo Restaurant").click()
    expect_still(page)


def test_playing_stops_at_the_end_of_the_span(reader: Reader, maps: Path) -> None:
    page = start(reader, maps, "#date=2026-10-15")
    play(page)
    page.clock.run_for(60_000)
    at(page, SPAN[1])
    expect_still(page)


def test_playing_from_the_end_begins_anew(reader: Reader, maps: Path) -> None:
    page = start(reader, maps, "#date=latest")
    play(page)
    page.clock.run_for(2_000)
    assert int(slider(page).input_value()) < dates.day("2004-01-01")


def test_reduced_motion_turns_play_off(reader: Reader, maps: Path) -> None:
    page = start(reader, maps, reduced_motion="reduce")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()


def test_fast_plays_faster_than_slow(reader: Reader, maps: Path) -> None:
    page = start(reader, maps)
    went: list[int] = []
    for speed in ("Slow", "Fast"):
        chooser(page, "Speed").select_option(speed)
        before = int(slider(page).input_value())
        play(page)
        page.clock.run_for(5_000)
        page.get_by_role("button", name="Pause", exact=True).click()
        went.append(int(slider(page).input_value()) - before)
    assert went[1] > 2 * went[0]


# The events


def test_every_event_is_listed_with_its_day(region: Page) -> None:
    region.get_by_text("Events", exact=True).click()
    items = region.get_by_role("list", name="Events", exact=True).get_by_role("listitem")
    seen = [re.sub(r"\s+", " ", text) for text in items.all_inner_texts()]
    assert len(seen) == len(shipped().events)
    for event in shipped().events:
        assert any(event.on.words in text and event.label in text for text in seen), event.id


def test_event_shows_its_day(region: Page) -> None:
    region.get_by_text("Events", exact=True).click()
    events = region.get_by_role("list", name="Events", exact=True)
    events.get_by_role("button", name="22 December 2019", exact=True).first.click()
    at(region, "2019-12-22")


def test_escape_closes_the_events(hanoi: Page) -> None:
    opener = hanoi.get_by_text("Events", exact=True)
    opener.click()
    expect(hanoi.get_by_role("list", name="Events", exact=True)).to_be_visible()
    hanoi.keyboard.press("Escape")
    expect(hanoi.get_by_role("list", name="Events", exact=True)).to_be_hidden()
    expect(opener).to_be_focused()


def test_region_of_the_tests_is_that_of_its_map() -> None:
    assert {v.country for v in shipped().values()} >= set(COUNTRIES.split(","))
