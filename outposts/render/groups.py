"""Where the marks of a map's venues stand: those of one town share a point, those that would overlap a mark.

The same as ``static/markers.js`` does on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import floor, hypot

from outposts.gazetteer import find
from outposts.render.marks import radius
from outposts.venue import Venue

NEAR = 52.0  # the side of a cell: marks farther apart never overlap
CLOSE = 0.92  # of the sum of two radii: nearer, two marks become one
FEW = 300  # groups up to which overlaps are looked for pair by pair

Project = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Site:
    """A point of the map with at least one venue; ``town`` if it is a town's, for venues known no better."""

    lon: float
    lat: float
    x: float
    y: float
    radius_m: float
    town: bool
    members: tuple[int, ...]


@dataclass
class Group:
    """Sites that share a mark; ``members`` are indices of venues."""

    sites: list[Site] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0

    @property
    def members(self) -> list[int]:
        """The venues of all its sites."""
        return [member for site in self.sites for member in site.members]

    @property
    def count(self) -> int:
        """How many venues it stands for."""
        return sum(len(site.members) for site in self.sites)

    def take(self, sites: Sequence[Site]) -> None:
        """Take in sites; the mark stands in the middle of all venues."""
        self.sites += sites
        self.x = sum(site.x * len(site.members) for site in self.sites) / self.count
        self.y = sum(site.y * len(site.members) for site in self.sites) / self.count


def sites(venues: Sequence[Venue], project: Project) -> list[Site]:
    """Return the points on which venues stand; one known only by its country stands nowhere.

    ``project`` takes lon and lat in degrees to x and y in the units of the picture.
    """
    members: dict[tuple[object, ...], list[int]] = defaultdict(list)
    at: dict[tuple[object, ...], tuple[float, float, float, bool]] = {}
    for index, venue in enumerate(venues):
        if venue.lon is None or venue.lat is None or venue.precision == "country":
            continue
        if venue.place and venue.precision == "place":
            town = find(venue.place, venue.country)
            key: tuple[object, ...] = (venue.country, venue.place)
            at[key] = (town.lon, town.lat, town.radius_m, True)
        else:
            key = (venue.lon, venue.lat)
            at.setdefault(key, (venue.lon, venue.lat, venue.radius_m or 0.0, False))
        members[key].append(index)
    return [
        Site(lon, lat, *project(lon, lat), radius_m, town, tuple(members[key]))
        for key, (lon, lat, radius_m, town) in at.items()
    ]


def groups(sites: Sequence[Site]) -> list[Group]:
    """Return sites joined where their marks would overlap, the most populous first."""
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, site in enumerate(sites):
        cells[_cell(site)].append(number)
    order = sorted(range(len(sites)), key=lambda n: (-len(sites[n].members), n))
    free = set(order)
    found: list[Group] = []
    for number in order:
        if number not in free:
            continue
        site, group = sites[number], Group()
        column, row = _cell(site)
        around = (cells.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        for other in sorted(n for cell in around for n in cell if n in free):
            near = sites[other]
            away = hypot(near.x - site.x, near.y - site.y)
            if away <= _reach(group.count or len(site.members), len(near.members)):
                free.discard(other)
                group.take([near])
        found.append(group)
    return _joined(found) if len(found) <= FEW else found


def _joined(found: list[Group]) -> list[Group]:
    """Join groups that came to overlap by growing, until none do."""
    again = True
    while again:
        again = False
        for first, one in enumerate(found):
            for last in range(len(found) - 1, first, -1):
                other = found[last]
                if hypot(one.x - other.x, one.y - other.y) > _reach(one.count, other.count):
                    continue
                one.take(found.pop(last).sites)
                again = True
    return found


def _cell(site: Site) -> tuple[int, int]:
    return floor(site.x / NEAR), floor(site.y / NEAR)


def _reach(one: int, other: int) -> float:
    return CLOSE * (radius(one) + radius(other))
