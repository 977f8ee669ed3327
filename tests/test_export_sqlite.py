"""SQLite: sound by SQLite's own checks, and served by Datasette, which finds names and quotes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from geocoders import Started, free_ports, wait_for
from readers import PROGRAMS
from registries import koryo
from registries import write as write_registry

import outposts
from outposts.export import save
from outposts.export.extract import Extract, extract


@pytest.fixture(scope="module")
def shipped() -> Extract:
    return extract(outposts.load(), "2020-06-02", "2026-11-22")


@pytest.fixture(scope="module")
def file(shipped: Extract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(shipped, tmp_path_factory.mktemp("sqlite") / "outposts.sqlite")


@pytest.fixture(scope="module")
def datasette(file: Path) -> Iterator[str]:
    """The address of the database in a Datasette of our own."""
    (port,) = free_ports(1)
    words = [PROGRAMS / "datasette", "serve", file, "--host", "127.0.0.1", "--port", port]
    server = Started(words, file.parent)
    try:
        wait_for(f"http://127.0.0.1:{port}/-/versions.json", server)
        yield f"http://127.0.0.1:{port}/outposts"
    finally:
        server.stop()


def asked(address: str) -> dict[str, Any]:
    with urlopen(address, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_database_is_sound_and_holds_every_row(shipped: Extract, file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for table in ("venues", "names", "claims", "sources"):
            database.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('integrity-check')")
        for table, found in (
            ("venues", shipped.on),
            ("names", shipped.names),
            ("claims", shipped.claims),
            ("runs", shipped.runs),
        ):
            (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert count == len(found), table
        about = dict(database.execute("SELECT key, value FROM about"))
        assert about == {key: str(value) for key, value in shipped.about.items()}
        row = database.execute(
            "SELECT status, longitude, latitude, precision, radius_m FROM venues WHERE venue = 'vn-hanoi-koryo'"
        ).fetchone()
        venue = outposts.load()["vn-hanoi-koryo"]
        assert row == ("disputed", venue.lon, venue.lat, venue.precision, venue.radius_m)


def test_every_column_is_explained(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        told = set(database.execute('SELECT "table", "column" FROM columns WHERE meaning <> \'\''))
        tables = {table for table, _ in told}
        there = {
            (table, row[1])
            for table in tables
            for row in database.execute(f"PRAGMA table_info({table})")
        }
        assert told == there


def test_one_join_says_on_whose_word(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        found = database.execute(
            "SELECT side, sources.publisher FROM evidence JOIN claims USING (venue, claim) "
            "JOIN sources USING (source) WHERE venue = 'vn-hanoi-koryo' ORDER BY side"
        ).fetchall()
    assert found == [("against", "Southeast Asia Globe"), ("for", "Southeast Asia Globe")]


def test_datasette_answers_a_query(shipped: Extract, datasette: str) -> None:
    sql = "select status, count(*) as venues from venues group by status order by status"
    found = asked(f"{datasette}.json?_shape=objects&sql={quote(sql)}")["rows"]
    counts = shipped.on["status"].value_counts().sort_index()
    assert {row["status"]: row["venues"] for row in found} == counts.to_dict()


def test_datasette_follows_the_foreign_keys(datasette: str) -> None:
    found = asked(f"{datasette}/claims.json?venue=vn-hanoi-koryo&_labels=on&_shape=objects")
    assert {row["venue"]["label"] for row in found["rows"]} == {"Koryo Restaurant"}


@pytest.mark.parametrize(
    ("table", "words", "venue"),
    [
        ("venues", "고려", "vn-hanoi-koryo"),
        ("venues", "koryo hanoi", "vn-hanoi-koryo"),
        ("venues", "レストラン", "vn-hanoi-koryo"),
        ("names", "고려식당", "vn-hanoi-koryo"),
        ("claims", "taking reservations", "vn-hanoi-koryo"),
        ("claims", "営業確認", "vn-hanoi-koryo"),
    ],
)
def test_datasette_finds_words_in_any_script(
    datasette: str, table: str, words: str, venue: str
) -> None:
    found = asked(f"{datasette}/{table}.json?_shape=objects&_search={quote(words)}")["rows"]
    assert venue in {row["venue"] for row in found}
    missing = asked(f"{datasette}/{table}.json?_shape=objects&_search=qwertzuiop")["rows"]
    assert missing == []


def test_names_are_found_without_their_accents(tmp_path: Path) -> None:
    folder = write_registry(tmp_path / "r", koryo("Koryo Restaurant", "Nhà hàng Đồng Xuân"))
    file = save(extract(outposts.load(folder)), tmp_path / "r.sqlite")
    with closing(sqlite3.connect(file)) as database:
        for words in ("nha hang", "đồng", "dong xuan"):
            found = database.execute("SELECT name FROM venues_fts(?)", [words]).fetchall()
            assert found == [("Nhà hàng Đồng Xuân",)], words


def test_the_same_extract_gives_the_same_bytes(
    shipped: Extract, file: Path, tmp_path: Path
) -> None:
    assert save(shipped, tmp_path / "again.sqlite").read_bytes() == file.read_bytes()


def test_datasette_inspects_it(file: Path) -> None:
    done = subprocess.run(
        [PROGRAMS / "datasette", "inspect", file], capture_output=True, text=True, check=True
    )
    tables = json.loads(done.stdout)["outposts"]["tables"]
    assert tables["venues"]["count"] == len(outposts.load())
