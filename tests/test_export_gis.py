"""GeoJSON, GeoParquet, GeoPackage and KML, as their own readers read them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import fastkml.schema
import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from exports import KNOWN, ON, hostile, ours
from geojson_pydantic import FeatureCollection
from lxml import etree

from outposts.export import save
from outposts.export.extract import Extract, extract
from outposts.models import Point
from outposts.venue import Venue

COUNTRY_ONLY = sum(venue.lon is None for venue in ours().venues)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our registry in each format."""
    folder = tmp_path_factory.mktemp("exports")
    for suffix in (".geojson", ".parquet", ".gpkg", ".kml"):
        save(ours(), folder / f"out{suffix}")
    return folder


def ogrinfo(path: Path) -> dict[str, str]:
    """Return what GDAL's own program says of each layer of a file."""
    run = subprocess.run(["ogrinfo", "-ro", "-so", "-al", path], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    _, *layers = run.stdout.split("\nLayer name: ")
    return {told.partition("\n")[0]: told for told in layers}


def features(told: str) -> int:
    return int(told.partition("Feature Count: ")[2].split()[0])


def same_answers(read: pd.DataFrame) -> None:
    """Check statuses, precisions, radii and days of a table that a reader read."""
    if "venue" in read.columns:
        read = read.set_index("venue")
    for name in ("status", "precision", "radius_m", "since", "changes_on"):
        found, told = read[name], ours().on[name]
        if told.dtype.kind == "M":
            found = pd.to_datetime(found)
        assert found.isna().equals(told.isna()), name
        assert (found.dropna() == told.dropna()).all(), name


def nowhere(folder: Path) -> Extract:
    """Return the one venue of the small registry that is known only by country."""
    return extract(hostile(folder).registry, ON, KNOWN, country="LA")


# GeoJSON


def test_geojson_is_rfc_7946(made: Path, tmp_path: Path) -> None:
    for path in (made / "out.geojson", save(hostile(tmp_path / "r"), tmp_path / "h.geojson")):
        read = json.loads(path.read_text(encoding="utf-8"))
        collection: FeatureCollection[Any] = FeatureCollection.model_validate(read)
        assert "crs" not in read
        assert all(feature.geometry is None or feature.geometry.type == "Point" for feature in collection.features)  # fmt: skip


def test_geojson_has_everything_inside(made: Path) -> None:
    read = json.loads((made / "out.geojson").read_text(encoding="utf-8"))
    assert read["metadata"] == ours().about
    inside = [feature["properties"] for feature in read["features"]]
    assert sum(len(venue["claims"]) for venue in inside) == len(ours().claims)
    assert sum(len(venue["runs"]) for venue in inside) == len(ours().runs)
    claims = {claim["claim"]: claim for venue in inside for claim in venue["claims"]}
    koryo = claims["vn-hanoi-koryo#c3"]
    assert (koryo["when"], koryo["first_day"], koryo["last_day"]) == ("2020-04", "2020-04-01", "2020-04-30")  # fmt: skip
    assert {claim["source"] for claim in claims.values()} <= set(read["sources"])


def test_geojson_is_read_by_gdal(made: Path) -> None:
    read = gpd.read_file(made / "out.geojson")
    same_answers(read)
    assert read.geometry.isna().sum() == COUNTRY_ONLY
    assert features(ogrinfo(made / "out.geojson")["out"]) == len(ours().on)


# GeoParquet


def test_parquet_read_by_geopandas_is_what_the_registry_gives(made: Path) -> None:
    read = gpd.read_parquet(made / "out.parquet")
    same_answers(read)
    assert read.geometry.geom_equals(ours().on.geometry).sum() == len(read) - COUNTRY_ONLY
    assert read.geometry.isna().sum() == COUNTRY_ONLY
    assert read.attrs == ours().about
    assert [list(ids) for ids in read["for"]] == list(ours().on["for"])


def test_parquet_names_its_version_and_what_it_is(made: Path) -> None:
    metadata = pq.read_schema(made / "out.parquet").metadata
    geo = json.loads(metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert json.loads(metadata[b"outposts"]) == ours().about


def test_parquet_claims_are_asked_in_duckdb(made: Path) -> None:
    path = str(made / "out.parquet")
    claims = "(select venue, unnest(claims, recursive := true) from read_parquet(?))"
    asked = f'select "when", first_day::text, last_day::text from {claims} where claim = ?'
    with duckdb.connect() as db:
        assert db.execute(f"select count(*) from {claims}", [path]).fetchall() == [(len(ours().claims),)]  # fmt: skip
        found = db.execute(asked, [path, "vn-hanoi-koryo#c3"]).fetchall()
        assert found == [("2020-04", "2020-04-01", "2020-04-30")]
        told = dict(db.execute("select key, value from parquet_kv_metadata(?)", [path]).fetchall())
    assert json.loads(told[b"outposts"])["licence"] == "CC-BY-4.0"


def test_parquet_without_a_single_point_is_whole(tmp_path: Path) -> None:
    path = save(nowhere(tmp_path / "r"), tmp_path / "out.parquet")
    assert gpd.read_parquet(path).geometry.isna().all()
    assert "bbox" not in json.loads(pq.read_schema(path).metadata[b"geo"])["columns"]["geometry"]


# GeoPackage

LAYERS = {"venues": "Point", "extents": "MultiPolygon", "runs": "Point", "claims": None, "sources": None, "names": None, "about": None}  # fmt: skip


def test_geopackage_has_a_layer_a_table(made: Path) -> None:
    assert dict(pyogrio.list_layers(made / "out.gpkg").tolist()) == LAYERS
    same_answers(gpd.read_file(made / "out.gpkg", layer="venues"))
    about = pyogrio.read_dataframe(made / "out.gpkg", layer="about")
    assert dict(zip(about["key"], about["value"], strict=True)) == {key: str(value) for key, value in ours().about.items()}  # fmt: skip
    assert list(made.glob("*.aux.xml")) == []


def test_geopackage_is_read_by_ogrinfo(made: Path) -> None:
    layers = ogrinfo(made / "out.gpkg")
    for name in ("runs", "claims", "sources", "names"):
        assert features(layers[name]) == len(getattr(ours(), name))
    assert features(layers["venues"]) == len(ours().on)
    for field in ("when: String", "first_day: Date", "last_day: Date"):
        assert field in layers["claims"]
    assert "licence=CC-BY-4.0" in layers["venues"]


def test_geopackage_extents_are_as_wide_as_the_radius_says(made: Path) -> None:
    extents = gpd.read_file(made / "out.gpkg", layer="extents").set_index("venue")
    assert list(extents.index) == list(ours().on.index[ours().on["radius_m"] > 0])
    metres = extents.to_crs(extents.estimate_utm_crs())
    town = metres.loc["la-vientiane-pyongyang"]
    assert (town.geometry.area / 3.14159) ** 0.5 == pytest.approx(town["radius_m"], rel=0.02)


# KML

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    (folder,) = fastkml.schema.__path__
    return etree.XMLSchema(etree.parse(Path(folder) / "ogckml22.xsd"))


def placemarks(path: Path) -> Iterator[tuple[etree._Element, dict[str, str]]]:
    for placemark in etree.parse(path).iter(f"{KML}Placemark"):
        data = placemark.findall(f"{KML}ExtendedData/{KML}Data")
        yield placemark, {part.get("name"): part.findtext(f"{KML}value") for part in data}


def test_kml_is_valid_by_its_schema(made: Path, tmp_path: Path, schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.parse(made / "out.kml"))
    schema.assertValid(etree.parse(save(hostile(tmp_path / "r"), tmp_path / "h.kml")))


def test_kml_has_a_time_span_for_each_run(made: Path) -> None:
    runs = [
        (row["venue"], row["status"], row["start"], row["end"]) for row in ours().records["runs"]
    ]
    found = []
    for placemark, data in placemarks(made / "out.kml"):
        begin, end = (placemark.findtext(f"{KML}TimeSpan/{KML}{tag}") for tag in ("begin", "end"))
        after = end and (pd.Timestamp(end) + pd.Timedelta(1, "D")).strftime("%Y-%m-%d")
        assert placemark.findtext(f"{KML}styleUrl") == f"#{data['status']}"
        found.append((data["venue"], data["status"], begin, after))
    assert sorted(found, key=str) == sorted(runs, key=str)


def test_kml_pins_nothing_that_is_known_only_to_its_town(made: Path, tmp_path: Path) -> None:
    for path in (made / "out.kml", save(_town_without_radius(), tmp_path / "out.kml")):
        for placemark, data in placemarks(path):
            pinned = placemark.find(f".//{KML}Point") is not None
            assert pinned == (data["precision"] in ("building", "street"))
            drawn = placemark.find(f".//{KML}Polygon") is not None
            assert drawn == (data["precision"] in ("district", "place") and "radius_m" in data)


def _town_without_radius() -> Extract:
    whole = ours()
    venue = next(venue for venue in whole.venues if venue.precision == "place")
    point = Point(lon=1, lat=2, precision="place", method="source", by="somebody")
    fields = {name: getattr(venue, name) for name in Venue.__slots__}
    bare = Venue(**{**fields, "point": point, "radius_m": None})
    return Extract(whole.registry, (bare,), whole.day, whole.known)


def test_kml_shows_texts_as_texts(tmp_path: Path) -> None:
    path = save(hostile(tmp_path / "r"), tmp_path / "out.kml")
    told = [part.text for part in etree.parse(path).iter(f"{KML}description")]
    assert not any("<script" in text or "<b onclick" in text for text in told)
    assert any("&lt;b onclick=x&gt; ]]&gt;" in text for text in told)
    name = "=1+1 <script>alert(1)</script> & 国"
    assert {part.findtext(f"{KML}name") for part, _ in placemarks(path)} == {name, "-2+3"}


def test_kml_is_read_by_gdal_and_says_what_it_is(made: Path) -> None:
    layers = ogrinfo(made / "out.kml").values()
    assert sum(map(features, layers)) == len(ours().runs)
    document = etree.parse(made / "out.kml").find(f"{KML}Document")
    data = document.findall(f"{KML}ExtendedData/{KML}Data")
    assert {part.get("name"): part.findtext(f"{KML}value") for part in data} == {key: str(value) for key, value in ours().about.items()}  # fmt: skip
