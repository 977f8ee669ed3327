"""Frames: columns, types, geometry, and which ends of a period are included."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame
from registries import KORYO_FILE, LAO_FILE, changed, write
from registries import LAO as MARKET

from outposts.errors import DateError, UnknownName
from outposts.frames import CLAIMS, DURING, ON, RUNS, SOURCES
from outposts.frames import COLUMNS as COLUMNS_OF
from outposts.registry import Registry, load

KNOWN = "2026-01-01"
PLACE = ["name", "kind", "country", "place", "lon", "lat", "precision", "radius_m"]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return load(write(Path(tmp_path_factory.mktemp("registry"))))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = Path(tmp_path_factory.mktemp("registry"))
    return load(write(folder, {KORYO_FILE: None, LAO_FILE: None}))


def frames(registry: Registry) -> dict[str, GeoDataFrame]:
    return {
        "on": registry.on("2020-04-15", known=KNOWN),
        "during": registry.during(2020, known=KNOWN),
        "runs": registry.runs(known=KNOWN),
    }


COLUMNS = {
    "on": [
        *PLACE,
        "on",
        "known",
        "status",
        "reason",
        "since",
        "last_seen_open",
        "changes_on",
        "single_source",
        "for",
        "against",
        "explanation",
    ],
    "during": [*PLACE, "first_day", "last_day", "statuses"],
    "runs": [*PLACE, "start", "end", "status", "reason", "for", "against"],
}
DAYS = {
    "on": ["on", "known", "since", "last_seen_open", "changes_on"],
    "during": ["first_day", "last_day"],
    "runs": ["start", "end"],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_promised(registry: Registry, empty: Registry, name: str) -> None:
    for frame in (frames(registry)[name], frames(empty)[name]):
        assert list(frame.columns) == [*COLUMNS[name], "geometry"]
        assert frame.index.name == "venue"


@pytest.mark.parametrize("name", COLUMNS)
def test_frame_is_in_lon_and_lat(registry: Registry, empty: Registry, name: str) -> None:
    for frame in (frames(registry)[name], frames(empty)[name]):
        assert isinstance(frame, GeoDataFrame)
        assert frame.crs == "EPSG:4326"
        assert frame.geometry.name == "geometry"


@pytest.mark.parametrize("name", COLUMNS)
def test_days_and_numbers_have_their_types(registry: Registry, empty: Registry, name: str) -> None:
    for frame in (frames(registry)[name], frames(empty)[name]):
        assert {str(frame[day].dtype) for day in DAYS[name]} == {"datetime64[s]"}
        assert {str(frame[number].dtype) for number in ("lon", "lat", "radius_m")} == {"float64"}


@pytest.mark.parametrize("name", COLUMNS)
def test_venue_known_by_country_has_no_geometry(registry: Registry, name: str) -> None:
    frame = frames(registry)[name]
    assert frame.loc[["la-night-market"], "geometry"].isna().all()
    assert frame.loc[["la-night-market"], ["lon", "lat"]].isna().all(axis=None)
    assert frame.loc[["vn-hanoi-koryo"], "geometry"].notna().all()


def test_point_is_lon_then_lat(registry: Registry) -> None:
    row = registry.on("2020-04-15", known=KNOWN).loc["vn-hanoi-koryo"]
    assert (row.geometry.x, row.geometry.y) == (row["lon"], row["lat"])
    assert row["lon"] == pytest.approx(105.84, abs=0.1)


def test_row_of_a_day_is_the_answer_of_that_day(registry: Registry) -> None:
    row = registry.on("2020-04-15", known=KNOWN).loc["vn-hanoi-koryo"]
    answer = registry["vn-hanoi-koryo"].status("2020-04-15", known=KNOWN)
    assert (row["status"], row["reason"]) == (answer.status, answer.reason) == ("open", "seen-open")
    assert row["for"] == ["vn-hanoi-koryo#c1"]
    assert row["against"] == []
    assert row["on"] == pd.Timestamp("2020-04-15")
    assert row["since"] == pd.Timestamp("2020-04-01")
    assert row["last_seen_open"] == pd.Timestamp("2020-04-15")
    assert row["changes_on"] == pd.Timestamp("2021-01-26")
    assert row["single_source"]


def test_absent_day_is_nat(registry: Registry) -> None:
    row = registry.on("2019-01-01", known="2019-01-01").loc["vn-hanoi-koryo"]
    assert row["status"] == "unknown"
    assert pd.isna(row["last_seen_open"])
    assert pd.isna(row["changes_on"])


def test_period_ends_are_included(registry: Registry) -> None:
    """Koryo is open from 2020-04-01 to 2021-01-25."""

    def ids(first: str, last: str) -> list[str]:
        found = registry.during((first, last), status="open", known=KNOWN, country="VN")
        return list(found.index)

    assert ids("2020-03-01", "2020-03-31") == []
    assert ids("2020-03-01", "2020-04-01") == ["vn-hanoi-koryo"]
    assert ids("2021-01-25", "2021-02-01") == ["vn-hanoi-koryo"]
    assert ids("2021-01-26", "2021-02-01") == []


def test_first_and_last_day_are_the_wanted_ones_within_the_period(registry: Registry) -> None:
    for period, first, last in (
        (2020, "2020-04-01", "2020-12-31"),
        (2021, "2021-01-01", "2021-01-25"),
        ("2020-05", "2020-05-01", "2020-05-31"),
    ):
        row = registry.during(period, status="open", known=KNOWN).loc["vn-hanoi-koryo"]
        assert row["first_day"] == pd.Timestamp(first)
        assert row["last_day"] == pd.Timestamp(last)


def test_statuses_of_a_period_are_all_it_had_in_their_order(registry: Registry) -> None:
    row = registry.during(2021, status="open", known=KNOWN).loc["vn-hanoi-koryo"]
    assert row["statuses"] == ["open", "presumed-open"]


def test_period_that_is_no_date_is_an_error(registry: Registry) -> None:
    with pytest.raises(DateError, match="2019-39"):
        registry.during("late 2019")


def test_end_of_a_run_is_exclusive(registry: Registry) -> None:
    found = registry.runs(known=KNOWN).loc["vn-hanoi-koryo"]
    assert pd.isna(found["start"].iloc[0])
    assert pd.isna(found["end"].iloc[-1])
    assert list(found["end"].iloc[:-1]) == list(found["start"].iloc[1:])
    seen = found[found["reason"] == "seen-open"].iloc[0]
    assert (seen["start"], seen["end"]) == (pd.Timestamp("2020-04-01"), pd.Timestamp("2021-01-26"))


def test_filters_narrow_every_frame(registry: Registry) -> None:
    assert list(registry.on("2020-04-15", country="VN").index) == ["vn-hanoi-koryo"]
    assert list(registry.during(2020, country="VN").index) == ["vn-hanoi-koryo"]
    assert set(registry.runs(country="LA").index) == {"la-night-market"}
    with pytest.raises(UnknownName, match="'country'"):
        registry.on("2020-04-15", contry="VN")


def test_days_default_to_that_of_source_date_epoch(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1591142400")
    frame = registry.on()
    assert set(frame["on"]) == set(frame["known"]) == {pd.Timestamp("2020-06-03")}


def test_days_before_the_age_of_nanoseconds_are_kept(tmp_path: Path) -> None:
    files: dict[str, str | None] = {LAO_FILE: changed(MARKET, '"2018"', '"1402-05-03"')}
    found = load(write(tmp_path, files)).runs(known=KNOWN).loc["la-night-market"]
    assert "1402-05-03" in {str(day)[:10] for day in found["start"]}


def test_frame_becomes_geojson(registry: Registry) -> None:
    frame = registry.on("2020-04-15", known=KNOWN)
    features = {f["id"]: f for f in json.loads(frame.to_json(default=str))["features"]}
    assert features["la-night-market"]["geometry"] is None
    assert features["vn-hanoi-koryo"]["properties"]["status"] == "open"


def test_every_column_is_as_documented_without_rows_too(
    registry: Registry, empty: Registry
) -> None:
    tables = {"on": ON, "during": DURING, "runs": RUNS}
    for held in (registry, empty):
        for name, frame in frames(held).items():
            assert [*frame.columns] == [*tables[name], "geometry"]
            for column in (frame.reset_index()[name] for name in ("venue", *frame.columns)):
                told = COLUMNS_OF[str(column.name)]
                assert str(column.dtype) == told.dtype, column.name
                assert told.meaning


@pytest.mark.parametrize(
    "day",
    [
        "2020-04-15",
        "2020-04-15T23:59",
        " 2020-04-15 ",
        dt.date(2020, 4, 15),
        dt.datetime(2020, 4, 15, 23, 59),
        dt.datetime(2020, 4, 15, 23, 59, tzinfo=dt.UTC),
        pd.Timestamp("2020-04-15 12:00"),
        pd.Timestamp("2020-04-15", tz="Asia/Phnom_Penh"),
        np.datetime64("2020-04-15"),
        np.datetime64("2020-04-15T12:00:00.000000000"),
    ],
    ids=repr,
)
def test_a_day_may_come_in_any_of_its_types(registry: Registry, day: Any) -> None:
    koryo = registry["vn-hanoi-koryo"]
    asked = [
        registry.on(day, known=day),
        registry.on("2020-04-15", known="2020-04-15"),
    ]
    assert asked[0].equals(asked[1])
    assert koryo.status(day, known=day) == koryo.status("2020-04-15", known="2020-04-15")
    assert koryo.history(day) == koryo.history("2020-04-15")
    assert registry.runs(known=day).equals(registry.runs(known="2020-04-15"))
    assert registry.during((day, day)).equals(registry.during(("2020-04-15", "2020-04-15")))
    assert registry.where(status="open", on=day).venues == registry.where(status="open", on="2020-04-15").venues  # fmt: skip
    assert registry.select(start=day, end=day) == registry.select(start="2020-04-15", end="2020-04-15")  # fmt: skip


@pytest.mark.parametrize(
    "day", [pd.NaT, "2020-04", 20200415, None.__class__, "15.4.2020"], ids=repr
)
def test_what_is_no_day_is_refused_with_the_value(registry: Registry, day: Any) -> None:
    with pytest.raises(DateError):
        registry.on(day)


# Claims, sources, names


def test_claims_are_those_that_count_on_the_day_unless_every_one_is_asked_for() -> None:
    registry = load()
    early, every = registry.claims(known="2018-01-01"), registry.claims(every=True)
    assert bool((early["known"] <= "2018-01-01").all())
    assert 0 < len(early) < len(every) == sum(len(venue.claims) for venue in registry.values())
    assert {name: str(every[name].dtype) for name in every} == {
        name: column.dtype for name, column in CLAIMS.items()
    }


def test_sources_are_records_by_id_and_a_table_when_called() -> None:
    sources = load().sources
    table = sources()
    assert list(table.index) == sorted(sources)
    assert table.loc["globe-2020", "publisher"] == sources["globe-2020"].publisher
    some = sources(known="2018-01-01", country="VN")
    assert 0 < len(some) < len(table)
    assert bool((some["known"] <= "2018-01-01").all())
    assert list(table.columns) == list(SOURCES)
