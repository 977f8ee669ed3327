"""``outposts history`` and ``outposts explain``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from outposts import dates, rows
from outposts.basemap import country_names
from outposts.cli.options import (
    clear_errors,
    day_or_today,
    known_option,
    on_option,
    open_registry,
    registry_option,
)
from outposts.cli.output import as_json, as_table
from outposts.models import Claim
from outposts.rules import RULES, VERSION
from outposts.venue import Venue


@click.command(epilog="Example: outposts history vn-hanoi-koryo --format json")
@click.argument("id", metavar="VENUE")
@registry_option
@known_option
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@clear_errors
def history(id: str, registry: str | None, known: int | None, form: str) -> None:
    """Print the runs of status of a venue and the claims behind each; an end is exclusive."""
    venue = open_registry(registry).venue(id)
    clock = day_or_today(known)
    found = [rows.run(run) for run in venue.history(dates.iso(clock))]
    if form == "json":
        click.echo(as_json(found))
        return
    for row in found:
        row["for"], row["against"] = " ".join(row["for"]), " ".join(row["against"])
    as_table(found, ("start", "end", "status", "reason", "for", "against"))
    click.echo(f"{venue.name}, as known on {dates.iso(clock)}", err=True)


@click.command(epilog="Example: outposts explain vn-hanoi-koryo --on 2020-06-02")
@click.argument("id", metavar="VENUE")
@registry_option
@on_option
@known_option
@clear_errors
def explain(id: str, registry: str | None, on: int | None, known: int | None) -> None:
    """Print the answer for a venue in sentences: for, against, and when it would change."""
    venue = open_registry(registry).venue(id)
    click.echo("\n".join(_explained(venue, day_or_today(on), day_or_today(known))))


def _explained(venue: Venue, on: int, known: int) -> Iterable[str]:
    answer = venue.status(dates.iso(on), dates.iso(known))
    country = country_names().get(venue.country, venue.country)
    where = ", ".join(part for part in (venue.place, country) if part)
    yield f"{venue.name} ({where}; {venue.id})"
    status = answer.status.replace("-", " ")
    yield f"{status.capitalize()} on {dates.in_words(on)}, as known on {dates.in_words(known)}."
    yield answer.explanation
    if answer.since is not None:
        yield f"It has had this status since {dates.in_words(answer.since)}."
    if answer.last_seen_open is not None:
        yield f"Last seen open: {dates.in_words(answer.last_seen_open)}."
    if answer.changes_on is not None:
        later = venue.status(dates.iso(answer.changes_on), dates.iso(known)).status
        day = dates.in_words(answer.changes_on)
        yield f"If nothing new is learned, it becomes {later.replace('-', ' ')} on {day}."
    if answer.single_source:
        yield "Single source: without one claim, the status would be another."
    if venue.precision == "place":
        yield f"Location: known to the town only (within about {(venue.radius_m or 0) / 1000:.0f} km)."
    elif venue.precision == "country":
        yield "Location: known to the country only."
    numbers: dict[str, int] = {}
    told = {claim.id: claim for claim in venue.claims}
    says_open = answer.status in ("disputed", "open", "presumed-open")
    named = ("Say open", "Say closed") if answer.status == "disputed" else ("For", "Against")
    for label, ids in zip(named, (answer.for_, answer.against), strict=True):
        if ids:
            yield ""
            yield f"{label}:"
            for id in ids:
                numbers[id] = len(numbers) + 1
                yield f"  [{numbers[id]}] {_claimed(told[id])}"
    rest = [claim for claim in venue.claims if claim.id not in numbers and claim.known <= known]
    if rest:
        yield ""
        yield "Other claims, of other days or of less weight:" if says_open else "Other claims:"
        for claim in rest:
            numbers[claim.id] = len(numbers) + 1
            yield f"  [{numbers[claim.id]}] {_claimed(claim)}"
    yield ""
    for id, number in numbers.items():
        yield f"[{number}] {_footnote(told[id])}"
    yield ""
    rules = ", ".join(f"{name} {getattr(RULES, name)}" for name in RULES.__slots__)
    yield f"Status rules, version {VERSION} (days: {rules})."


def _claimed(claim: Claim) -> str:
    marks = [
        mark
        for mark, is_so in (
            ("weak", claim.weak),
            ("via a group claim", claim.group),
            ("retracted", claim.retracted is not None),
        )
        if is_so
    ]
    text = f"{claim.says} {claim.when.phrase} ({claim.when.text})"
    text += f" [{', '.join(marks)}]" if marks else ""
    if claim.quote:
        text += f': "{claim.quote}"'
    if claim.translation:
        text += f' (in English: "{claim.translation}")'
    return text


def _footnote(claim: Claim) -> str:
    source = claim.source
    parts = [source.label, f'"{source.title}"' if source.publisher else None]
    parts.append(source.published.words if source.published else "undated")
    parts.append(source.url)
    parts.append(f"archived: {source.archived}" if source.archived else None)
    return ", ".join(part for part in parts if part) + f" ({claim.id})"
