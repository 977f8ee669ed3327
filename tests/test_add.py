"""Adding to a registry: what is added reads back, every other byte stays, and a fault adds nothing."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st
from registries import KORYO, KORYO_FILE, write

from outposts.addition import CLAIM, with_claims, with_records
from outposts.canonical import canonical, scalar, shape_of
from outposts.cli import main
from outposts.layout import LayoutError
from outposts.models import ClaimEntry
from outposts.registry import default_folder, inspect, load
from outposts.sheet import COLUMNS
from outposts.yamlfile import Document, parse

HEAD = "venue,says,when,source,quote,weak,note"
ROW = 'vn-hanoi-koryo,open,2020-05,paper,"Still open, ""they"" say.",true,'
NEW = {"id": "c2", "says": "closed", "when": "2021", "source": "paper"}
BLOCK = '  - id: c2\n    says: closed\n    when: "2021"\n    source: paper\n'
KEPT = "id: vn-hanoi-koryo\nkind: other  # so\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small registry, which is the default."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTPOSTS_REGISTRY", "r")
    return write(tmp_path / "r")


def run(*words: str, **how: Any) -> Result:
    return CliRunner().invoke(main, words, **how)


def bulk(raw: str | bytes, *words: str) -> Result:
    """Add from a CSV file of the given text."""
    Path("claims.csv").write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return run("add", "--from", "claims.csv", *words)


def held(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def data(text: str) -> Any:
    document = Document("")
    parse(text, document)
    assert document.problems == []
    return document.data


# The text of a file


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{KEPT}claims:\n  - id: c1\n", f"{KEPT}claims:\n  - id: c1\n{BLOCK}"),
        (f"{KEPT}claims:\n  - id: c1", f"{KEPT}claims:\n  - id: c1\n{BLOCK}"),
        (
            f"{KEPT}claims:\n- id: c1  # first\n  # its own\n\n# next\nnotes: x\n",
            f"{KEPT}claims:\n- id: c1  # first\n  # its own\n{BLOCK.replace('    ', '  ').replace('  -', '-')}\n# next\nnotes: x\n",
        ),
        (
            f"{KEPT}claims: [{{id: c1}}]  # so\n",
            f'{KEPT}claims: [{{id: c1}}, {{id: c2, says: closed, when: "2021", source: paper}}]  # so\n',
        ),
        (
            f"{KEPT}claims: []\n",
            f'{KEPT}claims: [{{id: c2, says: closed, when: "2021", source: paper}}]\n',
        ),
        (f"{KEPT}claims:  # none\nnotes: x\n", f"{KEPT}claims:  # none\n{BLOCK}notes: x\n"),
        (f"{KEPT}claims: null\nnotes: x\n", f"{KEPT}claims: \n{BLOCK}notes: x\n"),
        (f"{KEPT}\n# last\nnotes: x\n", f"{KEPT}claims:\n{BLOCK}\n# last\nnotes: x\n"),
        (
            f"{KEPT}claims:\n  - id: c1\n    note: >\n      folded\n\n\n",
            f"{KEPT}claims:\n  - id: c1\n    note: >\n      folded\n{BLOCK}\n\n",
        ),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_claim_is_put_at_the_end_of_the_list(
    before: str, after: str, mark: str, line_end: str
) -> None:
    text = mark + before.replace("\n", line_end)
    assert with_claims(text, [NEW]) == mark + after.replace("\n", line_end)


@pytest.mark.parametrize(
    "text",
    ["", "- id: c1\n", "{id: x, claims: []}\n", "id: x\nclaims: &a []\nnotes: *a\n", "id: [\n"],
)
def test_text_that_a_claim_does_not_fit_into_is_refused(text: str) -> None:
    with pytest.raises(LayoutError):
        with_claims(text, [NEW])


@pytest.mark.parametrize(
    "before",
    ["", "# only a comment\n", "---\n", "a:\n  title: A\n# end\n", "a:\n  title: A", "\ufeff"],
)
def test_source_is_put_at_the_end_of_a_file(before: str) -> None:
    after = with_records(before, 'paper-2:\n  title: "B"\n')
    assert after.replace('paper-2:\n  title: "B"\n', "", 1).strip() == before.strip()
    assert data(after) == {**(data(before) or {}), "paper-2": {"title": "B"}}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
CLAIMS = st.fixed_dictionaries(
    {
        "says": st.sampled_from(["opened", "open", "suspended", "closed"]),
        "when": st.sampled_from(["2020", "2020-04", "[..2020-02-07]", "2019-03~", "2020-39"]),
        "source": st.sampled_from(["paper", "panel"]),
    },
    optional={
        **dict.fromkeys(("quote", "translation", "stated", "note"), TEXTS),
        "lang": st.sampled_from(["ko", "no", "km"]),
        "weak": st.just("true"),
    },
)
VENUES = sorted((default_folder() / "venues").glob("*/*.yaml"))


@settings(deadline=None, max_examples=30)
@given(path=st.sampled_from(VENUES), claims=st.lists(CLAIMS, min_size=1, max_size=3))
@example(path=VENUES[0], claims=[{"says": "open", "when": "2020", "source": "paper", "note": "a: b # c\u2028\x85\x07\ufeff😀\n\t'\"\\ "}])  # fmt: skip
def test_what_is_added_reads_back_and_every_other_byte_stays(
    path: Path, claims: list[dict[str, str]]
) -> None:
    before = path.read_text(encoding="utf-8")
    new = [{"id": f"n{n}", **{k: c[k] for k in CLAIM if k in c}} for n, c in enumerate(claims)]
    after = with_claims(before, new)
    assert data(after)["claims"] == [*data(before).get("claims", []), *new]
    kept = 0
    while after[kept : kept + 1] and after[kept] == before[kept : kept + 1]:
        kept += 1
    rest = len(before) - kept
    assert after[len(after) - rest :] == before[kept:] if rest else True
    shape = shape_of(path)
    assert canonical(before, shape) != before or canonical(after, shape) == after


@given(TEXTS)
def test_scalar_is_written_as_the_canonical_form_writes_it(text: str) -> None:
    line = f"note: {scalar(text, 'note')}\n"
    assert data(line) == {"note": text}
    assert canonical(line, ClaimEntry) == line


# The command


def test_claim_gets_the_next_free_id_and_is_counted(folder: Path) -> None:
    before = held(folder)
    result = run("add", "claim", "vn-hanoi-koryo", "--says", "open", "--when", "2020-05", "--source", "paper", "--quote", "Open.")  # fmt: skip
    assert (result.exit_code, result.stdout) == (0, "vn-hanoi-koryo#c2\n")
    claim = {claim.id: claim for claim in load()["vn-hanoi-koryo"].claims}["vn-hanoi-koryo#c2"]
    assert (claim.says, claim.when.text, claim.quote, claim.weak) == ("open", "2020-05", "Open.", False)  # fmt: skip
    after = held(folder)
    assert {name for name in after if after[name] != before[name]} == {KORYO_FILE}
    assert after[KORYO_FILE].startswith(before[KORYO_FILE])


def test_source_and_venue_are_added_and_sound(folder: Path) -> None:
    steps = (
        "source paper-2 --title Dining --kind news --published 2020-06-02 --archived https://example.org/a",
        "venue la-vientiane-lotus --kind hotel --name Lotus --lang en --also lo ດອກບົວ --place ວຽງຈັນ --address Street: --operator chain --source paper-2 --notes yes",
        "claim la-vientiane-lotus --says opened --when 2020-05 --source paper-2 --quote Opened. --weak",
    )
    run("fmt")
    for step in steps:
        assert run("add", *step.split()).exit_code == 0
    records, problems = inspect()
    assert [str(problem) for problem in problems if problem.level == "error"] == []
    assert run("fmt", "--check").exit_code == 0
    venue = load()["la-vientiane-lotus"]
    assert [name.name for name in venue.names] == ["Lotus", "ດອກບົວ"]
    assert (venue.addresses[0].text, venue.notes) == ("Street:", "yes")
    assert venue.claims[0].weak
    assert records.sources["paper-2"].kind == "news"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("claim vn-hanoi-koyro --says open --when 2020 --source paper", "'vn-hanoi-koryo'"),
        ("claim koryo --says open --when 2020 --source paper", "'vn-hanoi-koryo'"),
        ("claim vn-hanoi-koryo --says open --when 2020 --source papre", "'paper'"),
        ("claim vn-hanoi-koryo --says opne --when 2020 --source paper", "opened, open"),
        ("claim vn-hanoi-koryo --says open --when 2020-13 --source paper", "no month 13"),
        ("claim vn-hanoi-koryo --says closed --when 2019/2020 --source paper", "is an extent"),
        ("venue vn-hanoi-koryo --kind other --name X", "there already"),
        ("venue vn-x --kind other --name X --place Hanio", "Hanoi"),
        ("venue qq-x --kind other --name X", "'QQ'"),
        ("venue vn-x --kind other --name X --operator chian", "'chain'"),
        ("venue VN-x --kind other --name X", "small letters"),
        ("source x --title X --kind nwes --published 2020", "news"),
        ("source x --title X --kind news", "accessed"),
        ("source 'a b' --title X --kind news --published 2020", "no id"),
        ("source paper --title Other --kind news", "'Dining abroad'"),
        ("vneue", "'venue'"),
        ("", "--from"),
        ("--from nowhere.csv", "No such file"),
    ],
)
def test_wrong_word_gets_the_way_out_exits_2_and_adds_nothing(
    folder: Path, words: str, hint: str
) -> None:
    before = held(folder)
    result = run("add", *shlex.split(words))
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr
    assert held(folder) == before


def test_dry_run_prints_what_would_change_and_writes_nothing(folder: Path) -> None:
    before = held(folder)
    result = bulk(f"{HEAD}\n{ROW}\n", "--dry-run")
    assert result.exit_code == 0
    assert '+    when: "2020-05"' in result.stdout
    assert held(folder) == before


@pytest.mark.parametrize("command", ["venue", "claim", "source"])
def test_help_of_each_ends_with_an_example_that_runs(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTPOSTS_REGISTRY", raising=False)
    text = " ".join(run("add", command, "--help").stdout.split())
    words = shlex.split(text.rpartition("Example: outposts ")[2])
    assert words[:2] == ["add", command]
    assert run(*words).exit_code == 0


# Many at once


def test_rows_are_added_once_however_often(folder: Path) -> None:
    text = f"{HEAD}\n{ROW}\nla-night-market,closed,2021,panel,,,Sold.\n{ROW}\n"
    first = bulk(text)
    assert first.stdout.split() == ["vn-hanoi-koryo#c2", "la-night-market#c2"]
    after = held(folder)
    again = bulk(text)
    assert (again.exit_code, again.stdout) == (0, "")
    assert "0 added, 3 there already" in again.stderr
    assert held(folder) == after
    claim = load()["vn-hanoi-koryo"].claims[-1]
    assert (claim.quote, claim.weak, claim.note) == ('Still open, "they" say.', True, None)


def test_row_brings_its_source_along(folder: Path) -> None:
    columns = "source_title,source_kind,source_published,source_url"
    row = "vn-hanoi-koryo,open,2020-05,new-1,New,blog,2020-06-01,https://example.org/new"
    result = bulk(f"venue,says,when,source,{columns}\n{row}\n{row.replace('2020-05', '2020-06')}\n")
    assert result.stdout.split() == ["new-1", "vn-hanoi-koryo#c2", "vn-hanoi-koryo#c3"]
    assert load().sources["new-1"].url == "https://example.org/new"


def test_every_fault_is_told_with_line_and_cell_and_nothing_is_added(folder: Path) -> None:
    before = held(folder)
    result = bulk(
        "venue,says,when,source,quote,source_title,source_kind,source_accessed\n"
        'vn-hanoi-koryo,open,2020-05,paper,"two\nlines",,,\n'
        "vn-hanoi-koyro,opne,late 2019,papre,,,,\n"
        "\n"
        "vn-hanoi-koryo,open,2020-05,paper,,Another,,\n"
        ",open,,new,,New,newz,2020-01-01\n"
    )
    assert result.exit_code == 1
    assert result.stdout == ""
    for line in (
        "claims.csv:4:1: venue: no venue is called 'vn-hanoi-koyro'; did you mean 'vn-hanoi-koryo'",
        "claims.csv:4:2: says: 'opne' is not one of opened, open, suspended, closed",
        "claims.csv:4:3: when: 'late 2019' is not EDTF; did you mean \"2019-39\"?",
        "claims.csv:4:4: source: no source is called 'papre'; did you mean 'paper'?",
        "claims.csv:6:6: source_title: 'Another', where the source has 'Dining abroad'",
        "claims.csv:7:1: venue: no venue is called ''",
        "claims.csv:7:1: when: required",
        "claims.csv:7:7: source_kind: 'newz' is not one of news",
    ):
        assert line in result.stderr
    assert held(folder) == before


def test_claim_that_is_there_with_another_note_is_no_second_claim(folder: Path) -> None:
    text = f'{HEAD}\nvn-hanoi-koryo,open,2020-04,paper,"As of April, it was still open.",,New.\n'
    result = bulk(text)
    assert result.exit_code == 1
    assert "claims.csv:2:7: note: 'New.', where vn-hanoi-koryo#c1" in result.stderr


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace(";", "\t").encode(),
        lambda text: ("sep=;\r\n" + text).encode(),
        lambda text: text.replace(";", ",").encode(),
    ],
)
def test_what_spreadsheets_save_is_read(folder: Path, encode: Any) -> None:
    text = 'Venue; says ;WHEN;source;quote;weak\nvn-hanoi-koryo;open;2020-05;paper;"고려; ở Hà Nội";FALSE\n\n'
    assert bulk(encode(text)).exit_code == 0
    quote = load()["vn-hanoi-koryo"].claims[-1].quote
    assert quote is not None
    assert quote.startswith("고려") and quote.endswith("ở Hà Nội")  # noqa: PT018


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "is empty"),
        (b"venue,says,when,source\n\xe9,open,2020,paper\n", "claims.csv:2:1: is not UTF-8 text (the byte 0xe9)"),
        (b"venue,says,when,source\nx,open,20\x0020,paper\n", "zero byte"),
        (b"venue,says,when,sourse\n", "no column is called 'sourse'; did you mean 'source'"),
        (b"venue,says,when\n", "source: required"),
        (b"venue,says,when,source,says\n", "claims.csv:1:5: the column 'says' a second time"),
        (b"venue,says,when,source\na,open,2020,paper,more\n", "claims.csv:2:5: 'more' stands in no column"),
        (b'venue,says,when,source\n"a,open,2020,paper\n', "not CSV"),
    ],
)  # fmt: skip
def test_file_that_is_no_such_table_is_told_so(folder: Path, raw: bytes, problem: str) -> None:
    before = held(folder)
    result = bulk(raw)
    assert result.exit_code == 1
    assert problem in result.stderr
    assert held(folder) == before


def test_registry_at_fault_is_not_added_to(folder: Path) -> None:
    (folder / KORYO_FILE).write_text(KORYO + "kidn: x\n", encoding="utf-8")
    result = bulk(f"{HEAD}\n{ROW}\n")
    assert result.exit_code == 1
    assert "kidn: unknown field" in result.stderr


def test_full_disk_leaves_every_file_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second file cannot be written any more: the first is not changed either."""
    before, real, calls = held(folder), os.fdopen, []

    def full(*args: Any, **how: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            os.close(args[0])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **how)

    monkeypatch.setattr("os.fdopen", full)
    result = bulk(f"{HEAD}\n{ROW}\nla-night-market,closed,2021,panel,,,\n")
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert held(folder) == before


def test_every_column_is_told_of_in_the_help() -> None:
    text = run("add", "--help").stdout
    for name, meaning in COLUMNS.items():
        assert f"{name:<20}{meaning}".rstrip() in text


# A new registry


def test_new_registry_passes_every_check_and_takes_what_its_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "mine", "--title", 'Mine: "all" #1').exit_code == 0
    assert run("check", "mine", "--strict").exit_code == 0
    assert run("fmt", "mine", "--check").exit_code == 0
    assert load("mine").card.title == 'Mine: "all" #1'
    readme = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    script = readme.split("```sh\n")[1].split("```")[0]
    Path("claims.csv").write_text("venue,says,when,source\n", encoding="utf-8")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", script], env={"PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "vn-hanoi-lotus" in done.stdout
    assert load("mine")["vn-hanoi-lotus"].status("2024-06-01").status == "open"


def test_init_leaves_alone_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("full").mkdir()
    Path("full/file").write_text("mine", encoding="utf-8")
    Path("file").write_text("mine", encoding="utf-8")
    before = held(tmp_path)
    for name in ("full", "file"):
        result = run("init", name)
        assert result.exit_code == 1
        assert name in result.stderr
    assert held(tmp_path) == before
    Path("empty").mkdir()
    assert run("init", "empty").exit_code == 0
    after = held(tmp_path)
    assert "nothing to do" in run("init", "empty").stderr
    assert run("init", "empty", "--title", "Other").exit_code == 1
    assert held(tmp_path) == after
