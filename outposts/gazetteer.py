"""Town names to points: GeoNames (CC BY 4.0) and a small table of our own that goes before it."""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from outposts import towns
from outposts.basemap import country_names
from outposts.errors import PlaceNotFound, UnknownName
from outposts.paths import geodata

_SEPARATORS = dict.fromkeys(
    map(
        ord,
        " \t\n\r\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"
        "-\u2010\u2011\u2013.,'`\u2018\u2019\u02bb\u02bc()/",
    )
)
"""What a reader may leave out or put in: Vang Vieng, Vangvieng, Siem-Reap, Prey Veng'."""

_STROKES = {ord("\u0111"): "d", ord("\u0131"): "i", ord("\u00f8"): "o", ord("\u0142"): "l"}
"""Latin letters that carry a mark and that Unicode does not decompose."""

_FOLDED = {**_SEPARATORS, **_STROKES, **dict.fromkeys(range(0x300, 0x370))}
"""All that is taken out of, or put into, a decomposed name; U+0300 to U+036F are the Latin marks."""

_SUGGESTIONS = 5

_LONGEST = 200
"""Letters of the longest name that is looked up; no town's is longer."""

_LIKE, _FAINT = 65, 45
"""Of 100: how alike a name must be that counts as found, and one that is only suggested."""

_BEHIND = 15
"""How far behind the likeliest of them another may stay that counts as found."""

_MOST_ALIKE = 2000
"""Names of a like spelling that are looked at; a short name has very many."""

_OWN = 50
"""How many times its people a town counts under its own name, beside towns also called so.

So Georgetown is in Guyana, but Canton is Guangzhou and not in Ohio, and Penang no village of Indonesia.
"""

_LEAST = 500
"""People that a town counts for at least: many villages have no figure."""

_SAME_TOWN = 0.5
"""Degrees between a town of ``overrides.csv`` and its row in GeoNames, at most."""


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
    admin1
        The province, state or region, to tell two towns of one name apart; may be empty.
    """

    name: str
    country: str
    lon: float
    lat: float
    population: int
    admin1: str = ""

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


@dataclass(frozen=True)
class Match:
    """A town and how a name led to it.

    Attributes
    ----------
    place
        The town.
    how
        ``exact``: nothing but case was folded. ``folded``: accents, spaces or hyphens were, on one
        side or the other. ``fuzzy``: the name is spelled nearly so.
    likeness
        Of 100: the share of letters that need no change; 100 unless fuzzy.
    """

    place: Place
    how: Literal["exact", "folded", "fuzzy"]
    likeness: float = 100.0


def search(name: str, country: str | None = None, limit: int | None = 10) -> list[Match]:
    """Return the towns that ``name`` may mean, the likeliest first; none is an empty list.

    Towns called so come alone, and where there is none, those of a like name. More than
    one of them means that the name is ambiguous. Among towns called so, ours (``overrides.csv``) come
    first, then the more populous, a town's own name counting for far more than its
    other ones; among towns of a like name the more alike, then the more populous.

    Parameters
    ----------
    name
        In any script: ``Siem Reap``, ``ក្រុងសៀមរាប``, ``시엠립``.
    country
        ISO 3166-1 alpha-2 code; only towns of this country count then.
    limit
        How many at most; None for all.

    Raises
    ------
    UnknownName
        If ``country`` is no code of a country.

    Examples
    --------
    >>> [(m.place.name, m.place.admin1, m.how) for m in search("georgetown", "MY")]
    [('George Town', 'Penang', 'folded')]
    """
    _checked(country)
    called = _called(name, country, limit)
    if called:
        return called
    like = _like(name, country)
    least = max(_LIKE, max((match.likeness for match in like), default=0) - _BEHIND)
    return [match for match in like if match.likeness >= least][:limit]


def find(name: str, country: str | None = None) -> Place:
    """Return the town called ``name``, in English or in its own script.

    Case, Latin accents, spaces and hyphens do not matter: ``hanoi``, ``Ha Noi`` and ``Hà Nội`` are one.
    Of several towns of one name it is the first of `search`; a name that is only spelled nearly so
    is not taken.

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
    _checked(country)
    known = _called(name, country, 1)
    if known:
        return known[0].place
    raise PlaceNotFound(f"{missing(name, country)}; or give the point as lon and lat")


def around(
    west: float, south: float, east: float, north: float, apart: float, limit: int = 50
) -> list[Place]:
    """Return the most populous towns in a box, for a map to write.

    Parameters
    ----------
    west, south, east, north
        The box in degrees, ends included.
    apart
        Degrees of lon or lat that two of them are apart at least: a city's districts are left out.
    limit
        How many at most.

    Examples
    --------
    >>> [place.name for place in around(102.0, 12.0, 106.0, 19.0, 1.0, 3)]
    ['Vientiane', 'Vinh', 'Siem Reap']
    """
    found: list[Place] = []
    replaced = _ours().replaced
    for town in _table().within(west, south, east, north):
        place = _place(replaced.get(town, town))
        if not (west <= place.lon <= east and south <= place.lat <= north):
            continue  # ours lies elsewhere than GeoNames' town
        if all(max(abs(place.lon - p.lon), abs(place.lat - p.lat)) >= apart for p in found):
            found.append(place)
        if len(found) == limit:
            break
    return found


def missing(name: str, country: str | None = None) -> str:
    """Return in words that no town is called ``name``, which countries have one, and which names are near.

    ``country`` is an ISO 3166-1 alpha-2 code, as in `find`; UnknownName if there is none such.
    """
    names = _checked(country)
    where = f" in {country} ({names[country]})" if country else ""
    told = [f"the gazetteer has no town {_quoted(name)}{where}"]
    others = list(dict.fromkeys(match.place.country for match in _called(name)))
    if others:
        more = " and elsewhere" if len(others) > _SUGGESTIONS else ""
        them = ", ".join(f"{code} ({names[code]})" for code in others[:_SUGGESTIONS])
        told.append(f"there is one in {them}{more}")
    near = suggestions(name, country)
    if near:
        told.append(f"nearest names: {', '.join(near)}")
    return "; ".join(told)


def suggestions(name: str, country: str | None = None) -> list[str]:
    """Return up to five names of towns that are spelled nearly as ``name``, the likeliest first."""
    names = dict.fromkeys(match.place.name for match in _like(name, country))
    return list(names)[:_SUGGESTIONS]


def fold(name: str) -> str:
    """Return ``name`` as it is compared: casefolded, without Latin accents, spaces and hyphens.

    Khmer, Lao, Thai and Myanmar marks are letters to their readers and stay; Hangul is composed.
    Folding what is folded changes nothing.

    Examples
    --------
    >>> fold("Hà Nội"), fold("Siem-Reap"), fold("ວຽງຈັນ")
    ('hanoi', 'siemreap', 'ວຽງຈັນ')
    """
    if name.isascii():
        return name.lower().translate(_SEPARATORS)
    return unicodedata.normalize("NFC", _letters(name).translate(_FOLDED))


def _letters(name: str) -> str:
    """Return ``name`` decomposed and casefolded, with all that `fold` takes out still in it."""
    if name.isascii():
        return name.lower()
    # A letter may decompose only once it is casefolded, and some that then come have a case.
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", decomposed).casefold())


def _quoted(name: str) -> str:
    """Return ``name`` in quotes for a message: cut if long, with unprintable characters escaped."""
    return repr(name if len(name) <= 80 else f"{name[:79]}…")


def _checked(country: str | None) -> dict[str, str]:
    """Return the names of countries by their codes, if ``country`` is one of these."""
    names = country_names()
    if country is not None and country not in names:
        from rapidfuzz import fuzz, process

        codes = {called.casefold(): f"{iso} ({called})" for iso, called in names.items()}
        codes |= {iso.casefold(): f"{iso} ({called})" for iso, called in names.items()}
        typed = country.casefold()[:_LONGEST]
        close = process.extract(typed, list(codes), scorer=fuzz.ratio, limit=_SUGGESTIONS)
        near = list(dict.fromkeys(codes[key] for key, _, _ in close))
        raise UnknownName(
            f"{_quoted(country)} is no ISO 3166-1 alpha-2 code of a country; nearest: {', '.join(near[:3])}"
        )
    return names


def _called(name: str, country: str | None = None, limit: int | None = None) -> list[Match]:
    """Return the towns of one name, the likeliest first."""
    key = fold(name) if len(name) <= _LONGEST else ""
    if not key:
        return []
    letters, table, ours = _letters(name), _table(), _ours()
    nothing_folded = letters == letters.translate(_FOLDED)
    # Ours first, then the more people, then what was not folded.
    found: dict[Place | int, tuple[bool, int, bool]] = {}
    for place, spellings in ours.called.get(key, ()):
        if country in (None, place.country):
            found[place] = (False, -place.population, letters not in spellings)
    for are_own, numbers in zip((True, False), table.called(key), strict=True):
        for number in numbers:
            if country is not None and table.country(number) != country:
                continue
            exact = letters == _letters(table.names[number]) if are_own else nothing_folded
            people = max(table.population(number), _LEAST)
            if are_own:
                # Accents that were typed are meant.
                people *= _OWN * _OWN if exact and not name.isascii() else _OWN
            found.setdefault(ours.replaced.get(number, number), (True, -people, not exact))
    ranked = sorted(found.items(), key=lambda item: item[1])
    return [
        Match(_place(number), "folded" if is_folded else "exact")
        for number, (_, _, is_folded) in ranked[:limit]
    ]


def _like(name: str, country: str | None) -> list[Match]:
    """Return towns of a like name, the likeliest first."""
    key = fold(name) if len(name) <= _LONGEST else ""
    if not key:
        return []
    places: dict[Place, tuple[float, float]] = {}
    ours = _ours()
    for place, likeness in _alike(key):
        if isinstance(place, int):
            if country is not None and _table().country(place) != country:
                continue
            place = _place(ours.replaced.get(place, place))
        elif country is not None and place.country != country:
            continue
        # A million people outweigh a village by as much as one letter in twenty.
        rank = likeness + 2 * math.log10(place.population + 10)
        places[place] = max(places.get(place, (0.0, 0.0)), (rank, likeness))
    ranked = sorted(places.items(), key=lambda item: (-item[1][0], item[0].country, item[0].name))
    return [Match(place, "fuzzy", round(likeness, 1)) for place, (_, likeness) in ranked]


@lru_cache(maxsize=256)
def _alike(key: str) -> tuple[tuple[Place | int, float], ...]:
    """Return towns, ours or by their number, and how alike their name is to a folded one, of 100."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    keys, numbers = _entries(key[0].isascii())
    found: list[tuple[Place | int, float]] = []
    ours = _ours().called
    for near, likeness, _ in process.extract(
        key, list(ours), scorer=OSA.normalized_similarity, score_cutoff=_FAINT / 100, limit=None
    ):
        found += [(place, 100 * likeness) for place, _ in ours[near]]
    for _, likeness, at in process.extract(
        key, keys, scorer=OSA.normalized_similarity, score_cutoff=_FAINT / 100, limit=_MOST_ALIKE
    ):
        own, other = towns.numbers(numbers[at])
        found += [(number, 100 * likeness) for number in (*own, *other)]
    return tuple(found)


class _Ours(NamedTuple):
    """The towns of ``overrides.csv``."""

    called: dict[str, list[tuple[Place, frozenset[str]]]]
    """Folded name -> towns, each with the spellings that fold to it."""
    replaced: dict[int, Place]
    """The number of a town of the table -> what stands in its place."""


@lru_cache(maxsize=1)
def _ours() -> _Ours:
    table, other_names = _table(), _names("town_names.csv")
    called: dict[str, list[tuple[Place, frozenset[str]]]] = {}
    replaced: dict[int, Place] = {}
    with (geodata() / "gazetteer" / "overrides.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            place = Place(
                row["name"], row["country"], float(row["lon"]), float(row["lat"]),
                int(row["population"]), row["admin1"],
            )  # fmt: skip
            names = [place.name, *row["alternates"].split("|")]
            names += other_names.get((place.country, place.name), {}).values()
            spellings: dict[str, set[str]] = {}
            for name in names:
                spellings.setdefault(fold(name), set()).add(_letters(name))
            for key, letters in spellings.items():
                if key:
                    called.setdefault(key, []).append((place, frozenset(letters)))
            for number in table.called(fold(place.name))[0]:
                there = table.row(number)
                if there.country == place.country and (
                    math.hypot(there.lon - place.lon, there.lat - place.lat) < _SAME_TOWN
                ):
                    replaced[number] = place
    return _Ours(called, replaced)


@lru_cache(maxsize=1)
def _table() -> towns.Towns:
    return towns.read(geodata() / "gazetteer" / "towns.bin")


@lru_cache(maxsize=2)
def _entries(ascii: bool) -> tuple[list[str], list[str]]:
    return _table().entries(ascii)


def _place(town: Place | int) -> Place:
    """Return a town of ours as it is, one of the table by its number."""
    if isinstance(town, Place):
        return town
    row = _table().row(town)
    return Place(row.name, row.country, row.lon, row.lat, row.population, row.admin1)


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
