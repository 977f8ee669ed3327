"""Pages: the same bytes every time, hostile text as text, a strict policy, and whole files."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import folium
import pytest
from branca.element import Element
from click.testing import CliRunner, Result
from pages import Page, answer
from registries import KORYO, KORYO_FILE, LAO_FILE, changed, write

import outposts
from outposts import dates
from outposts.cli import main
from outposts.errors import DefinitionError, MapError, UnknownName
from outposts.files import write as write_file
from outposts.filters import KINDS
from outposts.models import RELATIONS
from outposts.registry import Registry, load
from outposts.render import assets, definition
from outposts.render.build import build
from outposts.rules import REASONS, STATUSES
from outposts.venue import PRECISIONS

ROOT = Path(outposts.__file__).parent.parent
MAPS = ROOT / "maps"
OUTPOSTS = Path(sys.executable).parent / "outposts"
EPOCH = "1767225600"  # 2026-01-01


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return load(write(Path(tmp_path_factory.mktemp("registry"))))


@pytest.fixture(scope="module")
def html(small: Registry) -> str:
    return rendered(small)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return load(ROOT / "geodata" / "registry")


@pytest.fixture(scope="module")
def region(shipped: Registry) -> Page:
    one = definition.load(MAPS / "southeast-asia.yaml")
    return Page(one.map(shipped).get_root().render())


def drawn(registry: Registry, **more: Any) -> outposts.Map:
    return outposts.Map(registry, "2020-04-15", "2026-01-01", **more)


def rendered(registry: Registry, **more: Any) -> str:
    text: str = drawn(registry, **more).get_root().render()
    return text


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small registry `r`, which is the default, and one map."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTPOSTS_REGISTRY", "r")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    write(tmp_path / "r")
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "small.yaml").write_text("title: A small map\non: 2020-04-15\n")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


# The same bytes


def test_two_processes_with_different_hash_seeds_build_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        subprocess.run(
            [OUTPOSTS, "build", "phnom-penh", "--maps", str(MAPS), "--out", seed],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": EPOCH},
            check=True,
            capture_output=True,
        )  # fmt: skip
    one, other = (tmp_path / seed / "phnom-penh.html" for seed in ("1", "2"))
    assert one.read_bytes() == other.read_bytes()


def test_two_renders_of_one_map_are_equal(small: Registry) -> None:
    one = drawn(small)
    assert one.get_root().render() == one.get_root().render()


def test_two_maps_of_one_registry_are_equal(small: Registry, html: str) -> None:
    assert rendered(small) == html


def test_one_map_leaves_no_trace_in_the_next(
    small: Registry, html: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("default_js", "default_css"):  # so that a trace is not found by other tests too
        monkeypatch.setattr(outposts.Map, name, [])
    one = drawn(small)
    folium.Marker([21.0, 105.8], popup="Here").add_to(one)
    one.add_js_link("theirs", "https://example.org/theirs.js")
    one.get_root().render()
    assert rendered(small) == html


# Hostile text

HOSTILE = (
    "{{1234*5678}} {{7*7}} {% x {# y ${alert(1)} `${alert(2)}` </script><script>alert(3)</script> "
    "</title><img src=x onerror=alert(4)> \" ' &amp; \u2028\u2029 <!-- --> ]]> javascript:alert(5)"
)


def hostile_files(text: str) -> dict[str, str | None]:
    """Return a registry with ``text`` in every field that takes any text."""
    x = json.dumps(text)
    link = json.dumps(f"https://example.org/?{text}")
    return {
        "registry.yaml": "\n".join(
            f"{key}: {x}"
            for key in ("title", "description", "licence", "attribution", "version", "contact")
        ),
        "sources.yaml": f"""\
paper:
  title: {x}
  publisher: {x}
  author: {x}
  published: "2020-06-02"
  url: {link}
  archived: {link}
  lang: {x}
  kind: news
untitled:
  title: {x}
  accessed: "2020-06-02"
  kind: news
""",
        "organisations.yaml": f"""\
chain:
  names: [{{name: {x}, lang: {x}}}]
  kind: {x}
  notes: {x}
""",
        "groups.yaml": f"""\
claims:
  - {{id: {x}, about: {{country: VN}}, says: closed, when: "[..2020-02-07]", source: untitled, quote: {x}, stated: {x}, note: {x}}}
counts:
  - {{id: {json.dumps(text + "!")}, country: VN, says: closed, count: 3, when: "2020-02", source: paper, quote: {x}, note: {x}}}
""",
        "events.yaml": f"""\
- {{id: {x}, on: "2019-12-22", label: {x}, text: {x}, kind: deadline, source: paper, quote: {x}}}
""",
        KORYO_FILE: f"""\
id: vn-hanoi-koryo
kind: restaurant
names:
  - {{name: {x}, lang: {x}}}
  - {{name: {json.dumps(text + "!")}}}
operators:
  - {{organisation: chain, note: {x}}}
location:
  country: VN
  place: Hanoi
  address: {{text: {x}}}
  point: {{lon: 105.8, lat: 21.0, precision: street, method: survey, by: {x}}}
claims:
  - id: c1
    says: open
    when: "2020-04"
    source: paper
    quote: {x}
    lang: {x}
    translation: {x}
    stated: {x}
    note: {x}
    retracted: {{on: "2027-01-01", why: {x}}}
see_also: {{wikidata: {x}, osm: {x}, opensanctions: {x}}}
moved_to: la-night-market
notes: {x}
""",
        LAO_FILE: None,
        "venues/la/la-night-market.yaml": f"""\
id: la-night-market
kind: market
names: [{{name: {x}}}]
location: {{country: LA}}
""",
    }


def hostile_page(folder: Path, text: str) -> Page:
    files = hostile_files(text)
    del files[LAO_FILE]
    files["venues/la/la-night-market.yaml"] = f"""\
id: la-night-market
kind: market
names: [{{name: {json.dumps(text)}}}]
location: {{country: LA}}
"""
    registry = load(write(folder, files))
    return Page(rendered(registry, title=text, deck=text, credit=text))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return hostile_page(Path(tmp_path_factory.mktemp("hostile")), HOSTILE)


def test_hostile_text_adds_no_element_and_no_attribute(hostile: Page, tmp_path: Path) -> None:
    harmless = hostile_page(tmp_path, "Harmless")
    shape = [(tag, list(attrs)) for tag, attrs in harmless.elements]
    assert [(tag, list(attrs)) for tag, attrs in hostile.elements] == shape
    assert hostile.comments == []


def test_hostile_text_is_never_evaluated(hostile: Page) -> None:
    assert str(1234 * 5678) not in hostile.html
    assert str(1234 * 5678) not in json.dumps(hostile.block)
    assert "{{7*7}}" in hostile.shown


def test_hostile_text_is_nowhere_raw(hostile: Page) -> None:
    assert "<script>alert" not in hostile.html
    assert "<img src=x" not in hostile.html
    assert "onerror=alert" not in "".join(text for _, _, text in hostile.inline)


def test_hostile_text_shows_as_itself(hostile: Page) -> None:
    shown = " ".join(HOSTILE.split())
    assert hostile.shown.count(shown) > 10
    titles = re.findall("<title>(.*?)</title>", hostile.html, re.DOTALL)
    assert len(titles) == 1


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return []


def test_hostile_text_reaches_the_page_unchanged(hostile: Page) -> None:
    data = hostile.data
    koryo = next(venue for venue in data["venues"] if venue["id"] == "vn-hanoi-koryo")
    claim = next(claim for claim in data["claims"] if claim["id"] == "vn-hanoi-koryo#c1")
    (event,) = data["events"]
    told = [
        *(data[key] for key in ("title", "deck", "credit", "licence", "attribution")),
        *data["registry"].values(),
        *(claim[key] for key in ("quote", "lang", "translation", "stated", "note")),
        claim["retracted"]["why"],
        *(event[key] for key in ("id", "label", "text", "quote")),
        *(koryo[key] for key in ("name", "notes")),
        *koryo["address"],
        *koryo["operators"],
        *koryo["see_also"].values(),
        koryo["relations"][0]["name"],
        next(source for source in data["sources"] if source["id"] == "paper")["publisher"],
    ]
    assert set(told) == {HOSTILE}
    assert koryo["names"][1]["name"] == f"{HOSTILE}!"


def test_hostile_address_stays_one_address(hostile: Page) -> None:
    links = [attrs["href"] for attrs in hostile.all("a")]
    assert f"https://example.org/?{HOSTILE}" in links
    assert all(str(link).startswith(("#", "https://example.org/")) for link in links)


def test_hostile_text_does_not_reach_the_scripts(hostile: Page, page: Page) -> None:
    def code(of: Page) -> list[str]:
        return [re.sub(r"\d", "", text) for _, attrs, text in of.inline if "id" not in attrs]

    assert code(hostile) == code(page)


def test_hostile_language_is_one_attribute(small: Registry) -> None:
    page = Page(rendered(small, lang='en" onload="alert(1)'))
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]  # the interface's words are English
    assert [h["lang"] for h in page.all("header")] == ['en" onload="alert(1)']


# The policy


def hashes(page: Page, kind: str) -> list[str]:
    texts = [text for tag, attrs, text in page.inline if tag == kind and "type" not in attrs]
    if kind == "script":
        texts += page.code
    digests = [hashlib.sha256(text.encode()).digest() for text in texts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def test_policy_names_each_script_and_style_by_its_hash(page: Page) -> None:
    assert page.policy["script-src"] == hashes(page, "script")
    assert page.policy["style-src"] == hashes(page, "style")
    assert len(page.code) == 3
    assert len(hashes(page, "script")) == 5


def test_policy_allows_nothing_else(page: Page) -> None:
    assert page.policy["default-src"] == ["'none'"]
    assert page.policy["connect-src"] == ["'none'"]
    assert page.policy["base-uri"] == ["'none'"]
    assert page.policy["form-action"] == ["'none'"]
    assert "unsafe" not in json.dumps(page.policy)
    assert not [
        s for sources in page.policy.values() for s in sources if s.startswith(("*", "http"))
    ]


def test_policy_stands_before_all_that_it_governs(page: Page) -> None:
    tags = [tag for tag, attrs in page.elements]
    policies = [i for i, (_, attrs) in enumerate(page.elements) if "http-equiv" in attrs]
    assert policies
    assert policies[0] < min(tags.index("script"), tags.index("style"))


def test_no_element_has_a_style_or_a_handler(page: Page) -> None:
    for _, attrs in page.elements:
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]


def test_page_asks_nobody_for_anything(page: Page) -> None:
    for tag in ("script", "link", "img", "iframe", "object", "embed", "audio", "video", "source"):
        for attrs in page.all(tag):
            assert not {"src", "href", "data", "srcset"} & set(attrs)
    styles = "".join(text for tag, _, text in page.inline if tag == "style")
    assert "@import" not in styles
    urls = re.findall(r"url\(['\"]?([^)]*)", styles)
    assert [url for url in urls if not url.startswith(("#", "data:font/woff2;base64,"))] == []
    assert "sourceMappingURL" not in page.html + "".join(page.code)


# What a reader finds


def test_page_can_be_zoomed_and_names_its_language(page: Page) -> None:
    (viewport,) = [m["content"] for m in page.all("meta") if m.get("name") == "viewport"]
    assert viewport == "width=device-width, initial-scale=1"
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]


def test_every_element_id_is_there_once(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [str(attrs["href"]) for attrs in page.all("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_table_tells_each_venue_its_status_and_its_sources(page: Page) -> None:
    assert re.search("The venues on 15 April 2020, .*known on 1 January 2026", page.shown)
    assert "Koryo Restaurant Restaurant Hanoi, Vietnam town only Open Seen open in April 2020" in page.shown  # fmt: skip
    assert "The Paper, “Dining abroad”, 2 June 2020" in page.shown
    assert "https://example.org/paper" in [attrs["href"] for attrs in page.all("a")]


def test_venue_known_by_country_is_listed_and_has_no_false_place(page: Page) -> None:
    assert "Night Market Market Laos country only" in page.shown
    (market,) = [v for v in page.data["venues"] if v["id"] == "la-night-market"]
    assert (market["lon"], market["lat"], market["place"]) == (None, None, None)
    assert market["precision"] == "country"


def test_footer_credits_data_outlines_towns_and_rules(page: Page) -> None:
    for words in (
        "Data: Testers, CC-BY-4.0",
        "Natural Earth",
        "GeoNames, CC BY 4.0",
        "Status rules, version 1 (days: fresh 270, stale 730, reopen 365, bridge 1095, direct 92)",
    ):
        assert words in page.shown


def test_registry_of_no_venues_builds_a_map_that_says_so(tmp_path: Path) -> None:
    page = Page(rendered(load(write(tmp_path, {KORYO_FILE: None, LAO_FILE: None}))))
    assert "This map holds no venues." in page.shown
    assert page.data["venues"] == []
    assert page.data["bounds"] is None


def test_map_of_venues_known_by_country_only_has_no_bounds(small: Registry) -> None:
    page = Page(rendered(small, country="LA"))
    assert page.data["bounds"] is None
    assert [venue["id"] for venue in page.data["venues"]] == ["la-night-market"]
    assert "Night Market" in page.shown


def test_every_code_has_its_word(page: Page) -> None:
    words = assets.vocabulary()["en"]
    assert set(words["statuses"]) == set(STATUSES)
    assert set(words["reasons"]) == set(REASONS)
    assert set(words["kinds"]) == set(KINDS)
    assert set(words["precisions"]) == set(PRECISIONS)
    assert set(words["relations"]) == set(RELATIONS)
    assert set(words["says"]) == {"opened", "open", "suspended", "closed"}
    assert set(words["eventKinds"]) == {"resolution", "deadline", "incident", "enforcement"}


def test_statuses_differ_in_shape_and_in_colour() -> None:
    looks = assets.vocabulary()["statuses"]
    seen = [look for status, look in looks.items() if status != "not-yet-open"]
    assert len({look["shape"] for look in seen}) == len(seen)
    assert len({look["color"] for look in seen}) == len(seen)


def test_region_is_below_450_kilobytes(region: Page) -> None:
    assert len(region.html.encode()) < 450_000


def test_region_lists_every_venue_of_its_countries(region: Page, shipped: Registry) -> None:
    wanted = definition.load(MAPS / "southeast-asia.yaml").filter.country
    there = {venue.id for venue in shipped.values() if venue.country in wanted}
    assert {venue["id"] for venue in region.data["venues"]} == there
    (rows,) = re.findall("<tbody>(.*?)</tbody>", region.html, re.DOTALL)
    assert rows.count("<tr>") == len(there)


def test_page_answers_what_the_rules_answer(region: Page, shipped: Registry) -> None:
    chance = random.Random(2020)
    data = region.data
    first, last = dates.day("2001-01-01"), dates.day("2027-12-31")
    for venue in data["venues"]:
        days = [end + by for claim in shipped[venue["id"]].claims for end in claim.window for by in (0, 1)]  # fmt: skip
        within = [int(day) for day in days if abs(day) != float("inf")]
        for _ in range(12):
            on = chance.choice([*within, chance.randint(first, last)])
            known = chance.choice([chance.randint(first, last), dates.day("2026-11-22")])
            found = answer(data, venue, on, known)
            told = shipped[venue["id"]].status(dates.iso(on), known=dates.iso(known))
            assert found == {
                "status": told.status,
                "reason": told.reason,
                "for": list(told.for_),
                "against": list(told.against),
                "sentence": told.explanation,
                "last_seen_open": told.last_seen_open,
                "single_source": told.single_source,
                "since": told.since,
                "changes_on": told.changes_on,
            }, (venue["id"], dates.iso(on), dates.iso(known))


def test_page_knows_of_each_claim_from_its_day_on(region: Page, shipped: Registry) -> None:
    for venue in region.data["venues"]:
        clocks = [clock for clock, _ in venue["histories"]]
        claims = shipped[venue["id"]].claims
        assert clocks[0] is None
        assert set(clocks[1:]) <= {day for claim in claims for day in (claim.known, claim.hidden)}
        assert clocks[1:] == sorted(clocks[1:])


def test_block_holds_days_as_integers_and_dates_as_forms(page: Page) -> None:
    data = page.data
    (claim,) = [claim for claim in data["claims"] if claim["id"] == "vn-hanoi-koryo#c1"]
    assert (claim["first"], claim["last"]) == (dates.day("2020-04-01"), dates.day("2020-04-30"))
    assert claim["when"] == ["month", 2020, 4]
    assert claim["known"] == dates.day("2020-06-02")
    source = data["sources"][claim["source"]]
    assert (source["publisher"], source["on"]) == ("The Paper", ["day", 2020, 6, 2])
    assert (data["on"], data["known"]) == (dates.day("2020-04-15"), dates.day("2026-01-01"))


# The folium map


def test_map_is_a_folium_map_that_takes_other_layers(small: Registry) -> None:
    one = drawn(small)
    assert isinstance(one, folium.Map)
    folium.Marker([21.0, 105.8], tooltip="A marker of theirs").add_to(one)
    text = one.get_root().render()
    assert "A marker of theirs" in text
    assert "Koryo Restaurant" in Page(text).shown


def test_page_with_layers_of_others_carries_no_policy_that_would_break_them(
    small: Registry,
) -> None:
    one = drawn(small)
    folium.TileLayer("https://tile.example.org/{z}/{x}/{y}.png", attr="Theirs").add_to(one)
    metas = Page(one.get_root().render()).all("meta")
    assert not [meta for meta in metas if "http-equiv" in meta]


def test_map_narrows_by_the_filters(small: Registry) -> None:
    page = Page(rendered(small, country="LA"))
    assert [venue["id"] for venue in page.data["venues"]] == ["la-night-market"]
    with pytest.raises(UnknownName, match="'country'"):
        outposts.Map(small, contry="LA")


def test_span_that_is_reversed_is_an_error(small: Registry) -> None:
    with pytest.raises(MapError, match="2020-01-01 is after 2019-01-01"):
        outposts.Map(small, span=("2020-01-01", "2019-01-01"))


def test_span_takes_in_the_day_first_shown(small: Registry) -> None:
    data = outposts.Map(small, on="2001-05-01", span=("2010-01-01", "2020-01-01")).data
    assert data["span"] == [dates.day("2001-05-01"), dates.day("2020-01-01")]


# Whole files


def test_build_writes_a_page_a_map_and_the_loader(here: Path) -> None:
    result = run("build", "--no-site")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "maps/build/small.html" in result.stderr
    there = sorted(path.name for path in (here / "maps" / "build").iterdir())
    assert there == ["loader.js", "small.html"]
    page = Page((here / "maps" / "build" / "small.html").read_text(encoding="utf-8"))
    assert page.data["title"] == "A small map"


def test_check_of_a_current_build_exits_0(here: Path) -> None:
    run("build")
    assert run("build", "--check").exit_code == 0


def test_check_of_a_stale_build_exits_1_and_writes_nothing(here: Path) -> None:
    path = here / "maps" / "build" / "small.html"
    missing = run("build", "--check")
    assert (missing.exit_code, path.exists(), path.parent.exists()) == (1, False, False)
    run("build")
    before = path.read_bytes()
    write(here / "r", {KORYO_FILE: changed(KORYO, '"2020-04"', '"2020-05"')})
    stale = run("build", "--check")
    assert stale.exit_code == 1
    assert "stale" in stale.stderr
    assert path.read_bytes() == before


class Interrupted(Element):
    """A layer during whose rendering somebody presses Ctrl+C."""

    def render(self, **kwargs: Any) -> str:
        raise KeyboardInterrupt


def test_interrupted_build_leaves_the_old_file_whole(small: Registry, tmp_path: Path) -> None:
    path = tmp_path / "small.html"
    drawn(small).save(path)
    before = path.read_bytes()
    one = outposts.Map(small, on="2021-01-01")
    one.add_child(Interrupted())
    with pytest.raises(KeyboardInterrupt):
        one.save(path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["small.html"]


def test_write_that_fails_midway_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_file(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_file(path, "new " * 100_000 + "\ud800")
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["page.html"]


FULL_DISK = """
import resource, signal, sys
from outposts.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
main(["build"])
"""


def test_disk_that_is_full_is_told_and_leaves_the_old_file_whole(here: Path) -> None:
    folder = here / "maps" / "build"
    folder.mkdir()
    (folder / "small.html").write_text("old")
    result = subprocess.run([sys.executable, "-c", FULL_DISK], capture_output=True, text=True)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "Error: " in result.stderr
    assert [path.name for path in folder.iterdir()] == ["small.html"]
    assert (folder / "small.html").read_text() == "old"


def test_file_in_the_way_is_told(here: Path) -> None:
    (here / "maps" / "build" / "small.html").mkdir(parents=True)
    result = run("build")
    assert result.exit_code == 1
    assert "small.html" in result.stderr
    assert [path.name for path in (here / "maps" / "build").iterdir()] == ["small.html"]


def test_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_file(path, "one")
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    write_file(path, "two")
    assert path.stat().st_mode & 0o777 == 0o600


def test_fault_in_one_map_writes_none(here: Path) -> None:
    (here / "maps" / "wrong.yaml").write_text("title: Wrong\nfilter: {country: QQ}\n")
    result = run("build")
    assert result.exit_code == 2
    assert "QQ" in result.stderr
    assert not (here / "maps" / "build").exists()


# Definitions


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("titel: x\n", "m.yaml:1:1: titel: unknown field; did you mean 'title'?"),
        ("titel: x\n", "m.yaml:1:1: title: required"),
        ("title: x\nspan: [2020-01-01, 2019-01-01]\n", "m.yaml:2:7: span: the first day is after the last"),
        ("title: x\non: late 2019\n", "m.yaml:2:5: on: 'late 2019' is not a day such as 2020-03-01"),
        ("title: x\nspan: [2019, 2020]\n", "m.yaml:2:8: span[0]: '2019' is not a day"),
        ("title: x\nfilter: {contry: KH}\n", "m.yaml:2:10: filter.contry: unknown field; did you mean 'country'?"),
        ("title: x\nview: {bounds: [[24, 92], [-9, 122]]}\n", "m.yaml:2:16: view.bounds: the first corner is the south-western one"),
        ("title: x\nview: {center: [12, 104]}\n", "view.zoom: required beside center"),
        ("title: x\nview: {bounds: [[-9, 92], [24, 122]], center: [1, 2]}\n", "m.yaml:2:7: view: give either bounds, or center and zoom"),
        ("title: x\nview: {bounds: [[-9, 92], [24, far]]}\n", "'far' is not a number"),
        ("title: x\nbasemap: satellite\n", "m.yaml:2:10: basemap: there is no provider of tiles 'satellite'"),
        ("title: x\ntitle: y\n", "m.yaml:2:1: title: the same key a second time"),
        ("title: [\n", "m.yaml:2:1: not YAML"),
        ("- title\n", "m.yaml:1:1: a list where fields are expected"),
        ("", "m.yaml:1:1: title: required"),
    ],
)  # fmt: skip
def test_fault_in_a_definition_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        definition.load(Path("m.yaml"))
    assert line in str(caught.value)


def test_all_faults_of_a_definition_are_told_at_once(here: Path) -> None:
    (here / "maps" / "small.yaml").write_text("titel: x\non: soon\nbasemap: none\n")
    result = run("build")
    assert result.exit_code == 1
    for field in (
        "titel: ",
        "title: required",
        "on: 'soon'",
        "basemap: there is no provider of tiles 'none'",
    ):
        assert field in result.stderr
    assert not (here / "maps" / "build").exists()


def test_definition_filters_in_the_words_of_the_command_line(
    small: Registry, tmp_path: Path
) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        "title: x\nfilter: {from: 2020-04-01, to: 2020-04-30, status: [open], country: [VN, LA]}\n"
    )
    data = definition.load(path).map(small).data
    assert [venue["id"] for venue in data["venues"]] == ["vn-hanoi-koryo"]


def test_definition_is_shown_as_it_says(small: Registry, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        "title: x\non: 2020-06-02\nknown: 2020-07-01\nspan: [2002-01-01, 2021-12-31]\n"
        "view: {bounds: [[-9, 92], [24, 122]]}\ncredit: Us\n"
    )
    data = definition.load(path).map(small).data
    assert [dates.iso(day) for day in data["span"]] == ["2002-01-01", "2021-12-31"]
    assert (dates.iso(data["on"]), dates.iso(data["known"])) == ("2020-06-02", "2020-07-01")
    assert data["bounds"] == [[-9.0, 92.0], [24.0, 122.0]]
    assert (data["title"], data["deck"], data["credit"]) == ("x", "", "Us")


def test_shared_files_are_made_once_and_named_by_their_content(here: Path, small: Registry) -> None:
    paths = [here / "maps" / "one.yaml", here / "maps" / "two.yaml"]
    paths[0].parent.mkdir(exist_ok=True)
    for path in paths:
        path.write_text("title: A map\n", encoding="utf-8")
    made = {file.path.as_posix(): file.path.read_bytes() for file in build(small, paths, here / "out", shared=True)}  # fmt: skip
    ours = [name for name in made if re.search(r"/assets/outposts-[^/]*$", name)]
    assert sorted(Path(name).suffix for name in ours) == [".css", ".js"]
    for name in ours:
        assert hashlib.sha256(made[name]).hexdigest()[:8] in name
        for map_ in ("one", "two"):
            html = made[(here / "out" / f"{map_}.html").as_posix()].decode()
            assert f'"assets/{Path(name).name}"' in html
            assert "unsafe" not in html
    again = build(small, paths, here / "out", shared=True)
    assert all(file.fresh for file in again)


def test_today_in_a_definition_is_that_of_the_build(here: Path, small: Registry) -> None:
    path = here / "m.yaml"
    path.write_text("title: x\non: today\nspan: [2020-01-01, today]\n")
    data = definition.load(path).map(small).data
    assert [dates.iso(data["on"]), dates.iso(data["known"])] == ["2026-01-01", "2026-01-01"]
    assert dates.iso(data["span"][1]) == "2026-01-01"
