"""Status: the worked examples, each reading of the rules, and the laws that all answers keep."""

from __future__ import annotations

import inspect
import itertools
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import evidence
import oracle
import pytest
from evidence import ASKED, CLOCKS, FAR, claims_of
from hypothesis import given, settings
from hypothesis import strategies as st

from outposts import dates, status
from outposts.models import Claim
from outposts.rules import REASONS, RULES, Rules
from outposts.status import Answer, Run

CASES = json.loads((Path(__file__).parent / "cases" / "status.json").read_text(encoding="utf-8"))
Case = dict[str, Any]
LAW = settings(deadline=None, max_examples=120)


def named(case: Case) -> str:
    return str(case.get("name") or f"{'; '.join(case['claims'])} on {case['on']}")


ALL: list[Case] = [*CASES["worked_examples"], *CASES["rules"], *CASES["readings"]]


def asked(case: Case) -> Answer:
    known = FAR if case["known"] is None else dates.day(case["known"])
    return status.answer(claims_of(case["claims"]), dates.day(case["on"]), known)


def answered(case: Case) -> str:
    answer = asked(case)
    return f"{answer.status}, {answer.reason}"


@pytest.mark.parametrize("case", CASES["worked_examples"], ids=named)
def test_worked_example(case: Case) -> None:
    assert answered(case) == case["answer"]


@pytest.mark.parametrize("case", CASES["rules"], ids=named)
def test_rule(case: Case) -> None:
    assert answered(case) == case["answer"]


@pytest.mark.parametrize("case", CASES["readings"], ids=named)
def test_reading_of_what_the_rules_leave_open(case: Case) -> None:
    assert answered(case) == case["answer"]


@pytest.mark.parametrize("case", [case for case in ALL if "for" in case], ids=named)
def test_claims_for_and_against_are_those_that_the_answer_rests_on(case: Case) -> None:
    answer = asked(case)
    assert [id.removeprefix("x#") for id in answer.for_] == case["for"]
    assert [id.removeprefix("x#") for id in answer.against] == case["against"]


def test_table_of_cases_has_every_reason() -> None:
    told = [case["answer"].split(", ")[1] for case in ALL]
    assert set(told) == set(REASONS)


SEEN = dates.day("2017-01-01")


def after(days: int) -> str:
    return dates.iso(SEEN + days)


@pytest.mark.parametrize(
    ("lines", "age", "within", "beyond"),
    [
        ([f"open {after(0)}"], RULES.fresh, "seen-open", "not-seen-lately"),
        ([f"open {after(0)}"], RULES.stale, "not-seen-lately", "not-seen-for-long"),
        ([f"suspended {after(0)}"], RULES.stale, "reported-suspended", "stale-suspension"),
        ([f"closed {after(-9)}", f"open {after(0)}"], RULES.stale, "closed-and-open", "stale-dispute"),
    ],
)  # fmt: skip
def test_limit_of_age_is_included(lines: list[str], age: int, within: str, beyond: str) -> None:
    claims = claims_of(lines)
    assert status.answer(claims, SEEN + age, FAR).reason == within
    assert status.answer(claims, SEEN + age + 1, FAR).reason == beyond


def test_sighting_exactly_reopen_days_after_a_closing_disputes_it() -> None:
    for days, reason in ((RULES.reopen, "closed-and-open"), (RULES.reopen + 1, "seen-open")):
        claims = claims_of([f"closed {after(0)}", f"open {after(days)}"])
        assert status.answer(claims, SEEN + days, FAR).reason == reason


def test_bridge_is_at_most_bridge_days_long() -> None:
    for days, reason in (
        (RULES.bridge, "open-before-and-after"),
        (RULES.bridge + 1, "not-seen-lately"),
    ):
        claims = claims_of([f"open {after(0)}", f"open {after(days)}"])
        assert status.answer(claims, SEEN + 400, FAR).reason == reason


def test_one_of_up_to_direct_days_wide_proves_open_from_its_first_day() -> None:
    for width, reason in ((RULES.direct, "seen-open"), (RULES.direct + 1, "no-evidence-yet")):
        claims = claims_of([f"open [{after(0)}..{after(width - 1)}]"])
        assert status.answer(claims, SEEN, FAR).reason == reason


@pytest.mark.parametrize(("most", "finer"), [(3, 1), (31, 10), (92, 40), (366, 100)])
def test_class_of_a_width_includes_its_limit(most: int, finer: int) -> None:
    """Claims of one class span all their days; of two classes, the finer speaks alone."""
    for width, reason in ((most, "closing"), (most + 1, "no-evidence-yet")):
        claims = claims_of(
            [
                f"closed [{after(0)}..{after(width - 1)}]",
                f"closed [{after(width + 20)}..{after(width + 19 + finer)}]",
            ]
        )
        assert status.answer(claims, SEEN + width + 10, FAR).reason == reason


def test_constants_are_those_of_the_rules_and_can_be_others() -> None:
    constants = Rules(fresh=270, stale=730, reopen=365, bridge=1095, direct=92)
    assert constants == RULES
    claims = claims_of([f"open {after(0)}"])
    assert status.answer(claims, SEEN + 11, FAR, Rules(fresh=10)).reason == "not-seen-lately"


@given(evidence.claims(), ASKED, CLOCKS, st.randoms(use_true_random=False))
@LAW
def test_order_of_claims_does_not_matter(
    claims: list[Claim], on: int, known: int, chance: random.Random
) -> None:
    mixed = claims[:]
    chance.shuffle(mixed)
    assert status.answer(mixed, on, known) == status.answer(claims, on, known)
    assert status.history(mixed, known) == status.history(claims, known)


@given(evidence.claims(), ASKED, CLOCKS, st.randoms(use_true_random=False))
@LAW
def test_repeats_of_claims_do_not_matter(
    claims: list[Claim], on: int, known: int, chance: random.Random
) -> None:
    repeated = [*claims, *(claim for claim in claims if chance.random() < 0.5)]
    assert status.answer(repeated, on, known) == status.answer(claims, on, known)
    assert status.history(repeated, known) == status.history(claims, known)


@given(evidence.claims(), evidence.claims(id="late"), ASKED, CLOCKS)
@LAW
def test_claim_not_yet_known_changes_nothing(
    claims: list[Claim], others: list[Claim], on: int, known: int
) -> None:
    late = [claim for claim in others if claim.known > known]
    assert status.answer(claims + late, on, known) == status.answer(claims, on, known)
    assert status.history(claims + late, known) == status.history(claims, known)


@given(evidence.claims(), ASKED, CLOCKS)
@LAW
def test_retracted_claim_counts_until_its_day_and_not_from_it_on(
    claims: list[Claim], on: int, known: int
) -> None:
    standing = [claim for claim in claims if claim.hidden is None or claim.hidden > known]
    assert status.answer(claims, on, known) == status.answer(standing, on, known)
    never = [replace(claim, hidden=None) for claim in standing]
    assert status.answer(never, on, known) == status.answer(standing, on, known)


def run_of(runs: list[Run], day: int) -> Run:
    found = [
        run
        for run in runs
        if (run.start is None or run.start <= day) and (run.end is None or day < run.end)
    ]
    assert len(found) == 1
    return found[0]


def edges(runs: list[Run]) -> list[int]:
    """Days about the ends of runs, where a mistake would show."""
    starts = [run.start for run in runs if run.start is not None]
    return sorted({start + by for start in starts for by in (-1, 0, 1)})


@given(evidence.claims(), CLOCKS, st.lists(ASKED, min_size=3, max_size=8))
@LAW
def test_history_equals_the_answers_of_its_days(
    claims: list[Claim], known: int, some: list[int]
) -> None:
    runs = status.history(claims, known)
    for day in [*edges(runs), *some]:
        answer, run = status.answer(claims, day, known), run_of(runs, day)
        assert (run.status, run.reason) == (answer.status, answer.reason)
        assert set(answer.for_) <= set(run.for_)
        assert set(answer.against) <= set(run.against)


def test_history_equals_the_answers_of_every_day_of_a_long_dispute() -> None:
    claims = claims_of(
        [
            "opened 2012-04",
            "open 2014-07 weak",
            "open 2017-10",
            "suspended 2018-02-01/2018-03-15",
            "open 2018-04-25",
            "closed [..2020-02-07] known 2020-03-02",
            "open 2020-04 known 2020-06-02",
            "closed 2021-39",
        ]
    )
    runs = status.history(claims, FAR)
    for day in range(dates.day("2012-01-01"), dates.day("2024-12-31")):
        answer, run = status.answer(claims, day, FAR), run_of(runs, day)
        assert (run.status, run.reason) == (answer.status, answer.reason)


@given(evidence.claims(), CLOCKS)
@LAW
def test_history_is_gapless_and_its_runs_maximal(claims: list[Claim], known: int) -> None:
    runs = status.history(claims, known)
    assert runs[0].start is None
    assert runs[-1].end is None
    for run, after_it in itertools.pairwise(runs):
        assert run.end == after_it.start
        assert (run.status, run.reason) != (after_it.status, after_it.reason)
    assert all(run.start < run.end for run in runs if run.start is not None and run.end is not None)


@given(evidence.claims(), CLOCKS, st.lists(ASKED, min_size=2, max_size=6))
@LAW
def test_since_and_changes_on_are_the_ends_of_the_status_in_the_history(
    claims: list[Claim], known: int, some: list[int]
) -> None:
    runs = status.history(claims, known)
    for day in [*edges(runs), *some]:
        answer = status.answer(claims, day, known)
        first = last = runs.index(run_of(runs, day))
        while first > 0 and runs[first - 1].status == answer.status:
            first -= 1
        while last < len(runs) - 1 and runs[last + 1].status == answer.status:
            last += 1
        assert answer.since == runs[first].start
        assert answer.changes_on == runs[last].end


@given(evidence.claims(), ASKED, CLOCKS)
@LAW
def test_single_source_means_that_without_one_claim_the_status_would_be_another(
    claims: list[Claim], on: int, known: int
) -> None:
    answer = status.answer(claims, on, known)
    without = [
        status.answer([claim for claim in claims if claim.id != left_out], on, known).status
        for left_out in answer.for_
    ]
    assert answer.single_source == any(other != answer.status for other in without)


@given(evidence.claims(), ASKED, CLOCKS)
@LAW
def test_last_seen_open_is_the_last_day_that_a_known_sighting_proves(
    claims: list[Claim], on: int, known: int
) -> None:
    seen = [
        min(claim.last, on)
        for claim in oracle.known_claims(map(plain, claims), known)
        if claim.says in ("open", "opened") and claim.proves <= on
    ]
    assert status.answer(claims, on, known).last_seen_open == max(seen, default=None)


@given(evidence.claims(), ASKED, CLOCKS)
@LAW
def test_for_and_against_are_known_claims_and_no_claim_is_both(
    claims: list[Claim], on: int, known: int
) -> None:
    answer = status.answer(claims, on, known)
    heard = {
        claim.id
        for claim in claims
        if claim.known <= known and (claim.hidden is None or claim.hidden > known)
    }
    assert {*answer.for_, *answer.against} <= heard
    assert not {*answer.for_} & {*answer.against}
    assert len({*answer.for_}) == len(answer.for_)
    assert len({*answer.against}) == len(answer.against)


@given(evidence.claims(), CLOCKS, st.lists(ASKED, min_size=3, max_size=8))
@LAW
def test_stretches_are_the_answers_of_their_days_in_full(
    claims: list[Claim], known: int, some: list[int]
) -> None:
    found = status.stretches(claims, known)
    assert found[0].start is None
    for day in [*some, *edges(status.history(claims, known))]:
        answer = status.answer(claims, day, known)
        one = [s for s in found if s.start is None or s.start <= day][-1]
        seen = None if one.seen_until is None else min(one.seen_until, day)
        assert (one.status, one.reason) == (answer.status, answer.reason)
        assert (one.for_, one.against) == (answer.for_, answer.against)
        assert (one.explanation, seen) == (answer.explanation, answer.last_seen_open)
        assert one.single_source == answer.single_source


def plain(claim: Claim) -> oracle.Told:
    first, last = claim.window
    hidden = float("inf") if claim.hidden is None else claim.hidden
    return oracle.Told(claim.says, first, last, claim.when.extent, claim.weak, claim.known, hidden)


@given(evidence.claims(), CLOCKS, st.lists(ASKED, min_size=6, max_size=12))
@settings(deadline=None, max_examples=500)
def test_answer_is_that_of_the_second_reading_of_the_rules(
    claims: list[Claim], known: int, some: list[int]
) -> None:
    told = [plain(claim) for claim in claims]
    for day in [*some, *edges(status.history(claims, known))]:
        answer = status.answer(claims, day, known)
        assert (answer.status, answer.reason) == oracle.answer(told, day, known)
        assert status.on_day(claims, day, known) == answer.status


@pytest.mark.parametrize("case", ALL, ids=named)
def test_second_reading_of_the_rules_has_the_same_cases(case: Case) -> None:
    known = FAR if case["known"] is None else dates.day(case["known"])
    told = [plain(claim) for claim in claims_of(case["claims"])]
    assert ", ".join(oracle.answer(told, dates.day(case["on"]), known)) == case["answer"]


def test_deadlines_and_resolutions_are_no_input() -> None:
    """What a status is made from: claims, two days, and the constants of the rules."""
    for question in (status.answer, status.history, status.stretches):
        assert set(inspect.signature(question).parameters) <= {"claims", "on", "known", "rules"}


def test_question_about_a_day_after_the_known_day_is_answered() -> None:
    claims = claims_of(["open 2020-02-15"])
    on, known = dates.day("2022-03-01"), dates.day("2020-03-01")
    assert status.answer(claims, on, known).reason == "not-seen-for-long"


def test_explanation_names_the_dates_and_the_sources() -> None:
    claims = claims_of(["closed [..2020-02-07]", "open 2020-04"])
    answer = status.answer(claims, dates.day("2020-04-15"), FAR)
    assert "closed by 7 February 2020 (A report)" in answer.explanation
    assert "open in April 2020 (A report)" in answer.explanation


@given(evidence.claims(), ASKED, CLOCKS)
@LAW
def test_explanation_is_one_english_sentence(claims: list[Claim], on: int, known: int) -> None:
    text = status.answer(claims, on, known).explanation
    assert text[0].isupper()
    assert text.endswith(".")
    assert ". " not in text
    assert "  " not in text
