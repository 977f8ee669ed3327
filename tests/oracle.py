"""A second reading of the status rules, written from their text alone, by brute force.

It was made without sight of `outposts.status` and shares no code with it, so that a mistake
in one shows as a disagreement. Where the text leaves a choice, it takes the readings that
`cases/status.json` gives an example of. It knows days, statuses and reasons, no sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

FRESH, STALE, REOPEN, BRIDGE, DIRECT = 270, 730, 365, 1095, 92


class Told(NamedTuple):
    """What a claim says, in days; an open end is infinite."""

    says: str
    first: float
    last: float
    extent: bool = False
    weak: bool = False
    known: float = -inf
    hidden: float = inf

    @property
    def width(self) -> float:
        return self.last - self.first + 1

    @property
    def grade(self) -> int:
        for grade, most in enumerate((3, 31, 92, 366)):
            if self.width <= most:
                return grade
        return 4 if self.width < inf else 5

    @property
    def proves(self) -> float:
        """The first day on which a sighting proves open."""
        if self.says == "opened" or (not self.extent and self.width > DIRECT):
            return self.last
        return self.first


class Change(NamedTuple):
    """A closing or an opening, by all claims that tell of it."""

    first: float
    last: float
    weak: bool


def window(claims: Sequence[Told]) -> tuple[float, float]:
    """Rule 2: the one window of one change told by several claims."""
    best = min(c.grade for c in claims)
    speak = [c for c in claims if c.grade == best]
    first, last = max(c.first for c in speak), min(c.last for c in speak)
    if first > last:  # they differ: no day is common to all
        first, last = min(c.first for c in speak), max(c.last for c in speak)
    coarse = [c for c in claims if c.grade > best]
    for c in sorted(coarse, key=lambda c: (c.width, c.first, c.last)):
        if max(first, c.first) <= min(last, c.last):
            first, last = max(first, c.first), min(last, c.last)
    return first, last


def changes(claims: Iterable[Told], separators: Sequence[Told]) -> list[Change]:
    """Rule 2: neighbours join unless a separator begins surely between them."""
    groups: list[list[Told]] = []
    for c in sorted(claims, key=lambda c: c.last):
        end = max((x.last for x in groups[-1]), default=-inf) if groups else -inf
        if groups and not any(end < s.first <= c.last for s in separators):
            groups[-1].append(c)
        else:
            groups.append([c])
    return [Change(*window(group), all(c.weak for c in group)) for group in groups]


def known_claims(claims: Iterable[Told], clock: float) -> list[Told]:
    """Rule 0: what is known, with what it says of the future cut off."""
    found = []
    for c in claims:
        if c.known > clock or c.hidden <= clock:
            continue
        if c.says in ("open", "suspended"):
            c = c._replace(last=min(c.last, c.known))
            if c.first > c.last:  # an announcement sees nothing
                continue
        if c.says == "suspended" and c.first == -inf:
            c = c._replace(first=c.last)  # "shut for a time, as of D" is sure from D on
        found.append(c)
    return found


def answer(claims: Iterable[Told], day: float, clock: float) -> tuple[str, str]:
    """Return status and reason on ``day``, as known on ``clock``."""
    known = known_claims(claims, clock)
    sightings = [c for c in known if c.says in ("open", "opened")]
    opened = [c for c in known if c.says == "opened"]
    closed = [c for c in known if c.says == "closed"]
    suspended = [c for c in known if c.says == "suspended"]

    def until(s: Told) -> float:
        """The last day up to the one asked about that a sighting proves open."""
        return min(s.last, day)

    # Rule 3.
    closings = changes(closed, sightings)
    done = [c for c in closings if c.last <= day]
    later = [c for c in closings if c.last > day]
    seen = [s for s in sightings if s.proves <= day]
    coming = sightings
    if done:
        closing = done[-1]
        coming = [s for s in sightings if s.first > closing.last]
        seen = [s for s in seen if s.first > closing.last]
        if not seen:
            soon = [
                s
                for s in coming
                if s.first <= closing.last + REOPEN and all(s.first < c.last for c in later)
            ]
            earliest = [s for s in soon if s.first == min(x.first for x in soon)]
            says_open = bool(earliest) and all(s.says == "open" for s in earliest)
            firm = any(s.says == "open" and not s.weak for s in soon)
            if says_open and (closing.weak or firm):
                return "disputed", "seen-open-soon-after"
            return "closed", "reported-closed"
        reopened = min(s.first for s in seen) - closing.last > REOPEN
        if not reopened and all(s.says == "open" for s in seen):
            firm = any(not s.weak for s in seen)
            if not closing.weak and not firm:
                return "closed", "weak-sighting-set-aside"
            if closing.weak != firm:
                if day - max(until(s) for s in seen) <= STALE:
                    return "disputed", "closed-and-open"
                return "unknown", "stale-dispute"

    covered = any(s.says == "open" and s.proves <= day <= s.last for s in seen)
    last_seen = max((until(s) for s in seen), default=-inf)

    # Rule 4.
    for c in later:
        if -inf < c.first <= day and c.last < inf and not covered:
            return "unknown", "closing"

    # Rule 5.
    now = [s for s in suspended if s.first <= day and s.first > last_seen]
    if now and not covered:
        if day - max(s.last for s in now) <= STALE:
            return "suspended", "reported-suspended"
        return "unknown", "stale-suspension"

    # Rule 6.
    if not seen:
        if opened:
            separators = [c for c in known if c.says in ("open", "closed")]
            if day >= changes(opened, separators)[0].first:
                return "unknown", "opening"
            return "not-yet-open", "before-opening"
        return "unknown", "no-evidence-yet" if known else "no-evidence"

    # Rule 7.
    age = day - last_seen
    if any(not s.weak and day - until(s) <= FRESH for s in seen):
        return "open", "seen-open"
    begins = [s.first for s in coming if not s.weak]
    begins += [c.first for c in later]
    begins += [s.first for s in suspended]
    if any(day < first <= last_seen + BRIDGE for first in begins):
        return "open", "open-before-and-after"
    if age <= FRESH:
        return "presumed-open", "weak-evidence"
    if age <= STALE:
        return "presumed-open", "not-seen-lately"
    return "unknown", "not-seen-for-long"
