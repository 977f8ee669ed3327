"""Map definitions -> HTML files and what goes beside them, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from outposts.errors import MapError, UnknownName
from outposts.files import write
from outposts.nearest import did_you_mean
from outposts.registry import Registry
from outposts.render import assets, definition
from outposts.render.embed import LOADER, oembed, place


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


def build(
    registry: Registry,
    paths: Sequence[Path],
    out: Path,
    check: bool = False,
    home: str | None = None,
    pages: Sequence[Path] = (),
) -> Iterator[Built]:
    """Render each definition to ``out/<name>.html``, beside the loader; with ``check``, only compare.

    ``home`` is the address of the folder where the maps will be published, before those that the
    definitions give; a map that has one gets its oEmbed answer beside it, ``out/<name>.oembed.json``.
    ``pages`` are articles that embed the maps; they are copied as they are.
    Every map is made before the first file is written, so that a fault in one writes nothing.
    Yields what was built, in order. Raises `MapError` for a ``home`` that is no web address.
    """
    made = []
    for path in paths:
        one = definition.load(path)
        base = home or one.home
        where = place(base, path.stem) if base else None
        made.append((path.stem, where, one.map(registry, where)))
    for name, where, page in made:
        yield _built(out / f"{name}.html", page.get_root().render(), check)
        if where:
            yield _built(out / f"{name}.oembed.json", oembed(where, page.data), check)
    yield _built(out / LOADER, assets.loader() + "\n", check)
    for path in pages:
        yield _built(out / path.name, path.read_text(encoding="utf-8"), check)


def _built(path: Path, text: str, check: bool) -> Built:
    fresh = _holds(path, text)
    if not check and not fresh:
        write(path, text)
    return Built(path, len(text.encode()), fresh)


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False
