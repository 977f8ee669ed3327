"""``outposts verify``."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from outposts.cli.options import clear_errors, open_registry, registry_option
from outposts.cli.output import as_json

MOST = 10  # differences of one part that are told before the others are counted


@click.command(epilog="Example: outposts verify /tmp/outposts-maps/hanoi.html")
@click.argument("file", metavar="FILE", type=click.File("rb"))
@registry_option
@click.option(
    "--maps",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("maps"),
    show_default=True,
    help="Where the definitions are.",
)
@click.option(
    "--map", "name", metavar="MAP", help="The page's definition [default: the one it names]."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text tells at most 10 differences of a kind, json all.",
)
@clear_errors
def verify(file: BinaryIO, registry: str | None, folder: Path, name: str | None, form: str) -> None:
    """Say whether a page is what this registry makes, byte for byte, and what differs if not.

    The page is made anew from its map definition, as on the day on which it was built. FILE may be -.
    Exits 1 if the page differs or is none of ours.
    """
    from outposts.errors import UnknownName
    from outposts.nearest import did_you_mean
    from outposts.render.verify import by_part
    from outposts.render.verify import verify as verified

    there = [path.stem for path in sorted(folder.glob("*.yaml"))]
    if name is not None and name not in there:
        raise UnknownName(f"no map is called {name!r}{did_you_mean(name, there)}")
    shown = str(getattr(file, "name", "-"))
    verdict = verified(file.read(), open_registry(registry), folder, name, Path(shown).stem)
    origin = verdict.origin
    if form == "json":
        told = [{"part": one.part, "text": one.text} for one in verdict.differences]
        said = {key: origin.get(key) for key in ("data", "rules", "version", "page")}
        found = {"file": shown, "map": verdict.name, "same": verdict.same, **said}
        click.echo(as_json({**found, "differences": told}))
    elif verdict.same:
        click.echo(f"{shown}: what this registry makes of the map {verdict.name}, byte for byte")
        click.echo(f"data {origin['data']}, rules {origin['rules']}, outposts {origin['version']}")
    else:
        click.echo(f"{shown}: not what this registry makes of the map {verdict.name}")
        for part, texts in by_part(verdict.differences).items():
            for text in texts[:MOST]:
                click.echo(f"{part}: {text}")
            if len(texts) > MOST:
                click.echo(f"{part}: and {len(texts) - MOST} more")
    if not verdict.same:
        raise SystemExit(1)
