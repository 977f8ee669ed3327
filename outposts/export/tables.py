"""The tables of an extract with their columns and keys, for the formats that hold several: SQL and data packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

from outposts import dates
from outposts.dates import Edtf
from outposts.export.extract import Extract
from outposts.frames import CLAIMS, DAY, FLAG, NAMES, SOURCES, TEXT, Column, records
from outposts.frames import sources as source_table
from outposts.models import Count, Event, EventKind, Kind, Organisation, Says, SourceKind
from outposts.rules import REASONS, STATUSES
from outposts.venue import PRECISIONS, Venue

NUMBER, COUNT, LIST = "float64", "int64", "list"
"""Further types of a `Column`: a real number, an integer, a list of texts."""


class Reference(NamedTuple):
    """Columns whose values, where there are any, are those of other columns in some row of a table."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: ``key`` names its row, ``references`` lead to rows of tables before it.

    ``rows`` has the values in the order of ``columns``: days as ISO dates, lists of texts as lists, None
    for what is missing. ``filled`` names the columns beside the key that are never missing.
    """

    name: str
    meaning: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    references: tuple[Reference, ...] = ()
    filled: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that are never missing, the key's first."""
        flags = (name for name, column in self.columns.items() if column.dtype == FLAG)
        return tuple(dict.fromkeys((*self.key, *self.filled, *flags)))


VENUE = Column(TEXT, "", "the venue's id")
ORDER = Column(COUNT, "", "which one of the venue's it is, from 1")
WHERE_FROM = Column(TEXT, "", "the id of the source that says so")
LINKS = {
    "wikidata": Column(TEXT, "", "the same thing in Wikidata"),
    "osm": Column(TEXT, "", "the same thing in OpenStreetMap"),
    "opensanctions": Column(TEXT, "", "the same thing in OpenSanctions"),
}
PLACED = {
    "name": Column(TEXT, "", "the name that is shown"),
    "kind": Column(TEXT, "", "what it is"),
    "country": Column(TEXT, "ISO 3166-1 alpha-2", "the country it is in"),
    "place": Column(TEXT, "", "the town it is in, missing where only the country is known"),
    "lon": Column(NUMBER, "degrees, EPSG:4326", "longitude; of the town where precision is place"),
    "lat": Column(NUMBER, "degrees, EPSG:4326", "latitude; of the town where precision is place"),
    "precision": Column(TEXT, "", "what the position is exact to; country: there is none"),
    "radius_m": Column(NUMBER, "metres", "how far off the position can be"),
}
ANSWER = {
    "on": Column(DAY, "day", "the day asked about"),
    "known": Column(DAY, "day", "the day whose knowledge counts"),
    "status": Column(TEXT, "", "the status on the day, by the status rules"),
    "reason": Column(TEXT, "", "the code of the rule's reason"),
    "since": Column(DAY, "day, included", "the first day of this status without a break"),
    "last_seen_open": Column(DAY, "day", "the last day up to the day on which it was seen open"),
    "changes_on": Column(DAY, "day", "when the status changes if nothing new is learned"),
    "single_source": Column(FLAG, "", "without one claim the status would be another"),
    "for": Column(LIST, "", "ids of the claims for the answer; if disputed, those that say open"),
    "against": Column(LIST, "", "ids of the claims against it"),
    "explanation": Column(TEXT, "", "the answer in one sentence"),
}
VENUES = {
    **PLACED,
    **ANSWER,
    "point_method": Column(TEXT, "", "how the point was found: source, geocoder, survey, imagery"),
    "point_by": Column(TEXT, "", "who gives the point: a geocoder, or the id of a source"),
    "point_on": Column(DAY, "day", "when the point was found"),
    "moved_to": Column(TEXT, "", "the id of the venue it moved to"),
    "moved_from": Column(TEXT, "", "the id of the venue it moved from"),
    "same_premises_as": Column(TEXT, "", "the id of a venue in the same building"),
    "duplicate_of": Column(TEXT, "", "the id of the venue that it is another record of"),
    **LINKS,
    "notes": Column(TEXT, "", "remarks of the registry's"),
}
RUNS = {
    "start": Column(DAY, "day, included", "the first day; missing: from ever"),
    "end": Column(DAY, "day, not included", "the day after the last; missing: for ever"),
    "status": Column(TEXT, "", "the status on all its days"),
    "reason": Column(TEXT, "", "the code of the rule's reason"),
    "for": Column(LIST, "", "ids of the claims for it on some day of the run"),
    "against": Column(LIST, "", "ids of the claims against it on some day of the run"),
}
WINDOW = {
    "first_day": Column(DAY, "day, included", "the first day that the date can mean"),
    "last_day": Column(DAY, "day, included", "the last day that the date can mean"),
}
WORDS = {
    "quote": Column(TEXT, "", "the source's words, exact, at most 300 characters"),
    "lang": Column(TEXT, "ISO 639", "the quote's language"),
    "translation": Column(TEXT, "", "the quote in English"),
    "note": Column(TEXT, "", "a remark of the registry's"),
}
CODES: dict[str, Sequence[str]] = {
    "venues.kind": get_args(Kind),
    "venues.precision": PRECISIONS,
    "venues.status": STATUSES,
    "venues.reason": REASONS,
    "runs.status": STATUSES,
    "runs.reason": REASONS,
    "claims.says": get_args(Says),
    "sources.kind": get_args(SourceKind),
    "evidence.side": ("for", "against"),
    "events.kind": get_args(EventKind),
    "counts.kind": get_args(Kind),
    "counts.says": get_args(Says),
}
"""Table and column -> the words that may stand there."""
SOURCE = Reference(("source",), "sources", ("source",))
TO_VENUE = Reference(("venue",), "venues", ("venue",))


def tables(extract: Extract, every_claim: bool = False) -> list[Table]:
    """Return the tables, each after those that it refers to.

    With ``every_claim``, claims that the public could know on the day and that were since retracted are there
    too, so that the tables answer for earlier days of knowledge as well; else only those that count.

    All of a registry has all its organisations, events and counts; a part of it has the organisations
    behind its venues and the counts of its countries.
    """
    organisations = _organisations(extract)
    counts = [count for count in extract.registry.counts if _belongs(count, extract)]
    events = extract.registry.events
    named = {count.source for count in counts} | {event.source for event in events}
    named |= {name.source for body in organisations.values() for name in body.names}
    return [
        _sources(extract, named),
        _organisation_table(organisations),
        _organisation_names(organisations),
        _venues(extract),
        _names(extract),
        _addresses(extract),
        _operators(extract),
        _claims(extract, every_claim),
        _evidence(extract),
        _runs(extract),
        _events(events),
        _counts(counts),
    ]


def about(extract: Extract) -> Table:
    """Return what an extract says of itself as a table, for formats that have no other place for it."""
    columns = {"key": Column(TEXT, "", "what"), "value": Column(TEXT, "", "its value")}
    rows = [(key, str(value)) for key, value in extract.about.items()]
    return Table("about", "what these tables are", columns, ("key",), rows, filled=("value",))


def _belongs(count: Count, extract: Extract) -> bool:
    known = extract.registry.sources[count.source].known <= extract.known
    return known and (_whole(extract) or count.country in {v.country for v in extract.venues})


def _whole(extract: Extract) -> bool:
    return len(extract.venues) == len(extract.registry)


def _organisations(extract: Extract) -> dict[str, Organisation]:
    """Return the organisations that run a venue of the extract, with those above them."""
    every = extract.registry.organisations
    if _whole(extract):
        return dict(sorted(every.items()))
    found: set[str] = set()
    for venue in extract.venues:
        for id, _ in venue.operators:
            at: str | None = id
            while at is not None and at not in found:
                found.add(at)
                at = every[at].parent
    return {id: every[id] for id in sorted(found)}


def _sources(extract: Extract, named: set[str | None]) -> Table:
    cited = set(extract.sources.index)
    every = extract.registry.sources
    found = {id: every[id] for id in sorted(every) if _whole(extract) or id in cited | named}
    return Table(
        "sources",
        "who says so",
        {"source": Column(TEXT, "", "the source's id"), **SOURCES},
        ("source",),
        _rows(records(source_table(found)), ("source", *SOURCES)),
        filled=("title", "known", "lang", "kind"),
    )


def _organisation_table(organisations: Mapping[str, Organisation]) -> Table:
    return Table(
        "organisations",
        "bodies that run venues or stand behind one that does",
        {
            "organisation": Column(TEXT, "", "the organisation's id"),
            "name": Column(TEXT, "", "the name that is shown"),
            "kind": Column(TEXT, "", "what it is"),
            "parent": Column(TEXT, "", "the organisation above it"),
            "notes": Column(TEXT, "", "remarks of the registry's"),
            **LINKS,
        },
        ("organisation",),
        [
            (id, body.name, body.kind, body.parent, body.notes, *_links(body))
            for id, body in organisations.items()
        ],
        (Reference(("parent",), "organisations", ("organisation",)),),
        ("name",),
    )


def _organisation_names(organisations: Mapping[str, Organisation]) -> Table:
    return Table(
        "organisation_names",
        "what sources call the organisations",
        {
            "organisation": Column(TEXT, "", "the organisation's id"),
            "number": Column(COUNT, "", "which one of the organisation's it is, from 1"),
            "name": Column(TEXT, "", "the name, in its script"),
            "lang": NAMES["lang"],
            "source": NAMES["source"],
        },
        ("organisation", "number"),
        [
            (id, number, name.name, name.lang, name.source)
            for id, body in organisations.items()
            for number, name in enumerate(body.names, 1)
        ],
        (Reference(("organisation",), "organisations", ("organisation",)), SOURCE),
        ("name",),
    )


def _venues(extract: Extract) -> Table:
    answers = _rows(extract.records["on"], ("venue", *PLACED, *ANSWER))
    further = [(*_point(venue), *_relations(venue), *_links(venue), venue.notes) for venue in extract.venues]  # fmt: skip
    return Table(
        "venues",
        "what and where each venue is, with its status on the day",
        {"venue": VENUE, **VENUES},
        ("venue",),
        [(*row, *more) for row, more in zip(answers, further, strict=True)],
        filled=("name", "kind", "country", "precision", "on", "known", "status", "reason"),
    )


def _names(extract: Extract) -> Table:
    rows = _rows(extract.records["names"], ("venue", *NAMES))
    return Table(
        "names",
        "what sources call the venues",
        {"venue": VENUE, "number": ORDER, **NAMES},
        ("venue", "number"),
        list(_numbered(rows)),
        (TO_VENUE, SOURCE),
        ("name",),
    )


def _addresses(extract: Extract) -> Table:
    return Table(
        "addresses",
        "the venues' addresses as printed",
        {
            "venue": VENUE,
            "number": ORDER,
            "address": Column(TEXT, "", "as its source prints it"),
            "source": WHERE_FROM,
        },
        ("venue", "number"),
        [
            (venue.id, number, address.text, address.source)
            for venue in extract.venues
            for number, address in enumerate(venue.addresses, 1)
        ],
        (TO_VENUE, SOURCE),
        ("address",),
    )


def _operators(extract: Extract) -> Table:
    return Table(
        "operators",
        "the organisations said to run each venue",
        {
            "venue": VENUE,
            "number": ORDER,
            "organisation": Column(TEXT, "", "the id of the organisation said to run it"),
            "source": WHERE_FROM,
            "note": WORDS["note"],
        },
        ("venue", "number"),
        [
            (venue.id, number, operation.organisation, operation.source, operation.note)
            for venue in extract.venues
            for number, operation in enumerate(venue.operations, 1)
        ],
        (TO_VENUE, Reference(("organisation",), "organisations", ("organisation",)), SOURCE),
        ("organisation",),
    )


def _claims(extract: Extract, every_claim: bool) -> Table:
    found = extract.records["claims"]
    if every_claim:
        clock = dates.iso(extract.known)
        found = [row for row in records(extract.every_claim) if row["known"] <= clock]
        for row in found:
            if row["retracted"] is not None and row["retracted"] > clock:
                row["retracted"] = row["retracted_why"] = None
    return Table(
        "claims",
        "what sources say of the venues' status; a sentence about many has a row for each of them",
        {"venue": VENUE, **CLAIMS},
        ("venue", "claim"),
        _rows(found, ("venue", *CLAIMS)),
        (TO_VENUE, SOURCE),
        ("says", "when", "known", "source", "source_label", "lang"),
    )


def _evidence(extract: Extract) -> Table:
    venue = extract.on.index.tolist()
    sides = [(side, extract.on[side].tolist()) for side in ("for", "against")]
    found = sorted(
        (id, claim, side)
        for side, lists in sides
        for id, claims in zip(venue, lists, strict=True)
        for claim in claims
    )
    return Table(
        "evidence",
        "the claims for and against each venue's status on the day",
        {
            "venue": VENUE,
            "claim": Column(TEXT, "", "the claim's id"),
            "side": Column(TEXT, "", "for or against the answer"),
        },
        ("venue", "claim", "side"),
        found,
        (Reference(("venue", "claim"), "claims", ("venue", "claim")),),
    )


def _runs(extract: Extract) -> Table:
    rows = _rows(extract.records["runs"], ("venue", *RUNS))
    return Table(
        "runs",
        "the venues' histories as known on the day: runs of days with one status and reason, without gaps",
        {"venue": VENUE, "number": ORDER, **RUNS},
        ("venue", "number"),
        list(_numbered(rows)),
        (TO_VENUE,),
        ("status", "reason"),
    )


def _events(events: Sequence[Event]) -> Table:
    return Table(
        "events",
        "dated events beside the venues; never evidence of a status",
        {
            "event": Column(TEXT, "", "the event's id"),
            "on": Column(TEXT, "EDTF", "when it was, as written"),
            **WINDOW,
            "label": Column(TEXT, "", "what it is called"),
            "text": Column(TEXT, "", "what happened"),
            "kind": Column(TEXT, "", "what it is"),
            "source": WHERE_FROM,
            "quote": WORDS["quote"],
        },
        ("event",),
        [
            (event.id, event.on.text, *_window(event.on), event.label, event.text, event.kind, event.source, event.quote)
            for event in events
        ],
        (SOURCE,),
        ("on", "label", "kind"),
    )  # fmt: skip


def _counts(counts: Sequence[Count]) -> Table:
    return Table(
        "counts",
        "published totals; they never change a venue's status",
        {
            "published": Column(TEXT, "", "the id of the published total"),
            "country": PLACED["country"],
            "kind": Column(TEXT, "", "what is counted; missing: venues of any kind"),
            "place": Column(TEXT, "", "the town; missing: all of the country"),
            "says": CLAIMS["says"],
            "count": Column(COUNT, "venues", "how many"),
            "when": CLAIMS["when"],
            **WINDOW,
            "source": WHERE_FROM,
            **WORDS,
        },
        ("published",),
        [
            (
                count.id, count.country, count.kind, count.place, count.says, count.count, count.when.text,
                *_window(count.when), count.source, count.quote, count.lang, count.translation, count.note,
            )
            for count in counts
        ],
        (SOURCE,),
        ("country", "says", "count", "when", "source"),
    )  # fmt: skip


def _rows(found: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in found]


def _numbered(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows, sorted by their first value, with their number among its equals second."""
    before, number = None, 0
    for first, *rest in rows:
        number = number + 1 if first == before else 1
        before = first
        yield first, number, *rest


def _point(venue: Venue) -> tuple[str | None, str | None, str | None]:
    point = venue.point
    if point is None:
        return None, None, None
    return point.method, point.by, None if point.on is None else dates.iso(point.on)


def _relations(venue: Venue) -> list[str | None]:
    found = dict(venue.relations)
    return [found.get(name) for name in ("moved_to", "moved_from", "same_premises_as", "duplicate_of")]  # fmt: skip


def _links(record: Venue | Organisation) -> list[str | None]:
    return [getattr(record.see_also, name, None) for name in LINKS]


def _window(when: Edtf) -> tuple[str | None, str | None]:
    return dates.iso_or_none(when.window.first), dates.iso_or_none(when.window.last)
