"""Make outposts/render/static/fonts: what a page embeds for readers whose system lacks a script, and what pictures are set in.

Noto Sans, by Google, under the SIL Open Font License 1.1, from npm's @fontsource packages, pinned by
version and sha256, fetched with npm into a cache folder; nothing of them is installed or run. Khmer, Lao and Thai are
whole blocks with all their shaping. Hangul, kana and Chinese characters are those that the registry, the
gazetteer and the vocabularies use. All are unhinted, on a grid of 256 units (a twelfth of a pixel at 21 px).
Pictures alone have the Latin, Greek and Cyrillic of Noto Sans and Serif, as plain TrueType on the font's own grid:
unpacking woff2 takes longer than drawing a picture.
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
    "noto-sans": "f62f8ed40e378f15134e32bed2fd5718d81e9ec7a5603d1022d7b385e2297abc",
    "noto-serif": "846d219c2c9c668ebe2b5ca0e76c403a35f847d83c4c441c107f9bdc152830df",
    "noto-sans-khmer": "aa26ae5e1d6ed84e55c329071d4233f29fa4209b77c55af7adaa8f09607a3c20",
    "noto-sans-lao": "a3cd7efc1c2eec42d39557d49fb52c3ac8bf81a14610180033052b1f134bf892",
    "noto-sans-thai": "263b3705d8dd9e3a24d267b2a2832d2252c81737f7aa45eec2ae57f87e8ad7aa",
    "noto-sans-kr": "36277539698ccda64b110855eaa890d2a4737e403d225da1cbe3c90123fff602",
    "noto-sans-jp": "e4fac0fb8e03e21d10e1bdfd6f09e04c12a0f3bd61463bfa41c53a5603c39524",
}
GRID = 256  # units to the em
# The fonts of pictures: file -> package, weight, and the name of its family and style.
PICTURES = {
    "sans": ("noto-sans", 400, "Outposts Sans", "Regular"),
    "sans-bold": ("noto-sans", 700, "Outposts Sans", "Bold"),
    "serif-bold": ("noto-serif", 700, "Outposts Serif", "Bold"),
}
PARTS = ("latin", "latin-ext", "vietnamese", "greek", "cyrillic")
ALPHABETS = (
    (0x20, 0x24F), (0x2B0, 0x3FF), (0x400, 0x45F), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2100, 0x2122),
    (0x2190, 0x2193), (0x2212, 0x2212),
)  # fmt: skip
EPOCH = 2082844800  # 1970-01-01, in seconds since 1904, as fonts count
EAST_ASIAN = re.compile("[\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]")  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "outposts" / "render" / "static" / "fonts"


def fetch(cache: Path, name: str) -> Path:
    """Return a package of @fontsource in ``cache``, fetched when it is not there; SystemExit if it is another."""
    path = cache / f"fontsource-{name}-{VERSION}.tgz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        wanted = f"@fontsource/{name}@{VERSION}"
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


def cut(
    font: TTFont, letters: Iterable[int], features: list[str], grid: int | None = GRID
) -> TTFont:
    """Return a font with these letters only, unhinted, unnamed, on our grid or (None) its own."""
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = []
    options.notdef_outline = True
    options.drop_tables += ["STAT", "gasp", "vhea", "vmtx", "VORG", "BASE"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    if grid:
        scale_upem(font, grid)
    return font


def picture_font(cache: Path, package: str, weight: int, family: str, style: str) -> TTFont:
    """Return a font of pictures, joined from its package's parts and named, since Typst finds fonts by name."""
    wanted = {code for first, last in ALPHABETS for code in range(first, last + 1)}
    parts = []
    for part in PARTS:
        pattern = rf"/{package}-{part}-{weight}-normal\.woff2$"
        (data,) = read(fetch(cache, package), pattern).values()
        font = TTFont(io.BytesIO(data))
        own = wanted & set(font.getBestCmap())
        wanted -= own
        path = cache / f"picture-{part}.ttf"
        font = cut(font, own, ["ccmp", "kern", "mark", "mkmk"], None)
        font.flavor = None
        font.save(path)
        parts.append(str(path))
    joined = Merger().merge(parts)
    names = joined["name"]
    names.names = []
    whole = f"{family} {style}"
    for number, text in ((1, family), (2, style), (4, whole), (6, whole.replace(" ", "-"))):
        names.setName(text, number, 3, 1, 0x409)
    return joined


def write(name: str, font: TTFont, flavor: str | None = "woff2") -> None:
    """Write a font as woff2 or (None) plain TrueType, with no day of making in it."""
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = EPOCH
    font.flavor = flavor
    stream = io.BytesIO()
    font.save(stream, reorderTables=True)
    data = stream.getvalue()
    (FONTS / f"{name}.{flavor or 'ttf'}").write_bytes(data)
    print(f"{name}: {len(font.getBestCmap())} letters, {len(data) / 1000:.1f} KB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "fonts-cache")
    cache = parser.parse_args().cache
    FONTS.mkdir(parents=True, exist_ok=True)
    for name in ("khmer", "lao", "thai"):
        package = fetch(cache, f"noto-sans-{name}")
        (data,) = read(package, rf"/noto-sans-{name}-{name}-400-normal\.woff2$").values()
        font = TTFont(io.BytesIO(data))
        write(name, cut(font, font.getBestCmap(), ["*"]))
        (licence,) = read(package, r"^package/LICENSE$").values()
    (FONTS / "OFL.txt").write_bytes(licence)
    wanted, parts = letters(), []
    for name in ("kr", "jp"):
        for data in read(fetch(cache, f"noto-sans-{name}"), r"-400-normal\.woff2$").values():
            font = TTFont(io.BytesIO(data))
            own = wanted & set(font.getBestCmap())
            if own:
                wanted -= own
                part = cache / f"part-{len(parts):03}.ttf"
                cut(font, own, []).save(part)
                parts.append(str(part))
    print(f"in neither font: {''.join(map(chr, sorted(wanted)))}")
    write("east-asian", Merger().merge(parts))
    for name, about in PICTURES.items():
        write(name, picture_font(cache, *about), None)


if __name__ == "__main__":
    main()
