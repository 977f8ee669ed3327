"""A part of a registry: chosen once, asked like the whole, with all that concerns it and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import shipped
from hypothesis import given, settings
from hypothesis import strategies as st
from registries import write

import outposts
from outposts import dates
from outposts.coverage import coverage
from outposts.errors import DateError, UnknownName
from outposts.registry import Registry, load

GROUPS = """\
claims:
  - {id: panel-vn, about: {country: VN}, says: closed, when: "[..2020-02-07]", source: panel, quote: Closed.}
counts:
  - {id: vn-2020, country: VN, says: closed, count: 3, when: "[..2020-02-07]", source: panel, quote: Three.}
"""
KNOWN = "2026-01-01"
FEW = settings(deadline=None, max_examples=25)
FILTERS: list[dict[str, Any]] = [
    {"country": "KH"},
    {"country": "VN,TH"},
    {"kind": "restaurant"},
    {"place": "Phnom Penh"},
    {"text": "pyongyang"},
    {"status": "open", "on": "2019-06-01", "known": KNOWN},
    {"status": "closed", "year": 2020, "known": KNOWN},
    {"min_precision": "place"},
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return load(write(Path(tmp_path_factory.mktemp("registry")), {"groups.yaml": GROUPS}))


@FEW
@given(one=st.sampled_from(FILTERS), other=st.sampled_from(FILTERS))
def test_filters_chain_in_either_order(one: dict[str, Any], other: dict[str, Any]) -> None:
    registry = shipped()
    first, second = registry.where(**one), registry.where(**other)
    assert first.where(**other) == second.where(**one)
    assert set(first.where(**other)) == set(first) & set(second)


@FEW
@given(wanted=st.sampled_from(FILTERS))
def test_every_table_of_a_part_is_that_part_of_the_table(wanted: dict[str, Any]) -> None:
    registry = shipped()
    part = registry.where(**wanted)
    whole = registry.on("2020-06-02", known=KNOWN)
    assert part.on("2020-06-02", known=KNOWN).equals(whole[whole.index.isin(set(part))])
    runs = registry.runs(known=KNOWN)
    assert part.runs(known=KNOWN).equals(runs[runs.index.isin(set(part))])


@FEW
@given(wanted=st.sampled_from(FILTERS))
def test_everything_that_a_part_names_is_in_it(wanted: dict[str, Any]) -> None:
    registry = shipped()
    part = registry.where(**wanted)
    for venue in part.values():
        assert {claim.source_id for claim in venue.claims} <= {*part.sources}
        assert {id for id, _ in venue.operators} <= {*part.organisations}
    for body in part.organisations.values():
        assert body.parent is None or body.parent in part.organisations
    assert {group.id for group in part.groups} == {
        claim.id for venue in part.values() for claim in venue.claims if claim.group
    }
    assert (part.card, part.events) == (registry.card, registry.events)


def test_what_concerns_other_venues_is_left_behind(small: Registry) -> None:
    laos, vietnam = small.where(country="LA"), small.where(country="VN")
    assert (laos.groups, laos.counts, dict(laos.organisations)) == ((), (), {})
    assert set(laos.sources) == {"panel"}
    assert [group.id for group in vietnam.groups] == ["panel-vn"]
    assert set(vietnam.organisations) == {"chain", "ministry"}


def test_count_stays_only_with_all_the_venues_that_it_is_about() -> None:
    """Otherwise coverage would say that the registry holds fewer than it does."""
    registry, day = shipped(), dates.day(KNOWN)
    whole = {row.count.id: (row.held, row.alike) for row in coverage(registry, day)}
    parts = [registry.where(**wanted) for wanted in FILTERS]
    for part in parts:
        for row in coverage(part, day):
            assert whole[row.count.id] == (row.held, row.alike)
    assert any(part.counts for part in parts)
    assert any(part.counts != registry.counts for part in parts)


def test_status_needs_a_day(small: Registry) -> None:
    with pytest.raises(DateError, match="of which day"):
        small.where(status="open")
    assert list(small.where(status="open", on="2020-04-15", known="2026-01-01", country="LA")) == []
    assert list(small.where(status="disputed", year=2020, known=KNOWN)) == ["vn-hanoi-koryo"]


def test_words_are_checked_against_the_whole(small: Registry) -> None:
    assert list(small.where(country="LA").where(country="VN")) == []
    with pytest.raises(UnknownName, match="VN"):
        small.where(country="LA").where(country="VM")


def test_part_of_nothing_has_empty_tables_and_a_map(small: Registry) -> None:
    nothing = small.where(country="LA").where(country="VN")
    assert len(nothing.on("2020-04-15")) == len(nothing.runs()) == 0
    assert "<!DOCTYPE html>" in outposts.Map(nothing, on="2020-04-15").get_root().render()
