"""The evidence on one venue: its card, opened from the list and from the map."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from browser import (
    FIRST,
    KNOWN,
    Reader,
    card,
    click_the_map,
    go_to,
    in_words,
    listed,
    shipped,
    slider,
    summary,
    venue,
)
from playwright.sync_api import Locator, Page, expect

from outposts import dates
from outposts.models import Claim
from outposts.venue import Venue

OKRYU = shipped()["th-bangkok-okryu"]
PANEL = "restaurants from the Pyongyang chain were supposedly closed"


@pytest.fixture
def still(reader: Reader, maps: Path) -> Page:
    """The map of the region on which no time passes, so that it can be led by its address alone."""
    return reader.open(maps / "southeast-asia.html", stopped=True)


def part(shown: Locator, heading: str) -> Locator:
    """Return the items under one of a card's headings."""
    title = shown.page.get_by_role("heading", name=re.compile(heading))
    return shown.locator("section").filter(has=title).get_by_role("listitem")


def claims(of: Venue, ids: Sequence[str]) -> list[Claim]:
    told = {claim.id: claim for claim in of.claims}
    return [told[id] for id in ids]


def shows(page: Page, one: Venue) -> Locator:
    """Go to a venue by the address and return its card."""
    page.evaluate("id => { location.hash = `#venue=${id}`; }", one.id)
    shown = page.get_by_role("region", name=one.name, exact=True)
    expect(shown).to_contain_text(one.status(FIRST, KNOWN).explanation)
    return shown


def facts(shown: Locator) -> dict[str, str]:
    """Return a card's terms and what stands beside them."""
    terms = shown.get_by_role("term").all_inner_texts()
    return dict(zip(terms, shown.get_by_role("definition").all_inner_texts(), strict=True))


# Opening and closing


def test_click_on_okryu_shows_the_panels_claim_against_the_reviews(region: Page) -> None:
    venue(region, "Pyongyang Okryu").click()
    shown = card(region, "Pyongyang Okryu")
    expect(shown).to_be_visible()
    panel = part(shown, "^Claims against").filter(has_text=PANEL)
    expect(panel.get_by_text("via a group claim", exact=True)).to_be_visible()
    expect(panel.get_by_role("link", name=re.compile("^Despite sanctions"))).to_be_visible()
    reviews = part(shown, "^Claims for").filter(has_text="I had lunch at Pyongyang Okryu")
    expect(reviews).to_be_visible()
    expect(shown.get_by_text("Disputed on 1 March 2020", exact=True)).to_be_visible()


def test_keyboard_follows_to_the_card_and_back(hanoi: Page) -> None:
    button = venue(hanoi, "Koryo Restaurant")
    button.press("Enter")
    shown = card(hanoi, "Koryo Restaurant")
    expect(shown.get_by_role("heading", name="Koryo Restaurant", exact=True)).to_be_focused()
    shown.get_by_role("button", name="Close", exact=True).press("Enter")
    expect(shown).to_be_hidden()
    expect(button).to_be_focused()


def test_list_tells_which_venue_is_shown(hanoi: Page) -> None:
    button = venue(hanoi, "Koryo Restaurant")
    button.click()
    expect(button).to_have_attribute("aria-current", "true")


def test_click_on_a_mark_shows_its_venue(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "#z=10&c=16.8053,96.1561")
    expect(card(page, "Pyongyang Koryo Restaurant")).to_be_hidden()
    click_the_map(page)
    expect(card(page, "Pyongyang Koryo Restaurant")).to_be_visible()


def test_click_on_a_shared_mark_lists_all_its_venues(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "#z=11&c=13.754,100.5014&country=TH")
    click_the_map(page)
    shown = card(page, "Bangkok")
    names = shown.get_by_role("listitem").get_by_role("button").all_inner_texts()
    assert sorted(names) == sorted(v.name for v in shipped().values() if v.place == "Bangkok")
    shown.get_by_role("button", name="Pyongyang Okryu", exact=True).click()
    expect(card(page, "Pyongyang Okryu")).to_be_visible()


def test_click_beside_the_marks_shows_nothing(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "#z=8&c=5,112")
    click_the_map(page)
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_hidden()


# The evidence


def test_card_of_every_venue_gives_its_answer_and_all_its_claims(still: Page) -> None:
    for one in shipped().values():
        shown = shows(still, one)
        answer = one.status(FIRST, KNOWN)
        quotes = shown.get_by_role("blockquote").all_text_contents()
        hidden = shown.locator("blockquote").all_text_contents()
        assert len(hidden) == sum(claim.quote is not None for claim in one.claims), one.id
        for claim in claims(one, (*answer.for_, *answer.against)):
            assert claim.quote is None or any(claim.quote in quote for quote in quotes), claim.id
        for claim in one.claims:
            assert claim.quote is None or any(claim.quote in quote for quote in hidden), claim.id


def test_claims_stand_on_the_side_that_they_count_for(still: Page) -> None:
    for one in shipped().values():
        shown = shows(still, one)
        answer = one.status(FIRST, KNOWN)
        expect(part(shown, "^Claims for")).to_have_count(len(answer.for_))
        expect(part(shown, "^Claims against")).to_have_count(len(answer.against))


def test_claim_tells_its_date_source_and_archive(still: Page) -> None:
    shown = shows(still, OKRYU)
    against = claims(OKRYU, OKRYU.status(FIRST, KNOWN).against)
    assert against
    for claim in against:
        item = part(shown, "^Claims against").filter(has_text=str(claim.quote))
        expect(item).to_contain_text(claim.when.words)
        expect(item).to_contain_text(str(claim.source.publisher))
        expect(item.get_by_role("link", name=claim.source.title)).to_have_attribute(
            "href", str(claim.source.url)
        )


def test_every_link_of_a_card_is_to_a_source_and_opens_apart(still: Page) -> None:
    urls = {url for s in shipped().sources.values() for url in (s.url, s.archived) if url}
    shown = shows(still, OKRYU)
    links = shown.locator("a").all()
    assert links
    for link in links:
        assert link.get_attribute("href") in urls
        assert "noopener" in str(link.get_attribute("rel"))


def test_quote_names_its_language_and_is_translated(still: Page) -> None:
    shown = shows(still, OKRYU)
    told = next(
        c for c in OKRYU.claims if c.translation and c.id in OKRYU.status(FIRST, KNOWN).for_
    )
    quote = shown.locator("[lang]").filter(has_text=str(told.quote)).first
    expect(quote).to_have_attribute("lang", told.lang)
    expect(shown.get_by_text(str(told.translation)).first).to_be_visible()


def test_weak_claim_is_marked(still: Page) -> None:
    shown = shows(still, OKRYU)
    for claim in claims(OKRYU, OKRYU.status(FIRST, KNOWN).for_):
        item = part(shown, "^Claims for").filter(has_text=str(claim.quote))
        expect(item.get_by_text("weak", exact=True)).to_have_count(int(claim.weak))


def test_single_source_is_marked(still: Page) -> None:
    for one in shipped().values():
        shown = shows(still, one)
        marked = int(one.status(FIRST, KNOWN).single_source)
        expect(shown.get_by_text(re.compile("single source"))).to_have_count(marked)


@pytest.mark.parametrize("id", ["th-bangkok-okryu", "vn-hanoi-koryo", "kh-siem-reap-chinson"])
def test_card_tells_since_when_last_seen_and_next_change(still: Page, id: str) -> None:
    one = shipped()[id]
    shown = shows(still, one)
    for day in (FIRST, "2018-06-01", "2020-06-02"):
        go_to(still, "Go to date", day)
        answer = one.status(day, KNOWN)
        expect(shown).to_contain_text(answer.explanation)
        told = facts(shown)
        for term, value in (
            ("Since", answer.since),
            ("Last seen open", answer.last_seen_open),
            ("Next change", answer.changes_on),
        ):
            if value is None:
                assert term not in told, (day, term)
            else:
                assert dates.in_words(value) in told[term], (day, term)


def test_card_follows_the_day(hanoi: Page) -> None:
    venue(hanoi, "Koryo Restaurant").click()
    shown = card(hanoi, "Koryo Restaurant")
    for day in ("2019-06-01", "2020-06-02", "2023-01-01"):
        go_to(hanoi, "Go to date", day)
        status = shipped()["vn-hanoi-koryo"].status(day, KNOWN).status.replace("-", " ")
        words = f"{status.capitalize()} on {in_words(day)}"
        expect(shown.get_by_text(words, exact=True)).to_be_visible()


def test_keyboard_stays_in_the_card_while_the_day_moves(hanoi: Page) -> None:
    venue(hanoi, "Koryo Restaurant").click()
    close = card(hanoi, "Koryo Restaurant").get_by_role("button", name="Close", exact=True)
    close.focus()
    hanoi.evaluate("location.hash = '#venue=vn-hanoi-koryo&date=2023-01-01'")
    expect(slider(hanoi)).to_have_attribute("aria-valuetext", "1 January 2023")
    expect(close).to_be_focused()


def test_card_says_how_precisely_the_venue_is_placed(still: Page) -> None:
    words = {"place": "town only", "country": "country only", "building": "building"}
    seen = set()
    for one in shipped().values():
        if one.precision not in seen:
            seen.add(one.precision)
            expect(shows(still, one)).to_contain_text(f"location: {words[one.precision]}")
    assert {"place", "country"} <= seen


def test_card_gives_names_in_all_scripts(still: Page) -> None:
    shown = shows(still, shipped()["la-vientiane-pyongyang"])
    for name in shipped()["la-vientiane-pyongyang"].names:
        expect(shown).to_contain_text(name.name)


def test_card_gives_the_history_in_words(still: Page) -> None:
    shown = shows(still, OKRYU)
    shown.get_by_text(re.compile("^In words")).click()
    told = part(shown, "^History$").all_inner_texts()
    runs = OKRYU.history(KNOWN)
    assert "11 November 2020" in told[-1] or any("11 November 2020" in text for text in told)
    statuses = [
        run.status for i, run in enumerate(runs) if not i or runs[i - 1].status != run.status
    ]
    assert [re.split(" from | until | throughout", text)[0].lower() for text in told] == [
        status.replace("-", " ") for status in statuses
    ]


def test_relation_leads_to_the_other_venue(still: Page) -> None:
    shown = shows(still, OKRYU)
    shown.get_by_role("button", name="Pyongyang Okryu Restaurant", exact=True).click()
    other = card(still, "Pyongyang Okryu Restaurant")
    expect(other).to_be_visible()
    expect(shown).to_be_hidden()


def test_venue_hidden_by_filters_says_so(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "southeast-asia.html", "#venue=th-bangkok-okryu&country=KH")
    shown = card(page, "Pyongyang Okryu")
    expect(shown).to_contain_text("The filters hide this venue")
    assert all(name != "Pyongyang Okryu" for name, _ in listed(page))


def test_venue_without_claims_says_so(still: Page) -> None:
    one = next(v for v in shipped().values() if not v.claims)
    still.evaluate("id => { location.hash = `#venue=${id}`; }", one.id)
    expect(card(still, one.name)).to_contain_text("Unknown on 1 March 2020")
    expect(card(still, one.name)).to_contain_text(re.compile("no claim|No claim"))


def test_copied_link_shows_the_same_venue(reader: Reader, maps: Path) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = reader.open(maps / "hanoi.html", "#date=2019-06-01&venue=vn-hanoi-koryo", **allowed)
    page.get_by_role("button", name="Copy link", exact=True).click()
    expect(page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    path, _, address = link.partition("#")
    assert path == (maps / "hanoi.html").as_uri()
    other = reader.open(maps / "hanoi.html", f"#{address}")
    expect(card(other, "Koryo Restaurant")).to_be_visible()
    expect(summary(other)).to_have_text(str(summary(page).text_content()))
