"""Published totals beside what the registry holds: where evidence is missing."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf

from outposts.models import Count, Source
from outposts.registry import Registry
from outposts.rules import RULES, Rules
from outposts.status import on_day

# What a published count of venues said to be so is compared with.
COUNTED = {
    "open": ("open", "presumed-open", "disputed"),
    "opened": ("open", "presumed-open", "disputed"),
    "suspended": ("suspended",),
    "closed": ("closed",),
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """One published count, and the registry's own number of such venues.

    ``venues`` are the ids of the venues of that country, kind and place that the registry holds at
    all, ``same`` of those that had a status as told on the day ``on``: the last day that the
    count can mean, or the day it was published where that is open. ``held`` and ``alike`` are how many.
    """

    count: Count
    source: Source
    on: int
    venues: tuple[str, ...]
    same: tuple[str, ...]

    @property
    def held(self) -> int:
        """How many venues of that kind the registry holds."""
        return len(self.venues)

    @property
    def alike(self) -> int:
        """How many of them had a status as told."""
        return len(self.same)

    @property
    def sentence(self) -> str:
        """The two numbers in one English sentence."""
        count = self.count
        noun = _noun(count.kind, count.count)
        said = f"{count.count} {noun} {count.says} {count.when.phrase}"
        had = "was" if self.alike == 1 else "were"
        own = f"this registry holds {self.held}, of which {self.alike} {had} {_alike(count.says)} then"
        return f"{self.source.label} reported {said}; {own}."


def coverage(registry: Registry, known: int, rules: Rules = RULES) -> list[Coverage]:
    """Return one row per published count that was known on a day, by country, kind and date."""
    found: list[Coverage] = []
    for count in registry.counts:
        source = registry.sources[count.source]
        if source.known > known:
            continue
        last = count.when.window.last
        on = source.known if isinf(last) else int(last)
        like = registry.counted(count)
        wanted = COUNTED[count.says]
        alike = [v.id for v in like if on_day(v.claims, on, known, rules) in wanted]
        found.append(Coverage(count, source, on, tuple(v.id for v in like), tuple(alike)))
    return sorted(found, key=lambda row: (row.count.country, row.count.kind or "", row.on))


def _alike(says: str) -> str:
    """Return the statuses that are counted beside a published count, in words."""
    names = [status.replace("-", " ") for status in COUNTED[says]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _noun(kind: str | None, number: int) -> str:
    plurals = {"company": "companies", "embassy": "embassies", "other": "venues", None: "venues"}
    if number == 1:
        return "venue" if kind in (None, "other") else str(kind)
    return plurals.get(kind, f"{kind}s")
