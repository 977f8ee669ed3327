"""Basemap: the arcs' encoding, the packaged outlines, and whether a point is in its country."""

from __future__ import annotations

import importlib.util
import json
import math
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outposts import basemap
from outposts.errors import MapError, UnknownName
from outposts.paths import geodata

NAMES = (*basemap.LEVELS, "countries")
SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "make_basemap.py"

TOWNS = {
    "Bangkok": ("TH", 100.50, 13.75),
    "Hanoi": ("VN", 105.84, 21.02),
    "Jakarta": ("ID", 106.83, -6.18),
    "Kuala Lumpur": ("MY", 101.69, 3.14),
    "Phnom Penh": ("KH", 104.92, 11.57),
    "Pyongyang": ("KP", 125.75, 39.03),
    "Seoul": ("KR", 126.98, 37.57),
    "Singapore": ("SG", 103.85, 1.29),
    "Taipei": ("TW", 121.56, 25.04),
    "Hong Kong": ("HK", 114.16, 22.28),
    "Vang Vieng": ("LA", 102.45, 18.92),
    "Vientiane": ("LA", 102.60, 17.967),
    "Paris": ("FR", 2.35, 48.86),
    "Oslo": ("NO", 10.75, 59.91),
    "Pristina": ("XK", 21.16, 42.66),
    "Cayenne": ("GF", -52.33, 4.93),
    "Hargeisa": ("SO", 44.06, 9.56),
    "Suva": ("FJ", 178.44, -18.14),
}

Arcs = list[list[tuple[int, int]]]
ARCS = st.lists(
    st.lists(st.tuples(st.integers(-72_000, 72_000), st.integers(-36_000, 36_000)), min_size=2)
)


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_basemap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_basemap"] = module
    spec.loader.exec_module(module)
    return module


@given(arcs=ARCS)
def test_decoding_undoes_encoding(maker: ModuleType, arcs: Arcs) -> None:
    assert basemap.decode(basemap.encode(arcs)) == arcs


@pytest.mark.parametrize("name", NAMES)
def test_encoding_of_packaged_arcs_is_deterministic(maker: ModuleType, name: str) -> None:
    arcs = basemap.decode(basemap.load(name)["arcs"])
    text = basemap.encode(arcs)
    assert text == basemap.encode([list(arc) for arc in arcs])
    # The committed bytes may be another zlib's, but they say the same.
    assert basemap.decode(text) == arcs


@pytest.mark.parametrize("broken", ["not base64!", "AAAA", ""])
def test_broken_arcs_are_an_error_of_ours(broken: str) -> None:
    with pytest.raises(MapError, match="cannot be read"):
        basemap.decode(broken)


@pytest.mark.parametrize("name", NAMES)
def test_every_ring_closes(name: str) -> None:
    data = basemap.load(name)
    arcs = basemap.decode(data["arcs"])
    areas = [*data["layers"]["countries"], *data["layers"].get("lakes", [])]
    rings = [basemap.ring(refs, arcs) for area in areas for refs in area["rings"]]
    assert rings
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)


@pytest.mark.parametrize("name", NAMES)
def test_arcs_of_a_ring_follow_each_other(name: str) -> None:
    data = basemap.load(name)
    arcs = basemap.decode(data["arcs"])
    for country in data["layers"]["countries"]:
        for refs in country["rings"]:
            ways = [arcs[ref] if ref >= 0 else arcs[~ref][::-1] for ref in refs]
            assert all(ways[i - 1][-1] == way[0] for i, way in enumerate(ways))


@pytest.mark.parametrize("name", basemap.LEVELS)
def test_every_line_is_an_arc_and_coast_and_border_share_none(name: str) -> None:
    data = basemap.load(name)
    count = len(basemap.decode(data["arcs"]))
    layers = data["layers"]
    coast = {ref for entry in layers["coast"] for ref in entry["arcs"]}
    border = {ref for entry in layers["borders"] for ref in entry["arcs"]}
    rivers = {ref for entry in layers["rivers"] for ref in entry["arcs"]}
    assert coast
    assert border
    assert max(coast | border | rivers) < count
    assert not coast & border
    assert any(entry["disputed"] and entry["arcs"] for entry in layers["borders"])


@pytest.mark.parametrize("name", basemap.LEVELS)
def test_edge_of_the_world_is_no_coast(name: str) -> None:
    data = basemap.load(name)
    arcs = basemap.decode(data["arcs"])
    limit = 180 * data["scale"]
    for ref in data["layers"]["coast"][0]["arcs"]:
        steps = zip(arcs[ref], arcs[ref][1:], strict=False)
        assert not any(abs(ax) == limit and ax == bx for (ax, _), (bx, _) in steps)


@pytest.mark.parametrize("name", NAMES)
def test_outlines_are_valid(name: str) -> None:
    assert all(land.is_valid and not land.is_empty for land in basemap.countries(name).values())


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("world", (-180.0, -90.0, 180.0, 90.0)),
        ("region", (39.5, -50.0, 174.5, 65.0)),
        *(("town", (lon - 6, lat - 6, lon + 6, lat + 6)) for _, lon, lat in TOWNS.values()),
    ],
)
def test_what_a_page_embeds_is_small(name: str, window: tuple[float, float, float, float]) -> None:
    assert len(json.dumps(basemap.around(name, window))) < 60_000


@pytest.mark.parametrize("name", NAMES)
def test_committed_files_are_below_half_a_megabyte_and_say_where_they_come_from(name: str) -> None:
    path = geodata() / "basemap" / f"{name}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_size < 500_000
    assert data["licence"] == "public domain"
    assert data["origin"].startswith("Natural Earth")


def test_southeast_asia_has_its_lands_in_the_region() -> None:
    held = {country["iso"] for country in basemap.load("region")["layers"]["countries"]}
    assert {"BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"} <= held


@pytest.mark.parametrize(
    ("bounds", "name"),
    [
        ((100.5, -6.2, 106.0, 21.1), "region"),
        ((104.9, 11.5, 104.9, 11.5), "town"),
        ((100.0, 10.0, 106.0, 16.0), "town"),
        ((100.0, 10.0, 106.1, 16.0), "region"),
        ((72.0, -31.0, 161.0, 49.0), "region"),
        ((71.9, -31.0, 161.0, 49.0), "world"),
        ((-74.0, 40.0, 127.0, 41.0), "world"),
        ((170.0, -10.0, -170.0, 10.0), "world"),
    ],
)
def test_finest_basemap_that_covers_the_bounds_is_chosen(
    bounds: tuple[float, float, float, float], name: str
) -> None:
    assert basemap.choose(bounds) == name


def test_bounds_that_are_no_box_are_refused() -> None:
    with pytest.raises(MapError, match="west, south, east, north"):
        basemap.choose((100.0, 20.0, 106.0, -6.0))


def test_unknown_basemap_names_those_there_are() -> None:
    with pytest.raises(UnknownName, match="region, world, countries"):
        basemap.load("../registry")


@pytest.mark.parametrize("town", TOWNS)
def test_town_is_in_its_country(town: str) -> None:
    assert basemap.contains(*TOWNS[town])


@pytest.mark.parametrize("town", TOWNS)
def test_town_is_in_no_country_that_is_not_its_own(town: str) -> None:
    iso, lon, lat = TOWNS[town]
    others = {"TH", "VN", "MY", "ID", "CN", "KP", "RU", "US", "SG", "BR"} - {iso}
    assert not [other for other in others if basemap.contains(other, lon, lat, border_m=0)]


def test_lon_and_lat_swapped_are_not_in_the_country() -> None:
    assert not basemap.contains("KH", 11.57, 104.92)


def test_pier_counts_as_land_and_the_open_sea_does_not() -> None:
    assert basemap.contains("KH", 103.49, 10.61)
    assert not basemap.contains("KH", 102.0, 9.0)


def test_tolerance_at_sea_does_not_reach_over_a_land_border() -> None:
    # Nong Khai, 3 km south of the Mekong.
    assert not basemap.contains("LA", 102.742, 17.855)


def test_tolerance_is_in_metres_at_every_latitude() -> None:
    points = [p for part in basemap.outline("NO").geoms for p in part.exterior.coords]
    lon, lat = max(points)
    degree = basemap.METRES_PER_DEGREE * math.cos(math.radians(lat))
    assert basemap.contains("NO", lon + 4_500 / degree, lat)
    assert not basemap.contains("NO", lon + 5_500 / degree, lat)


def test_country_without_outline_is_an_error() -> None:
    with pytest.raises(UnknownName, match="QQ"):
        basemap.contains("QQ", 0, 0)


def test_every_country_code_has_an_outline() -> None:
    assert all(not basemap.outline(iso).is_empty for iso in basemap.country_names())


def test_country_names_are_short_and_common() -> None:
    names = basemap.country_names()
    assert len(names) == 250
    common = {
        "LA": "Laos",
        "VN": "Vietnam",
        "MM": "Myanmar",
        "KP": "North Korea",
        "KR": "South Korea",
    }
    assert common.items() <= names.items()
    assert list(names) == sorted(names)


def test_country_names_are_the_callers_own() -> None:
    basemap.country_names().clear()
    assert basemap.country_names()


def test_country_names_load_no_geometry() -> None:
    code = "import sys; from outposts import basemap; basemap.country_names(); sys.exit('shapely' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_window_holds_what_meets_it_whole_and_nothing_else() -> None:
    window = (95.0, 5.0, 110.0, 25.0)
    part, whole = basemap.around("region", window), basemap.load("region")
    arcs, all_arcs = basemap.decode(part["arcs"]), basemap.decode(whole["arcs"])

    def places(basemap: dict[str, Any], arcs: Arcs) -> dict[str, set[tuple[tuple[int, int], ...]]]:
        return {
            country["name"]: {
                tuple(sorted({point for ref in ring for point in arcs[ref if ref >= 0 else ~ref]}))
                for ring in country["rings"]
            }
            for country in basemap["layers"]["countries"]
        }

    there, everywhere = places(part, arcs), places(whole, all_arcs)
    units = whole["scale"]
    for name, rings in everywhere.items():
        kept = there.get(name, set())
        assert kept <= rings
        for points in rings:
            xs, ys = [x / units for x, _ in points], [y / units for _, y in points]
            meets = min(xs) <= 110 and max(xs) >= 95 and min(ys) <= 25 and max(ys) >= 5
            assert (points in kept) == meets, name
    assert {"Laos", "Vietnam", "China"} <= set(there)
    assert not {"Australia", "France"} & set(there)
    assert len(arcs) == len({ref if ref >= 0 else ~ref for ref in used(part)})
    assert part["window"] == list(window)


def used(basemap: dict[str, Any]) -> list[int]:
    """Every reference to an arc."""
    refs: list[int] = []
    for entries in basemap["layers"].values():
        for entry in entries:
            refs += entry.get("arcs", [])
            refs += [ref for ring in entry.get("rings", []) for ref in ring]
    return refs
