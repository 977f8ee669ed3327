"""Dates: the EDTF profile and its windows, days as integers, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import edtf
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outposts import dates
from outposts.errors import DateError

CASES = json.loads((Path(__file__).parent / "cases" / "dates.json").read_text(encoding="utf-8"))
FORMS: list[dict[str, Any]] = CASES["dates"]
ERRORS: list[dict[str, str]] = CASES["errors"]
WHOLE = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
NEAR = st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31))


def named(case: dict[str, Any]) -> str:
    return str(case.get("edtf", case.get("text")))


@pytest.mark.parametrize("case", FORMS, ids=named)
def test_form_spans_the_days_it_means(case: dict[str, Any]) -> None:
    window = dates.parse(case["edtf"]).window
    assert dates.iso_or_none(window.first) == case["first"]
    assert dates.iso_or_none(window.last) == case["last"]


@pytest.mark.parametrize("case", FORMS, ids=named)
def test_form_says_how_it_is_meant(case: dict[str, Any]) -> None:
    date = dates.parse(case["edtf"])
    assert date.extent == case.get("extent", False)
    assert date.approximate == case.get("approximate", False)
    assert date.uncertain == case.get("uncertain", False)


@pytest.mark.parametrize("case", FORMS, ids=named)
def test_form_reads_in_english(case: dict[str, Any]) -> None:
    date = dates.parse(case["edtf"])
    assert date.words == case["words"]
    assert date.phrase == case["phrase"]


@pytest.mark.parametrize("case", ERRORS, ids=named)
def test_what_is_not_in_the_profile_is_an_error_with_a_way_out(case: dict[str, str]) -> None:
    with pytest.raises(DateError) as caught:
        dates.parse(case["text"])
    assert case["says"] in str(caught.value)


@pytest.mark.parametrize("case", FORMS, ids=named)
def test_window_is_never_reversed(case: dict[str, Any]) -> None:
    window = dates.parse(case["edtf"]).window
    assert window.first <= window.last
    assert window.width == window.last - window.first + 1


@pytest.mark.parametrize("case", [c for c in ERRORS if "did you mean" in c["says"]], ids=named)
def test_suggested_code_is_itself_a_date(case: dict[str, str]) -> None:
    code = case["says"].partition('did you mean "')[2].rstrip('?"')
    assert dates.parse(code).text == code


@pytest.mark.parametrize("case", FORMS, ids=named)
def test_text_of_a_date_parses_to_the_same(case: dict[str, Any]) -> None:
    date = dates.parse(case["edtf"])
    assert dates.parse(str(date)) == date
    assert str(date) == case["edtf"]


@given(WHOLE)
@settings(deadline=None)
def test_day_round_trips(date: dt.date) -> None:
    day = dates.day(date)
    assert dates.iso(day) == date.isoformat()
    assert dates.day(dates.iso(day)) == day
    assert dates.parse(date.isoformat()).window == (day, day)


@given(WHOLE)
@settings(deadline=None)
@example(dt.date(1970, 1, 1))
def test_days_count_from_the_first_of_january_1970(date: dt.date) -> None:
    assert dates.day(date) == (date - dt.date(1970, 1, 1)).days


@given(NEAR, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
@settings(deadline=None, max_examples=60)
@example(dt.date(2019, 2, 1), "%Y-%m")
@example(dt.date(2020, 2, 1), "%Y-%m")
@example(dt.date(1900, 2, 1), "%Y-%m")
def test_plain_date_spans_the_days_that_the_edtf_package_says(date: dt.date, form: str) -> None:
    text = date.strftime(form)
    oracle = edtf.parse_edtf(text)
    first, last = dates.parse(text).window
    assert dates.iso(first) == dt.date(*oracle.lower_strict()[:3]).isoformat()
    assert dates.iso(last) == dt.date(*oracle.upper_strict()[:3]).isoformat()


SUFFIX = st.sampled_from(["", "~", "?", "%"])
PLAIN = st.one_of(
    st.builds("{:04}{}".format, st.integers(1, 9999), SUFFIX),
    st.builds("{:03}X{}".format, st.integers(1, 999), SUFFIX),
    st.builds("{:04}-XX{}".format, st.integers(1, 9999), SUFFIX),
    st.builds("{:04}-{:02}{}".format, st.integers(1, 9999), st.integers(1, 12), SUFFIX),
    st.builds(
        "{:04}-{}{}".format, st.integers(1, 9999), st.sampled_from([*dates.SUB_YEARS]), SUFFIX
    ),
    st.builds("{}{}".format, WHOLE, SUFFIX),
)


@given(PLAIN)
@settings(deadline=None)
@example("9999-24~")
@example("9999-12-31~")
@example("0001-01-01%")
def test_window_stays_within_the_years_that_there_are(text: str) -> None:
    first, last = dates.parse(text).window
    assert dates.day("0001-01-01") <= first <= last <= dates.day("9999-12-31")


@given(PLAIN, PLAIN)
@settings(deadline=None)
def test_one_of_two_dates_spans_both(one: str, other: str) -> None:
    windows = dates.parse(one).window, dates.parse(other).window
    joined = dates.parse(f"[{one},{other}]").window
    assert joined == (min(w.first for w in windows), max(w.last for w in windows))


@given(NEAR, NEAR)
@settings(deadline=None)
def test_extent_and_one_of_span_the_same_days(one: dt.date, other: dt.date) -> None:
    first, last = sorted([one, other])
    extent, one_of = dates.parse(f"{first}/{last}"), dates.parse(f"[{first}..{last}]")
    assert extent.window == one_of.window
    assert (extent.extent, one_of.extent) == (True, False)


@given(st.text(alphabet="0123456789-/.,[]~?%X abcdefghijlmnoprstuvy２٣", max_size=24))
@settings(deadline=None, max_examples=300)
@example("２０１９-05-03")
@example("by by by 2019")
def test_any_text_is_a_date_or_an_error_of_ours_that_names_it(text: str) -> None:
    try:
        date = dates.parse(text)
    except DateError as error:
        said = str(error)
    else:
        said = repr(date.text)
        assert date.window.first <= date.window.last
    assert repr(text) in said


def test_bounds_of_a_window_are_included() -> None:
    window = dates.parse("2020-04").window
    assert dates.day("2020-04-01") in window
    assert dates.day("2020-04-30") in window
    assert dates.day("2020-03-31") not in window
    assert dates.day("2020-05-01") not in window
    assert window.width == 30


def test_open_end_is_infinite() -> None:
    assert dates.parse("[..2020]").window.first == -math.inf
    assert dates.parse("2020/..").window.last == math.inf


DAY = dates.day("2020-03-01")


@pytest.mark.parametrize(
    "value",
    [
        "2020-03-01",
        " 2020-03-01 ",
        "2020-03-01T23:59:59",
        "2020-03-01T23:59:59Z",
        "2020-03-01 12:00",
        dt.date(2020, 3, 1),
        dt.datetime(2020, 3, 1, 23, 59),
        pd.Timestamp("2020-03-01 23:59"),
        pd.Timestamp("2020-03-01 23:59", tz="Asia/Bangkok"),
        np.datetime64("2020-03-01"),
        np.datetime64("2020-03-01T23:59:59.999"),
    ],
    ids=repr,
)
def test_day_takes_what_a_caller_has(value: Any) -> None:
    assert dates.day(value) == DAY


@pytest.mark.parametrize(
    "value",
    [
        "2020",
        "2020-03",
        "[..2020-03-01]",
        "2020-03-01~",
        "2020-02-30",
        "2020-3-1",
        "2020-03-01 or later",
        "2020-03-01T25:99",
        "yesterday",
        "",
        None,
        True,
        18322,
        18322.0,
        np.int64(18322),
        np.float64(18322),
        np.datetime64("NaT"),
        pd.NaT,
        pd.Period("2020-03-01"),
        dt.time(12),
        b"2020-03-01",
        ["2020-03-01"],
    ],
    ids=repr,
)
def test_day_refuses_what_is_not_a_day(value: Any) -> None:
    with pytest.raises(DateError, match="is not a day"):
        dates.day(value)


def test_english_day_is_refused_with_the_iso_one() -> None:
    with pytest.raises(DateError, match='did you mean "2020-03-01"'):
        dates.day("1 March 2020")


def test_today_is_that_of_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1591142399")
    assert dates.iso(dates.today()) == "2020-06-02"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1591142400")
    assert dates.iso(dates.today()) == "2020-06-03"


def test_today_without_source_date_epoch_is_the_day_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = dt.datetime.now(dt.UTC).date()
    today = dates.iso(dates.today())
    after = dt.datetime.now(dt.UTC).date()
    assert before.isoformat() <= today <= after.isoformat()


@pytest.mark.parametrize("epoch", ["yesterday", "1.5", "9" * 30])
def test_source_date_epoch_that_is_no_number_of_seconds_is_an_error(
    monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(DateError, match="SOURCE_DATE_EPOCH"):
        dates.today()


def test_day_reads_in_english() -> None:
    assert dates.in_words(dates.day("2020-03-01")) == "1 March 2020"
    assert dates.in_words(dates.day("1969-12-31")) == "31 December 1969"
