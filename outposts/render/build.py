"""Map definitions -> HTML files, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from outposts.errors import MapError, UnknownName
from outposts.files import write
from outposts.nearest import did_you_mean
from outposts.registry import Registry
from outposts.render import definition


@dataclass(frozen=True, slots=True)
class Built:
    """One map's file: where it goes, how large it is, and whether it was already so."""

    name: str
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
    registry: Registry, paths: Sequence[Path], out: Path, check: bool = False
) -> Iterator[Built]:
    """Render each definition to ``out/<name>.html``; with ``check``, only compare.

    Every map is made before the first file is written, so that a fault in one writes nothing.
    Yields what was built, in order.
    """
    maps = [(path, definition.load(path)) for path in paths]
    made = [(path, one.map(registry)) for path, one in maps]
    for path, page in made:
        target = out / f"{path.stem}.html"
        text = page.get_root().render()
        fresh = _holds(target, text)
        if not check and not fresh:
            write(target, text)
        yield Built(path.stem, target, len(text.encode()), fresh)


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False
