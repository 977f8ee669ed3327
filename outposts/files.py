"""Files that are whole or absent: written beside their place, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Write text as UTF-8, or bytes, so that a reader sees the old file or the new one, never half.

    The folder is made if need be. Raises OSError where it cannot be written; the old file is then as
    it was, and nothing is left beside it.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files as `write` does one: all of them beside their places before the first is renamed.

    Raises OSError where one cannot be written, as on a full disk; all are then as they were.
    """
    beside: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            beside[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for path, new in beside.items():
            os.replace(new, path)
    except BaseException:
        for new in beside.values():
            new.unlink(missing_ok=True)
        raise
