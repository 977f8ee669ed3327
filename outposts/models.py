"""The records of a registry: what a person writes, checked field by field; no input or output.

The classes here mirror the files of a registry (see ``geodata/registry/README.md``). All are
frozen. Every scalar of a file arrives as a string, or as None where it was left empty.
Coordinates are degrees in EPSG:4326, ``lon`` before ``lat``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isinf
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from outposts import dates
from outposts.dates import Edtf, Window

Says = Literal["opened", "open", "suspended", "closed"]
Kind = Literal[
    "restaurant",
    "museum",
    "company",
    "office",
    "market",
    "hotel",
    "clinic",
    "embassy",
    "monument",
    "other",
]
Precision = Literal["building", "street", "district", "place"]
Method = Literal["source", "geocoder", "survey", "imagery"]
SourceKind = Literal[
    "news",
    "official",
    "un-report",
    "review",
    "blog",
    "reference",
    "company",
    "social",
    "photo",
]
EventKind = Literal["resolution", "deadline", "incident", "enforcement"]
RELATIONS = ("moved_to", "moved_from", "same_premises_as", "duplicate_of")
QUOTE_LENGTH = 300  # characters: what may be quoted without leave nearly everywhere


def _edtf(value: Any) -> Edtf:
    if isinstance(value, Edtf):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a date")
    return dates.parse(value)


def _day(value: Any) -> int:
    return value if isinstance(value, int) else dates.day(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "True", "TRUE"):
        return True
    if value in ("false", "False", "FALSE"):
        return False
    raise ValueError(f"{value!r} is not true or false")


def _url(value: str) -> str:
    if not re.match(r"https?://[^\s/]+", value):
        raise ValueError(f"{value!r} is not a web address that begins with http:// or https://")
    return value


def _country(value: str) -> str:
    if not re.fullmatch("[A-Z]{2}", value):
        raise ValueError(f"{value!r} is not an ISO 3166-1 code of two capital letters")
    return value


def _quote(value: str) -> str:
    if len(value) > QUOTE_LENGTH:
        raise ValueError(f"{len(value)} characters; a quote may have {QUOTE_LENGTH}")
    return value


def _single(value: Any) -> Any:
    """An address may be one mapping or a list of them."""
    return [value] if isinstance(value, dict) else value


_DATE_SCHEMA = WithJsonSchema({"type": "string", "description": "an EDTF date"})
_DAY_SCHEMA = WithJsonSchema({"type": "string", "format": "date"})
Text = Annotated[str, Field(min_length=1)]
Quote = Annotated[str, AfterValidator(_quote)]
Url = Annotated[str, AfterValidator(_url)]
Country = Annotated[str, AfterValidator(_country)]
Date = Annotated[Edtf, BeforeValidator(_edtf), _DATE_SCHEMA]
Day = Annotated[int, BeforeValidator(_day), _DAY_SCHEMA]
Flag = Annotated[bool, BeforeValidator(_flag)]


class Record(BaseModel):
    """A frozen record that takes no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Name(Record):
    """What a source calls a venue or an organisation; ``lang`` is an ISO 639 code."""

    name: Text
    lang: str | None = None
    source: str | None = None


class Operator(Record):
    """An organisation said to run a venue."""

    organisation: str
    source: str | None = None
    note: str | None = None


class Address(Record):
    """An address as printed by its source."""

    text: Text
    source: str | None = None


class Point(Record):
    """A position in degrees (EPSG:4326); ``radius_m`` says in metres how far off it can be."""

    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    precision: Precision
    radius_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    method: Method
    by: Text
    on: Day | None = None


class Location(Record):
    """Where a venue is, as exactly as is known: a country, perhaps a town, perhaps a point."""

    country: Country
    place: str | None = None
    address: Annotated[tuple[Address, ...], BeforeValidator(_single)] = ()
    point: Point | None = None


class Retraction(Record):
    """When and why a claim was withdrawn; it is hidden from its own day on."""

    on: Day
    why: Text


class Telling(Record):
    """What every statement about a status has: its words, its date and its source."""

    says: Says
    when: Date
    source: str
    quote: Quote | None = None
    lang: str = "en"
    translation: str | None = None
    stated: str | None = None
    weak: Flag = False
    note: str | None = None
    retracted: Retraction | None = None

    @model_validator(mode="after")
    def _extent_suits(self) -> Telling:
        if self.when.extent and self.says not in ("open", "suspended"):
            raise ValueError(
                f"when: {self.when.text!r} is an extent, and nothing is {self.says} on every day; "
                f'write "[{self.when.text.replace("/", "..", 1)}]" for some day in it'
            )
        return self


class ClaimEntry(Telling):
    """A claim as it stands in a venue's file."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]


class SeeAlso(Record):
    """Identifiers of the same thing elsewhere."""

    wikidata: str | None = None
    osm: str | None = None
    opensanctions: str | None = None


class VenueEntry(Record):
    """One venue file."""

    id: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z0-9]+)+$")]
    kind: Kind
    names: Annotated[tuple[Name, ...], Field(min_length=1)]
    operators: tuple[Operator, ...] = ()
    location: Location
    claims: tuple[ClaimEntry, ...] = ()
    see_also: SeeAlso | None = None
    moved_to: str | None = None
    moved_from: str | None = None
    same_premises_as: str | None = None
    duplicate_of: str | None = None
    notes: str | None = None


class Source(Record):
    """Who says so. ``known`` is the day on which the public could know."""

    title: Text
    publisher: str | None = None
    author: str | None = None
    published: Date | None = None
    accessed: Day | None = None
    url: Url | None = None
    archived: Url | None = None
    lang: str = "en"
    kind: SourceKind
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None

    @model_validator(mode="after")
    def _dated(self) -> Source:
        if self.accessed is None and (self.published is None or isinf(self.published.window.last)):
            raise ValueError("accessed: required where published does not say by which day")
        return self

    @property
    def known(self) -> int:
        """The last day that ``published`` can mean, else the day of access."""
        if self.published is not None and not isinf(self.published.window.last):
            return int(self.published.window.last)
        if self.accessed is None:  # excluded by _dated
            raise ValueError(f"{self.title!r} has no day")
        return self.accessed

    @property
    def label(self) -> str:
        """A short name for a sentence: the publisher, else the title."""
        return self.publisher or self.title


class Organisation(Record):
    """A body that runs venues or stands behind one that does."""

    names: Annotated[tuple[Name, ...], Field(min_length=1)]
    kind: str | None = None
    parent: str | None = None
    notes: str | None = None
    see_also: SeeAlso | None = None

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self.names[0].name


class Event(Record):
    """A dated event that the timeline marks; never evidence of a status."""

    id: Text
    on: Date
    label: Text
    text: str | None = None
    kind: EventKind
    source: str | None = None
    quote: Quote | None = None


class About(Record):
    """Which venues a group claim is about: those that meet every condition given."""

    country: Country | None = None
    kind: Kind | None = None
    operator: str | None = None
    place: str | None = None
    venues: tuple[str, ...] = ()
    except_: Annotated[tuple[str, ...], Field(alias="except")] = ()


class GroupClaim(Telling):
    """One sentence about many venues."""

    id: Text
    about: About


class Count(Record):
    """A published total; it never changes a venue's status."""

    id: Text
    country: Country
    kind: Kind | None = None
    place: str | None = None
    says: Says
    count: Annotated[int, Field(ge=0)]
    when: Date
    source: str
    quote: Quote | None = None
    lang: str = "en"
    translation: str | None = None
    note: str | None = None


class Groups(Record):
    """The file ``groups.yaml``."""

    claims: tuple[GroupClaim, ...] = ()
    counts: tuple[Count, ...] = ()


class Card(Record):
    """The file ``registry.yaml``: what the registry is and who stands behind it."""

    title: Text
    description: str | None = None
    licence: str | None = None
    attribution: str | None = None
    version: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A statement by one source that a venue was opened, open, suspended or closed at a time.

    ``id`` is global (``vn-hanoi-koryo#c1``, or a group claim's own). ``known`` is the day on
    which the public could know it; ``hidden`` the day from which a retraction hides it, or
    None. ``weak`` is true for hearsay and for uncertain dates. ``group`` marks a claim about
    a set of venues. Two claims are equal only if they are the same object.
    """

    id: str
    says: Says
    when: Edtf
    source_id: str
    source: Source
    known: int
    weak: bool = False
    hidden: int | None = None
    group: bool = False
    quote: str | None = None
    lang: str = "en"
    translation: str | None = None
    stated: str | None = None
    note: str | None = None
    retracted: Retraction | None = None

    @property
    def window(self) -> Window:
        """The inclusive days that ``when`` spans."""
        return self.when.window


def claim(entry: Telling, id: str, source: Source, group: bool = False) -> Claim:
    """Return the claim that an entry makes, once its source is known."""
    return Claim(
        id=id,
        says=entry.says,
        when=entry.when,
        source_id=entry.source,
        source=source,
        known=source.known,
        weak=entry.weak or entry.when.uncertain,
        hidden=entry.retracted.on if entry.retracted else None,
        group=group,
        quote=entry.quote,
        lang=entry.lang,
        translation=entry.translation,
        stated=entry.stated,
        note=entry.note,
        retracted=entry.retracted,
    )
