"""``outposts build``."""

from __future__ import annotations

from pathlib import Path

import click

from outposts.cli.options import clear_errors, open_registry, registry_option
from outposts.render.build import build as built
from outposts.render.build import definitions


@click.command(epilog="Example: outposts build hanoi --out /tmp/outposts-maps")
@click.argument("names", metavar="[MAP]...", nargs=-1)
@registry_option
@click.option(
    "--maps",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("maps"),
    show_default=True,
    help="Where the definitions are.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="Where the pages go [default: build/ beside the definitions].",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is stale.")
@clear_errors
def build(
    names: tuple[str, ...], registry: str | None, folder: Path, out: Path | None, check: bool
) -> None:
    """Render map definitions, all of them or those named, to one HTML file each."""
    paths = definitions(names, folder)
    loaded = open_registry(registry)
    stale = 0
    try:
        for page in built(loaded, paths, out or folder / "build", check):
            state = "current" if page.fresh else "stale" if check else "written"
            stale += not page.fresh
            click.echo(f"{page.path.as_posix()}: {page.size / 1000:.0f} KB, {state}", err=True)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    if check and stale:
        raise SystemExit(1)
