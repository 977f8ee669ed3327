"""A registry in the formats of other programs: one table of formats, one way to write a file."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from outposts.errors import ExportError, UnknownName
from outposts.nearest import did_you_mean

if TYPE_CHECKING:
    from outposts.export.extract import Extract


class Format(NamedTuple):
    """A format: its name, the module here that writes it, and what it is for."""

    name: str
    module: str
    use: str


FOLDER = "/"
PACKAGE = "datapackage.json"
FULL = 1 << 16  # bytes free on a disk that is as good as full
FORMATS = {
    ".geojson": Format("GeoJSON", "geojson", "web maps, QGIS; venues with their runs and claims"),
    ".csv": Format("CSV", "csv", "spreadsheets and scripts; a row a venue"),
    ".parquet": Format("GeoParquet", "parquet", "geopandas, DuckDB, R; a row a venue"),
    ".gpkg": Format("GeoPackage", "gpkg", "QGIS; a layer a table, and circles of uncertainty"),
    ".kml": Format("KML", "kml", "Google Earth and its time slider"),
    ".sqlite": Format("SQLite", "sqlite", "SQL and Datasette; foreign keys, full-text search"),
    ".ftm.json": Format("FollowTheMoney", "followthemoney", "OpenSanctions, Aleph; an entity a line"),
    ".lpf.json": Format("Linked Places", "linkedplaces", "World Historical Gazetteer, Pelagios"),
    ".xlsx": Format("Excel", "xlsx", "Excel, LibreOffice; a sheet a table"),
    ".jsonld": Format("JSON-LD", "jsonld", "search engines; schema.org Dataset and Places"),
    FOLDER: Format("Data package", "datapackage", "Frictionless: CSV tables with their schema"),
}  # fmt: skip
"""Suffix -> format; `FOLDER` is a folder: a path that ends in a slash or has no suffix.

The module of a format has ``write(extract: Extract, path: Path) -> None``, which makes the file, or fills
the empty folder, at ``path``. It raises OSError where that cannot be, `ExportError` where the format cannot hold the data.
"""


def suffix_of(target: str | os.PathLike[str]) -> str:
    """Return the suffix in `FORMATS` that a path ends with, the longest; or raise `UnknownName`."""
    text = os.fspath(target)
    name = Path(text).name.lower()
    found = [suffix for suffix in FORMATS if suffix != FOLDER and name.endswith(suffix)]
    if found and not text.endswith("/"):
        return max(found, key=len)
    if text.endswith("/") or not Path(name).suffix:
        return FOLDER
    ending = "".join(Path(name).suffixes[-2:])
    raise UnknownName(
        f"{text!r}: no format is called {ending!r}{did_you_mean(ending, FORMATS)}; "
        f"there are {', '.join(list(FORMATS)[:-1])}, or a folder"
    )


def save(extract: Extract, target: str | os.PathLike[str]) -> Path:
    """Write an extract to a file, or a folder, in the format that its suffix names; return its path.

    A file that is there is replaced when the new one is whole, never before: whoever reads it sees the old
    one or the new one. Of a folder, only what an earlier data package made is replaced.

    Raises
    ------
    UnknownName
        If no format has that suffix.
    ExportError
        If it cannot be written, or the format cannot hold the data. What was there is then as it was.
    """
    suffix = suffix_of(target)
    path = Path(os.path.realpath(target))
    module = import_module(f"outposts.export.{FORMATS[suffix].module}")
    if suffix != FOLDER and path.exists() and not path.is_file():
        raise ExportError(f"{target} is not a file; choose another name")
    if suffix == FOLDER and path.exists() and not path.is_dir():
        raise ExportError(f"{target} is a file; a data package needs a folder")
    try:
        with _beside(path) as made:
            try:
                if suffix == FOLDER:
                    made.mkdir()
                    module.write(extract, made)
                    _put_folder(made, path, target)
                else:
                    module.write(extract, made)
                    _put_file(made, path)
            except OSError as error:
                # Not every library says why; while its half file is there, the disk can be asked.
                if shutil.disk_usage(made.parent).free < FULL:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
                raise
    except OSError as error:
        raise ExportError(
            f"{target} was not written: {error.strerror or error}; what was there is unchanged"
        ) from error
    return path


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Yield a path of the same name in a new folder beside it, which goes away whatever happens.

    A format may leave further files there while it writes, as SQLite does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder / path.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_file(made: Path, path: Path) -> None:
    with made.open("rb+") as file:
        os.fsync(file.fileno())  # a full disk may only now be noticed
    if path.exists():
        made.chmod(path.stat().st_mode & 0o777)
    made.replace(path)


def _put_folder(made: Path, path: Path, target: object) -> None:
    """Put new files in the place of those that an earlier package made; put all back if one fails."""
    new = [name for name in _files(made) if name != PACKAGE]
    old = _package_files(path)
    for name in [*new, PACKAGE]:
        if name not in old and os.path.lexists(path / name):
            raise ExportError(
                f"{target} holds a {name} that no export of ours made; choose another folder"
            )
    if not path.exists():
        made.rename(path)
        return
    aside = made.with_name("old")
    done: list[tuple[Path, Path]] = []
    try:
        # The package's own file goes first and comes last: where it is, its tables are.
        for name in [PACKAGE, *sorted(old - {PACKAGE})]:
            if (path / name).exists():
                done.append(_moved(path / name, aside / name))
        for name in [*new, PACKAGE]:
            done.append(_moved(made / name, path / name))
    except BaseException:
        for source, there in reversed(done):
            there.rename(source)
        raise


def _moved(source: Path, target: Path) -> tuple[Path, Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    return source, target


def _files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _package_files(folder: Path) -> set[str]:
    """Return the files that a package of ours in a folder says it has, itself included."""
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        ours = str(package["made_by"]).startswith("outposts ")
        named = [str(resource["path"]) for resource in package["resources"]] if ours else []
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    inside = {
        name
        for name in named
        if not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
    }
    return inside | {PACKAGE} if ours else set()
