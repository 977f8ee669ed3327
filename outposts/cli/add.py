"""``outposts add``."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

import click

from outposts.addition import AdditionError, Entry, Plan, plan
from outposts.cli.options import clear_errors, registry_option
from outposts.files import write_all
from outposts.models import Kind, Says, SourceKind
from outposts.nearest import did_you_mean
from outposts.records import read_folder
from outposts.registry import default_folder, shown
from outposts.sheet import COLUMNS, REQUIRED, entries
from outposts.yamlfile import Document

DRY = "Write nothing; print what would change."


def dry_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--dry-run``."""
    return click.option("--dry-run", is_flag=True, help=DRY)(command)


class Additions(click.Group):
    """The commands below ``add``; a typo gets the nearest name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the words begin with."""
        if args and args[0] not in self.commands:
            ctx.fail(f"nothing called {args[0]!r} can be added{did_you_mean(args[0], self.commands, 1)}")  # fmt: skip
        return super().resolve_command(ctx, args)


def _table(names: Iterable[str]) -> str:
    lines = (f"  {name:<20}{COLUMNS[name]}".rstrip() for name in names)
    return "\b\n" + "\n".join(lines)


HELP = f"""Add a venue, a claim or a source to a registry, or many claims from a CSV file.

Files keep their comments, their order and every other byte. All is checked before anything is written; what
is there already is not added again, so that a command can be repeated. Prints the ids of what was added.

The first row of a CSV file (UTF-8; commas, semicolons or tabs) names its columns. Required:

{_table(REQUIRED)}

Where there is something to say:

{_table(name for name in COLUMNS if name not in REQUIRED)}

Every fault is told with its line and its cell, and nothing is written unless all rows are right.
"""


@click.group(
    cls=Additions,
    help=HELP,
    invoke_without_command=True,
    subcommand_metavar="[venue|claim|source] ...",
    epilog="Example: outposts add claim vn-hanoi-koryo --says open --when 2023-06 --source aje-2023 --dry-run",
)
@click.option("--from", "table", metavar="FILE", type=click.Path(dir_okay=False), help="A CSV file; - for standard input.")  # fmt: skip
@registry_option
@dry_option
@click.pass_context
@clear_errors
def add(ctx: click.Context, table: str | None, registry: str | None, dry_run: bool) -> None:
    """Add to a registry; see `HELP`."""
    if ctx.invoked_subcommand is not None:
        if table or registry or dry_run:
            raise click.UsageError(f"give options after {ctx.invoked_subcommand!r}")
        return
    if table is None:
        raise click.UsageError("give --from FILE, or what is to be added: venue, claim or source")
    try:
        raw = sys.stdin.buffer.read() if table == "-" else Path(table).read_bytes()
    except OSError as error:
        raise click.UsageError(f"{table}: {error.strerror}") from None
    found = entries(raw, "standard input" if table == "-" else table)
    _finish(registry, found, dry_run)


@add.command(epilog="Example: outposts add claim vn-hanoi-koryo --says open --when 2023-06 --source aje-2023 --quote 'Open.' --dry-run")  # fmt: skip
@click.argument("venue")
@click.option("--says", required=True, metavar="WORD", help=f"One of {', '.join(get_args(Says))}.")
@click.option("--when", required=True, metavar="EDTF", help="The date: 2020-04, [..2020-02-07].")
@click.option("--source", required=True, metavar="ID", help="Who says so.")
@click.option("--quote", metavar="TEXT", help="Its words, exactly, at most 300 characters.")
@click.option("--lang", metavar="CODE", help="The quote's language [en].")
@click.option("--translation", metavar="TEXT", help="Of a quote in another language.")
@click.option("--stated", metavar="TEXT", help="The source's own words for the date.")
@click.option("--weak", is_flag=True, help="Hearsay, anonymous, hedged or only inferred.")
@click.option("--note", metavar="TEXT", help="What else has to be said.")
@registry_option
@dry_option
@clear_errors
def claim(
    venue: str, registry: str | None, dry_run: bool, weak: bool, **fields: str | None
) -> None:
    """Add a claim to a venue: one source saying that it was so at a time.

    VENUE is its id. The claim gets the next free id of the venue.
    """
    told = {**_given(fields), **({"weak": "true"} if weak else {})}
    _finish(registry, [Entry("claim", venue, told, Document(""))], dry_run, alone=True)


@add.command(epilog="Example: outposts add source paper-2024 --title 'Dining out' --published 2024-05-02 --kind news --dry-run")  # fmt: skip
@click.argument("id")
@click.option(
    "--title", required=True, metavar="TEXT", help="In parentheses if it has no headline."
)
@click.option("--kind", required=True, metavar="WORD", help=f"One of {', '.join(get_args(SourceKind))}.")  # fmt: skip
@click.option("--publisher", metavar="TEXT")
@click.option("--author", metavar="TEXT", help="A byline; never a private person.")
@click.option("--published", metavar="EDTF", help="The day the public could know.")
@click.option("--accessed", metavar="DATE", help="The day it was read.")
@click.option("--url", metavar="URL")
@click.option("--archived", metavar="URL", help="An archived copy.")
@click.option("--lang", metavar="CODE", help="Its language [en].")
@click.option("--reliability", metavar="A-F", help="Admiralty; shown, never weighed.")
@registry_option
@dry_option
@clear_errors
def source(id: str, registry: str | None, dry_run: bool, **fields: str | None) -> None:
    """Add a source under an ID of your choice."""
    _finish(registry, [Entry("source", id, _given(fields), Document(""))], dry_run, alone=True)


@add.command(epilog="Example: outposts add venue vn-hanoi-lotus --kind restaurant --name Lotus --place Hanoi --source aje-2023 --dry-run")  # fmt: skip
@click.argument("id")
@click.option("--kind", required=True, metavar="WORD", help=f"One of {', '.join(get_args(Kind))}.")
@click.option("--name", required=True, metavar="TEXT", help="The name that is shown.")
@click.option("--lang", metavar="CODE", help="Its language.")
@click.option("--also", nargs=2, multiple=True, metavar="LANG TEXT", help="A further name, with its language.")  # fmt: skip
@click.option("--source", metavar="ID", help="Who calls it so, and gives the address.")
@click.option("--place", metavar="TOWN", help="The town; without one it is known by country.")
@click.option("--address", metavar="TEXT", help="As printed by the source.")
@click.option("--operator", "operators", multiple=True, metavar="ID", help="An organisation said to run it.")  # fmt: skip
@click.option("--notes", metavar="TEXT")
@registry_option
@dry_option
@clear_errors
def venue(
    id: str,
    kind: str,
    name: str,
    lang: str | None,
    also: Sequence[tuple[str, str]],
    source: str | None,
    place: str | None,
    address: str | None,
    operators: Sequence[str],
    notes: str | None,
    registry: str | None,
    dry_run: bool,
) -> None:
    """Add a venue, in a file of its own.

    ID begins with the country's code and is never used again: vn-hanoi-lotus.
    """
    said = {"source": source} if source else {}
    names = [{"name": name, **({"lang": lang} if lang else {}), **said}]
    names += [{"name": text, "lang": code, **said} for code, text in also]
    location: dict[str, Any] = {"country": id.partition("-")[0].upper()}
    if place:
        location["place"] = place
    if address:
        location["address"] = {"text": address, **said}
    data: dict[str, Any] = {"id": id, "kind": kind, "names": names}
    if operators:
        data["operators"] = [{"organisation": body, **said} for body in operators]
    data["location"] = location
    if notes:
        data["notes"] = notes
    _finish(registry, [Entry("venue", id, {}, Document("", data))], dry_run, alone=True)


def _given(fields: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _finish(
    registry: str | None, found: Sequence[Entry], dry_run: bool, alone: bool = False
) -> None:
    """Add entries and tell of it; faults of what was typed ``alone``, as one command, are wrong usage."""
    folder = Path(registry) if registry else default_folder()
    records = read_folder(folder, shown(folder))
    try:
        made = plan(records, found)
    except AdditionError as error:
        if not alone:
            raise
        faults = (f"{p.field}: {p.problem}" if p.field else p.problem for p in error.problems)
        raise click.UsageError("; ".join(faults)) from None
    if dry_run:
        click.echo(_difference(made), nl=False)
    else:
        try:
            write_all(made.texts)
        except OSError as error:
            raise click.ClickException(f"{error.filename}: {error.strerror}; nothing was added") from None  # fmt: skip
        for id in made.added:
            click.echo(id)
    there = f", {len(made.there)} there already" if made.there else ""
    verb = "would be added" if dry_run else "added"
    click.echo(f"{len(made.added)} {verb}{there}", err=True)


def _difference(made: Plan) -> str:
    """Return what would change, as a unified diff."""
    lines: list[str] = []
    for path, after in made.texts.items():
        name = shown(path)
        lines += difflib.unified_diff(
            made.before[path].splitlines(keepends=True),
            after.splitlines(keepends=True),
            name if made.before[path] else "/dev/null",
            name,
        )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
