"""``outposts diff`` and ``outposts feed``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

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
)
from outposts.cli.output import as_json
from outposts.diff import Asked, Change, Changes, Turn, compare
from outposts.errors import Problem, RegistryError
from outposts.feed import atom, of_changes, of_news, turned
from outposts.nearest import did_you_mean
from outposts.news import news
from outposts.registry import Registry
from outposts.revisions import read
from outposts.rules import RULES, VERSION, Rules
from outposts.status import Answer

LONG = 80  # characters of a field's value in text; JSON has all of it


class RulesType(click.ParamType):  # type: ignore[type-arg]  # generic only in new clicks
    """Constants of the rules, such as ``fresh=180,stale=365``; the others are today's."""

    name = "list"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Rules:
        """Return the rules, or fail with the way out."""
        if isinstance(value, Rules):
            return value
        names = [field.name for field in fields(Rules)]
        found: dict[str, int] = {}
        for part in value.split(","):
            name, _, days = (word.strip() for word in part.partition("="))
            if name not in names:
                self.fail(f"no constant is called {name!r}{did_you_mean(name, names)}", param, ctx)
            if not re.fullmatch("[0-9]{1,6}", days):
                self.fail(f"{part!r}: {days!r} is not a number of days", param, ctx)
            found[name] = int(days)
        return replace(RULES, **found)


RULE_SET = RulesType()


@click.command(
    epilog="Example: outposts diff geodata/registry geodata/registry --since 2020-06-02 --on 2021-06-02"
)
@click.argument("old")
@click.argument("new", required=False)
@registry_option
@on_option
@known_option
@click.option("--since", type=DAY, help="Ask OLD about this day, by what was known on it.")
@click.option("--old-rules", type=RULE_SET, metavar="LIST", help="OLD's constants, as fresh=180.")
@click.option("--rules", type=RULE_SET, metavar="LIST", help="NEW's, where not today's.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "atom"]),
    default="text",
    show_default=True,
)
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything differs.")
@clear_errors
def diff(
    old: str,
    new: str | None,
    registry: str | None,
    on: int | None,
    known: int | None,
    since: int | None,
    old_rules: Rules | None,
    rules: Rules | None,
    form: str,
    exit_code: bool,
) -> None:
    """Print what changed from OLD to NEW: records, and statuses with the cause of each change.

    OLD and NEW are folders, or git revisions of the registry (--registry), such as HEAD~3, or
    REVISION:PATH. What is a folder is taken as one. Without NEW: the registry as it is.
    """
    before, after = _sides(old, new, registry)
    found = compare(
        before,
        after,
        dates.iso(day_or_today(on)),
        dates.iso(day_or_today(known)),
        None if since is None else dates.iso(since),
        old_rules or RULES,
        rules or RULES,
    )
    if form == "json":
        click.echo(as_json(_json(found)))
    elif form == "atom":
        click.echo(atom(of_changes(found, after), after, f"{after.card.title}: changes"), nl=False)
    else:
        click.echo("\n".join(_markdown(found) if form == "markdown" else _text(found)))
    if exit_code and found:
        raise SystemExit(1)


@click.command(epilog="Example: outposts feed --since 2023-01-01")
@registry_option
@known_option
@click.option("--since", type=DAY, help="Leave out what became known before this day.")
@click.option("--most", type=click.IntRange(min=1), help="Only so many of the latest entries.")
@click.option("--address", metavar="URL", help="Where the feed will be published.")
@clear_errors
def feed(
    registry: str | None,
    known: int | None,
    since: int | None,
    most: int | None,
    address: str | None,
) -> None:
    """Print an Atom feed: what became known on each day, and what it made of a venue's status."""
    loaded = open_registry(registry)
    first = None if since is None else dates.iso(since)
    found = news(loaded, dates.iso(day_or_today(known)), first)
    click.echo(atom(of_news(found), loaded, address=address, most=most), nl=False)


def _sides(old: str, new: str | None, folder: str | None) -> tuple[Registry, Registry]:
    """Return both registries; faults of both are told at once."""
    problems: list[Problem] = []
    found: list[Registry] = []
    for label, text in (("old", old), ("new", new)):
        try:
            if text is None:
                loaded, name = open_registry(folder), "the registry as it is"
            else:
                loaded, name = read(text, folder)
            click.echo(f"{label}: {name}", err=True)
            found.append(loaded)
        except RegistryError as error:
            click.echo(f"{label}: {text or folder or 'the registry'} has faults", err=True)
            problems += error.problems
    if problems:
        raise RegistryError(problems)
    return found[0], found[1]


def _json(found: Changes) -> dict[str, Any]:
    return {
        "rules_version": VERSION,
        "old": _asked(found.old),
        "new": _asked(found.new),
        "venues": found.venues,
        "statuses": [
            {
                "venue": turn.venue.id,
                "name": turn.venue.name,
                "old": _side(turn.old),
                "new": _side(turn.new),
                "causes": [
                    {
                        "cause": cause.kind,
                        "claim": cause.claim,
                        "day": None if cause.day is None else dates.iso(cause.day),
                        "text": cause.text,
                    }
                    for cause in turn.causes
                ],
            }
            for turn in found.turns
        ],
        "changes": [
            {
                "record": change.record,
                "id": change.id,
                "change": change.how,
                "label": change.label,
                "fields": [{"field": f.name, "old": f.old, "new": f.new} for f in change.fields],
            }
            for change in found.changes
        ],
    }


def _asked(asked: Asked) -> dict[str, Any]:
    rules = {field.name: getattr(asked.rules, field.name) for field in fields(Rules)}
    return {"on": dates.iso(asked.on), "known": dates.iso(asked.known), "rules": rules}


def _side(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "status": answer.status,
        "reason": answer.reason,
        "for": list(answer.for_),
        "against": list(answer.against),
    }


def _text(found: Changes) -> Iterator[str]:
    yield _headline(found)
    for turn in found.turns:
        yield f"~ {_line(_name(turn))}: {turned(turn)}"
        for cause in turn.causes:
            yield f"    {_line(_cause(cause.claim, cause.text))}"
    yield ""
    yield _counted(found)
    signs = {"added": "+", "removed": "-"}
    for change in found.changes:
        yield f"{signs.get(change.how, '~')} {_line(_record(change))}"
        for text in _fields(change):
            yield f"    {_line(text)}"


def _markdown(found: Changes) -> Iterator[str]:
    yield "## Statuses"
    yield ""
    yield _escaped(_headline(found))
    yield ""
    for turn in found.turns:
        yield f"- **{_escaped(_name(turn))}**: {turned(turn)}"
        for cause in turn.causes:
            yield f"  - {_escaped(_cause(cause.claim, cause.text))}"
    yield ""
    yield "## Records"
    yield ""
    yield _escaped(_counted(found))
    yield ""
    for change in found.changes:
        yield f"- {_escaped(_record(change))}"
        for text in _fields(change):
            yield f"  - {_escaped(text)}"


def _headline(found: Changes) -> str:
    old, new = found.old, found.new
    days = f"on {dates.iso(new.on)}, as known on {dates.iso(new.known)}"
    if (old.on, old.known) != (new.on, new.known):
        days += f", against {dates.iso(old.on)}, as known on {dates.iso(old.known)}"
    return f"{len(found.turns)} of {found.venues} venues have another status {days}."


def _counted(found: Changes) -> str:
    counts: dict[str, int] = {}
    for change in found.changes:
        key = f"{change.record} {change.how}"
        counts[key] = counts.get(key, 0) + 1
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    return f"Records: {told or 'no change'}."


def _name(turn: Turn) -> str:
    place = f" ({turn.venue.place})" if turn.venue.place else ""
    return f"{turn.venue.id}, {turn.venue.name}{place}"


def _cause(claim: str | None, text: str) -> str:
    return f"{text} [{claim}]" if claim else text


def _record(change: Change) -> str:
    id = "" if change.record == "registry" else f" {change.id}"
    return f"{change.record}{id} {change.how}: {change.label}"


def _fields(change: Change) -> Iterator[str]:
    """Yield the fields of a record that is on both sides with their values, long ones cut."""
    if change.how not in ("added", "removed"):
        for field in change.fields:
            yield f"{field.name}: {_value(field.old)} -> {_value(field.new)}"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    text = _line(value if isinstance(value, str) else as_json(value))
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."


def _line(text: str) -> str:
    """Return text of a source on one line, without what a terminal would obey."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _escaped(text: str) -> str:
    """Return text of a source so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()!|<>~&@]|:(?=//))", r"\\\1", _line(text))
