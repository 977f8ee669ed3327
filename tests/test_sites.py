"""Audits of points and addresses: what is told, of whom, at which line, and what is left in peace."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from registries import KORYO, KORYO_FILE, koryo, write

from outposts import gazetteer, sites
from outposts.registry import default_folder, inspect

HANOI = gazetteer.find("Hanoi", "VN")
OTHER_FILE = "venues/vn/vn-hanoi-other.yaml"
LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(folder: Path, files: dict[str, str | None]) -> list[str]:
    """Return the problems of the small registry with some files changed: level, then the line."""
    write(folder / "r", files)
    return [f"{p.level} {p}" for p in inspect("r")[1]]


def pointed(lon: float, lat: float, precision: str = "street") -> dict[str, str | None]:
    point = f"{{lon: {lon}, lat: {lat}, precision: {precision}, method: survey, by: us}}"
    return koryo("place: Hanoi", f"place: Hanoi\n  point: {point}")


def both(
    point: str, other_point: str, name: str = "Blue Flower", more: str = ""
) -> dict[str, str | None]:
    """Return Koryo and another venue of Hanoi, each with a point; ``more`` is said of the other."""
    text = KORYO.replace("vn-hanoi-koryo", "vn-hanoi-other").replace("Koryo Restaurant", name)
    return {
        KORYO_FILE: KORYO.replace("place: Hanoi", f"place: Hanoi\n  point: {point}"),
        OTHER_FILE: text.replace("place: Hanoi", f"place: Hanoi\n  point: {other_point}") + more,
    }


def at(lon: float, lat: float, precision: str = "building") -> str:
    return f"{{lon: {lon}, lat: {lat}, precision: {precision}, method: survey, by: us}}"


# Points


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (0.0, -0.0), (0.004, -0.009)])
def test_lost_point_is_an_error_of_its_own(here: Path, lon: float, lat: float) -> None:
    (told,) = found(here, pointed(lon, lat))
    assert told.startswith(f"error r/{KORYO_FILE}:11:10: location.point: lon {float(lon)}, lat ")
    assert "lost coordinates" in told
    assert "give the real point or none" in told


def test_point_near_null_island_is_only_in_the_wrong_country(here: Path) -> None:
    (told,) = found(here, pointed(0.02, 0.02))
    assert "is not in VN (Vietnam)" in told


@pytest.mark.parametrize(
    ("precision", "metres", "wrong"),
    [
        ("building", 0, True),
        ("street", 0, True),
        ("street", 20, True),
        ("street", 40, False),
        ("district", 0, False),
        ("place", 0, False),
    ],
)
def test_centre_of_a_town_is_no_street(
    here: Path, precision: str, metres: float, wrong: bool
) -> None:
    told = found(here, pointed(HANOI.lon, HANOI.lat + metres / 110_600, precision))
    assert len(told) == wrong
    for line in told:
        assert line.startswith(f"warning r/{KORYO_FILE}:11:")
        assert f"location.point.precision: {precision!r}, but lon " in line
        assert "is the centre of Hanoi" in line
        assert "say place" in line


# Neighbours

SPOT = (105.81, 21.01)


@pytest.mark.parametrize(
    ("other", "precisions", "wrong"),
    [
        (SPOT, ("building", "building"), True),
        ((SPOT[0] + 0.000005, SPOT[1] - 0.000005), ("street", "street"), True),
        ((SPOT[0] + 0.00002, SPOT[1]), ("building", "building"), False),
        (SPOT, ("district", "building"), True),
        (SPOT, ("district", "district"), False),
        (SPOT, ("place", "place"), False),
        (SPOT, ("place", "building"), False),
    ],
)
def test_one_point_for_two_unrelated_venues_is_told(
    here: Path, other: tuple[float, float], precisions: tuple[str, str], wrong: bool
) -> None:
    told = found(here, both(at(*SPOT, precisions[0]), at(*other, precisions[1])))
    assert len(told) == wrong
    for line in told:
        assert line.startswith(f"warning r/{OTHER_FILE}:11:10: location.point: lon {other[0]}")
        assert "is the point of vn-hanoi-koryo too" in line
        assert "same_premises_as for one building" in line


@pytest.mark.parametrize("relation", ["same_premises_as", "moved_to", "moved_from", "duplicate_of"])
def test_related_venues_may_share_a_point(here: Path, relation: str) -> None:
    files = both(at(*SPOT), at(*SPOT), more=f"{relation}: vn-hanoi-koryo\n")
    assert found(here, files) == []


def test_venues_related_through_a_third_may_share_a_point(here: Path) -> None:
    files = both(at(*SPOT), at(*SPOT), more="same_premises_as: vn-hanoi-third\n")
    third = KORYO.replace("vn-hanoi-koryo", "vn-hanoi-third").replace("Koryo Rest", "Green R")
    files["venues/vn/vn-hanoi-third.yaml"] = third + "same_premises_as: vn-hanoi-koryo\n"
    assert found(here, files) == []


def test_venues_of_one_name_and_one_point_are_told_of_once(here: Path) -> None:
    (told,) = found(here, both(at(*SPOT), at(*SPOT), name="Koryo Restaurants"))
    assert "0 m from vn-hanoi-koryo, which has nearly the same name" in told


def test_venues_of_one_name_known_to_their_town_alone_are_no_neighbours(here: Path) -> None:
    files = both(at(*SPOT, "place"), at(*SPOT, "place"), name="Koryo Restaurants")
    assert found(here, files) == []


def test_every_further_venue_on_a_spot_is_told_of_once(here: Path) -> None:
    files = both(at(*SPOT), at(*SPOT))
    text = files[OTHER_FILE]
    assert text is not None
    third = text.replace("vn-hanoi-other", "vn-hanoi-third").replace("Blue Flower", "Green Tree")
    files["venues/vn/vn-hanoi-third.yaml"] = third
    told = found(here, files)
    assert [line.split(":")[0] for line in told] == [
        f"warning r/{OTHER_FILE}",
        "warning r/venues/vn/vn-hanoi-third.yaml",
    ]
    assert all("is the point of vn-hanoi-koryo too" in line for line in told)


def test_neighbours_are_found_over_the_180th_meridian(here: Path) -> None:
    def fiji(name: str, lon: float) -> str:
        return f"""\
            id: fj-{name}
            kind: office
            names: [{{name: The Office}}]
            location:
              country: FJ
              point: {at(lon, -16.5)}
            """

    told = found(
        here,
        {"venues/fj/fj-a.yaml": fiji("a", 179.9999), "venues/fj/fj-b.yaml": fiji("b", -179.9999)},
    )
    assert [line for line in told if "21 m from fj-a, which has nearly the same name" in line]


# Addresses


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("12 Le Loi, Hue", "Huế"),
        ("12 Lê Lợi, Huế", "Huế"),
        ("District 3, Ho Chi Minh City 700000", "Ho Chi Minh City"),
        ("12 Tran Phu (Da Nang)", "Da Nang"),
    ],
)
def test_address_in_another_town_is_told(here: Path, text: str, town: str) -> None:
    files = koryo("place: Hanoi", f'place: Hanoi\n  address: {{text: "{text}", source: paper}}')
    (told,) = found(here, files)
    assert told.startswith(
        f"warning r/{KORYO_FILE}:11:19: location.address.text: {text!r} names {town}"
    )
    assert "km from Hanoi, and not Hanoi; correct place, or the address" in told


def test_address_of_a_list_is_told_with_its_own_line(here: Path) -> None:
    addresses = 'address:\n    - {text: "1 Le Loi, Hanoi"}\n    - {text: "12 Le Loi, Hue"}'
    (told,) = found(here, koryo("place: Hanoi", f"place: Hanoi\n  {addresses}"))
    assert told.startswith(
        f"warning r/{KORYO_FILE}:13:14: location.address[1].text: '12 Le Loi, Hue'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "61 Trung Hòa, Cầu Giấy, Hà Nội",
        "12 Hue Road",
        "Hue Street, Hoan Kiem",
        "Da Nang Hotel, 3 Le Loi",
        "12 Le Loi, Hue, Hanoi",
        "Ha Noi, formerly of Hue",
        "12 Le Loi, Ha Dong",
        "12 Le Loi, Bangkok",
        "12 Le Loi, Hai Phong",
        "3, 14, 159",
        "",
    ],
    ids=lambda text: text or "nothing",
)
def test_address_that_may_well_be_in_its_town_is_left_in_peace(here: Path, text: str) -> None:
    """Streets called after towns, quarters that are towns of the table, towns of other countries."""
    files = koryo("place: Hanoi", f'place: Hanoi\n  address: {{text: "{text}", source: paper}}')
    assert [line for line in found(here, files) if "names" in line] == []


def test_audits_of_sites_find_nothing_in_the_shipped_registry() -> None:
    """Whoever adds a venue that they find something in should look at it, and then at them."""
    records, _ = inspect(default_folder())
    assert [str(problem) for problem in sites.audit(records)] == []


def test_registry_of_the_benchmark_is_sound(tmp_path: Path) -> None:
    path = Path(__file__).parent.parent / "scripts" / "bench.py"
    spec = importlib.util.spec_from_file_location("bench", path)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    records, problems = inspect(bench.many_venues(tmp_path / "many", 60))
    assert len(records.venues) == 60
    assert [str(problem) for problem in problems if problem.level == "error"] == []


# Distances


@settings(deadline=None)
@given(LON, LAT, LON, LAT)
def test_distance_is_geopys(lon: float, lat: float, other_lon: float, other_lat: float) -> None:
    expected = geodesic((lat, lon), (other_lat, other_lon)).m
    assert sites.metres(lon, lat, other_lon, other_lat) == pytest.approx(expected, abs=1e-6)


@settings(deadline=None)
@given(LON, LAT, LON, LAT)
def test_rough_distance_is_within_six_in_a_thousand(
    lon: float, lat: float, other_lon: float, other_lat: float
) -> None:
    exact = sites.metres(lon, lat, other_lon, other_lat)
    assert sites._roughly_m(lon, lat, other_lon, other_lat) == pytest.approx(
        exact, rel=0.006, abs=1
    )
