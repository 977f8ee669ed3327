"""A registry and its map definitions -> a folder of static files, of which only what changed is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from outposts import dates
from outposts.digest import digest
from outposts.export import FOLDER, FORMATS, save, suffix_of
from outposts.feed import atom, of_news
from outposts.news import news
from outposts.registry import Registry
from outposts.render import assets, definition
from outposts.render.build import Built, Part, parts, picture_of
from outposts.render.embed import folder
from outposts.render.image import picture
from outposts.site import pages as made_pages
from outposts.site.made import Made, key
from outposts.site.pages import File, Leaf, Site

DATA = "data/"
MEDIA = {
    ".geojson": "application/geo+json",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".gpkg": "application/geopackage+sqlite3",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".sqlite": "application/vnd.sqlite3",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jsonld": "application/ld+json",
}
"""Media types of the files, by suffix."""


def build(
    registry: Registry,
    paths: Sequence[Path],
    out: Path,
    check: bool = False,
    home: str | None = None,
    pages: Sequence[Path] = (),
    shared: bool = False,
) -> Iterator[Built]:
    """Write the maps of these definitions and the site around them to ``out``, a static folder.

    Links are relative, so that the folder works from disk and below any address; ``home`` is the address
    it will have, for what has to name one. ``pages`` are articles of one's own, copied as they are. With
    ``shared``, the maps link to scripts, styles and fonts in ``assets/`` instead of carrying them. With
    ``check``, nothing is written. Files that an earlier build made and this one does not are deleted if
    nobody changed them; others are left alone.

    Raises
    ------
    DefinitionError, MapError
        For a definition with a fault, one that shows no venue, a file in the way that is not ours, a
        ``home`` that is no web address. Every map is made before the first file is written.
    """
    made = Made(out, check)
    drawn = find_spec("typst") is not None  # the extra `images`
    maps = parts(registry, paths, home, pages, shared, drawn)
    site = _site(registry, paths, folder(home) if home else None)
    pictures = _pictures(maps, site) if drawn else []
    for part, content in [(part, _content(made, part)) for part in maps]:
        yield _put(made, part, content, ours=True)
    for part in pictures:
        yield _put(made, part, _content(made, part))
    files = []
    for part, built in _data(made, site):
        files.append(_file(part, built))
        yield built
    shown = [
        replace(leaf, picture=picture_of(leaf.name)) if pictures else leaf for leaf in site.maps
    ]
    site = replace(
        site,
        maps=tuple(shown),
        files=tuple(filter(None, files)),
        articles=tuple((path.name, _title(path)) for path in pages),
    )
    for part in _around(site):
        yield _put(made, part, _content(made, part))
    yield from (Built(out / name, 0, False) for name in made.stale())
    if not check:
        made.close()


def _content(made: Made, part: Part) -> bytes | None:
    """Return a file's content, or None where the one that is there was made from the same."""
    own = key(*part.made_from) if part.made_from else ""
    return None if made.keep(part.name, own) else part.make()


def _put(made: Made, part: Part, content: bytes | None, ours: bool = False) -> Built:
    path = made.folder / part.name
    if content is None:
        return Built(path, path.stat().st_size, True)
    own = key(*part.made_from) if part.made_from else ""
    return Built(path, len(content), made.put(part.name, content, own, ours))


def _site(registry: Registry, paths: Sequence[Path], home: str | None) -> Site:
    plans = [(path.stem, definition.load(path)) for path in paths]
    leaves = [
        Leaf(name, plan, frozenset(venue.id for venue in plan.venues(registry)))
        for name, plan in plans
    ]
    leaves.sort(key=lambda leaf: (-len(leaf.venues), leaf.name))
    today = dates.today()
    return Site(registry, tuple(leaves), today, digest(registry, list(registry.values())), home)


def _title(page: Path) -> str:
    """Return the title of an HTML page, or its file's name."""
    found = re.search("<title>(.*?)</title>", page.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(unescape(found[1]).split()) if found else page.name


def _pictures(maps: Sequence[Part], site: Site) -> list[Part]:
    """Return the pictures of the maps, for cards and the gallery."""
    made_from = {part.name: part.made_from for part in maps}

    def part(leaf: Leaf) -> Part:
        drawn = picture(site.registry, leaf.definition)
        own = ("card", *made_from[f"{leaf.name}.html"])
        return Part(picture_of(leaf.name), lambda: drawn.render("png", "card"), own)

    return [part(leaf) for leaf in site.maps]


def _data(made: Made, site: Site) -> Iterator[tuple[Part, Built]]:
    """Put the registry in every format into the folder ``data``, unless what is there was made from the same."""
    made_from = (site.digest, [c.model_dump() for c in site.registry.counts], site.today)
    own = key(*made_from)
    there = made.names(DATA)
    if there and all(made.keep(name, own) for name in there):
        for name in there:
            yield Part(name, (made.folder / name).read_bytes), Built(made.folder / name, 0, True)
        return
    with TemporaryDirectory(prefix="outposts-") as found:
        for suffix in FORMATS:
            name = "package" if suffix == FOLDER else f"registry{suffix}"
            save(site.extract, Path(found) / name)
        for path in sorted(path for path in Path(found).rglob("*") if path.is_file()):
            part = Part(f"{DATA}{path.relative_to(found).as_posix()}", path.read_bytes, made_from)
            yield part, _put(made, part, path.read_bytes())


def _file(part: Part, built: Built) -> File | None:
    """Return what the page of the data says of a file; of a data package, its one descriptor stands for all."""
    name = part.name.removeprefix(DATA)
    package = name.startswith("package/")
    if package and not name.endswith("/datapackage.json"):
        return None
    form = FORMATS[FOLDER if package else suffix_of(name)]
    content = part.make()
    media = MEDIA.get(Path(name).suffix, "application/octet-stream")
    digest = sha256(content).hexdigest()
    return File(part.name, name, f"{form.name}: {form.use}", media, len(content), digest)


def _around(site: Site) -> Iterator[Part]:
    """Yield the parts of a site but for maps, pictures and data."""
    for name in assets.SCRIPTS:
        yield Part(
            f"{assets.FONTS}/{name}.woff2", (assets.STATIC / "fonts" / f"{name}.woff2").read_bytes
        )
    names = [f"{leaf.name}.html" for leaf in site.maps] + [name for name, _ in site.articles]
    for name, text in made_pages.pages(site):
        names += [name] if name.endswith(".html") else []
        yield Part(name, text.encode)
    told = atom(
        of_news(news(site.registry, dates.iso(site.today))),
        site.registry,
        link=site.home,
        address=site.home and f"{site.home}feed.xml",
    )
    yield Part("feed.xml", told.encode)
    yield Part("sitemap.xml", lambda: _sitemap(names, site).encode())
    yield Part("robots.txt", lambda: _robots(site.home).encode())


def _sitemap(names: Sequence[str], site: Site) -> str:
    """Return the site's map for search engines; they want whole addresses, which ``home`` gives."""
    day = dates.iso(site.today)
    lines = [
        f"<url><loc>{escape((site.home or '') + name)}</loc><lastmod>{day}</lastmod></url>\n"
        for name in names
    ]
    note = "" if site.home else "<!-- give --home URL to make these addresses whole -->\n"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{note}'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</urlset>\n"
    )


def _robots(home: str | None) -> str:
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {home}sitemap.xml\n" if home else "")
