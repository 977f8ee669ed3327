"""An empty registry: the files that one begins with, each telling what belongs into it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from outposts.canonical import scalar
from outposts.errors import OutpostsError

README = """\
# {title}

A registry of venues in which every fact is a dated claim with a source. What was open on a day is never written
down; it is worked out from the claims.

| file | holds |
|---|---|
| `registry.yaml` | title, licence, attribution, version |
| `sources.yaml` | who says so, and from which day the public could know |
| `venues/<cc>/<id>.yaml` | one venue: names, place, claims; `<cc>` is the country's ISO 3166-1 code in small letters |
| `organisations.yaml` | bodies that run venues or stand behind them |
| `groups.yaml` | sentences about many venues at once, and published totals |
| `events.yaml` | dated events that the timeline marks; never evidence |

The last three may be absent. To add to it:

```sh
export OUTPOSTS_REGISTRY={folder}
outposts add source paper-2024 --title "Dining out" --publisher "The Paper" --published 2024-05-02 --kind news --url https://example.org/
outposts add venue vn-hanoi-lotus --kind restaurant --name "Lotus" --place Hanoi --source paper-2024
outposts add claim vn-hanoi-lotus --says open --when 2024-04 --source paper-2024 --quote "As of April, Lotus was open."
outposts add --from claims.csv  # many at once: the columns are in outposts add --help
outposts check
outposts status --on 2024-06-01
```

- Dates are in EDTF and hold no more than the source supports: `2024-04`, `[..2024-05-02]` (by that day), `2023-03/2024-01` (throughout).
- The day of publication is not the day of a visit. "Is closed, as of D" is `[..D]`.
- A claim is never deleted. One that turns out wrong gets `retracted: {{on: ..., why: ...}}`.
- Where sources contradict each other, write both claims. Name no private person.
"""
CARD = """\
# What the registry is, and who stands behind it. Every map and every export prints this.
title: {title}
# description: "One or two sentences: which places, where, since when."
# The licence of your data as an SPDX code, such as CC-BY-4.0; and whom to name:
# licence: CC-BY-4.0
# attribution: "Your name"
version: "0.1.0"
# contact: https://example.org/where-to-report-errors
"""
SOURCES = """\
# Every source of this registry, by an id of your choice. `published` is the day the public could know, in EDTF;
# where a text is undated leave it out: `accessed` stands in. For example:
#
# paper-2024:
#   title: "Dining out"
#   publisher: The Paper
#   published: "2024-05-02"
#   accessed: "2024-06-01"
#   url: https://example.org/
#   archived: https://web.archive.org/...
#   lang: en
#   kind: news
"""


def files(title: str, folder: str) -> dict[str, str]:
    """Return the files of an empty registry by name; ``folder`` is what its README calls it."""
    return {
        "README.md": README.format(title=title, folder=folder),
        "registry.yaml": CARD.format(title=scalar(title, "title")),
        "sources.yaml": SOURCES,
    }


def begin(folder: Path, title: str) -> bool:
    """Write an empty registry into a folder that is not there or empty, all of it or nothing.

    Returns
    -------
    bool
        Whether it was written; False if the folder holds just that already.

    Raises
    ------
    OutpostsError
        If there is something else at that place, or it cannot be written.
    """
    wanted = files(title, folder.as_posix())
    try:
        if folder.exists() or folder.is_symlink():
            if not folder.is_dir():
                raise OutpostsError(f"{folder} is there and is no folder; name another")
            held = sorted(path.name for path in folder.iterdir())
            if held:
                if held == sorted(wanted) and all(
                    (folder / name).read_bytes() == text.encode() for name, text in wanted.items()
                ):
                    return False
                more = f" and {len(held) - 3} more" if len(held) > 3 else ""
                raise OutpostsError(f"{folder} is not empty (it holds {', '.join(held[:3])}{more}); name a new or an empty folder")  # fmt: skip
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, text in wanted.items():
                (beside / name).write_bytes(text.encode())
            beside.chmod(0o755)
            os.replace(beside, folder)
        except BaseException:
            shutil.rmtree(beside)
            raise
    except OSError as error:
        raise OutpostsError(f"{folder}: {error.strerror or error}") from None
    return True
