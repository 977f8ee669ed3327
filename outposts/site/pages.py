"""The pages of a site: which there are, and what each says. Escaping is left to Jinja, always."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jinja2
import minify
from markdown_it import MarkdownIt
from markupsafe import Markup

from outposts import dates, paths, rows
from outposts.basemap import country_names
from outposts.coverage import coverage
from outposts.export import jsonld
from outposts.export.extract import Extract, extract
from outposts.export.linkedplaces import iri
from outposts.models import Card, Claim
from outposts.registry import Registry
from outposts.render.assets import FONTS, SCRIPTS, spans, tokens
from outposts.render.definition import Definition
from outposts.rules import RULES, STATUSES, VERSION
from outposts.site.history import bars
from outposts.site.locator import locator
from outposts.status import Answer
from outposts.venue import Venue
from outposts.vocabulary import vocabulary
from outposts.words import words

HERE = Path(__file__).parent
# Pages run nothing and show only what lies beside them. `file:` is for readers who open them from disk.
POLICY = (
    "default-src 'none'; script-src '{about}'; style-src '{style}'; img-src 'self' file: data:; "
    "font-src 'self' file:; frame-src 'self' file:; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A map of the site: the file ``<name>.html``, whose picture, if there is one, is a file too."""

    name: str
    definition: Definition
    venues: frozenset[str]
    picture: str | None = None

    @property
    def title(self) -> str:
        """The map's title."""
        return self.definition.title

    @property
    def deck(self) -> str:
        """The map's second line."""
        return self.definition.deck

    @property
    def on(self) -> int:
        """The day first shown."""
        return self.definition.on

    @property
    def lang(self) -> str:
        """The language of title and deck."""
        return self.definition.lang


@dataclass(frozen=True, slots=True)
class File:
    """A file of data: its path in the site, what it is in words, media type, bytes, and SHA-256 in hexadecimal."""

    path: str
    name: str
    words: str
    media: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Row:
    """A venue with its answer on the site's day."""

    venue: Venue
    answer: Answer
    country: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame around a page needs to know of it; ``about`` is JSON-LD."""

    path: str
    title: str
    summary: str
    about: Markup
    picture: str | None = None

    @property
    def root(self) -> str:
        """The way from this page to the site's root."""
        return "../" * self.path.count("/")

    @property
    def address(self) -> str:
        """The page's address from the site's root."""
        return "" if self.path == "index.html" else self.path


@dataclass(frozen=True)
class Site:
    """A registry and its maps as a site on a day: ``today`` is asked about and is what is known.

    ``home`` is the address that the site will have, with a slash at its end, or None: all links within it
    are relative, so that only feed, sitemap and what others copy need it. ``articles`` are file names and titles
    of pages of one's own.
    """

    registry: Registry
    maps: tuple[Leaf, ...]
    today: int
    digest: str
    home: str | None = None
    files: tuple[File, ...] = ()
    articles: tuple[tuple[str, str], ...] = ()

    @property
    def card(self) -> Card:
        """What the registry says of itself."""
        return self.registry.card

    @property
    def rules_version(self) -> int:
        """The version of the status rules."""
        return VERSION

    @cached_property
    def extract(self) -> Extract:
        """What the site's files hold: all venues on its day."""
        day = dates.iso(self.today)
        return extract(self.registry, day, day)

    @cached_property
    def graph(self) -> dict[str, dict[str, Any]]:
        """The nodes of the JSON-LD by their ids, the Dataset first."""
        return {node["@id"]: node for node in jsonld.document(self.extract)["@graph"]}

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every venue with its answer, by country, town and name."""
        names = country_names()
        day = dates.iso(self.today)
        found = [
            Row(venue, venue.status(day, day), names.get(venue.country, venue.country))
            for venue in self.registry.values()
        ]
        return tuple(sorted(found, key=lambda r: (r.country, r.venue.place or "", r.venue.name)))

    @cached_property
    def countries(self) -> list[tuple[str, str, int]]:
        """Code, name and number of venues of each country, by name."""
        found: dict[tuple[str, str], int] = {}
        for row in self.rows:
            key = (row.venue.country, row.country)
            found[key] = found.get(key, 0) + 1
        return [(*key, number) for key, number in found.items()]

    @cached_property
    def span(self) -> tuple[int, int]:
        """First and last day of the histories: from the first dated claim to today."""
        ends = [end for row in self.rows for claim in row.venue.claims for end in claim.window]
        days = [int(end) for end in ends if abs(end) != float("inf")]
        return min([*days, self.today]), self.today


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Yield path and text of every page and of the JSON beside the venues' pages."""
    yield _index(site)
    for code, name, _ in site.countries:
        yield _country(site, code, name)
    for row in site.rows:
        yield _venue(site, row)
        yield f"venues/{row.venue.id}.json", _text(_record(site, row))
    yield _method(site)
    yield _data(site)


def _index(site: Site) -> tuple[str, str]:
    summary = site.card.description or site.card.title
    picture = next((leaf.picture for leaf in site.maps if leaf.picture), None)
    page = Page("index.html", site.card.title, summary, _about_dataset(site), picture)
    return _made(page, site, rows=site.rows, found=_counted(site.rows), countries=site.countries)


def _country(site: Site, code: str, name: str) -> tuple[str, str]:
    own = [row for row in site.rows if row.venue.country == code]
    ids = {row.venue.id for row in own}
    maps = [leaf for leaf in site.maps if leaf.venues & ids]
    title = f"{name}: {site.card.title}"
    summary = f"{len(own)} venues in {name}: which are open, closed or disputed, and who says so."
    about = {"@type": "CollectionPage", "name": title, "about": {"@type": "Country", "name": name}}  # fmt: skip
    page = Page(f"countries/{code.lower()}.html", title, summary, _linked(about))
    counted = [c for c in coverage(site.registry, site.today) if c.count.country == code]
    return _made(
        page,
        site,
        "country.html",
        name=name,
        code=code,
        rows=own,
        found=_counted(own),
        maps=maps,
        coverage=counted,
    )


def _venue(site: Site, row: Row) -> tuple[str, str]:
    venue = row.venue
    where = ", ".join(part for part in (venue.place, row.country) if part)
    label = words("en").table["statuses"][row.answer.status]["label"]
    summary = f"{label} on {dates.in_words(site.today)}. {row.answer.explanation}"
    title = f"{venue.name}, {where}"
    maps = [leaf for leaf in site.maps if venue.id in leaf.venues]
    picture = next((leaf.picture for leaf in reversed(maps) if leaf.picture), None)
    page = Page(f"venues/{venue.id}.html", title, summary, _about_venue(site, venue), picture)
    runs = venue.history(dates.iso(site.today))
    return _made(
        page,
        site,
        "venue.html",
        venue=venue,
        others=[name for name in venue.names if name.name != venue.name],
        country=row.country,
        answer=row.answer,
        runs=runs,
        bars=bars(runs, *site.span),
        where=_where(venue, where),
        maps=maps,
        relations=[(kind, site.registry[other]) for kind, other in venue.relations],
        locator=Markup(locator(venue)),
    )


def _where(venue: Venue, where: str) -> str:
    """Return how exactly the venue is placed, in one sentence."""
    if venue.precision == "country":
        return f"{where}: the town is not known, so it stands on no map."
    km = f"{(venue.radius_m or 0) / 1000:.1f}".removesuffix(".0")
    if venue.precision == "place":
        return f"{where}: known to the town only; it may be anywhere within about {km} km."
    return f"{where}: known to the {venue.precision}, within about {km} km."


def _method(site: Site) -> tuple[str, str]:
    text = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .render(paths.document("status-rules.md"))
    )
    title = "How open and closed are derived"
    summary = "The written rules by which dated claims become a status, with worked examples."
    about = {"@type": "TechArticle", "headline": title, "description": summary}
    page = Page("methodology.html", title, summary, _linked(about))
    return _made(page, site, method=Markup(text))


def _data(site: Site) -> tuple[str, str]:
    summary = f"{site.card.title}: every claim, source and date as files for spreadsheets, GIS and databases."
    page = Page("data.html", "Data", summary, _about_dataset(site))
    return _made(page, site, files=site.files)


def _record(site: Site, row: Row) -> dict[str, Any]:
    """Return all that a venue's page says, as JSON."""
    venue, day = row.venue, dates.iso(site.today)
    told = rows.statuses([venue], site.today, site.today)[0]
    return {
        **told,
        "names": [{"name": name.name, "lang": name.lang} for name in venue.names],
        "history": [rows.run(run) for run in venue.history(day)],
        "claims": [_claim(claim) for claim in venue.claims],
        "sources": {
            claim.source_id: claim.source.model_dump(mode="json", exclude={"published", "accessed"})
            | {"published": claim.source.published and claim.source.published.text}
            for claim in venue.claims
        },
        "rules": {"version": VERSION, **{name: getattr(RULES, name) for name in RULES.__slots__}},
        "licence": site.card.licence,
        "attribution": site.card.attribution,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "says": claim.says,
        "when": claim.when.text,
        "first_day": dates.iso_or_none(claim.window.first),
        "last_day": dates.iso_or_none(claim.window.last),
        "known": dates.iso(claim.known),
        "source": claim.source_id,
        "weak": claim.weak,
        "group": claim.group,
        "quote": claim.quote,
        "lang": claim.lang,
        "translation": claim.translation,
        "stated": claim.stated,
        "note": claim.note,
        "retracted": claim.retracted
        and {"on": dates.iso(claim.retracted.on), "why": claim.retracted.why},
    }


def _about_dataset(site: Site) -> Markup:
    """Return the registry as a schema.org Dataset with its files; what it holds stands in the files."""
    node = next(iter(site.graph.values()))
    files = [
        {
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": (site.home or "") + file.path,
            "encodingFormat": file.media,
        }
        for file in site.files
    ]
    kept = {key: value for key, value in node.items() if key not in ("isBasedOn", "about")}
    more = {"url": site.home} if site.home else {}
    return _linked({**kept, **more, "isAccessibleForFree": True, "distribution": files})


def _about_venue(site: Site, venue: Venue) -> Markup:
    """Return a venue as a schema.org Place, the Claims about it, and where they were made."""
    place = iri(venue.id)
    nodes = [site.graph[place]]
    told = {iri(claim.id) for claim in venue.claims} & site.graph.keys()
    nodes += [{**site.graph[id], "about": [{"@id": place}]} for id in sorted(told)]
    works = {node["appearance"]["@id"] for node in nodes if "appearance" in node}
    nodes += [site.graph[id] for id in sorted(works)]
    return Markup(jsonld.embeddable({"@context": jsonld.CONTEXT, "@graph": nodes}))


def _linked(node: Mapping[str, Any]) -> Markup:
    return Markup(jsonld.embeddable({"@context": jsonld.CONTEXT, **node}))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _counted(found: Sequence[Row]) -> dict[str, int]:
    return {code: sum(row.answer.status == code for row in found) for code in STATUSES}


def _made(page: Page, site: Site, template: str | None = None, **known: Any) -> tuple[str, str]:
    style = _style(page.root)
    made = _templates().get_template(template or page.path)
    policy = Markup(POLICY.format(about=_hash(page.about), style=_hash(style)))
    return page.path, made.render(
        page=page, site=site, style=Markup(style), policy=policy, icon=_icon(), **known
    )


def _hash(text: str) -> str:
    """Return a text's hash as a policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@lru_cache(maxsize=1)
def _icon() -> str:
    """Return the site's icon, the mark of an open venue, as an address that asks nobody."""
    ring = '<circle cx="10" cy="10" r="{}" fill="{}" stroke="{}" stroke-width="3"/>'
    colour = vocabulary()["statuses"]["open"]["color"]
    drawn = ring.format(8, "none", colour) + ring.format(3.5, colour, "none")
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">{drawn}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode()}"


@lru_cache(maxsize=2)
def _style(root: str) -> str:
    colours = vocabulary()["statuses"]
    light = "".join(f"--outposts-{code}:{entry['color']};" for code, entry in colours.items())
    dark = "".join(f"--outposts-{code}:{entry['dark']};" for code, entry in colours.items())
    faces = "".join(
        f'@font-face{{font-family:"Outposts Scripts";font-display:swap;unicode-range:{spans(name)};'
        f'src:url("{root}{FONTS}/{name}.woff2")format("woff2")}}'
        for name in SCRIPTS
    )
    own = (HERE / "site.css").read_text(encoding="utf-8")
    schemes = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return str(minify.string("text/css", faces + tokens() + schemes + own))


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    own = words("en").table
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "day": lambda day: words("en").date(day),
        "iso": lambda day: "" if day is None else dates.iso(day),
        "status": lambda code: own["statuses"][code]["label"],
        "summary": lambda code: own["statuses"][code]["summary"],
        "kind": lambda code: own["kinds"][code],
        "says": lambda code: own["says"][code],
        "reason": lambda code: own["reasons"][code],
        "relation": lambda code: own["relations"][code],
        "anchor": lambda claim: "claim-" + claim.rpartition("#")[2],
        "short": lambda claim: claim.rpartition("#")[2],
        "bytes": lambda size: f"{size / 1000:,.0f} KB" if size >= 1000 else f"{size} bytes",
    }
    return found
