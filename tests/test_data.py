"""The shipped registry: sound, complete by its own accounting, and true to its seeds."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from outposts import dates, gazetteer
from outposts.basemap import country_names
from outposts.check import CLOSED_NAME
from outposts.coverage import coverage
from outposts.models import Count, Event, GroupClaim
from outposts.paths import geodata
from outposts.registry import Registry, inspect, load
from outposts.render import definition

ROOT = geodata().parent
FACTS = ROOT.parent / "shared" / "facts" / "facts.json"
SEEDS = ROOT.parent / "shared" / "seeds"
SEED_OF = {
    "cna-2017": "The curious case of North Korea in Cambodia",
    "globe-2020": "Despite sanctions, how active is North Korean business in Southeast Asia?",
}
KNOWN = "2026-11-22"  # when the sources were read
INVERSE = {
    "moved_to": "moved_from",
    "moved_from": "moved_to",
    "same_premises_as": "same_premises_as",
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load(geodata() / "registry")


@pytest.fixture(scope="module")
def accounting() -> list[dict[str, str]]:
    path = geodata() / "registry-accounting.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_registry_has_no_error() -> None:
    problems = inspect(geodata() / "registry")[1]
    assert [str(p) for p in problems if p.level == "error"] == []


@pytest.mark.parametrize(
    ("town", "country"),
    [
        ("Phnom Penh", "KH"),
        ("Siem Reap", "KH"),
        ("Vang Vieng", "LA"),
        ("Vientiane", "LA"),
        ("Bangkok", "TH"),
        ("Hanoi", "VN"),
        ("Jakarta", "ID"),
        ("Kuala Lumpur", "MY"),
    ],
)
def test_town_has_venues_and_a_map(registry: Registry, town: str, country: str) -> None:
    venues = [v for v in registry.values() if (v.place, v.country) == (town, country)]
    assert venues
    assert all(venue.lon is not None for venue in venues)
    one = definition.load(ROOT / "maps" / f"{town.lower().replace(' ', '-')}.yaml")
    assert one.filter.place == (town,)


def test_every_country_is_known_and_every_town_is_in_it(registry: Registry) -> None:
    for venue in registry.values():
        assert venue.country in country_names()
        assert venue.id.startswith(f"{venue.country.lower()}-")
        if venue.place is not None:
            assert gazetteer.find(venue.place, venue.country).country == venue.country


def test_no_name_says_closed(registry: Registry) -> None:
    names = [name.name for venue in registry.values() for name in venue.names]
    assert [name for name in names if CLOSED_NAME.search(name)] == []


def test_every_claim_is_of_one_venue_and_has_a_known_source(registry: Registry) -> None:
    own = [c.id for venue in registry.values() for c in venue.claims if not c.group]
    assert len(own) == len(set(own))
    assert len(own) >= 190
    for venue in registry.values():
        assert all(claim.source_id in registry.sources for claim in venue.claims)
        assert all(c.id.startswith(f"{venue.id}#") for c in venue.claims if not c.group)


def test_relation_has_its_inverse(registry: Registry) -> None:
    for venue in registry.values():
        for relation, other in venue.relations:
            if relation in INVERSE:
                assert (INVERSE[relation], venue.id) in registry[other].relations


def test_every_group_claim_is_shown_on_a_venue(registry: Registry) -> None:
    shown = {claim.id for venue in registry.values() for claim in venue.claims if claim.group}
    assert shown == {group.id for group in registry.groups}


# What the evidence comes to


@pytest.mark.parametrize(
    ("venue", "on", "status", "against"),
    [
        ("th-bangkok-okryu", "2020-03-01", "disputed", "unpoe-2020-th"),
        ("vn-hanoi-koryo", "2020-06-02", "disputed", "unpoe-2020-vn"),
        ("kh-siem-reap-angkor-panorama", "2020-01-01", "closed", None),
    ],
)
def test_reader_is_told_what_the_sources_say(
    registry: Registry, venue: str, on: str, status: str, against: str | None
) -> None:
    answer = registry[venue].status(on, known=KNOWN)
    assert answer.status == status
    assert against is None or against in answer.against


def test_reviews_stand_against_the_panel_in_bangkok(registry: Registry) -> None:
    answer = registry["th-bangkok-okryu"].status("2020-03-01", known=KNOWN)
    told = {claim.id: claim for claim in registry["th-bangkok-okryu"].claims}
    assert {told[id].says for id in answer.for_} == {"open"}
    assert {told[id].says for id in answer.against} == {"closed"}


def test_no_restaurant_of_phnom_penh_is_open_after_the_deadline_of_2019(
    registry: Registry,
) -> None:
    """But Blue Flower, which came to notice in 2023."""
    found = registry.select(
        "2020-06-02", KNOWN, place="Phnom Penh", kind="restaurant", status="open"
    )
    assert [venue.id for venue in found] == []


def test_museum_keeps_both_accounts_of_its_opening(registry: Registry) -> None:
    claims = registry["kh-siem-reap-angkor-panorama"].claims
    opened = {claim.source_id: claim for claim in claims if claim.says == "opened"}
    assert opened["cna-2017"].stated == "in December last year"
    assert opened["cna-2017"].weak
    assert len(opened) > 1


def test_coverage_holds_what_was_published_on_cambodia(registry: Registry) -> None:
    found = [row for row in coverage(registry, dates.day(KNOWN)) if row.count.country == "KH"]
    eight = [row for row in found if (row.count.kind, row.count.count) == ("restaurant", 8)]
    assert [row for row in eight if row.count.says == "closed"]
    assert all(row.held >= 8 for row in eight)
    assert {row.count.count for row in found if row.count.kind == "company"} >= {11, 12}


def test_events_are_dated_and_sourced(registry: Registry) -> None:
    assert len(registry.events) >= 17
    assert {event.kind for event in registry.events} == {
        "resolution",
        "deadline",
        "incident",
        "enforcement",
    }
    for event in registry.events:
        assert event.source in registry.sources
        assert event.quote


def test_deadline_of_december_2019_is_marked(registry: Registry) -> None:
    days = [event.on.text for event in registry.events if event.kind == "deadline"]
    assert "2019-12-22" in days


# The accounting


def gathered() -> set[str]:
    """Return the id of every gathered claim and event, where the facts are beside the checkout."""
    if not FACTS.exists():
        return set()
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    claims = {claim["id"] for venue in facts["venues"] for claim in venue["claims"]}
    return claims | {event["id"] for event in facts["policy_events"]}


def test_every_gathered_fact_is_accounted_for_once(accounting: list[dict[str, str]]) -> None:
    rows = [row["claim"] for row in accounting]
    assert len(rows) == len(set(rows)) == 226 + 17
    assert gathered() <= set(rows)


def test_accounting_leads_to_what_exists(
    registry: Registry, accounting: list[dict[str, str]]
) -> None:
    there = {claim.id for venue in registry.values() for claim in venue.claims}
    there |= {group.id for group in registry.groups} | {count.id for count in registry.counts}
    there |= {event.id for event in registry.events}
    for row in accounting:
        where = row["went_to"]
        if where.startswith("notes of "):
            assert registry[where.removeprefix("notes of ")].notes, row
        elif where != "left out":
            assert where, row
            assert set(where.split()) <= there, row


def test_accounting_says_why_a_fact_is_no_claim(accounting: list[dict[str, str]]) -> None:
    for row in accounting:
        if row["went_to"] == "left out" or row["went_to"].startswith("notes of "):
            assert row["why"], row


# The seeds


def quotes(registry: Registry) -> Iterator[tuple[str, str, str]]:
    """Yield where a quote stands, its source and its words."""
    for venue in registry.values():
        for claim in venue.claims:
            if claim.quote and not claim.group:
                yield claim.id, claim.source_id, claim.quote
    tellings: list[GroupClaim | Count | Event] = [
        *registry.groups,
        *registry.counts,
        *registry.events,
    ]
    for told in tellings:
        if told.quote and told.source:
            yield told.id, told.source, told.quote


def seeds() -> dict[str, str]:
    """Return the text of each seed by its source, where the seeds are beside the checkout."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return {
        source: " ".join(text.split())
        for source, title in SEED_OF.items()
        for text in texts
        if title in text[:1000]
    }


def test_both_seeds_are_quoted_widely(registry: Registry) -> None:
    cited = [source for _, source, _ in quotes(registry)]
    assert cited.count("cna-2017") >= 4
    assert cited.count("globe-2020") >= 20
    assert {registry.sources[source].title for source in SEED_OF} == set(SEED_OF.values())


def test_quote_from_a_seed_is_verbatim(registry: Registry) -> None:
    texts = seeds()
    assert set(texts) == (set(SEED_OF) if SEEDS.exists() else set())
    wrong = [
        (where, quote)
        for where, source, quote in quotes(registry)
        if source in texts and " ".join(quote.split()) not in texts[source]
    ]
    assert wrong == []


def test_quote_has_at_most_300_characters(registry: Registry) -> None:
    assert [where for where, _, quote in quotes(registry) if len(quote) > 300] == []


def test_quote_in_another_language_is_translated(registry: Registry) -> None:
    untold = [
        claim.id
        for venue in registry.values()
        for claim in venue.claims
        if claim.quote and claim.lang != "en" and not claim.translation
    ]
    assert untold == []


def test_geodata_says_where_it_comes_from_and_under_which_licence() -> None:
    for folder in ("basemap", "gazetteer", "registry", "schema"):
        text = (geodata() / folder / "README.md").read_text(encoding="utf-8")
        assert "icen" in text, folder


@pytest.mark.parametrize(
    "path", sorted((ROOT / "maps").glob("*.yaml")), ids=lambda path: Path(path).stem
)
def test_map_definition_is_sound(path: Path) -> None:
    assert definition.load(path).title
