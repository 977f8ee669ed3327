"""``outposts brief``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from outposts import dates
from outposts.cli.options import (
    clear_errors,
    day_or_today,
    known_option,
    maps_option,
    on_option,
    open_registry,
    registry_option,
)
from outposts.cli.output import as_json


@click.command(epilog="Example: outposts brief southeast-asia --on 2020-03-01 --lang fr")
@click.argument("name", metavar="MAP")
@registry_option
@on_option
@known_option
@click.option("--lang", metavar="CODE", help="Such as fr or ko [default: the map's own].")
@click.option("--all", "every", is_flag=True, help="Tell of each venue, not only of the news.")
@maps_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    show_default=True,
)
@clear_errors
def brief(
    name: str,
    registry: str | None,
    on: int | None,
    known: int | None,
    lang: str | None,
    every: bool,
    folder: Path,
    form: str,
) -> None:
    """Print a paragraph and a list about a map on a day, fit to print.

    Each number has footnotes: the claims that it rests on. Told one by one are the venues open, presumed
    open, disputed, suspended, or closed within a year. The last lines say how to make it again.
    """
    from outposts import brief as briefs
    from outposts.render import definition
    from outposts.render.build import definitions

    (path,) = definitions([name], folder)
    chosen = definition.load(path)
    spoken = _language(lang) if lang else chosen.lang
    loaded = open_registry(registry)
    day, clock = day_or_today(on), day_or_today(known)
    found = briefs.brief(
        loaded,
        chosen.venues(loaded),
        day,
        clock,
        title=chosen.title,
        lang=spoken,
        every=every,
    )
    again = ["outposts", "brief", name, "--on", dates.iso(day), "--known", dates.iso(clock)]
    again += ["--lang", found.lang, *(["--all"] if every else [])]
    again += ["--maps", folder.as_posix()] if folder != Path("maps") else []
    again += ["--registry", registry] if registry else []
    command = shlex.join(again)
    if form == "json":
        click.echo(as_json(briefs.as_data(found, command)))
        return
    write = {
        "text": briefs.as_text,
        "markdown": briefs.as_markdown,
        "html": briefs.as_html,
    }[form]
    click.echo(write(found, command))


def _language(lang: str) -> str:
    from outposts.errors import UnknownName
    from outposts.vocabulary import closest, languages

    if closest(lang) != lang.split("-")[0]:
        raise UnknownName(f"no such language: {lang!r}; there are {', '.join(languages())}")
    return lang
