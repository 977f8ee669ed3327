"""Claims for tests: written in one line, or made up by Hypothesis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from hypothesis import strategies as st

from outposts import dates
from outposts.models import Claim, Retraction, Source, claim
from outposts.models import ClaimEntry as Entry

FAR = dates.day("2030-01-01")


def source(known: int) -> Source:
    return Source(title="A report", kind="news", accessed=known)


def told(id: str, line: str) -> Claim:
    """Return the claim that a line such as ``open 2020-04 weak known 2020-06-02`` writes."""
    says, when, *rest = line.split()
    days = dict(itertools.pairwise(rest))
    last = dates.parse(when).window.last
    known = dates.day(days["known"]) if "known" in days else int(last)
    hidden = Retraction(on=dates.day(days["retracted"]), why="?") if "retracted" in days else None
    entry = Entry.model_validate(
        {"id": id, "says": says, "when": when, "source": "s", "weak": "weak" in rest}
        | {"retracted": hidden}
    )
    return claim(entry, f"x#{id}", source(known))


def claims_of(lines: Sequence[str]) -> list[Claim]:
    return [told(f"c{number}", line) for number, line in enumerate(lines, 1)]


DAYS = st.integers(dates.day("2015-01-01"), dates.day("2020-12-31"))
ISO = DAYS.map(dates.iso)
PAIRS = st.tuples(DAYS, DAYS).map(sorted).map(lambda pair: [dates.iso(day) for day in pair])
SOME_DAY = st.one_of(
    ISO,
    ISO.map(lambda day: day[:7]),
    ISO.map(lambda day: day[:4]),
    ISO.map(lambda day: f"{day}~"),
    st.builds("{}-{}".format, st.integers(2015, 2020), st.sampled_from([21, 24, 34, 37, 39, 40])),
    ISO.map(lambda day: f"[..{day}]"),
    ISO.map(lambda day: f"[{day}..]"),
    PAIRS.map(lambda pair: "[{}..{}]".format(*pair)),
)
EVERY_DAY = st.one_of(
    PAIRS.map(lambda pair: "{}/{}".format(*pair)), ISO.map(lambda day: f"{day}/..")
)


@st.composite
def claims(draw: st.DrawFn, id: str = "c", most: int = 6) -> list[Claim]:
    """Up to ``most`` claims of 2015 to 2020, some weak, some known late, some retracted."""
    found = []
    for number in range(draw(st.integers(0, most))):
        says = draw(st.sampled_from(["opened", "open", "open", "closed", "closed", "suspended"]))
        forms = st.one_of(SOME_DAY, EVERY_DAY) if says in ("open", "suspended") else SOME_DAY
        when = draw(forms)
        window = dates.parse(when).window
        base = window.first + 400 if math.isinf(window.last) else window.last
        known = int(base) + draw(st.sampled_from([0, 0, 0, 30, 400, -40]))
        line = f"{says} {when} known {dates.iso(known)}"
        line += draw(st.sampled_from(["", "", "", " weak"]))
        if draw(st.integers(0, 9)) == 0:
            line += f" retracted {dates.iso(known + 200)}"
        found.append(told(f"{id}{number}", line))
    return found


ASKED = st.integers(dates.day("2014-01-01"), dates.day("2024-12-31"))
CLOCKS = st.one_of(st.just(FAR), st.integers(dates.day("2015-01-01"), dates.day("2022-12-31")))
