"""Where the packaged geodata lies."""

from __future__ import annotations

from pathlib import Path


def geodata() -> Path:
    """Return the folder that holds registry, basemap and gazetteer.

    In a wheel it lies inside the package; in a checkout it lies beside it.
    """
    package = Path(__file__).resolve().parent
    inside = package / "geodata"
    return inside if inside.is_dir() else package.parent / "geodata"


def document(name: str) -> str:
    """Return the text of a document in ``docs/``; a wheel holds those that pages are made from."""
    inside = Path(__file__).resolve().parent / "docs"
    folder = inside if inside.is_dir() else inside.parent.parent / "docs"
    return (folder / name).read_text(encoding="utf-8")
