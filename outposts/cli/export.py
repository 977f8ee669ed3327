"""``outposts export``."""

from __future__ import annotations

import gc
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from outposts.cli.options import (
    clear_errors,
    filter_options,
    known_option,
    on_option,
    open_registry,
    registry_option,
)
from outposts.errors import ExportError
from outposts.export import FOLDER, FORMATS, save, suffix_of

if TYPE_CHECKING:
    from types import FrameType

    from outposts.export.extract import Extract

FORMATS_HELP = "\n".join(
    f"  {'a folder' if suffix == FOLDER else suffix:<11}{form.name}: {form.use}"
    for suffix, form in FORMATS.items()
)
STREAM = "-"
STREAMED = {suffix.removeprefix("."): suffix for suffix in FORMATS if suffix != FOLDER}
DATABASES = ("postgresql://", "postgres://", "postgresql+psycopg://")


@click.command(
    epilog="Example: outposts export --on 2020-06-02 maps/build/outposts.gpkg maps/build/outposts.csv",
    help=f"""Write venues with their claims and sources to files, each in the format of its suffix.

\b
{FORMATS_HELP}
  postgresql://...  PostGIS: the tables of a database, with keys and points

A file that is there is replaced when the new one is whole; of a folder, only what an earlier export made.
Each file says inside from which day, knowledge, rules and data it is, and its licence. The file `-` is standard output.
""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(list(STREAMED)), help="Of standard output.")
@registry_option
@on_option
@known_option
@filter_options
@clear_errors
def export(
    files: tuple[str, ...],
    form: str | None,
    registry: str | None,
    on: int | None,
    known: int | None,
    wanted: dict[str, Any],
) -> None:
    """Write venues to files, to standard output, to databases."""
    targets = list(dict.fromkeys(files))
    databases = [target for target in targets if target.startswith(DATABASES)]
    paths = [target for target in targets if target not in databases and target != STREAM]
    for path in paths:
        suffix_of(path)  # a typo in the last name costs no work on the first
    if (STREAM in targets) != (form is not None):
        raise click.UsageError("`-` is standard output; --format says what to write to it")
    with _stoppable(), _uncollected():
        from outposts.export.extract import extract

        chosen = extract(open_registry(registry), on, known, **wanted)
        failed = _save(chosen, paths)
        if form is not None:
            _stream(chosen, STREAMED[form])
        for database in databases:
            _fill(chosen, database)
    if failed:
        raise SystemExit(1)


def _save(chosen: Extract, paths: list[str]) -> bool:
    """Write the files, tell of each, and return whether one could not be written."""
    from outposts.export.processes import save_all

    found = save_all(chosen, paths)
    for path, made in zip(paths, found, strict=True):
        if isinstance(made, ExportError):
            click.echo(f"Error: {made}", err=True)
        else:
            _tell(chosen, path, FORMATS[suffix_of(path)].name, f", {_size(made):,} bytes")
    return any(isinstance(made, ExportError) for made in found)


def _stream(chosen: Extract, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = save(chosen, Path(folder) / f"export{suffix}")
        with made.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)


def _fill(chosen: Extract, database: str) -> None:
    try:
        from outposts.export.postgis import to_postgis
    except ImportError as error:
        raise ExportError(
            f'PostGIS needs {error.name}: python -m pip install "outposts[postgis]"'
        ) from error
    to_postgis(chosen, database)
    address = urlsplit(database)
    host = address.netloc.rpartition("@")[2]  # never the password
    _tell(chosen, f"{address.scheme}://{host}{address.path}", "PostGIS")


def _tell(chosen: Extract, target: str, form: str, size: str = "") -> None:
    click.echo(
        f"{target}: {form}, {len(chosen.venues):,} venues, "
        f"{chosen.claims['claim'].nunique():,} claims{size}",
        err=True,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python's collector of circles away: none are made here, and it walks over all that is loaded."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does, so that what was begun is taken away."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)
