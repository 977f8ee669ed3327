"""Questions to a registry, each a function that returns a documented frame.

Every function takes a `outposts.Registry`, the day ``known`` whose knowledge counts (today if left
out), the constants ``rules`` and the filters of `Registry.select`, and returns one row per thing
told, sorted, with the ids of the claims behind it. None of them weighs evidence: statuses, reasons
and claims are those of `outposts.Venue.status` and `outposts.Venue.history`.

A day is an ISO string, a ``date``, a ``datetime`` or a pandas timestamp. In the frames days are
``datetime64[s]`` (NaT where there is none), codes and texts strings, and ``for``, ``against`` and
other ids lists of strings; each module's table of columns gives the types. ``lon`` and ``lat`` are
degrees, EPSG:4326. Importing this package loads geopandas; `outposts.plots` draws the same answers.
"""

from __future__ import annotations

from outposts.questions.changes import changed
from outposts.questions.counts import coverage
from outposts.questions.deadline import open_after
from outposts.questions.lifetimes import lifetimes, survival
from outposts.questions.months import monthly
from outposts.questions.recheck import recheck
from outposts.questions.support import single_source
from outposts.questions.thresholds import sensitivity

__all__ = [
    "changed",
    "coverage",
    "lifetimes",
    "monthly",
    "open_after",
    "recheck",
    "sensitivity",
    "single_source",
    "survival",
]
