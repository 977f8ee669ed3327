"""``outposts embed``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from outposts import dates
from outposts.cli.options import (
    DAY,
    FOLDER_ON_THE_WEB,
    clear_errors,
    maps_option,
    open_registry,
    registry_option,
)
from outposts.cli.output import as_json
from outposts.errors import UnknownName
from outposts.nearest import did_you_mean

SNIPPETS = {
    "iframe": "Responsive iframe",
    "loader": "The same with the loader, which sets its height and lets an article's steps drive it",
    "amp": "AMP: the first line belongs into the head",
    "wordpress": "WordPress: a block to paste into the code editor",
}
"""Format -> what it is."""
VARIANTS = ("live", "frozen")


@click.command(epilog="Example: outposts embed hanoi --home https://example.org/maps/")
@click.argument("name", metavar="MAP")
@registry_option
@maps_option
@click.option(
    "--home",
    metavar="URL",
    type=FOLDER_ON_THE_WEB,
    help="The folder on the web where the maps are [default: home: of the definition].",
)
@click.option("--on", type=DAY, default=None, help="The day first shown [the map's].")
@click.option("--known", type=DAY, default=None, help="Frozen: what was known on this day [today].")
@click.option("--venue", metavar="ID", help="The venue whose card is open.")
@click.option("--lang", metavar="CODE", help="The language [the reader's].")
@click.option(
    "--frozen", is_flag=True, help="The frozen variant: this day for ever, as known on one."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", *SNIPPETS, "oembed", "discovery"]),
    default="text",
    show_default=True,
)
@clear_errors
def embed(
    name: str,
    registry: str | None,
    folder: Path,
    home: str | None,
    on: int | None,
    known: int | None,
    venue: str | None,
    lang: str | None,
    frozen: bool,
    form: str,
) -> None:
    """Print the code that puts a map into a page, and its oEmbed answer.

    text and json give every snippet in both variants (with --frozen, in that one): live follows
    new evidence, frozen stays as it is. iframe, loader, amp, wordpress, oembed and discovery
    print that one alone, live without --frozen. The same files come with outposts build --home URL.
    """
    from outposts.render import definition
    from outposts.render import embed as made
    from outposts.render.build import definitions

    (path,) = definitions([name], folder)
    one = definition.load(path)
    base = home or one.home
    where = made.place(base or made.EXAMPLE, path.stem)
    data = one.map(open_registry(registry), where).data
    _check(data, on, known, venue, lang)
    states = {
        "live": made.live(on, venue, lang),
        "frozen": made.frozen(
            data["on"] if on is None else on, data["known"] if known is None else known, venue, lang
        ),
    }
    wanted = VARIANTS if form in ("text", "json") and not frozen else (VARIANTS[frozen],)
    title = data["title"]
    found: dict[str, Any] = {"map": path.stem, "title": title, "page": where.page}
    for variant in wanted:
        address = where.showing(states[variant])
        found[variant] = {
            "address": address,
            "iframe": made.iframe(address, title),
            "loader": made.loader(address, title, where.loader),
            "amp": made.amp(address, title),
            "wordpress": made.wordpress(address, title),
        }
    found["discovery"] = made.discovery(where, title)
    found["oembed"] = json.loads(made.oembed(where, data, states[wanted[0]]))
    found["policy"] = f"frame-src {where.origin}; script-src {where.loader}"
    if not base:
        click.echo(f"{made.EXAMPLE} stands for your own address; --home URL sets it", err=True)
    if form == "amp" and not where.page.startswith("https:"):
        click.echo("AMP takes addresses of https only", err=True)
    click.echo(_printed(found, wanted, form))


def _check(
    data: dict[str, Any], on: int | None, known: int | None, venue: str | None, lang: str | None
) -> None:
    from outposts.vocabulary import languages

    first, last = data["span"]
    if on is not None and not first <= on <= last:
        span = f"{dates.iso(first)} to {dates.iso(last)}"
        raise click.UsageError(f"--on {dates.iso(on)}: the map shows {span}")
    if known is not None and known > data["known"]:
        end = dates.iso(data["known"])
        raise click.UsageError(f"--known {dates.iso(known)}: the map knows what was known on {end}")
    venues = [each["id"] for each in data["venues"]]
    if venue is not None and venue not in venues:
        raise UnknownName(f"no venue on this map is called {venue!r}{did_you_mean(venue, venues)}")
    if lang is not None and lang not in languages():
        raise UnknownName(f"no language {lang!r}; there are {', '.join(languages())}")


def _printed(found: dict[str, Any], variants: tuple[str, ...], form: str) -> str:
    if form == "text":
        return "\n\n".join(_sections(found, variants))
    if form == "json":
        return as_json(found)
    if form == "oembed":
        return as_json(found["oembed"])
    return str(found["discovery"] if form == "discovery" else found[variants[0]][form])


def _sections(found: dict[str, Any], variants: tuple[str, ...]) -> Iterator[str]:
    for form, what in SNIPPETS.items():
        for variant in variants:
            yield f"{what}; {variant}:"
            yield found[variant][form]
    yield "oEmbed, in the head of the map's page (outposts build --home URL puts it there):"
    yield found["discovery"]
    yield "oEmbed, the file beside it:"
    yield as_json(found["oembed"])
    yield "A page with a strict Content-Security-Policy needs (script-src for the loader only):"
    yield found["policy"]
