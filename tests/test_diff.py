"""What changed between two registries, why statuses did, and the feed of it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner, Result
from evidence import ASKED, CLOCKS, claims, claims_of
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from registries import KORYO, KORYO_FILE, LAO_FILE, SOURCES, changed, koryo, write

import outposts
from outposts import dates, diff, feed, status
from outposts.cli import main
from outposts.diff import Changes, Turn
from outposts.models import Card, Claim
from outposts.news import news
from outposts.registry import Registry, load
from outposts.rules import RULES, Rules

ATOM = "{http://www.w3.org/2005/Atom}"
DAYS: dict[str, Any] = {"on": "2020-06-02", "known": "2026-01-01"}
CLOSED = """\
  - id: c2
    says: closed
    when: "2020-05-01"
    source: panel
    quote: "It closed."
"""
GROUPS = """\
claims:
  - {id: panel-vn, about: {country: VN}, says: closed, when: "[..2020-05-07]", source: panel, quote: "Closed."}
counts:
  - {id: vn-2020, country: VN, kind: restaurant, says: closed, count: 3, when: "2020", source: panel, quote: "Three."}
"""
EVENTS = '- {id: deadline, on: "2019-12-22", label: Deadline, kind: deadline, source: panel}\n'


def two(tmp_path: Path, files: dict[str, str | None]) -> tuple[Registry, Registry]:
    """Return the small registry, and the same with some files changed."""
    return load(write(tmp_path / "old")), load(write(tmp_path / "new", files))


def told(found: Changes) -> list[tuple[str, str, str]]:
    return [(change.record, change.id, change.how) for change in found.changes]


def causes(turn: Turn) -> list[tuple[str, str | None]]:
    return [(cause.kind, cause.claim) for cause in turn.causes]


def with_claims(registry: Registry, found: Sequence[Claim]) -> Registry:
    """Return a registry of one venue that has these claims."""
    venue = replace(registry["vn-hanoi-koryo"], claims=tuple(found))
    return replace(registry, venues={venue.id: venue})


SHIPPED = outposts.load()


# Laws


@settings(deadline=None)
@given(one=claims("a"), two=claims("b"), on=ASKED, known=CLOCKS, shared=st.integers(0, 6))
def test_every_status_that_changes_has_a_cause_and_the_causes_are_differences(
    one: list[Claim], two: list[Claim], on: int, known: int, shared: int
) -> None:
    old, new = one, one[:shared] + two
    found = diff.compare(
        with_claims(SHIPPED, old), with_claims(SHIPPED, new), dates.iso(on), dates.iso(known)
    )
    differs = status.on_day(old, on, known) != status.on_day(new, on, known)
    assert [turn.venue.id for turn in found.turns] == ["vn-hanoi-koryo"] * differs
    for turn in found.turns:
        kinds = {cause.claim: cause.kind for cause in turn.causes}
        assert kinds
        gone, come = {c.id for c in one[shared:]}, {c.id for c in two}
        assert {id for id, kind in kinds.items() if kind == "removed-claim"} <= gone
        assert {id for id, kind in kinds.items() if kind == "new-claim"} <= come
        assert set(kinds.values()) <= {"new-claim", "removed-claim"}


@settings(deadline=None)
@given(found=claims(), on=ASKED, since=ASKED)
def test_of_one_registry_a_status_changes_by_time_and_by_what_became_known(
    found: list[Claim], on: int, since: int
) -> None:
    one = with_claims(SHIPPED, found)
    compared = diff.compare(one, one, dates.iso(on), dates.iso(on), since=dates.iso(since))
    assert not compared.changes
    then = min(since, on)
    differs = status.on_day(found, since, then) != status.on_day(found, on, on)
    assert len(compared.turns) == differs
    for turn in compared.turns:
        kinds = {cause.kind for cause in turn.causes}
        assert kinds
        assert kinds <= {"decay", "became-known", "became-unknown", "retracted-claim"}
        if [c.id for c in found if status.counts(c, then)] == [
            c.id for c in found if status.counts(c, on)
        ]:
            assert kinds == {"decay"}


@settings(deadline=None)
@given(found=claims(), on=ASKED, fresh=st.integers(1, 900), stale=st.integers(1, 2000))
def test_of_one_evidence_a_status_changes_by_the_rules_alone(
    found: list[Claim], on: int, fresh: int, stale: int
) -> None:
    one, rules = with_claims(SHIPPED, found), Rules(fresh=fresh, stale=stale)
    compared = diff.compare(one, one, dates.iso(on), "2030-01-01", rules=rules)
    known = dates.day("2030-01-01")
    differs = status.on_day(found, on, known) != status.on_day(found, on, known, rules)
    assert [causes(turn) for turn in compared.turns] == [[("new-rules", None)]] * differs


@settings(deadline=None)
@given(found=claims(), until=ASKED)
def test_news_of_a_venue_lead_from_status_to_status_up_to_today(
    found: list[Claim], until: int
) -> None:
    items = news(with_claims(SHIPPED, found), dates.iso(until))
    at = "unknown"
    for item in items:
        assert item.old == at
        assert item.told or item.retracted or item.old != item.new
        at = item.new
    assert at == status.on_day(found, until, until)


def test_same_registry_has_no_changes() -> None:
    assert not diff.compare(SHIPPED, SHIPPED, **DAYS)


def test_what_is_added_one_way_is_removed_the_other_way(tmp_path: Path) -> None:
    old, new = two(
        tmp_path,
        {
            KORYO_FILE: KORYO + CLOSED,
            LAO_FILE: None,
            "groups.yaml": GROUPS,
            "events.yaml": EVENTS,
        },
    )
    forth, back = diff.compare(old, new, **DAYS), diff.compare(new, old, **DAYS)
    turn = {"added": "removed", "removed": "added"}
    assert [(r, id, turn.get(how, how)) for r, id, how in told(forth)] == told(back)
    assert told(forth) == [
        ("venue", "la-night-market", "removed"),
        ("claim", "la-night-market#c1", "removed"),
        ("claim", "vn-hanoi-koryo#c2", "added"),
        ("group claim", "panel-vn", "added"),
        ("count", "vn-2020", "added"),
        ("event", "deadline", "added"),
    ]
    for one, other in zip(forth.changes, back.changes, strict=True):
        assert [(f.name, f.new, f.old) for f in one.fields] == [
            (f.name, f.old, f.new) for f in other.fields
        ]


# Causes


def answers(old: Sequence[str], new: Sequence[str], on: str, **asked: Any) -> list[Turn]:
    one, other = (with_claims(SHIPPED, claims_of(lines)) for lines in (old, new))
    known = asked.pop("known", "2026-01-01")
    return list(diff.compare(one, other, on, known, **asked).turns)


def test_two_reports_of_which_either_would_do_are_both_named() -> None:
    (turn,) = answers(["open 2020-01-01"], ["open 2020-01-01", "closed 2020-02-01", "closed 2020-02-01"], "2020-03-01")  # fmt: skip
    assert (turn.old and turn.old.status, turn.new and turn.new.status) == ("open", "closed")
    assert causes(turn) == [("new-claim", "x#c2"), ("new-claim", "x#c3")]


def test_new_claim_that_makes_no_difference_is_no_cause() -> None:
    (turn,) = answers(["open 2020-01-01"], ["open 2020-01-01", "closed 2020-02-01", "open 2018-01-01"], "2020-03-01")  # fmt: skip
    assert causes(turn) == [("new-claim", "x#c2")]


def test_claims_that_only_together_change_a_status_are_named_together() -> None:
    gone = "closed 2020-02-01 known 2020-02-01 retracted 2020-03-01"
    old = ["open 2020-01-01", "closed 2020-02-01", "closed 2020-02-01", "open 2015-01-01"]
    new = ["open 2020-01-01", gone, gone, "open 2016-01-01"]
    (turn,) = answers(old, new, "2020-02-05")
    assert causes(turn) == [("retracted-claim", "x#c2"), ("retracted-claim", "x#c3")]


def test_retracted_claim_is_a_cause_on_the_day_of_its_retraction() -> None:
    old = ["open 2020-01-01", "closed 2020-02-01"]
    new = ["open 2020-01-01", "closed 2020-02-01 known 2020-02-01 retracted 2020-05-01"]
    (turn,) = answers(old, new, "2020-03-01")
    assert causes(turn) == [("retracted-claim", "x#c2")]
    assert turn.causes[0].day == dates.day("2020-05-01")


def test_evidence_that_grows_old_is_decay() -> None:
    same = ["open 2020-01-01"]
    (turn,) = answers(same, same, "2023-01-01", since="2020-02-01")
    assert (turn.old and turn.old.status, turn.new and turn.new.status) == ("open", "unknown")
    assert causes(turn) == [("decay", None)]


def test_claim_that_both_have_and_only_one_day_knew_became_known() -> None:
    same = ["open 2020-01-01", "closed 2020-02-01 known 2020-04-01"]
    (turn,) = answers(same, same, "2020-04-01", since="2020-03-01")
    assert causes(turn) == [("became-known", "x#c2")]


def test_source_that_was_dated_otherwise_changes_its_claims(tmp_path: Path) -> None:
    later = changed(SOURCES, 'published: "2020-06-02"', 'published: "2020-09-02"')
    old, new = two(tmp_path, {"sources.yaml": later})
    found = diff.compare(old, new, "2020-06-05", "2020-06-05")
    assert told(found) == [("source", "paper", "changed")]
    assert [causes(turn) for turn in found.turns] == [[("changed-claim", "vn-hanoi-koryo#c1")]]


def test_group_claim_reaches_a_venue_that_moved(tmp_path: Path) -> None:
    group = GROUPS.replace("country: VN}, says", "country: LA}, says")
    old = load(write(tmp_path / "old", {"groups.yaml": group}))
    text = changed(changed(KORYO, "country: VN", "country: LA"), "place: Hanoi", "place: Vientiane")
    text = changed(text, "id: vn-hanoi-koryo", "id: la-hanoi-koryo")
    old = replace(old, venues={"x": replace(old["vn-hanoi-koryo"], id="x")})
    new = load(write(tmp_path / "new", {"groups.yaml": group, KORYO_FILE: None, "venues/la/la-hanoi-koryo.yaml": text}))  # fmt: skip
    new = replace(new, venues={"x": replace(new["la-hanoi-koryo"], id="x", claims=(*old["x"].claims, *(c for c in new["la-hanoi-koryo"].claims if c.group)))})  # fmt: skip
    found = diff.compare(old, new, "2020-05-08", "2026-01-01")
    assert [change.how for change in found.changes] == ["moved"]
    assert [causes(turn) for turn in found.turns] == [[("changed-venue", "panel-vn")]]


@pytest.mark.parametrize(
    ("old", "new", "ways"),
    [
        ("name: Koryo Restaurant", "name: Koryo Diner", ["renamed", "changed"]),
        ("place: Hanoi", "place: Ho Chi Minh City", ["moved"]),
        ("kind: restaurant", "kind: museum", ["changed"]),
        ('when: "2020-04"', 'when: "2020-05"', ["changed"]),
        ("    source: paper\n    quote", '    source: paper\n    retracted: {on: "2021-01-01", why: Wrong}\n    quote', ["retracted"]),
    ],
)  # fmt: skip
def test_record_that_changed_tells_which_field_and_how(
    tmp_path: Path, old: str, new: str, ways: list[str]
) -> None:
    one, other = two(tmp_path, koryo(old, new))
    found = diff.compare(one, other, **DAYS)
    assert [change.how for change in found.changes] == ways
    assert all(field.old != field.new for change in found.changes for field in change.fields)


# The command, between folders and revisions


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def git(folder: Path, *words: str) -> None:
    names = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}  # fmt: skip
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", "-C", folder, *words], check=True, capture_output=True, env={**os.environ, **names, **quiet}
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the registry `data/r` in two commits; the second, v2, has a claim more."""
    monkeypatch.setenv("OUTPOSTS_REGISTRY", "data/r")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "data" / "r")
    (tmp_path / ".gitattributes").write_text("data export-ignore\n* text eol=crlf\n")
    git(tmp_path, "init", "--initial-branch=main")
    for name, text in (("v1", KORYO), ("v2", KORYO + CLOSED)):
        write(tmp_path / "data" / "r", {KORYO_FILE: text})
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--message", name)
        git(tmp_path, "tag", name)
    return tmp_path


@pytest.mark.parametrize(
    "sides", [("v1", "v2"), ("v1",), ("HEAD~1", "data/r"), ("v1:data/r", "main")], ids=str
)
def test_revisions_and_folders_are_compared(repository: Path, sides: tuple[str, ...]) -> None:
    result = run("diff", *sides, "--on", "2020-06-02", "--known", "2026-01-01", "--format", "json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    (turn,) = found["statuses"]
    assert (turn["venue"], turn["old"]["status"], turn["new"]["status"]) == (
        "vn-hanoi-koryo",
        "open",
        "closed",
    )
    assert [(c["cause"], c["claim"]) for c in turn["causes"]] == [("new-claim", "vn-hanoi-koryo#c2")]  # fmt: skip
    assert [(c["record"], c["id"], c["change"]) for c in found["changes"]] == [
        ("claim", "vn-hanoi-koryo#c2", "added")
    ]
    assert found["new"]["rules"]["fresh"] == RULES.fresh


@pytest.mark.parametrize("form", ["text", "markdown", "json", "atom"])
def test_output_is_the_same_again_and_names_the_cause(repository: Path, form: str) -> None:
    words = ("diff", "v1", "v2", "--on", "2020-06-02", "--format", form)
    first, second = run(*words), run(*words)
    assert first.stdout == second.stdout
    assert "closed on 1 May 2020 (The Panel)" in first.stdout.replace("\\", "")
    assert "v1" in first.stderr


def test_exit_code_tells_of_differences_only_when_asked(repository: Path) -> None:
    assert run("diff", "v1", "v2").exit_code == 0
    assert run("diff", "v1", "v2", "--exit-code").exit_code == 1
    assert run("diff", "v2", "v2", "--exit-code").exit_code == 0


def test_folder_named_like_a_revision_is_taken_and_told(repository: Path) -> None:
    write(repository / "v1", {LAO_FILE: None})
    result = run("diff", "v1", "v2", "--format", "json")
    assert "old: folder v1" in result.stderr
    assert "la-night-market" in result.stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("mian", "v2"), 2, "'main'"),
        (("--", "--upload-pack=x", "v2"), 2, "neither a folder nor a revision"),
        (("v1:nowhere", "v2"), 1, "no folder 'nowhere'"),
        (("v1", "v2", "--registry", "nowhere"), 1, "'nowhere'"),
        (("v1", "v2", "--old-rules", "frehs=3"), 2, "'fresh'"),
        (("v1", "v2", "--rules", "fresh=long"), 2, "number of days"),
    ],
)
def test_side_that_cannot_be_read_is_told_with_the_way_out(
    repository: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    result = run("diff", *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def test_shallow_clone_says_that_it_is_one(repository: Path) -> None:
    git(repository, "clone", "--depth", "1", repository.as_uri(), "shallow")
    result = run("diff", "HEAD~1", "--registry", "shallow/data/r")
    assert result.exit_code == 2
    assert "git fetch --unshallow" in result.stderr


def test_without_git_or_a_repository_folders_are_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "r")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    result = run("diff", "HEAD", "--registry", str(tmp_path / "r"))
    assert result.exit_code == 1
    assert "in no git repository" in result.stderr
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("diff", "HEAD", "--registry", str(tmp_path / "r"))
    assert result.exit_code == 1
    assert "git is not installed" in result.stderr


def test_faults_of_both_sides_are_told_and_of_a_revision_by_its_name(repository: Path) -> None:
    write(repository / "data" / "r", {KORYO_FILE: changed(KORYO, "says: open", "says: shut")})
    git(repository, "commit", "--all", "--message", "v3")
    write(repository / "bad", {LAO_FILE: "id: x\n"})
    result = run("diff", "HEAD", "bad")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"HEAD:data/r/{KORYO_FILE}:13:11: claims[0].says" in result.stderr
    assert f"bad/{LAO_FILE}:" in result.stderr
    assert "old: HEAD has faults" in result.stderr


def test_hostile_text_is_one_line_of_text_and_no_markdown(tmp_path: Path) -> None:
    name = json.dumps("<script>\u001b[31m *x* [y](javascript:1)\n# z")
    old = write(tmp_path / "old")
    new = write(tmp_path / "new", koryo("name: Koryo Restaurant", f"name: {name}"))
    shown = run("diff", str(old), str(new), "--format", "markdown").stdout
    assert "\u001b" not in shown
    assert "\n# z" not in shown
    assert "<script" not in shown.replace("\\<", "")
    assert r"\[y\]\(javascript" in shown
    assert "\u001b" not in run("diff", str(old), str(new)).stdout


# The feed


def check_atom(text: str) -> list[Any]:
    """Assert what RFC 4287 requires of a feed, and that feedparser reads it; return its entries."""
    root = etree.fromstring(text.encode())
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        assert element.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
        for link in element.findall(f"{ATOM}link"):
            assert link.get("href", "").startswith(("http://", "https://"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    parsed = feedparser.parse(text)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    updated = [entry.updated for entry in parsed.entries]
    assert updated == sorted(updated, reverse=True)
    assert parsed.feed.updated == max(updated, default=parsed.feed.updated)
    return list(parsed.entries)


def test_feed_of_the_shipped_registry_is_atom_and_no_clock_is_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OUTPOSTS_REGISTRY", raising=False)
    result = run("feed", "--known", "2020-06-30", "--address", "https://example.org/feed.xml")
    assert result.exit_code == 0
    entries = check_atom(result.stdout)
    titles = [entry.title for entry in entries]
    assert "Koryo Restaurant (Hanoi): presumed open → disputed" in titles
    assert max(entry.updated for entry in entries) <= "2020-06-30T00:00:00Z"
    later = run("feed", "--known", "2020-07-30", "--address", "https://example.org/feed.xml")
    assert {e.id for e in entries} <= {e.id for e in check_atom(later.stdout)}
    assert "licenses/by/4.0" in result.stdout


def test_feed_of_changes_is_atom(repository: Path) -> None:
    entries = check_atom(run("diff", "v1", "v2", "--on", "2020-06-02", "--format", "atom").stdout)
    assert [(entry.title, entry.updated) for entry in entries] == [
        ("claim vn-hanoi-koryo#c2 added", "2020-03-02T00:00:00Z"),
        ("Koryo Restaurant (Hanoi): open → closed", "2020-03-02T00:00:00Z"),
    ]
    assert [link.href for link in entries[1].links] == ["https://example.org/panel"]


def test_feed_without_entries_and_with_hostile_text_is_atom() -> None:
    hostile = "</title><script>\u0000\u001b]\uffff & 'x'"
    card = Card(title=hostile, attribution=hostile, licence=hostile, description=hostile)
    bare = replace(SHIPPED, card=card)
    assert check_atom(feed.atom([], bare)) == []
    entry = feed.Entry("k", 18000, hostile, hostile, "status", ("https://example.org/?a=1&b=<",))
    assert len(check_atom(feed.atom([entry], bare))) == 1
    assert "script" not in [element.tag for element in etree.fromstring(feed.atom([entry], bare).encode()).iter()]  # fmt: skip
    assert "<script>" in etree.fromstring(feed.atom([entry], bare).encode()).findtext(f"{ATOM}title")  # fmt: skip


def test_feed_keeps_only_the_latest_when_asked() -> None:
    entries = [feed.Entry(f"k{day}", day, "t", "x", "status") for day in range(18000, 18009)]
    found = check_atom(feed.atom(entries, SHIPPED, most=2))
    assert [entry.updated[:10] for entry in found] == [dates.iso(18008), dates.iso(18007)]
