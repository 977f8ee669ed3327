"""``outposts build``."""

from __future__ import annotations

from pathlib import Path

import click

from outposts.cli.options import (
    FOLDER_ON_THE_WEB,
    clear_errors,
    maps_option,
    open_registry,
    pages_option,
    registry_option,
)
from outposts.render.build import Built, articles, definitions
from outposts.render.build import build as built_maps


@click.command(epilog="Example: outposts build hanoi --out /tmp/outposts-maps")
@click.argument("names", metavar="[MAP]...", nargs=-1)
@registry_option
@maps_option
@pages_option
@click.option(
    "--site/--no-site",
    default=None,
    help="With the pages around the maps or without [default: with them, unless maps are named].",
)
@click.option(
    "--home",
    metavar="URL",
    type=FOLDER_ON_THE_WEB,
    help="The folder on the web where all this will be published.",
)
@click.option(
    "--shared/--alone",
    default=False,
    help="Maps link to code, styles and fonts in assets/, or each is one file that needs no other [default].",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is stale.")
@clear_errors
def build(
    names: tuple[str, ...],
    registry: str | None,
    folder: Path,
    out: Path | None,
    site: bool | None,
    home: str | None,
    shared: bool,
    check: bool,
) -> None:
    """Render map definitions to one HTML file each, and the static site around them.

    Without MAP: all of them, with an index, a page for each venue and country, the data and a feed, and
    pages of your own among the definitions (*.html). Beside the maps goes loader.js, for pages that embed
    one (see outposts embed). With --home, or `home:` in a definition, a map has its oEmbed answer beside
    it, and a copy of it elsewhere can be asked whether there is a newer one.
    """
    paths = definitions(names, folder)
    pages = [] if names else articles(folder)
    loaded = open_registry(registry)
    target = out or folder / "build"
    if site is None:
        site = not names
    maps = {target / f"{path.stem}.html" for path in paths}
    stale, others = 0, list[Built]()
    try:
        if site:
            from outposts.site.build import (
                build as built_site,  # it loads what exports are made with
            )

            files = built_site(loaded, paths, target, check, home, pages, shared)
        else:
            files = built_maps(loaded, paths, target, check, home, pages, shared)
        for file in files:
            stale += not file.fresh
            if file.path in maps or not site or (check and not file.fresh):
                state = "current" if file.fresh else "stale" if check else "written"
                click.echo(f"{file.path.as_posix()}: {file.size / 1000:.0f} KB, {state}", err=True)
            else:
                others.append(file)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    if others:
        fresh = sum(file.fresh for file in others)
        told = f"{fresh} current, {len(others) - fresh} {'stale' if check else 'written'}"
        click.echo(f"{target.as_posix()}/index.html and all around the maps: {told}", err=True)
    if check and stale:
        raise SystemExit(1)
