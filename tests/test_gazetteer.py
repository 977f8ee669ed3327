"""Gazetteer: names and scripts to points, homonyms, and what it says when it does not know."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outposts import basemap, gazetteer, towns
from outposts.cli import main
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

# Each by its English, local, Korean and one other name.
FOUR_NAMES = {
    ("Phnom Penh", "KH"): ("ភ្នំពេញ", "프놈펜", "Phnôm Pênh"),
    ("Siem Reap", "KH"): ("ក្រុងសៀមរាប", "시엠레아프", "Xiêm Riệp"),
    ("Vang Vieng", "LA"): ("ວັງວຽງ", "방비엥", "Ванг Вьенг"),
    ("Vientiane", "LA"): ("ວຽງຈັນ", "비엔티안", "វៀងចន្ទន៍"),
    ("Bangkok", "TH"): ("กรุงเทพมหานคร", "방콕", "Krung Thep"),
    ("Hanoi", "VN"): ("Hà Nội", "하노이", "Thăng Long"),
    ("Jakarta", "ID"): ("Daerah Khusus Ibukota Jakarta", "자카르타", "Batavia"),
    ("Kuala Lumpur", "MY"): ("Wilayah Persekutuan Kuala Lumpur", "쿠알라룸푸르", "吉隆坡"),
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


ASEAN = ("BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN")


def metres(lon: float, lat: float, place: gazetteer.Place) -> float:
    east = (place.lon - lon) * math.cos(math.radians(lat))
    return math.hypot(east, place.lat - lat) * basemap.METRES_PER_DEGREE


@pytest.mark.parametrize(("name", "country"), TRUTH)
def test_town_resolves_by_its_english_name_within_10_km(name: str, country: str) -> None:
    place = gazetteer.find(name, country)
    assert (place.name, place.country) == (name, country)
    assert metres(*TRUTH[name, country], place) < 10_000
    assert gazetteer.find(name) == place


@pytest.mark.parametrize(("town", "others"), FOUR_NAMES.items())
def test_town_of_the_first_eight_is_found_by_four_names(
    town: tuple[str, str], others: tuple[str, str, str]
) -> None:
    name, country = town
    for spelling in (name, *others):
        place = gazetteer.find(spelling)
        assert (place.name, place.country) == town
        assert metres(*TRUTH[town], place) < 10_000
        assert gazetteer.find(spelling, country) == place


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


@pytest.mark.parametrize(
    ("name", "country"),
    [("Georgetown", "GY"), ("San Fernando", "PH"), ("Victoria", "HK"), ("Paris", "FR")],
)
def test_town_chiefly_called_so_comes_before_a_larger_one_also_called_so(
    name: str, country: str
) -> None:
    place = gazetteer.find(name)
    assert (gazetteer.fold(place.name), place.country) == (gazetteer.fold(name), country)


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("Canton", "Guangzhou"),
        ("Penang", "George Town"),
        ("New York", "New York City"),
        ("Peking", "Beijing"),
        ("Rangoon", "Yangon"),
    ],
)
def test_city_also_called_so_comes_before_a_village_of_that_name(name: str, town: str) -> None:
    assert gazetteer.find(name).name == town


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


@pytest.fixture(scope="module")
def table() -> towns.Towns:
    return towns.read(geodata() / "gazetteer" / "towns.bin")


def test_overrides_are_sorted_and_well_formed() -> None:
    with (geodata() / "gazetteer" / "overrides.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = ["name", "country", "admin1", "lon", "lat", "population", "alternates"]
    assert list(rows[0]) == columns
    for row in rows:
        assert row["name"]
        assert basemap.contains(row["country"], float(row["lon"]), float(row["lat"]))
        assert int(row["population"]) >= 0
    keys = [(row["country"], row["name"]) for row in rows]
    assert keys == sorted(keys)


def test_all_of_the_gazetteer_is_under_3_mb() -> None:
    assert sum(path.stat().st_size for path in (geodata() / "gazetteer").iterdir()) < 3_000_000


def test_table_holds_southeast_asia_and_the_towns_of_the_world(table: towns.Towns) -> None:
    rows = [table.row(number) for number in range(len(table.names))]
    codes = basemap.country_names()
    asean = [row for row in rows if row.country in ASEAN]
    assert len(asean) > 17_000
    assert {row.country for row in asean} == set(ASEAN)
    assert len(rows) - len(asean) > 31_000
    assert len({row.country for row in rows}) > 230
    for row in rows:
        assert row.name == row.name.strip() != ""
        assert row.country in codes
        assert -180 <= row.lon <= 180
        assert -90 <= row.lat <= 90
        assert row.population >= 0
    assert sum(row.admin1 == "" for row in rows) < 200
    # Some capitals are smaller.
    small = [r for r in rows if r.country not in ASEAN and r.population < 15_000]
    assert len(small) < 50


def test_nearly_all_towns_are_in_their_country(table: towns.Towns) -> None:
    """Not all: islets that Natural Earth lacks, and Crimea and Western Sahara, which it draws as held."""
    rows = [table.row(number) for number in range(0, len(table.names), 7)]
    astray = [row.name for row in rows if not basemap.contains(row.country, row.lon, row.lat)]
    assert len(rows) > 7_000
    assert len(astray) < len(rows) / 100


@pytest.mark.parametrize("ascii", [True, False])
def test_every_name_of_the_table_is_folded_sorted_and_found(
    table: towns.Towns, ascii: bool
) -> None:
    keys, numbers = table.entries(ascii)
    assert len(keys) == len(numbers) > 100_000
    encoded = [key.encode() for key in keys]
    assert encoded == sorted(set(encoded))
    # Every 53rd of all, and a stretch of several blocks, whose ends are looked up too.
    for some in (slice(None, None, 53), slice(1_000, 3_000)):
        for key, text in zip(keys[some], numbers[some], strict=True):
            assert gazetteer.fold(key) == key
            assert key[0].isascii() is ascii
            assert table.called(key) == towns.numbers(text) != ([], [])


@pytest.mark.parametrize(
    "key", ["", "\n", "\t", "hanoi\n", "\nhanoi", "\x00", "\udc80", "\U0010ffff"]
)
def test_what_is_no_key_is_not_found(table: towns.Towns, key: str) -> None:
    assert table.called(key) == ([], [])


def test_file_that_is_no_table_is_refused() -> None:
    with pytest.raises(ValueError, match="not a table of towns"):
        towns.Towns(b"name,country\n")


def test_looking_up_needs_no_fuzzy_matching_and_no_geometry() -> None:
    code = (
        "import sys; from outposts import gazetteer; gazetteer.find('Hanoi');"
        "sys.exit('rapidfuzz' in sys.modules or 'shapely' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# Any text


@example("\u0345\u03b1")
@example("\u1e9b\u0323")
@example("İstanbul")
@given(st.text())
@settings(max_examples=500, deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = gazetteer.fold(text)
    assert gazetteer.fold(once) == once


def test_folding_a_letter_twice_is_folding_it_once() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    assert [c for c in letters if gazetteer.fold(gazetteer.fold(c)) != gazetteer.fold(c)] == []


@example("\ud800", None)
@example("\x00", "KH")
@example("x" * 10_000, None)
@example("한" * 10_000, "LA")
@example("e\u0301" * 5_000, None)
@example("\ufdfa" * 200, None)
@given(st.text(st.characters()), st.none() | st.sampled_from(ASEAN))
@settings(max_examples=60, deadline=None)
def test_any_text_is_found_or_told_to_be_missing(text: str, country: str | None) -> None:
    found = gazetteer.search(text, country)
    if any(match.how != "fuzzy" for match in found):
        assert gazetteer.find(text, country) == found[0].place
    else:
        with pytest.raises(PlaceNotFound) as missing:
            gazetteer.find(text, country)
        assert len(str(missing.value).encode()) < 1_500
    for match in found:
        assert country in (None, match.place.country)
        assert 0 < match.likeness <= 100


# search


def hows(name: str, country: str | None = None) -> list[tuple[str, str]]:
    return [(match.place.name, match.how) for match in gazetteer.search(name, country)]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("Luang Prabang", "exact"),
        ("luang prabang", "exact"),
        ("Luang-Prabang", "folded"),
        ("luangprabang", "folded"),
        ("เชียงใหม่", "exact"),
        ("Saigon", "exact"),
        ("Sai Gon", "folded"),
        ("Vang Vien", "fuzzy"),
    ],
)
def test_match_says_how_it_was_found(name: str, how: str) -> None:
    assert gazetteer.search(name)[0].how == how


def test_ambiguous_name_gives_all_its_towns_with_regions() -> None:
    found = gazetteer.search("San Fernando", "PH")
    assert len(found) > 3
    assert {match.place.country for match in found} == {"PH"}
    assert len({match.place.admin1 for match in found}) > 3
    people = [match.place.population for match in found]
    assert people == sorted(people, reverse=True)


def test_there_are_two_hanois_and_the_capital_is_first() -> None:
    first, second = gazetteer.search("Hanoi")
    assert (first.place, second.place.country) == (gazetteer.find("Hanoi"), "VN")
    assert metres(first.place.lon, first.place.lat, second.place) > 50_000


def test_town_of_overrides_is_there_once() -> None:
    assert [name for name, _ in hows("Phnom Penh")] == ["Phnom Penh"]
    assert hows("Batavia", "ID")[0][0] == "Jakarta"


def test_fuzzy_matches_are_of_like_spelling_and_the_likeliest_is_first() -> None:
    found = gazetteer.search("Phnom Pehn")
    assert found[0].place.name == "Phnom Penh"
    assert all(match.how == "fuzzy" and match.likeness < 100 for match in found)
    assert gazetteer.search("시엠랩")[0].place.name == "Siem Reap"


def test_limit_cuts_and_none_does_not() -> None:
    assert len(gazetteer.search("San Isidro")) == 10
    assert len(gazetteer.search("San Isidro", limit=2)) == 2
    assert len(gazetteer.search("San Isidro", limit=None)) > 20


# outposts place


def place(*words: str) -> Result:
    return CliRunner().invoke(main, ["place", *words])


def test_place_prints_where_a_town_is() -> None:
    result = place("វៀងចន្ទន៍", "--format", "json")
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)
    columns = ["name", "admin1", "country", "lon", "lat", "population", "matched", "likeness"]
    assert list(row) == columns
    assert (row["name"], row["country"], row["matched"]) == ("Vientiane", "LA", "exact")
    assert (row["lon"], row["lat"]) == (pytest.approx(102.6, abs=0.1), pytest.approx(18, abs=0.1))
    (same,) = csv.DictReader(place("Vientiane", "--format", "csv").stdout.splitlines())
    assert list(same) == columns
    assert {**same} == {**{key: str(value) for key, value in row.items()}}
    assert "Vientiane" in place("비엔티안").stdout
    assert place("비엔티안").stderr == ""


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_place_says_that_a_name_is_ambiguous(form: str) -> None:
    result = place("San Isidro", "--limit", "3", "--format", form)
    assert result.exit_code == 0
    assert "ambiguous" in result.stderr
    assert "3 are shown" in result.stderr
    assert "--country" in result.stderr
    assert result.stdout.count("San Isidro") == 3


def test_place_spelled_nearly_so_is_told_to_be_that() -> None:
    result = place("Vang Vien", "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["matched"] == "fuzzy"
    assert "no town 'Vang Vien'" in result.stderr


def test_place_that_is_like_none_is_exit_1_with_the_nearest_names() -> None:
    result = place("xqzzyw")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nearest names: " in result.stderr


def test_place_in_another_country_is_told() -> None:
    assert "there is one in VN (Vietnam)" in place("Hanoi", "--country", "TH").stderr
    result = place("Hanoi", "--country", "Vietnam")
    assert result.exit_code == 2
    assert "VN (Vietnam)" in result.stderr


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\x1b[31mred",
        "\udc80\udcff",
        "\u202e",
        "a\nb",
        "x" * 10_240,
        "ກ" * 10_240,
        "=1+1",
        "👩\u200d👩",
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_place_that_is_hostile_is_not_found(name: str, form: str) -> None:
    result = place("--format", form, "--", name)
    assert result.exit_code in (0, 1)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert len(result.output) < 5_000


@given(
    st.floats(-170, 150),
    st.floats(-80, 60),
    st.floats(0.1, 20),
    st.floats(0.1, 20),
    st.floats(0, 5),
)
@settings(deadline=None, max_examples=40)
def test_towns_around_are_in_the_box_and_apart_and_leave_none_out(
    west: float, south: float, wide: float, high: float, apart: float
) -> None:
    box = (west, south, west + wide, south + high)
    found = gazetteer.around(*box, apart, 10)
    for i, place in enumerate(found):
        assert box[0] <= place.lon <= box[2]
        assert box[1] <= place.lat <= box[3]
        assert all(degrees(place, other) >= apart for other in found[:i])
    if len(found) < 10:
        table = gazetteer._table()
        for number in table.within(*box):
            row = table.row(number)
            assert any(degrees(row, place) <= max(apart, 0.6) for place in found)
    assert len(found) <= 10


def degrees(one: gazetteer.Place | towns.Row, other: gazetteer.Place) -> float:
    return max(abs(one.lon - other.lon), abs(one.lat - other.lat))
