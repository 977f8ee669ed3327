"""The data package: valid to Frictionless, and read back it gives the same answers."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import evidence
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from readers import run
from registries import KORYO, KORYO_FILE, ORGANISATIONS, REGISTRY, SOURCES, changed, koryo
from registries import write as write_registry

import outposts
from outposts import dates, rows
from outposts.errors import RegistryError
from outposts.export import save
from outposts.export.extract import Extract, extract
from outposts.models import Claim
from outposts.package import guarded, unguarded
from outposts.registry import Registry

OUTPOSTS = Path(sys.executable).parent / "outposts"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def shipped() -> Extract:
    return extract(outposts.load(), "2020-06-02", "2026-11-22")


@pytest.fixture(scope="module")
def package(shipped: Extract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(shipped, tmp_path_factory.mktemp("package") / "outposts")


def answers(registry: Registry, on: int, known: int) -> list[dict[str, Any]]:
    return rows.statuses(registry.values(), on, known)


def validated(folder: Path) -> None:
    report = json.loads(run("frictionless", "validate", folder / "datapackage.json", "--json"))
    assert report["valid"], report


def test_frictionless_finds_it_valid(package: Path) -> None:
    validated(package)


def test_frictionless_notices_a_broken_key(package: Path, tmp_path: Path) -> None:
    """What makes the test before this one able to fail."""
    folder = shutil.copytree(package, tmp_path / "broken")
    table = (folder / "names.csv").read_bytes()
    (folder / "names.csv").write_bytes(table.replace(b"vn-hanoi-koryo", b"vn-hanoi-nobody", 1))
    words = ["validate", folder / "datapackage.json", "--json"]
    report = json.loads(run("frictionless", *words, code=1))
    names = next(task for task in report["tasks"] if task["name"] == "names")
    assert "foreign-key" in {error["type"] for error in names["errors"]}


def test_package_says_what_it_is(shipped: Extract, package: Path) -> None:
    told = json.loads((package / "datapackage.json").read_text("utf-8"))
    assert shipped.about.items() <= told.items()
    assert told["licenses"][0]["name"] == "CC-BY-4.0"
    rowcount = {part["name"]: len(table(package, part["path"])) for part in told["resources"]}
    assert rowcount["venues"] == len(shipped.venues)
    assert rowcount["runs"] == len(shipped.runs)
    assert rowcount["names"] == len(shipped.names)
    for part in told["resources"]:
        assert all(field["description"] for field in part["schema"]["fields"])


def table(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / name).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("known", ["2018-01-01", "2020-07-01", "2026-11-22"])
@pytest.mark.parametrize("on", ["2012-01-01", "2018-05-05", "2020-06-02", "2024-03-03"])
def test_read_back_it_gives_the_same_answers(package: Path, on: str, known: str) -> None:
    registry, back = outposts.load(), outposts.load(package)
    days = dates.day(on), dates.day(known)
    assert answers(back, *days) == answers(registry, *days)


def test_written_again_it_is_the_same(package: Path, tmp_path: Path) -> None:
    """Sources, organisations, events, counts, names and notes come back too."""
    again = save(extract(outposts.load(package), "2020-06-02", "2026-11-22"), tmp_path / "again")
    names = sorted(path.name for path in package.iterdir())
    assert sorted(path.name for path in again.iterdir()) == names
    for name in names:
        assert (again / name).read_bytes() == (package / name).read_bytes(), name


def test_a_selection_is_valid_too_and_leaves_the_rest_out(tmp_path: Path) -> None:
    folder = save(extract(outposts.load(), "2020-06-02", country="MY,ID"), tmp_path / "part")
    validated(folder)
    back = outposts.load(folder)
    wanted = [venue.id for venue in outposts.load().select(country="MY,ID")]
    assert sorted(back) == sorted(wanted)
    assert len(back.sources) < len(outposts.load().sources)
    assert {count.country for count in back.counts} <= {"MY", "ID"}


def test_every_command_takes_it_for_a_registry(package: Path) -> None:
    words = ["status", "--on", "2020-06-02", "--known", "2026-11-22", "--format", "csv"]
    ours = subprocess.run([OUTPOSTS, *words], capture_output=True, check=True).stdout
    read = subprocess.run([OUTPOSTS, *words, "--registry", package], capture_output=True, check=True)  # fmt: skip
    assert read.stdout == ours


def test_a_fault_is_told_with_its_table_and_line(package: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(package, tmp_path / "faulty")
    text = (folder / "claims.csv").read_bytes()
    (folder / "claims.csv").write_bytes(text.replace(b",closed,", b",shut,", 1))
    line = text[: text.index(b",closed,")].count(b"\r\n") + 1
    (folder / "events.csv").unlink()
    with pytest.raises(RegistryError) as caught:
        outposts.load(folder)
    told = str(caught.value)
    assert f"claims.csv:{line}:1: claims[" in told
    assert "'shut' is not one of" in told
    assert "events.csv:1:1: required" in told


@pytest.mark.parametrize("text", ["", "{", "[]", '{"title": 3}'])
def test_a_package_that_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(
        RegistryError, match=r"datapackage\.json|a data package of a registry has this table"
    ):
        outposts.load(tmp_path)


TEXTS = st.text(st.one_of(st.sampled_from("'=+-@\t\r\n\",; "), st.characters(codec="utf-8")))


@given(TEXTS)
@example("'고려식당'은 철수했다")
@example("''=1+1")
def test_every_text_comes_back_and_none_is_a_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(FORMULA)
    if not text.lstrip("'").startswith(FORMULA):
        assert guarded(text) == text


def test_hostile_cells_come_back_as_they_were(tmp_path: Path) -> None:
    texts = ["=1+1", "'=1+1", "''", '-2\r\n"x",', "@a\rb", "+\tb", "</script>", "  x "]
    names = [{"name": text, "lang": "en", "source": "paper"} for text in texts]
    files = koryo(
        "  - {name: Koryo Restaurant, lang: en, source: paper}\n",
        "".join(f"  - {json.dumps(name)}\n" for name in names),
    )
    registry = outposts.load(write_registry(tmp_path / "r", files))
    folder = save(extract(registry), tmp_path / "package")
    validated(folder)
    back = outposts.load(folder)
    assert [name.name for name in back["vn-hanoi-koryo"].names] == [*texts, "고려식당"]
    for name in ("names.csv", "venues.csv"):
        for row in table(folder, name):
            assert not any(cell.startswith(FORMULA) and not number(cell) for cell in row.values())


def number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def written(folder: Path, venues: list[list[Claim]]) -> Registry:
    """Return a registry of made-up claims, each with a source of its own; the last list is a group's."""
    sources = yaml.safe_load(SOURCES)
    entries: list[list[dict[str, Any]]] = []
    for claims in venues:
        entries.append([])
        for claim in claims:
            name = f"source-{len(sources)}"
            sources[name] = {"title": "Heard", "kind": "news", "accessed": dates.iso(claim.known)}
            told: dict[str, Any] = {
                "id": claim.id.removeprefix("x#"),
                "says": claim.says,
                "when": claim.when.text,
            }
            told |= {"source": name, "weak": claim.weak}
            if claim.hidden is not None:
                told["retracted"] = {"on": dates.iso(claim.hidden), "why": "wrong"}
            entries[-1].append(told)
    *own, group = entries
    places = [("VN", "vn"), ("LA", "la"), ("VN", "vn")]
    files: dict[str, Any] = {
        "registry.yaml": yaml.safe_load(REGISTRY),
        "sources.yaml": sources,
        "organisations.yaml": yaml.safe_load(ORGANISATIONS),
        "groups.yaml": {"claims": [told | {"id": f"g-{told['id']}", "about": {"country": "VN"}} for told in group]},
    }  # fmt: skip
    for number, entry in enumerate(own):
        country, code = places[number]
        files[f"venues/{code}/{code}-{number}.yaml"] = {
            "id": f"{code}-{number}",
            "kind": "restaurant",
            "names": [{"name": f"Number {number}"}],
            "location": {"country": country},
            "claims": entry,
        }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return outposts.load(folder)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.tuples(*(evidence.claims() for _ in range(4))),
    st.lists(st.tuples(evidence.ASKED, evidence.CLOCKS), min_size=1, max_size=5),
    evidence.CLOCKS,
)
def test_any_registry_read_back_answers_alike(
    claims: tuple[list[Claim], ...], asked: list[tuple[int, int]], known: int
) -> None:
    """On every day, as known on any day up to that of the package."""
    with tempfile.TemporaryDirectory() as name:
        registry = written(Path(name) / "registry", list(claims))
        package = save(extract(registry, "2020-06-02", dates.iso(known)), Path(name) / "package")
        back = outposts.load(package)
    for on, clock in asked:
        clock = min(clock, known)
        assert answers(back, on, clock) == answers(registry, on, clock)


def test_who_is_said_to_run_a_venue_comes_back_with_source_and_note(tmp_path: Path) -> None:
    told = changed(
        KORYO,
        "{organisation: chain, source: paper}",
        "{organisation: chain, source: paper, note: by its sign}",
    )
    whole = outposts.load(write_registry(tmp_path / "r", {KORYO_FILE: told}))
    back = outposts.load(save(extract(whole), tmp_path / "package"))
    (operation,) = back["vn-hanoi-koryo"].operations
    assert (operation.organisation, operation.source, operation.note) == ("chain", "paper", "by its sign")  # fmt: skip
    assert back["vn-hanoi-koryo"].operations == whole["vn-hanoi-koryo"].operations
