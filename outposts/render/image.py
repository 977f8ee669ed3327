"""A picture of a map on a day: for print, for the web, for a social card. No browser is asked.

What it counts is what the page of the same map counts; the same inputs give the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from math import ceil, sqrt
from pathlib import Path
from struct import pack
from typing import Any
from zlib import crc32

from outposts import basemap
from outposts.errors import MapError
from outposts.files import write
from outposts.gazetteer import country_names_in, town_names
from outposts.models import Claim
from outposts.nearest import did_you_mean
from outposts.registry import Registry
from outposts.render import marks
from outposts.render.definition import Definition
from outposts.render.ground import Frame, Ground
from outposts.render.groups import Group, groups, sites
from outposts.render.look import THEMES
from outposts.render.typeset import letters_of, typeset, without_glyph
from outposts.render.view import EMPTY, Bounds, towns
from outposts.render.view import bounds as bounds_of
from outposts.rules import RULES, STATUSES, VERSION, Rules
from outposts.status import counts, on_day
from outposts.venue import Venue
from outposts.words import fill, words

FORMS = ("png", "svg", "pdf")
REFERENCE = (
    760 * 570
)  # square units of a picture of any size: its letters are as large beside the whole
SIDE_BY_SIDE = 1.3  # width to height from which the words stand beside the map, not above it
MARGIN = 24.0  # units
LIMITS = (200, 8000)  # pixels
SLENDER = 3.0  # the most that one side may be longer than the other
NAMED = 3  # publishers that the picture names
NAMES_FROM_ZOOM = 11  # from here on a lone venue's mark bears its name, not its town's
CUT = 300  # letters of a title or deck that a picture sets; the rest is in the page


@dataclass(frozen=True)
class Size:
    """Width and height in pixels, and pixels to the inch."""

    width: int
    height: int
    ppi: float = 96.0

    @property
    def unit(self) -> float:
        """The pixels of one unit, in which a picture is laid out."""
        return sqrt(self.width * self.height / REFERENCE)


SIZES = {
    "card": Size(1200, 630),
    "web": Size(1600, 1200),
    "small": Size(800, 600),
    "print": Size(3508, 2480, 300),
    "print-a5": Size(2480, 1748, 300),
}
"""Sizes by name: for social media, articles, animations, and A4 and A5 on their long side at 300 dpi."""


def size_of(text: str) -> Size:
    """Return the size of a name, or of ``WIDTHxHEIGHT`` in pixels.

    Raises
    ------
    MapError
        If it is neither, or a side is out of bounds.
    """
    if text in SIZES:
        return SIZES[text]
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text, re.ASCII)
    if not match:
        raise MapError(
            f"no size is called {text!r}{did_you_mean(text, SIZES)}; "
            f"there are {', '.join(SIZES)}, and WIDTHxHEIGHT in pixels such as 1080x1350"
        )
    width, height = int(match[1]), int(match[2])
    least, most = LIMITS
    if not (least <= min(width, height) and max(width, height) <= most):
        raise MapError(f"size {text}: a side has {least} to {most} pixels")
    if max(width, height) > SLENDER * min(width, height):
        raise MapError(f"size {text}: no side is more than {SLENDER:.0f} times the other")
    return Size(width, height)


def theme_of(text: str) -> str:
    """Return the theme, ``light`` or ``dark``, or raise `MapError`."""
    if text not in THEMES:
        raise MapError(f"no theme is called {text!r}; there are {', '.join(THEMES)}")
    return text


@dataclass(frozen=True)
class Picture:
    """What a picture of a map on a day tells.

    ``venues`` are those of the map; ``on`` and ``known`` days; ``lang`` the language of the words
    (names and titles are the registry's and the map's own).
    """

    registry: Registry = field(repr=False)
    definition: Definition = field(repr=False)
    venues: tuple[Venue, ...] = field(repr=False)
    on: int
    known: int
    lang: str
    rules: Rules = RULES

    @cached_property
    def statuses(self) -> list[str]:
        """The status of each venue on the day, as known on the other."""
        return [on_day(venue.claims, self.on, self.known, self.rules) for venue in self.venues]

    @property
    def counts(self) -> dict[str, int]:
        """How many venues have each status, in the order of the legend, zeros included."""
        return counted(self.statuses)

    @property
    def claims(self) -> list[Claim]:
        """The claims that were known and not retracted, each once."""
        found = {c.id: c for venue in self.venues for c in venue.claims if counts(c, self.known)}
        return list(found.values())

    @property
    def summary(self) -> str:
        """The counts in words, as the page's summary says them."""
        spoken = words(self.lang)
        table = spoken.table["statuses"]
        told = [
            spoken.text("count", n=count, status=table[status]["summary"])
            for status, count in self.counts.items()
            if count
        ]
        text = str(spoken.table["lists"]["and"][0]).join(told)
        text += spoken.text("summaryOn", date=spoken.date(self.on))
        if self.known != self.definition.known:
            text += spoken.text("summaryKnown", known=spoken.date(self.known))
        return text

    @property
    def alt(self) -> str:
        """What the picture shows, for those who do not see it: an ``alt`` attribute's text, not escaped."""
        return f"{self.definition.title}: {self.summary}."

    @property
    def strange(self) -> str:
        """Letters that no font of the package has: the system's fonts are asked, so another may draw them otherwise."""
        words_of = (self.definition.title, self.definition.deck, self._evidence(), *self._credits())
        return without_glyph(letters_of(list(words_of)))

    def render(self, form: str, size: str = "web", theme: str = "light") -> bytes:
        """Return the picture as a file of a form, ``png``, ``svg`` or ``pdf``.

        Parameters
        ----------
        form
            One of `FORMS`.
        size
            A name of `SIZES`, or ``WIDTHxHEIGHT`` in pixels.
        theme
            ``light`` or ``dark``.

        Raises
        ------
        MapError
            For a form, size or theme that is not there, or without the extra ``images``.
        """
        if form not in FORMS:
            raise MapError(f"no picture is made as {form!r}; there are {', '.join(FORMS)}")
        extent = size_of(size)
        (made,) = typeset(self.scene(extent, theme_of(theme)), form, extent.ppi)
        if form == "svg":  # letters are outlines there: this is what is read aloud
            return made.replace(b">", f"><title>{escape(self.alt)}</title>".encode(), 1)
        return _with_density(made, extent.ppi) if form == "png" else made

    def save(self, path: Path, size: str = "web", theme: str = "light") -> None:
        """Write the picture, in the form that the path's suffix names, whole or not at all."""
        write(path, self.render(form_of(path, FORMS), size, theme))

    def scene(self, size: Size, theme: str, chart: float = 0.0) -> dict[str, Any]:
        """Return all that Typst is told of the picture, in units of ``size.unit`` pixels.

        ``chart`` units under the map are left to a histogram. ``picture.typ`` says what is what.
        """
        layout = _layout(size, chart)
        spoken = words(self.lang)
        frame = Frame.fit(self.bounds, layout["map"]["width"], layout["map"]["height"])
        shown = groups(sites(self.venues, frame.project))
        colors = THEMES[theme]
        codes = sorted({venue.country for venue in self.venues})
        around = _held(frame.degrees)
        ground = Ground(frame, basemap.choose(around), codes)
        countries = country_names_in(spoken.lang, basemap.country_names())
        near = towns(((around[1], around[0]), (around[3], around[2])), self.venues)
        unplaced = sum(1 for venue in self.venues if venue.lon is None)
        return {
            **layout,
            "unit": size.unit * 72 / size.ppi,
            "colors": colors,
            "lang": spoken.lang,
            "title": _short(self.definition.title),
            "deck": _short(self.definition.deck),
            "alt": self.alt,
            "ground": [area for area in ground.areas(colors) if area["lines"]],
            "names": ground.names(countries, near),
            "labels": [
                {"text": self._label(group, frame), "x": group.x, "y": group.y}
                | {"radius": marks.radius(group.count)}
                for group in shown
            ],
            "legend": {
                **layout["legend"],
                "statuses": [
                    {"label": spoken.table["statuses"][status]["label"]}
                    | {"mark": marks.mark(status, 9, 9, 8, theme)}
                    for status in STATUSES
                ],
            },
            "unplaced": spoken.text("unplaced", n=unplaced) if unplaced else "",
            "evidence": self._evidence(),
            "credits": " · ".join(self._credits()),
            "histogram": None,
            "layers": False,
            "frames": [frame_of(self, self.statuses, shown, frame, theme)],
        }

    @property
    def bounds(self) -> Bounds:
        """The map's view, widened to show all venues: who looks at a picture cannot move it."""
        own, view = bounds_of(self.venues), self.definition.view
        boxes = [box for box in (own, view.box if view else None) if box] or [EMPTY]
        corners = [corner for box in boxes for corner in box]
        lats, lons = [lat for lat, _ in corners], [lon for _, lon in corners]
        return (min(lats), min(lons)), (max(lats), max(lons))

    def _label(self, group: Group, frame: Frame) -> str:
        first = self.venues[group.sites[0].members[0]]
        if group.count == 1 and (frame.zoom >= NAMES_FROM_ZOOM or not first.place):
            return first.name
        order = sorted(group.sites, key=lambda site: -len(site.members))
        members = [self.venues[member] for site in order for member in site.members]
        places = list(dict.fromkeys((v.place, v.country) for v in members if v.place))
        if not places:
            return ""
        spoken = words(self.lang)
        place, country = places[0]
        name = town_names(str(place), country).get(spoken.lang, str(place))
        more = len(places) - 1
        return spoken.text("andTowns", place=name, n=more) if more else name

    def _evidence(self) -> str:
        claims = self.claims
        spoken = words(self.lang)
        publishers = Counter(claim.source.label for claim in claims)
        named = [name for name, _ in sorted(publishers.items(), key=lambda one: (-one[1], one[0]))]
        return fill(
            spoken.table["pictures"]["evidence"],
            claims=len(claims),
            sources=len({claim.source_id for claim in claims}),
            names=", ".join(named[:NAMED]) + (" …" if len(named) > NAMED else "") or "–",
            version=VERSION,
        )

    def _credits(self) -> list[str]:
        card = self.registry.card
        data = card.attribution or card.title
        parts = [
            self.definition.credit,
            f"{data}, {card.licence}" if card.licence else data,
            f"{card.title}, {card.version}" if card.version else "",
            "Natural Earth",
            "GeoNames, CC BY 4.0",
        ]
        return [part for part in dict.fromkeys(parts) if part]


def picture(
    registry: Registry,
    definition: Definition,
    on: int | None = None,
    known: int | None = None,
    lang: str | None = None,
    rules: Rules = RULES,
) -> Picture:
    """Return the picture of a map on a day.

    Parameters
    ----------
    registry, definition
        Where the venues come from, and which; see `outposts.render.definition.load`.
    on, known
        Days since 1970-01-01; those of the definition if left out.
    lang
        Code of the language of the words; the map's own if left out, English where there are no words for it.

    Raises
    ------
    MapError
        If the definition's filter chooses no venue.
    UnknownName
        If the filter names something that is not there.

    Examples
    --------
    >>> import outposts
    >>> from outposts.render.definition import Definition
    >>> vietnam = Definition(title="Vietnam", filter={"country": "VN"}, on="2020-06-02")
    >>> picture(outposts.load(), vietnam).summary
    '1 presumed open, 1 disputed, 4 closed, 2 unknown on 2 June 2020'
    """
    # The page's venues are chosen once, on its own day; then its day moves.
    venues = definition.venues(registry, rules)
    return Picture(
        registry,
        definition,
        tuple(venues),
        definition.on if on is None else on,
        definition.known if known is None else known,
        definition.lang if lang is None else lang,
        rules,
    )


def counted(statuses: Sequence[str]) -> dict[str, int]:
    """Return how many there are of each status, in their order, zeros included."""
    found = Counter(statuses)
    return {status: found[status] for status in STATUSES}


def form_of(path: Path, forms: Sequence[str]) -> str:
    """Return the form that a path's suffix names, or raise `MapError` with those there are."""
    form = path.suffix.lower().lstrip(".")
    if form not in forms:
        listed = ", ".join(f".{one}" for one in forms)
        raise MapError(f"{path.as_posix()}: no picture is made as {path.suffix or 'a file without suffix'!r}; there are {listed}")  # fmt: skip
    return form


def frame_of(
    picture: Picture,
    statuses: Sequence[str],
    shown: Sequence[Group],
    frame: Frame,
    theme: str,
    cursor: float | None = None,
) -> dict[str, Any]:
    """Return what belongs to the day alone: the day, the counts, the marks, and a histogram's cursor."""
    spoken = words(picture.lang)
    known = spoken.text("summaryKnown", known=spoken.date(picture.known)).strip(" ,")
    drawn = []
    for label, group in enumerate(shown):
        own = counted([statuses[member] for member in group.members])
        del own["not-yet-open"]  # in the legend, but not on the map, as on the page
        total = sum(own.values())
        if total:
            drawn.append({"label": label, **_mark(group, own, frame, theme)})
    return {
        "day": spoken.date(picture.on),
        "known": known[:1].upper() + known[1:],
        "counts": list(counted(statuses).values()),
        "marks": drawn,
        "cursor": cursor,
    }


def _with_density(png: bytes, ppi: float) -> bytes:
    """Return a PNG that says how large it is on paper, which Typst leaves out (chunk pHYs, behind IHDR)."""
    per_metre = round(ppi / 0.0254)
    chunk = b"pHYs" + pack(">IIB", per_metre, per_metre, 1)
    return png[:33] + pack(">I", 9) + chunk + pack(">I", crc32(chunk)) + png[33:]


def _mark(group: Group, counts: Mapping[str, int], frame: Frame, theme: str) -> dict[str, Any]:
    """Return one mark: what lies under all marks, its own parts, and the sum in it if there is one."""
    colors = THEMES[theme]
    x, y, total = group.x, group.y, sum(counts.values())
    r = marks.radius(total)
    under = []
    if len(group.sites) == 1:
        site = group.sites[0]
        reach = site.radius_m / frame.metres(site.lat)
        if r + 1 <= reach <= 2000:  # where the mark does not cover it: or it would be an exact dot
            circle = marks.circle(x, y, reach)
            under.append({"curve": circle, "fill": colors["ink"], "opacity": 0.04})
            under.append({"curve": circle, "stroke": colors["ink"], "width": 1.25, "dash": [4, 4], "opacity": 0.35})  # fmt: skip
    plate = {"curve": marks.circle(x, y, r + 1.5), "fill": colors["plate"]}
    if total > 1:
        parts = marks.donut(counts, x, y, r, theme)
        return {"x": x, "y": y, "under": under, "parts": [plate, *parts], "sum": str(total)}
    (status,) = (status for status, count in counts.items() if count)
    parts = marks.mark(status, x, y, r, theme)
    return {"x": x, "y": y, "under": under, "parts": [plate, *parts], "sum": None}


def _layout(size: Size, chart: float) -> dict[str, Any]:
    """Return where everything stands: the boxes are x, y, width and height, in units."""
    width, height = size.width / size.unit, size.height / size.unit
    if width / height >= SIDE_BY_SIDE:
        panel = round(max(0.37 * width, 270.0), 1)
        inner = panel - 2 * MARGIN
        columns = 2 if inner >= 280 else 1
        rows = ceil(len(STATUSES) / columns)
        gap = 5.0
        legend = rows * (18 + gap) - gap
        foot = 70.0
        bottom = height - 18 - foot
        unplaced = bottom - 20
        key = unplaced - legend - 9
        day = key - 50
        place = {"x": panel, "y": 0.0, "width": width - panel, "height": height - chart}
        boxes = {
            "head": [MARGIN, 22.0, inner, day - 22 - 10],
            "day": [MARGIN, day, inner, 42.0],
            "legend": [MARGIN, key, inner, legend],
            "unplaced": [MARGIN, unplaced, inner, 14.0],
            "foot": [MARGIN, bottom, inner, foot],
        }
        sizes = [36, 34, 32, 30, 28, 26, 24, 22, 20, 18, 16]
    else:
        inner = width - 2 * MARGIN
        columns = max(2, min(4, int(inner // 150)))
        rows = ceil(len(STATUSES) / columns)
        gap = 3.0
        legend = rows * (18 + gap) - gap
        head = 96.0
        day = 18 + head + 6
        key = day + 44
        top = key + legend + 24
        foot = 46.0
        place = {"x": 0.0, "y": top, "width": width, "height": height - top - foot - 16 - chart}
        boxes = {
            "head": [MARGIN, 18.0, inner, head],
            "day": [MARGIN, day, inner, 40.0],
            "legend": [MARGIN, key, inner, legend],
            "unplaced": [MARGIN, top - 15, inner, 12.0],
            "foot": [MARGIN, height - foot - 8, inner, foot],
        }
        sizes = [34, 32, 30, 28, 26, 24, 22, 20, 18, 16]
    return {
        "width": width, "height": height, "map": place, "boxes": boxes, "sizes": sizes,
        "legend": {"columns": columns, "gap": gap},
    }  # fmt: skip


def _held(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box of degrees without what lies beyond the 180th meridian."""
    west, south, east, north = box
    return max(west, -180.0), south, min(east, 180.0), north


def _short(text: str) -> str:
    return text if len(text) <= CUT else text[: CUT - 1].rstrip() + "…"
