"""``outposts init``."""

from __future__ import annotations

from pathlib import Path

import click

from outposts.blank import begin, files
from outposts.cli.options import clear_errors


@click.command(epilog="Example: outposts init /tmp/outposts-registry --title 'Cafés of Vientiane'")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", default="A registry of venues", show_default=True, help="What it is called.")  # fmt: skip
@clear_errors
def init(folder: Path, title: str) -> None:
    """Start a registry in a new or empty folder: what belongs into its files stands in them.

    A folder that holds anything else is refused and left as it is. All files are written, or none.
    """
    if not title.strip():
        raise click.UsageError("--title is empty")
    written = begin(Path(folder), title)
    for name in files(title, ""):
        click.echo((folder / name).as_posix())
    click.echo("started a registry" if written else "nothing to do: it is started already", err=True)  # fmt: skip
