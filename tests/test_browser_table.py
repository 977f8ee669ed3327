"""The page without JavaScript, on paper, and as files to take away."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from browser import (
    COUNTRIES,
    FIRST,
    KNOWN,
    Reader,
    chooser,
    code_words,
    go_to,
    listed,
    search,
    shipped,
    show_only,
    slider,
    the_map,
    venue,
)
from playwright.sync_api import Page, expect

from outposts import dates, rows

PRECISIONS = {"place": "town only", "country": "country only", "building": "building"}


def expected(day: str, known: str = KNOWN, **wanted: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of `outposts status` for the region's venues, by id."""
    chosen = shipped().select(day, known, **{"country": COUNTRIES, **wanted})
    found = rows.statuses(chosen, dates.day(day), dates.day(known))
    return {row["venue"]: row for row in found}


# Without JavaScript


@pytest.fixture
def plain(reader: Reader, maps: Path) -> Page:
    return reader.open_bare(maps / "southeast-asia.html", java_script_enabled=False)


def test_table_holds_every_venue_with_status_and_reason(plain: Page) -> None:
    seen = [
        row.get_by_role("rowheader").or_(row.get_by_role("cell")).all_inner_texts()
        for row in plain.get_by_role("row").all()[1:]
    ]
    told = sorted((name, status.lower(), why) for name, _, _, _, status, why in seen)
    wanted = sorted(
        (row["name"], code_words(row["status"]), row["explanation"])
        for row in expected(FIRST).values()
    )
    assert len(told) == len(wanted)
    for (name, status, why), (its_name, its_status, reason) in zip(told, wanted, strict=True):
        assert (name, status) == (its_name, its_status)
        assert why.startswith(reason), name


def test_table_tells_kind_place_and_precision(plain: Page) -> None:
    told = sorted(
        tuple(row.get_by_role("rowheader").or_(row.get_by_role("cell")).all_inner_texts()[:4])
        for row in plain.get_by_role("row").all()[1:]
    )
    countries = {"KH": "Cambodia", "ID": "Indonesia", "LA": "Laos", "MY": "Malaysia"}
    countries |= {"MM": "Myanmar", "TH": "Thailand", "VN": "Vietnam"}
    assert told == sorted(
        (
            row["name"],
            row["kind"].capitalize(),
            ", ".join(filter(None, [row["place"], countries[row["country"]]])),
            PRECISIONS[row["precision"]],
        )
        for row in expected(FIRST).values()
    )


def test_table_names_its_day_and_what_was_known(plain: Page) -> None:
    caption = plain.get_by_role("caption").or_(plain.locator("caption")).first
    expect(caption).to_contain_text("1 March 2020")
    expect(caption).to_contain_text("1 December 2026")


def test_footnotes_lead_to_the_sources(plain: Page) -> None:
    claims = {c.id: c for v in shipped().values() for c in v.claims}
    for row in plain.get_by_role("row").all()[1:8]:
        name = row.get_by_role("rowheader").inner_text()
        notes = row.get_by_role("link").all()
        for note in notes:
            target = plain.locator(str(note.get_attribute("href")))
            expect(target).to_have_count(1)
        cited = {
            claims[id].source.title
            for wanted in expected(FIRST).values()
            if wanted["name"] == name
            for id in (*wanted["for"], *wanted["against"])
        }
        assert bool(cited) == bool(notes), name


def test_page_without_javascript_shows_no_dead_control(plain: Page) -> None:
    for role in ("slider", "checkbox", "combobox", "searchbox", "button"):
        assert plain.get_by_role(role).count() == 0, role
    expect(the_map(plain)).to_be_hidden()


def test_page_without_javascript_says_what_is_missing(plain: Page) -> None:
    told = plain.locator("noscript p")  # Playwright's text search leaves noscript out
    expect(told).to_be_visible()
    expect(told).to_contain_text("Without JavaScript")


def test_table_is_there_with_javascript_too(region: Page) -> None:
    region.get_by_role("link", name="Table", exact=True).click()
    expect(region.get_by_role("table")).to_be_in_viewport()
    assert region.get_by_role("row").count() == len(expected(FIRST)) + 1


def test_browser_too_old_for_the_map_is_told_so_above_the_table(reader: Reader, maps: Path) -> None:
    page = reader.open_bare(maps / "hanoi.html", init="delete window.DecompressionStream")
    told = page.get_by_text("This browser is too old for the map.")
    expect(told).to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_role("table")).to_be_in_viewport()
    reader.forgive()


# On paper


@pytest.fixture
def own(reader: Reader, maps: Path) -> Page:
    """The map of the region in a window of its own, which is given paper."""
    return reader.open(maps / "southeast-asia.html", fresh=True)


def to_paper(page: Page) -> None:
    """Do what Chromium does before it lays a page out on paper."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


def test_paper_shows_the_map_its_day_and_the_table(own: Page) -> None:
    go_to(own, "Go to date", "2012-06-15")
    to_paper(own)
    expect(the_map(own)).to_be_visible()
    expect(own.get_by_text("15 June 2012").first).to_be_visible()
    expect(own.get_by_role("table")).to_be_visible()
    expect(own.get_by_role("heading", name="Sources", exact=True)).to_be_visible()


def test_paper_shows_no_controls(own: Page) -> None:
    to_paper(own)
    for control in (
        slider(own),
        search(own),
        chooser(own, "Country"),
        own.get_by_role("button", name="Play", exact=True),
        own.get_by_label("Go to date", exact=True),
    ):
        expect(control).to_be_hidden()


def test_paper_shows_the_chosen_venue(own: Page) -> None:
    venue(own, "Pyongyang Okryu").click()
    to_paper(own)
    expect(own.get_by_text("Disputed on 1 March 2020", exact=True)).to_be_visible()


def test_paper_has_pages_and_the_screen_comes_back(hanoi: Page) -> None:
    before = the_map(hanoi).bounding_box()
    paper = hanoi.pdf(format="A4", print_background=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) <= 12
    assert the_map(hanoi).bounding_box() == before
    slider(hanoi).press("ArrowRight")
    expect(slider(hanoi)).to_have_attribute("aria-valuetext", "1 April 2020")


# To take away


def downloaded(page: Page, button: str) -> tuple[str, str]:
    """Return the name and the text of what a button downloads."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def filtered(page: Page) -> dict[str, dict[str, Any]]:
    """Narrow the page down, and return the rows that it then has to show."""
    go_to(page, "Go to date", "2018-06-01")
    go_to(page, "As known on", "2020-06-02")
    chooser(page, "Kind").select_option(label="Restaurant")
    search(page).fill("pyongyang")
    show_only(page, "Open", "Presumed open", "Closed")
    wanted = {"kind": "restaurant", "text": "pyongyang", "status": "open,presumed-open,closed"}
    return expected("2018-06-01", "2020-06-02", **wanted)


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_csv_holds_exactly_the_shown_rows(region: Page) -> None:
    wanted = filtered(region)
    name, text = downloaded(region, "CSV")
    assert name.endswith(".csv")
    seen = {row["venue"]: row for row in csv.DictReader(text.splitlines())}
    assert seen.keys() == wanted.keys()
    assert sorted(row["name"] for row in seen.values()) == sorted(n for n, _ in listed(region))


def test_csv_cells_are_those_of_the_command(region: Page) -> None:
    wanted = filtered(region)
    seen = csv.DictReader(downloaded(region, "CSV")[1].splitlines())
    for row in seen:
        its = wanted[row["venue"]]
        assert row.keys() <= its.keys()
        assert {"status", "reason", "on", "known", "explanation"} <= row.keys()
        for key, cell in row.items():
            same = as_text(its[key])
            assert cell == same or float(cell) == float(same), (row["venue"], key)


def test_geojson_holds_exactly_the_shown_rows(region: Page) -> None:
    wanted = filtered(region)
    name, text = downloaded(region, "GeoJSON")
    assert name.endswith(".geojson")
    found = json.loads(text)
    assert found["type"] == "FeatureCollection"
    assert {feature["properties"]["venue"] for feature in found["features"]} == wanted.keys()
    for feature in found["features"]:
        its = wanted[feature["properties"]["venue"]]
        assert feature["properties"]["status"] == its["status"]
        assert feature["geometry"] == {"type": "Point", "coordinates": [its["lon"], its["lat"]]}


def test_venue_known_only_by_country_is_taken_away_without_a_point(region: Page) -> None:
    search(region).fill("Albatross")
    (feature,) = json.loads(downloaded(region, "GeoJSON")[1])["features"]
    assert feature["geometry"] is None
    (row,) = csv.DictReader(downloaded(region, "CSV")[1].splitlines())
    assert row["lon"] == row["lat"] == ""


def test_nothing_shown_is_nothing_taken_away(hanoi: Page) -> None:
    show_only(hanoi)
    assert len(downloaded(hanoi, "CSV")[1].splitlines()) == 1
    assert json.loads(downloaded(hanoi, "GeoJSON")[1])["features"] == []
