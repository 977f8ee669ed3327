"""Dates, lists and counts in the words of one language; ``words.js`` does the same on the page.

``tests/cases/sentences.json`` holds both to one wording.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from outposts.vocabulary import closest, vocabulary

EPOCH = dt.date(1970, 1, 1).toordinal()
_SLOT = re.compile(r"\{(\w+)\}")

Form = tuple[Any, ...]
"""A date as data: its kind and its parts, such as ``("by", ("day", 2020, 2, 7))``; see `Edtf.form`."""


class Words:
    """The words of a language; ``table`` is its part of the vocabulary."""

    def __init__(self, lang: str) -> None:
        self.lang = closest(lang)
        self.table: dict[str, Any] = vocabulary()[self.lang]

    def text(self, key: str, **values: object) -> str:
        """Return a string of the interface; of one with plural forms, ``n`` chooses."""
        return fill(self.form(self.table["strings"][key], values.get("n")), **values)

    def form(self, found: str | dict[str, str], n: Any) -> str:
        """Return a template as it is, or the one of its plural forms that goes with ``n``."""
        if isinstance(found, str):
            return found
        return found.get("one", found["other"]) if self._is_one(n) else found["other"]

    def date(self, day: float) -> str:
        """Return a finite day, such as ``1 March 2020``."""
        date = dt.date.fromordinal(int(day) + EPOCH)
        return self.when(("day", date.year, date.month, date.day))

    def when(self, form: Form) -> str:
        """Return a partial date, such as ``by 7 February 2020``."""
        kind, *parts = form
        pattern = self.table["dates"]
        if kind in ("day", "month"):
            year, month, *day = parts
            key = "first" if day == [1] else kind
            name = self.table["months"][month - 1]
            return fill(pattern[key], d=day[0] if day else "", month=name, y=_year(year))
        if kind in ("year", "decade", "someMonth"):
            return fill(pattern[kind], y=_year(parts[0]))
        if kind == "part":
            return fill(pattern[str(parts[1])], y=_year(parts[0]))
        if kind == "or":
            return self.listed([self.when(part) for part in parts], "or")
        dates = [self.when(part) for part in parts]
        return fill(pattern[kind], date=dates[0], end=dates[-1], phrase=self.phrase(parts[0]))

    def phrase(self, form: Form) -> str:
        """Return a date as a sentence takes it, such as ``on 1 March 2020`` or ``in late 2019``."""
        inner, phrases = form, self.table["phrases"]
        while True:
            code = str(inner[2]) if inner[0] == "part" else ""
            found = phrases.get(code) or phrases.get(inner[0])
            if found:
                return fill(found, date=self.when(form))
            inner = inner[1]

    def listed(self, parts: Sequence[str], kind: str = "and") -> str:
        """Return parts as a list, such as ``a, b and c``."""
        comma, last = self.table["lists"][kind]
        if len(parts) < 2:
            return "".join(parts)
        return str(comma).join(parts[:-1]) + str(last) + parts[-1]

    def _is_one(self, n: Any) -> bool:
        """CLDR's category ``one``; the Asian languages here have none."""
        return bool(n == 1) if self.lang != "fr" else 0 <= n < 2


def _year(year: int) -> str:
    return f"{year:04}"


def fill(template: str, **values: object) -> str:
    """Return a template with each ``{name}`` replaced; what comes in is not looked at again."""
    return _SLOT.sub(lambda match: str(values[match[1]]), template)


@lru_cache(maxsize=16)
def words(lang: str = "en") -> Words:
    """Return the words of a language, or English where it has none."""
    return Words(lang)
