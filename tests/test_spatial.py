"""Distances between frames: laws of distance, agreement with other ways to compute, and doubt that is shown."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

import outposts
from outposts import circles, spatial
from outposts.errors import FrameError, UnknownName
from outposts.registry import Registry

POINT = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
POINTS = st.lists(POINT, min_size=1, max_size=12)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return outposts.load()


def frame(points: Any, radius: Any = None, index: Any = None) -> gpd.GeoDataFrame:
    """Return a frame of (lon, lat) points, None for a row without one."""
    geometry = [None if point is None else Point(point) for point in points]
    columns = {} if radius is None else {"radius_m": np.broadcast_to(radius, len(geometry))}
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326", index=index)


def geodesic(one: Any, other: Any) -> float:
    return float(Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0])["s12"])


# Laws of distance


@settings(deadline=None)
@given(POINTS, POINTS)
def test_distance_agrees_with_geographiclib(ours: Any, theirs: Any) -> None:
    table = spatial.distance_m(frame(ours), frame(theirs))
    expected = [[geodesic(one, other) for other in theirs] for one in ours]
    assert table.to_numpy() == pytest.approx(np.array(expected), abs=1e-5)


@settings(deadline=None)
@given(POINTS)
def test_distance_is_symmetric_and_zero_to_itself(points: Any) -> None:
    table = spatial.distance_m(frame(points), frame(points)).to_numpy()
    assert table == pytest.approx(table.T, abs=1e-5)
    assert np.diag(table) == pytest.approx(0, abs=1e-5)


@settings(deadline=None)
@given(POINT, POINT, POINT)
def test_way_round_is_never_shorter(a: Any, b: Any, c: Any) -> None:
    table = spatial.distance_m(frame([a, b, c]), frame([a, b, c])).to_numpy()
    assert table[0, 2] <= table[0, 1] + table[1, 2] + 1e-5


@settings(deadline=None)
@given(POINTS, POINT)
def test_distance_to_a_point_is_a_column_of_the_table(points: Any, one: Any) -> None:
    expected = spatial.distance_m(frame(points), frame([one]))[0].to_numpy()
    assert spatial.distance_m(frame(points), one).to_numpy() == pytest.approx(expected)
    assert spatial.distance_m(frame(points), Point(one)).to_numpy() == pytest.approx(expected)


def test_distance_over_the_180th_meridian_is_short() -> None:
    assert spatial.distance_m(frame([(179.999, 0)]), (-179.999, 0))[0] == pytest.approx(223, abs=1)
    assert spatial.distance_m(frame([(0, 90)]), (123, 90))[0] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32648", "EPSG:4326"])
def test_distance_does_not_depend_on_the_crs(crs: str) -> None:
    points = frame([(105.84, 21.03), (102.6, 17.97)])
    away = spatial.distance_m(points.to_crs(crs), (106.66, 10.78))
    assert away.to_numpy() == pytest.approx(
        [geodesic(p, (106.66, 10.78)) for p in [(105.84, 21.03), (102.6, 17.97)]], abs=0.01
    )


# Nearest


@settings(max_examples=60, deadline=None)
@given(POINTS, POINTS, st.integers(1, 4))
def test_nearest_agrees_with_brute_force(ours: Any, theirs: Any, k: int) -> None:
    found = spatial.nearest(frame(ours), frame(theirs), k)
    for number, one in enumerate(ours):
        rows = found.loc[[number]]
        expected = sorted(geodesic(one, other) for other in theirs)[:k]
        assert rows["distance_m"].to_numpy() == pytest.approx(expected, abs=1e-4)
        assert list(rows["rank"]) == list(range(1, len(expected) + 1))
        for other, away in zip(rows["other"], rows["distance_m"], strict=True):
            assert geodesic(one, theirs[other]) == pytest.approx(away, abs=1e-4)
        assert rows["other"].is_unique


def test_nearest_agrees_with_brute_force_in_many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "_AT_ONCE", 100)
    random = np.random.default_rng(4)
    ours = frame(np.column_stack([random.uniform(-180, 180, 90), random.uniform(-90, 90, 90)]))
    theirs = frame(np.column_stack([random.uniform(-180, 180, 70), random.uniform(-90, 90, 70)]))
    table = spatial.distance_m(ours, theirs).to_numpy()
    found = spatial.nearest(ours, theirs, 3)
    assert found["distance_m"].to_numpy().reshape(90, 3) == pytest.approx(
        np.sort(table, axis=1)[:, :3], abs=1e-5
    )


def test_row_is_not_its_own_neighbour() -> None:
    points = frame([(0, 0), (0, 1), (0, 3)], index=list("abc"))
    assert list(spatial.nearest(points, points)["other"]) == ["b", "a", "b"]
    assert list(spatial.nearest(points, points.copy())["other"]) == ["a", "b", "c"]
    assert len(spatial.nearest(points, points, 9)) == 6


def test_row_alone_or_without_geometry_is_there_once() -> None:
    for found in (
        spatial.nearest(frame([None, (0, 0)], index=["x", "y"]), frame([(0, 1)]), 3),
        spatial.nearest(frame([None, (0, 0)], index=["x", "y"]), frame([None])),
        spatial.nearest(frame([None, (0, 0)], index=["x", "y"]), frame([])),
    ):
        assert list(found.index) == ["x", "y"]
        assert list(found["rank"]) == [1, 1]
        assert found["other"].isna().any()
        assert found.loc[["x"], ["distance_m", "least_m", "most_m"]].isna().all(axis=None)


def test_true_distance_lies_between_least_and_most() -> None:
    found = spatial.nearest(frame([(0, 0)], 300.0), frame([(0, 1)], 200.0)).loc[0]
    assert found["least_m"] == pytest.approx(found["distance_m"] - 500)
    assert found["most_m"] == pytest.approx(found["distance_m"] + 500)
    near = spatial.nearest(frame([(0, 0)], 300.0), frame([(0, 0.001)], 200.0)).loc[0]
    assert near["least_m"] == 0


# Within


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(POINT, st.floats(0, 1e6)), min_size=1, max_size=6),
    st.lists(st.tuples(POINT, st.floats(0, 1e6)), min_size=1, max_size=6),
    st.floats(0, 1e7),
)
def test_within_agrees_with_every_pair(ours: Any, theirs: Any, metres: float) -> None:
    found = spatial.within_m(
        frame([p for p, _ in ours], [r for _, r in ours]),
        frame([p for p, _ in theirs], [r for _, r in theirs]),
        metres,
    )
    for number, (one, reach) in enumerate(ours):
        away = [(geodesic(one, other), reach + r) for other, r in theirs]
        least = min(max(0, d - r) for d, r in away)
        most = min(d + r for d, r in away)
        if abs(least - metres) < 1e-3 or abs(most - metres) < 1e-3:
            continue
        expected = "yes" if most <= metres else "possibly" if least <= metres else "no"
        row = found.loc[number]
        assert row["within"] == expected
        assert row["most_m" if expected == "yes" else "least_m"] == pytest.approx(
            most if expected == "yes" else least, abs=1e-4
        )


def test_within_includes_the_distance_itself() -> None:
    one, other = frame([(0, 0)]), frame([(0, 1)])
    away = spatial.distance_m(one, other).iloc[0, 0]
    assert list(spatial.within_m(one, other, away)["within"]) == ["yes"]
    assert list(spatial.within_m(one, other, away - 0.001)["within"]) == ["no"]


def test_venue_known_to_its_town_is_never_surely_near() -> None:
    town, embassy = frame([(105.84, 21.03)], 15_000.0), frame([(105.84, 21.03)])
    assert list(spatial.within_m(town, embassy, 2_000)["within"]) == ["possibly"]
    assert list(spatial.within_m(town, embassy, 2_000, radius=None)["within"]) == ["yes"]
    assert list(spatial.within_m(town, embassy, 15_000)["within"]) == ["yes"]


def test_point_whose_radius_nobody_gave_is_possibly_anywhere() -> None:
    found = spatial.within_m(frame([(0, 0), (0, 0)], [np.nan, 10.0]), frame([(0, 0)]), 2_000)
    assert list(found["within"]) == ["possibly", "yes"]
    assert list(found["most_m"]) == [np.inf, 10]


def test_row_without_geometry_is_unknown_and_others_without_are_left_out() -> None:
    found = spatial.within_m(frame([None, (0, 0)]), frame([None, (0, 0)]), 10)
    assert list(found["within"]) == ["unknown", "yes"]
    assert list(spatial.within_m(frame([(0, 0)]), frame([None]), 10)["within"]) == ["no"]
    assert list(spatial.within_m(frame([]), frame([]), 10)["within"]) == []


def test_row_is_not_within_reach_of_itself() -> None:
    points = frame([(0, 0), (0, 0.001), (9, 9)])
    assert list(spatial.within_m(points, points, 200)["within"]) == ["yes", "yes", "no"]
    one = frame([(0, 0)])
    assert list(spatial.within_m(one, one, 200)["within"]) == ["no"]


def test_columns_and_their_types_hold_for_no_rows_too() -> None:
    for points in (frame([(0, 0), None]), frame([])):
        within = spatial.within_m(points, frame([(0, 1)]), 5)
        assert list(within.columns) == ["within", "other", "distance_m", "least_m", "most_m"]
        assert list(within["within"].cat.categories) == list(spatial.WITHIN)
        near = spatial.nearest(points, frame([(0, 1)]))
        assert list(near.columns) == ["rank", "other", "distance_m", "least_m", "most_m"]
        assert near["rank"].dtype == "int64"
        for found in (within, near):
            assert {str(found[c].dtype) for c in ("distance_m", "least_m", "most_m")} == {"float64"}


def test_index_may_have_one_label_many_times(registry: Registry) -> None:
    runs = registry.runs(country="MY")
    found = spatial.within_m(runs, runs.iloc[:3], 2_000)
    assert list(found.index) == list(runs.index)


# Inside

SQUARE = box(10, 10, 12, 12)


@pytest.mark.parametrize(
    ("point", "radius", "answer"),
    [
        ((11, 11), 0, "yes"),
        ((10, 11), 0, "yes"),
        ((9.999, 11), 0, "no"),
        ((11, 11), 50_000, "yes"),
        ((10.1, 11), 50_000, "possibly"),
        ((9.9, 11), 50_000, "possibly"),
        ((9, 11), 50_000, "no"),
        ((11, 11), 500_000, "possibly"),
        ((11, 11), np.nan, "possibly"),
        (None, 50_000, "unknown"),
    ],
)
def test_point_is_inside_with_its_whole_circle_or_only_possibly(
    point: Any, radius: float, answer: str
) -> None:
    assert list(spatial.inside(frame([point], float(radius)), SQUARE)) == [answer]


@settings(max_examples=300, deadline=None)
@given(POINT, st.floats(1, 5e6), st.floats(0, 360), st.floats(0, 1))
def test_circle_holds_all_within_its_radius(
    centre: Any, radius: float, azimuth: float, part: float
) -> None:
    """And nothing that is over 1 % farther, but near a pole."""
    circle = circles.round_the_world(circles.circle(centre[0], centre[1], radius))

    def has(away: float) -> bool:
        end = Geodesic.WGS84.Direct(centre[1], centre[0], azimuth, away)
        return bool(circle.intersects(Point(end["lon2"], end["lat2"]).buffer(1e-9)))

    assert has(radius * part)
    assert has(radius)
    if min(geodesic(centre, (0, 90)), geodesic(centre, (0, -90))) > 1.4 * radius:
        assert not has(radius * 1.01 + 0.01)


@pytest.mark.parametrize(
    "area",
    [
        box(178, -20, 182, -15),
        box(-182, -20, -178, -15),
        MultiPolygon([box(178, -20, 180, -15), box(-180, -20, -178, -15)]),
    ],
    ids=["beyond 180", "beyond -180", "cut"],
)
def test_polygon_over_the_180th_meridian(area: Any) -> None:
    points = frame([(179, -17), (-179, -17), (180, -17), (-180, -17), (177, -17), (0, -17)])
    expected = ["yes", "yes", "yes", "yes", "no", "no"]
    assert list(spatial.inside(points, area)) == expected
    assert list(spatial.inside(points, area, radius=50_000)) == expected
    assert list(spatial.inside(points, area, radius=150_000))[2:5] == ["yes", "yes", "possibly"]


def test_circle_around_a_pole() -> None:
    points = frame([(30, 89.9), (30, -89.9)], 50_000.0)
    assert list(spatial.inside(points, box(-180, 80, 180, 90))) == ["yes", "no"]
    assert list(spatial.inside(points, box(100, 80, 140, 90))) == ["possibly", "no"]


def test_polygons_of_a_frame_count_together_in_any_crs() -> None:
    areas = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    points = frame([(0.5, 0.5), (1.5, 0.5), (2.5, 0.5)])
    for given_ in (areas, areas.to_crs("EPSG:3857"), areas.geometry):
        assert list(spatial.inside(points, given_)) == ["yes", "yes", "no"]
    assert list(spatial.inside(points.iloc[:1].set_geometry([Point(1, 0.5)], crs=4326), areas, 1_000)) == ["yes"]  # fmt: skip


# Per country and year


def runs(*rows: tuple[str, str, str, str | None, str | None]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["venue", "country", "status", "start", "end"])
    for name in ("start", "end"):
        found[name] = pd.to_datetime(found[name]).astype("datetime64[s]")
    return found.set_index("venue")


def counts(table: pd.DataFrame) -> dict[tuple[str, int], int]:
    rows = zip(table["country"], table["year"], table["venues"], strict=True)
    return {(country, year): number for country, year, number in rows}


def test_venue_counts_once_in_every_year_it_touches() -> None:
    table = spatial.by_country_and_year(
        runs(
            ("a", "VN", "open", "2018-12-31", "2019-01-01"),
            ("a", "VN", "closed", "2019-01-01", "2019-03-01"),
            ("a", "VN", "open", "2020-03-01", "2020-04-01"),
            ("a", "VN", "open", "2020-05-01", "2021-01-01"),
            ("b", "VN", "open", "2020-05-01", "2021-01-02"),
            ("c", "LA", "closed", None, None),
        ),
        years=(2018, 2021),
    )
    assert list(table.columns) == ["country", "year", "venues"]
    assert {str(table[column].dtype) for column in ("year", "venues")} == {"int64"}
    assert counts(table) == {
        **{("LA", year): 0 for year in range(2018, 2022)},
        ("VN", 2018): 1,
        ("VN", 2019): 0,
        ("VN", 2020): 2,
        ("VN", 2021): 1,
    }


def test_open_ends_reach_over_all_years_that_are_counted() -> None:
    table = spatial.by_country_and_year(
        runs(("a", "VN", "open", None, "2019-06-01"), ("b", "VN", "closed", "2020-01-01", None)),
        status=["open", "closed"],
        years=(2018, 2021),
    )
    assert list(table["venues"]) == [1, 1, 1, 1]


def test_years_run_from_the_first_start_to_the_present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1591142400")  # 2020-06-03
    table = spatial.by_country_and_year(
        runs(("a", "VN", "open", "2018-03-01", None), ("b", "VN", "open", "2030-01-01", None))
    )
    assert counts(table) == {("VN", year): 1 for year in (2018, 2019, 2020)}


def test_no_runs_make_no_rows() -> None:
    table = spatial.by_country_and_year(runs())
    assert len(table) == 0
    assert {str(table[column].dtype) for column in ("year", "venues")} == {"int64"}


def test_counts_are_those_of_during(registry: Registry) -> None:
    table = spatial.by_country_and_year(registry, years=(2014, 2021))
    known = spatial.by_country_and_year(registry.runs(known="2018-01-01"), years=(2014, 2021))
    for year in range(2014, 2022):
        for found, on in ((table, None), (known, "2018-01-01")):
            expected = registry.during(year, status="open", known=on)["country"].value_counts()
            row = found[found["year"] == year].set_index("country")["venues"]
            assert {c: n for c, n in row.items() if n} == dict(expected)


def test_outlines_are_those_of_the_countries(registry: Registry) -> None:
    table = spatial.by_country_and_year(registry, years=(2019, 2019), outlines=True)
    assert isinstance(table, gpd.GeoDataFrame)
    assert table.crs == "EPSG:4326"
    thailand = table.set_index("country").loc["TH", "geometry"]
    assert thailand.contains(Point(100.5, 13.75))


# The two examples, on the shipped registry


def test_venues_within_2_km_of_an_embassy(registry: Registry) -> None:
    """The embassy in Kuala Lumpur is known to its street only by name, so to its town: nothing is surely near."""
    day = registry.on("2016-01-01", known="2026-01-01")
    embassy = day["kind"] == "embassy"
    found = spatial.within_m(day[~embassy], day[embassy], 2_000)
    assert set(found["within"]) == {"possibly", "no", "unknown"}
    possibly = found.index[found["within"] == "possibly"]
    assert {day.loc[venue, "country"] for venue in possibly} == {"MY"}
    unknown = found.index[found["within"] == "unknown"]
    assert set(day.loc[unknown, "precision"]) == {"country"}
    ampang = frame([(day.loc["my-kuala-lumpur-ampang", "lon"] + 0.01, 3.161156)])
    near = spatial.within_m(day, ampang, 2_000)["within"]
    assert near["my-kuala-lumpur-ampang"] == "yes"
    assert near["my-kuala-lumpur-koryo"] == "possibly"


def test_per_country_and_year(registry: Registry) -> None:
    wide = spatial.by_country_and_year(registry).pivot(
        index="year", columns="country", values="venues"
    )
    assert list(wide.columns) == sorted({venue.country for venue in registry.values()})
    assert (wide.to_numpy() >= 0).all()
    assert wide.to_numpy().max() <= len(registry)


# What cannot be measured


def no_crs() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[Point(0, 0)])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: spatial.distance_m(no_crs(), (0, 0)), "no CRS; if its points are lon and lat"),
        (lambda: spatial.distance_m(frame([(21, 105)]), (0, 0)), "row 0: lon 21.0, lat 105.0 is nowhere; are they swapped"),
        (lambda: spatial.distance_m(frame([(0, 0)]), (21, 105)), "lat 105.0 is nowhere"),
        (lambda: spatial.distance_m(frame([(0, 0)]), LineString([(0, 0), (1, 1)])), "a point is needed, not linestring"),
        (lambda: spatial.distance_m(frame([(0, 0)]), "Hanoi"), "'Hanoi' is no point"),
        (lambda: spatial.distance_m(pd.DataFrame(), (0, 0)), "a GeoDataFrame or GeoSeries is needed, not DataFrame"),
        (lambda: spatial.distance_m(gpd.GeoDataFrame({"a": [1]}), (0, 0)), "no active geometry"),
        (lambda: spatial.distance_m(gpd.GeoSeries([SQUARE], crs=4326), (0, 0)), "row 0 is a Polygon, not a point"),
        (lambda: spatial.nearest(frame([(0, 0)]), frame([(0, 0)]), 0), "k is 0"),
        (lambda: spatial.nearest(frame([(0, 0)], -1.0), frame([(0, 0)])), "row 0: a radius of -1.0 m"),
        (lambda: spatial.within_m(frame([(0, 0)]), frame([(0, 0)]), -1), "-1 metres is no distance"),
        (lambda: spatial.within_m(frame([(0, 0)]), frame([(0, 0)]), np.nan), "nan metres is no distance"),
        (lambda: spatial.inside(frame([(0, 0)]), Point(0, 0)), "a polygon is needed, not Point"),
        (lambda: spatial.inside(frame([(0, 0)]), Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])), "the polygon is not valid"),
        (lambda: spatial.by_country_and_year(pd.DataFrame({"country": []})), "no column 'status'"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_an_error_with_a_way_out(call: Any, said: str) -> None:
    with pytest.raises(FrameError) as caught:
        call()
    assert said in str(caught.value)


def test_name_that_does_not_exist_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match="'radius'; did you mean 'radius_m'"):
        spatial.nearest(frame([(0, 0)], 5.0), frame([(0, 0)]), radius="radius")
    with pytest.raises(UnknownName, match="'opened'; did you mean 'open'"):
        spatial.by_country_and_year(runs(), status="opened")


def test_radius_may_be_any_column_or_number() -> None:
    points = frame([(0, 0)], 5.0).rename(columns={"radius_m": "off"})
    there = frame([(0, 1)])
    assert (
        spatial.nearest(points, there)["most_m"][0] == spatial.nearest(points, there)["least_m"][0]
    )
    for radius in ("off", 5):
        found = spatial.nearest(points, there, radius=radius).loc[0]
        assert found["most_m"] - found["least_m"] == pytest.approx(10)


def test_module_is_loaded_when_it_is_used() -> None:
    code = (
        "import sys, outposts\nassert 'outposts.spatial' not in sys.modules\n"
        "outposts.spatial.nearest\nassert 'spatial' in dir(outposts)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_active_geometry_may_have_any_name() -> None:
    points = frame([(0, 0), None]).rename_geometry("where")
    assert list(spatial.within_m(points, points.copy(), 1)["within"]) == ["yes", "unknown"]
    assert spatial.distance_m(points.geometry, (0, 0)).isna().tolist() == [False, True]
    assert shapely.is_missing(points.geometry.to_numpy()[1])
