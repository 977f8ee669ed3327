"""Exports: chosen by suffix, whole or not there, and each says what it is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from exports import KNOWN, ON, ours

from outposts import dates
from outposts.cli import main
from outposts.digest import digest
from outposts.errors import ExportError, UnknownName
from outposts.export import FOLDER, FORMATS, save, suffix_of
from outposts.export.extract import extract
from outposts.export.processes import save_all
from outposts.status import counts

FILES = [suffix for suffix in FORMATS if suffix != FOLDER]


def target(folder: Path, suffix: str) -> Path:
    return folder / ("out" if suffix == FOLDER else f"out{suffix}")


def content(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


# What is in it


def test_tables_hold_what_the_registry_says() -> None:
    registry, known = ours().registry, dates.day(KNOWN)
    told = [(v.id, c.id) for v in registry.values() for c in v.claims if counts(c, known)]
    table = ours().claims
    assert list(zip(table.index, table["claim"], strict=True)) == told
    assert ours().on["status"].equals(registry.on(ON, known=KNOWN)["status"])
    assert set(table["source"]) <= set(ours().sources.index)
    assert list(ours().names["shown"].groupby(level=0).sum().unique()) == [1]


def test_a_file_says_what_it_is() -> None:
    about = ours().about
    assert {"on": ON, "known": KNOWN, "rules": 1, "rules_fresh": 270}.items() <= about.items()
    assert {"title", "licence", "attribution", "data_version", "data_hash", "credits"} <= set(about)
    assert extract(ours().registry, ON, KNOWN, country="VN").about["selection"] == "country=VN"


def test_fingerprint_is_that_of_the_evidence_as_a_page_and_a_brief_have_it() -> None:
    again = extract(ours().registry, "2019-06-02", KNOWN)
    assert again.data_hash == ours().data_hash
    part = extract(ours().registry, ON, KNOWN, country="VN")
    assert part.data_hash == digest(ours().registry, part.venues, part.known) != again.data_hash
    assert extract(ours().registry, ON, ON).data_hash != again.data_hash


# Where it goes


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.geojson", ".geojson"),
        ("A.GPKG", ".gpkg"),
        ("x.ftm.json", ".ftm.json"),
        ("v1.2/x.csv", ".csv"),
        ("package", FOLDER),
        ("package.v1/", FOLDER),
        ("x.csv/", FOLDER),
    ],
)  # fmt: skip
def test_suffix_chooses_the_format(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


def test_unknown_suffix_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"'\.geojso'; did you mean '\.geojson'"):
        suffix_of("out.geojso")


@pytest.mark.parametrize("suffix", FORMATS)
def test_same_inputs_make_the_same_bytes_and_nothing_beside(suffix: str, tmp_path: Path) -> None:
    path = target(tmp_path, suffix)
    save(ours(), path)
    first = content(path)
    assert first
    save(ours(), path)
    assert content(path) == first
    assert [child.name for child in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", FILES)
def test_folder_in_the_place_of_a_file_is_an_error(suffix: str, tmp_path: Path) -> None:
    path = target(tmp_path, suffix)
    path.mkdir()
    with pytest.raises(ExportError, match="is not a file"):
        save(ours(), path)


def test_target_under_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(ExportError, match=r"was not written: (File exists|Not a directory)"):
        save(ours(), tmp_path / "file" / "out.csv")
    assert (tmp_path / "file").read_text() == "old"


def test_package_replaces_only_what_a_package_made(tmp_path: Path) -> None:
    path = tmp_path / "out"
    save(ours(), path)
    (path / "mine.txt").write_text("mine")
    save(ours(), path)
    assert (path / "mine.txt").read_text() == "mine"
    table = next(file for file in path.rglob("*.csv"))
    other = tmp_path / "other"
    foreign = other / table.relative_to(path)
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    with pytest.raises(ExportError, match=f"holds a .*{table.name} that no export of ours made"):
        save(ours(), other)
    assert content(other) == {str(table.relative_to(path)): b"mine"}


def test_package_that_names_files_elsewhere_is_not_believed(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "out", tmp_path / "elsewhere.csv"
    elsewhere.write_text("mine")
    path.mkdir()
    named = [{"path": "../elsewhere.csv"}, {"path": str(elsewhere)}]
    (path / "datapackage.json").write_text(
        json.dumps({"made_by": "outposts 0.1.0", "resources": named})
    )
    save(ours(), path)
    assert elsewhere.read_text() == "mine"


# What can go wrong

FULL = """
import sys
from pathlib import Path
import outposts
from outposts.errors import ExportError
from outposts.export import FOLDER, FORMATS, save
from outposts.export.extract import extract
whole = extract(outposts.load(), "2020-06-02", "2026-11-22")
folder = Path(sys.argv[1])
for suffix in FORMATS:
    path = folder / ("out" if suffix == FOLDER else f"out{suffix}")
    if suffix != FOLDER:
        path.write_text("old")
    try:
        save(whole, path)
    except ExportError as error:
        left = [child.name for child in folder.iterdir()]
        print(suffix, str(error).partition(": ")[2], left, path.read_text() if path.is_file() else "")
    if suffix != FOLDER:
        path.unlink()
"""
IN_NAMESPACE = ["unshare", "--map-root-user", "--mount", "sh", "-c"]


def on_a_file_system(folder: Path, options: str) -> str:
    """Run `FULL` where ``folder`` is a small file system that nobody else sees."""
    command = f'mount -t tmpfs -o {options} none "$0" && exec "$1" -W error -c "$2" "$0"'
    run = subprocess.run(
        [*IN_NAMESPACE, command, folder, sys.executable, FULL],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


def test_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    lines = on_a_file_system(tmp_path, "size=16k").splitlines()
    assert len(lines) == len(FORMATS)
    why = "No space left on device; what was there is unchanged"
    for suffix, line in zip(FORMATS, lines, strict=True):
        kept = "[] " if suffix == FOLDER else f"['out{suffix}'] old"
        assert line == f"{suffix} {why} {kept}"


def test_no_inode_left_is_an_error_too(tmp_path: Path) -> None:
    assert "No space left on device" in on_a_file_system(tmp_path, "size=9m,nr_inodes=2")


HALF = """
import sys, time
import outposts.export.csv as csv
def half(extract, path):
    path.write_text("half")
    print("half", flush=True)
    time.sleep(60)
csv.write = half
from outposts.cli import main
main(["export", sys.argv[1]])
"""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_interrupted_export_leaves_the_old_file(stop: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with subprocess.Popen(
        [sys.executable, "-c", HALF, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.send_signal(stop)
        assert process.wait() != 0
    assert content(tmp_path) == {"out.csv": b"old"}


SLOW_HALF = HALF.replace('["export", sys.argv[1]]', '["export", *sys.argv[1:]]')


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_interrupted_processes_leave_no_half_file(stop: signal.Signals, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("out.csv", "other.csv")]
    for path in paths:
        path.write_text("old")
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_HALF, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in paths] == [b"half\n", b"half\n"]
        process.send_signal(stop)
        assert process.wait() != 0
    assert content(tmp_path) == {"out.csv": b"old", "other.csv": b"old"}


def test_files_written_together_are_those_written_one_by_one(tmp_path: Path) -> None:
    paths = [target(tmp_path / "together", suffix) for suffix in FORMATS]
    whole = extract(ours().registry, ON, KNOWN)
    assert save_all(whole, [str(path) for path in paths]) == paths
    for suffix, path in zip(FORMATS, paths, strict=True):
        assert content(save(ours(), target(tmp_path / "alone", suffix))) == content(path)
    assert sorted(child.name for child in (tmp_path / "together").iterdir()) == sorted(
        path.name for path in paths
    )


# The command


def test_command_writes_each_file_and_tells_what_is_in_it(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("a.csv", "b.geojson")]
    run = CliRunner().invoke(main, ["export", *names, "--country", "VN", "--on", ON])
    assert run.exit_code == 0, run.output
    assert run.stdout == ""
    number = sum(venue.country == "VN" for venue in ours().venues)
    lines = run.stderr.splitlines()
    assert [f"{number} venues" in line for line in lines] == [True, True]
    assert f"{(tmp_path / 'a.csv').stat().st_size:,} bytes" in lines[0]


def test_a_file_that_cannot_be_written_costs_the_others_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    names = [str(tmp_path / name) for name in ("a.csv", "b.csv", "c.geojson")]
    run = CliRunner().invoke(main, ["export", *names])
    assert run.exit_code == 1
    told = run.stderr.splitlines()
    assert "a.csv is not a file" in told[0]
    assert [name in line for name, line in zip(names[1:], told[1:], strict=True)] == [True, True]
    assert all(Path(name).is_file() for name in names[1:])


@pytest.mark.parametrize("suffix", FILES)
def test_dash_is_standard_output(suffix: str, tmp_path: Path) -> None:
    days = ["--on", ON, "--known", KNOWN]
    run = CliRunner().invoke(main, ["export", "-", "--format", suffix.removeprefix("."), *days])
    assert run.exit_code == 0, run.stderr
    assert run.stdout_bytes == save(ours(), target(tmp_path, suffix)).read_bytes()


@pytest.mark.parametrize("words", [["-"], ["a.csv", "--format", "csv"], ["-", "--format", "cvs"]])
def test_dash_and_format_belong_together(words: list[str]) -> None:
    run = CliRunner().invoke(main, ["export", *words])
    assert (run.exit_code, run.stdout) == (2, "")


def test_command_with_an_unknown_suffix_writes_nothing(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["export", str(tmp_path / "a.csv"), str(tmp_path / "b.gpgk")])
    assert run.exit_code == 2
    assert "did you mean '.gpkg'" in " ".join(run.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_command_that_cannot_write_exits_1(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    run = CliRunner().invoke(main, ["export", str(tmp_path / "a.csv")])
    assert run.exit_code == 1
    assert "a.csv is not a file; choose another name" in " ".join(run.stderr.split())
