"""What the status of a venue was on a day, as far as was known on a day: rules, version 1.

This is the one place where evidence is weighed. It reads claims only, in any order; it does
no input or output and does not ask what day it is. All days are integers (days since
1970-01-01), all windows inclusive, all constants days.

The rules are numbered as in ``docs/status-rules.md``. Where they leave a choice, a comment
says which reading was taken and why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import NamedTuple

from outposts.dates import Window
from outposts.models import Claim
from outposts.rules import CLASSES, RULES, Reason, Rules, Status
from outposts.sentences import explain


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of a venue on the day ``on``, as known on the day ``known``.

    ``for_`` and ``against`` are ids of claims; of a disputed venue, ``for_`` holds those that
    say it was open. ``since`` is the first day of the unbroken stretch of this status (None if
    it has no beginning), ``changes_on`` the day on which the status becomes another if nothing
    new is learned (None if never), ``last_seen_open`` the last day up to ``on`` on which a
    sighting proves it open (None if none does). ``single_source`` is true if the status rests
    on one claim alone.
    """

    on: int
    known: int
    status: Status
    reason: Reason
    for_: tuple[str, ...]
    against: tuple[str, ...]
    since: int | None
    changes_on: int | None
    last_seen_open: int | None
    single_source: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class Run:
    """A maximal run of days with one status and reason: ``start`` included, ``end`` not.

    None stands for an open beginning or end. ``for_`` and ``against`` are the ids of all claims
    that count on some day of the run.
    """

    start: int | None
    end: int | None
    status: Status
    reason: Reason
    for_: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A maximal run of days on which everything about the answer is the same.

    ``start`` is None for the first. ``seen_until`` is the last day that a sighting begun by then
    proves open; on a day before it, the venue was last seen open on that very day.
    """

    start: int | None
    status: Status
    reason: Reason
    for_: tuple[str, ...]
    against: tuple[str, ...]
    seen_until: int | None
    single_source: bool
    explanation: str


def answer(claims: Iterable[Claim], on: int, known: int, rules: Rules = RULES) -> Answer:
    """Return the status on the day ``on`` by the claims known on the day ``known``.

    The order of the claims and repeats of a claim make no difference.
    """
    case = _Case(claims, known, rules)
    verdict = case.weigh(on)
    return Answer(
        on=on,
        known=known,
        status=verdict.status,
        reason=verdict.reason,
        for_=_ids(verdict.for_),
        against=_ids(verdict.against),
        since=case.since(on, verdict.status),
        changes_on=case.changes_on(on, verdict.status),
        last_seen_open=_finite(min(verdict.seen_until, on)),
        single_source=case.rests_on_one(on, verdict),
        explanation=explain(verdict.reason, verdict.for_, verdict.against, rules),
    )


def on_day(claims: Iterable[Claim], on: int, known: int, rules: Rules = RULES) -> Status:
    """Return the status of `answer` and no more: many times as fast where many venues are counted."""
    return _Case(claims, known, rules).weigh(on).status


def history(claims: Iterable[Claim], known: int, rules: Rules = RULES) -> list[Run]:
    """Return the runs of status and reason, from the earliest to the last, without gaps.

    For every day they say what `answer` says.
    """
    runs: list[tuple[float, Status, Reason, dict[str, None], dict[str, None]]] = []
    for start, verdict in _Case(claims, known, rules).walk():
        if not runs or (verdict.status, verdict.reason) != runs[-1][1:3]:
            runs.append((start, verdict.status, verdict.reason, {}, {}))
        runs[-1][3].update(dict.fromkeys(_ids(verdict.for_)))
        runs[-1][4].update(dict.fromkeys(_ids(verdict.against)))
    ends = [run[0] for run in runs[1:]] + [inf]
    return [
        Run(_finite(start), _finite(end), status, reason, tuple(for_), tuple(against))
        for (start, status, reason, for_, against), end in zip(runs, ends, strict=True)
    ]


def stretches(claims: Iterable[Claim], known: int, rules: Rules = RULES) -> list[Stretch]:
    """Return the answers for every day, as a list of runs of equal answers without gaps."""
    case = _Case(claims, known, rules)
    walk = list(case.walk())
    ends = [start for start, _ in walk[1:]] + [inf]
    return [
        Stretch(
            start=_finite(day),
            status=verdict.status,
            reason=verdict.reason,
            for_=_ids(verdict.for_),
            against=_ids(verdict.against),
            seen_until=_finite(verdict.seen_until),
            single_source=alone,
            explanation=explain(verdict.reason, verdict.for_, verdict.against, rules),
        )
        for (start, verdict), end in zip(walk, ends, strict=True)
        for day, alone in case.single_sources(start, end, verdict)
    ]


def counts(claim: Claim, known: int) -> bool:
    """Return whether a claim is known on a day and not retracted by then: rule 0."""
    return claim.known <= known and (claim.hidden is None or claim.hidden > known)


class _Sighting(NamedTuple):
    """An ``open`` or ``opened`` claim: it proves open from ``proves``, as late as ``last``."""

    first: float
    proves: float
    last: float
    claim: Claim

    def covers(self, day: float) -> bool:
        return self.claim.says == "open" and self.proves <= day <= self.last


class _Suspension(NamedTuple):
    begins: float
    last: float
    claim: Claim


class _Change(NamedTuple):
    """One closing or one opening, as told by one or more claims."""

    window: Window
    weak: bool
    claims: tuple[Claim, ...]


class _Verdict(NamedTuple):
    status: Status
    reason: Reason
    for_: tuple[Claim, ...] = ()
    against: tuple[Claim, ...] = ()
    seen_until: float = -inf


class _Case:
    """The claims known on a day, sorted into sightings, closings, suspensions and openings."""

    __slots__ = (
        "_breaks",
        "_claims",
        "_known",
        "_others",
        "_rules",
        "closings",
        "openings",
        "sightings",
        "suspensions",
    )

    def __init__(self, claims: Iterable[Claim], known: int, rules: Rules) -> None:
        # Rule 0. A claim given twice is one claim; the order is made the same for all.
        heard = {claim.id: claim for claim in claims if counts(claim, known)}
        self._claims = sorted(heard.values(), key=_claim_order)
        self._known = known
        self._rules = rules
        self._breaks: list[int] | None = None
        self._others: dict[str, _Case] = {}
        self.sightings: list[_Sighting] = []
        self.suspensions: list[_Suspension] = []
        closed: list[Claim] = []
        opened: list[Claim] = []
        for claim in self._claims:
            first, last = claim.when.window
            if claim.says == "closed":
                closed.append(claim)
                continue
            if claim.says == "opened":
                opened.append(claim)
                self.sightings.append(_Sighting(first, last, last, claim))  # rule 1
                continue
            if last > claim.known:  # rule 0: nobody sees the future
                last = claim.known
                if first > last:
                    continue
            wide = not claim.when.extent and last - first + 1 > rules.direct
            if claim.says == "open":
                self.sightings.append(_Sighting(first, last if wide else first, last, claim))
            else:
                # "Shut for a time, as of D" has no first day; what is sure begins on D.
                self.suspensions.append(_Suspension(last if isinf(first) else first, last, claim))
        self.closings = _changes(closed, [sighting.first for sighting in self.sightings])
        # An opening seen open, or closed, before another opening is told of, is not that one.
        seen = [s.first for s in self.sightings if s.claim.says == "open"]
        self.openings = _changes(opened, seen + [c.when.window.first for c in closed])

    @property
    def breaks(self) -> list[int]:
        """Days on which the answer may become another; between two of them it cannot."""
        if self._breaks is None:
            rules = self._rules
            found: set[float] = set()
            begins: list[float] = []
            for first, proves, last, _ in self.sightings:
                begins.append(first)
                found.update((proves, last + 1, last + rules.fresh + 1, last + rules.stale + 1))
            for closing in self.closings:
                begins.append(closing.window.first)
                found.add(closing.window.last)
                found.update(claim.when.window.last for claim in closing.claims)
            for first, last, _ in self.suspensions:
                begins.append(first)
                found.add(last + rules.stale + 1)
            for opening in self.openings:
                found.update(opening.window)
            found.update(begins)
            found.update(first - rules.bridge for first in begins)
            self._breaks = sorted(int(day) for day in found if not isinf(day))
        return self._breaks

    def walk(self) -> Iterator[tuple[float, _Verdict]]:
        """Yield the first day of each run of equal verdicts, from minus infinity on."""
        breaks = self.breaks
        before = self.weigh(breaks[0] - 1 if breaks else 0)
        yield -inf, before
        for day in breaks:
            verdict = self.weigh(day)
            if verdict != before:
                yield day, verdict
                before = verdict

    def since(self, on: int, status: Status) -> int | None:
        """Return the first day of the stretch of ``status`` that ``on`` lies in."""
        breaks = self.breaks
        for index in range(bisect_right(breaks, on) - 1, -1, -1):
            if self.weigh(breaks[index] - 1).status != status:
                return breaks[index]
        return None

    def changes_on(self, on: int, status: Status) -> int | None:
        """Return the first later day with another status."""
        breaks = self.breaks
        for index in range(bisect_right(breaks, on), len(breaks)):
            if self.weigh(breaks[index]).status != status:
                return breaks[index]
        return None

    def rests_on_one(self, on: float, verdict: _Verdict) -> bool:
        """Return whether, without some one claim, the status would be another."""
        cases = (self._without(claim) for claim in verdict.for_)
        return any(case.weigh(on).status != verdict.status for case in cases)

    def single_sources(
        self, start: float, end: float, verdict: _Verdict
    ) -> Iterator[tuple[float, bool]]:
        """Yield the days in a run of one verdict, its first included, on which that becomes so or not."""
        turns = {
            day
            for claim in verdict.for_
            for day in self._without(claim).breaks
            if start < day < end
        }
        first = min([*turns, end, 0.0]) - 1 if isinf(start) else start
        before = self.rests_on_one(first, verdict)
        yield start, before
        for day in sorted(turns):
            alone = self.rests_on_one(day, verdict)
            if alone != before:
                yield day, alone
                before = alone

    def _without(self, left_out: Claim) -> _Case:
        """Return the case without one of its claims; each is made once."""
        if left_out.id not in self._others:
            others = [claim for claim in self._claims if claim is not left_out]
            self._others[left_out.id] = _Case(others, self._known, self._rules)
        return self._others[left_out.id]

    def weigh(self, on: float) -> _Verdict:
        """Return the status on a day, rules 3 to 7."""
        rules = self._rules
        seen = [sighting for sighting in self.sightings if sighting.proves <= on]
        seen_until = max((sighting.last for sighting in seen), default=-inf)

        def verdict(
            status: Status,
            reason: Reason,
            for_: Iterable[Claim] = (),
            against: Iterable[Claim] = (),
        ) -> _Verdict:
            return _Verdict(status, reason, tuple(for_), tuple(against), seen_until)

        # Rule 3. What happened before a closing says nothing about the days after it, so all
        # that follows looks at the sightings after it: `seen` by now, `coming` whenever.
        coming = self.sightings
        set_aside: tuple[Claim, ...] = ()
        done = [closing for closing in self.closings if closing.window.last <= on]
        later = self.closings[len(done) :]
        if done:
            closing = done[-1]
            end = closing.window.last
            coming = [sighting for sighting in coming if sighting.first > end]
            seen = [sighting for sighting in coming if sighting.proves <= on]
            if not seen:
                return verdict(*self._just_closed(closing, coming, later))
            reopened = min(sighting.first for sighting in seen) - end > rules.reopen
            if not reopened and all(sighting.claim.says == "open" for sighting in seen):
                told = [sighting.claim for sighting in seen]
                weak = all(claim.weak for claim in told)
                if weak and not closing.weak:
                    return verdict("closed", "weak-sighting-set-aside", closing.claims, told)
                if weak == closing.weak:
                    fresh = on - max(sighting.last for sighting in seen) <= rules.stale
                    if fresh:
                        return verdict("disputed", "closed-and-open", told, closing.claims)
                    return verdict("unknown", "stale-dispute", told, closing.claims)
                set_aside = closing.claims

        covering = [sighting for sighting in seen if sighting.covers(on)]
        last_seen = max((min(sighting.last, on) for sighting in seen), default=-inf)

        # Rule 4.
        if not covering:
            for closing in later:
                first, last = closing.window
                if first <= on < last and not isinf(first) and not isinf(last):
                    return verdict("unknown", "closing", closing.claims)

        # Rule 5.
        if not covering:
            shut = [s for s in self.suspensions if s.begins <= on and s.begins > last_seen]
            if shut:
                claims = [suspension.claim for suspension in shut]
                if on - max(suspension.last for suspension in shut) <= rules.stale:
                    return verdict("suspended", "reported-suspended", claims)
                return verdict("unknown", "stale-suspension", claims)

        # Rule 6. The opening that counts is the first: an earlier one would have been seen.
        if not seen:
            if self.openings:
                opening = self.openings[0]
                if on < opening.window.first:
                    return verdict("not-yet-open", "before-opening", opening.claims)
                return verdict("unknown", "opening", opening.claims)
            some = self.sightings or self.closings or self.suspensions
            return verdict("unknown", "no-evidence-yet" if some else "no-evidence")

        # A claim that says it had closed by now, but belongs to a closing that others date
        # later, does not decide; it is told all the same, or a contradiction would be hidden.
        denied = {c for change in later for c in change.claims if c.when.window.last <= on}
        against = (*set_aside, *(c for c in self._claims if c in denied))

        # Rule 7. Only the sightings that are fresh themselves can say that it is open: an old
        # firm one does not make a late rumour firm.
        recent = [sighting for sighting in seen if on - sighting.last <= rules.fresh]
        if any(not sighting.claim.weak for sighting in recent):
            return verdict("open", "seen-open", _told(recent), against)
        latest = [sighting for sighting in seen if min(sighting.last, on) == last_seen]
        bridge = self._next_after(on, coming, later)
        if bridge and bridge[0] <= last_seen + rules.bridge:
            both = (*_told(latest), *(c for c in bridge[1] if c not in denied))
            return verdict("open", "open-before-and-after", both, against)
        age = on - last_seen
        if age <= rules.fresh:
            return verdict("presumed-open", "weak-evidence", _told(recent), against)
        if age <= rules.stale:
            return verdict("presumed-open", "not-seen-lately", _told(latest), against)
        return verdict("unknown", "not-seen-for-long", _told(latest), against)

    def _just_closed(
        self, closing: _Change, coming: Sequence[_Sighting], later: Sequence[_Change]
    ) -> tuple[Status, Reason, tuple[Claim, ...], tuple[Claim, ...]]:
        """Rule 3, where nothing proves it open again by the day asked about."""
        end = closing.window.last
        before = min((change.window.last for change in later), default=inf)
        soon = [s for s in coming if s.first - end <= self._rules.reopen and s.first < before]
        if soon:
            earliest = min(sighting.first for sighting in soon)
            # An opening told for the same first day explains the sighting: no contradiction.
            opened = any(s.claim.says == "opened" for s in soon if s.first == earliest)
            told = tuple(s.claim for s in soon if s.claim.says == "open")
            if not opened and (closing.weak or any(not claim.weak for claim in told)):
                return "disputed", "seen-open-soon-after", told, closing.claims
        return "closed", "reported-closed", closing.claims, ()

    def _next_after(
        self, on: float, coming: Sequence[_Sighting], later: Sequence[_Change]
    ) -> tuple[float, tuple[Claim, ...]] | None:
        """Return the first day, and the claims, of what is next told of after a day."""
        events: list[tuple[float, tuple[Claim, ...]]] = [
            (s.first, (s.claim,)) for s in coming if not s.claim.weak and s.first > on
        ]
        events += [(c.window.first, c.claims) for c in later if c.window.first > on]
        events += [(s.begins, (s.claim,)) for s in self.suspensions if s.begins > on]
        if not events:
            return None
        first = min(day for day, _ in events)
        return first, tuple(claim for day, claims in events if day == first for claim in claims)


def _changes(claims: Iterable[Claim], between: Sequence[float]) -> list[_Change]:
    """Rule 2: claims of one kind of change, gathered into changes, from the first to the last.

    ``between`` holds the first days of what separates two changes of this kind: sightings
    separate closings; closings and sightings separate openings.
    """
    groups: list[list[Claim]] = []
    for claim in sorted(claims, key=_change_order):
        last = claim.when.window.last
        if groups:
            ended = groups[-1][-1].when.window.last
            if not any(ended < day <= last for day in between):
                groups[-1].append(claim)
                continue
        groups.append([claim])
    return [
        _Change(
            _change_window([claim.when.window for claim in group]),
            all(claim.weak for claim in group),
            tuple(sorted(group, key=_claim_order)),
        )
        for group in groups
    ]


def _change_window(windows: Sequence[Window]) -> Window:
    """Rule 2: the window of one change that several claims tell of."""
    finest = min(_class(window) for window in windows)
    fine = [window for window in windows if _class(window) == finest]
    first, last = max(w.first for w in fine), min(w.last for w in fine)
    if first > last:
        first, last = min(w.first for w in fine), max(w.last for w in fine)
    coarse = [window for window in windows if _class(window) != finest]
    for window in sorted(coarse, key=lambda w: (w.width, w.first, w.last)):
        if window.first <= last and window.last >= first:
            first, last = max(first, window.first), min(last, window.last)
    return Window(first, last)


def _class(window: Window) -> int:
    """Return the class of a window's width, the most precise first; the last is open-ended."""
    if isinf(window.width):
        return len(CLASSES) + 1
    return sum(window.width > most for most in CLASSES)


def _told(sightings: Iterable[_Sighting]) -> tuple[Claim, ...]:
    return tuple(sighting.claim for sighting in sightings)


def _claim_order(claim: Claim) -> tuple[float, float, str]:
    window = claim.when.window
    return (window.first, window.last, claim.id)


def _change_order(claim: Claim) -> tuple[float, float, str]:
    window = claim.when.window
    return (window.last, window.first, claim.id)


def _ids(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(claim.id for claim in claims)


def _finite(day: float) -> int | None:
    return None if isinf(day) else int(day)
