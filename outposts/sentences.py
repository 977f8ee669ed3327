"""The sentence for an answer, made from the claims that it rests on: as data, and in words.

A sentence names no day of asking, so that it holds for every day of a run. The page words the
same data in its reader's language (``sentence.js``); ``tests/cases/sentences.json`` holds both to one wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from outposts.models import Claim
from outposts.rules import Rules
from outposts.words import Words, fill, words

MOST_NAMED = 3  # claims that a sentence names before it only counts the others

# Reasons that rest on sightings: what is against them has been weighed and did not decide.
SEEN = ("seen-open", "open-before-and-after", "not-seen-lately", "weak-evidence", "not-seen-for-long")  # fmt: skip

Clause = Literal["told", "seen", "opened", "lastSeen", "outweighed", "unopposed"]
TAILS = ("outweighed", "unopposed")


class Told(NamedTuple):
    """Claims that a sentence names in one place, and the clause that names them."""

    clause: Clause
    claims: tuple[Claim, ...]


class Sentence(NamedTuple):
    """A sentence as data: its key in the vocabulary's ``sentences``, and what fills {one} and {two}.

    What is told of in one of the clauses `TAILS` follows the sentence.
    """

    key: str
    told: tuple[Told, ...]


def sentence(reason: str, for_: Sequence[Claim], against: Sequence[Claim]) -> Sentence:
    """Return the sentence that goes with a reason and the claims for and against the status."""
    sightings = sorted(
        (claim for claim in for_ if claim.says in ("open", "opened")),
        key=lambda claim: (claim.window.last, claim.id),
    )
    first, last = tuple(sightings[:1]), tuple(sightings[-1:])
    if reason in SEEN:
        key, slots = reason, [_seen(last)]
        if reason == "open-before-and-after":
            ended = tuple(claim for claim in for_ if claim.says in ("closed", "suspended"))
            key = f"open-then-{ended[0].says}" if ended else reason
            slots = [_seen(first), Told("told", ended or last)]
        elif reason in ("not-seen-lately", "not-seen-for-long"):
            slots = [_seen(last, "lastSeen")]
        if against:
            slots.append(Told("outweighed", tuple(against)))
        elif reason == "not-seen-lately":
            slots.append(Told("unopposed", ()))
        return Sentence(key, tuple(slots))
    if reason in ("no-evidence", "no-evidence-yet"):
        return Sentence(reason, ())
    both = (Told("told", tuple(for_)), Told("told", tuple(against)))
    if reason in ("seen-open-soon-after", "closed-and-open", "stale-dispute"):
        return Sentence(reason, both[::-1])
    return Sentence(reason, both if reason == "weak-sighting-set-aside" else both[:1])


def explain(
    reason: str,
    for_: Sequence[Claim],
    against: Sequence[Claim],
    rules: Rules,
    lang: str = "en",
) -> str:
    """Return that sentence in words."""
    own = words(lang)
    key, slots = sentence(reason, for_, against)
    parts = [fill(own.table["clauses"][slot.clause], told=told(slot.claims, own)) for slot in slots]
    tail = parts.pop() if slots and slots[-1].clause in TAILS else ""
    named = dict(zip(("one", "two"), parts, strict=False))
    text = fill(own.table["sentences"][key], fresh=rules.fresh, stale=rules.stale, **named)
    return text + tail + own.text("stop")


def told(claims: Sequence[Claim], own: Words) -> str:
    """Return when and by whom, such as ``in April 2020 (Southeast Asia Globe)``.

    Claims with the same date share one phrase; after `MOST_NAMED` claims the rest are counted.
    """
    phrases: dict[str, list[str]] = {}
    for claim in claims[:MOST_NAMED]:
        labels = phrases.setdefault(own.phrase(claim.when.form), [])
        if claim.source.label not in labels:
            labels.append(claim.source.label)
    parts = [
        own.text("toldBy", when=phrase, sources=own.table["lists"]["and"][0].join(labels))
        for phrase, labels in phrases.items()
    ]
    if len(claims) > MOST_NAMED:
        parts.append(own.text("moreClaims", n=len(claims) - MOST_NAMED))
    return own.listed(parts)


def _seen(sighting: tuple[Claim, ...], clause: Clause = "seen") -> Told:
    opened = sighting and sighting[0].says == "opened"
    return Told("opened" if opened else clause, sighting)
