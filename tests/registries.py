"""Small registries for tests, written as a person would write them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

REGISTRY = """\
title: A small registry
description: Two venues for a test
licence: CC-BY-4.0
attribution: Testers
version: "1"
contact: https://example.org/contact
"""
SOURCES = """\
paper:
  title: Dining abroad
  publisher: The Paper
  published: "2020-06-02"
  accessed: "2020-07-01"
  url: https://example.org/paper
  archived: https://web.archive.org/paper
  lang: en
  kind: news
panel:
  title: Final report
  publisher: The Panel
  published: "2020-03-02"
  accessed: "2020-07-01"
  url: https://example.org/panel
  archived: https://web.archive.org/panel
  lang: en
  kind: un-report
"""
ORGANISATIONS = """\
chain:
  names:
    - {name: The Chain, lang: en, source: paper}
  parent: ministry
ministry:
  names:
    - {name: The Ministry, lang: en, source: paper}
"""
KORYO = """\
id: vn-hanoi-koryo
kind: restaurant
names:
  - {name: Koryo Restaurant, lang: en, source: paper}
  - {name: 고려식당, lang: ko, source: paper}
operators:
  - {organisation: chain, source: paper}
location:
  country: VN
  place: Hanoi
claims:
  - id: c1
    says: open
    when: "2020-04"
    source: paper
    quote: "As of April, it was still open."
"""
LAO = """\
id: la-night-market
kind: market
names:
  - {name: Night Market, lang: en, source: panel}
location:
  country: LA
claims:
  - id: c1
    says: opened
    when: "2018"
    source: panel
    quote: "It opened in 2018."
"""
FILES = {
    "registry.yaml": REGISTRY,
    "sources.yaml": SOURCES,
    "organisations.yaml": ORGANISATIONS,
    "venues/vn/vn-hanoi-koryo.yaml": KORYO,
    "venues/la/la-night-market.yaml": LAO,
}
KORYO_FILE, LAO_FILE = "venues/vn/vn-hanoi-koryo.yaml", "venues/la/la-night-market.yaml"


def write(folder: Path, files: dict[str, str | None] | None = None) -> Path:
    """Write the small registry into a folder, with ``files`` in place of its own (None: absent)."""
    for name, text in {**FILES, **(files or {})}.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
    return folder


def changed(text: str, old: str, new: str) -> str:
    """Return one of the files with one thing in it changed; the thing must be there once."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def koryo(old: str, new: str) -> dict[str, str | None]:
    """Return the files of a registry in which one thing about Koryo is changed."""
    return {KORYO_FILE: changed(KORYO, old, new)}
