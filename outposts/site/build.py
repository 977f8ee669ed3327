"""A registry and its map definitions -> a folder of static files, of which only what changed is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from outposts import dates
from outposts.digest import digest
from outposts.registry import Registry
from outposts.render import assets, definition
from outposts.render.build import Built, Part, parts
from outposts.render.embed import folder
from outposts.site import pages as made_pages
from outposts.site.made import Made, key
from outposts.site.pages import FONTS, Leaf, Site


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
    maps = parts(registry, paths, home, pages, shared)
    site = _site(registry, paths, folder(home) if home else None)
    for part, content in [(part, _content(made, part)) for part in maps]:
        yield _put(made, part, content, ours=True)
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


def _around(site: Site) -> Iterator[Part]:
    """Yield the parts of a site but for its maps, in the order in which they need each other."""
    for name in assets.SCRIPTS:
        yield Part(f"{FONTS}/{name}.woff2", (assets.STATIC / "fonts" / f"{name}.woff2").read_bytes)
    names: list[str] = [f"{leaf.name}.html" for leaf in site.maps]
    for name, text in made_pages.pages(site):
        names += [name] if name.endswith(".html") else []
        yield Part(name, text.encode)
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
