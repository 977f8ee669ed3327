"""Make outposts/render/static/fonts/*.woff2: what a page embeds for readers whose system lacks a script.

Noto Sans, by Google, under the SIL Open Font License 1.1, from npm's @fontsource packages, pinned by
version and sha256, fetched with npm into a cache folder; nothing of them is installed or run. Khmer, Lao and Thai are
whole blocks with all their shaping. Hangul, kana and Chinese characters are those that the registry, the
gazetteer and the vocabularies use. All are unhinted, on a grid of 256 units (a twelfth of a pixel at 21 px).
A rerun with the same fontTools gives the same bytes. Needs fonttools 4.68.0 and brotli 1.2.0.

    python scripts/make_fonts.py --cache /tmp/fonts-cache
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

VERSION = "5.3.0"
SHA256 = {
    "khmer": "aa26ae5e1d6ed84e55c329071d4233f29fa4209b77c55af7adaa8f09607a3c20",
    "lao": "a3cd7efc1c2eec42d39557d49fb52c3ac8bf81a14610180033052b1f134bf892",
    "thai": "263b3705d8dd9e3a24d267b2a2832d2252c81737f7aa45eec2ae57f87e8ad7aa",
    "kr": "36277539698ccda64b110855eaa890d2a4737e403d225da1cbe3c90123fff602",
    "jp": "e4fac0fb8e03e21d10e1bdfd6f09e04c12a0f3bd61463bfa41c53a5603c39524",
}
GRID = 256  # units to the em
EPOCH = 2082844800  # 1970-01-01, in seconds since 1904, as fonts count
EAST_ASIAN = re.compile("[\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]")  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "outposts" / "render" / "static" / "fonts"


def fetch(cache: Path, name: str) -> Path:
    """Return a package in ``cache``, fetched when it is not there; SystemExit if it is another."""
    path = cache / f"fontsource-noto-sans-{name}-{VERSION}.tgz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        wanted = f"@fontsource/noto-sans-{name}@{VERSION}"
        command = ["npm", "pack", "--silent", "--ignore-scripts", wanted]
        subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256[name]:
        raise SystemExit(f"{path}: sha256 is {found}, not {SHA256[name]}; delete it and run again")
    return path


def read(package: Path, pattern: str) -> dict[str, bytes]:
    """Return the files of a package whose name matches, by name, sorted."""
    with tarfile.open(package) as archive:
        names = sorted(name for name in archive.getnames() if re.search(pattern, name))
        files = {name: archive.extractfile(name) for name in names}
        return {name: file.read() for name, file in files.items() if file}


def letters() -> set[int]:
    """Return the East Asian code points in the registry, the gazetteer's names and the vocabularies."""
    files = [
        *sorted((ROOT / "geodata" / "registry").rglob("*.yaml")),
        ROOT / "geodata" / "gazetteer" / "town_names.csv",
        ROOT / "geodata" / "gazetteer" / "country_names.csv",
        *sorted((FONTS.parent).glob("vocabulary.*.json")),
    ]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    return {ord(letter) for letter in EAST_ASIAN.findall(text)}


def cut(font: TTFont, letters: Iterable[int], features: list[str]) -> TTFont:
    """Return a font with these letters only, unhinted, unnamed, on our grid."""
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = []
    options.notdef_outline = True
    options.drop_tables += ["STAT", "gasp", "vhea", "vmtx", "VORG", "BASE"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    scale_upem(font, GRID)
    return font


def write(name: str, font: TTFont) -> None:
    """Write a font as woff2, with no day of making in it."""
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = EPOCH
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream, reorderTables=True)
    data = stream.getvalue()
    (FONTS / f"{name}.woff2").write_bytes(data)
    print(f"{name}.woff2: {len(font.getBestCmap())} letters, {len(data) / 1000:.1f} KB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "fonts-cache")
    cache = parser.parse_args().cache
    FONTS.mkdir(parents=True, exist_ok=True)
    for name in ("khmer", "lao", "thai"):
        package = fetch(cache, name)
        (data,) = read(package, rf"/noto-sans-{name}-{name}-400-normal\.woff2$").values()
        font = TTFont(io.BytesIO(data))
        write(name, cut(font, font.getBestCmap(), ["*"]))
        (licence,) = read(package, r"^package/LICENSE$").values()
    (FONTS / "OFL.txt").write_bytes(licence)
    wanted, parts = letters(), []
    for name in ("kr", "jp"):
        for data in read(fetch(cache, name), r"-400-normal\.woff2$").values():
            font = TTFont(io.BytesIO(data))
            own = wanted & set(font.getBestCmap())
            if own:
                wanted -= own
                part = cache / f"part-{len(parts):03}.ttf"
                cut(font, own, []).save(part)
                parts.append(str(part))
    print(f"in neither font: {''.join(map(chr, sorted(wanted)))}")
    write("east-asian", Merger().merge(parts))


if __name__ == "__main__":
    main()
