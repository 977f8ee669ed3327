"""What a build has made: so that the next one makes only what changed, and deletes nothing of others."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from outposts import paths
from outposts.errors import MapError
from outposts.files import write

NAME = ".outposts.json"


class Made:
    """The files of a folder that builds have made, each with the key of what it was made from.

    The record is a file in that folder, written by `close`; without it, everything is made anew.
    """

    def __init__(self, folder: Path, check: bool = False) -> None:
        self.folder = folder
        self.check = check
        self._before = _read(folder / NAME)
        self._now: dict[str, dict[str, str]] = {}

    def put(self, name: str, content: bytes, key: str = "", ours: bool = False) -> bool:
        """Write a file where it is not so already (with ``check``, never); return whether it was.

        Raises `MapError` for a file of that name which no build of ours has made, unless ``ours``
        says that the name is ours to write.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.folder / name
        there = _digest(path)
        self._now[name] = {"sha256": digest, "key": key}
        if there == digest:
            return True
        if there and not ours and name not in self._before:
            raise MapError(
                f"{path.as_posix()} is there and was not made by outposts; "
                "move it away, or give another folder with --out"
            )
        if not self.check:
            write(path, content)
        return False

    def keep(self, name: str, key: str) -> bool:
        """Return whether a file is still what was once made from ``key``; if so it counts as made."""
        entry = self._before.get(name)
        if self.check or not entry or entry["key"] != key or not key:
            return False
        if _digest(self.folder / name) != entry["sha256"]:
            return False
        self._now[name] = entry
        return True

    def names(self, folder: str) -> list[str]:
        """Return the names of the files below a folder that an earlier build made, sorted."""
        return sorted(name for name in self._before if name.startswith(folder))

    def stale(self) -> list[str]:
        """Return files that an earlier build made, that nobody changed since, and that are no longer made."""
        return [
            name
            for name, entry in self._before.items()
            if name not in self._now and _digest(self.folder / name) == entry["sha256"]
        ]

    def close(self) -> None:
        """Delete what is stale and write down what was made."""
        for name in self.stale():
            (self.folder / name).unlink()
        write(self.folder / NAME, json.dumps(self._now, indent=1, sort_keys=True) + "\n")


def key(*parts: Any) -> str:
    """Return a key of what a file is made from: our code, and these parts as JSON."""
    text = json.dumps([_code(), *parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """Return a digest of all code and geodata that pages are made with."""
    package = Path(__file__).resolve().parents[1]
    found = hashlib.sha256()
    folders = (package, paths.geodata() / "basemap", paths.geodata() / "gazetteer")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {
        name: entry
        for name, entry in (found.items() if isinstance(found, dict) else ())
        if isinstance(entry, dict) and {"sha256", "key"} <= entry.keys()
    }


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
