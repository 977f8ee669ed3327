"""A folder of evidence as a read-only mapping: venue id -> venue."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outposts import check, dates, filters, gazetteer, paths
from outposts.errors import DateError, Problem, RegistryError, UnknownName
from outposts.filters import Filter
from outposts.models import (
    RELATIONS,
    Card,
    Claim,
    Count,
    Event,
    GroupClaim,
    Organisation,
    Source,
    VenueEntry,
    claim,
)
from outposts.nearest import did_you_mean
from outposts.records import Records, read_folder
from outposts.rules import RULES, Rules
from outposts.status import on_day
from outposts.venue import Venue

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame


@dataclass(frozen=True, repr=False)
class Sources(Mapping[str, Source]):
    """The sources of a registry by id; called, they are a table.

    Examples
    --------
    >>> import outposts
    >>> sources = outposts.load().sources
    >>> sources["globe-2020"].publisher
    'Southeast Asia Globe'
    >>> table = sources(country="VN")  # those that claims about these venues rest on
    >>> "globe-2020" in table.index
    True
    """

    records: Mapping[str, Source]
    venues: Mapping[str, Venue] = field(default_factory=dict)

    def __getitem__(self, id: str) -> Source:
        return self.records[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def __call__(self, known: Any = None, rules: Rules = RULES, **wanted: Any) -> DataFrame:
        """Return one row a source, columns as in `outposts.frames.SOURCES`, sorted by id.

        With filters, as in `Registry.select`, those only that are named by the venues chosen. With
        ``known``, those only that the public could know on that day.
        """
        from outposts import frames

        found = dict(self.records)
        if any(value is not None for value in wanted.values()):
            everything = list(self.venues.values())
            asked = filters.make(everything, **wanted)
            chosen = asked.choose(everything, dates.today(), _day(known), rules)
            found = cited(chosen, found)
        if known is not None:
            found = {id: source for id, source in found.items() if source.known <= _day(known)}
        return frames.sources(dict(sorted(found.items())))


@dataclass(frozen=True, repr=False)
class Registry(Mapping[str, Venue]):
    """Venues by id, sorted, with the sources, organisations, events and counts beside them.

    ``whole`` is the registry that `where` chose this one from, None for one that is whole.
    """

    card: Card
    venues: Mapping[str, Venue]
    sources: Sources
    organisations: Mapping[str, Organisation]
    events: tuple[Event, ...]
    groups: tuple[GroupClaim, ...]
    counts: tuple[Count, ...]
    whole: Registry | None = field(default=None, repr=False, compare=False)

    def __getitem__(self, id: str) -> Venue:
        return self.venues[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.venues)

    def __len__(self) -> int:
        return len(self.venues)

    def __repr__(self) -> str:
        return f"<Registry {self.card.title!r}: {len(self)} venues>"

    def _repr_html_(self) -> str:
        """Return the card that a notebook shows: what it holds, and the statuses of today."""
        from outposts import cards

        today = dates.today()
        statuses = {venue.id: on_day(venue.claims, today, today) for venue in self.values()}
        return cards.of_registry(self, statuses)

    def venue(self, id: str) -> Venue:
        """Return a venue, or raise `UnknownName` with the nearest ids."""
        if id not in self.venues:
            names = {name.name: v.id for v in self.values() for name in v.names}
            hint = did_you_mean(id, [*self.venues, *names])
            raise UnknownName(f"no venue is called {id!r}{hint}")
        return self.venues[id]

    def select(
        self, on: Any = None, known: Any = None, rules: Rules = RULES, **wanted: Any
    ) -> list[Venue]:
        """Return the venues that pass the filters (see `outposts.filters.Filter`)."""
        return self.filter(**wanted).choose(self.values(), _day(on), _day(known), rules)

    def filter(self, **wanted: Any) -> Filter:
        """Return a filter whose words are checked against this registry, or the whole that it is a part of."""
        return filters.make(list((self.whole or self).values()), **wanted)

    def where(
        self, on: Any = None, known: Any = None, rules: Rules = RULES, **wanted: Any
    ) -> Registry:
        """Return the registry of the venues that pass the filters, to ask or to choose from again.

        The venues are chosen once: what is asked of them later, of any day, is asked of just these.
        ``where(a).where(b)`` is ``where(a, b)``, in either order.

        Parameters
        ----------
        on
            The day whose ``status`` is wanted; it has no default, since the registry that comes back is
            asked about other days. Not needed with a period (``year``, ``start``, ``end``, both included).
        known
            The day whose knowledge the status rests on; today if left out.
        rules
            The constants of the status rules.
        **wanted
            Filters, in the words of `outposts.filters.Filter`.

        Returns
        -------
        Registry
            With the same card and events. Organisations are those that run these venues and those
            above them; groups those with a claim about one of them; counts those of which no
            venue was left out, so that `outposts.coverage` compares like with like; sources those that
            anything of this cites.

        Raises
        ------
        UnknownName
            For a filter that names nothing in the whole registry.
        DateError
            If a status is wanted and no day is given.

        Examples
        --------
        >>> import outposts
        >>> cambodia = outposts.load().where(country="KH")
        >>> restaurants = cambodia.where(kind="restaurant")
        >>> len(restaurants) < len(cambodia)
        True
        >>> open_then = cambodia.where(status="open", on="2019-01-01")
        >>> set(open_then.on("2020-06-02")["status"])  # and what became of them
        {'closed'}
        """
        asked = self.filter(**wanted)
        if asked.status and asked.period is None and on is None:
            raise DateError(
                f"status={','.join(asked.status)!r} of which day? Give on=, year=, or start= and end="
            )
        chosen = asked.choose(self.values(), _day(on), _day(known), rules)
        return _part(self, {venue.id: venue for venue in chosen})

    def search(self, words: str, most: int = 10) -> list[Venue]:
        """Return up to ``most`` venues whose names are like some words, the likest first.

        Forgives slips and another romanisation, in any script, where ``where(text=words)`` asks that each word be there.

        Examples
        --------
        >>> import outposts
        >>> [venue.id for venue in outposts.load().search("Pyeongyang Okryu Bangkok", 1)]
        ['th-bangkok-okryu']
        """
        return filters.likest(self.values(), words, most)

    def counted(self, count: Count) -> list[Venue]:
        """Return the venues of the country, kind and place that a published count is about."""
        return [
            venue
            for venue in self.values()
            if venue.country == count.country
            and count.kind in (None, venue.kind)
            and count.place in (None, venue.place)
        ]

    def on(
        self, day: Any = None, known: Any = None, rules: Rules = RULES, **wanted: Any
    ) -> GeoDataFrame:
        """Return one row a venue with its status on a day, in EPSG:4326.

        Both days default to today. Filters as in `select`; columns as in
        `outposts.frames.ON`. A venue known only by country has an empty geometry (None).

        Examples
        --------
        >>> import outposts
        >>> gdf = outposts.load().on("2020-06-02", country="VN")
        >>> gdf.loc["vn-hanoi-koryo", "status"]
        'disputed'
        """
        from outposts import frames

        venues = self.select(day, known, rules, **wanted)
        return frames.on(venues, _day(day), _day(known), rules)

    def during(
        self,
        period: Any,
        status: Any = None,
        known: Any = None,
        rules: Rules = RULES,
        **wanted: Any,
    ) -> GeoDataFrame:
        """Return one row a venue that had a status on some day of a period.

        ``period`` is a year (2019), an EDTF date such as ``2019-12`` or a pair of days, both
        included. Columns as in `outposts.frames.DURING`.
        """
        from outposts import frames

        first, last = _period(period)
        asked = self.filter(status=status, start=first, end=last, **wanted)
        venues = asked.choose(self.values(), dates.today(), _day(known), rules)
        return frames.during(venues, asked, _day(known), rules)

    def runs(self, known: Any = None, rules: Rules = RULES, **wanted: Any) -> GeoDataFrame:
        """Return one row per venue and run of status: ``start`` included, ``end`` not.

        Open ends are NaT. Columns as in `outposts.frames.RUNS`.
        """
        from outposts import frames

        return frames.runs(self.select(None, known, rules, **wanted), _day(known), rules)

    def claims(
        self, known: Any = None, rules: Rules = RULES, every: bool = False, **wanted: Any
    ) -> DataFrame:
        """Return one row per venue and claim that counts on the day ``known`` (today).

        Filters as in `select`; columns as in `outposts.frames.CLAIMS`. With ``every``, claims that
        are retracted or not known by then are there too. A group claim has a row for each
        venue that it is about.

        Examples
        --------
        >>> import outposts
        >>> claims = outposts.load().claims(known="2020-07-01", country="VN")
        >>> bool((claims["known"] <= "2020-07-01").all())
        True
        """
        from outposts import frames

        venues = self.select(None, known, rules, **wanted)
        return frames.claims(venues, None if every else _day(known))


def _part(registry: Registry, venues: dict[str, Venue]) -> Registry:
    """Return the registry of some of a registry's venues, with what concerns them."""
    whole = registry.whole or registry
    told = {claim.id for venue in venues.values() for claim in venue.claims if claim.group}
    groups = tuple(group for group in whole.groups if group.id in told)
    countries = {venue.country for venue in venues.values()}
    counts = tuple(
        count
        for count in whole.counts
        if count.country in countries and all(v.id in venues for v in whole.counted(count))
    )
    bodies = {
        above
        for venue in venues.values()
        for id, _ in venue.operators
        for above in _line(id, whole.organisations)
    }
    organisations = {id: body for id, body in whole.organisations.items() if id in bodies}
    told_by = {group.source for group in groups} | {count.source for count in counts}
    told_by |= {event.source for event in whole.events if event.source}
    told_by |= {n.source for body in organisations.values() for n in body.names if n.source}
    told_by |= cited(venues.values(), whole.sources).keys()
    return replace(
        registry,
        venues=venues,
        sources=Sources(
            {id: source for id, source in whole.sources.items() if id in told_by}, venues
        ),
        organisations=organisations,
        groups=groups,
        counts=counts,
        whole=whole,
    )


def load(folder: str | os.PathLike[str] | None = None, called: str | None = None) -> Registry:
    """Return the registry in a folder; without one, that of ``OUTPOSTS_REGISTRY``, else ours.

    Raises `RegistryError`, which lists every fault of every file, if there is any; ``called`` is
    what the folder is called in them, where that is not its path.

    Examples
    --------
    >>> import outposts
    >>> len(outposts.load()) > 40
    True
    """
    records, problems = inspect(folder, called)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        raise RegistryError(errors)
    return _bound(records)


def cited(venues: Iterable[Venue], sources: Mapping[str, Source]) -> dict[str, Source]:
    """Return the sources that something said of some venues rests on: claims, names, addresses, operators.

    A point that a source gives names it too.
    """
    found: set[str | None] = set()
    for venue in venues:
        found.update(claim.source_id for claim in venue.claims)
        found.update(name.source for name in venue.names)
        found.update(address.source for address in venue.addresses)
        found.update(operation.source for operation in venue.operations)
        found.update(name.source for _, body in venue.operators for name in body.names)
        if venue.point is not None:
            found.add(venue.point.by)
    return {id: source for id, source in sources.items() if id in found}


def inspect(
    folder: str | os.PathLike[str] | None = None, called: str | None = None
) -> tuple[Records, list[Problem]]:
    """Return the records of a folder with all problems, errors and warnings, sorted."""
    path = Path(folder) if folder is not None else default_folder()
    records = read_folder(path, called or shown(path))
    return records, sorted([*records.problems, *check.audit(records)])


def default_folder() -> Path:
    """Return the folder of ``OUTPOSTS_REGISTRY`` where it is set, else of our registry."""
    named = os.environ.get("OUTPOSTS_REGISTRY")
    return Path(named) if named else paths.geodata() / "registry"


def shown(path: Path) -> str:
    """Return a path as given, or from the working folder where that is shorter."""
    text = str(path)
    if path.is_absolute():
        relative = os.path.relpath(path)
        text = relative if not relative.startswith("..") else text
    return text.replace(os.sep, "/").rstrip("/")


def _bound(records: Records) -> Registry:
    """Return the registry that sound records make: claims with their sources, venues placed."""
    if records.card is None:
        raise RegistryError([Problem(f"{records.shown}/registry.yaml", 1, 1, "", "required")])
    kin = {id: set(_line(id, records.organisations)) for id in records.organisations}
    groups = [
        (group, claim(group, group.id, records.sources[group.source], group=True))
        for group in records.groups.claims
    ]
    venues: dict[str, Venue] = {}
    for id, entry in sorted(records.venues.items()):
        own = [claim(c, f"{id}#{c.id}", records.sources[c.source]) for c in entry.claims]
        own += [told for group, told in groups if _is_about(group, entry, kin)]
        venues[id] = _venue(entry, own, records)
    return Registry(
        card=records.card,
        venues=venues,
        sources=Sources(records.sources, venues),
        organisations=records.organisations,
        events=records.events,
        groups=records.groups.claims,
        counts=records.groups.counts,
    )


def _venue(entry: VenueEntry, claims: list[Claim], records: Records) -> Venue:
    location, point = entry.location, entry.location.point
    place = gazetteer.find(location.place, location.country) if location.place else None
    lon, lat, precision, radius = None, None, "country", None
    if point is not None:
        lon, lat, precision, radius = point.lon, point.lat, point.precision, point.radius_m
    elif place is not None:
        lon, lat, precision, radius = place.lon, place.lat, "place", place.radius_m
    related = [(relation, getattr(entry, relation)) for relation in RELATIONS]
    return Venue(
        id=entry.id,
        name=entry.names[0].name,
        kind=entry.kind,
        country=location.country,
        place=location.place,
        lon=lon,
        lat=lat,
        precision=precision,
        radius_m=radius,
        names=entry.names,
        claims=tuple(sorted(claims, key=lambda c: (c.window.last, c.window.first, c.id))),
        addresses=location.address,
        point=point,
        operators=tuple(
            (o.organisation, records.organisations[o.organisation]) for o in entry.operators
        ),
        operations=entry.operators,
        relations=tuple((relation, other) for relation, other in related if other),
        see_also=entry.see_also,
        notes=entry.notes,
    )


def _is_about(group: GroupClaim, entry: VenueEntry, kin: Mapping[str, set[str]]) -> bool:
    about = group.about
    if entry.id in about.except_:
        return False
    if about.venues and entry.id not in about.venues:
        return False
    if about.country and entry.location.country != about.country:
        return False
    if about.kind and entry.kind != about.kind:
        return False
    if about.place and entry.location.place != about.place:
        return False
    if about.operator is None:
        return True
    return any(about.operator in kin[operator.organisation] for operator in entry.operators)


def _line(id: str, organisations: Mapping[str, Organisation]) -> Iterator[str]:
    """Yield an organisation and those above it."""
    seen: set[str] = set()
    at: str | None = id
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = organisations[at].parent


def _day(value: Any) -> int:
    return dates.today() if value is None else dates.day(value)


def _period(period: Any) -> tuple[int | None, int | None]:
    if isinstance(period, int):
        period = f"{period:04}"
    if isinstance(period, str):
        window = dates.parse(period).window
        first, last = dates.iso_or_none(window.first), dates.iso_or_none(window.last)
        return (dates.day(first) if first else None, dates.day(last) if last else None)
    first, last = period
    return dates.day(first), dates.day(last)
