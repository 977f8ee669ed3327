"""Filters: which venues are wanted, and what a typo is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registries import KORYO, changed, write

from outposts import dates, filters
from outposts.errors import DateError, UnknownName
from outposts.registry import Registry, load
from outposts.status import Run

POINT = "point: {lon: 105.8, lat: 21.0, precision: building, method: survey, by: us}"
KHMER = """\
id: kh-phnom-penh-dang
kind: museum
names:
  - {name: Bảo tàng Đặng, lang: vi, source: paper}
  - {name: ភោជនីយដ្ឋាន, lang: km, source: paper}
operators:
  - {organisation: ministry}
location:
  country: KH
  place: Phnom Penh
claims:
  - {id: c1, says: open, when: "2018-06-15", source: panel, quote: Open.}
  - {id: c2, says: closed, when: "2019-03-10", source: panel, quote: Closed.}
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    files: dict[str, str | None] = {
        "venues/kh/kh-phnom-penh-dang.yaml": KHMER,
        "venues/vn/vn-hanoi-koryo.yaml": changed(KORYO, "place: Hanoi", f"place: Hanoi\n  {POINT}"),
    }
    return load(write(Path(tmp_path_factory.mktemp("registry")), files))


MARKET, KORYO_ID, DANG = "la-night-market", "vn-hanoi-koryo", "kh-phnom-penh-dang"
ALL = [DANG, MARKET, KORYO_ID]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, ALL),
        ({"country": "VN"}, [KORYO_ID]),
        ({"country": "VN,KH"}, [DANG, KORYO_ID]),
        ({"country": ["VN", "LA"]}, [MARKET, KORYO_ID]),
        ({"country": "vn"}, [KORYO_ID]),
        ({"country": " VN , LA "}, [MARKET, KORYO_ID]),
        ({"place": "Hanoi"}, [KORYO_ID]),
        ({"place": "phnom penh"}, [DANG]),
        ({"kind": "restaurant,museum"}, [DANG, KORYO_ID]),
        ({"operator": "chain"}, [KORYO_ID]),
        ({"min_precision": "building"}, [KORYO_ID]),
        ({"min_precision": "street"}, [KORYO_ID]),
        ({"min_precision": "place"}, [DANG, KORYO_ID]),
        ({"min_precision": "country"}, ALL),
        ({"text": "koryo"}, [KORYO_ID]),
        ({"text": "RESTAURANT koryo"}, [KORYO_ID]),
        ({"text": "koryo museum"}, []),
        ({"text": "고려"}, [KORYO_ID]),
        ({"text": "bao tang dang"}, [DANG]),
        ({"text": "Đặng"}, [DANG]),
        ({"text": "ភោជនីយ"}, [DANG]),
        ({"text": "hanoi"}, [KORYO_ID]),
        ({"text": "the chain"}, [KORYO_ID]),
        ({"country": "VN", "kind": "market"}, []),
        ({"country": None, "status": (), "text": None}, ALL),
    ],
    ids=str,
)
def test_filter_keeps_the_venues_that_fit_all_of_it(
    registry: Registry, wanted: dict[str, Any], ids: list[str]
) -> None:
    assert [venue.id for venue in registry.select("2020-04-15", **wanted)] == ids


@pytest.mark.parametrize(
    ("on", "wanted", "ids"),
    [
        ("2020-04-15", "open", [KORYO_ID]),
        ("2020-04-15", "open,closed", [DANG, KORYO_ID]),
        ("2018-07-01", "open", [DANG]),
        ("2019-03-10", "closed", [DANG]),
        ("2019-03-09", "closed", []),
    ],
)
def test_status_is_that_of_the_day_asked_about(
    registry: Registry, on: str, wanted: str, ids: list[str]
) -> None:
    assert [venue.id for venue in registry.select(on, status=wanted)] == ids


def test_status_is_that_known_on_the_day_given(registry: Registry) -> None:
    assert registry.select("2020-04-15", known="2020-06-01", status="open") == []
    assert registry.select("2020-04-15", known="2020-06-02", status="open")


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"year": 2019, "status": "closed"}, [DANG]),
        ({"year": "2019", "status": "open"}, [MARKET, DANG]),
        ({"year": 2018, "status": "closed"}, []),
        ({"start": "2019-03-10", "end": "2019-03-10", "status": "closed"}, [DANG]),
        ({"start": "2019-01-01", "end": "2019-03-09", "status": "closed"}, []),
        ({"start": "2019-03-10", "status": "open"}, [MARKET, KORYO_ID]),
        ({"end": "2018-06-14", "status": "open"}, []),
        ({"end": "2018-06-15", "status": "open"}, [DANG]),
        ({"year": 2020, "end": "2020-03-31", "status": "open", "country": "VN"}, []),
        ({"year": 2020, "end": "2020-04-01", "status": "open", "country": "VN"}, [KORYO_ID]),
    ],
    ids=str,
)
def test_period_wants_the_status_on_some_day_of_it_both_ends_included(
    registry: Registry, wanted: dict[str, Any], ids: list[str]
) -> None:
    assert [venue.id for venue in registry.select("1999-01-01", **wanted)] == sorted(ids)


def test_period_without_a_status_wants_venues_of_which_something_is_known(
    registry: Registry,
) -> None:
    assert [venue.id for venue in registry.select(year=2018)] == [DANG, MARKET]
    assert registry.select(year=1999) == []


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ({"status": "opne"}, "'open'"),
        ({"status": "presumed"}, "presumed-open"),
        ({"country": "VM"}, "VN"),
        ({"place": "Hanio"}, "'Hanoi'"),
        ({"kind": "restaurants"}, "'restaurant'"),
        ({"operator": "chian"}, "'chain'"),
        ({"min_precision": "stret"}, "'street'"),
        ({"contry": "VN"}, "'country'"),
        ({"country": "VN,QQ"}, "'QQ'"),
        ({"year": "last"}, "such as 2019"),
        ({"year": "0"}, "such as 2019"),
        ({"year": "２０１９"}, "such as 2019"),
        ({"country": 5}, "a list of names"),
    ],
    ids=str,
)
def test_typo_is_answered_with_the_nearest_names(
    registry: Registry, wanted: dict[str, Any], hint: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        registry.select(**wanted)
    assert hint in str(caught.value)


def test_period_that_is_no_day_is_an_error(registry: Registry) -> None:
    with pytest.raises(DateError):
        registry.select(start="2019", end="2020")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đà Nẵng", "da nang"),
        ("HÀ  NỘI", "ha noi"),
        ("Café", "cafe\u0301"),
        ("고려", "\u1100\u1169\u1105\u1167"),
        ("ＫＯＲＹＯ", "koryo"),
        ("Straße", "strasse"),
        ("P’yŏngyang", "Pyongyang"),
        ("ﾋﾟｮﾝﾔﾝ", "ピョンヤン"),
        ("น้ำ", "นํ้า"),
        ("ໜອງ", "ຫນອງ"),
        ("ភ្នំ\u200bពេញ", "ភ្នំពេញ"),
        ("២០១៩", "2019"),
        ("Pyongyang-gwan (2)", "pyongyang gwan 2"),
    ],
)
def test_folded_texts_are_the_same(one: str, other: str) -> None:
    assert filters.fold(one) == filters.fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert filters.fold(filters.fold(text)) == filters.fold(text)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("restaurant koryo", [KORYO_ID]),  # in any order
        ("고려 koryo", [KORYO_ID]),  # in names of two scripts
        ('"koryo restaurant"', [KORYO_ID]),
        ('"restaurant koryo"', []),
        ("“Koryo Restaurant”", [KORYO_ID]),
        ("koryorestaurant", [KORYO_ID]),  # what a name parts, written together
        ("oryorest", []),  # but only from the beginning of a word on
        ("baotang", [DANG]),
        ("고려 식당", [KORYO_ID]),
        ("vn-hanoi-koryo", [KORYO_ID]),
        ("?!", []),  # nothing to search for is not everything
        ("  ", ALL),
    ],
)
def test_search_finds_what_was_meant(registry: Registry, text: str, ids: list[str]) -> None:
    assert [venue.id for venue in registry.select(text=text)] == ids


@pytest.mark.parametrize(
    "words", ["Koryo Hanoi", "Goryo Restaurant", "koryu restorant", "고려 식당", "고려식담"]
)
def test_likest_name_comes_first_however_it_is_spelled(registry: Registry, words: str) -> None:
    assert registry.search(words)[0].id == KORYO_ID


def test_search_for_what_is_like_no_name_finds_nothing(registry: Registry) -> None:
    assert registry.search("xyzzy") == registry.search("?!") == registry.search("") == []
    assert len(registry.search("restaurant museum market koryo", 1)) <= 1


@pytest.mark.parametrize("name", ["Hà Nội", "하노이", "ha noi", "ハノイ"])
def test_town_is_found_by_its_name_in_any_script(registry: Registry, name: str) -> None:
    assert [venue.id for venue in registry.select(place=name)] == [KORYO_ID]


def test_marks_of_khmer_and_lao_are_letters() -> None:
    assert filters.fold("ວຽງຈັນ") != filters.fold("ວຽງຈນ")


def test_run_that_ends_on_a_day_is_not_within_it() -> None:
    start, end = dates.day("2020-01-01"), dates.day("2020-02-01")
    run = Run(start, end, "open", "seen-open", (), ())
    assert filters.within([run], end - 1, end) == [run]
    assert filters.within([run], end, end + 1) == []
    assert filters.within([run], start - 9, start) == [run]
    assert filters.within([run], start - 9, start - 1) == []


@pytest.mark.parametrize("word", ["KH", "kh", "Cambodia", "cambodia"])
def test_country_is_its_code_or_its_english_name(word: str) -> None:
    registry = load()
    assert registry.filter(country=word).country == ("KH",)
