"""Questions: laws that hold of any registry, a textbook's numbers, and the shipped registry."""

from __future__ import annotations

import csv
import io
import itertools
import json
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from evidence import claims, claims_of
from hypothesis import given, settings
from hypothesis import strategies as st

import outposts
from outposts import dates, questions
from outposts.cli import main
from outposts.cli.ask import ask
from outposts.errors import DateError, UnknownName
from outposts.models import Claim
from outposts.questions.changes import DECAYED
from outposts.questions.table import VENUE
from outposts.registry import Registry
from outposts.rules import RULES, STATUSES

NOW = "2026-11-23"
OPEN = ["open", "presumed-open", "disputed"]
SHIPPED = outposts.load()


def registry_of(**venues: Sequence[Claim | str]) -> Registry:
    """Return a registry of venues with these claims, in the country that a venue's name begins with."""
    plain = next(iter(SHIPPED.values()))
    made = {}
    for name, told in sorted(venues.items()):
        own = [one for one in told if isinstance(one, Claim)]
        own += claims_of([line for line in told if isinstance(line, str)])
        id = name.replace("_", "-")
        own = [replace(claim, id=f"{id}#{claim.id}") for claim in own]
        made[id] = replace(plain, id=id, name=id, country=name[:2].upper(), claims=tuple(own))
    return replace(SHIPPED, venues=made)


REGISTRIES = st.lists(claims(), min_size=1, max_size=3).map(
    lambda found: registry_of(**{f"kh_{number}": told for number, told in enumerate(found)})
)
ASKED = st.dates(pd.Timestamp("2014-01-01").date(), pd.Timestamp("2022-12-31").date())


def statuses(registry: Registry, day: Any, known: Any = NOW) -> dict[str, str]:
    return {id: venue.status(day, known).status for id, venue in registry.items()}


# Who was open after a deadline


@settings(max_examples=20, deadline=None)
@given(REGISTRIES, ASKED, st.integers(1, 400))
def test_open_after_tells_of_those_open_on_some_later_day(
    registry: Registry, day: Any, days: int
) -> None:
    first = dates.day(day)
    last = dates.iso(first + days)
    found = questions.open_after(registry, day, until=last, known=NOW)
    wanted = registry.during((dates.iso(first + 1), last), status=OPEN, known=NOW)
    assert list(found.index) == list(wanted.index)
    assert list(found["first_day"]) == list(wanted["first_day"])
    assert list(found["last_day"]) == list(wanted["last_day"])


@settings(max_examples=20, deadline=None)
@given(REGISTRIES, ASKED)
def test_open_after_up_to_the_next_day_is_the_answer_on_that_day(
    registry: Registry, day: Any
) -> None:
    after = dates.iso(dates.day(day) + 1)
    found = questions.open_after(registry, day, until=after, known=NOW)
    wanted = registry.on(after, known=NOW, status=OPEN)
    assert dict(found["status"]) == dict(wanted["status"])


def test_seen_after_the_deadline_is_told_from_held_to_be_open() -> None:
    registry = registry_of(
        kh_before=["open 2019-12-01"],
        kh_after=["open 2020-01-05"],
        kh_month=["open 2019-12"],
        kh_extent=["open 2019-12-01/2019-12-30"],
        kh_gone=["open 2019-12-01", "closed 2019-12-10"],
    )
    found = questions.open_after(registry, "2019-12-22", known=NOW)
    assert list(found.index[found["seen"]]) == ["kh-after", "kh-extent"]
    assert list(found.index[~found["seen"]]) == ["kh-before", "kh-month"]
    assert found.loc["kh-after", "seen_by"] == ["kh-after#x#c1"]
    assert found.loc["kh-before", "sources"] == ["s"]


def test_deadline_is_a_day_or_an_event_of_the_registry() -> None:
    named = questions.open_after(SHIPPED, "worker-deadline", known=NOW)
    pd.testing.assert_frame_equal(named, questions.open_after(SHIPPED, "2019-12-22", known=NOW))
    with pytest.raises(UnknownName, match="did you mean 'worker-deadline'"):
        questions.open_after(SHIPPED, "workers-deadline")
    with pytest.raises(DateError, match="2019-13-01"):
        questions.open_after(SHIPPED, "2019-13-01")
    with pytest.raises(DateError, match="is not after the deadline"):
        questions.open_after(SHIPPED, "2019-12-22", until="2019-12-22")


# Survival


def test_survival_is_that_of_a_textbook() -> None:
    """Freireich et al. (1963), 6-MP group, in weeks, as in Kalbfleisch and Prentice: 21 patients, 9 events."""
    gone = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    start = dates.day("2001-01-01")

    def day(weeks: int) -> str:
        return dates.iso(start + weeks * 7)

    lives = {f"kh_g{n}": [f"open {day(0)}", f"closed {day(w)}"] for n, w in enumerate(gone)}
    lives |= {f"kh_c{n}": [f"open {day(0)}", f"open {day(w)}"] for n, w in enumerate(censored)}
    found = questions.survival(registry_of(**lives), known="2030-01-01").iloc[1:]
    assert [days // 7 for days in found["days"]] == [6, 7, 10, 13, 16, 22, 23]
    assert list(found["at_risk"]) == [21, 17, 15, 12, 11, 7, 6]
    assert list(found["closed"]) == [3, 1, 1, 1, 1, 1, 1]
    wanted = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found["survival"].round(3).tolist() == wanted
    assert found["se"].round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]


@settings(max_examples=20, deadline=None)
@given(REGISTRIES, ASKED)
def test_closings_counted_are_the_venues_closed_that_were_once_open(
    registry: Registry, known: Any
) -> None:
    lives = questions.lifetimes(registry, known)
    counted = lives[lives["left_out"] == ""]
    closed = registry.on(known, known=known, status="closed").index
    assert set(counted.index[counted["closed"]]) == set(closed) & set(counted.index)
    assert (counted["days_first"] >= 0).all()
    assert (counted["days_first"] <= counted["days"]).all()
    for closings in ("last", "first"):
        curve = questions.survival(registry, closings=closings, known=known)
        assert curve["closed"].sum() == counted["closed"].sum()
        assert curve["survival"].between(0, 1).all()
    for id, life in counted.iterrows():
        if not life["closed"]:
            answer = registry[str(id)].status(life["end"], known)
            assert answer.last_seen_open == dates.day(life["end"])


def test_life_begins_when_proved_open_and_ends_where_the_evidence_ends() -> None:
    lives = questions.lifetimes(
        registry_of(
            kh_window=["opened 2010-05", "closed [2012-03-01..2012-03-10]"],
            kh_by=["open 2010-05-01", "closed [..2012-03-10]"],
            kh_seen=["open 2010-05-01", "open 2011-05-01"],
            kh_dispute=["open 2010-05-01", "closed 2011-01-01", "open 2011-02-01"],
            kh_again=["open 2010-05-01", "closed 2011-01-01", "open 2014-02-01", "closed 2015-01-01"],
            kh_never=["closed 2012-01-01"],
        ),
        NOW,
    )  # fmt: skip
    ends = {id: (str(a)[:10], str(b)[:10]) for id, a, b in lives[["end_first", "end"]].itertuples()}
    assert ends["kh-window"] == ("2012-03-01", "2012-03-10")
    assert ends["kh-by"] == ("2010-05-02", "2012-03-10")
    assert ends["kh-seen"] == ("2011-05-01", "2011-05-01")
    assert ends["kh-dispute"] == ("2010-05-01", "2010-05-01")
    assert ends["kh-again"] == ("2015-01-01", "2015-01-01")
    assert dict(lives["closed"]) == {
        "kh-again": True, "kh-by": True, "kh-dispute": False, "kh-never": False, "kh-seen": False, "kh-window": True,
    }  # fmt: skip
    assert str(lives.loc["kh-window", "start"])[:10] == "2010-05-31"
    assert list(lives["began"]) == ["first seen", "first seen", "first seen", "", "first seen", "opened"]  # fmt: skip
    assert lives.loc["kh-never", "left_out"] == "never known open"


def test_delayed_entry_counts_nobody_before_the_public_knew() -> None:
    registry = registry_of(
        kh_a=["open 2010-01-01 known 2012-01-01", "closed 2014-01-01"],
        kh_b=["open 2010-01-01", "closed 2011-01-01"],
        kh_c=["open 2010-01-01 known 2015-01-01", "closed 2012-06-01 known 2015-01-01"],
    )
    plain = questions.survival(registry, known=NOW)
    late = questions.survival(registry, delayed=True, known=NOW)
    assert list(plain["at_risk"]) == [3, 3, 2, 1]
    assert list(late["at_risk"]) == [1, 1, 1]
    assert set(itertools.chain(*late["venues"])) == {"kh-a", "kh-b"}


# Counts per month


@settings(max_examples=15, deadline=None)
@given(REGISTRIES, ASKED)
def test_counts_of_a_month_are_the_statuses_on_its_first_day(registry: Registry, day: Any) -> None:
    found = questions.monthly(registry, day, dates.iso(dates.day(day) + 70), known=NOW)
    for month, part in found.groupby("month"):
        assert part["count"].sum() == len(registry)
        told = list(statuses(registry, month).values())
        assert dict(zip(part["status"], part["count"], strict=True)) == {
            status: told.count(status) for status in STATUSES
        }


@pytest.mark.parametrize("by", ["country", "kind"])
def test_groups_of_a_month_add_up(by: Any) -> None:
    parts = questions.monthly(SHIPPED, by=by, known=NOW)
    whole = questions.monthly(SHIPPED, known=NOW)
    summed = parts.groupby(["month", "status"])["count"].sum()
    assert summed.to_dict() == whole.set_index(["month", "status"])["count"].to_dict()


def test_months_that_cannot_be_are_told() -> None:
    with pytest.raises(DateError, match="from 2020-03-01 to 2020-01-01"):
        questions.monthly(SHIPPED, "2020-03-01", "2020-01-01")
    with pytest.raises(UnknownName, match="did you mean 'country'"):
        questions.monthly(SHIPPED, by="countri")  # type: ignore[arg-type]


# What changed


@settings(max_examples=20, deadline=None)
@given(REGISTRIES, ASKED, ASKED, ASKED, ASKED)
def test_changes_are_the_differences_and_turn_round(
    registry: Registry, one: Any, two: Any, known: Any, other: Any
) -> None:
    there = questions.changed(registry, one, two, known=known, known_then=other)
    then, now = statuses(registry, one, other), statuses(registry, two, known)
    assert set(there.index) == {id for id in then if then[id] != now[id]}
    back = questions.changed(registry, two, one, known=other, known_then=known)
    swapped = back.rename(columns=lambda name: _other(str(name)))
    pd.testing.assert_frame_equal(pd.DataFrame(there), pd.DataFrame(swapped)[list(there.columns)])
    assert questions.changed(registry, one, one, known=known).empty


def _other(name: str) -> str:
    for a, b in (("then", "now"), ("now", "then")):
        if name == a or name.endswith(f"_{a}"):
            return name.removesuffix(a) + b
    return name


def test_decay_is_told_from_claims() -> None:
    registry = registry_of(
        kh_aged=["open 2019-01-01"], kh_closed=["open 2019-01-01", "closed 2019-11-01"]
    )
    found = questions.changed(registry, "2019-01-01", "2019-12-01", known=NOW)
    assert dict(found["cause"]) == {"kh-aged": "decay", "kh-closed": "claims"}
    learned = questions.changed(
        registry, "2019-12-01", "2019-12-01", known=NOW, known_then="2019-06-01"
    )
    assert dict(learned["cause"]) == {"kh-closed": "claims"}


# Single source, re-check, coverage


@settings(max_examples=20, deadline=None)
@given(REGISTRIES, ASKED)
def test_rows_by_claim_are_the_single_sources(registry: Registry, day: Any) -> None:
    found = questions.single_source(registry, day, known=NOW)
    alone = {id for id, venue in registry.items() if venue.status(day, NOW).single_source}
    assert set(found.index[found["by"] == "claim"]) == alone
    for id, row in found.iterrows():
        venue = registry[str(id)]
        gone = row["claims"][:1] if row["by"] == "claim" else [c.id for c in venue.claims if c.source_id == row["source"]]  # fmt: skip
        rest = replace(venue, claims=tuple(c for c in venue.claims if c.id not in gone))
        assert rest.status(day, NOW).status == row["becomes"] != row["status"]


def test_two_claims_of_one_source_are_one_source() -> None:
    registry = registry_of(kh_a=["open 2020-01-01", "open 2020-01-05"])
    (row,) = questions.single_source(registry, "2020-01-10", known=NOW).to_dict("records")
    assert (row["by"], row["source"], row["becomes"]) == ("source", "s", "unknown")
    assert len(row["claims"]) == 2


@settings(max_examples=20, deadline=None)
@given(REGISTRIES, ASKED)
def test_recheck_tells_what_decays_the_soonest_first(registry: Registry, day: Any) -> None:
    found = questions.recheck(registry, day, known=NOW)
    soon, lapsed = (found[found["due"] == due] for due in ("will lapse", "lapsed"))
    assert [*soon.index, *lapsed.index] == list(found.index)
    assert soon["changes_on"].is_monotonic_increasing
    assert lapsed["lapsed_on"].is_monotonic_decreasing
    for id, row in soon.iterrows():
        later = registry[str(id)].status(row["changes_on"], NOW)
        assert (later.status, later.reason in DECAYED) == (row["becomes"], True)
    for id, venue in registry.items():
        now = venue.status(day, NOW)
        if now.status == "unknown":
            assert (id in lapsed.index) == (now.reason in DECAYED)


def test_coverage_counts_what_it_names() -> None:
    found = questions.coverage(SHIPPED, known=NOW)
    assert len(found) == len(SHIPPED.counts)
    assert (found["venues"].map(len) == found["alike"]).all()
    assert (found["count"] - found["alike"] == found["missing"]).all()


# Sensitivity


@settings(max_examples=20, deadline=None)
@given(claims(most=4), ASKED, st.sampled_from(["fresh", "stale", "reopen", "bridge", "direct"]))
def test_bounds_are_exact_on_both_sides(told: list[Claim], day: Any, constant: str) -> None:
    registry = registry_of(kh_a=told)
    venue = registry["kh-a"]
    found = questions.sensitivity(registry, on=day, known=NOW)
    found = found[found["constant"] == constant]
    now = venue.status(day, NOW).status

    def status(value: int) -> str:
        return venue.status(day, NOW, replace(RULES, **{constant: value})).status

    inside: set[int] = set()
    for row in found.to_dict("records"):
        first, last = row["first"], 5000 if pd.isna(row["last"]) else row["last"]
        inside.update(range(first, last + 1))
        assert status(first) == status(last) == row["becomes"] != now
        assert first == 0 or status(first - 1) != row["becomes"]
        assert pd.isna(row["last"]) or status(last + 1) != row["becomes"]
    assert all((status(value) != now) == (value in inside) for value in range(0, 3000, 37))


# All of them


ALL: dict[str, Any] = {
    "open_after": lambda registry: questions.open_after(registry, "2019-12-22", known=NOW),
    "lifetimes": lambda registry: questions.lifetimes(registry, NOW),
    "survival": lambda registry: questions.survival(registry, known=NOW),
    "monthly": lambda registry: questions.monthly(registry, "2020-01-01", "2020-02-01", known=NOW),
    "changed": lambda registry: questions.changed(registry, "2019-11-01", "2020-03-01", known=NOW),
    "single_source": lambda registry: questions.single_source(registry, NOW, known=NOW),
    "recheck": lambda registry: questions.recheck(registry, NOW, known=NOW),
    "coverage": lambda registry: questions.coverage(registry, known=NOW),
    "sensitivity": lambda registry: questions.sensitivity(registry, on="2020-06-02", known=NOW, country="VN"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_every_question_has_its_columns_and_types_though_nothing_is_there(name: str) -> None:
    full, empty = ALL[name](SHIPPED), ALL[name](replace(SHIPPED, venues={}, counts=())) if name != "sensitivity" else questions.sensitivity(replace(SHIPPED, venues={}), known=NOW)  # fmt: skip
    assert list(full.columns) == list(empty.columns)
    assert full.drop(columns="geometry", errors="ignore").dtypes.to_dict() == empty.drop(columns="geometry", errors="ignore").dtypes.to_dict()  # fmt: skip
    assert full.index.name == empty.index.name
    assert len(full) > 0
    if full.index.name == "venue":
        assert list(full.columns)[:8] == list(VENUE)[1:]
        assert full.crs == "EPSG:4326"


@pytest.mark.parametrize("name", ALL)
def test_every_number_names_claims_that_there_are(name: str) -> None:
    there = {claim.id for venue in SHIPPED.values() for claim in venue.claims}
    frame = ALL[name](SHIPPED)
    columns = [c for c in frame.columns if c.startswith(("for", "claims", "seen_by"))]
    assert columns
    assert {id for column in columns for ids in frame[column] for id in ids} <= there


def test_every_question_names_its_columns_in_its_docstring() -> None:
    for name, frame in ((name, ALL[name](SHIPPED)) for name in questions.__all__):
        text = getattr(questions, name).__doc__
        told = [c for c in frame.columns if c not in (*VENUE, "geometry")]
        assert [column for column in told if f"``{column}``" not in text] == []


# The command


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize("command", ask.commands)
def test_help_of_a_question_ends_with_an_example_that_runs(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTPOSTS_REGISTRY", raising=False)
    text = " ".join(run("ask", command, "--help").stdout.split())
    program, *words = shlex.split(text.rpartition("Example: ")[2])
    assert (program, words[:2]) == ("outposts", ["ask", command])
    result = run(*words)
    assert result.exit_code == 0, result.output[-500:]
    assert result.stdout


@pytest.mark.parametrize("command", ask.commands)
def test_json_and_csv_are_the_frame(command: str) -> None:
    words = {"open-after": ["--date", "2019-12-22"], "changed": ["--from", "2019-11-01", "--to", "2020-03-01"], "monthly": ["--from", "2020-01-01"], "sensitivity": ["--on", "2020-06-02", "--country", "VN"], "single-source": ["--on", NOW], "recheck": ["--on", NOW]}  # fmt: skip
    line = ["ask", command, *words.get(command, []), "--known", NOW, "--format"]
    rows = json.loads(run(*line, "json").stdout)
    cells = list(csv.DictReader(io.StringIO(run(*line, "csv").stdout)))
    name = command.replace("-", "_")
    if name != "monthly":
        assert len(rows) == len(ALL[name](SHIPPED))
    assert len(rows) == len(cells) > 0
    assert list(rows[0]) == list(cells[0])
    assert "geometry" not in rows[0]


def test_typos_get_the_nearest_names() -> None:
    for words, hint in (
        (["ask", "rechek"], "did you mean 'recheck'"),
        (["ask", "open-after", "--date", "worker-deadlin"], "did you mean 'worker-deadline'"),
        (["ask", "sensitivity", "vn-hanoi-koryu"], "did you mean 'vn-hanoi-koryo'"),
        (["ask", "recheck", "--country", "Laoss"], "'Laos'"),
    ):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert hint in result.stderr


def test_plot_of_another_suffix_or_into_nowhere_leaves_nothing(tmp_path: Path) -> None:
    result = run("ask", "recheck", "--plot", str(tmp_path / "plot.pdf"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert ".svg or .png" in result.stderr
    (tmp_path / "file").write_text("")
    result = run("coverage", "--plot", str(tmp_path / "file" / "plot.svg"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_coverage_draws_itself(tmp_path: Path) -> None:
    result = run("coverage", "--plot", str(tmp_path / "counts.png"), "--narrow")
    assert result.exit_code == 0
    assert (tmp_path / "counts.png").read_bytes().startswith(b"\x89PNG")
