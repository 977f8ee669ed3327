"""Make geodata/gazetteer/country_names.csv: countries' names in the page's languages, from CLDR.

CLDR's short form is taken where it has one ("Hong Kong"). The package is fetched with npm into a cache
folder, pinned by version and sha256, and nothing of it is installed or run. A rerun gives the same bytes.

    python scripts/make_names.py --cache /tmp/geodata-cache
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

NAME, VERSION = "cldr-localenames-full", "48.2.0"
SHA256 = "7f2ac7fd3b5d90f56ad127f9ed5ae67b58b3e556818f55530b9f47bb81bcde57"
LANGUAGES = ("ko", "fr", "km", "lo", "th", "vi", "id", "ms")
HOME = Path(__file__).resolve().parent.parent / "geodata" / "gazetteer"


def fetch(cache: Path) -> Path:
    """Return the package in ``cache``, fetched when it is not there; SystemExit if it is another."""
    path = cache / f"{NAME}-{VERSION}.tgz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", "--ignore-scripts", f"{NAME}@{VERSION}"]
        subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{path}: sha256 is {found}, expected {SHA256}; delete it and run again")
    return path


def names(package: Path, lang: str) -> dict[str, str]:
    """Return code -> name in a language; CLDR's alternatives stand under ``XX-alt-short`` and the like."""
    with tarfile.open(package) as archive:
        member = archive.extractfile(f"package/main/{lang}/territories.json")
        if member is None:
            raise SystemExit(f"{package}: nothing about {lang}")
        document = json.load(member)
    found: dict[str, str] = document["main"][lang]["localeDisplayNames"]["territories"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "geodata-cache")
    package = fetch(parser.parse_args().cache)
    tables = [names(package, lang) for lang in LANGUAGES]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["iso", *LANGUAGES])
    with (HOME / "countries.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            code = row["iso"]
            own = (t.get(f"{code}-alt-short") or t[code] for t in tables)
            # CLDR adds a former name: "Myanmar (Burma)"; countries.csv has none.
            writer.writerow([code, *(n.split(" (")[0] if code == "MM" else n for n in own)])
    (HOME / "country_names.csv").write_text(text.getvalue(), encoding="utf-8", newline="\n")
    print(f"country_names.csv: {len(text.getvalue().encode()) / 1000:.0f} KB")


if __name__ == "__main__":
    main()
