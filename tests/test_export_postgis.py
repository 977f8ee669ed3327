"""PostGIS: a real server takes the tables whole or not at all, and never loses anybody else's."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import postgres
import psycopg
import pytest
from click.testing import CliRunner
from geocoders import free_ports
from registries import koryo
from registries import write as write_registry
from sqlalchemy import create_engine, text

import outposts
from outposts.cli import main
from outposts.errors import ExportError
from outposts.export.extract import Extract, extract
from outposts.export.postgis import to_postgis

NAMES = ("venues", "names", "claims", "sources", "runs", "organisations", "events", "counts")


@pytest.fixture(scope="module")
def shipped() -> Extract:
    return extract(outposts.load(), "2020-06-02", "2026-11-22")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.running() as address:
        yield address


@pytest.fixture
def database(server: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty database with PostGIS."""
    name = request.node.name[:60].lower().replace("[", "_").replace("]", "")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    with psycopg.connect(f"{server}/{name}") as connection:
        connection.execute("CREATE EXTENSION postgis")
    return f"{server}/{name}"


def asked(database: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_tables_are_complete_and_say_what_they_are(shipped: Extract, database: str) -> None:
    to_postgis(shipped, database)
    for name, found in (("venues", shipped.on), ("claims", shipped.claims), ("runs", shipped.runs)):
        assert asked(database, f"SELECT count(*) FROM {name}") == [(len(found),)]
    about: dict[str, str] = dict(asked(database, "SELECT key, value FROM about"))
    assert about == {key: str(value) for key, value in shipped.about.items()}
    (row,) = asked(
        database,
        'SELECT "on"::text, pg_typeof("on")::text, status, "for", ST_SRID(geometry), ST_X(geometry), ST_Y(geometry), '
        "precision, radius_m FROM venues WHERE venue = 'vn-hanoi-koryo'",
    )
    venue = outposts.load()["vn-hanoi-koryo"]
    assert row == (
        "2020-06-02", "date", "disputed", ["vn-hanoi-koryo#c3"], 4326, venue.lon, venue.lat, venue.precision, venue.radius_m,
    )  # fmt: skip
    bare = asked(
        database,
        "SELECT attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE attnum > 0 AND nspname = 'public' AND obj_description(c.oid) LIKE 'outposts: %' AND relkind = 'r' "
        "AND col_description(c.oid, attnum) IS NULL",
    )
    assert bare == []  # every column is explained
    keys = asked(database, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'")
    assert keys[0][0] == 16


def test_command_fills_a_database_and_tells_no_password(database: str) -> None:
    address = database.replace("postgresql+psycopg://", "postgresql://")
    run = CliRunner().invoke(main, ["export", address, "--country", "VN"])
    assert run.exit_code == 0, run.stderr
    ((number,),) = asked(database, "SELECT count(*) FROM venues")
    assert f"PostGIS, {number} venues" in run.stderr
    assert "@" not in run.stderr


def test_geopandas_reads_it_as_it_was(shipped: Extract, database: str) -> None:
    to_postgis(shipped, database, schema="research")
    engine = create_engine(database.replace("postgresql:", "postgresql+psycopg:"))
    sql = "SELECT * FROM research.venues ORDER BY venue"
    found = gpd.read_postgis(sql, engine, geom_col="geometry", index_col="venue")
    engine.dispose()
    assert found.crs.to_epsg() == 4326
    assert found["status"].tolist() == shipped.on["status"].tolist()
    assert found.geometry.isna().tolist() == shipped.on.geometry.isna().tolist()
    placed = ~shipped.on.geometry.isna().to_numpy()
    assert found.geometry[placed].geom_equals(shipped.on.geometry[placed]).all()


def test_gdal_reads_it(shipped: Extract, database: str) -> None:
    to_postgis(shipped, database)
    done = subprocess.run(
        ["ogrinfo", "-ro", "-so", f"PG:{database}", "venues"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"Feature Count: {len(shipped.venues)}" in done.stdout
    assert "Geometry: Point" in done.stdout
    assert 'ID["EPSG",4326]' in done.stdout


def test_a_second_export_takes_the_place_of_the_first(shipped: Extract, database: str) -> None:
    to_postgis(shipped, database)
    engine = create_engine(database.replace("postgresql:", "postgresql+psycopg:"))
    part = extract(outposts.load(), "2020-06-02", country="MY")
    to_postgis(part, engine)
    with engine.connect() as connection:  # an engine that was given stays usable
        assert connection.scalar(text("SELECT count(*) FROM venues")) == len(part.venues)
    engine.dispose()


def test_a_table_that_is_not_ours_is_never_touched(shipped: Extract, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE events AS SELECT 'a concert' AS what")
    with pytest.raises(ExportError, match="events that no export of ours made"):
        to_postgis(shipped, database)
    assert asked(database, "SELECT what FROM events") == [("a concert",)]
    assert asked(database, "SELECT to_regclass('venues')") == [(None,)]
    to_postgis(shipped, database, schema="own")
    assert asked(database, "SELECT count(*) FROM own.venues") == [(len(shipped.venues),)]


def test_what_fails_leaves_the_old_tables_whole(
    shipped: Extract, database: str, tmp_path: Path
) -> None:
    to_postgis(shipped, database)
    nul = koryo('quote: "As of April, it was still open."', 'quote: "As of \\0 April"')
    odd = extract(outposts.load(write_registry(tmp_path, nul)))
    with pytest.raises(ExportError, match=r"NUL.*as they were"):
        to_postgis(odd, database)
    assert asked(database, "SELECT count(*) FROM venues") == [(len(shipped.venues),)]
    with psycopg.connect(database) as connection:
        connection.execute("CREATE VIEW mine AS SELECT venue FROM venues")
    with pytest.raises(ExportError, match="mine"):
        to_postgis(shipped, database)
    assert asked(database, "SELECT count(*) FROM mine") == [(len(shipped.venues),)]


def test_a_database_without_postgis_says_the_way_out(shipped: Extract, server: str) -> None:
    with pytest.raises(ExportError, match="CREATE EXTENSION postgis"):
        to_postgis(shipped, f"{server}/postgres")


def test_an_address_that_leads_nowhere_is_a_clear_error_without_the_password(
    shipped: Extract,
) -> None:
    (port,) = free_ports(1)
    with pytest.raises(ExportError, match="was not written") as caught:
        to_postgis(shipped, f"postgresql://me:secret@127.0.0.1:{port}/nothing")
    assert "secret" not in str(caught.value)
    for address in ("nonsense", "mysql://host/database", "sqlite:///file"):
        with pytest.raises(ExportError):
            to_postgis(shipped, address)
