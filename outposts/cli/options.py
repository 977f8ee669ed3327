"""The options that mean the same on every command, and how errors leave a command."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outposts import dates
from outposts.errors import DateError, MapError, OutpostsError, RegistryError, UnknownName

if TYPE_CHECKING:
    from outposts.registry import Registry


class DayType(click.ParamType):  # type: ignore[type-arg]  # generic only in new clicks
    """A day, as an ISO date or ``today``; becomes an integer day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the day, or fail with the way out."""
        if isinstance(value, int):
            return value
        if value == "today":
            return dates.today()
        try:
            return dates.day(value)
        except DateError as error:
            self.fail(str(error), param, ctx)


class FolderOnTheWebType(click.ParamType):  # type: ignore[type-arg]
    """The address of a folder where maps are published; becomes its plain form."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address, or fail with the way out."""
        from outposts.render.embed import folder

        try:
            return folder(value)
        except MapError as error:
            self.fail(str(error), param, ctx)


DAY = DayType()
FOLDER_ON_THE_WEB = FolderOnTheWebType()
Command = Callable[..., Any]


def registry_option(command: Command) -> Command:
    """Add ``--registry``."""
    return click.option(
        "--registry",
        metavar="DIR",
        type=click.Path(),
        help="The registry's folder [default: OUTPOSTS_REGISTRY, else ours].",
    )(command)


def maps_option(command: Command) -> Command:
    """Add ``--maps``: where the map definitions are; it arrives as ``folder``."""
    return click.option(
        "--maps",
        "folder",
        type=click.Path(path_type=Path),
        default=Path("maps"),
        show_default=True,
        help="Where the definitions are.",
    )(command)


def pages_option(command: Command) -> Command:
    """Add ``--out``: the folder of what is built."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=None,
        help="Where the pages go [default: build/ beside the definitions].",
    )(command)


def known_option(command: Command) -> Command:
    """Add ``--known``: the day whose knowledge counts."""
    return click.option(
        "--known", type=DAY, default=None, help="What the world could know on this day [today]."
    )(command)


def on_option(command: Command) -> Command:
    """Add ``--on``: the day asked about."""
    return click.option("--on", type=DAY, default=None, help="The day asked about [today].")(
        command
    )


_VENUE = (
    click.option("--country", metavar="LIST", help="ISO 3166-1 codes, such as KH,LA."),
    click.option("--place", metavar="LIST", help="Towns, such as Hanoi."),
    click.option("--kind", metavar="LIST", help="Such as restaurant,museum."),
    click.option("--operator", metavar="LIST", help="Ids of organisations."),
    click.option("--text", metavar="WORDS", help="In a name, in any script, or the town."),
    click.option("--min-precision", metavar="CODE", help="Such as street: placed so exactly."),
)
_STATUS = (
    click.option("--status", metavar="LIST", help="Such as open,disputed."),
    click.option("--year", metavar="YEAR", help="Had that status on some day of the year."),
    click.option("--from", "start", type=DAY, help="... on some day from this one on."),
    click.option("--to", "end", type=DAY, help="... on some day up to this one."),
)
_VENUE_WORDS = ("country", "place", "kind", "operator", "text", "min_precision")
_STATUS_WORDS = ("status", "year", "start", "end")


def filter_options(command: Command) -> Command:
    """Add the filters; they arrive as ``wanted``."""
    return _gathered(command, (*_STATUS, *_VENUE), (*_STATUS_WORDS, *_VENUE_WORDS))


def venue_filter_options(command: Command) -> Command:
    """Add the filters that are about what and where a venue is; they arrive as ``wanted``."""
    return _gathered(command, _VENUE, _VENUE_WORDS)


def _gathered(command: Command, options: Sequence[Command], words: Sequence[str]) -> Command:
    @functools.wraps(command)
    def gathered(*args: Any, **kwargs: Any) -> Any:
        wanted = {word: kwargs.pop(word) for word in words}
        return command(*args, wanted=wanted, **kwargs)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def clear_errors(command: Command) -> Command:
    """Turn our errors into messages: exit 2 for a name or day that is off, else 1."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except RegistryError as error:
            click.echo(str(error), err=True)
            raise SystemExit(1) from None
        except (UnknownName, DateError) as error:
            raise click.UsageError(str(error)) from None
        except OutpostsError as error:
            raise click.ClickException(str(error)) from None

    return guarded


def open_registry(folder: str | None) -> Registry:
    """Return the registry that ``--registry`` names."""
    from outposts.registry import load  # a tenth of a second that `place` does without

    return load(folder)


def day_or_today(day: int | None) -> int:
    """Return the day of an option, today where it was not given."""
    return dates.today() if day is None else day
