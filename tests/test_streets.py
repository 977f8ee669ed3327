"""Streets from a user's file: any CRS, cut to the map, drawn without asking anybody."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from browser import FIRST, KNOWN, Reader
from shapely import LineString, MultiLineString, Point, box

import outposts
from outposts.basemap import decode
from outposts.errors import MapError
from outposts.render.streets import streets

HANOI = ((20.9, 105.7), (21.2, 106.0))
ROADS = [
    LineString([(105.80, 21.00), (105.85, 21.03)]),
    MultiLineString([[(105.70, 21.05), (105.75, 21.05)], [(105.9, 21.1), (106.4, 21.1)]]),
    box(105.84, 21.02, 105.86, 21.04),
    Point(105.8, 21.0),
    None,
    LineString([(100.0, 13.0), (101.0, 13.0)]),
]


def roads(crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"n": range(len(ROADS))}, geometry=ROADS, crs="EPSG:4326").to_crs(crs or 4326).set_crs(crs, allow_override=True)  # fmt: skip


def ends(found: dict[str, object]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    arcs = decode(str(found["arcs"]))
    scale = int(str(found["scale"]))
    return [
        ((round(a[0][0] / scale, 3), round(a[0][1] / scale, 3)),
         (round(a[-1][0] / scale, 3), round(a[-1][1] / scale, 3)))
        for a in arcs
    ]  # fmt: skip


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32648", "EPSG:3857", None])
def test_lines_in_the_bounds_are_held_in_degrees_whatever_their_crs(crs: str | None) -> None:
    found = ends(streets(roads(crs), HANOI))
    assert ((105.8, 21.0), (105.85, 21.03)) in found
    assert ((105.7, 21.05), (105.75, 21.05)) in found
    assert ((105.9, 21.1), (106.0, 21.1)) in found, "cut where the map ends"
    assert len(found) == 4, "with the outline of the area"


@pytest.mark.parametrize("name", ["roads.gpkg", "roads.geojson"])
def test_file_is_read(tmp_path: Path, name: str) -> None:
    roads("EPSG:32648" if name.endswith("gpkg") else "EPSG:4326").to_file(tmp_path / name)
    assert ends(streets(tmp_path / name, HANOI)) == ends(streets(roads(), HANOI))


def test_file_that_is_not_there_or_holds_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MapError, match=r"there is no file .*none\.gpkg"):
        streets(tmp_path / "none.gpkg", HANOI)
    (tmp_path / "bad.gpkg").write_text("no geodata", encoding="utf-8")
    with pytest.raises(MapError, match=r"bad\.gpkg cannot be read"):
        streets(tmp_path / "bad.gpkg", HANOI)
    with pytest.raises(MapError, match="no line of the GeoDataFrame lies"):
        streets(roads().iloc[-1:], HANOI)
    with pytest.raises(MapError, match="a path or a GeoDataFrame is needed, not int"):
        streets(3, HANOI)


def test_page_draws_them_and_asks_nobody(reader: Reader, tmp_path: Path) -> None:
    grid = [LineString([(105.7, 20.9 + i / 100), (106.0, 20.9 + i / 100)]) for i in range(30)]
    frame = gpd.GeoDataFrame(geometry=grid, crs="EPSG:4326")
    for name, own in (("with", frame), ("without", None)):
        outposts.Map(
            outposts.load(), on=FIRST, known=KNOWN, place="Hanoi", bounds=HANOI, streets=own
        ).save(tmp_path / f"{name}.html")
    ink = []
    for name in ("with", "without"):
        page = reader.open(tmp_path / f"{name}.html", "#z=11&c=21.05,105.85")
        page.wait_for_timeout(300)
        ink.append(
            page.locator("canvas.outposts-basemap").evaluate(
                "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
            )
        )
    assert ink[0] > ink[1]
