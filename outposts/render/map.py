"""A folium map of a registry: `outposts.Map`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import folium
from branca.element import Element

from outposts import __version__, dates
from outposts import basemap as outlines_of
from outposts.digest import SHORT, digest_of
from outposts.errors import MapError
from outposts.files import write
from outposts.gazetteer import country_names_in
from outposts.registry import Registry
from outposts.render import assets
from outposts.render.block import block
from outposts.render.embed import Place, gap
from outposts.render.page import Page
from outposts.render.streets import streets as embedded
from outposts.render.table import table
from outposts.render.tiles import OWN as OWN_GROUND
from outposts.render.tiles import tiles
from outposts.render.verbatim import Verbatim, packed_block, plain_json
from outposts.render.view import CLOSEST, EMPTY, ROOM, Bounds, days, towns, window
from outposts.render.view import bounds as bounds_of
from outposts.rules import RULES, Rules
from outposts.vocabulary import closest, languages, packed, vocabulary

UNNAMED = frozenset({"km", "lo"})  # languages in which Chromium has no names of countries
OWN = frozenset({"map", "outposts"})  # the names under which our parts enter the page


class Map(folium.Map):
    """A folium map of the venues of a registry, with the day slider and all evidence.

    Parameters
    ----------
    registry
        Where the venues come from.
    on, known
        The day first shown and the day whose knowledge counts: ISO strings, dates or
        timestamps; today if left out.
    title, deck, credit, lang
        The page's words; ``lang`` is a BCP 47 code, that of the three others.
    languages
        Codes of the languages that a reader may choose; English and ``lang`` are always there.
        All that `outposts.vocabulary` holds if left out.
    fonts
        Names of the fonts that the page embeds, of ``khmer``, ``lao``, ``thai``, ``east-asian``: for
        readers whose system lacks a script. All whose letters the page uses if left out.
    span
        First and last day of the slider, both included; from the first claim to today if left out.
    basemap
        ``natural-earth``, the outlines that every page carries; or whose street tiles a reader may ask
        for with a click that names the host: a provider of xyzservices by name, a ``TileProvider``, or ``{"pmtiles": URL}``.
    streets
        A file with streets (GeoPackage, GeoJSON ...) or a GeoDataFrame; those within the first view
        are embedded and drawn from zoom 9. Whom to thank for them belongs into ``credit``.
    bounds
        The first view, ``((south, west), (north, east))`` in degrees; fits the venues if left out.
    home
        Where the page will be published, so that a copy of it elsewhere can say, when its reader asks, whether
        there is a newer one; nothing is asked if left out.
    rules
        The constants of the status rules.
    name
        What the map's definition is called; the page says so, and `outposts verify` finds it by that.
    shared
        Whether the page links to script, styles and fonts in ``assets/`` beside it, which `outposts build --shared`
        writes, instead of carrying them.
    picture
        The name of a picture of the map beside the page, for cards and for readers without scripts.
    **wanted
        Filters, in the words of `Registry.select`: ``country="KH,LA"``.

    Raises
    ------
    MapError
        If the span is reversed, a language or font is not there, tiles or streets cannot be had.
    UnknownName
        For a filter that names nothing.

    Examples
    --------
    >>> import outposts
    >>> m = outposts.Map(outposts.load(), on="2020-06-02", country="VN")
    >>> m.save("/tmp/vietnam.html")  # doctest: +SKIP
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's interface
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(
        self,
        registry: Registry,
        on: Any = None,
        known: Any = None,
        *,
        title: str | None = None,
        deck: str | None = None,
        credit: str | None = None,
        lang: str = "en",
        languages: Sequence[str] | None = None,
        fonts: Sequence[str] | None = None,
        span: tuple[Any, Any] | None = None,
        basemap: Any = OWN_GROUND,
        streets: Any = None,
        bounds: Bounds | None = None,
        home: Place | None = None,
        rules: Rules = RULES,
        name: str | None = None,
        shared: bool = False,
        picture: str | None = None,
        **wanted: Any,
    ) -> None:
        today = dates.today()
        day = today if on is None else dates.day(on)
        clock = today if known is None else dates.day(known)
        venues = registry.filter(**wanted).choose(registry.values(), day, clock, rules)
        first, last = days(venues, day, span)
        if not first <= day <= last:
            first, last = min(first, day), max(last, day)
        seen = bounds or bounds_of(venues)
        (south, west), (north, east) = seen or EMPTY
        # Lists of this map alone: folium's add_js_link changes them in place.
        self.default_js, self.default_css = [], []
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            zoom_start=_zoom(seen or EMPTY),
            tiles=None,
            zoom_control=False,
            max_zoom=CLOSEST,
            attribution_control=False,
        )
        offered = _languages(lang, languages)
        offer = tiles(basemap)
        level = outlines_of.choose((west, south, east, north))
        outlines = outlines_of.around(level, window(seen or EMPTY, ROOM[level]))
        outlines["towns"] = towns(seen or EMPTY, venues)
        if streets is not None:
            outlines["streets"] = embedded(streets, seen or EMPTY)
        data = block(registry, venues, clock, rules, offered)
        whole = digest_of(data)
        data |= {
            "hash": whole[:SHORT],
            "title": title or registry.card.title,
            "deck": deck if deck is not None else (registry.card.description or ""),
            "credit": credit or "",
            "lang": lang,
            "span": [first, last],
            "on": day,
            "known": clock,
            "bounds": [list(corner) for corner in seen] if seen else None,
            "tiles": offer,
            "embed": gap(title or registry.card.title),
            "home": {"page": home.page, "oembed": home.oembed} if home else None,
        }
        for code in UNNAMED & set(offered):
            data["countryNames"][code] |= country_names_in(code, _near(outlines))
        self.data = data
        answers = [
            (venue, venue.status(dates.iso(day), dates.iso(clock), rules)) for venue in venues
        ]
        page = Page(
            title=data["title"],
            deck=data["deck"],
            lang=lang,
            table=table(answers, data["countries"], day, clock, rules, lang),
            footer=_footer(data),
            own=OWN,
            tiles=offer["origins"] if offer and "url" in offer else (),
            archives=offer["origins"] if offer and "pmtiles" in offer else (),
            home=home,
            shared=shared,
            picture=picture,
            fonts=_fonts(fonts, plain_json([data, [vocabulary()[code] for code in offered]])),
            origin={
                **({"map": name} if name else {}),
                **({"assets": "shared"} if shared else {}),
                **({"picture": picture} if picture else {}),
                "data": whole,
                "rules": str(data["rules"]["version"]),
                "version": __version__,
            },
        )
        page.add_child(self, name="map")
        self.add_child(Evidence(data, outlines, offered), name="outposts")

    def get_name(self) -> str:
        """Return the name of the map's element and variable: the same in every build."""
        return "map"

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the page beside the path ``outfile``, then put it in its place: never a half file.

        A binary file object is written to, and closed unless ``close_file`` is false.
        """
        if not isinstance(outfile, str | os.PathLike):
            self.get_root().save(outfile, close_file, **kwargs)
            return
        write(Path(outfile), self.get_root().render(**kwargs))


class Evidence(Element):
    """The layer with the venues: the data and the call that shows it."""

    def __init__(
        self, data: dict[str, Any], outlines: dict[str, Any], languages: Sequence[str]
    ) -> None:
        super().__init__()
        self._name = "Evidence"
        self._data = data
        self._outlines = outlines
        self._languages = languages

    def render(self, **kwargs: Any) -> str:
        """Put the data and the call into the page that the map is on."""
        root: Any = self.get_root()
        value = {
            "data": self._data,
            "vocabulary": packed(self._languages),
            "outlines": self._outlines,
        }
        root.html.add_child(Verbatim(packed_block("outposts-data", value)), name="outposts")
        root.script.add_child(Verbatim("outposts.page(map);"), name="outposts")
        return ""


def _near(outlines: dict[str, Any]) -> list[str]:
    """Return the codes of the countries whose names a map may write."""
    return [country["iso"] for country in outlines["layers"]["countries"] if country["iso"]]


def _languages(lang: str, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the languages of a page: English, the map's own, and those wanted (all if None)."""
    missing = [code for code in wanted or () if code not in languages()]
    if missing:
        raise MapError(
            f"no such language: {', '.join(missing)}; there are {', '.join(languages())}"
        )
    chosen = {"en", closest(lang), *(languages() if wanted is None else wanted)}
    return tuple(code for code in languages() if code in chosen)


def _fonts(wanted: Sequence[str] | None, text: str) -> tuple[str, ...]:
    """Return the fonts of a page: of those wanted (of all if None) the ones that its text needs."""
    unknown = [name for name in wanted or () if name not in assets.SCRIPTS]
    if unknown:
        raise MapError(f"no such font: {', '.join(unknown)}; there are {', '.join(assets.SCRIPTS)}")
    return tuple(name for name in assets.fonts_for(text) if wanted is None or name in wanted)


def _zoom(bounds: Bounds) -> int:
    """Return a zoom that is about right on any screen until the page fits the bounds itself."""
    (south, west), (north, east) = bounds
    widest = max(east - west, (north - south) * 1.5, 0.01)
    zoom = 0
    while zoom < CLOSEST and widest * 2 ** (zoom + 1) <= 1000:
        zoom += 1
    return zoom


def _footer(data: dict[str, Any]) -> str:
    """Return who is to be credited, and by which rules and data the page was made."""
    rules = data["rules"]
    constants = ", ".join(f"{name} {rules[name]}" for name in rules if name != "version")
    registry = data["registry"]
    edition = f", version {registry['version']}" if registry["version"] else ""
    parts = [
        data["credit"],
        f"{registry['title']}{edition}, data {data['hash']}",
        f"Data: {data['attribution'] or registry['title']}"
        + (f", {data['licence']}" if data["licence"] else ""),
        f"Status rules, version {rules['version']} (days: {constants})",
        "Outlines: Natural Earth",
        "Towns: GeoNames, CC BY 4.0",
        f"Outposts {__version__}",
    ]
    items = "".join(f"<span>{escape(part)}</span> " for part in parts if part)
    return f'<footer class="outposts-footer" lang="en"><p>{items}</p></footer>'
