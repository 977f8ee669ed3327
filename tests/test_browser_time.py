"""What a reader does with time beyond one day: a range, two days compared, later knowledge; and what to take away."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from browser import (
    COUNTRIES,
    FIRST,
    KNOWN,
    PHONE,
    Reader,
    answers,
    card,
    chooser,
    go_to,
    in_words,
    label,
    listed,
    shipped,
    show_only,
    slider,
    summary,
    venue,
    venues,
)
from playwright.sync_api import Locator, Page, expect

BEFORE = "2018-03-01"
COMPARED = f"#compare={BEFORE}"
OKRYU = "#venue=th-bangkok-okryu"
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({type: "layout-shift", buffered: true});
"""
STATES = (
    "",
    OKRYU,
    COMPARED,
    "#from=2018-01-01&to=2018-12-31&status=open",
    "#known=2020-02-01&venue=th-bangkok-okryu",
)
RANGE = "A range of days"
CLIPBOARD: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


def changed(page: Page) -> Locator:
    return page.get_by_role("region", name="What changed", exact=True)


def differing(one: str, other: str) -> list[str]:
    """Return the names of the region's venues whose status is another; presumed open is open."""
    frames = [shipped().on(day, KNOWN, country=COUNTRIES) for day in (one, other)]
    before, after = (frame["status"].replace("presumed-open", "open") for frame in frames)
    return sorted(frames[0]["name"][before != after])


def names(page: Page) -> list[str]:
    return sorted(name for name, _ in listed(page))


def rows(page: Page, button: str) -> str:
    """Return the text of what a button downloads."""
    with page.expect_download() as started:
        page.get_by_role("button", name=button, exact=True).click()
    return started.value.path().read_text(encoding="utf-8")


# A range


def test_range_of_a_years_days_shows_what_the_year_shows(reader: Reader, maps: Path) -> None:
    path = maps / "southeast-asia.html"
    year = reader.open(path, "#year=2019&status=open,disputed")
    span = reader.open(path, "#from=2019-01-01&to=2019-12-31&status=open,disputed")
    assert listed(span) == listed(year)
    assert listed(span) != []


@pytest.mark.parametrize("period", [("2012-06-01", "2013-02-15"), ("2020-02-10", "2020-02-10")])
def test_range_shows_what_had_a_checked_status_on_some_day_of_it(
    reader: Reader, maps: Path, period: tuple[str, str]
) -> None:
    page = reader.open(maps / "southeast-asia.html", f"#from={period[0]}&to={period[1]}")
    show_only(page, "Open", "Disputed")
    frame = shipped().during(period, ["open", "disputed"], KNOWN, country=COUNTRIES)
    assert names(page) == sorted(frame["name"])


def test_range_is_chosen_where_years_are_and_typed(region: Page) -> None:
    expect(label(region, "From")).to_be_hidden()
    region.get_by_role("button", name=RANGE).click()
    expect(label(region, "From")).to_have_value("2019-03-01")
    expect(label(region, "To")).to_have_value(FIRST)
    go_to(region, "From", "2015-01-01")
    go_to(region, "To", "2015-12-31")
    expect(summary(region)).to_contain_text("with any status from 1 January 2015 to 31 December")
    expect(region).to_have_url(re.compile("from=2015-01-01&to=2015-12-31"))
    chooser(region, "Year").select_option(label="2016")
    expect(label(region, "From")).to_be_hidden()
    expect(region).to_have_url(re.compile("year=2016"))
    assert "from=" not in region.url


def test_reversed_range_is_the_same_range(reader: Reader, maps: Path) -> None:
    path = maps / "southeast-asia.html"
    right = reader.open(path, "#from=2016-01-01&to=2017-06-30&status=open")
    wrong = reader.open(path, "#from=2017-06-30&to=2016-01-01&status=open")
    assert listed(wrong) == listed(right)


def test_range_may_be_open_at_one_end(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "#from=2021-01-01&status=disputed")
    frame = shipped().during(("2021-01-01", KNOWN), "disputed", KNOWN, country=COUNTRIES)
    assert names(page) == sorted(frame["name"])


# Two days


@pytest.mark.parametrize("other", [BEFORE, "2012-01-01", "2021-06-01"])
def test_compared_days_show_what_changed_between_them(
    reader: Reader, maps: Path, other: str
) -> None:
    page = reader.open(maps / "southeast-asia.html", f"#compare={other}")
    assert names(page) == differing(FIRST, other)
    told = changed(page).get_by_role("listitem").get_by_role("button").all_text_contents()
    assert sorted(told) == differing(FIRST, other)


def test_compared_venue_tells_both_statuses(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", COMPARED)
    okryu = changed(page).get_by_role("listitem").filter(has_text="Pyongyang Okryu").first
    expect(okryu).to_contain_text("disputed, was open")
    expect(changed(page)).to_contain_text("From 1 March 2018 to 1 March 2020")
    expect(summary(page)).to_contain_text("of those that changed from 1 March 2018 to 1 March 2020")


def test_nothing_is_called_opened_that_was_unknown_before(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", COMPARED)
    pairs = page.evaluate(
        "() => [['unknown', 'open'], ['closed', 'open'], ['unknown', 'closed'], ['open', 'closed'],"
        " ['open', 'presumed-open'], ['open', 'disputed'], ['open', 'unknown']]"
        ".map(pair => outposts.Compare.changeOf(...pair))"
    )
    assert pairs == ["settled", "opened", "settled", "closed", "", "disputed", "lost"]


def test_comparing_is_begun_and_ended_by_keyboard(region: Page) -> None:
    button = region.get_by_role("button", name="Compare", exact=True)
    button.focus()
    region.keyboard.press("Enter")
    expect(changed(region).get_by_role("heading", name="What changed")).to_be_focused()
    expect(label(region, "Compare with")).to_have_value("2019-03-01")
    go_to(region, "Compare with", "2016-01-01")
    expect(region).to_have_url(re.compile("compare=2016-01-01"))
    changed(region).get_by_role("button", name="Stop comparing").press("Enter")
    expect(changed(region)).to_be_hidden()
    expect(button).to_be_focused()
    assert "compare=" not in region.url
    assert sorted(listed(region)) == answers(FIRST)


def test_venue_chosen_from_the_changes_gives_way_to_them_again(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", COMPARED)
    changed(page).get_by_role("button", name="Pyongyang Okryu", exact=True).click()
    expect(card(page, "Pyongyang Okryu")).to_be_visible()
    expect(changed(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(changed(page)).to_be_visible()


def test_slider_moves_one_of_the_compared_days(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", f"#date=2018-04-01&compare={BEFORE}")
    slider(page).press("ArrowLeft")
    expect(changed(page)).to_contain_text("Choose another day than the one shown")
    slider(page).press("ArrowLeft")
    expect(changed(page)).to_contain_text("From 1 February 2018 to 1 March 2018")


# Later knowledge


def test_what_was_learned_later_is_marked(reader: Reader, maps: Path) -> None:
    clock = "2020-02-01"
    page = reader.open(maps / "southeast-asia.html", f"{OKRYU}&known={clock}")
    then = shipped().on(FIRST, clock, country=COUNTRIES)["status"]
    now = shipped().on(FIRST, KNOWN, country=COUNTRIES)["status"]
    marks = venues(page).get_by_role("img", name=re.compile("by later knowledge"))
    expect(marks).to_have_count(int((then != now).sum()))
    shown = card(page, "Pyongyang Okryu")
    expect(shown).to_contain_text(f"By what is known on {in_words(KNOWN)}, it was disputed")
    go_to(page, "As known on", KNOWN)
    expect(marks).to_have_count(0)


# The last sighting


def test_sighting_on_the_shown_day_names_its_source_and_why_it_does_not_count(
    reader: Reader, maps: Path
) -> None:
    shown = card(reader.open(maps / "southeast-asia.html", OKRYU), "Pyongyang Okryu")
    expect(shown).to_contain_text("says it was open on this very day")
    expect(shown).to_contain_text("began before the reported closing")


# Cite and take away


def test_citation_names_every_source_of_the_answer(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", OKRYU)
    shown = card(page, "Pyongyang Okryu")
    shown.get_by_text("Cite", exact=True).click()
    told = shipped()["th-bangkok-okryu"]
    answer = told.status(FIRST, KNOWN)
    used = {c.source_id: c.source for c in told.claims if c.id in (*answer.for_, *answer.against)}
    text = shown.get_by_label("Sentence with footnotes").input_value()
    assert text.startswith("Pyongyang Okryu (Bangkok, Thailand): disputed on 1 March 2020")
    assert answer.explanation in text
    bibtex = shown.get_by_label("BibTeX").input_value()
    items = json.loads(shown.get_by_label("CSL-JSON").input_value())
    for id, source in used.items():
        assert source.title in text
        assert f"@misc{{{id}," in bibtex
        assert source.url in {item.get("URL") for item in items}
    assert {item["id"] for item in items[1:]} == set(used)
    plain = re.sub(r"\\.", "", bibtex)
    assert plain.count("{") == plain.count("}")


def test_cited_link_shows_the_same_answer(reader: Reader, maps: Path) -> None:
    path = maps / "southeast-asia.html"
    page = reader.open(path, f"{OKRYU}&date=2018-06-01")
    shown = card(page, "Pyongyang Okryu")
    shown.get_by_text("Cite", exact=True).click()
    go_to(page, "Go to date", "2019-06-01")
    items = json.loads(shown.get_by_label("CSL-JSON").input_value())
    address = items[0]["URL"].partition("#")[2]
    assert "date=2019-06-01" in address
    assert f"known={KNOWN}" in address
    other = reader.open(path, f"#{address}")
    expect(card(other, "Pyongyang Okryu")).to_contain_text("on 1 June 2019")


def test_sentence_is_copied_with_its_counts(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", **CLIPBOARD)
    page.get_by_role("button", name="Copy sentence", exact=True).click()
    expect(page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
    assert str(summary(page).text_content()) in page.evaluate("navigator.clipboard.readText()")


def test_forbidden_clipboard_leaves_the_text_selected(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html")
    page.evaluate(NO_CLIPBOARD)
    page.get_by_role("button", name="Copy sentence", exact=True).click()
    shown = label(page, "Copy from here")
    expect(shown).to_be_focused()
    expect(shown).to_have_value(re.compile(re.escape(str(summary(page).text_content()))))


@pytest.mark.parametrize(
    ("name", "known"), [("Live: follows new evidence", "latest"), ("Frozen: this day", KNOWN)]
)
def test_embed_code_holds_the_state(reader: Reader, maps: Path, name: str, known: str) -> None:
    path = maps / "southeast-asia.html"
    page = reader.open(path, "#date=2019-06-01&country=TH&compare=2017-01-01")
    page.get_by_text("Embed", exact=True).click()
    code = page.get_by_label(re.compile(name)).input_value()
    source = re.search('src="([^"]+)"', code)
    assert source is not None
    address = source[1].replace("&amp;", "&").partition("#")[2]
    assert f"known={known}" in address
    other = reader.open(path, f"#{address}")
    assert str(summary(other).text_content()) == str(summary(page).text_content())
    page.keyboard.press("Escape")
    expect(page.get_by_label(re.compile(name))).to_be_hidden()


@pytest.mark.parametrize(
    "state",
    ["", COMPARED, "#country=TH&status=closed", "#from=2012-01-01&to=2012-12-31&status=open"],
)
def test_downloads_hold_the_listed_rows(reader: Reader, maps: Path, state: str) -> None:
    page = reader.open(maps / "southeast-asia.html", state)
    table = list(csv.DictReader(rows(page, "CSV").splitlines()))
    assert sorted(row["name"] for row in table) == names(page)
    features = json.loads(rows(page, "GeoJSON"))["features"]
    assert sorted(one["properties"]["venue"] for one in features) == sorted(
        row["venue"] for row in table
    )
    if state == COMPARED:
        assert {row["compared_with"] for row in table} == {BEFORE}
        assert all(row["status_then"] != row["status"] for row in table)


# The page


def test_table_follows_the_map(region: Page) -> None:
    chooser(region, "Country").select_option(label="Laos")
    go_to(region, "Go to date", "2018-06-01")
    table = region.get_by_role("table", name=re.compile("The venues on 1 June 2018"))
    expect(table.get_by_role("rowheader")).to_have_count(len(listed(region)))


def test_changes_of_the_state_add_nothing_to_the_history(region: Page) -> None:
    before = region.evaluate("history.length")
    go_to(region, "Go to date", "2018-06-01")
    region.get_by_role("button", name=RANGE).click()
    region.get_by_role("button", name="Compare", exact=True).click()
    venue(region, names(region)[0]).first.click()
    assert region.evaluate("history.length") == before


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (820, 1180), (360, 740), (300, 200)])
def test_nothing_moves_while_the_page_loads(
    reader: Reader, maps: Path, size: tuple[int, int]
) -> None:
    page = reader.open_bare(maps / "hanoi.html", viewport={"width": size[0], "height": size[1]})
    page.add_init_script(SHIFTS)
    page.reload()
    expect(page.locator('#outposts[data-outposts="ready"]')).to_be_attached()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    assert page.evaluate("window.shifts") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing(reader: Reader, maps: Path, state: str, scheme: str, size: str) -> None:
    viewport = PHONE if size == "phone" else {"width": 1440, "height": 900}
    how = {"viewport": viewport, "color_scheme": scheme, "bypass_csp": True}
    page = reader.open(maps / "southeast-asia.html", state, **how)
    page.evaluate("() => document.querySelectorAll('details').forEach(part => (part.open = true))")
    found = Axe().run(page)["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_card_is_a_sheet_on_a_phone(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", OKRYU, viewport=PHONE)
    sheet = card(page, "Pyongyang Okryu")
    low = sheet.bounding_box()
    assert low is not None
    assert low["y"] + low["height"] == pytest.approx(PHONE["height"], abs=1)
    assert low["height"] < PHONE["height"] / 2
    sheet.get_by_role("button", name="Taller card").click()
    tall = sheet.bounding_box()
    assert tall is not None
    assert tall["height"] > PHONE["height"] * 0.8
    sheet.get_by_role("button", name="Close", exact=True).click()
    expect(sheet).to_be_hidden()


def test_labels_of_events_never_overlap(region: Page) -> None:
    rows_of: list[list[dict[str, float]]] = region.evaluate(
        """() => {
          const canvas = document.createElement("canvas");
          canvas.className = "outposts-histogram";
          const frame = document.createElement("div");
          frame.className = "outposts-track";
          frame.append(canvas);
          document.getElementById("outposts").append(frame);
          let seed = 7;
          const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
          frame.style.height = "140px";
          const found = [];
          for (let round = 0; round < 60; round += 1) {
            frame.style.width = `${300 + Math.floor(next() * 1600)}px`;
            const events = Array.from({length: 1 + Math.floor(next() * 40)}, (_, i) => ({
              id: String(i), first: 15000 + Math.floor(next() * 5000), label: "word ".repeat(1 + next() * 8)}));
            const data = {statuses: ["open"], span: [15000, 20000], events};
            const histogram = new outposts.Histogram(canvas, data);
            const counts = new Uint32Array(histogram.days.length).fill(1);
            histogram.show({counts, status: 1, known: 20000, compare: null, period: null});
            found.push(histogram.labels);
          }
          frame.remove();
          return found;
        }"""
    )
    assert any(rows_of)
    for labels in rows_of:
        for i, one in enumerate(labels):
            for other in labels[:i]:
                apart = one["to"] < other["from"] or other["to"] < one["from"]
                assert one["row"] != other["row"] or apart
