"""Maps at the edge: no venue, one, a span of one day, one point for two, much text, much evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from browser import (
    CHECKBOXES,
    FIRST,
    PHONE,
    Reader,
    card,
    checkbox,
    click_the_map,
    go_to,
    label,
    listed,
    save_map,
    slider,
    summary,
    the_map,
    venue,
    venues,
)
from playwright.sync_api import Page, expect
from registries import KORYO, KORYO_FILE, LAO_FILE, changed, write

Files = dict[str, str | None]
NONE: Files = {KORYO_FILE: None, LAO_FILE: None}
AT_HANOI = "#z=10&c=21.0245,105.8412"
LONG = {
    "latin": "Pyongyang " * 20,
    "unbroken": "P" * 200,
    "hangul": "평양랭면관" * 40,
    "khmer": "ភោជនីយដ្ឋាន" * 18,
    "rtl": "مطعم بيونغ يانغ " * 12,
}


def written(id: str, name: str, **more: Any) -> str:
    """Return the file of a venue in Hanoi that was open in April 2020."""
    entry = {
        "id": id,
        "kind": "restaurant",
        "names": [{"name": name, "lang": "en", "source": "paper"}],
        "location": {"country": "VN", "place": "Hanoi"},
        "claims": [{"id": "c1", "says": "open", "when": "2020-04", "source": "paper"}],
        **more,
    }
    return yaml.safe_dump(entry, allow_unicode=True, sort_keys=False)


@pytest.fixture
def odd(tmp_path: Path) -> Any:
    """Saves a map of the small registry with some files changed."""

    def save(files: Files, **how: Any) -> Path:
        return save_map(write(tmp_path / "registry", files), tmp_path / "map.html", **how)

    return save


def scrolls_sideways(page: Page) -> bool:
    found: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return found


# No venue


def test_empty_map_says_so(reader: Reader, odd: Any) -> None:
    page = reader.open(odd(NONE))
    expect(page.get_by_text("This map holds no venues.", exact=True).first).to_be_visible()
    expect(summary(page)).to_have_text("No venues on 1 March 2020")
    assert listed(page) == []


def test_empty_map_works(reader: Reader, odd: Any) -> None:
    page = reader.open(odd(NONE))
    slider(page).press("PageUp")
    expect(summary(page)).to_have_text("No venues on 1 March 2021")
    for name in CHECKBOXES:
        expect(checkbox(page, name)).to_have_accessible_description("0 venues")
        checkbox(page, name).uncheck()
    go_to(page, "As known on", "2019-01-01")
    click_the_map(page)
    with page.expect_download() as table:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert len(table.value.path().read_text().splitlines()) == 1


def test_empty_map_says_so_without_javascript(reader: Reader, odd: Any) -> None:
    page = reader.open_bare(odd(NONE), java_script_enabled=False)
    expect(page.get_by_text("This map holds no venues.", exact=True)).to_be_visible()


def test_filter_that_leaves_none_makes_an_empty_map(reader: Reader, odd: Any) -> None:
    page = reader.open(odd({}, kind="museum"))
    expect(page.get_by_text("This map holds no venues.", exact=True).first).to_be_visible()


# One venue, one day, one point


def test_one_venue_is_a_map(reader: Reader, odd: Any) -> None:
    page = reader.open(odd({LAO_FILE: None}), AT_HANOI)
    expect(summary(page)).to_have_text("1 unknown on 1 March 2020")
    expect(checkbox(page, "Unknown")).to_have_accessible_description("1 venue")
    click_the_map(page)
    expect(card(page, "Koryo Restaurant")).to_be_visible()


def test_span_of_one_day_stays_on_it(reader: Reader, odd: Any) -> None:
    page = reader.open(odd({}, span=(FIRST, FIRST)))
    for key in ("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End"):
        slider(page).press(key)
        expect(slider(page)).to_have_attribute("aria-valuetext", "1 March 2020")
    assert [name for name, _ in listed(page)] == ["Night Market", "Koryo Restaurant"]


def test_span_of_one_day_has_nothing_to_play(reader: Reader, odd: Any) -> None:
    page = reader.open(odd({}, span=(FIRST, FIRST)), stopped=True)
    page.get_by_role("button", name="Play", exact=True).click()
    page.clock.run_for(10_000)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(slider(page)).to_have_attribute("aria-valuetext", "1 March 2020")


def test_two_venues_on_one_point_are_both_within_reach(reader: Reader, odd: Any) -> None:
    point = {
        "lon": "105.8412",
        "lat": "21.0245",
        "precision": "building",
        "radius_m": "50",
        "method": "source",
        "by": "paper",
        "on": "2020-07-01",
    }
    spot = {"country": "VN", "place": "Hanoi", "point": point}
    files: Files = {
        LAO_FILE: None,
        KORYO_FILE: written(
            "vn-hanoi-koryo", "One", location=spot, same_premises_as="vn-hanoi-two"
        ),
        "venues/vn/vn-hanoi-two.yaml": written(
            "vn-hanoi-two", "Two", location=spot, same_premises_as="vn-hanoi-koryo"
        ),
    }
    page = reader.open(odd(files, on="2020-04-30"), AT_HANOI)
    for name in ("One", "Two"):
        click_the_map(page)
        shared = card(page, "Hanoi")
        assert shared.get_by_role("listitem").get_by_role("button").count() == 2
        shared.get_by_role("button", name=name, exact=True).click()
        expect(card(page, name)).to_be_visible()


def test_venue_known_only_by_country_makes_no_mark(reader: Reader, odd: Any) -> None:
    page = reader.open(odd({KORYO_FILE: None}))
    expect(venue(page, "Night Market")).to_be_visible()
    drawn = (
        the_map(page)
        .locator("canvas")
        .evaluate_all(
            """all => all.at(-1).width && all.at(-1).getContext("2d")
          .getImageData(0, 0, all.at(-1).width, all.at(-1).height).data.some(byte => byte)"""
        )
    )
    assert not drawn


# Much text, much evidence


@pytest.mark.parametrize("script", LONG)
def test_long_names_fit_a_phone_and_are_whole(reader: Reader, odd: Any, script: str) -> None:
    name = LONG[script].strip()[:200].strip()
    page = reader.open(odd({KORYO_FILE: written("vn-hanoi-koryo", name)}), viewport=PHONE)
    assert not scrolls_sideways(page)
    button = venues(page).get_by_role("button").last
    expect(button).to_have_text(name)
    button.click()
    assert not scrolls_sideways(page)
    heading = page.get_by_role("heading", level=2).filter(has_text=name)
    box = heading.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_long_title_and_deck_leave_the_list_within_reach(reader: Reader, odd: Any) -> None:
    title = "Restaurants, museums and companies abroad, and who says that they were open. " * 2
    deck = "Which of them were open on a given day, by the reports that were public then. " * 4
    path = odd({}, title=title, deck=deck)
    for size in ({"width": 1280, "height": 800}, {"width": 1024, "height": 640}, PHONE):
        page = reader.open(path, viewport=size)
        venue(page, "Koryo Restaurant").click(trial=True)


def test_every_one_of_sixty_claims_is_shown(reader: Reader, odd: Any) -> None:
    claims = [
        {
            "id": f"c{number}",
            "says": "open" if number % 2 else "closed",
            "when": f"20{15 + number % 6}-{1 + number % 12:02}",
            "source": "paper" if number % 3 else "panel",
            "quote": f"Sentence number {number} of sixty.",
        }
        for number in range(1, 61)
    ]
    page = reader.open(odd({KORYO_FILE: written("vn-hanoi-koryo", "Koryo", claims=claims)}))
    venue(page, "Koryo").click()
    shown = card(page, "Koryo")
    for number in range(1, 61):
        expect(shown.get_by_text(f"Sentence number {number} of sixty.")).to_be_attached()
    close = shown.get_by_role("button", name="Close", exact=True)
    last = shown.get_by_role("button", name="Copy link", exact=True)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    close.click()
    expect(shown).to_be_hidden()


def test_venue_without_claims_is_unknown(reader: Reader, odd: Any) -> None:
    bare = changed(KORYO, KORYO[KORYO.index("claims:") :], "claims: []\n")
    page = reader.open(odd({KORYO_FILE: bare, LAO_FILE: None}))
    expect(summary(page)).to_have_text("1 unknown on 1 March 2020")


def test_day_far_from_today_is_shown(reader: Reader, odd: Any) -> None:
    page = reader.open(odd({}, span=("0001-01-01", "9999-12-31"), on="1492-10-12"))
    expect(slider(page)).to_have_attribute("aria-valuetext", "12 October 1492")
    slider(page).press("End")
    expect(label(page, "Go to date")).to_have_value("9999-12-31")
    slider(page).press("Home")
    expect(slider(page)).to_have_attribute("aria-valuetext", "1 January 0001")
    expect(label(page, "Go to date")).to_have_value("0001-01-01")


def test_retraction_is_hidden_before_its_day(reader: Reader, odd: Any) -> None:
    told = {
        "id": "c1",
        "says": "open",
        "when": "2020-04",
        "source": "paper",
        "retracted": {"on": "2021-01-01", "why": "It was another restaurant."},
    }
    path = odd({KORYO_FILE: written("vn-hanoi-koryo", "Koryo", claims=[told]), LAO_FILE: None})
    page = reader.open(path, "#date=2020-04-30&venue=vn-hanoi-koryo&known=2020-12-31")
    expect(summary(page)).to_contain_text("1 open on 30 April 2020")
    expect(card(page, "Koryo").get_by_text("It was another restaurant.")).to_be_hidden()
    go_to(page, "As known on", "2021-01-01")
    expect(summary(page)).to_contain_text("1 unknown on 30 April 2020")


@pytest.mark.parametrize(("zoom", "away"), [("8.75", 13), ("10", 25)])
def test_venue_known_by_town_has_the_towns_circle_around_its_mark(
    reader: Reader, odd: Any, zoom: str, away: int
) -> None:
    """A point has none: ``away`` pixels from the middle lie outside the mark, inside 5 km."""
    town: dict[str, Any] = {"country": "LA", "place": "Vang Vieng"}
    point = {"lon": "102.4475", "lat": "18.9235", "precision": "building", "radius_m": "50"}
    point |= {"method": "source", "by": "paper", "on": "2020-07-01"}
    file = "venues/la/la-vang-vieng-one.yaml"
    for location, ringed in ((town, True), ({**town, "point": point}, False)):
        one = written("la-vang-vieng-one", "One", location=location)
        page = reader.open(odd({**NONE, file: one}), f"#z={zoom}&c=18.9235,102.4475")
        drawn = (
            the_map(page)
            .locator("canvas")
            .evaluate_all(
                """(all, away) => {
                  const canvas = all.at(-1), ratio = canvas.width / canvas.clientWidth;
                  const [x, y] = [canvas.clientWidth / 2 - away, canvas.clientHeight / 2];
                  return canvas.getContext("2d").getImageData(x * ratio, y * ratio, 1, 1).data[3] > 0;
                }""",
                away,
            )
        )
        assert drawn is ringed, location
