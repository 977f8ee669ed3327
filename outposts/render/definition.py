"""A map definition, ``maps/<name>.yaml``: what a page shows and how it begins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from outposts import dates
from outposts.errors import DefinitionError, MapError, OutpostsError, Problem
from outposts.models import Record, Text
from outposts.records import problems_of
from outposts.registry import Registry
from outposts.render.embed import Place, folder
from outposts.render.tiles import OWN, tiles
from outposts.rules import RULES, Rules
from outposts.venue import Venue
from outposts.yamlfile import read

if TYPE_CHECKING:
    from outposts.render.map import Map


def _day(value: Any) -> int:
    return dates.today() if value in ("today", None) else dates.day(value)


Day = Annotated[int, BeforeValidator(_day)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Corner = tuple[Degrees, Degrees]


def _words(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


def _ground(value: Any) -> Any:
    try:
        tiles(value)
    except OutpostsError as error:
        raise ValueError(str(error)) from None
    return value


def _folder(value: str) -> str:
    try:
        return folder(value)
    except OutpostsError as error:
        raise ValueError(str(error)) from None


class Wanted(Record):
    """The filters, in the words of the command line."""

    status: Words = ()
    country: Words = ()
    place: Words = ()
    kind: Words = ()
    operator: Words = ()
    year: str | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    to: str | None = None
    text: str | None = None
    min_precision: str | None = None


class View(Record):
    """The first view: ``bounds`` (south-west and north-east corner) or ``center`` and ``zoom``.

    Corners and centre are ``[lat, lon]``, as Leaflet and folium take them.
    """

    bounds: tuple[Corner, Corner] | None = None
    center: Corner | None = None
    zoom: Annotated[float, Field(ge=0, le=18)] | None = None

    @model_validator(mode="after")
    def _one(self) -> View:
        if (self.bounds is None) == (self.center is None):
            raise ValueError("give either bounds, or center and zoom")
        if self.center is not None and self.zoom is None:
            raise ValueError("zoom: required beside center")
        if self.bounds is not None and self.bounds[0][0] > self.bounds[1][0]:
            raise ValueError("bounds: the first corner is the south-western one, [lat, lon]")
        return self

    @property
    def box(self) -> tuple[Corner, Corner]:
        """The corners; a centre and zoom as the box they show on a screen of 1000 by 700 pixels."""
        if self.bounds is not None:
            return self.bounds
        (lat, lon), zoom = self.center or (0.0, 0.0), self.zoom or 0.0
        wide = 500 * 360 / (256 * 2**zoom)
        high = wide * 0.7
        return (
            (max(lat - high, -85.0), max(lon - wide, -180.0)),
            (min(lat + high, 85.0), min(lon + wide, 180.0)),
        )


class Definition(Record):
    """One map definition file."""

    title: Text
    deck: str = ""
    filter: Wanted = Wanted()
    on: Day = Field(default_factory=dates.today)
    known: Day = Field(default_factory=dates.today)
    span: tuple[Day, Day] | None = None
    view: View | None = None
    basemap: Annotated[str | dict[str, str], AfterValidator(_ground)] = OWN
    streets: Path | None = None
    lang: str = "en"
    languages: tuple[str, ...] | None = None
    fonts: tuple[str, ...] | None = None
    credit: str = ""
    home: Annotated[str | None, AfterValidator(_folder)] = None
    _name: str | None = PrivateAttr(None)  # that of its file

    @model_validator(mode="after")
    def _in_order(self) -> Definition:
        if self.span is not None and self.span[0] > self.span[1]:
            raise ValueError("span: the first day is after the last")
        return self

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters as `Registry.select` takes them; those not given are left out."""
        given = self.filter.model_dump(by_alias=False, exclude_none=True)
        names = {"from_": "start", "to": "end"}
        return {names.get(name, name): value for name, value in given.items() if value != ()}

    def venues(self, registry: Registry, rules: Rules = RULES) -> list[Venue]:
        """Return the venues that the filter chooses, or raise `MapError` where it chooses none."""
        on, known = dates.iso(self.on), dates.iso(self.known)
        found = registry.select(on, known, rules, **self.wanted)
        if not found:
            words = ", ".join(f"{name}: {_told(value)}" for name, value in self.wanted.items())
            raise MapError(
                f"{self.title!r} would show no venue: none of the registry's {len(registry)} "
                f"passes the filter {{{words}}}; widen it"
            )
        return found

    def map(
        self,
        registry: Registry,
        home: Place | None = None,
        shared: bool = False,
        picture: str | None = None,
    ) -> Map:
        """Return the map that this definition makes of a registry, to be published at ``home``.

        With ``shared``, it links to shared files instead of carrying code, styles and fonts; ``picture`` is the name
        of a picture beside it.
        """
        from outposts.render.map import Map  # folium, which a picture does without

        return Map(
            registry,
            on=dates.iso(self.on),
            known=dates.iso(self.known),
            title=self.title,
            deck=self.deck,
            credit=self.credit,
            lang=self.lang,
            languages=self.languages,
            fonts=self.fonts,
            span=(dates.iso(self.span[0]), dates.iso(self.span[1])) if self.span else None,
            basemap=self.basemap,
            streets=self.streets,
            bounds=self.view.box if self.view else None,
            home=home,
            name=self._name,
            shared=shared,
            picture=picture,
            **self.wanted,
        )


def _told(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def load(path: Path) -> Definition:
    """Return the definition in a file, or raise `DefinitionError` with every fault of it."""
    document = read(path, path.as_posix())
    found: list[Problem] = list(document.problems)
    if not found:
        try:
            definition = Definition.model_validate(document.data or {})
        except ValidationError as error:
            found = list(problems_of(error, document, (), Definition))
        else:
            if definition.streets is not None:
                definition = definition.model_copy(
                    update={"streets": path.parent / definition.streets}
                )
            definition._name = path.stem
            return definition
    raise DefinitionError(found)
