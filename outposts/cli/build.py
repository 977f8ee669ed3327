"""``outposts build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from outposts.cli.options import clear_errors, open_registry, registry_option
from outposts.render.build import build as built_maps
from outposts.render.build import definitions

if TYPE_CHECKING:
    from outposts.registry import Registry


def base_option(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return the address of a site with a slash at its end."""
    if value is None:
        return None
    if not value.startswith(("https://", "http://")) or any(sign in value for sign in "?#\"'<> "):
        raise click.BadParameter(f"{value!r} is not an address such as https://example.org/maps/")
    return value if value.endswith("/") else f"{value}/"


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
    "--site/--no-site",
    default=None,
    help="With the pages around the maps, or the maps alone [default: a site, unless maps are named].",
)
@click.option("--base", metavar="URL", callback=base_option, help="The address the site will have.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is stale.")
@clear_errors
def build(
    names: tuple[str, ...],
    registry: str | None,
    folder: Path,
    out: Path | None,
    site: bool | None,
    base: str | None,
    check: bool,
) -> None:
    """Render map definitions to one HTML file each, and the static site around them.

    Without MAP: all of them, with an index, a page for each venue and country, the data and a feed.
    """
    paths = definitions(names, folder)
    loaded = open_registry(registry)
    target = out or folder / "build"
    stale = 0
    try:
        if site or (site is None and not names):
            stale = _site(loaded, paths, target, base, check)
        else:
            for page in built_maps(loaded, paths, target, check):
                stale += not page.fresh
                _told(page.path, page.size, page.fresh, check)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    if check and stale:
        raise SystemExit(1)


def _site(registry: Registry, paths: list[Path], out: Path, base: str | None, check: bool) -> int:
    """Build the site, tell of each map and of all else together; return how many files were stale."""
    from outposts.site.build import (
        build as built_site,
    )  # templates, and what pictures are made with

    maps = {f"{path.stem}.html" for path in paths}
    others: list[bool] = []
    stale = 0
    for file in built_site(registry, paths, out, base, check):
        stale += not file.fresh
        if file.name in maps:
            _told(out / file.name, file.size, file.fresh, check)
        else:
            others.append(file.fresh)
            if not file.fresh and check:
                _told(out / file.name, file.size, file.fresh, check)
    word = "stale" if check else "written"
    click.echo(f"{out.as_posix()}/index.html and {len(others) - 1} more files: {others.count(False)} {word}", err=True)  # fmt: skip
    return stale


def _told(path: Path, size: int, fresh: bool, check: bool) -> None:
    state = "current" if fresh else "stale" if check else "written"
    click.echo(f"{path.as_posix()}: {size / 1000:.0f} KB, {state}", err=True)
