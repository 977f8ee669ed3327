"""What the page shows of the venues: statuses, country, kind, year and words, in list and map."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from browser import (
    CHECKBOXES,
    COUNTRIES,
    FIRST,
    KNOWN,
    Reader,
    answers,
    card,
    checkbox,
    chooser,
    click_the_map,
    counts,
    go_to,
    listed,
    search,
    sentence,
    shipped,
    show_only,
    summary,
    the_map,
    venue,
    venues,
)
from playwright.sync_api import Page, expect

YANGON = "Pyongyang Koryo Restaurant"  # the only venue there
AT_YANGON = "#z=10&c=16.8053,96.1561&known=2020-06-02"
CODES = {name: name.lower().replace(" ", "-") for name in CHECKBOXES}


def listed_names(page: Page) -> list[str]:
    return sorted(name for name, _ in listed(page))


def during(year: int, *statuses: str, known: str = KNOWN) -> list[str]:
    """Return the names of the region's venues that had one of the statuses in a year."""
    frame = shipped().during(year, status=statuses, known=known, country=COUNTRIES)
    return sorted(frame["name"])


# Statuses


def test_every_status_is_shown_at_first(hanoi: Page) -> None:
    for name in CHECKBOXES:
        expect(checkbox(hanoi, name)).to_be_checked()


def test_checkbox_tells_its_count(region: Page) -> None:
    for day in (FIRST, "2012-06-15"):
        go_to(region, "Go to date", day)
        for name, code in CODES.items():
            number = re.compile(rf"\b{counts(day)[code]}\b")
            expect(checkbox(region, name)).to_have_accessible_description(number)


def test_unchecked_status_is_not_listed(region: Page) -> None:
    for name, code in CODES.items():
        checkbox(region, name).uncheck()
        assert listed(region) or counts(FIRST)[code]
        assert all(status != name.lower() for _, status in listed(region)), name
        checkbox(region, name).check()
    assert sorted(listed(region)) == answers(FIRST)


def test_only_checked_statuses_are_listed(region: Page) -> None:
    show_only(region, "Open", "Disputed")
    expected = answers(FIRST, status="open,disputed")
    assert sorted(listed(region)) == expected
    expect(summary(region)).to_have_text(sentence(counts(FIRST, status="open,disputed"), FIRST))


def test_counts_stay_when_a_status_is_hidden(hanoi: Page) -> None:
    told = [checkbox(hanoi, name).evaluate("box => box.ariaDescribedByElements[0].textContent") for name in CHECKBOXES]  # fmt: skip
    show_only(hanoi)
    for name, text in zip(CHECKBOXES, told, strict=True):
        expect(checkbox(hanoi, name)).to_have_accessible_description(text)


def test_unchecked_status_leaves_the_map(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", AT_YANGON)
    status = shipped()["mm-yangon-koryo"].status(FIRST, "2020-06-02").status
    box = checkbox(page, next(name for name, code in CODES.items() if code == status))
    click_the_map(page)
    expect(card(page, YANGON)).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    box.uncheck()
    click_the_map(page)
    expect(card(page, YANGON)).to_be_hidden()
    box.check()
    click_the_map(page)
    expect(card(page, YANGON)).to_be_visible()


def test_keyboard_checks_and_unchecks(hanoi: Page) -> None:
    box = checkbox(hanoi, "Closed")
    box.press("Space")
    expect(box).not_to_be_checked()
    box.press("Space")
    expect(box).to_be_checked()


# Country, kind, year


def test_country_filters_the_list(region: Page) -> None:
    chooser(region, "Country").select_option(label="Thailand")
    assert sorted(listed(region)) == answers(FIRST, country="TH")
    expect(summary(region)).to_have_text(sentence(counts(FIRST, country="TH"), FIRST))


def test_countries_are_those_of_the_map(region: Page) -> None:
    names = chooser(region, "Country").get_by_role("option").all_inner_texts()
    assert names[1:] == [
        "Cambodia",
        "Indonesia",
        "Laos",
        "Malaysia",
        "Myanmar",
        "Thailand",
        "Vietnam",
    ]


def test_kind_filters_the_list(region: Page) -> None:
    chooser(region, "Kind").select_option(label="Museum")
    assert sorted(listed(region)) == answers(FIRST, kind="museum")


def test_year_shows_what_had_a_checked_status_on_some_day_of_it(region: Page) -> None:
    for names in (("Open",), ("Open", "Presumed open"), ("Disputed", "Suspended"), ("Closed",)):
        show_only(region, *names)
        for year in (2004, 2012, 2019):
            chooser(region, "Year").select_option(str(year))
            expected = during(year, *(CODES[name] for name in names))
            assert listed_names(region) == expected, (names, year)


def test_checkboxes_count_the_chosen_year(region: Page) -> None:
    chooser(region, "Year").select_option("2019")
    for name, code in CODES.items():
        number = re.compile(rf"\b{len(during(2019, code))}\b")
        expect(checkbox(region, name)).to_have_accessible_description(number)


def test_year_is_of_the_known_day(region: Page) -> None:
    go_to(region, "As known on", "2019-06-30")
    chooser(region, "Year").select_option("2019")
    show_only(region, "Closed")
    assert listed_names(region) == during(2019, "closed", known="2019-06-30")


def test_years_are_those_of_the_span(region: Page) -> None:
    years = chooser(region, "Year").get_by_role("option").all_inner_texts()[1:]
    assert sorted(years) == [str(year) for year in range(2002, 2027)]


# Words


def having(words: str) -> list[str]:
    """Return the names of the venues that bear ``words`` in one of their names."""
    return sorted(
        v.name for v in shipped().values() if any(words in name.name.lower() for name in v.names)
    )


def test_search_finds_names(region: Page) -> None:
    search(region).fill("okryu")
    assert listed_names(region) == having("okryu") == ["Pyongyang Okryu", "Pyongyang Okryu Restaurant"]  # fmt: skip


def test_search_finds_names_in_any_script(region: Page) -> None:
    for words in ("고려", "평양 옥류", "玉流", "ຮ້ານອາຫານ"):
        for form in ("NFC", "NFD"):
            search(region).fill(unicodedata.normalize(form, words))
            assert listed_names(region) == having(words) != [], (words, form)


def test_search_folds_case_and_diacritics(region: Page) -> None:
    for words in ("Bình Nhưỡng", "BINH NHUONG", "binh nhưỡng", "nhuong binh"):
        search(region).fill(words)
        assert listed_names(region) == having("bình nhưỡng") != [], words


def test_search_finds_towns(region: Page) -> None:
    search(region).fill("siem reap")
    assert set(listed_names(region)) >= {name for name, _ in answers(FIRST, place="Siem Reap")}


def test_search_finds_what_the_command_finds(region: Page) -> None:
    for words in ("okryu", "고려", "bình nhưỡng", "ຮ້ານ", "hanoi", "mkp", "ກ້ານ"):
        search(region).fill(words)
        found = {v.name for v in shipped().select(FIRST, KNOWN, country=COUNTRIES, text=words)}
        assert set(listed_names(region)) == found, words


def test_filters_add_up(region: Page) -> None:
    chooser(region, "Country").select_option(label="Thailand")
    search(region).fill("pyongyang")
    show_only(region, "Open", "Closed")
    expected = answers(FIRST, country="TH", text="pyongyang", status="open,closed")
    assert sorted(listed(region)) == expected != []
    wanted = counts(FIRST, country="TH", text="pyongyang")
    expect(checkbox(region, "Disputed")).to_have_accessible_description(
        re.compile(rf"\b{wanted['disputed']}\b")
    )


def test_nothing_found_is_said(hanoi: Page) -> None:
    search(hanoi).fill("zzz")
    expect(hanoi.get_by_text("No venue passes the filters.", exact=True)).to_be_visible()
    expect(summary(hanoi)).to_have_text("No venues on 1 March 2020")
    assert listed(hanoi) == []


def test_cleared_filters_show_everything(region: Page) -> None:
    clear = region.get_by_role("button", name="Clear filters", exact=True)
    expect(clear).to_be_hidden()
    chooser(region, "Country").select_option(label="Laos")
    chooser(region, "Year").select_option("2019")
    search(region).fill("vientiane")
    show_only(region, "Open")
    clear.click()
    assert sorted(listed(region)) == answers(FIRST)
    expect(search(region)).to_have_value("")
    expect(clear).to_be_hidden()


# Venues known only by country


ONLY_THE_MAP = "#status=none&z=5&c=12.5,105"
LONG = {"width": 360, "height": 2400}  # nothing lies over the map, and nothing scrolls


def country_only() -> list[str]:
    return sorted(v.name for v in shipped().values() if v.lon is None)


def test_venue_known_only_by_country_is_listed_and_says_so(region: Page) -> None:
    items = venues(region).get_by_role("listitem").filter(has_text="country only")
    names = items.get_by_role("button").all_inner_texts()
    assert sorted(names) == country_only() != []


def test_venue_known_only_by_country_is_never_on_the_map(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", ONLY_THE_MAP, viewport=LONG)
    empty = the_map(page).screenshot()
    for name in ("Jupic", "Albatross"):
        assert name in country_only()
        search(page).fill(name)
        show_only(page, *CHECKBOXES)
        assert listed_names(page) == [name]
        assert the_map(page).screenshot() == empty, name
        show_only(page)


def test_placed_venue_is_on_the_map(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", ONLY_THE_MAP, viewport=LONG)
    empty = the_map(page).screenshot()
    show_only(page, *CHECKBOXES)
    search(page).fill("angkor panorama")
    assert the_map(page).screenshot() != empty


def test_venue_known_only_by_country_has_a_card(region: Page) -> None:
    venue(region, "Jupic").click()
    expect(card(region, "Jupic")).to_contain_text("country only")
