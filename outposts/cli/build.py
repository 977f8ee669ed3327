"""``outposts build``."""

from __future__ import annotations

from pathlib import Path

import click

from outposts.cli.options import FOLDER_ON_THE_WEB, clear_errors, open_registry, registry_option
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
@click.option(
    "--home",
    metavar="URL",
    type=FOLDER_ON_THE_WEB,
    help="The folder on the web where the maps will be published.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is stale.")
@clear_errors
def build(
    names: tuple[str, ...],
    registry: str | None,
    folder: Path,
    out: Path | None,
    home: str | None,
    check: bool,
) -> None:
    """Render map definitions, all of them or those named, to one HTML file each.

    Beside them goes loader.js, for pages that embed a map (see outposts embed). With --home, or `home:`
    in a definition, a map has its oEmbed answer beside it, and a copy of it elsewhere can be asked
    whether there is a newer one. Without names, pages of your own among the definitions (*.html) are copied.
    """
    paths = definitions(names, folder)
    pages = [] if names else sorted(folder.glob("*.html"))
    loaded = open_registry(registry)
    stale = 0
    try:
        for file in built(loaded, paths, out or folder / "build", check, home, pages):
            state = "current" if file.fresh else "stale" if check else "written"
            stale += not file.fresh
            click.echo(f"{file.path.as_posix()}: {file.size / 1000:.0f} KB, {state}", err=True)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    if check and stale:
        raise SystemExit(1)
