"""A venue: its names, its place and every claim about it, with sources known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from outposts import dates, status
from outposts.models import (
    Address,
    Claim,
    Kind,
    Name,
    Operator,
    Organisation,
    Point,
    SeeAlso,
)
from outposts.rules import RULES, Rules
from outposts.status import Answer, Run

# How exactly a venue is placed, the most exact first. The last is never drawn.
PRECISIONS = ("building", "street", "district", "place", "country")


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue as its registry holds it, group claims included.

    ``lon`` and ``lat`` are degrees in EPSG:4326; without a point of its own a venue stands at
    its town (``precision`` is then ``place``), and without a town they are None (``country``).
    ``radius_m`` is how far off, in metres, the position can be. ``relations`` maps the kind of a
    relation (``moved_to`` ...) to a venue's id. ``operators`` are said to run it; ``operations`` tells
    of each of them, in the same order, by which source and with what remark.
    """

    id: str
    name: str
    kind: Kind
    country: str
    place: str | None
    lon: float | None
    lat: float | None
    precision: str
    radius_m: float | None
    names: tuple[Name, ...]
    claims: tuple[Claim, ...] = field(repr=False)
    addresses: tuple[Address, ...] = ()
    point: Point | None = None
    operators: tuple[tuple[str, Organisation], ...] = field(default=(), repr=False)
    operations: tuple[Operator, ...] = field(default=(), repr=False)
    relations: tuple[tuple[str, str], ...] = ()
    see_also: SeeAlso | None = None
    notes: str | None = field(default=None, repr=False)

    def status(self, on: Any, known: Any = None, rules: Rules = RULES) -> Answer:
        """Return the status on a day, as known on a day (today if left out).

        Both are an ISO string, a ``date``, a ``datetime`` or a pandas timestamp.

        Examples
        --------
        >>> import outposts
        >>> venue = outposts.load()["vn-hanoi-koryo"]
        >>> venue.status("2020-06-02", known="2020-07-01").status
        'disputed'
        """
        return status.answer(self.claims, dates.day(on), _known(known), rules)

    def history(self, known: Any = None, rules: Rules = RULES) -> list[Run]:
        """Return the runs of status and reason, as known on a day (today if left out)."""
        return status.history(self.claims, _known(known), rules)

    def _repr_html_(self) -> str:
        """Return the card that a notebook shows: status today, history and claims."""
        from outposts import cards

        return cards.of_venue(self)


def _known(known: Any) -> int:
    return dates.today() if known is None else dates.day(known)
