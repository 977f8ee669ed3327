"""Proposals of points for venues: what the source gives, else the town, else what a geocoder finds.

Nothing is invented. A venue without a source's point or a geocoder's answer stays at its town, and
an answer that cannot be is shown with the reason why it is not proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outposts import dates
from outposts.basemap import contains, country_names
from outposts.errors import PlaceNotFound
from outposts.gazetteer import Place, find, fold
from outposts.sites import FARTHEST_KM
from outposts.venue import PRECISIONS, Venue

if TYPE_CHECKING:
    from outposts.answers import Answer
    from outposts.geocoder import Geocoder

OUTCOMES = {
    "proposed": "a geocoder found it",
    "unchanged": "a geocoder found it where it is",
    "source": "has a point from a source",
    "place": "stays at its town",
    "country": "known to the country only",
    "rejected": "found, but it cannot be that",
    "not-found": "the geocoder knows none",
    "refused": "the geocoder refused",
    "unreachable": "no geocoder answered",
    "not-asked": "not asked yet",
}
"""What can come of a venue. The last three are none of the venue's doing: another run may find it."""

MOST_QUERIES = 6
"""For one venue: its addresses, then its names."""


@dataclass(frozen=True)
class Position:
    """A point in degrees (EPSG:4326), as exactly as it is known, and who says so."""

    lon: float
    lat: float
    precision: str
    radius_m: float | None
    method: str
    by: str
    on: int | None = None


@dataclass(frozen=True)
class Proposal:
    """What geocoding one venue came to.

    Attributes
    ----------
    venue, name
        The venue's id and the name that is shown.
    outcome
        A word of `OUTCOMES`.
    old
        Where the venue stands today; None if it is known by country only.
    new
        The point proposed or rejected; None if there is none.
    distance_m
        Geodesic metres from old to new.
    why
        A sentence on the outcome.
    query
        What was asked for ``new``.
    attribution
        Whom to credit for ``new``.
    """

    venue: str
    name: str
    outcome: str
    old: Position | None = None
    new: Position | None = None
    distance_m: float | None = None
    why: str = ""
    query: str = ""
    attribution: str = ""


def proposals(venues: Sequence[Venue], geocoder: Geocoder | None = None) -> Iterator[Proposal]:
    """Yield a proposal for each venue, in their order; without a geocoder nothing is asked.

    Examples
    --------
    >>> import outposts
    >>> venue = outposts.load()["vn-hanoi-koryo"]
    >>> [proposal.outcome for proposal in proposals([venue])]
    ['place']
    """
    for venue in venues:
        yield _proposal(venue, geocoder)


def queries(venue: Venue) -> list[str]:
    """Return what to ask a geocoder for a venue: addresses as printed, then names, each with its town.

    An address comes first: a name may be one of several houses of a chain.

    Examples
    --------
    >>> import outposts
    >>> queries(outposts.load()["vn-hanoi-koryo"])[0]
    '61 Trung Hòa, Cầu Giấy, Hà Nội, Vietnam'
    """
    texts = [address.text for address in venue.addresses] + [name.name for name in venue.names]
    around = [venue.place, country_names().get(venue.country)]
    asked = []
    for text in texts:
        parts = [text, *(part for part in around if part and fold(part) not in fold(text))]
        asked.append(", ".join(parts))
    return list(dict.fromkeys(asked))[:MOST_QUERIES]


def _proposal(venue: Venue, geocoder: Geocoder | None) -> Proposal:
    old, place = _position(venue), _place(venue)

    def came_to(outcome: str, why: str) -> Proposal:
        return Proposal(venue.id, venue.name, outcome, old, why=why)

    if venue.point is not None and venue.point.method != "geocoder":
        return came_to("source", f"its point is from {venue.point.by}")
    if geocoder is None:
        if venue.point is not None:
            return came_to("unchanged", f"its point is from {venue.point.by}")
        if place is None:
            return came_to("country", "no town and no address in the registry")
        return came_to("place", f"at the centre of {place.name}, from the gazetteer")
    return _asked(venue, old, place, geocoder)


def _asked(venue: Venue, old: Position | None, place: Place | None, geocoder: Geocoder) -> Proposal:
    """Return the first answer that can be; else the first that cannot; else why there is none."""
    from outposts.geocoder import NotAsked, Refused, Unreachable

    rejected: Proposal | None = None
    odd: Refused | None = None
    asked = queries(venue)
    for query in asked:
        try:
            reply = geocoder.ask(query)
        except Refused as error:
            if not error.is_final:
                odd = error
                continue
            return Proposal(venue.id, venue.name, "refused", old, why=str(error), query=query)
        except Unreachable as error:
            return Proposal(venue.id, venue.name, "unreachable", old, why=str(error), query=query)
        except NotAsked as error:
            return Proposal(venue.id, venue.name, "not-asked", old, why=str(error), query=query)
        for answer in reply.answers:
            new = Position(
                answer.lon,
                answer.lat,
                answer.precision or "place",
                answer.radius_m,
                "geocoder",
                geocoder.provider,
                reply.day,
            )
            fault = _fault(answer, venue, place)
            outcome = "rejected" if fault else "unchanged" if _is_same(old, new) else "proposed"
            proposal = Proposal(
                venue.id,
                venue.name,
                outcome,
                old,
                new,
                round(metres(old, new)) if old else None,
                f"{fault or answer.kind}: {answer.label}",
                query,
                answer.attribution,
            )
            if not fault:
                return proposal
            rejected = rejected or proposal
    if rejected:
        return rejected
    if odd:
        return Proposal(venue.id, venue.name, "refused", old, why=str(odd), query=asked[0])
    why = f"{geocoder.provider} finds nothing for " + "; ".join(asked)
    return Proposal(venue.id, venue.name, "not-found", old, why=why, query=asked[0])


def _fault(answer: Answer, venue: Venue, place: Place | None) -> str:
    """Return why an answer cannot be the venue's point, or nothing."""
    if answer.precision is None:
        return "the geocoder does not tell what kind of thing this is"
    if not contains(venue.country, answer.lon, answer.lat):
        return f"not in {country_names()[venue.country]}"
    if place is not None:
        town = Position(place.lon, place.lat, "place", None, "", "")
        away = metres(town, Position(answer.lon, answer.lat, "", None, "", "")) / 1000
        if away > FARTHEST_KM:
            return f"{away:.0f} km from {place.name}; at most {FARTHEST_KM} km is likely"
    if PRECISIONS.index(answer.precision) > PRECISIONS.index(venue.precision):
        return f"less exact than what the registry has ({venue.precision})"
    if answer.precision == "place":
        return "no more exact than a town"
    return ""


def metres(one: Position, other: Position) -> float:
    """Return the geodesic distance of two positions."""
    from geopy.distance import geodesic

    return float(geodesic((one.lat, one.lon), (other.lat, other.lon)).m)


def _is_same(old: Position | None, new: Position) -> bool:
    # The day on which it was asked is no change, nor is what six decimals leave out.
    return (
        old is not None
        and old.method == "geocoder"
        and (old.precision, old.radius_m) == (new.precision, new.radius_m)
        and metres(old, new) < 0.5
    )


def _position(venue: Venue) -> Position | None:
    if venue.lon is None or venue.lat is None:
        return None
    point = venue.point
    by = ("gazetteer", "geonames", None) if point is None else (point.method, point.by, point.on)
    return Position(venue.lon, venue.lat, venue.precision, venue.radius_m, *by)


def _place(venue: Venue) -> Place | None:
    try:
        return find(venue.place, venue.country) if venue.place else None
    except PlaceNotFound:
        return None


def as_point(position: Position) -> dict[str, str]:
    """Return a position as the fields of ``location.point``, in canonical form and order."""
    fields = {
        "lon": f"{position.lon:.6f}",
        "lat": f"{position.lat:.6f}",
        "precision": position.precision,
        "radius_m": None if position.radius_m is None else f"{position.radius_m:.0f}",
        "method": position.method,
        "by": position.by,
        "on": None if position.on is None else f'"{dates.iso(position.on)}"',
    }
    return {name: text for name, text in fields.items() if text is not None}
