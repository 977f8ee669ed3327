"""``outposts coverage``."""

from __future__ import annotations

from pathlib import Path

import click

from outposts import dates
from outposts.cli.options import (
    clear_errors,
    day_or_today,
    known_option,
    open_registry,
    registry_option,
)
from outposts.cli.output import as_csv, as_json, as_table
from outposts.coverage import coverage as covered

COLUMNS = (
    "id",
    "country",
    "place",
    "kind",
    "says",
    "count",
    "when",
    "held",
    "alike",
    "on",
    "source",
)


@click.command(epilog="Example: outposts coverage --known 2020-06-02")
@registry_option
@known_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
)
@click.option(
    "--plot",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw it too: a file .svg or .png.",
)
@click.option("--narrow", is_flag=True, help="Draw it as wide as a phone's screen.")
@clear_errors
def coverage(
    registry: str | None, known: int | None, form: str, plot: Path | None, narrow: bool
) -> None:
    """Print each published count beside the registry's own numbers.

    held: venues of that country and kind in the registry; alike: those of them with a status as
    published, on the day that the count is about.
    """
    loaded, clock = open_registry(registry), day_or_today(known)
    if plot is not None:
        from outposts.cli.ask import draw

        draw("coverage", loaded, plot, narrow, {"known": dates.iso(clock)})
    found = [
        {
            "id": row.count.id,
            "country": row.count.country,
            "place": row.count.place,
            "kind": row.count.kind,
            "says": row.count.says,
            "count": row.count.count,
            "when": row.count.when.text,
            "held": row.held,
            "alike": row.alike,
            "on": dates.iso(row.on),
            "source": row.count.source,
            "quote": row.count.quote,
            "sentence": row.sentence,
        }
        for row in covered(loaded, clock)
    ]
    if form == "json":
        click.echo(as_json(found))
    elif form == "csv":
        click.echo(as_csv(found, (*COLUMNS, "quote", "sentence")), nl=False)
    else:
        as_table(found, COLUMNS)
