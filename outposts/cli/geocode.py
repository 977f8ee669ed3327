"""``outposts geocode``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from outposts import dates
from outposts.cli.options import clear_errors, open_registry, registry_option
from outposts.cli.output import as_csv, as_json, as_table
from outposts.errors import UnknownName
from outposts.geocode import OUTCOMES, Position, Proposal, as_point, proposals
from outposts.venue import Venue

TEXT = ("venue", "outcome", "old", "new", "metres", "why")
CSV = (
    "venue", "name", "outcome", "old_lon", "old_lat", "old_precision", "old_radius_m", "old_method", "old_by", "old_on",
    "new_lon", "new_lat", "new_precision", "new_radius_m", "new_method", "new_by", "new_on", "distance_m", "why",
    "query", "attribution", "written",
)  # fmt: skip
FAULTS = ("refused", "unreachable")


@click.command(epilog="Example: outposts geocode vn-hanoi-koryo --format json")
@click.argument("ids", metavar="[VENUE]...", nargs=-1)
@registry_option
@click.option(
    "--online",
    metavar="NAME",
    help="Ask a geocoder of geopy's, such as nominatim; without it nothing is sent.",
)
@click.option("--write", is_flag=True, help="Put what is proposed into the venues' files.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="At most so many requests; kept answers cost none.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
)
@clear_errors
def geocode(
    ids: tuple[str, ...],
    registry: str | None,
    online: str | None,
    write: bool,
    limit: int | None,
    form: str,
) -> None:
    """Propose points for venues, all of them or those named, and how far they are from today's.

    A venue stands where a source puts it, else at its town, else, with --online, where a geocoder
    finds its address or its name in that town. --write changes the point's lines of a file
    and no other. Answers are kept: a run that was cut off goes on where it stopped.

    OUTPOSTS_GEOCODER_ENDPOINT, OUTPOSTS_GEOCODER_CONTACT and OUTPOSTS_GEOCODER_KEY say which server is
    asked, by whom and with which key; so does outposts/geocoder.toml in your configuration folder.
    Exits 1 if the geocoder refused or could not be reached.
    """
    if write and not online:
        raise click.UsageError("--write writes what a geocoder finds; add --online nominatim")
    loaded = open_registry(registry)
    venues = [loaded.venue(id) for id in dict.fromkeys(ids)] or list(loaded.values())
    found = _online(venues, online, limit, write) if online else list(proposals(venues))
    written = _written(found, registry) if write else set()
    if form == "json":
        click.echo(as_json([_object(proposal, proposal.venue in written) for proposal in found]))
    elif form == "csv":
        rows = [_flat(_object(proposal, proposal.venue in written)) for proposal in found]
        click.echo(as_csv(rows, CSV), nl=False)
    else:
        as_table([_row(proposal) for proposal in found], TEXT)
    counts: dict[str, int] = {}
    for proposal in found:
        counts[proposal.outcome] = counts.get(proposal.outcome, 0) + 1
    told = [f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if outcome in counts]
    told += [f"{len(written)} written"] if write else []
    click.echo(", ".join(told) or "no venues", err=True)
    for credit in dict.fromkeys(p.attribution for p in found if p.attribution):
        click.echo(credit, err=True)
    if any(proposal.outcome in FAULTS for proposal in found):
        raise SystemExit(1)


def _online(
    venues: Sequence[Venue], provider: str, limit: int | None, write: bool
) -> list[Proposal]:
    from outposts.geocoder import Geocoder
    from outposts.settings import SettingsError, settings

    notes = _Notes()
    try:
        geocoder = Geocoder(settings(provider), limit=limit, tell=notes.tell)
    except (SettingsError, UnknownName) as error:
        raise click.UsageError(str(error)) from None
    if write and not geocoder.is_keepable:
        raise click.UsageError(
            f"the terms of {geocoder.provider} are not known to let answers be kept; nothing of it is written"
        )
    found: list[Proposal] = []
    try:
        found += notes.through(proposals(venues, geocoder), len(venues))
    except OSError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        kept = "answers are kept, so that" if geocoder.is_keepable else "nothing is kept;"
        click.echo(f"interrupted; {kept} the same command goes on from here", err=True)
        raise SystemExit(130) from None
    finally:
        counts = geocoder.counts
        click.echo(f"{counts.requests} requests, {counts.kept} kept answers", err=True)
        geocoder.close()
    return found


class _Notes:
    """Sentences and a bar on standard error; the bar on a terminal only."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

    def tell(self, sentence: str) -> None:
        """Print a sentence, above the bar."""
        self._console.print(sentence)

    def through(self, found: Iterator[Proposal], total: int) -> Iterator[Proposal]:
        """Yield what is found and move the bar on."""
        from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

        columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
        shown = self._console.is_terminal
        with Progress(*columns, console=self._console, disable=not shown, transient=True) as bar:
            yield from bar.track(found, total=total, description="Geocoding")


def _written(found: Sequence[Proposal], folder: str | None) -> set[str]:
    """Write what is proposed and return the venues' ids; if one cannot be, none is."""
    from outposts.files import write
    from outposts.point import PointError, put
    from outposts.records import read_folder
    from outposts.registry import default_folder, shown

    root = Path(folder) if folder else default_folder()
    chosen = {p.venue: p.new for p in found if p.outcome == "proposed" and p.new}
    if not chosen:
        return set()
    records = read_folder(root)
    files = {document.path: name for name, document in records.documents.items()}
    paths = {id: root / files[document.path] for id, document in records.files.items()}
    texts: dict[Path, str] = {}
    for id, position in chosen.items():
        path = paths[id]
        try:
            with path.open(encoding="utf-8", newline="") as file:
                texts[path] = put(file.read(), as_point(position))
        except PointError as error:
            raise click.ClickException(f"{shown(path)}: {error}; nothing was written") from None
    for path, text in texts.items():
        try:
            write(path, text)
        except OSError as error:
            raise click.ClickException(f"{path}: {error.strerror}") from None
    return set(chosen)


def _row(proposal: Proposal) -> dict[str, Any]:
    return {
        "venue": proposal.venue,
        "outcome": proposal.outcome,
        "old": _told(proposal.old),
        "new": _told(proposal.new),
        "metres": None if proposal.distance_m is None else f"{proposal.distance_m:.0f}",
        "why": proposal.why,
    }


def _told(position: Position | None) -> str:
    if position is None:
        return ""
    within = "" if position.radius_m is None else f", {position.radius_m:.0f} m"
    return f"{position.lon:.6f} {position.lat:.6f} ({position.precision}{within})"


def _object(proposal: Proposal, is_written: bool) -> dict[str, Any]:
    return {
        "venue": proposal.venue,
        "name": proposal.name,
        "outcome": proposal.outcome,
        "old": _fields(proposal.old),
        "new": _fields(proposal.new),
        "distance_m": proposal.distance_m,
        "why": proposal.why,
        "query": proposal.query or None,
        "attribution": proposal.attribution or None,
        "written": is_written,
    }


def _fields(position: Position | None) -> dict[str, Any] | None:
    if position is None:
        return None
    return {
        "lon": round(position.lon, 6),
        "lat": round(position.lat, 6),
        "precision": position.precision,
        "radius_m": position.radius_m,
        "method": position.method,
        "by": position.by,
        "on": None if position.on is None else dates.iso(position.on),
    }


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    row = {name: value for name, value in found.items() if name not in ("old", "new")}
    for when in ("old", "new"):
        fields = found[when] or {}
        for name in ("lon", "lat", "precision", "radius_m", "method", "by", "on"):
            row[f"{when}_{name}"] = fields.get(name)
    return row
