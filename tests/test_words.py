from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import outposts
from outposts import dates, vocabulary
from outposts.gazetteer import country_names_in, town_names
from outposts.models import Claim, Source
from outposts.rules import REASONS, RULES
from outposts.sentences import explain
from outposts.words import words

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "cases" / "sentences.json").read_text(encoding="utf-8")
)
WANTED = ("en", "fr", "id", "km", "ko", "lo", "ms", "th", "vi")
OWN_SCRIPT = ("km", "ko", "lo", "th")


def claims(rows: list[list[str]]) -> list[Claim]:
    """Claims of rows such as ``["open", "2020-04", "The Paper"]``."""
    return [
        Claim(
            id=f"x#c{number}",
            says=says,  # type: ignore[arg-type]
            when=dates.parse(when),
            source_id=label,
            source=Source(title="A report", publisher=label, kind="news", accessed=0),
            known=0,
        )
        for number, (says, when, label) in enumerate(rows, 1)
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the vocabularies, in the place of ours."""
    for path in vocabulary.FOLDER.glob("vocabulary*.json"):
        shutil.copy(path, tmp_path)
    cached = (vocabulary.vocabulary, vocabulary.languages, words)
    for one in cached:
        one.cache_clear()
    monkeypatch.setattr(vocabulary, "FOLDER", tmp_path)
    yield tmp_path
    for one in cached:
        one.cache_clear()


def change(path: Path, key: str, value: str | None) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    if value is None:
        del found["strings"][key]
    else:
        found["strings"][key] = value
    path.write_text(json.dumps(found), encoding="utf-8")


@pytest.mark.parametrize("lang", WANTED)
def test_every_language_says_all_that_english_says(lang: str) -> None:
    name = "vocabulary.json" if lang == "en" else f"vocabulary.{lang}.json"
    found = json.loads((vocabulary.FOLDER / name).read_text(encoding="utf-8"))
    english = vocabulary.vocabulary()["en"]
    assert list(vocabulary.gaps(found["en"] if lang == "en" else found, english)) == []


def test_all_nine_languages_are_offered_english_first() -> None:
    assert vocabulary.languages()[0] == "en"
    assert sorted(vocabulary.languages()) == sorted(WANTED)


def test_language_without_a_string_is_not_offered(folder: Path) -> None:
    change(folder / "vocabulary.ko.json", "play", None)
    assert "ko" not in vocabulary.languages()


def test_language_that_loses_a_placeholder_is_not_offered(folder: Path) -> None:
    change(folder / "vocabulary.fr.json", "statusOn", "le {date}")
    assert "fr" not in vocabulary.languages()


def test_language_that_no_native_reader_checked_says_so() -> None:
    checked = {code: vocabulary.vocabulary()[code]["checked"] for code in vocabulary.languages()}
    assert checked == {code: code == "en" for code in WANTED}


def test_closest_language_of_a_region_is_the_plain_one_and_of_an_unknown_one_english() -> None:
    assert [vocabulary.closest(lang) for lang in ("fr-CA", "ko", "pt-BR", "")] == [
        "fr", "ko", "en", "en",
    ]  # fmt: skip


def test_packed_vocabulary_keeps_every_word_of_the_wanted_languages_only() -> None:
    packed = vocabulary.packed(("en", "ko"))
    assert [code for code, _ in packed["others"]] == ["ko"]
    text = json.dumps(packed["others"], ensure_ascii=False)
    assert all(word in text for word in ("언어", "영업 추정", "{y}년 {month} {d}일"))


@pytest.mark.parametrize("case", CASES["dates"], ids=lambda case: str(case["edtf"]))
def test_dates_read_as_in_the_shared_table(case: dict[str, Any]) -> None:
    date = dates.parse(case["edtf"])
    assert json.loads(json.dumps(date.form)) == case["form"]
    assert (date.words, date.phrase) == (case["words"]["en"], case["phrase"]["en"])
    for lang, text in case["words"].items():
        assert words(lang).when(date.form) == text
        assert words(lang).phrase(date.form) == case["phrase"][lang]


@pytest.mark.parametrize("case", CASES["sentences"], ids=lambda case: str(case["reason"]))
def test_sentences_read_as_in_the_shared_table(case: dict[str, Any]) -> None:
    found = claims([*case["for"], *case["against"]])
    for_, against = found[: len(case["for"])], found[len(case["for"]) :]
    for lang, text in case["says"].items():
        assert explain(case["reason"], for_, against, RULES, lang) == text


def test_shared_table_has_every_reason() -> None:
    assert {case["reason"] for case in CASES["sentences"]} == set(REASONS)


@pytest.mark.parametrize("lang", WANTED)
def test_every_sentence_can_be_said_without_a_gap(lang: str) -> None:
    for case in CASES["sentences"]:
        found = claims([*case["for"], *case["against"]])
        size = len(case["for"])
        text = explain(case["reason"], found[:size], found[size:], RULES, lang)
        assert "{" not in text
        assert all(label in text for _, _, label in case["for"][-1:] if size < 4)


@pytest.mark.parametrize("lang", [lang for lang in WANTED if lang != "en"])
def test_countries_and_towns_of_the_registry_have_names_in_every_language(lang: str) -> None:
    venues = list(outposts.load().values())
    codes = {venue.country for venue in venues}
    assert set(country_names_in(lang, codes)) == codes
    if lang in OWN_SCRIPT:
        towns = {(venue.place, venue.country) for venue in venues if venue.place}
        assert [town for town in sorted(towns) if lang not in town_names(*town)] == []


def test_thai_years_are_gregorian() -> None:
    assert words("th").date(dates.day("2020-03-01")) == "1 มีนาคม ค.ศ. 2020"
