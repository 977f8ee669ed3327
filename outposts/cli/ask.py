"""``outposts ask``: one command a question."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outposts import dates
from outposts.cli.options import (
    DAY,
    clear_errors,
    day_or_today,
    known_option,
    on_option,
    open_registry,
    registry_option,
    venue_filter_options,
)
from outposts.cli.output import as_csv, as_json, as_table

if TYPE_CHECKING:
    import pandas as pd

    from outposts.registry import Registry

VENUE = ("venue", "name", "place", "country")
BY = click.Choice(["country", "kind"])


class Questions(click.Group):
    """A group that guesses at typos."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the question that the words begin with; a typo gets the nearest name."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            from outposts.nearest import did_you_mean

            hint = did_you_mean(args[0], self.commands, 1)
            ctx.fail(f"no question is called {args[0]!r}{hint}; there are {', '.join(self.commands)}")  # fmt: skip
        return super().resolve_command(ctx, args)


@click.group(cls=Questions, epilog="Example: outposts ask open-after --date 2019-12-22")
def ask() -> None:
    """Ask the whole registry: as a table, JSON or CSV, and as a plot.

    Every row holds the ids of the claims behind it; the columns are told of in
    outposts.questions, where each question is a Python function too.
    """


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--format``, ``--plot`` and ``--narrow``; they arrive as ``shown``."""

    @functools.wraps(command)
    def gathered(*args: Any, form: str, plot: Path | None, narrow: bool, **kwargs: Any) -> Any:
        return command(*args, shown=functools.partial(show, form, plot, narrow), **kwargs)

    options = (
        click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True),
        click.option("--plot", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Draw it too: a file .svg or .png."),
        click.option("--narrow", is_flag=True, help="Draw it as wide as a phone's screen."),
    )  # fmt: skip
    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def question(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every question about venues."""
    options = (registry_option, known_option, venue_filter_options, output_options, clear_errors)
    for option in reversed(options):
        command = option(command)
    return command


def show(
    form: str,
    plot: Path | None,
    narrow: bool,
    name: str,
    loaded: Registry,
    columns: Sequence[str],
    asked: Mapping[str, Any],
    unplotted: Sequence[str] = (),
) -> None:
    """Put a question of `outposts.questions`, draw it where a file is named, and print the answer."""
    from outposts import frames, questions

    with extra():
        frame = getattr(questions, name)(loaded, **asked)
    if plot is not None:
        drawn = {word: value for word, value in asked.items() if word not in unplotted}
        draw(name, loaded, plot, narrow, drawn)
    found = frames.records(frame)
    if form == "json":
        click.echo(as_json(found))
    elif form == "csv":
        click.echo(as_csv(found, list(found[0]) if found else _columns(frame)), nl=False)
    else:
        as_table([_joined(row) for row in found], columns)
        rows = "1 row" if len(found) == 1 else f"{len(found)} rows"
        click.echo(f"{rows}, as known on {asked['known']}", err=True)


@contextmanager
def extra() -> Iterator[None]:
    """Say how to install what the extra ``plots`` holds where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in ("brotli", "fontTools", "matplotlib", "statsmodels"):
            raise
        way = "pip install 'outposts[plots]'"
        raise click.ClickException(f"this needs {error.name}: {way}") from None


def draw(name: str, loaded: Registry, path: Path, narrow: bool, asked: Mapping[str, Any]) -> None:
    """Write the plot of a question; a wrong suffix is wrong usage, told before anything is drawn."""
    with extra():
        from outposts import plots

    try:
        plots.sheet.checked(path)
    except plots.PlotError as error:
        raise click.UsageError(str(error)) from None
    sheet = getattr(plots, name)(loaded, narrow=narrow, **asked)
    try:
        plots.save(sheet, path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from None
    click.echo(f"{path}: {sheet.title}", err=True)


def _columns(frame: pd.DataFrame) -> list[str]:
    index = [] if frame.index.name is None else [str(frame.index.name)]
    return [*index, *(name for name in frame.columns if name != "geometry")]


def _joined(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row for a table: lists as words, shares with three digits."""
    found = {}
    for name, value in row.items():
        if isinstance(value, list):
            value = " ".join(map(str, value))
        found[name] = f"{value:.3f}" if isinstance(value, float) else value
    return found


def _iso(day: int | None) -> str | None:
    return None if day is None else dates.iso(day)


def _today(day: int | None) -> str:
    return dates.iso(day_or_today(day))


@ask.command(epilog="Example: outposts ask open-after --date worker-deadline --country TH,VN")
@click.option(
    "--date",
    "deadline",
    required=True,
    metavar="DATE|EVENT",
    help="The deadline: a day, or the id of an event.",
)
@click.option("--until", type=DAY, default=None, help="The last day that counts [that of --known].")
@question
def open_after(
    registry: str | None,
    known: int | None,
    wanted: dict[str, Any],
    shown: Any,
    deadline: str,
    until: int | None,
) -> None:
    """Who was open after a deadline, and on whose word.

    Venues that were open, presumed open or disputed on some day after it; seen: whether a report
    of a day after it says so.
    """  # fmt: skip
    columns = (*VENUE, "status", "first_day", "last_day", "statuses", "seen", "sources")
    asked = {"deadline": deadline, "until": _iso(until), "known": _today(known), **wanted}
    shown("open_after", open_registry(registry), columns, asked)


@ask.command(epilog="Example: outposts ask survival --by kind --format json")
@click.option(
    "--by", type=click.Choice(["country", "kind", "none"]), default="country", show_default=True
)
@click.option(
    "--closings",
    type=click.Choice(["last", "first"]),
    default="last",
    show_default=True,
    help="A closing falls on this of the days that it can mean.",
)
@click.option(
    "--delayed",
    is_flag=True,
    help="Count a venue only from the day on which the public could know of it.",
)
@question
def survival(
    registry: str | None,
    known: int | None,
    wanted: dict[str, Any],
    shown: Any,
    by: str,
    closings: str,
    delayed: bool,
) -> None:
    """How long venues last: Kaplan and Meier's estimate.

    Days since each was first known open. A venue that is not closed leaves the count on the day it was
    last seen open; the plot shows closings on both their last and their first day.
    """  # fmt: skip
    columns = ("group", "days", "at_risk", "closed", "survival", "se", "venues")
    asked = {"by": None if by == "none" else by, "closings": closings, "delayed": delayed, "known": _today(known), **wanted}  # fmt: skip
    shown("survival", open_registry(registry), columns, asked, unplotted=("closings",))


@ask.command(epilog="Example: outposts ask monthly --from 2019-11-01 --to 2020-03-01 --country KH")
@click.option(
    "--from", "start", type=DAY, default=None, help="A day in the first month [the first change]."
)
@click.option(
    "--to", "end", type=DAY, default=None, help="A day in the last month [that of --known]."
)
@click.option("--by", type=BY, default=None, help="A count for each.")
@question
def monthly(
    registry: str | None,
    known: int | None,
    wanted: dict[str, Any],
    shown: Any,
    start: int | None,
    end: int | None,
    by: str | None,
) -> None:
    """How many venues had which status on the first day of each month."""  # fmt: skip
    asked = {"start": _iso(start), "end": _iso(end), "by": by, "known": _today(known), **wanted}
    columns = ("month", "group", "status", "count")
    shown("monthly", open_registry(registry), columns, asked)


@ask.command(epilog="Example: outposts ask changed --from 2019-11-01 --to 2020-03-01")
@click.option("--from", "then", type=DAY, required=True, help="The one day asked about.")
@click.option("--to", "now", type=DAY, default=None, help="The other day asked about [today].")
@click.option(
    "--known-from",
    type=DAY,
    default=None,
    help="What the world could know counts as of this day for --from [--known].",
)
@question
def changed(
    registry: str | None,
    known: int | None,
    wanted: dict[str, Any],
    shown: Any,
    then: int,
    now: int | None,
    known_from: int | None,
) -> None:
    """What changed between two days, or two days of knowledge, and why."""  # fmt: skip
    asked = {"then": _iso(then), "now": _today(now), "known": _today(known), "known_then": _iso(known_from), **wanted}  # fmt: skip
    columns = (*VENUE, "status_then", "status_now", "reason_now", "cause", "for_now")
    shown("changed", open_registry(registry), columns, asked)


@ask.command(epilog="Example: outposts ask single-source --on 2020-06-02")
@on_option
@question
def single_source(
    registry: str | None, known: int | None, wanted: dict[str, Any], shown: Any, on: int | None
) -> None:
    """Which venues' statuses rest on a single source, and what they would be without it."""
    columns = (*VENUE, "status", "becomes", "by", "publisher", "claims")
    asked = {"on": _today(on), "known": _today(known), **wanted}
    shown("single_source", open_registry(registry), columns, asked)


@ask.command(epilog="Example: outposts ask recheck --country LA")
@on_option
@question
def recheck(
    registry: str | None, known: int | None, wanted: dict[str, Any], shown: Any, on: int | None
) -> None:
    """Which venues need a re-check: what is about to grow too old first, then what has."""
    columns = (*VENUE, "status", "due", "last_seen_open", "changes_on", "becomes", "lapsed_on", "days")  # fmt: skip
    asked = {"on": _today(on), "known": _today(known), **wanted}
    shown("recheck", open_registry(registry), columns, asked)


@ask.command(epilog="Example: outposts ask sensitivity vn-hanoi-koryo --on 2020-06-02")
@click.argument("venues", metavar="[VENUE]...", nargs=-1)
@on_option
@question
def sensitivity(
    registry: str | None,
    known: int | None,
    wanted: dict[str, Any],
    shown: Any,
    venues: tuple[str, ...],
    on: int | None,
) -> None:
    """For which values of the rules' constants a status would be another."""  # fmt: skip
    columns = ("venue", "status", "constant", "value", "first", "last", "off", "becomes", "reason")
    asked = {"venues": venues, "on": _today(on), "known": _today(known), **wanted}
    shown("sensitivity", open_registry(registry), columns, asked)
