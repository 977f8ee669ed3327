"""PostGIS: the tables of an extract with keys, points and comments, in one transaction.

Besides the columns of the other formats ``venues`` has ``geometry``, a Point in EPSG:4326. Days are of the type date,
flags boolean, lists text[]; comments give units. The table ``about`` says what the tables are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Engine,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    create_engine,
    inspect,
    make_url,
    text,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.schema import CreateSchema

from outposts.errors import ExportError
from outposts.export.tables import COUNT, LIST, NUMBER, Table, about, tables
from outposts.frames import DAY, FLAG, TEXT

if TYPE_CHECKING:
    from outposts.export.extract import Extract

TYPES: dict[str, Any] = {
    TEXT: Text(),
    DAY: Date(),
    FLAG: Boolean(),
    NUMBER: Double(),
    COUNT: BigInteger(),
    LIST: ARRAY(Text()),
}
OURS = "outposts: "  # how the comment of a table of ours begins; one without it is never touched
DRIVER = "postgresql+psycopg"


def to_postgis(extract: Extract, target: str | Engine, schema: str | None = None) -> None:
    """Write the tables into a PostGIS database, in the place of those that an earlier export made.

    All happens in one transaction: whoever reads sees the old tables or the new ones.

    Parameters
    ----------
    extract
        What to write, as `outposts.export.extract.extract` returns it.
    target
        An address such as ``postgresql://user@host/database``, or an SQLAlchemy engine that uses psycopg.
    schema
        The schema to write into, made if need be; by default the first of the search path.

    Raises
    ------
    ExportError
        If the database cannot be reached, has no PostGIS, holds a table of the same name that no export of ours
        made, or cannot hold the data. Its tables are then as they were.

    Examples
    --------
    >>> import outposts
    >>> from outposts.export.extract import extract
    >>> from outposts.export.postgis import to_postgis
    >>> found = extract(outposts.load(), on="2020-06-02")
    >>> to_postgis(found, "postgresql://user@host/database", schema="outposts")  # doctest: +SKIP
    """
    engine = target if isinstance(target, Engine) else _engine(target)
    if engine.dialect.driver != "psycopg" or engine.dialect.name != "postgresql":
        raise ExportError(f"{engine.url!r}: a PostgreSQL engine that uses psycopg is needed ({DRIVER}://...)")  # fmt: skip
    found = [about(extract), *tables(extract)]
    points = [_point(venue.lon, venue.lat) for venue in extract.venues]
    try:
        with engine.begin() as connection:
            _write(connection, found, points, schema)
    except (SQLAlchemyError, psycopg.Error) as error:
        cause = str(getattr(error, "orig", None) or error).strip()
        raise ExportError(f"{engine.url!r} was not written: {cause}; its tables are as they were") from error  # fmt: skip
    finally:
        if engine is not target:
            engine.dispose()


def _engine(address: str) -> Engine:
    try:
        url = make_url(address)
    except ArgumentError:
        raise ExportError("that is no address such as postgresql://user@host/database") from None
    if url.drivername not in ("postgresql", "postgres", DRIVER):
        raise ExportError(f"{url!r} is no address such as postgresql://user@host/database")
    return create_engine(url.set(drivername=DRIVER))


def _write(
    connection: Connection,
    found: Sequence[Table],
    points: Sequence[str | None],
    schema: str | None,
) -> None:
    if not connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")):
        raise ExportError("the database has no PostGIS; as its owner: CREATE EXTENSION postgis")
    if schema is not None:
        connection.execute(CreateSchema(schema, if_not_exists=True))
    made = MetaData(schema=schema)
    new = [_table(table, made) for table in found]
    _drop_old(connection, new, schema)
    made.create_all(connection, checkfirst=False)
    for table, sql in zip(found, new, strict=True):
        rows: Iterator[Sequence[Any]] = iter(table.rows)
        if table.name == "venues":
            rows = ((*row, point) for row, point in zip(table.rows, points, strict=True))
        _copy(connection, sql, rows)


def _table(table: Table, made: MetaData) -> SqlTable:
    prefix = f"{made.schema}." if made.schema else ""
    columns = [
        Column(
            name,
            TYPES[column.dtype],
            nullable=name not in table.required,
            autoincrement=False,
            comment=f"{column.meaning} ({column.unit})" if column.unit else column.meaning,
        )
        for name, column in table.columns.items()
    ]
    if table.name == "venues":
        place = "where the venue is, longitude first, none if known only by country (degrees, EPSG:4326)"
        columns.append(
            Column("geometry", Geometry("POINT", 4326, spatial_index=True), comment=place)
        )
    keys = [
        ForeignKeyConstraint(
            list(reference.columns),
            [f"{prefix}{reference.table}.{name}" for name in reference.to],
        )
        for reference in table.references
    ]
    key = PrimaryKeyConstraint(*table.key)
    return SqlTable(table.name, made, *columns, key, *keys, comment=f"{OURS}{table.meaning}")


def _drop_old(connection: Connection, new: Sequence[SqlTable], schema: str | None) -> None:
    """Drop the tables that an earlier export made; refuse if one of these names is somebody else's."""
    there = inspect(connection)
    taken = {*there.get_table_names(schema), *there.get_view_names(schema)}
    old = [table for table in reversed(new) if table.name in taken]
    for table in old:
        comment = None
        if table.name not in there.get_view_names(schema):
            comment = there.get_table_comment(table.name, schema)["text"]
        if not (comment or "").startswith(OURS):
            raise ExportError(
                f"the database has a table {table.fullname} that no export of ours made; give another schema"
            )
    for table in old:
        table.drop(connection)


def _copy(connection: Connection, table: SqlTable, rows: Iterator[Sequence[Any]]) -> None:
    driver: Any = connection.connection.driver_connection
    name = connection.dialect.identifier_preparer.format_table(table)
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _point(lon: float | None, lat: float | None) -> str | None:
    return None if lon is None or lat is None else f"SRID=4326;POINT({lon!r} {lat!r})"
