"""What an export holds: the tables of the venues chosen, and what every file says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from outposts import __version__, dates, frames
from outposts.digest import digest
from outposts.registry import Registry, cited
from outposts.rules import RULES, VERSION, Rules
from outposts.venue import Venue

GEONAMES = "Names and positions of towns: GeoNames (https://www.geonames.org), CC BY 4.0"
TABLES = ("on", "runs", "claims", "sources", "names")
RUN = ("start", "end", "status", "reason", "for", "against")


@dataclass(frozen=True, eq=False)
class Extract:
    """Venues of a registry with their answers on ``day``, by what was known on ``known``.

    The tables are worked out when first asked for, once for all formats; nobody changes them.

    Parameters
    ----------
    registry
        Where the venues are from.
    venues
        Those chosen, sorted by id.
    day, known
        Days (integers since 1970-01-01).
    rules
        The constants of the rules.
    wanted
        The filters by which the venues were chosen, as given to `Registry.select`.
    """

    registry: Registry
    venues: tuple[Venue, ...]
    day: int
    known: int
    rules: Rules = RULES
    wanted: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def on(self) -> gpd.GeoDataFrame:
        """One row a venue with its answer on the day, columns `frames.ON`."""
        return frames.on(self.venues, self.day, self.known, self.rules)

    @cached_property
    def runs(self) -> gpd.GeoDataFrame:
        """One row per venue and run of status, columns `frames.RUNS`; ``end`` is exclusive."""
        return frames.runs(self.venues, self.known, self.rules)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """One row per venue and claim known on the day and not retracted by then, columns `frames.CLAIMS`."""
        return frames.claims(self.venues, self.known)

    @cached_property
    def every_claim(self) -> pd.DataFrame:
        """As `claims`, with those that are retracted or were not known yet."""
        return frames.claims(self.venues, None)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """One row for each source that the venues name, sorted by id, columns `frames.SOURCES`."""
        return frames.sources(dict(sorted(cited(self.venues, self.registry.sources).items())))

    @cached_property
    def names(self) -> pd.DataFrame:
        """One row per venue and name, columns `frames.NAMES`."""
        return frames.names(self.venues)

    @cached_property
    def records(self) -> dict[str, list[dict[str, Any]]]:
        """The tables ``on``, ``runs``, ``claims``, ``sources`` and ``names`` as `frames.records` gives them."""
        return {name: frames.records(getattr(self, name)) for name in TABLES}

    def work_out(self) -> None:
        """Work out all that formats share, for processes that are about to share it."""
        _ = self.records, self.about

    def nested(self) -> Iterator[tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]]:
        """Yield each venue's record of `on` with its lists ``names``, ``runs`` and ``claims``, for formats that nest.

        Of a run, what it adds to its venue; a claim has the address of its source as ``url``.
        """
        url = {row["source"]: row["url"] or row["archived"] for row in self.records["sources"]}
        parts = {name: _by_venue(self.records[name]) for name in ("names", "runs", "claims")}
        for row in self.records["on"]:
            names, runs, claims = (part.get(row["venue"], []) for part in parts.values())
            yield (
                row,
                {
                    "names": [{key: name[key] for key in frames.NAMES} for name in names],
                    "runs": [{key: run[key] for key in RUN} for run in runs],
                    "claims": [
                        {**{key: claim[key] for key in frames.CLAIMS}, "url": url[claim["source"]]}
                        for claim in claims
                    ],
                },
            )

    @cached_property
    def data_hash(self) -> str:
        """``sha256:`` and the digits of the evidence about the venues, as known on the day: `outposts.digest.digest`.

        A page or a brief that rests on the same evidence says the same; the day asked about makes no difference.
        """
        return digest(self.registry, self.venues, self.known, self.rules)

    @cached_property
    def about(self) -> dict[str, str | int]:
        """What every file carries inside, in its order; what the registry does not say is left out.

        ``rules`` is the version of the status rules, ``rules_fresh`` ... their constants in days;
        ``data_version`` the registry's own, ``data_hash`` the fingerprint of the evidence;
        ``licence`` an SPDX code where the registry gives one, and then ``licence_url`` its text.
        """
        card = self.registry.card
        licence = card.licence or ""
        spdx = re.fullmatch(r"[A-Za-z0-9.+-]+", licence)
        told = {
            "title": card.title,
            "description": card.description,
            "selection": " ".join(f"{name}={_words(value)}" for name, value in self._filters()),
            "on": dates.iso(self.day),
            "known": dates.iso(self.known),
            "rules": VERSION,
            **{f"rules_{part.name}": getattr(self.rules, part.name) for part in fields(self.rules)},
            "data_version": card.version,
            "data_hash": self.data_hash,
            "licence": licence,
            "licence_url": f"https://spdx.org/licenses/{licence}.html" if spdx else None,
            "attribution": card.attribution,
            "credits": GEONAMES if any(_stands_at_town(venue) for venue in self.venues) else None,
            "contact": card.contact,
            "made_by": f"outposts {__version__}",
        }
        return {key: value for key, value in told.items() if value not in (None, "")}

    def _filters(self) -> list[tuple[str, Any]]:
        return [(name, value) for name, value in self.wanted.items() if value not in (None, (), [])]


def extract(
    registry: Registry, on: Any = None, known: Any = None, rules: Rules = RULES, **wanted: Any
) -> Extract:
    """Return an extract of the venues that pass the filters of `Registry.select`.

    Both days are as everywhere, or integers, and default to today. Raises `UnknownName` for a
    filter's word that does not exist, `DateError` for what is no day.
    """
    day, clock = _day(on), _day(known)
    venues = registry.filter(**wanted).choose(registry.values(), day, clock, rules)
    chosen = tuple(sorted(venues, key=lambda venue: venue.id))
    return Extract(registry, chosen, day, clock, rules, wanted)


def _by_venue(records: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records:
        found.setdefault(row["venue"], []).append(row)
    return found


def _day(value: Any) -> int:
    if value is None:
        return dates.today()
    return value if isinstance(value, int) else dates.day(value)


def _words(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _stands_at_town(venue: Venue) -> bool:
    return venue.point is None and venue.place is not None
