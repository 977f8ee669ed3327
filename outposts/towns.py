"""The packed table of towns, ``geodata/gazetteer/towns.bin``: names to numbers, numbers to towns.

The file is made by ``scripts/make_gazetteer.py``. All is raw deflate, little-endian:

- `MAGIC`, then the lengths in bytes of six sections as unsigned 32-bit numbers, then the sections:
  regions, the towns' names, populations, lon, lat, and the index of the blocks;
- regions: a line for each run of towns, ``country<tab>admin-1 name<tab>number of towns``;
- names: a line for each town; populations: unsigned 32-bit; lon, lat: signed 32-bit, in 0.0001 degree;
- index: a line for each block, ``its first key<tab>its length in bytes``;
- the blocks, to the end of the file: lines ``key<tab>towns``, sorted by the key's UTF-8 bytes. A key is
  a folded name; towns are their numbers, joined by commas, those chiefly called so before a
  semicolon, those also called so after it.

Only the sections are read when the table is opened; a look-up inflates one block of about 4 KB, some
20 microseconds. All names as one text would take twenty times as long to open.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

MAGIC = b"towns 1\n"
LENGTHS = struct.Struct("<6I")
UNIT = 10_000  # of a degree: 11 m
_BLOCKS = 256  # inflated blocks that are kept, about 1 MB


class Row(NamedTuple):
    """A town as the table has it: lon, lat in degrees (EPSG:4326), ``admin1`` may be empty."""

    name: str
    country: str
    admin1: str
    lon: float
    lat: float
    population: int


class Towns:
    """The table, opened from its file's bytes.

    Attributes
    ----------
    names
        The towns' names; a town's number is its place in this list.
    """

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise ValueError(f"not a table of towns: begins with {data[: len(MAGIC)]!r}")
        start = len(MAGIC) + LENGTHS.size
        sections = []
        for length in LENGTHS.unpack_from(data, len(MAGIC)):
            sections.append(_inflated(data[start : start + length]))
            start += length
        regions, names, self._populations, self._lons, self._lats, index = sections
        self.names = names.decode().split("\n")
        self._regions: list[tuple[str, str]] = []
        counts = [0]
        for line in regions.decode().split("\n"):
            country, admin1, count = line.split("\t")
            self._regions.append((country, admin1))
            counts.append(int(count))
        self._starts = list(accumulate(counts))
        entries = [line.split(b"\t") for line in index.split(b"\n")]
        self._firsts = [first for first, _ in entries]
        self._bounds = list(accumulate((int(length) for _, length in entries), initial=start))
        self._data = data
        self._block = lru_cache(maxsize=_BLOCKS)(self._inflate)

    def called(self, key: str) -> tuple[list[int], list[int]]:
        """Return the towns chiefly called so, then those also called so; ``key`` is a folded name."""
        # A lone surrogate is no Unicode text and in no name, but may be asked for.
        text = key.encode("utf-8", "surrogatepass")
        number = bisect_right(self._firsts, text) - 1
        if number < 0:
            return [], []
        block = self._block(number)
        at = block.find(b"\n" + text + b"\t")
        if at < 0:
            return [], []
        start = at + len(text) + 2
        return numbers(block[start : block.index(b"\n", start)].decode())

    def row(self, town: int) -> Row:
        """Return a town by its number."""
        return Row(
            self.names[town],
            *self._regions[bisect_right(self._starts, town) - 1],
            _LON_LAT.unpack_from(self._lons, 4 * town)[0] / UNIT,
            _LON_LAT.unpack_from(self._lats, 4 * town)[0] / UNIT,
            self.population(town),
        )

    def country(self, town: int) -> str:
        """Return a town's country by its number."""
        return self._regions[bisect_right(self._starts, town) - 1][0]

    def population(self, town: int) -> int:
        """Return a town's population by its number."""
        people: int = _POPULATION.unpack_from(self._populations, 4 * town)[0]
        return people

    def within(self, west: float, south: float, east: float, north: float) -> list[int]:
        """Return the numbers of the towns in a box, ends included, the most populous first."""
        w, e, s, n = (end * UNIT for end in (west, east, south, north))
        lons, lats = memoryview(self._lons).cast("i"), memoryview(self._lats).cast("i")
        found = [i for i, lon in enumerate(lons) if w <= lon <= e and s <= lats[i] <= n]
        return sorted(found, key=lambda town: -self.population(town))

    def entries(self, ascii: bool) -> tuple[list[str], list[str]]:
        """Return all keys that begin with an ASCII character, or all others, and what `numbers` takes.

        Inflates half of the file, some 40 ms.
        """
        # ASCII sorts before all else in UTF-8; one block may hold the last of it and the first other.
        end = bisect_right(self._firsts, b"\x7f")
        blocks = range(end) if ascii else range(max(end - 1, 0), len(self._firsts))
        text = b"".join(self._inflate(number)[1:] for number in blocks).decode()
        fields = text.removesuffix("\n").replace("\n", "\t").split("\t")
        keys, found = fields[::2], fields[1::2]
        split = bisect_right(keys, "\x7f")
        return (keys[:split], found[:split]) if ascii else (keys[split:], found[split:])

    def _inflate(self, number: int) -> bytes:
        return b"\n" + _inflated(self._data[self._bounds[number] : self._bounds[number + 1]])


_POPULATION, _LON_LAT = struct.Struct("<I"), struct.Struct("<i")


def numbers(text: str) -> tuple[list[int], list[int]]:
    """Return what stands before and after the semicolon of ``1,2;3``."""
    own, _, other = text.partition(";")
    return (
        [int(town) for town in own.split(",")] if own else [],
        [int(town) for town in other.split(",")] if other else [],
    )


def read(path: Path) -> Towns:
    """Open the table in a file."""
    return Towns(path.read_bytes())


def _inflated(data: bytes) -> bytes:
    return zlib.decompress(data, -15)
