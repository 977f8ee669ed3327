"""The documentation: every snippet runs, and the pages that are built lead where they say."""

from __future__ import annotations

import importlib
import io
import json
import re
import shlex
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from browser import Reader
from click.testing import CliRunner
from lxml import html

import outposts
from outposts import export, questions
from outposts.cli import COMMANDS, main

ROOT = Path(outposts.__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
make_docs = importlib.import_module("make_docs")

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
OWN_TEST = {"verify.md"}  # test_verify runs its snippets, on a page that it builds
RUN = [path for path in PAGES if path.name not in OWN_TEST]
SHOWN = {"html", "text", "yaml", "json", ""}  # languages of blocks that are read, not run

# Lines that are not run here, each with the reason. What is not in any page fails a test.
NOT_RUN = {
    "scripts/build": "sets up an environment from the package registry",
    "scripts/test": "runs this test",
    "outposts verify maps/build/hanoi.html": "needs a page that was built; test_verify makes some",
    "outposts serve": "serves until it is stopped; test_preview starts and stops it",
    "outposts build --check": "needs maps that were built today; test_render asks it of fresh ones",
    "SOURCE_DATE_EPOCH=1790000000 outposts build --out /tmp/maps": "test_render builds twice and compares",
    "outposts diff HEAD~3 HEAD": "a checkout may have no history; test_diff makes a repository",
}
EXIT_1 = {"outposts check --strict": "sources without an archived copy are problems when strict"}


def blocks(path: Path) -> list[tuple[str, str]]:
    """Return the language and the text of every fenced block of a page."""
    text = path.read_text(encoding="utf-8")
    found = [(m[2], "".join(line.removeprefix(m[1]) for line in m[3].splitlines(True))) for m in FENCE.finditer(text)]  # fmt: skip
    assert len(found) * 2 == len(re.findall("^ *```", text, re.MULTILINE)), (
        "a fence without its end"
    )
    return found


def lines(path: Path) -> list[str]:
    """Return the command lines of a page, without comments."""
    found = []
    for language, text in blocks(path):
        if language == "sh":
            for line in text.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words:
                    found.append(" ".join(line.split("  #")[0].split()).removeprefix(".venv/bin/"))
    return found


LINES = [(path.name, line) for path in RUN for line in lines(path)]


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.name)
def test_python_of_a_page_runs_from_top_to_bottom(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OUTPOSTS_REGISTRY", raising=False)
    names: dict[str, Any] = {"__name__": path.stem}
    for language, text in blocks(path):
        assert language in {*SHOWN, "python", "sh"}, f"a block in {language!r} is neither run nor shown"  # fmt: skip
        if language == "python":
            with redirect_stdout(io.StringIO()):
                exec(compile(text, str(path), "exec"), names)


@pytest.mark.parametrize(
    ("page", "line"), [(page, line) for page, line in LINES if line not in NOT_RUN]
)
def test_command_of_a_page_runs(
    page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OUTPOSTS_REGISTRY", raising=False)
    (tmp_path / "geodata").symlink_to(ROOT / "geodata")
    shutil.copytree(ROOT / "maps", tmp_path / "maps", ignore=shutil.ignore_patterns("build"))
    command, _, target = line.partition(" > ")
    program, *words = shlex.split(command)
    assert program == "outposts", f"{line!r} is no command of ours; run it, or list it with its reason"  # fmt: skip
    result = CliRunner().invoke(main, words)
    assert result.exit_code == (line in EXIT_1), result.output[-500:]
    assert result.stdout or list(tmp_path.iterdir())
    if target:
        assert result.stdout.count("\n") > 1


def test_every_line_that_is_not_run_stands_in_a_page() -> None:
    assert {*NOT_RUN, *EXIT_1} <= {line for _, line in LINES}


def test_every_command_in_the_text_exists() -> None:
    for path in PAGES:
        for command in re.findall(r"`outposts ([a-z]+)", path.read_text(encoding="utf-8")):
            assert command in COMMANDS, f"{path.name}: outposts {command}"


def test_worked_examples_of_the_page_are_those_of_the_tests() -> None:
    page = (ROOT / "docs" / "status-rules.md").read_text(encoding="utf-8")
    examples = page.split("## Worked examples")[1].split("\n## ")[0]
    answers = re.findall(r"\| ([a-z-]+), ([a-z-]+) \|$", examples, re.MULTILINE)
    cases = json.loads((ROOT / "tests" / "cases" / "status.json").read_text(encoding="utf-8"))
    text = json.dumps(cases)
    assert len(answers) > 15
    for status, reason in answers:
        assert f'"{status}, {reason}"' in text


# The pages that are built


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "build"
    make_docs.build(folder)
    return folder


def test_every_link_leads_somewhere_and_nothing_is_requested(built: Path) -> None:
    trees = {path.name: html.parse(str(path)).getroot() for path in built.glob("*.html")}
    ids = {name: [e.get("id") for e in tree.iter() if e.get("id")] for name, tree in trees.items()}
    for name, tree in trees.items():
        assert len(ids[name]) == len(set(ids[name])), name
        assert len(tree.findall(".//h1")) == 1, name
        assert not tree.findall(".//script"), name
        for element in tree.iter():
            names = set(element.attrib)
            assert not {"src", "style"} & names
            assert not [key for key in names if key.startswith("on")]
        for link in tree.iter("a"):
            page, _, part = link.get("href").partition("#")
            if not page.startswith("https://"):
                assert (page or name) in trees, f"{name}: {page}"
                assert not part or part in ids[page or name], f"{name}: {page}#{part}"


def test_every_page_is_reached_from_the_first(built: Path) -> None:
    seen: set[str] = set()
    todo = ["index.html"]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            links = html.parse(str(built / name)).getroot().iter("a")
            todo += [page for a in links if (page := a.get("href").split("#")[0]) and "//" not in page]  # fmt: skip
    assert seen == {path.name for path in built.glob("*.html")}


def test_pages_tell_of_every_command_name_and_column(built: Path) -> None:
    def text(name: str) -> str:
        return str(html.parse(str(built / f"{name}.html")).getroot().find(".//main").text_content())

    for command in COMMANDS:
        assert f"outposts {command}\n" in text("commands")
        assert f"Usage: outposts {command} " in text("commands")
    for name in outposts.__all__:
        assert f"outposts.{name}" in text("python")
    for columns in make_docs.TABLES.values():
        for name, column in columns.items():
            told = f"{name}\n{column.dtype}\n{column.unit}\n{column.meaning.replace('`', '')}\n"
            assert told in text("data-dictionary"), name
    for name in questions.__all__:
        rows = html.parse(str(built / "questions.html")).getroot().iter("tr")
        assert not ["".join(row.itertext()) for row in rows if not (row[-1].text_content().strip())]
        assert f"questions.{name}" in text("questions")
    for form in export.FORMATS.values():
        page = html.parse(str(built / f"format-{form.module}.html")).getroot()
        shown = page.xpath("//h2[text()='Example']/following::pre")
        assert "outposts export venues" in shown[0].text_content()
        # Something of the file itself follows: its head, or its tables with their columns.
        assert len(shown) > 1 or len(page.xpath("//h2[text()='Example']/following::td")) > 3
    css = (built / "docs.css").read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--[a-z-]+)\)", css))
    assert used <= set(re.findall(r"(--[a-z-]+):", css))
    for field in ("radius_m", "retracted", "archived", "except", "same_premises_as", "count"):
        assert field in text("registry-format")


def test_building_again_gives_the_same_bytes_and_leaves_other_folders_alone(
    built: Path, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    make_docs.build(built)
    assert {path.name: path.read_bytes() for path in built.iterdir()} == before
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SystemExit, match="holds something else"):
        make_docs.build(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_docstring_becomes_markdown() -> None:
    text = make_docs.prose(
        "Sum.\n\nParameters\n----------\na, b : int\n    In ``m``.\n\nExamples\n--------\n>>> 1\n1\n"
    )
    assert "- `a`, `b` (int)\n  In `m`." in text
    assert "```pycon\n>>> 1\n1\n```" in text


def test_text_of_a_source_is_no_markup() -> None:
    page = make_docs.html("x", "# T\n\n<script>alert(1)</script> [a](javascript:alert(1))", {})
    assert "<script>" not in page
    assert 'href="javascript' not in page


LIKE = (
    "index",
    "status-rules",
    "history",
    "data-dictionary",
)  # the others have nothing that these have not


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone_and_axe_finds_nothing(reader: Reader, built: Path, scheme: str) -> None:
    how: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": 360, "height": 700}}
    # Dark differs in colours alone, so one page tells.
    names = {path.stem for path in built.glob("*.html")} if scheme == "light" else LIKE[:1]
    for path in (built / f"{name}.html" for name in sorted(names)):
        page = reader.open_bare(path, also=[built / "docs.css"], bypass_csp=True, **how)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
        if path.stem in LIKE:
            found = Axe().run(page)
            assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []
