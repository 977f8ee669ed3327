"""``outposts export``."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outposts.cli.options import (
    clear_errors,
    filter_options,
    known_option,
    on_option,
    open_registry,
    registry_option,
)
from outposts.export import FOLDER, FORMATS, save, suffix_of

if TYPE_CHECKING:
    from types import FrameType

FORMATS_HELP = "\n".join(
    f"  {'a folder' if suffix == FOLDER else suffix:<11}{form.name}: {form.use}"
    for suffix, form in FORMATS.items()
)


@click.command(
    epilog="Example: outposts export --on 2020-06-02 maps/build/outposts.gpkg maps/build/outposts.csv",
    help=f"""Write venues with their claims and sources to files, each in the format of its suffix.

\b
{FORMATS_HELP}

A file that is there is replaced when the new one is whole; of a folder, only what an earlier export made.
Each file says inside from which day, knowledge, rules and data it is, and its licence.
""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@registry_option
@on_option
@known_option
@filter_options
@clear_errors
def export(
    files: tuple[str, ...],
    registry: str | None,
    on: int | None,
    known: int | None,
    wanted: dict[str, Any],
) -> None:
    """Write venues to files."""
    for file in files:
        suffix_of(file)  # a typo in the last name costs no work on the first
    from outposts.export.extract import extract

    chosen = extract(open_registry(registry), on, known, **wanted)
    with _stoppable():
        for file in dict.fromkeys(files):
            path = save(chosen, file)
            click.echo(
                f"{file}: {FORMATS[suffix_of(file)].name}, {len(chosen.venues):,} venues, "
                f"{chosen.claims['claim'].nunique():,} claims, {_size(path):,} bytes",
                err=True,
            )


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
