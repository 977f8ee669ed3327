"""Briefs: every number is that of the answers and leads to its claims, in every language and form."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pages import Page, answer
from registries import KORYO, KORYO_FILE, LAO_FILE, SOURCES, changed, write

import outposts
from outposts import brief as briefs
from outposts import dates, vocabulary
from outposts.brief import Brief, brief
from outposts.cli import main
from outposts.digest import digest
from outposts.registry import Registry, load
from outposts.render import definition
from outposts.rules import STATUSES

ROOT = Path(outposts.__file__).parent.parent
LANGS = ("en", "fr", "id", "km", "ko", "lo", "ms", "th", "vi")
NOW = "2026-11-22"
HOSTILE = (
    "1. <img src=x onerror=alert(1)> [a](javascript:alert(2)) *b* `c` &amp; \x1b[31m\u202e# {n}"
)
OWN = json.loads((ROOT / "outposts" / "brief.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load(ROOT / "geodata" / "registry")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return load(write(Path(tmp_path_factory.mktemp("registry"))))


def told(registry: Registry, on: str, known: str = NOW, **more: Any) -> Brief:
    more = {"title": "A map", **more}
    return brief(registry, list(registry.values()), dates.day(on), dates.day(known), **more)


def figure(found: Brief, key: str) -> briefs.Figure:
    (one,) = [figure for figure in found.figures if figure.key == key]
    return one


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


DAYS = st.dates(min_value=dt.date(2002, 1, 1), max_value=dt.date(2026, 11, 22))


# Numbers


@settings(max_examples=25, deadline=None)
@given(on=DAYS, known=DAYS, lang=st.sampled_from(LANGS))
def test_every_number_is_that_of_the_answers_and_leads_to_its_claims(
    shipped: Registry, on: Any, known: Any, lang: str
) -> None:
    found = told(shipped, on.isoformat(), known.isoformat(), lang=lang)
    answers = {id: venue.status(on, known) for id, venue in shipped.items()}
    counts = Counter(answer.status for answer in answers.values())
    notes = {note.number: note.claim for note in found.notes}
    claims = {claim.id: claim for venue in shipped.values() for claim in venue.claims}
    assert list(notes) == list(range(1, len(notes) + 1))
    assert figure(found, "total").n == len(shipped)
    for status in STATUSES:
        one = figure(found, status)
        assert one.n == len(one.venues) == counts[status]
        assert {answers[id].status for id in one.venues} <= {status}
        rests = {id for v in one.venues for id in (*answers[v].for_, *answers[v].against)}
        assert one.claims == rests
        assert {notes[number] for number in one.notes} == rests
    alone = {id for id, answer in answers.items() if answer.single_source}
    assert set(figure(found, "single-source").venues) == alone
    for note in found.notes:
        if note.claim in claims:
            assert claims[note.claim].known <= dates.day(known)


@settings(max_examples=25, deadline=None)
@given(on=DAYS, lang=st.sampled_from(LANGS))
def test_numbers_in_the_paragraph_are_the_figures_in_their_order(
    shipped: Registry, on: Any, lang: str
) -> None:
    found = told(shipped, on.isoformat(), lang=lang)
    words = {word: n for n, word in enumerate(OWN[lang]["numbers"], 1)}
    sign = "|".join([r"\d+", *(rf"\b{word}\b" for word in words)])
    text = "".join(piece.text for piece in found.paragraph[1:])
    fixed = OWN[lang]["strings"][
        "singleSource"
    ]  # "on a single source" holds a number in some languages
    fixed = fixed if isinstance(fixed, str) else fixed["other"]
    before = fixed.partition("{n}")[0]
    spoken = [*re.findall(sign, re.sub(re.escape(before) + ".*", "", text))]
    spoken += re.findall(rf"{re.escape(before)}({sign})", text)
    wanted = [f.n for f in found.figures if f.n and f.key != "total" and ":" not in f.key]
    assert [words.get(word) or int(word) for word in spoken] == wanted


def test_counts_are_those_of_the_page_of_the_same_map(shipped: Registry) -> None:
    one = definition.load(ROOT / "maps" / "southeast-asia.yaml")
    data = Page(one.map(shipped).get_root().render()).data
    for day in ("2012-07-01", "2019-12-15", "2020-06-02", "2024-01-01"):
        on, known = dates.day(day), dates.day(NOW)
        shown = Counter(answer(data, venue, on, known)["status"] for venue in data["venues"])
        found = brief(shipped, one.venues(shipped), on, known, title=one.title)
        assert {s: figure(found, s).n for s in STATUSES} == {s: shown[s] for s in STATUSES}


def test_published_counts_stand_beside_with_their_source(shipped: Registry) -> None:
    found = told(shipped, "2020-03-01")
    notes = {note.number: note for note in found.notes}
    counts = {count.id: count for count in shipped.counts}
    assert found.published
    for piece in found.published:
        note = notes[piece.notes[0]]
        count = counts[note.claim]
        assert note.source == shipped.sources[count.source].label
        assert f" {count.count} " in piece.text
        held, alike = figure(found, f"{count.id}:held"), figure(found, f"{count.id}:alike")
        assert set(alike.venues) <= set(held.venues)
        assert f"{held.n}, of which {alike.n} " in piece.text
    hanoi = [v for v in shipped.values() if v.place == "Hanoi"]
    day = dates.day("2017-11-01")  # counts of all Vietnam are not set beside one town
    assert brief(shipped, hanoi, day, dates.day(NOW), title="Hanoi").published == ()


# Bullets


@pytest.mark.parametrize("on", ["2016-10-15", "2019-12-15", "2020-06-02", "2022-06-03"])
def test_each_bullet_says_how_sure_it_is_and_has_its_footnotes(shipped: Registry, on: str) -> None:
    found = told(shipped, on)
    notes = {note.number: note.claim for note in found.notes}
    for bullet in found.bullets:
        answer = shipped[bullet.venue].status(on, NOW)
        assert bullet.status == answer.status
        assert f": {bullet.status.replace('-', ' ')}. {answer.explanation}" in bullet.text
        assert ("Rests on a single source." in bullet.text) == answer.single_source
        assert {notes[number] for number in bullet.notes} == set(bullet.claims)
        assert set(bullet.claims) >= {*answer.for_, *answer.against}
    told_of = {bullet.venue for bullet in found.bullets}
    for id, venue in shipped.items():
        if venue.status(on, NOW).status in briefs.NEWS:
            assert id in told_of


def test_all_tells_of_each_venue_and_else_the_rest_are_counted(shipped: Registry) -> None:
    some, every = told(shipped, "2020-03-01"), told(shipped, "2020-03-01", every=True)
    assert sorted(bullet.venue for bullet in every.bullets) == list(shipped)
    assert every.others == ""
    rest = sum(map(int, re.findall(r"\d+", some.others)))
    assert rest == len(shipped) - len(some.bullets) > 0


def test_last_sighting_is_told_with_its_claim_and_not_more_exactly_than_it_says(
    tmp_path: Path,
) -> None:
    more = KORYO + '  - {id: c2, says: closed, when: "2020-09-01", source: paper-2}\n'
    later = 'paper-2: {title: Shut, publisher: The Paper, published: "2020-09-02", kind: news}\n'
    registry = load(write(tmp_path, {KORYO_FILE: more, "sources.yaml": SOURCES + later}))
    bullets = {one.venue: one for one in told(registry, "2020-10-01", every=True).bullets}
    bullet = bullets["vn-hanoi-koryo"]
    assert "Last seen open in April 2020 (The Paper)." in bullet.text
    assert "vn-hanoi-koryo#c1" in bullet.claims


# Hedges


def test_presumed_is_never_told_as_open(small: Registry) -> None:
    found = told(small, "2021-06-01")
    assert figure(found, "presumed-open").n == 1
    assert "none was reported open" in found.text
    assert "one was presumed open, on older or weaker evidence" in found.text
    assert "open, going by" not in found.text


def test_silence_is_told_as_silence(small: Registry) -> None:
    found = told(small, "2001-01-01", "2001-01-01")
    assert "of two the evidence does not say whether they were open" in found.text
    assert (figure(found, "unknown").n, figure(found, "noEvidence").n) == (2, 2)
    assert (found.notes, figure(found, "open").n) == ((), 0)


def test_numbers_agree_and_days_are_in_words(small: Registry) -> None:
    koryo = [small["vn-hanoi-koryo"]]
    day = dates.day("2020-05-01")
    one = brief(small, koryo, day, day + 60, title="Koryo")
    assert one.text.startswith(
        "On 1 May 2020, by what was known on 30 June 2020, the one venue of the map “Koryo” "
    )
    assert "one was open, going by the reports nearest to that day." in one.text
    assert "Of these statuses, one rests on a single source." in one.text
    assert "étaient" not in brief(small, koryo, day, day + 60, title="Koryo", lang="fr").text


def test_no_venues_is_told(small: Registry) -> None:
    found = brief(small, [], 18000, 18000, title="Nothing")
    assert found.text == "This map holds no venues."
    assert (found.bullets, found.notes, figure(found, "total").n) == ((), (), 0)


# Languages


@pytest.mark.parametrize("lang", LANGS)
def test_every_language_says_all_that_english_says(lang: str) -> None:
    own, english = ({"strings": OWN[code]["strings"]} for code in (lang, "en"))
    assert list(vocabulary.gaps(own, english)) == []
    assert OWN[lang]["checked"] == (lang == "en")
    assert len(OWN[lang]["numbers"]) in (0, 9)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("write", [briefs.as_text, briefs.as_markdown, briefs.as_html])
def test_no_placeholder_is_left_in_any_language(shipped: Registry, lang: str, write: Any) -> None:
    for on in ("2003-11-15", "2016-12-31", "2020-03-01"):
        text = write(told(shipped, on, lang=lang, every=True), "outposts brief x")
        assert not re.search(r"[{}]|None|\bnan\b", text)
        unchecked = vocabulary.vocabulary()[lang]["strings"]["unchecked"]
        assert (unchecked in text) == (lang != "en")


# Forms


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile(folder: Path, text: str) -> Registry:
    name = json.dumps(text)
    link = json.dumps(f"https://example.org/?{text}")
    return load(
        write(
            folder,
            {
                KORYO_FILE: changed(KORYO, "name: Koryo Restaurant,", f"name: {name},"),
                LAO_FILE: None,
                "sources.yaml": changed(
                    changed(SOURCES, "publisher: The Paper", f"publisher: {name}"),
                    "url: https://example.org/paper",
                    f"url: {link}",
                ),
            },
        )
    )


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Brief, Brief]:
    """A brief with hostile text in every field that it shows, and a harmless one."""
    texts = (HOSTILE, "Harmless")
    one, other = (
        told(hostile(tmp_path / str(i), text), "2020-05-01", title=text)
        for i, text in enumerate(texts)
    )
    return one, other


def test_hostile_text_adds_no_element_to_html(pair: tuple[Brief, Brief]) -> None:
    pages = [Tags(briefs.as_html(one, "outposts brief x")).found for one in pair]
    assert [(t, list(a)) for t, a in pages[0]] == [(t, list(a)) for t, a in pages[1]]
    links = [attrs["href"] for tag, attrs in pages[0] if tag == "a"]
    assert all(str(link).startswith(("https://", "#brief-note-")) for link in links)


def test_hostile_text_is_text_to_a_reader_of_markdown(pair: tuple[Brief, Brief]) -> None:
    read = MarkdownIt("commonmark").enable("strikethrough")
    shown = [Tags(read.render(briefs.as_markdown(one, "outposts brief x"))).found for one in pair]
    assert [tag for tag, _ in shown[0]] == [tag for tag, _ in shown[1]]
    hrefs = [str(attrs["href"]) for tag, attrs in shown[0] if tag == "a"]
    assert all(href.startswith("https://") for href in hrefs)
    html = read.render(briefs.as_markdown(pair[0], "outposts brief x"))
    assert "1. &lt;img src=x onerror=alert(1)&gt; [a](javascript:alert(2)) *b* `c`" in html


def test_plain_text_holds_nothing_that_moves_a_cursor_or_turns_a_line(
    pair: tuple[Brief, Brief],
) -> None:
    text = briefs.as_text(pair[0], "outposts brief x").replace("\n", "")
    assert not re.search("[\x00-\x1f\x7f\u202a-\u202e]", text)


def test_footnote_links_lead_to_footnotes(shipped: Registry) -> None:
    tags = Tags(briefs.as_html(told(shipped, "2020-03-01"), "outposts brief x")).found
    ids = {attrs["id"] for _, attrs in tags if "id" in attrs}
    links = {str(a["href"])[1:] for t, a in tags if t == "a" and str(a["href"]).startswith("#")}
    assert links <= ids
    assert len(links) > 20


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [([], []), ([3], [(3, 3)]), ([1, 2, 3], [(1, 3)]), ([1, 3, 4, 9], [(1, 1), (3, 4), (9, 9)])],
)
def test_numbers_that_follow_one_another_are_one_range(
    numbers: list[int], runs: list[tuple[int, int]]
) -> None:
    assert briefs.ranges(numbers) == runs


# Made again


def test_hash_covers_what_is_said_and_what_it_rests_on(shipped: Registry, tmp_path: Path) -> None:
    found = told(shipped, "2020-03-01")
    assert found.hash == told(shipped, "2020-03-01").hash
    assert found.data == digest(shipped, list(shipped.values()), dates.day(NOW))
    others = [told(shipped, "2020-03-02"), told(shipped, "2020-03-01", lang="fr")]
    assert len({found.hash, *(other.hash for other in others)}) == 3
    one = load(write(tmp_path / "one"))
    two = load(write(tmp_path / "two", {KORYO_FILE: changed(KORYO, '"2020-04"', '"2020-04-02"')}))
    assert told(one, "2019-01-01").hash != told(two, "2019-01-01").hash


def test_command_that_is_printed_makes_the_same_brief_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    first = run("brief", "hanoi", "--on", "2020-06-02", "--lang", "fr", "--all")
    (line,) = [line for line in first.stdout.splitlines() if "outposts brief hanoi" in line]
    command = shlex.split(line.partition(": ")[2] if ": " in line else line)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")
    assert run(*command[command.index("outposts") + 1 :]).stdout == first.stdout


def test_json_leads_from_each_number_to_its_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = run("brief", "hanoi", "--on", "2020-06-02", "--known", NOW, "--format", "json")
    data = json.loads(result.stdout)
    notes = {note["number"]: note["claim"] for note in data["notes"]}
    for one in data["figures"]:
        assert one["n"] == len(one["venues"])
        rests = {id for ids in one["venues"].values() for id in ids}
        assert {notes[number] for number in one["notes"]} == rests
    assert data["hash"].startswith("sha256:")
    assert data["command"].endswith(f"hanoi --on 2020-06-02 --known {NOW} --lang en")


def test_wrong_usage_exits_2_with_the_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for words, way in (
        (("hanoy",), "did you mean 'hanoi'"),
        (("hanoi", "--lang", "xx"), "no such language: 'xx'; there are en, fr"),
        (("hanoi", "--on", "spring"), "'spring' is not a day"),
        (("hanoi", "--format", "pdf"), "'pdf'"),
    ):
        result = run("brief", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert way in result.stderr
