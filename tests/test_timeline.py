"""`outposts.StatusTimeline`: what it takes, what it refuses, and that no data is a template."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import zlib
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, Polygon

import outposts
from outposts.errors import MapError, UnknownName
from outposts.render.columns import NEVER, days

SOME = [Point(100, 10), Point(101, 11), Point(102, 12)]


def frame(**columns: Any) -> gpd.GeoDataFrame:
    given: dict[str, Any] = {"name": ["a", "b", "c"], "start": "2010", "end": None, "status": "open"}  # fmt: skip
    geometry = columns.pop("geometry", SOME)
    crs = columns.pop("crs", "EPSG:4326")
    return gpd.GeoDataFrame(given | columns, geometry=geometry, crs=crs)


def page(*layers: outposts.StatusTimeline) -> str:
    m = folium.Map([10, 100], tiles=None)
    for layer in layers:
        layer.add_to(m)
    return str(m.get_root().render())


def block(html: str, id: str) -> bytes:
    match = re.search(rf'<script type="text/plain" id="{id}">([^<]*)</script>', html)
    assert match
    return zlib.decompress(base64.b64decode(match[1]), -15)


def header(layer: outposts.StatusTimeline) -> dict[str, Any]:
    content = block(page(layer), "outposts-timeline-1")
    found: dict[str, Any] = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-03-01", "2020-03-01"),
        (" 2020-03-01T23:59:59+07:00", "2020-03-01"),
        ("2020-03", "2020-03-01"),
        ("2020", "2020-01-01"),
        (2020, "2020-01-01"),
        (2020.0, "2020-01-01"),
        (dt.date(2020, 3, 1), "2020-03-01"),
        (dt.datetime(1969, 12, 31, 23), "1969-12-31"),
        (pd.Timestamp("2020-03-01 12:00", tz="Asia/Bangkok"), "2020-03-01"),
        (pd.Period("2020-03", "M"), "2020-03-01"),
    ],
)
def test_a_day_is_the_first_day_of_what_is_given(value: Any, expected: str) -> None:
    for series in (pd.Series([value]), pd.Series([value, None]), pd.Series([value], dtype=object)):
        found = days(series, "start")
        assert dt.date(1970, 1, 1) + dt.timedelta(days=int(found[0])) == dt.date.fromisoformat(
            expected
        )
        assert all(day == NEVER for day in found[1:])


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NaT, pd.NA, "", "  ", ".."])
def test_nothing_is_an_open_end(nothing: Any) -> None:
    assert days(pd.Series([nothing], dtype=object), "end").tolist() == [NEVER]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("May 2020", "'May 2020' is not a date"),
        ("2020-02-30", "'2020-02-30' is not a date"),
        (1577836800000, "is not a year from 1 to 9999"),
        (2020.5, "is not a year"),
        (True, "not a date"),
        ([2020], "not a date"),
    ],
)
def test_a_wrong_date_is_named_with_its_column_and_row(value: Any, told: str) -> None:
    if isinstance(value, list):
        value = Point(1, 2)
    start = pd.Series(["2010", "2011", value], dtype=object)
    with pytest.raises(MapError, match=re.escape("column 'start', row 2: ")) as error:
        outposts.StatusTimeline(frame(start=start))
    assert told in str(error.value)


def test_a_missing_column_gets_the_nearest_names() -> None:
    with pytest.raises(UnknownName, match="no column 'statsu'; did you mean 'status'"):
        outposts.StatusTimeline(frame(), status="statsu")


def test_a_run_does_not_end_before_it_starts() -> None:
    with pytest.raises(MapError, match="row 1: 'end' 2010-01-01 lies before 'start' 2011-01-01"):
        outposts.StatusTimeline(frame(start=[2010, 2011, 2012], end=[2011, 2010, 2013]))


def test_too_many_statuses_are_refused_with_examples() -> None:
    many = gpd.GeoDataFrame(
        {"start": 2010, "end": None, "status": [f"s{i}" for i in range(30)]},
        geometry=[Point(100, 10)] * 30,
    )
    with pytest.raises(MapError, match="column 'status' has 30 different values, such as 's0'"):
        outposts.StatusTimeline(many)


def test_metres_without_a_crs_are_refused() -> None:
    far = [Point(11_000_000, 1_000_000)] * 3
    with pytest.raises(MapError, match="has no CRS"):
        outposts.StatusTimeline(frame(geometry=far, crs=None))


def test_any_crs_and_any_geometry_gives_the_same_bounds() -> None:
    area = Polygon([(99.9, 9.9), (100.1, 9.9), (100.1, 10.1), (99.9, 10.1)])
    plain = outposts.StatusTimeline(frame()).get_bounds()
    other = frame(geometry=[area, *SOME[1:]]).to_crs("EPSG:3857")
    for found, expected in zip(outposts.StatusTimeline(other).get_bounds(), plain, strict=True):
        assert found == pytest.approx(expected, abs=0.01)


def test_rows_without_a_place_are_counted_and_listed() -> None:
    layer = outposts.StatusTimeline(frame(geometry=[None, Point(), SOME[2]]))
    assert layer.unplaced == [0, 1]
    assert header(layer)["unplaced"] == {"count": 2, "names": ["a", "b"]}
    assert header(layer)["venues"] == 1


def test_rows_of_one_venue_are_its_runs() -> None:
    registry = outposts.load()
    runs = registry.runs()
    layer = outposts.StatusTimeline(runs, venue="venue")
    found = header(layer)
    assert found["venues"] + found["unplaced"]["count"] == runs.index.nunique()
    assert set(layer.unplaced) == set(runs.index[runs.geometry.isna()])


def test_a_missing_status_is_unknown_and_words_are_matched() -> None:
    found = header(outposts.StatusTimeline(frame(status=[None, "Presumed open", "Mine"])))
    assert [status["code"] for status in found["statuses"]] == ["presumed-open", "unknown", "Mine"]


def test_an_empty_frame_is_a_page() -> None:
    assert header(outposts.StatusTimeline(frame().iloc[:0]))["venues"] == 0


HOSTILE = ["{{7*7}}", "{% raw %}</script><script>alert(1)</script>", "${alert(1)}{#\u2028"]


def test_no_value_reaches_the_html() -> None:
    layer = outposts.StatusTimeline(
        frame(name=HOSTILE, status=HOSTILE, note=HOSTILE), details=["note"]
    )
    html = page(layer)
    for text in ("7*7", "alert(", "{% raw", "{#", ">49<"):
        assert text not in html
    names = block(html, "outposts-timeline-1-names").decode().split("\x1e")
    assert names[:2] == HOSTILE[:2]


def test_two_renders_are_equal_and_ids_are_numbered() -> None:
    m = folium.Map([10, 100], tiles=None)
    layers = [outposts.StatusTimeline(frame(name=[text] * 3)).add_to(m) for text in "xy"]
    first = m.get_root().render()
    assert first == m.get_root().render()
    assert len(layers) == 2
    assert first.count('id="outposts-timeline-1"') == first.count('id="outposts-timeline-2"') == 1
    assert block(first, "outposts-timeline-2-names") == b"y\x1ey\x1ey"


def test_our_own_map_keeps_its_policy() -> None:
    m = outposts.Map(outposts.load(), on="2020-06-02", country="LA")
    outposts.StatusTimeline(frame()).add_to(m)
    html = m.get_root().render()
    assert 'http-equiv="Content-Security-Policy"' in html
    assert html == m.get_root().render()


def test_without_a_map_it_says_so() -> None:
    with pytest.raises(MapError, match=r"folium\.Map"):
        outposts.StatusTimeline(frame()).render()
