"""The command line: what is printed where, in which form, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from registries import KORYO, KORYO_FILE, LAO, LAO_FILE, changed, koryo, write

import outposts
from outposts.cli import COMMANDS, main

ROOT = Path(outposts.__file__).parent.parent
STATUS_KEYS = [
    "venue",
    "name",
    "kind",
    "country",
    "place",
    "lon",
    "lat",
    "precision",
    "radius_m",
    "on",
    "known",
    "status",
    "reason",
    "since",
    "last_seen_open",
    "changes_on",
    "single_source",
    "for",
    "against",
    "explanation",
]
GROUPS = """\
claims:
  - id: panel-vn
    about: {country: VN}
    says: closed
    when: "[..2020-02-07]"
    source: panel
    quote: "Restaurants were closed in Vietnam."
counts:
  - {id: vn-2020, country: VN, kind: restaurant, says: closed, count: 3, when: "[..2020-02-07]", source: panel, quote: "Three."}
"""
DAYS = ("--on", "2020-04-15", "--known", "2026-01-01")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small registry `r`, which is the default."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTPOSTS_REGISTRY", "r")
    write(tmp_path / "r", {"groups.yaml": GROUPS})
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def data(*words: str) -> Any:
    result = run(*words)
    assert result.exit_code == 0, result.output[-500:]
    return json.loads(result.stdout)


# Help


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_ends_with_an_example_that_runs(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("OUTPOSTS_REGISTRY", raising=False)
    text = " ".join(run(*command.split(), "--help").stdout.split())
    example = text.rpartition("Example: ")[2]
    program, *words = shlex.split(example)
    assert program == "outposts"
    assert words[0] == command or not command
    if command == "verify":  # its example is about the page that the example of `build` makes
        assert run("build", "hanoi", "--out", str(Path(words[1]).parent)).exit_code == 0
    result = run(*words)
    assert result.exit_code == 0, result.output[-500:]


def test_help_tells_each_command_in_one_sentence() -> None:
    text = run("--help").stdout
    told = text.split("Commands:\n")[1].split("\n\n")[0]
    # What does not fit a line goes on under its own beginning.
    found = re.findall(r"^  (\S+) +(\S(?:.*(?:\n {4,})?)*)", told, re.MULTILINE)
    assert {name: " ".join(words.split()) for name, words in found} == {
        name: sentence for name, (_, sentence) in COMMANDS.items()
    }
    assert [name for name, _ in found] == sorted(
        [
            "add",
            "ask",
            "brief",
            "build",
            "check",
            "coverage",
            "diff",
            "embed",
            "explain",
            "export",
            "feed",
            "fmt",
            "geocode",
            "history",
            "image",
            "init",
            "place",
            "serve",
            "status",
            "verify",
        ]
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_command_says_what_it_does(command: str) -> None:
    found = main.get_command(click.Context(main), command)
    assert found is not None
    assert found.help


def test_version_names_the_licences_of_code_and_data() -> None:
    text = run("--version").stdout
    assert outposts.__version__ in text
    assert "GeoNames, CC BY 4.0" in text
    assert "Natural Earth" in text
    assert "MIT" in text


# status


def test_status_json_has_the_promised_keys_in_their_order(here: Path) -> None:
    found = data("status", *DAYS, "--format", "json")
    assert [list(row) for row in found] == [STATUS_KEYS, STATUS_KEYS]
    assert [row["venue"] for row in found] == ["la-night-market", "vn-hanoi-koryo"]


def test_status_json_holds_the_answer(here: Path) -> None:
    (row,) = data("status", "vn-hanoi-koryo", *DAYS, "--format", "json")
    assert row["name"] == "Koryo Restaurant"
    assert (row["country"], row["place"], row["precision"]) == ("VN", "Hanoi", "place")
    assert (row["on"], row["known"]) == ("2020-04-15", "2026-01-01")
    assert (row["status"], row["reason"]) == ("disputed", "closed-and-open")
    assert (row["since"], row["last_seen_open"]) == ("2020-02-07", "2020-04-15")
    assert row["changes_on"] == "2022-05-01"
    assert row["single_source"] is True
    assert (row["for"], row["against"]) == (["vn-hanoi-koryo#c1"], ["panel-vn"])
    assert "closed by 7 February 2020 (The Panel)" in row["explanation"]


def test_venue_known_by_country_has_null_for_lon_and_lat(here: Path) -> None:
    (row,) = data("status", "la-night-market", *DAYS, "--format", "json")
    assert (row["lon"], row["lat"], row["place"], row["radius_m"]) == (None, None, None, None)


def test_status_csv_has_the_same_columns_and_values(here: Path) -> None:
    result = run("status", *DAYS, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(rows[0]) == STATUS_KEYS
    assert rows[0]["lon"] == ""
    assert rows[1]["status"] == "disputed"
    assert rows[1]["single_source"] == "true"
    assert rows[1]["against"] == "panel-vn"
    assert float(rows[1]["lon"]) == pytest.approx(105.84, abs=0.1)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1"])
def test_csv_cell_is_no_formula_to_a_spreadsheet(here: Path, start: str) -> None:
    name = f"{start}|cmd"
    files = koryo("{name: Koryo Restaurant, lang: en", f"{{name: {json.dumps(name)}, lang: en")
    write(here / "r", files)
    result = run("status", "vn-hanoi-koryo", *DAYS, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout, newline=""))
    assert row["name"][0] not in "=+-@\t\r"
    assert name in row["name"]


def test_csv_keeps_negative_numbers_as_numbers(here: Path) -> None:
    text = """\
    id: id-jakarta-x
    kind: office
    names: [{name: X}]
    location: {country: ID, place: Jakarta}
    """
    write(here / "r", {"venues/id/id-jakarta-x.yaml": text})
    result = run("status", "id-jakarta-x", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert float(row["lat"]) == pytest.approx(-6.2, abs=0.2)


def test_status_geojson_has_null_for_a_venue_known_by_country(here: Path) -> None:
    found = data("status", *DAYS, "--format", "geojson")
    assert found["type"] == "FeatureCollection"
    market, koryo = found["features"]
    assert market["geometry"] is None
    assert (koryo["type"], koryo["geometry"]["type"]) == ("Feature", "Point")
    lon, lat = koryo["geometry"]["coordinates"]
    assert lon == pytest.approx(105.84, abs=0.1)
    assert lat == pytest.approx(21.03, abs=0.1)
    assert koryo["properties"]["status"] == "disputed"
    assert koryo["properties"]["against"] == ["panel-vn"]


def test_status_table_is_data_and_its_count_a_message(here: Path) -> None:
    result = run("status", *DAYS)
    assert result.exit_code == 0
    assert "vn-hanoi-koryo" in result.stdout
    assert "Koryo Restaurant" in result.stdout
    assert "1 disputed" in result.stderr
    assert "1 disputed" not in result.stdout


def test_status_of_no_venue_is_an_empty_list(here: Path) -> None:
    assert data("status", *DAYS, "--status", "suspended", "--format", "json") == []
    result = run("status", *DAYS, "--status", "suspended", "--format", "csv")
    assert result.stdout.strip().split(",") == STATUS_KEYS
    assert "no venues" in run("status", *DAYS, "--status", "suspended").stderr


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("--status open,disputed", ["vn-hanoi-koryo"]),
                ("--country LA", ["la-night-market"]),
        ("--place hanoi", ["vn-hanoi-koryo"]),
        ("--kind market", ["la-night-market"]),
        ("--operator chain", ["vn-hanoi-koryo"]),
        ("--year 2020 --status disputed", ["vn-hanoi-koryo"]),
        ("--from 2022-05-01 --status disputed", []),
        ("--to 2022-04-30 --from 2022-04-30 --status disputed", ["vn-hanoi-koryo"]),
        ("--text 고려", ["vn-hanoi-koryo"]),
        ("--min-precision street", []),
        ("--min-precision place", ["vn-hanoi-koryo"]),
        ("la-night-market --country VN", []),
    ],
)  # fmt: skip
def test_filters_mean_the_same_on_the_command_line(here: Path, words: str, ids: list[str]) -> None:
    found = data("status", *DAYS, *words.split(), "--format", "json")
    assert [row["venue"] for row in found] == ids


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("status vn-hanoi-koyro", "'vn-hanoi-koryo'"),
        ("status 'Koryo Restaurent'", "Koryo Restaurant"),
        ("history vn-hanoi-koyro", "'vn-hanoi-koryo'"),
        ("explain vn-hanoi-koyro", "'vn-hanoi-koryo'"),
        ("status --status opne", "'open'"),
        ("status --country VM", "VN"),
        ("status --place Hanio", "'Hanoi'"),
        ("status --kind restaurents", "'restaurant'"),
        ("status --operator chian", "'chain'"),
        ("status --min-precision stret", "'street'"),
        ("geocode vn-hanoi-koyro", "'vn-hanoi-koryo'"),
        ("stauts", "'status'"),
        ("status --on 'late 2019'", "late 2019"),
        ("status --on '2 June 2020'", "2020-06-02"),
        ("status --known 2020-02-30", "2020-02-30"),
        ("status --year 20l9", "20l9"),
        ("status --format xml", "geojson"),
        ("build southeast-asai", "'southeast-asia'"),
    ],
)
def test_typo_gets_the_nearest_names_and_exit_2(here: Path, words: str, hint: str) -> None:
    shutil.copytree(ROOT / "maps", here / "maps", ignore=shutil.ignore_patterns("build"))
    result = run(*shlex.split(words))
    assert result.exit_code == 2
    assert hint in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("option", ["--on", "--known"])
def test_today_is_a_day(here: Path, monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1591142400")
    for words in ([option, "today"], []):
        (row,) = data("status", "vn-hanoi-koryo", *words, "--format", "json")
        assert row[option.removeprefix("--")] == "2020-06-03"


def test_source_date_epoch_that_is_no_number_is_wrong_usage(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    result = run("status")
    assert result.exit_code == 2
    assert "SOURCE_DATE_EPOCH" in result.stderr


def test_registry_option_means_the_same_as_the_environment(here: Path) -> None:
    write(here / "other", {KORYO_FILE: None})
    found = data("status", "--registry", "other", "--format", "json")
    assert [row["venue"] for row in found] == ["la-night-market"]


# history and explain


def test_history_json_has_the_promised_keys_in_their_order(here: Path) -> None:
    found = data("history", "vn-hanoi-koryo", "--known", "2026-01-01", "--format", "json")
    assert {tuple(row) for row in found} == {("start", "end", "status", "reason", "for", "against")}


def test_history_json_is_gapless_with_exclusive_ends(here: Path) -> None:
    found = data("history", "vn-hanoi-koryo", "--known", "2026-01-01", "--format", "json")
    assert (found[0]["start"], found[-1]["end"]) == (None, None)
    assert [row["end"] for row in found[:-1]] == [row["start"] for row in found[1:]]
    disputes = [row for row in found if row["status"] == "disputed"]
    assert [(row["start"], row["end"], row["reason"]) for row in disputes] == [
        ("2020-02-07", "2020-04-01", "seen-open-soon-after"),
        ("2020-04-01", "2022-05-01", "closed-and-open"),
    ]
    assert disputes[1]["for"] == ["vn-hanoi-koryo#c1"]
    assert disputes[1]["against"] == ["panel-vn"]


def test_history_as_known_before_is_that_of_then(here: Path) -> None:
    found = data("history", "vn-hanoi-koryo", "--known", "2020-03-02", "--format", "json")
    assert [row["status"] for row in found] == ["unknown", "closed"]


def test_history_table_shows_the_runs(here: Path) -> None:
    result = run("history", "vn-hanoi-koryo", "--known", "2026-01-01")
    assert result.exit_code == 0
    for word in ("2020-02-07", "2022-05-01", "seen-open-soon-after", "panel-vn"):
        assert word in result.stdout


def test_explain_tells_for_and_against_with_footnotes(here: Path) -> None:
    result = run("explain", "vn-hanoi-koryo", *DAYS)
    assert result.exit_code == 0
    text = result.stdout
    assert text.startswith("Koryo Restaurant (Hanoi, Vietnam; vn-hanoi-koryo)\n")
    for words in (
        "Disputed on 15 April 2020, as known on 1 January 2026.",
        "It has had this status since 7 February 2020.",
        "it becomes unknown on 1 May 2022",
        "Single source",
        '"As of April, it was still open."',
        "via a group claim",
        '"Restaurants were closed in Vietnam."',
        'The Paper, "Dining abroad", 2 June 2020, https://example.org/paper',
        "archived: https://web.archive.org/panel",
        "fresh 270, stale 730, reopen 365, bridge 1095, direct 92",
    ):
        assert words in text


def test_explain_says_how_exactly_the_place_is_known(here: Path) -> None:
    assert "known to the town only (within about 15 km)" in run("explain", "vn-hanoi-koryo").stdout
    assert "known to the country only" in run("explain", "la-night-market").stdout


# coverage


def test_coverage_sets_published_counts_beside_our_own(here: Path) -> None:
    (row,) = data("coverage", "--known", "2026-01-01", "--format", "json")
    assert (row["country"], row["kind"], row["says"], row["count"]) == (
        "VN",
        "restaurant",
        "closed",
        3,
    )
    assert row["held"] == 1
    assert row["source"] == "panel"
    assert "The Panel reported 3 restaurants closed" in row["sentence"]


def test_coverage_leaves_out_what_was_not_known(here: Path) -> None:
    assert data("coverage", "--known", "2020-03-01", "--format", "json") == []
    assert len(data("coverage", "--known", "2020-03-02", "--format", "json")) == 1


def test_coverage_csv_is_read_back(here: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("coverage", "--format", "csv").stdout)))
    assert [(row["id"], row["count"]) for row in rows] == [("vn-2020", "3")]


# check and fmt


def broken(here: Path) -> None:
    write(
        here / "r",
        {
            KORYO_FILE: changed(KORYO, "says: open", "says: shut"),
            LAO_FILE: changed(LAO, '"2018"', "late 2018"),
        },
    )


def test_check_of_a_sound_registry_exits_0(here: Path) -> None:
    result = run("check", "r")
    assert (result.exit_code, result.stdout) == (0, "")


def test_check_tells_every_problem_and_exits_1(here: Path) -> None:
    broken(here)
    result = run("check", "r")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "r/venues/la/la-night-market.yaml:10:11: claims[0].when: 'late 2018' is not EDTF; "
        'did you mean "2018-39"?',
        "r/venues/vn/vn-hanoi-koryo.yaml:13:11: claims[0].says: 'shut' is not one of opened, "
        "open, suspended, closed",
    ]
    assert "2 problems" in result.stderr


def test_check_json_says_the_same_as_text(here: Path) -> None:
    broken(here)
    lines = run("check", "r").stdout.splitlines()
    result = run("check", "r", "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [f"{p['path']}:{p['line']}:{p['column']}: {p['field']}: {p['problem']}" for p in found] == lines  # fmt: skip
    assert {p["level"] for p in found} == {"error"}


def test_warning_exits_0_and_with_strict_1(here: Path) -> None:
    write(here / "r", koryo('\n    quote: "As of April, it was still open."', ""))
    assert "claims[0]: warning: no quote" in run("check", "r").stdout
    assert run("check", "r").exit_code == 0
    strict = run("check", "r", "--strict")
    assert strict.exit_code == 1
    assert "claims[0]: no quote" in strict.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["history", "vn-hanoi-koryo"],
        ["explain", "vn-hanoi-koryo"],
        ["coverage"],
        ["geocode"],
        ["build", "--maps", str(ROOT / "maps"), "--out", "built"],
    ],
    ids=lambda words: words[0],
)
def test_broken_registry_lists_every_fault_exits_1_and_writes_nothing(
    here: Path, words: list[str]
) -> None:
    broken(here)
    before = sorted(here.glob("**/*"))
    result = run(*words)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "late 2018" in result.stderr
    assert "'shut'" in result.stderr
    assert sorted(here.glob("**/*")) == before


def test_fmt_writes_the_canonical_form_once(here: Path) -> None:
    write(here / "r", koryo("kind: restaurant", "kind:   'restaurant'  # a comment"))
    first = run("fmt", "r")
    assert first.exit_code == 0
    assert f"r/{KORYO_FILE}" in first.stdout.splitlines()
    assert re.search("kind: restaurant +# a comment", (here / "r" / KORYO_FILE).read_text("utf-8"))
    second = run("fmt", "r")
    assert (second.exit_code, second.stdout) == (0, "")


def test_fmt_check_writes_nothing_and_exits_1(here: Path) -> None:
    run("fmt", "r")
    path = here / "r" / KORYO_FILE
    text = path.read_text(encoding="utf-8").replace("kind: restaurant", "kind:   restaurant")
    path.write_text(text, encoding="utf-8")
    result = run("fmt", "r", "--check")
    assert (result.exit_code, result.stdout) == (1, f"r/{KORYO_FILE}\n")
    assert path.read_text(encoding="utf-8") == text


def test_fmt_leaves_a_file_that_is_not_yaml_as_it_is(here: Path) -> None:
    path = here / "r" / LAO_FILE
    path.write_text("id: [\n", encoding="utf-8")
    result = run("fmt", "r")
    assert result.exit_code == 1
    assert "la-night-market.yaml:2:1: not YAML" in result.stderr
    assert path.read_text(encoding="utf-8") == "id: [\n"


@pytest.mark.parametrize("line", ["kind:\tmarket", "kind: market\t"], ids=["before", "after"])
def test_fmt_tells_what_it_cannot_read_or_mends_it(here: Path, line: str) -> None:
    path = here / "r" / LAO_FILE
    path.write_text(changed(LAO, "kind: market", line), encoding="utf-8")
    result = run("fmt", "r")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    mended = "kind: market\n" in path.read_text(encoding="utf-8")
    assert mended or f"r/{LAO_FILE}:2" in result.stderr


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_folder_that_is_not_there_is_told(here: Path, command: str) -> None:
    result = run(command, "nowhere")
    assert result.exit_code in (1, 2)
    assert "nowhere" in result.output


@pytest.mark.parametrize(
    "command", [["check"], ["fmt", "--check"], ["status"], ["coverage"], ["geocode"]]
)
def test_registry_option_names_the_folder_everywhere(here: Path, command: list[str]) -> None:
    run("fmt")
    (here / "r").rename(here / "elsewhere")
    assert run(*command).exit_code != 0
    assert run(*command, "--registry", "elsewhere").exit_code == 0
