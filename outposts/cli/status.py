"""``outposts status``."""

from __future__ import annotations

from typing import Any

import click

from outposts import rows
from outposts.cli.options import (
    clear_errors,
    day_or_today,
    filter_options,
    known_option,
    on_option,
    open_registry,
    registry_option,
)
from outposts.cli.output import as_csv, as_geojson, as_json, as_table

COLUMNS = ("venue", "name", "place", "country", "status", "reason", "since", "last_seen_open")


@click.command(epilog="Example: outposts status --on 2020-06-02 --status open,disputed")
@click.argument("ids", metavar="[VENUE]...", nargs=-1)
@registry_option
@on_option
@known_option
@filter_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "geojson"]),
    default="table",
    show_default=True,
)
@clear_errors
def status(
    ids: tuple[str, ...],
    registry: str | None,
    on: int | None,
    known: int | None,
    wanted: dict[str, Any],
    form: str,
) -> None:
    """Print the status of each venue, or of those named, on a day, as known on a day."""
    loaded = open_registry(registry)
    day, clock = day_or_today(on), day_or_today(known)
    venues = [loaded.venue(id) for id in dict.fromkeys(ids)] or list(loaded.values())
    chosen = loaded.filter(**wanted).choose(venues, day, clock)
    found = rows.statuses(chosen, day, clock)
    if form == "json":
        click.echo(as_json(found))
    elif form == "csv":
        click.echo(as_csv(found, rows.STATUS), nl=False)
    elif form == "geojson":
        click.echo(as_geojson(found))
    else:
        as_table(found, COLUMNS)
        counts: dict[str, int] = {}
        for row in found:
            counts[row["status"]] = counts.get(row["status"], 0) + 1
        told = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
        click.echo(f"{told or 'no venues'} on {_iso(day)}, as known on {_iso(clock)}", err=True)


def _iso(day: int) -> str:
    from outposts.dates import iso

    return iso(day)
