"""The page in nine languages, in a real Chromium that has none of their fonts."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_words import CASES, WANTED, claims

import outposts
from outposts import vocabulary
from outposts.rules import RULES
from outposts.sentences import explain, sentence
from outposts.words import words

READY = '#outposts[data-outposts="ready"]'
VENUE = "la-vientiane-pyongyang"


@pytest.fixture(scope="module")
def laos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of Laos with all languages and fonts, made by Python alone."""
    path = tmp_path_factory.mktemp("lang") / "laos.html"
    outposts.Map(outposts.load(), on="2020-03-01", known="2026-11-01", country="LA").save(path)
    return path


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(offline=True, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def look(context: BrowserContext, path: Path, address: str = "") -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(path.as_uri() + address)
    page.wait_for_selector(READY, state="attached")
    return page


def date_told(page: Page) -> str | None:
    return page.locator("input[type=range]").get_attribute("aria-valuetext")


@pytest.mark.parametrize("lang", WANTED)
def test_page_says_the_shared_sentences_as_python_does(
    context: BrowserContext, laos: Path, lang: str
) -> None:
    page = look(context, laos, f"#lang={lang}")
    asked: list[Any] = []
    wanted: list[str] = []
    for case in CASES["sentences"]:
        found = claims([*case["for"], *case["against"]])
        for_, against = found[: len(case["for"])], found[len(case["for"]) :]
        key, told = sentence(case["reason"], for_, against)
        slots = [[slot.clause, *(found.index(claim) for claim in slot.claims)] for slot in told]
        data = {
            "claims": [{"when": c.when.form, "source": i} for i, c in enumerate(found)],
            "sources": [{"publisher": c.source.publisher} for c in found],
            "rules": {"fresh": RULES.fresh, "stale": RULES.stale},
        }
        asked.append([data, [key, *slots]])
        wanted.append(explain(case["reason"], for_, against, RULES, lang))
    said = page.evaluate("cases => cases.map(([data, s]) => outposts.sentence(data, s))", asked)
    assert said == wanted


@pytest.mark.parametrize("lang", WANTED)
def test_page_says_the_shared_dates_as_python_does(
    context: BrowserContext, laos: Path, lang: str
) -> None:
    page = look(context, laos, f"#lang={lang}")
    forms = [case["form"] for case in CASES["dates"]]
    own = words(lang)
    assert page.evaluate("forms => forms.map(outposts.words.when)", forms) == [
        own.when(tuple(form)) for form in forms
    ]
    assert page.evaluate("forms => forms.map(outposts.words.phraseOf)", forms) == [
        own.phrase(tuple(form)) for form in forms
    ]


@pytest.mark.parametrize("lang", WANTED)
def test_language_of_the_address_is_spoken_in_all_parts(
    context: BrowserContext, laos: Path, lang: str
) -> None:
    page = look(context, laos, f"#lang={lang}&venue={VENUE}")
    own = words(lang)
    strings = own.table["strings"]
    assert page.locator("html").get_attribute("lang") == lang
    assert date_told(page) == own.date(18322)
    expect(page.get_by_role("list", name=strings["venues"], exact=True)).to_be_visible()
    for status in own.table["statuses"].values():
        if status != own.table["statuses"]["not-yet-open"]:
            box = page.get_by_role("checkbox", name=status["label"], exact=True)
            expect(box).to_be_visible()
    answer = outposts.load()[VENUE].status("2020-03-01", known="2026-11-01")
    told = {claim.id: claim for claim in outposts.load()[VENUE].claims}
    for_, against = ([told[id] for id in ids] for ids in (answer.for_, answer.against))
    text = explain(answer.reason, for_, against, RULES, lang)
    expect(page.get_by_text(text, exact=True).first).to_be_visible()


def test_query_chooses_the_language_too_and_the_fragment_wins(
    context: BrowserContext, laos: Path
) -> None:
    assert date_told(look(context, laos, "?lang=ko")) == "2020년 3월 1일"
    assert date_told(look(context, laos, "?lang=ko#lang=fr")) == "1er mars 2020"


def test_browser_chooses_the_language_where_the_address_does_not(
    chromium: Browser, laos: Path
) -> None:
    context = chromium.new_context(offline=True, locale="fr-CA")
    assert date_told(look(context, laos)) == "1er mars 2020"
    context.close()
    context = chromium.new_context(offline=True, locale="pt-BR")
    assert date_told(look(context, laos)) == "1 March 2020"
    context.close()


def test_unknown_language_is_left_out_with_a_notice(context: BrowserContext, laos: Path) -> None:
    page = look(context, laos, "#lang=xx")
    expect(page.get_by_text("lang=xx")).to_be_visible()
    assert date_told(page) == "1 March 2020"


def test_menu_changes_the_language_and_keeps_day_venue_filter_and_focus(
    context: BrowserContext, laos: Path
) -> None:
    page = look(context, laos, f"#date=2019-06-01&venue={VENUE}&status=open")
    page.get_by_role("combobox", name="Language").select_option("ko")
    assert date_told(page) == "2019년 6월 1일"
    assert re.search(r"date=2019-06-01.*status=open.*lang=ko", page.url)
    expect(page.get_by_role("combobox", name="언어")).to_be_focused()
    expect(page.get_by_role("checkbox", name="폐업", exact=True)).not_to_be_checked()
    page.get_by_role("combobox", name="언어").select_option("en")
    assert date_told(page) == "1 June 2019"
    for role, name in (("slider", "Date"), ("list", "Venues"), ("combobox", "Language")):
        expect(page.get_by_role(role, name=name, exact=True)).to_have_count(1)  # type: ignore[arg-type]
    assert page.locator(".leaflet-control-zoom").count() == 1
    assert page.locator("canvas.outposts-basemap").count() == 1


def test_menu_names_each_language_in_itself_and_says_which_are_unchecked(
    context: BrowserContext, laos: Path
) -> None:
    page = look(context, laos)
    options = page.get_by_role("combobox", name="Language").locator("option")
    assert options.count() == len(WANTED)
    for i in range(options.count()):
        lang = options.nth(i).get_attribute("lang") or ""
        own = vocabulary.vocabulary()[lang]
        note = "" if own["checked"] else f" ({own['strings']['unchecked']})"
        assert options.nth(i).inner_text() == own["name"] + note


def test_parent_page_can_set_the_language(context: BrowserContext, laos: Path) -> None:
    parent = laos.parent / "parent.html"
    parent.write_text(f'<iframe src="{laos.name}" width="900" height="700"></iframe>')
    page = context.new_page()
    page.goto(parent.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator(READY).wait_for(state="attached")
    page.evaluate(
        "document.querySelector('iframe').contentWindow"
        ".postMessage({type: 'outposts:set', state: {lang: 'vi'}}, '*')"
    )
    expect(frame.locator("html")).to_have_attribute("lang", "vi")


def test_searching_finds_a_town_in_english_and_in_the_page_s_language(
    context: BrowserContext, laos: Path
) -> None:
    page = look(context, laos, "#lang=ko")
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("button"))
    for text in ("vang vieng", "방비엥"):
        page.get_by_role("searchbox").fill(text)
        expect(rows.filter(visible=True).first).to_contain_text("방비엥")


def test_downloads_keep_the_english_names_of_towns(context: BrowserContext, laos: Path) -> None:
    page = look(context, laos, "#lang=lo")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert "Vientiane" in Path(download.value.path()).read_text(encoding="utf-8")


BOXES = """([text, font]) => {
  const context = new OffscreenCanvas(40, 40).getContext("2d", {willReadFrequently: true});
  context.font = font;
  const drawn = (letter) => {
    context.clearRect(0, 0, 40, 40);
    context.fillText(letter, 10, 28);
    return context.getImageData(0, 0, 40, 40).data.join();
  };
  const box = drawn("\\u0378");
  return [...new Set(text)].filter((letter) => letter > "\\u024f" && drawn(letter) === box);
}"""


def test_no_letter_of_names_quotes_and_words_is_a_box(context: BrowserContext, laos: Path) -> None:
    """Unassigned code points show what a box looks like; fonts are those of the page's style."""
    page = look(context, laos, "#lang=km")
    names = page.evaluate("outposts.block('outposts-data').then(({data}) => JSON.stringify(data))")
    text = json.dumps([vocabulary.vocabulary()[c] for c in WANTED], ensure_ascii=False) + names
    page.evaluate("text => document.fonts.load('20px \"Outposts Scripts\"', text)", text)
    font = '20px "DejaVu Sans", "Outposts Scripts", sans-serif'
    assert page.evaluate(BOXES, ["\u0379", font]) == ["\u0379"]
    assert page.evaluate(BOXES, [text, font]) == []


def fonts_of(html: str) -> int:
    found = re.search('id="outposts-fonts">([^<]*)', html)
    return len(json.loads(zlib.decompress(base64.b64decode(found[1]), -15))) if found else 0


def test_fonts_can_be_left_out_and_a_page_embeds_only_those_that_it_needs(tmp_path: Path) -> None:
    registry = outposts.load()
    sizes = {}
    for name, fonts in (("none", ()), ("lao", ("lao",)), ("all", None)):
        path = tmp_path / f"{name}.html"
        outposts.Map(registry, on="2020-03-01", country="LA", languages=["lo"], fonts=fonts).save(
            path
        )
        sizes[name] = fonts_of(path.read_text(encoding="utf-8"))
    assert sizes == {"none": 0, "lao": 1, "all": 2}


def test_page_in_the_map_s_own_language_has_its_table_in_it(tmp_path: Path) -> None:
    path = tmp_path / "ko.html"
    outposts.Map(outposts.load(), on="2020-03-01", country="LA", lang="ko", languages=[]).save(path)
    html = path.read_text(encoding="utf-8")
    assert '<html lang="ko"' in html
    assert "2020년 3월 1일의 업소" in html


def test_right_to_left_language_turns_the_page_round(
    context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vocabulary.languages()
    whole = vocabulary.vocabulary()
    monkeypatch.setitem(whole, "ar", {**whole["en"], "name": "RTL", "dir": "rtl"})
    monkeypatch.setattr("outposts.render.map.languages", lambda: (*whole,)[1:])
    path = tmp_path / "rtl.html"
    outposts.Map(outposts.load(), on="2020-03-01", country="LA", languages=["ar"]).save(path)
    page = look(context, path, "#lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    box = page.get_by_role("list", name="Venues").bounding_box()
    assert box is not None
    assert box["x"] > 600
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
