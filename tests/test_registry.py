"""Registry: what loads, every fault with its line, group claims, and the canonical form."""

from __future__ import annotations

import shutil
from dataclasses import FrozenInstanceError
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from registries import (
    KORYO,
    KORYO_FILE,
    LAO,
    LAO_FILE,
    ORGANISATIONS,
    SOURCES,
    changed,
    koryo,
    write,
)

import outposts
from outposts import dates, yamlfile
from outposts.canonical import canonical, shape_of
from outposts.errors import RegistryError, UnknownName
from outposts.paths import geodata
from outposts.registry import inspect, load

Files = dict[str, str | None]
CLOSED = """\
  - id: c2
    says: closed
    when: "2021"
    source: panel
    quote: "It closed."
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(folder: Path, files: Files, level: str = "error") -> list[str]:
    """Return the problems of one level of the small registry with some files changed."""
    write(folder / "r", files)
    return [str(p) for p in inspect("r")[1] if p.level == level]


# What loads


def test_small_registry_is_a_mapping_of_ids_to_venues(here: Path) -> None:
    registry = load(write(here / "r"))
    assert list(registry) == ["la-night-market", "vn-hanoi-koryo"]
    assert len(registry) == 2
    assert "vn-hanoi-koryo" in registry
    assert registry["vn-hanoi-koryo"].name == "Koryo Restaurant"
    assert registry.get("vn-hanoi-nowhere") is None


def test_small_registry_has_no_problem(here: Path) -> None:
    assert inspect(write(here / "r"))[1] == []


def test_venue_is_a_frozen_record(here: Path) -> None:
    venue = load(write(here / "r"))["vn-hanoi-koryo"]
    with pytest.raises(FrozenInstanceError):
        venue.name = "Another"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        venue.names[0].name = "Another"  # type: ignore[misc]


def test_first_name_is_shown_and_all_are_kept(here: Path) -> None:
    venue = load(write(here / "r"))["vn-hanoi-koryo"]
    assert venue.name == "Koryo Restaurant"
    assert [(name.name, name.lang) for name in venue.names] == [
        ("Koryo Restaurant", "en"),
        ("고려식당", "ko"),
    ]


def test_claim_has_a_global_id_and_its_source(here: Path) -> None:
    (claim,) = load(write(here / "r"))["vn-hanoi-koryo"].claims
    assert claim.id == "vn-hanoi-koryo#c1"
    assert claim.source.publisher == "The Paper"
    assert claim.quote == "As of April, it was still open."
    assert (dates.iso(claim.window.first), dates.iso(claim.window.last)) == (
        "2020-04-01",
        "2020-04-30",
    )


@pytest.mark.parametrize(
    ("published", "known"),
    [
        ('published: "2020-06-02"', "2020-06-02"),
        ('published: "2020-06"', "2020-06-30"),
        ('published: "2020-05-30~"', "2020-06-02"),
        ('published: "[..2020-06-02]"', "2020-06-02"),
        ('published: "[2020-06-02..]"', "2020-07-01"),
        ("published: null", "2020-07-01"),
        ("author: null", "2020-07-01"),
    ],
)
def test_claim_is_known_on_the_last_day_published_can_mean_else_when_accessed(
    here: Path, published: str, known: str
) -> None:
    sources = changed(SOURCES, 'published: "2020-06-02"', published)
    (claim,) = load(write(here / "r", {"sources.yaml": sources}))["vn-hanoi-koryo"].claims
    assert dates.iso(claim.known) == known


@pytest.mark.parametrize(
    ("line", "weak"),
    [
        ('when: "2020-04"', False),
        ('when: "2020-04?"', True),
        ('when: "2020-04%"', True),
        ('when: "2020-04~"', False),
        ('when: "2020-04"\n    weak: true', True),
        ('when: "2020-04"\n    weak: false', False),
    ],
)
def test_uncertain_date_makes_a_claim_weak(here: Path, line: str, weak: bool) -> None:
    files = koryo('when: "2020-04"', line)
    (claim,) = load(write(here / "r", files))["vn-hanoi-koryo"].claims
    assert claim.weak is weak


def test_retracted_claim_is_kept_and_hidden_from_its_day(here: Path) -> None:
    retracted = 'when: "2020-04"\n    retracted: {on: "2020-12-01", why: another venue}'
    venue = load(write(here / "r", koryo('when: "2020-04"', retracted)))["vn-hanoi-koryo"]
    assert len(venue.claims) == 1
    assert venue.status("2020-04-15", known="2020-11-30").status == "open"
    assert venue.status("2020-04-15", known="2020-12-01").reason == "no-evidence"


def test_scalars_stay_what_was_typed(here: Path) -> None:
    text = KORYO.replace("As of April, it was still open.", "x")
    text = changed(text, 'quote: "x"', "quote: 2019\n    stated: NO\n    note: 12:30")
    (claim,) = load(write(here / "r", {KORYO_FILE: text}))["vn-hanoi-koryo"].claims
    assert (claim.quote, claim.stated, claim.note) == ("2019", "NO", "12:30")


def test_country_no_is_norway(here: Path) -> None:
    text = KORYO.replace("vn-hanoi-koryo", "no-oslo-koryo")
    text = text.replace("country: VN", "country: NO").replace("place: Hanoi", "place: Oslo")
    registry = load(write(here / "r", {"venues/no/no-oslo-koryo.yaml": text}))
    assert registry["no-oslo-koryo"].country == "NO"


def test_null_and_an_empty_value_are_absent(here: Path) -> None:
    files = koryo(
        'when: "2020-04"',
        'when: "2020-04"\n    translation: null\n    note:\n    stated: ~',
    )
    (claim,) = load(write(here / "r", files))["vn-hanoi-koryo"].claims
    assert (claim.translation, claim.note, claim.stated) == (None, None, None)


def test_quoted_null_is_text(here: Path) -> None:
    files = koryo('when: "2020-04"', 'when: "2020-04"\n    note: "null"')
    (claim,) = load(write(here / "r", files))["vn-hanoi-koryo"].claims
    assert claim.note == "null"


POINT = "point: {lon: 105.8009, lat: 21.0093, precision: street, radius_m: 300, method: source, by: paper}"


def test_venue_with_a_point_stands_there(here: Path) -> None:
    files = koryo("place: Hanoi", f"place: Hanoi\n  {POINT}")
    venue = load(write(here / "r", files))["vn-hanoi-koryo"]
    assert (venue.lon, venue.lat) == (105.8009, 21.0093)
    assert (venue.precision, venue.radius_m) == ("street", 300)


def test_venue_without_a_point_stands_at_its_place(here: Path) -> None:
    venue = load(write(here / "r"))["vn-hanoi-koryo"]
    assert venue.lon == pytest.approx(105.84, abs=0.1)
    assert venue.lat == pytest.approx(21.03, abs=0.1)
    assert (venue.precision, venue.radius_m) == ("place", 15_000)


def test_venue_known_by_country_stands_nowhere(here: Path) -> None:
    venue = load(write(here / "r"))["la-night-market"]
    assert (venue.lon, venue.lat, venue.radius_m) == (None, None, None)
    assert (venue.precision, venue.place) == ("country", None)


@pytest.mark.parametrize(
    "address",
    [
        'address: {text: "61 Trung Hòa", source: paper}',
        'address:\n    - {text: "61 Trung Hòa", source: paper}\n    - {text: "Cầu Giấy"}',
    ],
    ids=["one", "a list"],
)
def test_address_is_one_or_a_list(here: Path, address: str) -> None:
    files = koryo("place: Hanoi", f"place: Hanoi\n  {address}")
    venue = load(write(here / "r", files))["vn-hanoi-koryo"]
    assert venue.addresses[0].text == "61 Trung Hòa"


def test_registry_without_its_optional_files_loads(here: Path) -> None:
    files: Files = dict.fromkeys([KORYO_FILE, LAO_FILE, "sources.yaml", "organisations.yaml"])
    assert len(load(write(here / "r", files))) == 0


def test_registry_of_the_environment_is_the_default(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "r")
    monkeypatch.setenv("OUTPOSTS_REGISTRY", str(here / "r"))
    assert list(load()) == ["la-night-market", "vn-hanoi-koryo"]


def test_unknown_venue_names_the_nearest(here: Path) -> None:
    registry = load(write(here / "r"))
    with pytest.raises(UnknownName, match=r"'vn-hanoi-koyro'.*'vn-hanoi-koryo'"):
        registry.venue("vn-hanoi-koyro")


def test_public_names_are_sorted_and_there() -> None:
    assert sorted(outposts.__all__) == outposts.__all__
    assert all(getattr(outposts, name) is not None for name in outposts.__all__)
    assert dir(outposts) == sorted([*outposts.__all__, "__version__"])


# Every fault with its line

FOUR_FAULTS = """\
    id: vn-hanoi-koryo
    kind: restaurant
    names:
      - {name: Koryo Restaurant, lang: en, source: paper}
    location:
      country: VN
      place: Hanoi
    claims:
      - id: c1
        says: open
        when: "2020-04"
        source: paper
        quote: "As of April, it was still open."
      - id: c2
        lang: en
        says: shut
        quote: "It is shut."
        when: late 2019
        sourse: paper
    """


def test_errors_of_the_format_document_come_out_to_the_letter(here: Path) -> None:
    write(here / "geodata" / "registry", {KORYO_FILE: FOUR_FAULTS})
    problems = inspect("geodata/registry")[1]
    assert [str(problem) for problem in problems if problem.level == "error"] == [
        "geodata/registry/venues/vn/vn-hanoi-koryo.yaml:14:5: claims[1].source: required",
        "geodata/registry/venues/vn/vn-hanoi-koryo.yaml:16:11: claims[1].says: "
        "'shut' is not one of opened, open, suspended, closed",
        "geodata/registry/venues/vn/vn-hanoi-koryo.yaml:18:11: claims[1].when: "
        "'late 2019' is not EDTF; did you mean \"2019-39\"?",
        "geodata/registry/venues/vn/vn-hanoi-koryo.yaml:19:5: claims[1].sourse: "
        "unknown field; did you mean 'source'?",
    ]


def test_all_faults_of_all_files_are_told_at_once_and_sorted(here: Path) -> None:
    files: Files = {
        KORYO_FILE: changed(FOUR_FAULTS, "kind: restaurant", "kind: restaurnt"),
        LAO_FILE: changed(LAO, "country: LA", "country: LA\n  place: Vang Vieg"),
        "registry.yaml": "titel: x\n",
        "organisations.yaml": changed(ORGANISATIONS, "parent: ministry", "parent: minstry"),
        "events.yaml": '- {id: e, on: "2019-13", label: Deadline, kind: deadline}\n',
    }
    told = found(here, files)
    paths = [line.split(":")[0] for line in told]
    assert paths == sorted(paths)
    assert {path.removeprefix("r/") for path in paths} == {*files}
    assert len(told) == 10
    with pytest.raises(RegistryError) as caught:
        load("r")
    assert [str(problem) for problem in caught.value.problems] == told
    assert str(caught.value).splitlines() == ["the registry has 10 problems:", *told]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("kind: restaurant", "kind: restaurant\nkind: museum", "3:1: kind: the same key"),
        ("place: Hanoi", "place: &town Hanoi", "10:10: location.place: the anchor &town"),
        ("place: Hanoi", "place: *town", "10:10: location.place: the alias *town"),
        ("place: Hanoi", "place: !!str Hanoi", "10:10: location.place: the tag "),
        ("location:", "location: !place", "8:11: location: the tag !place"),
        ("place: Hanoi", "plaice: Hanoi", "10:3: location.plaice: unknown field; did you mean 'place'?"),
        ("place: Hanoi", "\tplace: Hanoi", "10:3: not YAML: "),
        ("place: Hanoi", 'place: "Hanoi', "not YAML: "),
        ("kind: restaurant", "kind: restaurnt", "2:7: kind: 'restaurnt' is not one of restaurant, museum, company, "),
        ("place: Hanoi", "place: Hanio", "10:10: location.place: the gazetteer has no town 'Hanio' in VN"),
        ("place: Hanoi", "place: Bangkok", "10:10: location.place: the gazetteer has no town 'Bangkok' in VN (Vietnam); there is one in TH (Thailand)"),
        ("country: VN", "country: vn", "9:12: location.country: 'vn' is not an ISO 3166-1 code"),
        ("organisation: chain", "organisation: chian", "7:20: operators[0].organisation: no organisation is called 'chian'; did you mean 'chain'?"),
        ("source: paper\n    quote", "source: papers\n    quote", "15:13: claims[0].source: no source is called 'papers'; did you mean 'paper'?"),
        ("lang: ko, source: paper", "lang: ko, source: papre", "5:36: names[1].source: no source is called 'papre'; did you mean 'paper'?"),
        ("As of April, it was still open.", "x" * 301, "16:12: claims[0].quote: 301 characters; a quote may have 300"),
        ('"2020-04"', '"2020-04"\n    weak: maybe', "15:11: claims[0].weak: 'maybe' is not true or false"),
        ('"2020-04"', '"2020-04"\n    retracted: {on: "2020-12-01"}', "15:16: claims[0].retracted.why: required"),
        ("id: vn-hanoi-koryo", "id: VN-Hanoi", "1:5: id: 'VN-Hanoi' is not an id"),
        ("place: Hanoi", "place: Hanoi\nmoved_to: la-night-markt", "11:11: moved_to: no venue is called 'la-night-markt'; did you mean 'la-night-market'?"),
        ("place: Hanoi", "place: Hanoi\nduplicate_of: vn-hanoi-koryo", "11:15: duplicate_of: 'vn-hanoi-koryo' is this venue itself"),
        ("place: Hanoi", "place: Hanoi\n  address: {text: Here, source: papers}", "11:33: location.address.source: no source is called 'papers'"),
    ],
)  # fmt: skip
def test_fault_in_a_venue_is_told_with_its_line(here: Path, old: str, new: str, line: str) -> None:
    told = found(here, koryo(old, new))
    assert len(told) == 1
    assert told[0].startswith(f"r/{KORYO_FILE}:")
    assert line in told[0]


@pytest.mark.parametrize(
    ("point", "line"),
    [
        ("lon: 100.5, lat: 13.7", "11:10: location.point: lon 100.5, lat 13.7 is not in VN (Vietnam)"),
        ("lon: 21.0, lat: 81.8", "11:10: location.point: lon 21.0, lat 81.8 is not in VN (Vietnam)"),
        ("lon: 106.7, lat: 10.78", "11:10: location.point: 1137 km from Hanoi; at most 60 km is likely"),
        ("lon: 105.8, lat: 21.0 N", "11:28: location.point.lat: '21.0 N' is not a number"),
        ("lon: nan, lat: 21.0", "11:16: location.point.lon: 'nan' is not a number"),
        ("lon: 105.8, lat: 91", "11:28: location.point.lat: '91' is out of range"),
        ("lat: 21.0", "11:10: location.point.lon: required"),
    ],
)  # fmt: skip
def test_point_that_cannot_be_is_an_error(here: Path, point: str, line: str) -> None:
    text = f"{{{point}, precision: street, radius_m: 300, method: survey, by: us}}"
    told = found(here, koryo("place: Hanoi", f"place: Hanoi\n  point: {text}"))
    assert len(told) == 1
    assert f"r/{KORYO_FILE}:{line}" in told[0]


def test_point_with_lon_and_lat_swapped_is_said_to_be(here: Path) -> None:
    ethiopia = """\
        id: et-addis-ababa-x
        kind: office
        names: [{name: X}]
        location:
          country: ET
          point: {lon: 9.03, lat: 38.74, precision: street, method: survey, by: us}
        """
    told = found(here, {"venues/et/et-addis-ababa-x.yaml": ethiopia})
    assert len(told) == 1
    assert "lon and lat swapped?" in told[0]


def test_point_within_60_km_of_its_place_is_fine(here: Path) -> None:
    point = "{lon: 105.4, lat: 21.1, precision: district, method: survey, by: us}"
    assert found(here, koryo("place: Hanoi", f"place: Hanoi\n  point: {point}")) == []


@pytest.mark.parametrize(
    ("says", "when", "wrong"),
    [
        ("closed", "2020-04/2020-05", True),
        ("opened", "2020-04/..", True),
        ("suspended", "2020-04/2020-05", False),
        ("open", "2020-04/..", False),
        ("closed", "[2020-04..2020-05]", False),
    ],
)
def test_extent_is_only_for_open_and_suspended(
    here: Path, says: str, when: str, wrong: bool
) -> None:
    text = changed(changed(KORYO, "says: open", f"says: {says}"), '"2020-04"', f'"{when}"')
    told = found(here, {KORYO_FILE: text})
    assert bool(told) is wrong
    assert all(":14:11: claims[0].when: " in line and f"[{when.replace('/', '..')[:9]}" in line for line in told)  # fmt: skip


def test_two_claims_with_one_id_are_an_error(here: Path) -> None:
    told = found(here, {KORYO_FILE: KORYO + CLOSED.replace("id: c2", "id: c1")})
    assert told == [f"r/{KORYO_FILE}:17:9: claims[1].id: 'c1' a second time"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("venues/vn/vn-koryo.yaml", "1:5: id: 'vn-hanoi-koryo' is in vn-koryo.yaml"),
        ("venues/vn/vn-hanoi-koryo.yml", "1:5: id: 'vn-hanoi-koryo' is in vn-hanoi-koryo.yml"),
        ("venues/la/vn-hanoi-koryo.yaml", "9:12: location.country: 'VN' is in venues/la/"),
    ],
)
def test_file_whose_name_or_folder_is_not_its_venues_is_an_error(
    here: Path, name: str, line: str
) -> None:
    told = found(here, {KORYO_FILE: None, name: KORYO})
    assert len(told) == 1
    assert told[0].startswith(f"r/{name}:{line}")


def test_one_id_in_two_files_is_an_error(here: Path) -> None:
    told = found(here, {"venues/vn/more/vn-hanoi-koryo.yaml": KORYO})
    assert any("'vn-hanoi-koryo' a second time" in line for line in told)


def test_file_over_one_mebibyte_is_an_error(here: Path) -> None:
    quote = "# " + "x" * (1 << 20)
    told = found(here, {LAO_FILE: dedent(LAO) + quote})
    assert len(told) == 1
    assert told[0].startswith(f"r/{LAO_FILE}:1:1: ")
    assert "1048576" in told[0]


def test_file_that_is_not_utf_8_is_an_error_with_its_line(here: Path) -> None:
    write(here / "r")
    path = here / "r" / LAO_FILE
    path.write_bytes(path.read_bytes().replace(b"Night Market", b"March\xe9 de nuit"))
    told = [str(p) for p in inspect("r")[1] if p.level == "error"]
    assert told == [f"r/{LAO_FILE}:4:1: is not UTF-8 text"]


def test_byte_order_mark_is_no_fault(here: Path) -> None:
    assert found(here, {LAO_FILE: "\ufeff" + dedent(LAO)}) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ("- a list\n", "1:1: a list where fields are expected"),
        ("just text\n", "1:1: 'just text' where fields are expected"),
        ("", "1:1: id: required"),
        ("{[a]: b}\n", "a key that is not plain text"),
        (f"{dedent(LAO)}---\nid: x\n", "13:1: a second document in one file"),
        ("\x00", "not YAML"),
    ],
)
def test_file_that_is_no_record_is_an_error(here: Path, text: str, line: str) -> None:
    told = found(here, {LAO_FILE: text})
    assert told
    assert all(said.startswith(f"r/{LAO_FILE}:") for said in told)
    assert line in told[0]


def test_folder_without_registry_yaml_is_no_registry(here: Path) -> None:
    assert "r/registry.yaml:1:1: required" in found(here, {"registry.yaml": None})[0]


def test_folder_that_is_not_there_is_an_error(here: Path) -> None:
    with pytest.raises(RegistryError, match="nowhere:1:1: is not a folder"):
        load("nowhere")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"2020-06-02"', '"late 2019"', "4:14: paper.published: 'late 2019' is not EDTF; did you mean \"2019-39\"?"),
        ("https://example.org/paper", "javascript:alert(1)", "6:8: paper.url: 'javascript:alert(1)' is not a web address"),
        ("kind: news", "kind: newspaper", "paper.kind: 'newspaper' is not one of news, official, un-report, review, "),
        ("kind: news", "kind: news\n  reliability: G", "paper.reliability: 'G' is not one of A, B, C, D, E, F"),
        ("title: Dining abroad", "author: null", "paper.title: required"),
    ],
)  # fmt: skip
def test_fault_of_a_source_is_told_once(here: Path, old: str, new: str, line: str) -> None:
    told = found(here, {"sources.yaml": SOURCES.replace(old, new, 1)})
    assert [said for said in told if line in said]
    assert len(told) == 1


def test_source_needs_a_day_on_which_it_was_known(here: Path) -> None:
    text = SOURCES.replace('  published: "2020-06-02"\n', "", 1)
    text = text.replace('  accessed: "2020-07-01"\n', "", 1)
    assert "paper.accessed: required" in found(here, {"sources.yaml": text})[0]


def test_file_of_sources_that_is_not_yaml_is_told_once(here: Path) -> None:
    told = found(here, {"sources.yaml": "paper: [\n"})
    assert len(told) == 1
    assert "r/sources.yaml:2:1: not YAML" in told[0]


def test_fault_of_a_venue_does_not_accuse_what_refers_to_it(here: Path) -> None:
    groups = """\
        claims:
          - {id: g, about: {venues: [la-night-market]}, says: closed, when: "2021", source: paper, quote: Shut.}
        """
    write(
        here / "r", {LAO_FILE: changed(LAO, "kind: market", "kind: mrket"), "groups.yaml": groups}
    )
    told = [str(p) for p in inspect("r")[1]]
    assert len(told) == 1
    assert "kind: 'mrket' is not one of" in told[0]


GROUP = """\
claims:
  - id: panel-vn
    about: {country: VN, kind: restaurant}
    says: closed
    when: "[..2020-02-07]"
    source: panel
    quote: "Restaurants were closed in Vietnam."
counts:
  - {id: vn-2020, country: VN, kind: restaurant, says: closed, count: 3, when: "[..2020-02-07]", source: panel, quote: "Three."}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("country: VN, kind: restaurant}", "country: QQ}", "3:22: claims[0].about.country: 'QQ' is no country's"),
        ("country: VN, kind: restaurant}", "operator: chian}", "claims[0].about.operator: no organisation is called 'chian'; did you mean 'chain'?"),
        ("country: VN, kind: restaurant}", "country: VN, place: Hanio}", "claims[0].about.place: the gazetteer has no town 'Hanio'"),
        ("country: VN, kind: restaurant}", "venues: [vn-hanoi-koyro]}", "claims[0].about.venues[0]: no venue is called 'vn-hanoi-koyro'; did you mean 'vn-hanoi-koryo'?"),
        ("country: VN, kind: restaurant}", "country: VN, except: [vn-x-y]}", "claims[0].about.except[0]: no venue is called 'vn-x-y'"),
        ("country: VN, kind: restaurant}", "contry: VN}", "claims[0].about.contry: unknown field; did you mean 'country'?"),
        ("id: vn-2020", "id: panel-vn", "counts[0].id: 'panel-vn' a second time"),
        ("count: 3", "count: -3", "counts[0].count: '-3' is out of range"),
        ("count: 3", "count: few", "counts[0].count: 'few' is not a number"),
        ("{id: vn-2020, country: VN", "{id: vn-2020, country: QQ", "counts[0].country: 'QQ' is no country's"),
        ("[..2020-02-07]\"\n    source", "2019/2020\"\n    source", "5:11: claims[0].when: '2019/2020' is an extent"),
    ],
)  # fmt: skip
def test_fault_in_a_group_is_told_with_its_line(here: Path, old: str, new: str, line: str) -> None:
    told = found(here, {"groups.yaml": changed(GROUP, old, new)})
    assert len(told) == 1
    assert told[0].startswith("r/groups.yaml:")
    assert line in told[0]


def test_fault_in_an_event_is_told_with_its_line(here: Path) -> None:
    events = """\
        - {id: e, on: "2019-12-22", label: Deadline, kind: deadlin}
        """
    assert found(here, {"events.yaml": events}) == [
        "r/events.yaml:1:52: [0].kind: 'deadlin' is not one of resolution, deadline, incident, "
        "enforcement"
    ]


def test_event_with_an_id_twice_or_an_unknown_source_is_an_error(here: Path) -> None:
    events = """\
        - {id: e, on: "2019-12-22", label: Deadline, kind: deadline, source: paper}
        - {id: e, on: "2019-12-22", label: Deadline, kind: deadline, source: papers}
        """
    told = found(here, {"events.yaml": events})
    assert told == [
        "r/events.yaml:2:8: [1].id: 'e' a second time",
        "r/events.yaml:2:70: [1].source: no source is called 'papers'; did you mean 'paper'?",
    ]


def test_parents_in_a_circle_do_not_hang(here: Path) -> None:
    organisations = ORGANISATIONS + "  parent: chain\n"
    write(here / "r", {"organisations.yaml": organisations, "groups.yaml": GROUP})
    inspect("r")


# Warnings


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (
            {"sources.yaml": changed(SOURCES, "archived: https://web.archive.org/paper", "author: null")},
            "r/sources.yaml:1:1: paper: no archived copy",
        ),
        (
            koryo('\n    quote: "As of April, it was still open."', ""),
            f"r/{KORYO_FILE}:12:5: claims[0]: no quote",
        ),
        ({LAO_FILE: None}, "r/sources.yaml:10:1: panel: no claim uses this source"),
        (
            koryo("name: Koryo Restaurant", "name: Koryo Restaurant (CLOSED)"),
            f"r/{KORYO_FILE}:4:12: names[0].name: 'Koryo Restaurant (CLOSED)' says that it is closed",
        ),
        (
            koryo('when: "2020-04"', 'when: "2021"'),
            f"r/{KORYO_FILE}:14:11: claims[0].when: '2021' is after the day the source was known",
        ),
    ],
    ids=["archived", "quote", "unused source", "name", "future"],
)  # fmt: skip
def test_warning_stops_nothing(here: Path, files: Files, line: str) -> None:
    told = found(here, files, "warning")
    assert len(told) == 1
    assert told[0].startswith(line)
    assert load("r")


@pytest.mark.parametrize(
    ("lon", "relation", "warned"),
    [
        ("105.80190", "", True),
        ("105.80900", "", False),
        ("105.80190", "same_premises_as: vn-hanoi-koryo", False),
    ],
    ids=["near", "far", "related"],
)
def test_venues_of_like_name_within_150_m_are_warned_of_unless_related(
    here: Path, lon: str, relation: str, warned: bool
) -> None:
    one = changed(KORYO, "place: Hanoi", f"place: Hanoi\n  {POINT}")
    other = one.replace("vn-hanoi-koryo", "vn-hanoi-koryo-2").replace("105.8009", lon)
    other = other.replace("name: Koryo Restaurant", "name: Restaurant Koryo")
    other = changed(other, "kind:", f"    {relation}\nkind:") if relation else other
    told = found(here, {KORYO_FILE: one, "venues/vn/vn-hanoi-koryo-2.yaml": other}, "warning")
    assert bool(told) is warned
    assert all("which has nearly the same name" in line for line in told)


# Group claims and relations


def groups_of(here: Path, about: str, organisations: str = ORGANISATIONS) -> dict[str, list[str]]:
    """Return the group claims of each venue when the claim is ``about`` that."""
    groups = changed(GROUP, "{country: VN, kind: restaurant}", f"{{{about}}}")
    files: Files = {"groups.yaml": groups, "organisations.yaml": organisations}
    registry = load(write(here / "r", files))
    return {id: [c.id for c in venue.claims if c.group] for id, venue in registry.items()}


@pytest.mark.parametrize(
    ("about", "koryo_told", "market_told"),
    [
        ("country: VN", True, False),
        ("country: LA", False, True),
        ("kind: restaurant", True, False),
        ("country: LA, kind: restaurant", False, False),
        ("place: Hanoi", True, False),
        ("operator: chain", True, False),
        ("operator: ministry", True, False),
        ("venues: [la-night-market]", False, True),
        ("venues: [la-night-market, vn-hanoi-koryo], country: VN", True, False),
        ("country: VN, except: [vn-hanoi-koryo]", False, False),
        ("except: [vn-hanoi-koryo]", False, True),
        ("country: VN, kind: restaurant, operator: null, place: null, venues: [], except: []", True, False),
    ],
)  # fmt: skip
def test_group_claim_is_about_the_venues_that_meet_every_condition(
    here: Path, about: str, koryo_told: bool, market_told: bool
) -> None:
    assert groups_of(here, about) == {
        "vn-hanoi-koryo": ["panel-vn"] * koryo_told,
        "la-night-market": ["panel-vn"] * market_told,
    }


def test_group_claim_about_a_body_is_not_about_those_above_it(here: Path) -> None:
    text = changed(KORYO, "organisation: chain", "organisation: ministry")
    registry = load(
        write(
            here / "r",
            {
                KORYO_FILE: text,
                "groups.yaml": changed(GROUP, "{country: VN, kind: restaurant}", "{operator: chain}"),
            },
        )
    )  # fmt: skip
    assert not [claim for claim in registry["vn-hanoi-koryo"].claims if claim.group]


def test_group_claim_counts_as_any_claim(here: Path) -> None:
    venue = load(write(here / "r", {"groups.yaml": GROUP}))["vn-hanoi-koryo"]
    answer = venue.status("2020-04-15")
    assert (answer.status, answer.for_, answer.against) == (
        "disputed",
        ("vn-hanoi-koryo#c1",),
        ("panel-vn",),
    )


def test_count_changes_no_status(here: Path) -> None:
    counted = dedent(GROUP).partition("counts:")[2]
    groups = f"counts:{counted}"
    without = load(write(here / "without"))["vn-hanoi-koryo"]
    venue = load(write(here / "with", {"groups.yaml": groups}))["vn-hanoi-koryo"]
    assert venue.history() == without.history()


def test_event_changes_no_status(here: Path) -> None:
    events = '- {id: e, on: "2020-04-15", label: All closed, kind: deadline, source: panel}\n'
    without = load(write(here / "without"))["vn-hanoi-koryo"]
    venue = load(write(here / "with", {"events.yaml": events}))["vn-hanoi-koryo"]
    assert venue.history() == without.history()


def test_relations_lead_to_other_venues(here: Path) -> None:
    files = koryo("place: Hanoi", "place: Hanoi\nmoved_to: la-night-market")
    venue = load(write(here / "r", files))["vn-hanoi-koryo"]
    assert venue.relations == (("moved_to", "la-night-market"),)


# The canonical form


def fmt(text: str) -> str:
    return canonical(text, shape_of(Path("venues/vn/vn-hanoi-koryo.yaml")))


UNTIDY = """\
# About this venue.
kind:   'restaurant'   # not a museum
id: vn-hanoi-koryo
claims:   # append only
# the first
- {when: '2020-04', id: c1, source: paper, says: open,   quote: 'It said "open": yes' , weak: true}
- source: paper
  id: c2   # the second
  note: |
    Two
    lines.
  says: closed
  when: 2021
names:
- name: Koryo
  lang: en
location:
    point: {lat: 21.0, lon: 105.80091, precision: street, by: us, method: survey, radius_m: 300}
    country: VN
"""


def data(text: str) -> Any:
    document = yamlfile.Document("x")
    yamlfile.parse(text, document)
    assert document.problems == []
    return document.data


def test_canonical_form_changes_nothing_on_its_second_run() -> None:
    once = fmt(UNTIDY)
    assert once != UNTIDY
    assert fmt(once) == once


def test_canonical_form_keeps_comments() -> None:
    text = fmt(UNTIDY)
    for comment in ("About this venue.", "not a museum", "append only", "the first", "the second"):
        assert text.count(f"# {comment}") == 1


def test_comment_stays_with_its_line() -> None:
    lines = fmt(UNTIDY).splitlines()
    assert [line.split("#")[0].strip() for line in lines if "# not a museum" in line] == [
        "kind: restaurant"
    ]
    assert [line.split("#")[0].strip() for line in lines if "# the second" in line] == ["- id: c2"]


def test_canonical_form_has_the_keys_in_the_order_of_the_format() -> None:
    found = data(fmt(UNTIDY))
    assert list(found) == ["id", "kind", "names", "location", "claims"]
    assert list(found["location"]["point"]) == [
        "lon",
        "lat",
        "precision",
        "radius_m",
        "method",
        "by",
    ]
    assert list(found["claims"][0]) == ["id", "says", "when", "source", "quote", "weak"]


def test_canonical_form_has_six_decimals() -> None:
    point = data(fmt(UNTIDY))["location"]["point"]
    assert (point["lon"], point["lat"]) == ("105.800910", "21.000000")
    assert point["radius_m"] == "300"


def test_canonical_form_holds_the_same_data() -> None:
    before, after = data(UNTIDY), data(fmt(UNTIDY))
    for found in (before, after):
        del found["location"]["point"]["lon"], found["location"]["point"]["lat"]
    assert before == after


TEXTS = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=40),
    st.text(alphabet="aé한:#-'\"{}[],&*!|>%@`~ \n\t\\0123456789\u2028\u0085\ufeff\U0001f600", max_size=20),
    st.sampled_from(["null", "~", "NO", "true", "1e3", "0x1f", "12:30", "2020-01-01", "=", "<<", "- a", "? b"]),
)  # fmt: skip


@given(TEXTS)
@settings(deadline=None, max_examples=60)
def test_canonical_form_keeps_any_text(text: str) -> None:
    venue = {"id": "vn-x-y", "names": [{"name": text}], "notes": text}
    written = yaml.safe_dump(venue, allow_unicode=True)
    assume(data(written) == venue)
    once = fmt(written)
    assert data(once) == venue
    assert fmt(once) == once


@pytest.mark.parametrize("value", ["restaurant", "2020-04", "true", "It is"])
def test_one_value_has_one_form(value: str) -> None:
    written = [f"kind: '{value}'\n", f'kind: "{value}"\n', f"kind: {value}\n", f"kind:   {value}\n"]
    assert len({fmt(text) for text in written}) == 1


@pytest.mark.parametrize(
    "path", sorted((geodata() / "registry").glob("**/*.yaml")), ids=lambda path: path.name
)
def test_shipped_file_is_canonical(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert canonical(text, shape_of(path)) == text


@given(st.text(alphabet="abc:-[]{}#&*!|>'\"\n \t,?", max_size=60))
@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_is_read_or_a_problem_with_its_line(tmp_path: Path, text: str) -> None:
    shutil.rmtree(tmp_path / "r", ignore_errors=True)
    write(tmp_path / "r", {LAO_FILE: text})
    problems = [p for p in inspect(tmp_path / "r")[1] if p.level == "error"]
    assert problems
    assert all(p.line >= 1 and p.column >= 1 and p.problem for p in problems)
