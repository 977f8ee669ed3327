"""A registry and its map definitions -> a folder of static files, of which only what changed is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from outposts import dates
from outposts.digest import digest
from outposts.registry import Registry
from outposts.render import assets, definition
from outposts.render.definition import Definition
from outposts.site import pages
from outposts.site.made import Made, key
from outposts.site.pages import FONTS, Leaf, Site


@dataclass(frozen=True, slots=True)
class Built:
    """One file of the site: its name from the root, its size in bytes, and whether it was already so."""

    name: str
    size: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A file to make: its name from the root, what it is made from, and how; ``ours`` may be written over."""

    name: str
    make: Callable[[], bytes]
    key: str = ""
    ours: bool = False


def build(
    registry: Registry,
    paths: Sequence[Path],
    out: Path,
    base: str | None = None,
    check: bool = False,
) -> Iterator[Built]:
    """Write the maps of these definitions and the site around them to ``out``, a static folder.

    Links are relative, so that the folder works from disk and below any address; ``base`` is the address
    it will have, for what has to name one. With ``check``, nothing is written. Files that an earlier
    build made and this one does not are deleted if nobody changed them; others are left alone.

    Raises
    ------
    DefinitionError, MapError
        For a definition with a fault, one that shows no venue, or a file in the way that is not ours.
        Every map is made before the first file is written.
    """
    made = Made(out, check)
    today = dates.today()
    plans = [(path, definition.load(path)) for path in paths]
    leaves = tuple(
        sorted(
            (_leaf(path.stem, plan, registry) for path, plan in plans),
            key=lambda leaf: (-len(leaf.venues), leaf.name),
        )
    )
    data = digest(registry, list(registry.values()), today)
    site = Site(registry, leaves, today, data, base)
    parts = [_map(path, plan, registry) for path, plan in plans]
    ready = [(part, made.keep(part.name, part.key) or part.make()) for part in parts]
    for part, content in ready:
        yield _put(made, part, content)
    for part in _around(site):
        yield _put(made, part, made.keep(part.name, part.key) or part.make())
    yield from (Built(name, 0, False) for name in made.stale())
    if not check:
        made.close()


def _put(made: Made, part: Part, content: bytes | bool) -> Built:
    if isinstance(content, bool):
        return Built(part.name, (made.folder / part.name).stat().st_size, True)
    return Built(part.name, len(content), made.put(part.name, content, part.key, part.ours))


def _leaf(name: str, plan: Definition, registry: Registry) -> Leaf:
    return Leaf(name, plan, frozenset(venue.id for venue in plan.venues(registry)))


def _map(path: Path, plan: Definition, registry: Registry) -> Part:
    streets = plan.streets.read_bytes() if plan.streets and plan.streets.is_file() else b""
    made_from = key(
        digest(registry, plan.venues(registry)),
        [count.model_dump() for count in registry.counts],
        plan.model_dump(),
        sha256(streets).hexdigest(),
        dates.today(),
    )

    def page() -> bytes:
        text: str = plan.map(registry).get_root().render()
        return text.encode()

    return Part(f"{path.stem}.html", page, made_from, ours=True)


def _around(site: Site) -> Iterator[Part]:
    """Yield the parts of a site but for its maps, in the order in which they need each other."""
    for name in assets.SCRIPTS:
        yield Part(f"{FONTS}/{name}.woff2", (assets.STATIC / "fonts" / f"{name}.woff2").read_bytes)
    names: list[str] = [f"{leaf.name}.html" for leaf in site.maps]
    for name, text in pages.pages(site):
        names += [name] if name.endswith(".html") else []
        yield Part(name, text.encode)
    yield Part("sitemap.xml", lambda: _sitemap(names, site).encode())
    yield Part("robots.txt", lambda: _robots(site.base).encode())


def _sitemap(names: Sequence[str], site: Site) -> str:
    """Return the site's map for search engines; they want whole addresses, which ``base`` gives."""
    day = dates.iso(site.today)
    lines = [
        f"<url><loc>{escape((site.base or '') + name)}</loc><lastmod>{day}</lastmod></url>"
        for name in names
    ]
    note = "" if site.base else "<!-- give --base URL to make these addresses whole -->\n"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + note
        + '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(lines)
        + "\n</urlset>\n"
    )  # fmt: skip


def _robots(base: str | None) -> str:
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {base}sitemap.xml\n" if base else "")
