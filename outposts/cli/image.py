"""``outposts image``."""

from __future__ import annotations

from pathlib import Path

import click

from outposts import dates
from outposts.cli.options import (
    DAY,
    clear_errors,
    day_or_today,
    known_option,
    maps_option,
    on_option,
    open_registry,
    registry_option,
)
from outposts.errors import MapError


@click.command(epilog="Example: outposts image hanoi --on 2020-06-02 -o /tmp/hanoi.png")
@click.argument("name", metavar="MAP")
@registry_option
@maps_option
@on_option
@known_option
@click.option("--from", "start", type=DAY, help="First day of an animation.")
@click.option("--to", "end", type=DAY, help="Last day of an animation [today].")
@click.option("--step", type=click.IntRange(1), default=1, show_default=True, help="... in months.")
@click.option(
    "-o",
    "--out",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="The file: .png .svg .pdf, or with --from .gif .webp .mp4; - is PNG on standard output.",
)
@click.option("--size", help="card, web, small, print, print-a5 or WxH [web; an animation: small].")
@click.option("--theme", default="light", show_default=True, help="light or dark.")
@click.option("--lang", help="Language of the words, such as ko [the map's own].")
@clear_errors
def image(
    name: str,
    registry: str | None,
    folder: Path,
    on: int | None,
    known: int | None,
    start: int | None,
    end: int | None,
    step: int,
    path: Path,
    size: str | None,
    theme: str,
    lang: str | None,
) -> None:
    """Draw a map on a day, or the months from one day to another, without a browser.

    An animation plays once and rests on its last day.
    """
    from outposts.render import animation, definition, image
    from outposts.render.build import definitions
    from outposts.vocabulary import languages

    if start is None and end is not None:
        raise click.UsageError("--to is the last day of an animation: give its first with --from")
    if start is not None and on is not None:
        raise click.UsageError("give either --on, or --from and --to")
    if lang is not None and lang not in languages():
        raise MapError(f"no such language: {lang}; there are {', '.join(languages())}")
    image.theme_of(theme)
    image.size_of(size or "web")
    to_stdout = path == Path("-")
    moving = path.suffix.lower().lstrip(".") in animation.FORMS
    if not to_stdout:
        image.form_of(path, (*image.FORMS, *animation.FORMS))
        if moving != (start is not None):
            way = "needs --from and --to" if moving else "shows one day, not --from and --to"
            raise click.UsageError(f"{path.as_posix()}: a {path.suffix} {way}")
    (file,) = definitions([name], folder)
    made = image.picture(
        open_registry(registry), definition.load(file), day_or_today(on), day_or_today(known), lang
    )
    try:
        if start is not None:
            animation.save(made, path, start, day_or_today(end), step, size or "small", theme)
        elif to_stdout:
            click.echo(made.render("png", size or "web", theme), nl=False)
        else:
            made.save(path, size or "web", theme)
    except OSError as error:
        raise click.ClickException(f"{error.filename or path}: {error.strerror}") from None
    if made.strange:
        click.echo(f"set in the system's fonts, if they have them: {made.strange}", err=True)
    if start is not None:
        days = f"{dates.iso(start)} to {dates.iso(day_or_today(end))}"
        click.echo(f"{path.as_posix()}: {made.definition.title}, {days}", err=True)
    else:
        click.echo(made.alt, err=True)
