"""Map definitions -> HTML files and what goes beside them, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outposts import dates
from outposts.digest import digest, sha256
from outposts.errors import MapError, UnknownName
from outposts.files import write
from outposts.nearest import did_you_mean
from outposts.registry import Registry
from outposts.render import assets, definition
from outposts.render.definition import Definition
from outposts.render.embed import LOADER, Place, oembed, place
from outposts.render.map import Map


@dataclass(frozen=True, slots=True)
class Built:
    """One file: where it goes, how many bytes it has, and whether it was already so."""

    path: Path
    size: int
    fresh: bool


def definitions(names: Sequence[str], folder: Path) -> list[Path]:
    """Return the definition files meant: all of a folder, or those named by name or path.

    Raises `UnknownName` for one that does not exist, with the nearest names, and `MapError` for an
    empty folder.
    """
    there = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if not names:
        if not there:
            raise MapError(f"there is no map definition in {folder.as_posix()}/")
        return list(there.values())
    found: list[Path] = []
    for name in names:
        path = there.get(name) or Path(name)
        if not path.is_file():
            raise UnknownName(f"no map is called {name!r}{did_you_mean(name, there)}")
        found.append(path)
    return list(dict.fromkeys(found))


def articles(folder: Path) -> list[Path]:
    """Return the pages of one's own among the definitions of a folder; they are copied as they are."""
    return sorted(folder.glob("*.html"))


def build(
    registry: Registry,
    paths: Sequence[Path],
    out: Path,
    check: bool = False,
    home: str | None = None,
    pages: Sequence[Path] = (),
    shared: bool = False,
) -> Iterator[Built]:
    """Render each definition to ``out/<name>.html``, beside the loader; with ``check``, only compare.

    ``home`` is the address of the folder where the maps will be published, before those that the
    definitions give; a map that has one gets its oEmbed answer beside it, ``out/<name>.oembed.json``.
    ``pages`` are articles that embed the maps; they are copied as they are. With ``shared``, the maps link to
    scripts, styles and fonts in ``out/assets/``; else each is a file that needs no other.
    Every map is made before the first file is written, so that a fault in one writes nothing.
    Yields what was built, in order. Raises `MapError` for a ``home`` that is no web address, and for a
    definition that shows no venue.
    """
    for part, content in [
        (part, part.make()) for part in parts(registry, paths, home, pages, shared)
    ]:
        path = out / part.name
        fresh = _holds(path, content)
        if not check and not fresh:
            write(path, content)
        yield Built(path, len(content), fresh)


@dataclass(frozen=True, slots=True)
class Part:
    """A file to build: its name from the root, how it is made, and what it is made from, as plain values."""

    name: str
    make: Callable[[], bytes]
    made_from: tuple[Any, ...] = ()


def parts(
    registry: Registry,
    paths: Sequence[Path],
    home: str | None = None,
    pages: Sequence[Path] = (),
    shared: bool = False,
    pictures: bool = False,
) -> list[Part]:
    """Return the files that `build` writes, the maps first; definitions are read, nothing is made yet.

    With ``pictures``, the maps name theirs, `picture_of`, which somebody else makes.
    """
    found: list[Part] = []
    for path in paths:
        plan = definition.load(path)
        base = home or plan.home
        where = place(base, path.stem) if base else None
        found += _of_map(path.stem, plan, where, registry, shared, pictures)
    if shared:
        found += [
            Part(name, lambda content=content: content)  # type: ignore[misc]
            for name, content in assets.shared().items()
        ]
    found.append(Part(LOADER, lambda: f"{assets.loader()}\n".encode()))
    found += [Part(path.name, path.read_bytes) for path in pages]
    return found


def picture_of(name: str) -> str:
    """Return where the picture of a map lies, from its page."""
    return f"pictures/{name}.png"


def _of_map(
    name: str,
    plan: Definition,
    where: Place | None,
    registry: Registry,
    shared: bool,
    pictures: bool,
) -> list[Part]:
    venues = plan.venues(registry)
    streets = plan.streets.read_bytes() if plan.streets and plan.streets.is_file() else b""
    made_from = (
        digest(registry, venues),
        [count.model_dump() for count in registry.counts],
        plan.model_dump(),
        where and where.page,
        sha256(streets),
        dates.today(),
        shared,
        pictures,
    )
    made: list[Map] = []

    def page() -> Map:
        if not made:
            made.append(plan.map(registry, where, shared, picture_of(name) if pictures else None))
        return made[0]

    def html() -> bytes:
        text: str = page().get_root().render()
        return text.encode()

    found = [Part(f"{name}.html", html, made_from)]
    if where:
        found.append(
            Part(f"{name}.oembed.json", lambda: oembed(where, page().data).encode(), made_from)
        )
    return found


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
