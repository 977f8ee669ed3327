"""Town names to points, from the packaged table (GeoNames, CC BY 4.0)."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from outposts.basemap import country_names
from outposts.errors import PlaceNotFound, UnknownName
from outposts.paths import geodata

_SEPARATORS = dict.fromkeys(
    map(ord, " \t\u00a0\u200b-\u2010\u2011\u2013.,'`\u2018\u2019\u02bb\u02bc()/")
)
"""What a reader may leave out or put in: Vang Vieng, Vangvieng, Siem-Reap, Prey Veng'."""

_STROKES = {ord("\u0111"): "d", ord("\u0131"): "i", ord("\u00f8"): "o", ord("\u0142"): "l"}
"""Latin letters that carry a mark and that Unicode does not decompose."""

_FOLDED = {**_SEPARATORS, **_STROKES, **dict.fromkeys(range(0x300, 0x370))}
"""All that is taken out of, or put into, a decomposed name; U+0300 to U+036F are the Latin marks."""

_SUGGESTIONS = 5


@dataclass(frozen=True)
class Place:
    """A town: its common English name, where it is, and how many live there.

    Attributes
    ----------
    name
        The name that GeoNames puts first, or the one of ``overrides.csv``.
    country
        ISO 3166-1 alpha-2 code.
    lon, lat
        The town's centre in degrees, EPSG:4326.
    population
        GeoNames' figure; 0 when it has none. It orders towns of one name, no more.
    """

    name: str
    country: str
    lon: float
    lat: float
    population: int

    @property
    def radius_m(self) -> float:
        """How far the town reaches from its centre, in metres: a rule of thumb, not a measurement.

        15 km from 5 million people, 10 km from 500,000, and 5 km below: about the radius of a disc
        with the built-up area of Bangkok, Phnom Penh and Siem Reap.
        """
        if self.population >= 5_000_000:
            return 15_000.0
        if self.population >= 500_000:
            return 10_000.0
        return 5_000.0


def find(name: str, country: str | None = None) -> Place:
    """Return the town called ``name``, in English or in its own script.

    Case, Latin accents, spaces and hyphens do not matter: ``hanoi``, ``Ha Noi`` and ``Hà Nội`` are one.
    Of several towns of one name, those that are chiefly called so come first, then the
    more populous.

    Parameters
    ----------
    name
        ``Siem Reap``, ``Krong Siem Reap``, ``ក្រុងសៀមរាប``, ``시엠립``.
    country
        ISO 3166-1 alpha-2 code; only towns of this country count then.

    Raises
    ------
    PlaceNotFound
        If no town is called so; the message names those that are nearly.
    UnknownName
        If ``country`` is no code of a country.

    Examples
    --------
    >>> find("방비엥", "LA").name
    'Vang Vieng'
    """
    names = country_names()
    if country is not None and country not in names:
        codes = {called.casefold(): f"{iso} ({called})" for iso, called in names.items()}
        codes |= {iso.casefold(): f"{iso} ({called})" for iso, called in names.items()}
        near = list(dict.fromkeys(codes[key] for key in _nearest(country.casefold(), list(codes))))
        raise UnknownName(
            f"{country!r} is no ISO 3166-1 alpha-2 code of a country; nearest: {', '.join(near[:3])}"
        )
    known = _called(name)
    for place in known:
        if country is None or place.country == country:
            return place
    where = f" in {country} ({names[country]})" if country else ""
    hints = []
    if known:
        hints.append(
            f"there is one in {', '.join(dict.fromkeys(f'{p.country} ({names[p.country]})' for p in known))}"
        )
    near = suggestions(name, country)
    if near:
        hints.append(f"nearest names: {', '.join(near)}")
    hints.append("or give the point as lon and lat")
    raise PlaceNotFound(f"the gazetteer has no town {name!r}{where}; {'; '.join(hints)}")


def suggestions(name: str, country: str | None = None) -> list[str]:
    """Return up to five names of towns that are spelled nearly as ``name``, the likeliest first."""
    spellings: dict[str, str] = {}
    for spelling, rows in _by_name().items():
        for _, _, row in rows:
            if country is None or row[1] == country:
                spellings[spelling] = row[0]
                break
    return list(dict.fromkeys(spellings[s] for s in _nearest(fold(name), list(spellings))))


def fold(name: str) -> str:
    """Return ``name`` as it is compared: casefolded, without Latin accents, spaces and hyphens.

    Khmer, Lao, Thai and Myanmar marks are letters to their readers and stay; Hangul is composed.

    Examples
    --------
    >>> fold("Hà Nội"), fold("Siem-Reap"), fold("ວຽງຈັນ")
    ('hanoi', 'siemreap', 'ວຽງຈັນ')
    """
    if name.isascii():
        return name.lower().translate(_SEPARATORS)
    letters = unicodedata.normalize("NFKD", name).casefold().translate(_FOLDED)
    return unicodedata.normalize("NFC", letters)


def _nearest(text: str, spellings: list[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    return [
        spelling
        for spelling, _, _ in process.extract(
            text, spellings, scorer=fuzz.ratio, limit=_SUGGESTIONS
        )
    ]


def _rows(name: str) -> list[list[str]]:
    with (geodata() / "gazetteer" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


_Row = tuple[int, int, list[str]]
"""How a town comes to a name, minus its population (so that rows sort), and its line of the table."""

_OWN, _CHIEF, _OTHER = range(3)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[_Row]]:
    """Return folded name -> rows: of overrides.csv, of towns chiefly called so, of the others."""
    own = _rows("overrides.csv")
    replaced = {(row[0], row[1]): row for row in own}
    table: dict[str, list[_Row]] = {}
    for row in own:
        names = {fold(name) for name in (row[0], *row[5].split("|"))}
        for name in names - {""}:
            table.setdefault(name, []).append((_OWN, -int(row[4]), row))
    for row in _rows("places.csv"):
        kept = replaced.get((row[0], row[1]), row)
        people = -int(row[4])
        table.setdefault(fold(row[0]), []).append((_CHIEF, people, kept))
        if row[5]:
            for name in row[5].split("|"):
                table.setdefault(fold(name), []).append((_OTHER, people, kept))
    return table


def _called(name: str) -> list[Place]:
    rows = sorted(_by_name().get(fold(name), ()), key=lambda row: row[:2])
    return list(
        dict.fromkeys(
            Place(name, country, float(lon), float(lat), int(population))
            for _, _, (name, country, lon, lat, population, _) in rows
        )
    )


def country_names_in(lang: str, codes: Iterable[str]) -> dict[str, str]:
    """Return ISO 3166-1 alpha-2 code -> name in a language, from CLDR; codes without one are left out."""
    table = _names("country_names.csv")
    return {code: table[code, ""][lang] for code in codes if lang in table.get((code, ""), ())}


def town_names(name: str, country: str) -> dict[str, str]:
    """Return language -> name of a town, where that differs from ``name``; made by hand, unchecked."""
    return dict(_names("town_names.csv").get((country, name), {}))


@lru_cache(maxsize=4)
def _names(file: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return (country, town or "") -> language -> name."""
    with (geodata() / "gazetteer" / file).open(encoding="utf-8", newline="") as rows:
        return {
            (row.get("iso") or row["country"], row.get("name", "")): {
                lang: name for lang, name in row.items() if name and len(lang) == 2
            }
            for row in csv.DictReader(rows)
        }
