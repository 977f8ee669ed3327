"""What can go wrong, as a few named errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class OutpostsError(Exception):
    """Base of every error that Outposts raises on purpose."""


class DateError(OutpostsError, ValueError):
    """A date that the EDTF profile does not take; the message carries the value and a way out."""


class PlaceNotFound(OutpostsError, LookupError):
    """A town that the gazetteer does not hold; the message names the nearest ones."""


class UnknownName(OutpostsError, LookupError):
    """A venue, country, status or other code that does not exist; the message names the nearest ones."""


class MapError(OutpostsError, ValueError):
    """A map definition that cannot be rendered."""


class FrameError(OutpostsError, ValueError):
    """A GeoDataFrame that cannot be measured: no CRS, no points, no such column."""


class RevisionError(OutpostsError):
    """A git revision that cannot be read: no git, no repository, no registry in it."""


class ExportError(OutpostsError, ValueError):
    """A file that cannot be written, or a format that cannot hold the data; what was there is unchanged."""


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in one file.

    ``line`` and ``column`` count from 1; ``field`` is a path such as ``claims[1].when``
    and may be empty; ``level`` is ``error`` or ``warning``.
    """

    path: str
    line: int
    column: int
    field: str
    problem: str
    level: str = "error"

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.path}:{self.line}:{self.column}: {field}{self.problem}"


class RegistryError(OutpostsError):
    """A registry that cannot be loaded; ``problems`` lists every fault in every file, sorted."""

    what = "the registry"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__("\n".join([f"{self.what} has {count} {noun}:", *map(str, self.problems)]))


class DefinitionError(RegistryError):
    """A map definition with faults; ``problems`` lists them."""

    what = "the map definition"
