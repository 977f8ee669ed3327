"""Two registries -> what changed: records, and statuses with the cause of each change.

Nothing is weighed here: the cause of a status that became another is found by asking
`outposts.status` again, with some of the differences between the two sides left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from outposts import dates, status
from outposts.dates import Edtf
from outposts.models import Claim
from outposts.registry import Registry
from outposts.rules import RULES, Rules
from outposts.status import Answer
from outposts.venue import Venue

Record = Literal[
    "venue", "claim", "group claim", "count", "event", "source", "organisation", "registry"
]
How = Literal["added", "removed", "changed", "moved", "renamed", "retracted", "restored"]
CauseKind = Literal[
    "new-venue",
    "removed-venue",
    "new-claim",
    "removed-claim",
    "retracted-claim",
    "changed-claim",
    "became-known",
    "became-unknown",
    "changed-venue",
    "new-rules",
    "decay",
]
CAUSES: dict[CauseKind, str] = {
    "new-venue": "new venue",
    "removed-venue": "venue taken out",
    "new-claim": "new claim",
    "removed-claim": "claim taken out",
    "retracted-claim": "claim retracted",
    "changed-claim": "claim changed",
    "became-known": "claim became known",
    "became-unknown": "claim not yet known",
    "changed-venue": "venue changed, and with it what this claim is about",
    "new-rules": "rules changed",
    "decay": "only time passed",
}
"""What each kind of cause is called."""

VENUE_WAYS: dict[str, How] = {
    "name": "renamed",
    **dict.fromkeys(("country", "place", "addresses", "point", "moved_to", "moved_from"), "moved"),
}
"""What a change of these fields of a venue is called."""

DAYS = ("on", "accessed")  # fields of records that hold integer days
FAR = dates.day("9999-12-31")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record with its values on either side, as JSON has them; None: absent."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One record that is on one side only, or is not the same on both.

    ``id`` is global: a claim's is ``vn-hanoi-koryo#c1``; ``label`` says in words what it is.
    ``fields`` are those that differ, all that are filled where the record is on one side only. ``day``
    is the day of the evidence behind it, None where a record has none. A venue that moved and
    was renamed is told twice, as is a claim that was changed and retracted.
    """

    record: Record
    id: str
    how: How
    label: str
    fields: tuple[Field, ...]
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a status is another; ``claim`` is the claim's id where it is one claim, ``text`` says it in words.

    ``new-claim``, ``removed-claim``, ``retracted-claim`` and ``changed-claim`` compare the two
    registries; ``became-known`` and ``became-unknown`` are claims that both have, of which only one of
    the two days of knowledge knows; with ``changed-venue``, the venue is no longer what a group
    claim is about, or is now. ``decay``: only days have passed, so evidence grew old, or a day told of
    in advance has come. ``day`` is the day on which the cause came about, None where nothing says so.
    """

    kind: CauseKind
    claim: str | None
    text: str
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A venue whose status is not the same on both sides; None stands for a side without the venue."""

    venue: Venue
    old: Answer | None
    new: Answer | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one side was asked: the day, the day whose knowledge counts, and the rules."""

    on: int
    known: int
    rules: Rules = RULES


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is not the same in two registries; falsy if nothing is.

    ``turns`` are sorted by venue; ``changes`` by the kind of record in the order of `Record`, then by id.
    """

    old: Asked
    new: Asked
    venues: int
    turns: tuple[Turn, ...]
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.turns or self.changes)


def compare(
    old: Registry,
    new: Registry,
    on: Any = None,
    known: Any = None,
    since: Any = None,
    old_rules: Rules = RULES,
    rules: Rules = RULES,
) -> Changes:
    """Return what changed from one registry to another.

    Parameters
    ----------
    old, new
        The two sides; they may be one registry, asked about two days.
    on, known
        The day asked about, and the day whose knowledge counts; both default to today.
    since
        Ask the old side about this day, by what was known on it (or on ``known``, where that is earlier).
        Left out, both sides are asked about the same days, and nothing can decay.
    old_rules, rules
        The constants of the status rules on either side.

    Examples
    --------
    >>> import outposts
    >>> from outposts import diff
    >>> registry = outposts.load()
    >>> bool(diff.compare(registry, registry))
    False
    >>> found = diff.compare(registry, registry, on="2021-06-01", since="2019-06-01")
    >>> {cause.kind for turn in found.turns for cause in turn.causes} <= {"became-known", "decay"}
    True
    """
    day = _day(on)
    now = Asked(day, _day(known), rules)
    then = replace(now, rules=old_rules)
    if since is not None:
        first = dates.day(since)
        then = Asked(first, min(first, now.known), old_rules)
    return Changes(
        then,
        now,
        len({*old, *new}),
        tuple(turns(old, new, then, now)),
        tuple(_changes(old, new)),
    )


def turns(old: Registry, new: Registry, then: Asked, now: Asked) -> Iterator[Turn]:
    """Yield the venues whose status is not the same on both sides, sorted by id."""
    for id in sorted({*old, *new}):
        before, after = old.get(id), new.get(id)
        was, has = _answer(before, then), _answer(after, now)
        if before is not None and after is not None:
            if was is not None and has is not None and was.status != has.status:
                steps = _steps(before, after, old, new, then, now)
                yield Turn(after, was, has, _causes(steps, before, then, has.status))
        elif after is not None:
            yield Turn(
                after, None, has, (Cause("new-venue", None, CAUSES["new-venue"], _newest(after)),)
            )
        elif before is not None:
            gone = Cause("removed-venue", None, CAUSES["removed-venue"])
            yield Turn(before, was, None, (gone,))


@dataclass(frozen=True, slots=True)
class _Step:
    """One difference between the sides: what it makes of the claims heard, the day and the rules."""

    cause: Cause
    claims: Mapping[str, Claim | None] | None = None
    on: int | None = None
    rules: Rules | None = None


def _steps(
    before: Venue, after: Venue, old: Registry, new: Registry, then: Asked, now: Asked
) -> list[_Step]:
    """Return every difference that can bear on a venue's status."""
    was = {claim.id: claim for claim in before.claims}
    has = {claim.id: claim for claim in after.claims}
    about = {group.id: group.about for group in old.groups}
    groups = {g.id: about[g.id] == g.about for g in new.groups if g.id in about}
    found: list[_Step] = []
    for id in sorted({*was, *has}):
        one, other = was.get(id), has.get(id)
        heard = one if one is not None and status.counts(one, then.known) else None
        hears = other if other is not None and status.counts(other, now.known) else None
        if _weight(heard) == _weight(hears):
            continue
        found.append(_Step(_told(id, one, other, hears, groups.get(id)), claims={id: hears}))
    if then.rules != now.rules:
        found.append(
            _Step(Cause("new-rules", None, _rules(then.rules, now.rules)), rules=now.rules)
        )
    if then.on != now.on:
        text = f"{CAUSES['decay']}, from {dates.iso(then.on)} to {dates.iso(now.on)}"
        found.append(_Step(Cause("decay", None, text, now.on), on=now.on))
    return found


def _told(
    id: str, one: Claim | None, other: Claim | None, hears: Claim | None, same_about: bool | None
) -> Cause:
    """Return the cause that a claim is, heard otherwise on the two sides.

    ``same_about`` is None but for a group claim that both registries have.
    """
    shown = other or one
    if shown is None:
        raise ValueError(f"{id} is on neither side")
    kind: CauseKind = "changed-claim"
    if one is None or other is None:
        if same_about is None:
            kind = "new-claim" if one is None else "removed-claim"
        elif same_about:
            kind = "changed-venue"
    elif other.hidden is not None and hears is None:
        kind = "retracted-claim"
    elif _weight(one) == _weight(other):
        kind = "became-unknown" if hears is None else "became-known"
    day = shown.hidden if kind == "retracted-claim" else shown.known
    return Cause(kind, id, f"{CAUSES[kind]}: {_claimed(shown)}", day)


def _causes(steps: Sequence[_Step], before: Venue, then: Asked, outcome: str) -> tuple[Cause, ...]:
    """Return the differences that are needed in some set of them which alone makes the status what it is.

    That is the NESS test of causation (*necessary element of a sufficient set*): for each
    difference, all others that can be left out without the outcome becoming another are left out; what
    then cannot be left out is a cause. Of two reports of which either would do, both are named.

    Source: R. W. Wright, Causation in Tort Law, California Law Review 73 (1985), 1735-1828.
    """
    heard = {claim.id: claim for claim in before.claims if status.counts(claim, then.known)}

    def suffices(chosen: Iterable[_Step]) -> bool:
        claims: dict[str, Claim | None] = dict(heard)
        on, rules = then.on, then.rules
        for step in chosen:
            claims.update(step.claims or {})
            on = on if step.on is None else step.on
            rules = step.rules or rules
        # Who knew what was settled above, on each side for its own day; here all of it counts.
        told = [replace(claim, hidden=None) for claim in claims.values() if claim is not None]
        return status.on_day(told, on, FAR, rules) == outcome

    needed: set[int] = set()
    for kept in range(len(steps)):
        rest = [index for index in range(len(steps)) if index != kept] + [kept]
        for index in list(rest):
            fewer = [other for other in rest if other != index]
            if suffices(steps[other] for other in fewer):
                rest = fewer
        needed.update(rest)
    return tuple(steps[index].cause for index in sorted(needed))


def _weight(claim: Claim | None) -> tuple[Any, ...] | None:
    """Return what a claim weighs by: all of it that a status can depend on."""
    if claim is None:
        return None
    window = (claim.when.window, claim.when.extent)
    return (claim.says, window, claim.known, claim.weak, claim.hidden)


def _rules(old: Rules, new: Rules) -> str:
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in Rules.__slots__]
    changed = ", ".join(f"{name} {was} -> {has} days" for name, was, has in pairs if was != has)
    return f"{CAUSES['new-rules']}: {changed}"


def _claimed(claim: Claim) -> str:
    """Return what a claim says, when and by whom, such as ``open in April 2020 (The Paper)``."""
    return f"{claim.says} {claim.when.phrase} ({claim.source.label})"


def _answer(venue: Venue | None, asked: Asked) -> Answer | None:
    if venue is None:
        return None
    return status.answer(venue.claims, asked.on, asked.known, asked.rules)


def _newest(venue: Venue) -> int | None:
    """Return the day on which the last of a venue's claims became known."""
    return max((claim.known for claim in venue.claims), default=None)


def _day(value: Any) -> int:
    return dates.today() if value is None else dates.day(value)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record as plain fields, with what names and dates it."""

    label: str
    day: int | None
    fields: Mapping[str, Any]


def _changes(old: Registry, new: Registry) -> Iterator[Change]:
    """Yield every record that is not the same on both sides."""
    for (record, was), (_, has) in zip(_entries(old), _entries(new), strict=True):
        for id in sorted({*was, *has}):
            one, other = was.get(id), has.get(id)
            shown = other or one
            if shown is None:
                continue
            fields = tuple(_differing(one, other))
            if one is None or other is None:
                how: How = "added" if one is None else "removed"
                yield Change(record, id, how, shown.label, fields, shown.day)
                continue
            for way, part in _ways(record, fields):
                day = _retraction_day(other) if way == "retracted" else shown.day
                yield Change(record, id, way, shown.label, part, day)


def _ways(record: Record, fields: Sequence[Field]) -> Iterator[tuple[How, tuple[Field, ...]]]:
    """Yield the ways in which a record that is on both sides changed, with the fields of each."""
    parts: dict[How, list[Field]] = {}
    for field in fields:
        way: How = "changed"
        if record == "venue":
            way = VENUE_WAYS.get(field.name, way)
        elif field.name == "retracted" and field.old is None:
            way = "retracted"
        elif field.name == "retracted" and field.new is None:
            way = "restored"
        parts.setdefault(way, []).append(field)
    for way, part in parts.items():
        yield way, tuple(part)


def _retraction_day(entry: _Entry) -> int | None:
    retracted = entry.fields.get("retracted")
    return dates.day(retracted["on"]) if retracted else entry.day


def _differing(one: _Entry | None, other: _Entry | None) -> Iterator[Field]:
    old, new = (entry.fields if entry else {} for entry in (one, other))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Field(name, old.get(name), new.get(name))


def _entries(registry: Registry) -> Iterator[tuple[Record, dict[str, _Entry]]]:
    """Yield each kind of record with its entries by id."""
    sources = registry.sources
    yield "venue", {id: _venue(venue) for id, venue in registry.items()}
    yield (
        "claim",
        {
            claim.id: _Entry(_claimed(claim), claim.known, _claim(claim))
            for venue in registry.values()
            for claim in venue.claims
            if not claim.group
        },
    )
    yield (
        "group claim",
        {
            group.id: _Entry(
                f"{group.says} {group.when.phrase} ({sources[group.source].label})",
                sources[group.source].known,
                _filled(group),
            )
            for group in registry.groups
        },
    )
    yield (
        "count",
        {
            count.id: _Entry(
                f"{count.count} {count.says} {count.when.phrase} ({sources[count.source].label})",
                sources[count.source].known,
                _filled(count),
            )
            for count in registry.counts
        },
    )
    yield (
        "event",
        {
            event.id: _Entry(
                f"{event.label} {event.on.phrase}",
                sources[event.source].known if event.source else None,
                _filled(event),
            )
            for event in registry.events
        },
    )
    yield (
        "source",
        {id: _Entry(source.title, source.known, _filled(source)) for id, source in sources.items()},
    )
    yield (
        "organisation",
        {id: _Entry(body.name, None, _filled(body)) for id, body in registry.organisations.items()},
    )
    card = registry.card
    yield "registry", {"registry": _Entry(card.title, None, _filled(card))}


def _venue(venue: Venue) -> _Entry:
    where = ", ".join(part for part in (venue.place, venue.country) if part)
    fields = {
        "name": venue.name,
        "kind": venue.kind,
        "country": venue.country,
        "place": venue.place,
        "addresses": _plain(venue.addresses),
        "point": _plain(venue.point),
        "names": _plain(venue.names),
        "operators": [id for id, _ in venue.operators],
        **dict(venue.relations),
        "see_also": _plain(venue.see_also),
        "notes": venue.notes,
    }
    return _Entry(f"{venue.name} ({where})", _newest(venue), _full(fields))


def _claim(claim: Claim) -> dict[str, Any]:
    return _full(
        {
            "says": claim.says,
            "when": claim.when.text,
            "source": claim.source_id,
            "quote": claim.quote,
            "lang": claim.lang,
            "translation": claim.translation,
            "stated": claim.stated,
            "weak": claim.weak,
            "note": claim.note,
            "retracted": _plain(claim.retracted),
        }
    )


def _filled(record: BaseModel) -> dict[str, Any]:
    fields: dict[str, Any] = _plain(record)
    return {name: value for name, value in fields.items() if name != "id"}


def _full(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != []}


def _plain(value: Any, name: str = "") -> Any:
    """Return a value of a record as JSON has it: dates as written, days as ISO dates, empty fields left out."""
    if isinstance(value, Edtf):
        return value.text
    if isinstance(value, BaseModel):
        names = {key: field.alias or key for key, field in type(value).model_fields.items()}
        return _full({alias: _plain(getattr(value, key), key) for key, alias in names.items()})
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if name in DAYS and isinstance(value, int):
        return dates.iso(value)
    return value
