"""The words and the constants of the status rules, version 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Status = Literal[
    "open", "presumed-open", "disputed", "suspended", "closed", "unknown", "not-yet-open"
]
Reason = Literal[
    "seen-open",
    "open-before-and-after",
    "not-seen-lately",
    "weak-evidence",
    "not-seen-for-long",
    "reported-closed",
    "weak-sighting-set-aside",
    "seen-open-soon-after",
    "closed-and-open",
    "stale-dispute",
    "closing",
    "opening",
    "before-opening",
    "reported-suspended",
    "stale-suspension",
    "no-evidence",
    "no-evidence-yet",
]
STATUSES: tuple[Status, ...] = get_args(Status)
REASONS: tuple[Reason, ...] = get_args(Reason)
VERSION = 1

# A claim's precision: the widest window, in days, of each class; then longer, then open-ended.
CLASSES = (3, 31, 92, 366)


@dataclass(frozen=True, slots=True)
class Rules:
    """The constants of the rules, in days. They are conventions, not findings.

    ``fresh``: a sighting this old still says *open*. ``stale``: one this old no longer says
    anything. ``reopen``: a sighting later than this after a closing means that it reopened.
    ``bridge``: two reports this close make the days between them *open*. ``direct``: a sighting
    on an unknown day of a window wider than this proves open only from the window's end.
    """

    fresh: int = 270
    stale: int = 730
    reopen: int = 365
    bridge: int = 1095
    direct: int = 92


RULES = Rules()
