"""Gazetteer: names and scripts to points, homonyms, and what it says when it does not know."""

from __future__ import annotations

import csv
import math
import subprocess
import sys

import pytest

from outposts import basemap, gazetteer
from outposts.errors import PlaceNotFound, UnknownName
from outposts.paths import geodata

# Where the towns are, from their main square or market, to two decimals.
TRUTH = {
    ("Phnom Penh", "KH"): (104.92, 11.57),
    ("Siem Reap", "KH"): (103.86, 13.36),
    ("Sihanoukville", "KH"): (103.52, 10.63),
    ("Vientiane", "LA"): (102.61, 17.96),
    ("Vang Vieng", "LA"): (102.45, 18.92),
    ("Bangkok", "TH"): (100.50, 13.75),
    ("Pattaya", "TH"): (100.88, 12.93),
    ("Hanoi", "VN"): (105.85, 21.03),
    ("Ho Chi Minh City", "VN"): (106.70, 10.78),
    ("Da Nang", "VN"): (108.22, 16.07),
    ("Jakarta", "ID"): (106.83, -6.18),
    ("Kuala Lumpur", "MY"): (101.69, 3.14),
    ("Balakong", "MY"): (101.75, 3.03),
    ("Yangon", "MM"): (96.16, 16.78),
}

SPELLINGS = {
    "ភ្នំពេញ": "Phnom Penh",
    "프놈펜": "Phnom Penh",
    "ក្រុងសៀមរាប": "Siem Reap",
    "Krong Siem Reap": "Siem Reap",
    "시엠립": "Siem Reap",
    "Siem-Reap": "Siem Reap",
    "ວຽງຈັນ": "Vientiane",
    "ວັງວຽງ": "Vang Vieng",
    "방비엥": "Vang Vieng",
    "Vangvieng": "Vang Vieng",
    "กรุงเทพฯ": "Bangkok",
    "방콕": "Bangkok",
    "พัทยา": "Pattaya",
    "Hà Nội": "Hanoi",
    "하노이": "Hanoi",
    "Saigon": "Ho Chi Minh City",
    "Thành phố Hồ Chí Minh": "Ho Chi Minh City",
    "Đà Nẵng": "Da Nang",
    "DANANG": "Da Nang",
    "자카르타": "Jakarta",
    "쿠알라룸푸르": "Kuala Lumpur",
    "ရန်ကုန်": "Yangon",
    "北京": "Beijing",
    "평양": "Pyongyang",
    "Владивосток": "Vladivostok",
}


def metres(lon: float, lat: float, place: gazetteer.Place) -> float:
    east = (place.lon - lon) * math.cos(math.radians(lat))
    return math.hypot(east, place.lat - lat) * basemap.METRES_PER_DEGREE


@pytest.mark.parametrize(("name", "country"), TRUTH)
def test_town_resolves_by_its_english_name_within_10_km(name: str, country: str) -> None:
    place = gazetteer.find(name, country)
    assert (place.name, place.country) == (name, country)
    assert metres(*TRUTH[name, country], place) < 10_000
    assert gazetteer.find(name) == place


@pytest.mark.parametrize(("spelling", "name"), SPELLINGS.items())
def test_town_resolves_by_other_spellings_and_scripts(spelling: str, name: str) -> None:
    assert gazetteer.find(spelling).name == name


def test_decomposed_hangul_is_the_same_name() -> None:
    assert gazetteer.fold("\u1112\u1161\u1102\u1169\u110b\u1175") == gazetteer.fold("하노이")


def test_vowel_signs_of_lao_and_khmer_are_kept() -> None:
    assert gazetteer.fold("ວຽງຈັນ") != gazetteer.fold("ວຽງຈນ")
    assert gazetteer.fold("ភ្នំពេញ") == "ភ្នំពេញ"


def test_larger_of_two_homonyms_comes_first() -> None:
    largest = gazetteer.find("Hyderabad")
    other = gazetteer.find("Hyderabad", "PK")
    assert (largest.country, other.country) == ("IN", "PK")
    assert largest.population > other.population


def test_town_chiefly_called_so_comes_before_a_larger_one_also_called_so() -> None:
    rows = gazetteer._by_name()
    for name in ("victoria", "sanfernando", "georgetown"):
        chief = [row for rank, _, row in rows[name] if rank <= gazetteer._CHIEF]
        assert gazetteer.fold(gazetteer.find(name).name) == name
        assert chief


def test_country_narrows_the_search() -> None:
    with pytest.raises(
        PlaceNotFound, match=r"'Hanoi' in TH \(Thailand\); there is one in VN \(Vietnam\)"
    ):
        gazetteer.find("Hanoi", "TH")


@pytest.mark.parametrize(
    ("typo", "name"), [("Vang Vien", "Vang Vieng"), ("Phnom Pehn", "Phnom Penh")]
)
def test_unknown_town_names_the_nearest(typo: str, name: str) -> None:
    with pytest.raises(PlaceNotFound, match=name):
        gazetteer.find(typo)


@pytest.mark.parametrize("name", ["", " ", "-"])
def test_empty_name_is_no_town(name: str) -> None:
    with pytest.raises(PlaceNotFound):
        gazetteer.find(name)


def test_country_that_is_no_code_is_refused_with_its_code() -> None:
    with pytest.raises(UnknownName, match=r"VN \(Vietnam\)"):
        gazetteer.find("Hanoi", "Vietnam")


@pytest.mark.parametrize(
    ("population", "radius_m"),
    [(0, 5_000), (499_999, 5_000), (500_000, 10_000), (4_999_999, 10_000), (5_000_000, 15_000)],
)
def test_radius_follows_population(population: int, radius_m: float) -> None:
    assert gazetteer.Place("X", "KH", 0.0, 0.0, population).radius_m == radius_m


@pytest.mark.parametrize("name", ["places.csv", "overrides.csv"])
def test_table_is_sorted_well_formed_and_small(name: str) -> None:
    path = geodata() / "gazetteer" / name
    assert path.stat().st_size < 480_000
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["name", "country", "lon", "lat", "population", "alternates"]
    codes = basemap.country_names()
    for row in rows:
        assert row["name"]
        assert row["country"] in codes
        assert -180 <= float(row["lon"]) <= 180
        assert -90 <= float(row["lat"]) <= 90
        assert int(row["population"]) >= 0
    keys = [(row["country"], row["name"]) for row in rows]
    assert keys == sorted(keys)


def test_nearly_all_towns_are_in_their_country() -> None:
    """Not all: islets that Natural Earth lacks, and Crimea and Western Sahara, which it draws as held."""
    with (geodata() / "gazetteer" / "places.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    astray = [
        row["name"]
        for row in rows
        if not basemap.contains(row["country"], float(row["lon"]), float(row["lat"]))
    ]
    assert len(rows) > 9_000
    assert len(astray) < 25


def test_looking_up_needs_no_fuzzy_matching_and_no_geometry() -> None:
    code = (
        "import sys; from outposts import gazetteer; gazetteer.find('Hanoi');"
        "sys.exit('rapidfuzz' in sys.modules or 'shapely' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
