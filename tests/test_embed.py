"""The code that embeds a map, and the oEmbed answer: for any title, place and state."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from pages import Page
from registries import write

import outposts
from outposts import dates
from outposts.cli import main
from outposts.errors import DefinitionError, MapError
from outposts.registry import Registry
from outposts.render import definition, embed
from outposts.render.build import build
from outposts.vocabulary import vocabulary

ROOT = Path(outposts.__file__).parent.parent
HOME = "https://maps.example/outposts/"
ODD = "A \"<b>map</b>\" & 'more' --> {title} <address> </iframe><script>alert(1)</script>"
SNIPPETS = (embed.iframe, embed.amp, embed.wordpress)


class Elements(HTMLParser):
    """Start tags with their attributes, and the text within ``a``."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.linked = ""
        self._tag = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.linked += data if self._tag == "a" and data.strip() else ""

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def one(self, tag: str) -> dict[str, str | None]:
        (attrs,) = [attrs for name, attrs in self.found if name == tag]
        return attrs


# Addresses


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("https://maps.example/outposts", HOME),
        (" https://MAPS.example/outposts// ", HOME),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("https://möwe.example/a b;c,d", "https://xn--mwe-sna.example/a%20b%3Bc%2Cd/"),
        ("https://x.example/%E1%83/", "https://x.example/%E1%83/"),
    ],
)
def test_folder_on_the_web_has_one_plain_form(given: str, plain: str) -> None:
    assert embed.folder(given) == plain
    assert embed.folder(plain) == plain


@pytest.mark.parametrize(
    "wrong",
    ["maps.example", "//maps.example", "ftp://maps.example/", "javascript:alert(1)", "https://", "https://a b/",
     "https://user:word@maps.example/", "https://maps.example/?q=1", "https://maps.example/#x", "https://x:99999/", ""],
)  # fmt: skip
def test_address_that_is_no_folder_on_the_web_is_an_error_with_the_way_out(wrong: str) -> None:
    with pytest.raises(MapError, match=re.escape(repr(wrong))) as caught:
        embed.folder(wrong)
    assert "https://example.org/maps/" in str(caught.value)


def test_place_knows_what_lies_beside_the_page() -> None:
    where = embed.place(HOME, "hanoi")
    assert where.page == f"{HOME}hanoi.html"
    assert where.oembed == f"{HOME}hanoi.oembed.json"
    assert where.loader == f"{HOME}loader.js"
    assert where.origin == "https://maps.example"


@given(st.dictionaries(st.sampled_from(["date", "venue", "q", "status"]), st.text(st.characters(codec="utf-8"))))  # fmt: skip
def test_state_comes_back_from_the_address(state: dict[str, str]) -> None:
    address = embed.place(HOME, "hanoi").showing(state)
    assert dict(parse_qsl(urlsplit(address).fragment, keep_blank_values=True)) == state


def test_live_follows_and_frozen_stays() -> None:
    day, clock = dates.day("2020-03-01"), dates.day("2026-12-01")
    assert embed.live() == {}
    assert embed.live(day, "x") == {"date": "2020-03-01", "known": "latest", "venue": "x"}
    assert embed.frozen(day, clock, lang="ko") == {"date": "2020-03-01", "known": "2026-12-01", "lang": "ko"}  # fmt: skip


# Snippets


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_frame_has_address_title_and_a_link_to_fall_back_on(snippet: Any) -> None:
    address = embed.place(HOME, "hanoi").showing({"date": "2020-03-01", "venue": "vn-hanoi-koryo"})
    parsed = Elements(snippet(address, ODD))
    frame = parsed.one("amp-iframe" if snippet is embed.amp else "iframe")
    assert (frame["src"], frame["title"]) == (address, ODD)
    assert parsed.one("a")["href"] == address
    assert parsed.linked == ODD
    assert "script" not in [tag for tag, _ in parsed.found] or snippet is embed.amp


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")))
def test_title_stays_text_whatever_it_holds(title: str) -> None:
    parsed = Elements(embed.loader(HOME, title, f"{HOME}loader.js"))
    assert [tag for tag, _ in parsed.found] == ["iframe", "p", "a", "script"]
    assert parsed.one("iframe")["title"] == title


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_nothing_needs_what_a_strict_policy_forbids(snippet: Any) -> None:
    for _, attrs in Elements(snippet(HOME, "A map")).found:
        assert not [name for name in attrs if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_frame_is_locked_to_scripts_links_and_downloads(snippet: Any) -> None:
    parsed = Elements(snippet(HOME, "A map"))
    frame = parsed.one("amp-iframe" if snippet is embed.amp else "iframe")
    assert "allow-scripts" in str(frame["sandbox"])
    assert "allow-same-origin" not in str(frame["sandbox"])
    assert "allow-top-navigation" not in str(frame["sandbox"])


def test_amp_has_what_its_validator_asks_for() -> None:
    (script, element, *rest) = Elements(embed.amp(HOME, "A map")).found
    assert script[1]["custom-element"] == "amp-iframe"
    assert script[1]["src"] == "https://cdn.ampproject.org/v0/amp-iframe-0.1.js"
    allowed = {"src", "title", "layout", "height", "sandbox", "allow", "frameborder", "resizable"}
    assert set(element[1]) == allowed
    assert element[1]["layout"] == "fixed-height"  # which takes a height and no width
    assert [name for name in ("placeholder", "overflow") if any(name in attrs for _, attrs in rest)] == ["placeholder", "overflow"]  # fmt: skip


def test_wordpress_block_is_closed_by_itself_only() -> None:
    text = embed.wordpress(HOME, ODD)
    assert Elements(text).comments == [" wp:html ", " /wp:html "]
    assert text.startswith("<!-- wp:html -->\n<iframe ")
    assert text.endswith("\n<!-- /wp:html -->")


def test_page_completes_the_same_code() -> None:
    assert embed.gap(ODD).replace(embed.GAP, HOME) == embed.iframe(HOME, ODD)


# oEmbed


@pytest.fixture
def small(tmp_path: Path) -> Registry:
    return outposts.load(write(tmp_path / "r"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a registry and a map definition, where commands run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTPOSTS_REGISTRY", str(write(tmp_path / "r")))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(dates.day("2021-01-01") * 86_400))
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "small.yaml").write_text("title: 'A <small> map'\non: 2020-06-02\n")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_answer_is_what_oembed_asks_for(small: Registry) -> None:
    where = embed.place(HOME, "small")
    data = outposts.Map(small, on="2020-06-02", known="2020-12-31", title=ODD, home=where).data
    answer = json.loads(embed.oembed(where, data))
    assert (answer["type"], answer["version"]) == ("rich", "1.0")
    assert answer["title"] == ODD
    assert {type(answer[size]) for size in ("width", "height", "cache_age")} == {int}
    assert Elements(answer["html"]).one("iframe")["src"] == where.page
    assert answer["provider_url"] == HOME
    assert answer["data_version"] == "1"
    assert answer["data_hash"] == data["hash"]
    assert answer["data_known"] == "2020-12-31"


def test_page_that_knows_its_home_names_its_answer_and_no_other_address(here: Path) -> None:
    assert run("build", "--no-site", "--home", HOME).exit_code == 0
    out = here / "maps" / "build"
    assert sorted(p.name for p in out.iterdir()) == ["loader.js", "small.html", "small.oembed.json"]
    page = Page((out / "small.html").read_text(encoding="utf-8"))
    (link,) = page.all("link")
    assert link == {"rel": "alternate", "type": "application/json+oembed", "href": f"{HOME}small.oembed.json", "title": "A <small> map"}  # fmt: skip
    assert page.policy["connect-src"] == [f"{HOME}small.oembed.json"]
    assert page.data["home"] == {"page": f"{HOME}small.html", "oembed": f"{HOME}small.oembed.json"}
    told = run("embed", "small", "--home", HOME, "--format", "oembed")
    assert json.loads(told.stdout) == json.loads((out / "small.oembed.json").read_text())
    assert run("build", "--no-site", "--home", HOME, "--check").exit_code == 0
    (out / "small.oembed.json").write_text("{}")
    assert run("build", "--no-site", "--home", HOME, "--check").exit_code == 1


def test_page_without_a_home_asks_nobody(here: Path) -> None:
    run("build")
    page = Page((here / "maps" / "build" / "small.html").read_text(encoding="utf-8"))
    assert page.all("link") == []
    assert page.policy["connect-src"] == ["'none'"]
    assert page.data["home"] is None


def test_home_may_stand_in_the_definition(here: Path) -> None:
    path = here / "maps" / "small.yaml"
    path.write_text(f"title: A map\nhome: {HOME}\n")
    assert (
        json.loads(run("embed", "small", "--format", "json").stdout)["page"] == f"{HOME}small.html"
    )
    path.write_text("title: A map\nhome: ftp://maps.example/\n")
    with pytest.raises(DefinitionError, match=r"small\.yaml:2:7: home: .*no web address"):
        definition.load(path)


def test_loader_is_small_and_stands_alone(here: Path, small: Registry) -> None:
    list(build(small, [here / "maps" / "small.yaml"], here / "out"))
    text = (here / "out" / "loader.js").read_text(encoding="utf-8")
    assert len(text.encode()) < 2_000
    for word in ("http", "import", "fetch", "cookie", "Storage", "innerHTML", "eval"):
        assert word not in text


def test_pages_among_the_definitions_go_with_all_maps(here: Path) -> None:
    (here / "maps" / "article.html").write_text("<!doctype html><title>한국어</title>\n", encoding="utf-8")  # fmt: skip
    run("build", "small")
    out = here / "maps" / "build"
    assert not (out / "article.html").exists()
    (out / "theirs.html").write_text("kept")
    run("build")
    assert (out / "article.html").read_bytes() == (here / "maps" / "article.html").read_bytes()
    assert (out / "theirs.html").read_text() == "kept"


# The command


def test_all_is_printed_in_both_variants(here: Path) -> None:
    result = run("embed", "small", "--home", HOME)
    assert (result.exit_code, result.stderr) == (0, "")
    frozen = f"{HOME}small.html#date=2020-06-02&amp;known=2021-01-01"
    for part in ("<iframe ", "data-outposts ", "loader.js", "<amp-iframe ", "wp:html", "application/json+oembed",
                 '"type": "rich"', f'src="{HOME}small.html"', f'src="{frozen}"', "frame-src https://maps.example"):  # fmt: skip
        assert part in result.stdout, part
    assert (
        'src="' + frozen not in run("embed", "small", "--home", HOME, "--format", "iframe").stdout
    )
    assert "live:" not in run("embed", "small", "--home", HOME, "--frozen").stdout


@pytest.mark.parametrize("form", ["iframe", "loader", "amp", "wordpress"])
def test_one_snippet_is_the_one_in_json(here: Path, form: str) -> None:
    how = ("--home", HOME, "--on", "2020-05-01", "--venue", "vn-hanoi-koryo", "--lang", "ko")
    found = json.loads(run("embed", "small", *how, "--format", "json").stdout)
    assert run("embed", "small", *how, "--format", form).stdout == found["live"][form] + "\n"
    frozen = run("embed", "small", *how, "--known", "2020-07-01", "--frozen", "--format", form)
    address = f"{HOME}small.html#date=2020-05-01&known=2020-07-01&venue=vn-hanoi-koryo&lang=ko"
    assert Elements(frozen.stdout).one("a")["href"] == address


def test_without_a_home_an_example_stands_in_and_is_told(here: Path) -> None:
    result = run("embed", "small", "--format", "iframe")
    assert 'src="https://example.org/maps/small.html"' in result.stdout
    assert "--home" in result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("smal", "did you mean 'small'"),
        ("small --home ftp://x", "no web address"),
        ("small --venue vn-hanoi-kory", "did you mean 'vn-hanoi-koryo'"),
        ("small --on 1950-01-01", "the map shows"),
        ("small --known 2030-01-01 --frozen", "the map knows"),
        ("small --lang xx", "no language 'xx'"),
    ],
)
def test_wrong_usage_is_told_with_the_way_out(here: Path, words: str, says: str) -> None:
    result = run("embed", *words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_amp_over_http_is_told(here: Path) -> None:
    result = run("embed", "small", "--home", "http://maps.example/", "--format", "amp")
    assert "https only" in result.stderr


# The example article


def test_article_says_no_more_than_the_registry() -> None:
    registry = outposts.load()
    venue = registry["vn-hanoi-koryo"]
    claims = {claim.id: claim for claim in venue.claims}
    html = (ROOT / "maps" / "example-article.html").read_text(encoding="utf-8")
    sections = re.findall(r"<section data-outposts-step=\"(.*?)\">(.*?)</section>", html, re.DOTALL)
    assert len(sections) >= 5
    for step, text in sections:
        state = dict(parse_qsl(step.replace("&amp;", "&")))
        assert state["venue"] == venue.id
        (day, said) = re.findall(
            r'<time datetime="(.*?)">.*?</time>: <strong>(.*?)</strong>', text
        )[0]
        assert day == state["date"]
        status = venue.status(day, state["known"]).status
        assert said == vocabulary()["en"]["statuses"][status]["summary"]
        quotes = re.findall(r'<blockquote data-claim="(.*?)" cite="(.*?)">(.*?)</blockquote>', text, re.DOTALL)  # fmt: skip
        assert quotes
        for id, address, inner in quotes:
            claim = claims[id]
            assert address == claim.source.url
            for quoted in re.findall(r"<q[^>]*>(.*?)</q>", inner):
                assert quoted in (claim.quote, claim.translation)
