"""What the tests of exports share: an extract with all that is hard to write, and one of our registry."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from registries import KORYO, KORYO_FILE, LAO, LAO_FILE, changed, write

import outposts
from outposts.export.extract import Extract, extract

ON, KNOWN = "2020-06-02", "2026-11-22"


@lru_cache
def ours() -> Extract:
    """Return all of our registry on a fixed day, as known on a fixed day."""
    return extract(outposts.load(), ON, KNOWN)


def hostile(folder: Path) -> Extract:
    """Return two venues whose texts are formulas, markup and controls; one opened in 1850."""
    koryo = changed(KORYO, "Koryo Restaurant", "'=1+1 <script>alert(1)</script> & 国'")
    koryo = changed(
        koryo, '"As of April, it was still open."', '"@SUM(A1) \\x01 <b onclick=x> ]]>"'
    )
    lao = changed(LAO, "Night Market, lang", "'-2+3', lang")
    lao = changed(lao, '"2018"', '"1850"')
    write(folder, {KORYO_FILE: koryo, LAO_FILE: lao})
    return extract(outposts.load(folder), ON, KNOWN)
