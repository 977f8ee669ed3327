"""Time the main commands as whole processes, each beside the start of a bare Python in the same run.

Prints a row per figure: the median in seconds, how many bare starts that is (a ratio that holds
when the machine is slow), the peak memory, and the goal. It never judges.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from outposts.export import FORMATS

ROOT = Path(__file__).resolve().parent.parent
OUTPOSTS = str(Path(sys.executable).with_name("outposts"))
RUNS = 7

# A thousand venues of ten claims on one day, after the import: what `status` costs alone.
MANY = """
import random, time
from outposts import dates, status
from outposts.models import Claim, Source
source = Source(title="t", kind="news", published="2015")
r = random.Random(1)
def claim(i):
    says = r.choice(["opened", "open", "open", "open", "closed", "suspended"])
    when = f"{r.randrange(2005, 2021)}-{r.randrange(1, 13):02}"
    edtf = dates.parse(when)
    return Claim(id=f"c{i}", says=says, when=edtf, source_id="s", source=source, known=int(edtf.window.last))
venues = [[claim(i) for i in range(10)] for _ in range(1000)]
on, known = dates.day("2016-06-01"), dates.day("2026-01-01")
start = time.perf_counter()
for claims in venues:
    status.answer(claims, on, known)
print(time.perf_counter() - start)
"""

# The shipped registry as a notebook asks it: `registry.on` after the first call, another day each time.
WARM = """
import statistics, time
import outposts
registry = outposts.load()
registry.on("2020-06-02")
spent = []
for day in range(1, 29):
    start = time.perf_counter()
    registry.on(f"2020-02-{day:02}")
    spent.append(time.perf_counter() - start)
print(statistics.median(spent))
"""

# The gazetteer after the import: opening it, then a thousand names, each looked up once, then typos.
LOOK_UPS = """
import json, time
from outposts import gazetteer
from outposts.basemap import country_names
country_names()
def took(calls):
    spent = []
    for call, *words in calls:
        start = time.perf_counter()
        try:
            call(*words)
        except gazetteer.PlaceNotFound:
            pass
        spent.append(time.perf_counter() - start)
    return sorted(spent)
start = time.perf_counter()
gazetteer.find("Phnom Penh")
opened = time.perf_counter() - start
every = gazetteer._table().names
spread = [every[number] for number in range(7, len(every), len(every) // 1000)]
own = took((gazetteer.find, name) for name in spread)
scripts = ("ភ្នំពេញ", "시엠립", "វៀងចន្ទន៍", "Ванг Вьенг", "กรุงเทพมหานคร", "Hà Nội", "ha-noi", "Djakarta", "吉隆坡", "자카르타")
other = took((gazetteer.find, name) for name in scripts)
(first,) = took([(gazetteer.search, "Phnom Pehn")])
typos = took((gazetteer.search, name) for name in ("Vang Vien", "Vientaine", "Bankgok", "Jakatra", "Kuala Lumper"))
print(json.dumps([opened, own[len(own) // 2], own[len(own) * 99 // 100], other[len(other) // 2], first, typos[2]]))
"""

# Towns of the registry of many venues: lon, lat, country, name, and an address with its number left open.
TOWNS = (
    (105.84, 21.03, "VN", "Hanoi", "{} Nguyễn Thị Định, Cầu Giấy, Hà Nội"),
    (106.66, 10.78, "VN", "Ho Chi Minh City", "{} Lê Quý Đôn, District 3, Ho Chi Minh City"),
    (104.92, 11.57, "KH", "Phnom Penh", "{} Monivong Boulevard, Phnom Penh"),
    (103.86, 13.36, "KH", "Siem Reap", "{} Road 60, Siem Reap"),
    (102.72, 18.10, "LA", "Vientiane", "{} Nongbone Road"),
    (100.53, 13.75, "TH", "Bangkok", "Sukhumvit Soi {}, Bangkok"),
    (96.16, 16.81, "MM", "Yangon", "{} Saya San Road, Bahan Township"),
    (106.83, -6.19, "ID", "Jakarta", "Jalan Gandaria No. {}, Kebayoran Baru"),
    (101.70, 3.14, "MY", "Kuala Lumpur", "{} Jalan Kamuning, Imbi, Kuala Lumpur"),
    (116.40, 39.91, "CN", "Beijing", "{} Chaoyang North Road, Beijing"),
    (13.41, 52.52, "DE", "Berlin", "Glinkastraße {}, 10117 Berlin"),
    (37.62, 55.75, "RU", "Moscow", "ul. Bakhrushina {}, Moscow"),
)
MANY_VENUES = 10_000
SIGHTINGS = 10_000
REGION = "southeast-asia"


def many_venues(folder: Path, count: int = MANY_VENUES, claims: int = 5) -> Path:
    """Write a registry of made-up venues: half have a point, each an address and some claims.

    The same for the same count. Nothing is wrong with it but what chance makes (venues of like
    name nearby), as in a registry that grew: the audits have all their work to do.
    """
    r = random.Random(count)
    sources = 2_000
    (folder / "venues").mkdir(parents=True)
    (folder / "registry.yaml").write_text("title: Many venues\n", encoding="utf-8")
    (folder / "organisations.yaml").write_text(
        "".join(f"group-{i}:\n  names:\n    - {{name: Group {i}}}\n" for i in range(50)),
        encoding="utf-8",
    )
    (folder / "sources.yaml").write_text(
        "".join(
            f"paper-{i}:\n  title: Dining abroad, part {i}\n  publisher: The Paper\n"
            f'  published: "{2015 + i % 9}-06-02"\n  accessed: "2026-07-01"\n'
            f"  url: https://example.org/{i}\n  archived: https://web.archive.org/{i}\n"
            "  lang: en\n  kind: news\n"
            for i in range(sources)
        ),
        encoding="utf-8",
    )
    for number in range(count):
        lon, lat, country, town, street = r.choice(TOWNS)
        id = f"{country.lower()}-{town.lower().replace(' ', '-')}-{number}"
        lines = [
            f"id: {id}",
            "kind: restaurant",
            "names:",
            f"  - {{name: Restaurant {r.randrange(count)}, lang: en, source: paper-{number % sources}}}",
            f"  - {{name: 식당 {number}, lang: ko, source: paper-{number % sources}}}",
            "operators:",
            f"  - {{organisation: group-{r.randrange(50)}, source: paper-{number % sources}}}",
            "location:",
            f"  country: {country}",
            f"  place: {town}",
            f'  address: {{text: "{street.format(r.randrange(1, 400))}", source: paper-{number % sources}}}',
        ]
        if number % 2:
            lines += [
                "  point:",
                f"    lon: {lon + r.uniform(-0.1, 0.1):.6f}",
                f"    lat: {lat + r.uniform(-0.1, 0.1):.6f}",
                f"    precision: {r.choice(['building', 'street', 'district'])}",
                "    radius_m: 300",
                "    method: geocoder",
                "    by: nominatim",
                '    on: "2026-11-22"',
            ]
        lines.append("claims:")
        for claim in range(claims):
            lines += [
                f"  - id: c{claim + 1}",
                f"    says: {r.choice(['open', 'open', 'closed', 'opened'])}",
                f'    when: "{r.randrange(2005, 2015)}-{r.randrange(1, 13):02}"',
                f"    source: paper-{r.randrange(sources)}",
                f'    quote: "As of then, the restaurant was said to be as it was, claim {claim}."',
                "    lang: en",
            ]
        path = folder / "venues" / country.lower() / f"{id}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def sightings(path: Path, registry: Path) -> Path:
    """Write a table of sightings of a registry's venues by 200 new sources, each brought along by its rows."""
    r = random.Random(1)
    ids = sorted(venue.stem for venue in registry.glob("venues/*/*.yaml"))
    rows = ["venue,says,when,source,quote,lang,note,source_title,source_kind,source_published"]
    for number in range(SIGHTINGS):
        source = number % 200
        when = f"{r.randrange(2016, 2024)}-{r.randrange(1, 13):02}"
        rows.append(
            f'{r.choice(ids)},open,{when},new-{source},"Seen, ""open"": 영업 {number}",ko,row {number},'
            f"Title {source},news,2024-{source % 12 + 1:02}-01"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as out:
        bare, _ = timed([sys.executable, "-c", "pass"])
        print(f"{'what':<44}{'median s':>10}{'x bare':>8}{'MB':>7}  goal")
        row("python -c pass", bare, bare, 0, "")
        for name, command, goal in (
            ("outposts --help", [OUTPOSTS, "--help"], "0.25 s"),
            ("import outposts", [sys.executable, "-c", "import outposts"], "60 ms over bare"),
            ("outposts check", [OUTPOSTS, "check"], "1.5 s"),
            ("outposts status --format json", [OUTPOSTS, "status", "--format", "json"], ""),
            ("outposts place 시엠립", [OUTPOSTS, "place", "시엠립"], ""),
            ("outposts build (all maps)", [OUTPOSTS, "build", "--out", out], "4 s, 400 MB"),
            (
                "outposts image: 1200 x 630 PNG",
                [
                    OUTPOSTS,
                    "image",
                    REGION,
                    "--on",
                    "2020-06-02",
                    "--size",
                    "card",
                    "-o",
                    f"{out}/map.png",
                ],
                "1 s",
            ),
        ):
            seconds, megabytes = timed(command)
            row(name, seconds, bare, megabytes, goal)
        film = Path(out) / "map.gif"
        span = ["--from", "2002-01-01", "--to", "2021-12-01"]
        seconds, megabytes = timed([OUTPOSTS, "image", REGION, *span, "-o", str(film)], runs=3)
        row("outposts image: GIF of 240 months", seconds, bare, megabytes, "20 s")
        print(f"{'the same':<44}{film.stat().st_size / 1000:>10.0f} KB{'':>18}3000 KB")
        many = many_venues(Path(out) / "many")
        seconds, megabytes = timed([OUTPOSTS, "check", str(many)], runs=3)
        row(f"outposts check of {MANY_VENUES:,} venues", seconds, bare, megabytes, "20 s")
        many = many_venues(Path(out) / "more", claims=10)
        exports = [str(Path(out) / "exports" / f"all{suffix}") for suffix in FORMATS]
        seconds, megabytes = timed([OUTPOSTS, "export", "--registry", str(many), *exports], runs=1)
        row(f"outposts export, {len(exports)} formats", seconds, bare, megabytes, "60 s, 1500 MB")
        some = many_venues(Path(out) / "some", 1_000)
        table = sightings(Path(out) / "claims.csv", some)
        command = [OUTPOSTS, "add", "--registry", str(some), "--from", str(table)]
        seconds, megabytes = timed([*command, "--dry-run"], runs=3)
        row(f"outposts add --from, {SIGHTINGS:,} rows", seconds, bare, megabytes, "")
        for name, code, goal in (
            ("status of 1,000 venues x 10 claims (no import)", MANY, "1 s"),
            ("registry.on of the shipped registry, warm", WARM, "50 ms"),
        ):
            inside = [
                float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
                for _ in range(RUNS)
            ]  # fmt: skip
            row(name, statistics.median(inside), bare, 0, goal)
        runs = [
            json.loads(
                subprocess.run(
                    [sys.executable, "-c", LOOK_UPS], capture_output=True, check=True
                ).stdout
            )
            for _ in range(RUNS)
        ]
        for name, goal, figures in zip(
            (
                "gazetteer: opened, with one look-up",
                "gazetteer: find, median of 1,000 towns",
                "gazetteer: find, 99 % of them under",
                "gazetteer: find, other scripts and folded",
                "gazetteer: first fuzzy search",
                "gazetteer: fuzzy search after that",
            ),
            ("50 ms", "100 µs", "100 µs", "100 µs", "", "50 ms"),
            zip(*runs, strict=True),
            strict=True,
        ):
            row(name, statistics.median(figures), bare, 0, goal)
        size = sum(path.stat().st_size for path in (ROOT / "geodata" / "gazetteer").iterdir())
        print(f"{'geodata/gazetteer':<44}{size / 1000:>10.0f} KB{'':>18}3000 KB")
        for page in sorted(Path(out).glob("*.html")):
            print(f"{page.name:<44}{page.stat().st_size / 1000:>10.0f} KB{'':>18}450 KB")


def timed(command: Sequence[str], runs: int = RUNS) -> tuple[float, float]:
    """Return the median wall seconds of a command and the peak memory of its runs in MB."""
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    walls: list[float] = []
    peak = 0.0
    for _ in range(runs):
        start = time.perf_counter()
        with open(os.devnull, "w") as nowhere:
            process = subprocess.Popen(command, cwd=ROOT, stdout=nowhere, stderr=nowhere)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
        walls.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss / 1000)
    return statistics.median(walls), peak


def row(name: str, seconds: float, bare: float, megabytes: float, goal: str) -> None:
    memory = f"{megabytes:.0f}" if megabytes else ""
    wall = f"{seconds:.3f}" if seconds >= 0.01 else f"{seconds:.6f}"
    print(f"{name:<44}{wall:>10}{seconds / bare:>8.1f}{memory:>7}  {goal}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
