"""Hashes, and `outposts verify`: the same page passes, any other is told apart, and in what it differs."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import deflate
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import Page
from registries import KORYO, KORYO_FILE, LAO, LAO_FILE, REGISTRY, SOURCES, changed, write

import outposts
from outposts import dates
from outposts.cli import main
from outposts.digest import SHORT, digest
from outposts.registry import Registry, load
from outposts.render.seal import BLANK, seal, sealed
from outposts.render.verbatim import plain_json

ROOT = Path(outposts.__file__).parent.parent
LATER = "1798761600"  # 2027-01-01


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small registry `r`, which is the default, and the page of one map."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTPOSTS_REGISTRY", "r")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01
    write(tmp_path / "r")
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "small.yaml").write_text("title: A small map\non: 2020-04-15\n")
    assert run("build", "--out", ".").exit_code == 0
    return tmp_path


def run(*words: str, **more: Any) -> Result:
    return CliRunner().invoke(main, words, **more)


def told(*words: str) -> dict[str, list[str]]:
    """Return what `outposts verify` tells of a page that differs: texts by part."""
    result = run("verify", *(words or ("small.html",)), "--format", "json")
    assert result.exit_code == 1, result.output
    found: dict[str, list[str]] = {}
    for one in json.loads(result.stdout)["differences"]:
        found.setdefault(one["part"], []).append(one["text"])
    return found


def edit(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    after = change(text)
    assert after != text
    path.write_text(after, encoding="utf-8", newline="\n")


def repacked(html: str, change: Callable[[dict[str, Any]], None]) -> str:
    """Return a page with its block of data changed, and packed as a build packs it."""
    block = Page(html).block
    change(block)
    packed = base64.b64encode(deflate.deflate_compress(plain_json(block).encode(), 12)).decode()
    return re.sub(r'(id="outposts-data">)[^<]*', lambda match: match[1] + packed, html)


def resealed(html: str) -> str:
    """Return a page with a hash of itself that is right again: what a forger would do."""
    return sealed(re.sub('<meta name="outposts:page"[^>]*>\n', BLANK, html))


# The same


def test_page_that_was_built_is_what_the_registry_makes(here: Path) -> None:
    result = run("verify", "small.html")
    assert (result.exit_code, result.stderr) == (0, "")
    whole = digest(load("r"), list(load("r").values()))
    assert whole in result.stdout
    assert run("verify", "-", "--map", "small", input=(here / "small.html").read_bytes()).exit_code == 0  # fmt: skip


def test_page_that_links_to_shared_files_is_what_the_registry_makes(here: Path) -> None:
    alone = len((here / "small.html").read_bytes())
    assert run("build", "--shared", "--out", ".").exit_code == 0
    assert len((here / "small.html").read_bytes()) < alone / 2
    assert run("verify", "small.html").exit_code == 0
    edit(
        here / "small.html", lambda html: re.sub("assets/outposts-[0-9a-f]+", "assets/other", html)
    )
    assert run("verify", "small.html").exit_code == 1


@pytest.mark.parametrize(
    "days",
    ["on: today", "on: 2020-04-15", "on: today\nknown: 2025-01-01", "span: [2010-01-01, today]",
     "on: 2020-04-15\nknown: 2020-06-02\nspan: [2010-01-01, today]", "on: 2020-01-01\nknown: 2020-06-02"],
)  # fmt: skip
def test_page_of_an_earlier_day_is_still_what_the_registry_makes(
    here: Path, monkeypatch: pytest.MonkeyPatch, days: str
) -> None:
    (here / "maps" / "small.yaml").write_text(f"title: A small map\n{days}\n")
    run("build", "--out", ".")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", LATER)
    result = run("verify", "small.html")
    assert result.exit_code == 0, result.output
    assert dates.iso(dates.today()) == "2027-01-01"


def test_page_under_another_name_is_found_by_the_map_that_it_names(here: Path) -> None:
    (here / "small.html").rename(here / "article.html")
    assert run("verify", "article.html").exit_code == 0


# What differs


def test_changed_claim_is_told_with_its_field_and_the_status_that_it_changes(here: Path) -> None:
    write(here / "r", {KORYO_FILE: changed(KORYO, "says: open", "says: closed")})
    found = told()
    assert set(found) == {"status", "claim", "text"}
    assert found["claim"] == ["vn-hanoi-koryo#c1: says: open here, closed made anew"]
    assert found["status"] == ["vn-hanoi-koryo on 2020-04-15: open here, unknown made anew"]


def test_claim_of_other_days_is_told_as_history(here: Path) -> None:
    more = KORYO + '  - {id: c2, says: closed, when: "2024-05", source: panel-2024}\n'
    later = 'panel-2024: {title: Another, published: "2024-06-02", kind: un-report}\n'
    write(here / "r", {KORYO_FILE: more, "sources.yaml": SOURCES + later})
    found = told()
    assert found["history"] == ["vn-hanoi-koryo: another status on other days"]
    assert found["claim"] == ["vn-hanoi-koryo#c2: not here, and in this registry's page"]
    assert found["source"] == ["panel-2024: not here, and in this registry's page"]
    assert "status" not in found


def test_venue_that_only_one_side_has_is_told(here: Path) -> None:
    (here / "r" / LAO_FILE).unlink()
    assert "la-night-market: here, and not in this registry's page" in told()["venue"]


def test_page_of_another_registry_is_told(here: Path) -> None:
    other = changed(REGISTRY, "A small registry", "Another registry")
    write(here / "other", {"registry.yaml": other})
    found = told("small.html", "--registry", "other")
    assert "Another registry" in found["registry"][0]


def test_changed_definition_is_told(here: Path) -> None:
    (here / "maps" / "small.yaml").write_text("title: Another map\non: 2020-04-16\n")
    found = told()
    assert found["definition"] == [
        "title: A small map here, Another map made anew",
        "on: 2020-04-15 here, 2020-04-16 made anew",
    ]
    assert "page" not in found


def test_definition_that_names_what_this_registry_lacks_is_told(here: Path) -> None:
    (here / "maps" / "small.yaml").write_text("title: A map\nfilter: {country: KH}\n")
    assert "KH" in told()["definition"][0]


def test_page_of_another_version_is_told(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outposts.render.map.__version__", "0.0.9")
    monkeypatch.setattr("outposts.digest.VERSION", 2)
    run("build", "--out", ".")
    monkeypatch.undo()
    monkeypatch.chdir(here)
    found = told("small.html", "--registry", "r")
    assert found["version"] == [f"0.0.9 here, {outposts.__version__} made anew"]
    assert found["rules"][0] == "2 here, 1 made anew"


def test_page_from_before_the_hashes_is_told(here: Path) -> None:
    edit(here / "small.html", lambda html: re.sub('<meta name="outposts:[^>]*>\n', "", html))
    found = told()
    assert found["page"] == ["carries no hash of itself"]
    assert found["version"] == [f"none here, {outposts.__version__} made anew"]


# Tampering


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    registry = load(write(Path(tmp_path_factory.mktemp("registry"))))
    text: str = outposts.Map(registry, "2020-04-15", "2026-01-01").get_root().render()
    return text


@settings(max_examples=100)
@given(data=st.data())
def test_any_sign_that_changes_breaks_the_seal(html: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(html) - 1))
    sign = data.draw(st.characters(codec="ascii").filter(lambda sign: sign != html[at]))
    hashes = seal(html[:at] + sign + html[at + 1 :])
    assert hashes is None or hashes[0] != hashes[1]


def test_seal_of_a_page_holds(html: str) -> None:
    hashes = seal(html)
    assert hashes is not None
    assert hashes[0] == hashes[1]


def test_changed_data_is_told(here: Path) -> None:
    def change(block: dict[str, Any]) -> None:
        block["data"]["claims"][-1]["quote"] = "As of May, it was \x1b[31mstill\u202e open."

    edit(here / "small.html", lambda html: repacked(html, change))
    found = told()
    assert "changed after it was built" in found["page"][0]
    assert "the page says sha256:" in found["data"][0]
    assert found["claim"][0].startswith("vn-hanoi-koryo#c1: quote: As of May")
    shown = run("verify", "small.html").stdout
    assert all(sign.isprintable() or sign == "\n" for sign in shown)


def test_changed_answer_is_told_though_the_evidence_is_whole(here: Path) -> None:
    def change(block: dict[str, Any]) -> None:
        koryo = block["data"]["venues"][-1]
        for answer in koryo["answers"]:
            answer[0] = 4

    edit(here / "small.html", lambda html: repacked(html, change))
    found = told()
    assert found["status"] == ["vn-hanoi-koryo on 2020-04-15: closed here, open made anew"]
    assert "data" not in found


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("<td>Open</td>", "<td>Closed</td>", "text"),
        ("<title>A small map", "<title>A large map", "text"),
        ("default-src 'none'", "default-src *", "code"),
        ("</body>", "<script>alert(1)</script></body>", "code"),
        ("</body>", "<p hidden></body>", "text"),
    ],
)
def test_forgery_with_a_right_seal_is_told(here: Path, old: str, new: str, part: str) -> None:
    edit(here / "small.html", lambda html: resealed(html.replace(old, new, 1)))
    found = told()
    assert "page" not in found
    assert part in found


def test_other_line_ends_are_told(here: Path) -> None:
    path = here / "small.html"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "line ends" in told()["bytes"][0]


def test_other_packing_of_the_same_data_is_told_as_bytes(here: Path) -> None:
    def loose(html: str) -> str:
        text = plain_json(Page(html).block).encode()
        packed = base64.b64encode(zlib.compress(text, 1, -15)).decode()
        return resealed(re.sub(r'(id="outposts-data">)[^<]*', lambda m: m[1] + packed, html))

    edit(here / "small.html", loose)
    assert list(told()) == ["bytes"]


@pytest.mark.parametrize(
    "content",
    ["", "!", "AAAA", base64.b64encode(zlib.compress(b"x" * 200_000_000, 9)[2:-4]).decode(),
     base64.b64encode(zlib.compress(b"[" * 100_000, 9)[2:-4]).decode(),
     base64.b64encode(zlib.compress(b'{"data": {"known": 1e300, "on": 0}}', 9)[2:-4]).decode(),
     base64.b64encode(zlib.compress(b"[]", 9)[2:-4]).decode()],
    ids=["empty", "not base64", "not deflate", "bomb", "deep", "absurd", "list"],
)  # fmt: skip
def test_block_that_cannot_be_read_is_told(here: Path, content: str) -> None:
    edit(
        here / "small.html",
        lambda html: re.sub(r'(id="outposts-data">)[^<]*', lambda m: m[1] + content, html),
    )
    assert set(told()) >= {"page", "data"}


@pytest.mark.parametrize("content", ["AAAA", "", base64.b64encode(deflate.deflate_compress(b"7", 1)).decode()])  # fmt: skip
def test_scripts_that_cannot_be_read_are_told(here: Path, content: str) -> None:
    edit(
        here / "small.html",
        lambda html: re.sub(r'(id="outposts-code">)[^<]*', lambda m: m[1] + content, html),
    )
    assert "as made anew" in told()["code"][0]


# No page, wrong usage


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><p>Hello", b"\x00\xff\xfe" * 99, b"{}"])
def test_file_that_is_no_page_of_ours_is_told(here: Path, content: bytes) -> None:
    (here / "other.html").write_bytes(content)
    result = run("verify", "other.html")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no page of Outposts" in result.stderr


def test_page_of_a_map_that_is_not_here_is_told(here: Path) -> None:
    (here / "maps" / "small.yaml").rename(here / "maps" / "smaller.yaml")
    result = run("verify", "small.html")
    assert result.exit_code == 1
    assert "no map in maps/ is called 'small'; did you mean 'smaller'?" in result.stderr
    assert run("verify", "small.html", "--map", "smaller").exit_code == 1  # it says another name


def test_wrong_usage_exits_2(here: Path) -> None:
    for words in (("none.html",), ("small.html", "--map", "smal"), ("small.html", "--maps", "no")):
        assert run("verify", *words).exit_code == 2
    assert "did you mean 'small'?" in run("verify", "small.html", "--map", "smal").stderr


# The hash of the evidence


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return load(write(Path(tmp_path_factory.mktemp("registry"))))


def test_order_of_venues_and_files_makes_no_difference(registry: Registry, tmp_path: Path) -> None:
    venues = list(registry.values())
    swapped = LAO.replace("kind: market\n", "") + "kind: market\n"
    again = load(write(tmp_path, {LAO_FILE: swapped}))
    assert digest(registry, venues[::-1]) == digest(registry, venues) == digest(again, list(again.values()))  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "old", "new"),
    [
        (KORYO_FILE, KORYO, '"2020-04"', '"2020-05"'),
        (KORYO_FILE, KORYO, "still open", "open"),
        (KORYO_FILE, KORYO, "place: Hanoi", "place: Da Nang"),
        (LAO_FILE, LAO, "source: panel\n    quote", "source: paper\n    quote"),
        ("sources.yaml", SOURCES, "https://example.org/panel", "https://example.org/other"),
        ("registry.yaml", REGISTRY, 'version: "1"', 'version: "2"'),
    ],
)
def test_any_change_of_the_evidence_changes_the_hash(
    registry: Registry, tmp_path: Path, name: str, text: str, old: str, new: str
) -> None:
    other = load(write(tmp_path, {name: changed(text, old, new)}))
    assert digest(other, list(other.values())) != digest(registry, list(registry.values()))


def test_what_is_learned_later_leaves_the_hash_as_known_before(
    registry: Registry, tmp_path: Path
) -> None:
    more = KORYO + '  - {id: c2, says: closed, when: "2024-05", source: panel-2024}\n'
    later = 'panel-2024: {title: Another, published: "2024-06-02", kind: un-report}\n'
    other = load(write(tmp_path, {KORYO_FILE: more, "sources.yaml": SOURCES + later}))
    before, after = dates.day("2024-06-01"), dates.day("2024-06-02")

    def hashed(one: Registry, known: int) -> str:
        return digest(one, list(one.values()), known)

    assert hashed(other, before) == hashed(registry, before) == hashed(registry, after)
    assert hashed(other, after) != hashed(registry, after)


def test_page_shows_what_it_was_made_from(here: Path) -> None:
    page = Page((here / "small.html").read_text(encoding="utf-8"))
    metas = {str(m["name"]): m["content"] for m in page.all("meta") if "name" in m}
    whole = digest(load("r"), list(load("r").values()))
    assert metas["outposts:data"] == whole
    assert (metas["outposts:rules"], metas["outposts:version"]) == ("1", outposts.__version__)
    assert metas["outposts:map"] == "small"
    for text in (f"data {whole[:SHORT]}", "Status rules, version 1", f"Outposts {outposts.__version__}"):  # fmt: skip
        assert text in page.shown


def test_any_program_can_compute_the_hash_as_the_document_says(here: Path) -> None:
    document = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    (python,) = re.findall("```python\n(.*?)```", document, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", python, "small.html"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == digest(load("r"), list(load("r").values()))
    (shell,) = re.findall("```sh\n(.*?)```", document, re.DOTALL)
    done = subprocess.run(
        ["sh", "-c", shell.replace("hanoi.html", "small.html")], capture_output=True, text=True, check=True
    )  # fmt: skip
    hashes = seal((here / "small.html").read_text(encoding="utf-8"))
    assert hashes is not None
    assert f"sha256:{done.stdout.split()[0]}" == hashes[0]
