"""``outposts place``."""

from __future__ import annotations

from typing import Any

import click

from outposts import gazetteer
from outposts.cli.options import clear_errors
from outposts.cli.output import as_csv, as_json, as_table

COLUMNS = ("name", "admin1", "country", "lon", "lat", "population", "matched", "likeness")


@click.command(epilog="Example: outposts place 프놈펜 --country KH")
@click.argument("name", metavar="NAME")
@click.option("--country", metavar="CODE", help="Only towns of this country, such as KH.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many at most."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
)
@clear_errors
def place(name: str, country: str | None, limit: int, form: str) -> None:
    """Print the towns that a name in any script may mean, the likeliest first.

    matched: exact; folded (accents, spaces or hyphens apart); fuzzy (spelled nearly so, where no
    town is called so), with its likeness of 100. Exits 1 if nothing is like it. Towns:
    GeoNames, CC BY 4.0.
    """
    every = gazetteer.search(name, country, limit=None)
    if not every:
        click.echo(gazetteer.missing(name, country), err=True)
        raise SystemExit(1)
    found = [_row(match) for match in every[:limit]]
    if form == "json":
        click.echo(as_json(found))
    elif form == "csv":
        click.echo(as_csv(found, COLUMNS), nl=False)
    else:
        as_table(found, COLUMNS)
    more = f"; {len(found)} are shown" if len(found) < len(every) else ""
    if every[0].how == "fuzzy":
        click.echo(gazetteer.missing(name, country), err=True)
        click.echo(f"the rows are towns of a like name, {len(every)} in all{more}", err=True)
    elif len(every) > 1:
        narrower = "" if country else "; --country narrows it"
        click.echo(
            f"ambiguous: {len(every)} towns are called so, the likeliest first{more}{narrower}",
            err=True,
        )


def _row(match: gazetteer.Match) -> dict[str, Any]:
    town = match.place
    return {
        "name": town.name,
        "admin1": town.admin1 or None,
        "country": town.country,
        "lon": town.lon,
        "lat": town.lat,
        "population": town.population,
        "matched": match.how,
        "likeness": match.likeness,
    }
