"""One English sentence for an answer, made from the claims that it rests on.

A sentence names no day of asking, so that it holds for every day of a run.
"""

from __future__ import annotations

from collections.abc import Sequence

from outposts.models import Claim
from outposts.rules import Rules

# Reasons that rest on sightings: what is against them has been weighed and did not decide.
SEEN = ("seen-open", "open-before-and-after", "not-seen-lately", "weak-evidence", "not-seen-for-long")  # fmt: skip
MOST_NAMED = 3  # claims that a sentence names before it only counts the others


def told(claims: Sequence[Claim]) -> str:
    """Return when and by whom, such as ``in April 2020 (Southeast Asia Globe)``.

    Claims with the same date share one phrase; after `MOST_NAMED` sources the rest are counted.
    """
    phrases: dict[str, list[str]] = {}
    named = 0
    for claim in claims:
        labels = phrases.setdefault(claim.when.phrase, []) if named < MOST_NAMED else None
        if labels is None:
            break
        named += 1
        if claim.source.label not in labels:
            labels.append(claim.source.label)
    parts = [f"{phrase} ({', '.join(labels)})" for phrase, labels in phrases.items()]
    more = len(claims) - named
    if more:
        parts.append(f"{more} more {'claim' if more == 1 else 'claims'}")
    return _listed(parts)


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def explain(reason: str, for_: Sequence[Claim], against: Sequence[Claim], rules: Rules) -> str:
    """Return the sentence that goes with a reason and the claims for and against the status."""
    sightings = [claim for claim in for_ if claim.says in ("open", "opened")]
    last = sorted(sightings, key=lambda claim: (claim.window.last, claim.id))[-1:]
    seen = "Reported to have opened" if last and last[0].says == "opened" else "Seen open"
    lately = f"{seen} {told(last)}"
    if reason == "seen-open":
        text = lately
    elif reason == "open-before-and-after":
        after = [claim for claim in for_ if claim.says in ("closed", "suspended")]
        if after:
            word = "closing" if after[0].says == "closed" else "being shut for a time"
            text = f"{_first(sightings)}, and the next report is of its {word}, {told(after)}"
        else:
            text = f"{_first(sightings)}, and again {told(last)}"
    elif reason == "not-seen-lately":
        text = f"Last s{lately[1:]}" if seen == "Seen open" else lately
        text += f", more than {rules.fresh} days before"
        if not against:
            text += "; nothing since says otherwise"
    elif reason == "weak-evidence":
        text = f"{lately}, on weak evidence only"
    elif reason == "not-seen-for-long":
        text = f"Last s{lately[1:]}" if seen == "Seen open" else lately
        text += f", more than {rules.stale} days before: too long ago to say"
    elif reason == "reported-closed":
        text = f"Reported closed {told(for_)}"
    elif reason == "weak-sighting-set-aside":
        text = f"Reported closed {told(for_)}; weak evidence that it was open, {told(against)}, is set aside"
    elif reason == "seen-open-soon-after":
        text = f"Reported closed {told(against)}, yet seen open soon after, {told(for_)}"
    elif reason == "closed-and-open":
        text = (
            f"Reported closed {told(against)}, yet seen open {told(for_)}: sources of equal weight"
        )
    elif reason == "stale-dispute":
        text = (
            f"Reported closed {told(against)}, yet seen open {told(for_)}; "
            f"the last sighting is more than {rules.stale} days old"
        )
    elif reason == "closing":
        text = f"Reported closed {told(for_)}: on some day around this one"
    elif reason == "opening":
        text = f"Reported to have opened {told(for_)}: on some day around this one"
    elif reason == "before-opening":
        text = f"Reported to have opened later, {told(for_)}"
    elif reason == "reported-suspended":
        text = f"Reported shut for a time {told(for_)}"
    elif reason == "stale-suspension":
        text = (
            f"Reported shut for a time {told(for_)}, more than {rules.stale} days before; "
            "nothing says whether it opened again"
        )
    elif reason == "no-evidence-yet":
        text = "What is known speaks of later days only"
    else:
        text = "No claim says whether it was open"
    if against and reason in SEEN:
        text += f"; yet reported closed {told(against)}, which does not outweigh it"
    return f"{text}."


def _first(sightings: Sequence[Claim]) -> str:
    earliest = sorted(sightings, key=lambda claim: (claim.window.last, claim.id))[:1]
    opened = earliest and earliest[0].says == "opened"
    return f"{'Reported to have opened' if opened else 'Seen open'} {told(earliest)}"
