"""Outposts: what was open, when, and who says so.

Heavy libraries load when they are used, so that importing this package is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outposts import export, plots, questions, spatial
    from outposts.errors import OutpostsError, Problem, RegistryError
    from outposts.models import Claim
    from outposts.registry import Registry, load
    from outposts.render.map import Map
    from outposts.render.timeline import StatusTimeline
    from outposts.rules import Rules
    from outposts.status import Answer, Run
    from outposts.venue import Venue

__version__ = "0.1.0"

_HOMES = {
    "Answer": "outposts.status",
    "Claim": "outposts.models",
    "Map": "outposts.render.map",
    "OutpostsError": "outposts.errors",
    "Problem": "outposts.errors",
    "Registry": "outposts.registry",
    "RegistryError": "outposts.errors",
    "Rules": "outposts.rules",
    "Run": "outposts.status",
    "StatusTimeline": "outposts.render.timeline",
    "Venue": "outposts.venue",
    "load": "outposts.registry",
}

_PARTS = ("export", "plots", "questions", "spatial")

__all__ = [
    "Answer",
    "Claim",
    "Map",
    "OutpostsError",
    "Problem",
    "Registry",
    "RegistryError",
    "Rules",
    "Run",
    "StatusTimeline",
    "Venue",
    "export",
    "load",
    "plots",
    "questions",
    "spatial",
]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"outposts.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
