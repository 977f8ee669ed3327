"""Linked Places Format: GeoJSON to a GeoJSON library, and to a JSON-LD processor a graph of places."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from geojson_pydantic import FeatureCollection
from pyld import jsonld
from registries import koryo
from registries import write as write_registry

import outposts
from outposts.export import save
from outposts.export.extract import Extract, extract
from outposts.export.linkedplaces import CONTEXT

LPO = "https://example.org/lpo#"
# The terms of the format that our files use, as its context document types them; names apart.
TERMS: dict[str, Any] = {
    "id": "@id",
    "type": "@type",
    "gvp": "http://vocab.getty.edu/ontology#",
    "title": "http://purl.org/dc/terms/title",
    "license": "http://purl.org/dc/terms/license",
    "identifier": "http://purl.org/dc/terms/identifier",
    "lang": "http://purl.org/dc/terms/language",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "FeatureCollection": "https://purl.org/geojson/vocab#FeatureCollection",
    "Feature": "https://purl.org/geojson/vocab#Feature",
    "Point": "https://purl.org/geojson/vocab#Point",
    "coordinates": {"@id": "https://purl.org/geojson/vocab#coordinates", "@container": "@list"},
    "properties": "https://purl.org/geojson/vocab#properties",
    "citations": {"@id": "http://purl.org/spar/cito#cites", "@type": "@id"},
    "descriptions": {"@id": "http://purl.org/dc/terms/description", "@container": "@set"},
    **{
        term: {"@id": f"{LPO}{term}", "@container": "@set"}
        for term in ("features", "timespans", "names", "types", "relations", "links")
    },
    **{
        term: f"{LPO}{term}"
        for term in ("geometry", "ccodes", "when", "start", "end", "in", "toponym", "relationType", "relationTo", "certainty")
    },
}  # fmt: skip
CERTAINTIES = {"certain", "less-certain", "uncertain"}


@pytest.fixture(scope="module")
def shipped() -> Extract:
    return extract(outposts.load(), "2020-06-02", "2026-11-22")


@pytest.fixture(scope="module")
def collection(shipped: Extract, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return read(save(shipped, tmp_path_factory.mktemp("lpf") / "outposts.lpf.json"))


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def test_a_geojson_library_reads_it(shipped: Extract, collection: dict[str, Any]) -> None:
    found: Any = FeatureCollection.model_validate(collection)
    assert len(found.features) == len(shipped.venues)
    assert collection["about"] == shipped.about


def test_every_feature_has_what_the_format_requires(collection: dict[str, Any]) -> None:
    assert collection["@context"] == CONTEXT
    for feature in collection["features"]:
        assert feature["@id"].startswith("urn:outposts:")
        properties = feature["properties"]
        assert properties["title"]
        assert properties["ccodes"]
        assert properties["fclasses"] == ["S"]
        assert any(name.get("citations") for name in feature["names"])
        assert all(part["identifier"] and part["label"] for part in feature["types"])
        if feature["geometry"] is not None:
            assert feature["geometry"]["certainty"] in CERTAINTIES
            assert feature["geometry"]["precision"] == properties["precision"]
            assert feature["geometry"]["radius_m"] == properties["radius_m"]


def test_timespans_are_the_days_on_which_it_was_open(
    shipped: Extract, collection: dict[str, Any]
) -> None:
    wanted = {"open", "presumed-open", "disputed"}
    for venue, feature in zip(shipped.venues, collection["features"], strict=True):
        days: set[str] = set()
        for span in feature.get("when", {"timespans": []})["timespans"]:
            assert span["certainty"] in CERTAINTIES
            first, last = (dt.date.fromisoformat(span[end]["in"]) for end in ("start", "end"))
            days |= {str(first + dt.timedelta(n)) for n in range((last - first).days + 1)}
        assert all(venue.status(day, "2026-11-22").status in wanted for day in sorted(days)[::97])
        answer = feature["properties"]
        assert (answer["on"] in days) == (answer["status"] in wanted)


def test_claims_keep_their_edtf_text_beside_their_bounds(
    shipped: Extract, collection: dict[str, Any]
) -> None:
    found = [claim for feature in collection["features"] for claim in feature["properties"]["claims"]]  # fmt: skip
    assert [claim["when"] for claim in found] == shipped.claims["when"].tolist()
    group = next(claim for claim in found if claim["claim"] == "unpoe-2020-vn")
    assert (group["first_day"], group["last_day"]) == (None, "2020-02-07")


def test_a_json_ld_processor_makes_a_graph_of_it(
    shipped: Extract, collection: dict[str, Any]
) -> None:
    def load(address: str, options: Any = None) -> dict[str, Any]:
        assert address == CONTEXT
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": TERMS}}

    (graph,) = jsonld.expand(collection, {"documentLoader": load})
    features = graph[f"{LPO}features"]
    assert [feature["@id"] for feature in features] == [f"urn:outposts:{v.id}" for v in shipped.venues]  # fmt: skip
    for feature, venue in zip(features, shipped.venues, strict=True):
        names = [name[f"{LPO}toponym"][0]["@value"] for name in feature[f"{LPO}names"]]
        assert names == [name.name for name in venue.names]
    quads = jsonld.to_rdf(collection, {"documentLoader": load, "format": "application/n-quads"})
    assert "<urn:outposts:vn-hanoi-koryo>" in quads


def test_odd_registries_stay_readable(tmp_path: Path) -> None:
    odd = koryo("Koryo Restaurant", "'</script> \\u2028 \"Koryo\"'")
    found = read(save(extract(outposts.load(write_registry(tmp_path / "r", odd))), tmp_path / "r.lpf.json"))  # fmt: skip
    FeatureCollection.model_validate(found)
    assert found["features"][0]["geometry"] is None  # a venue known only by country
    none = save(extract(outposts.load(tmp_path / "r"), text="nowhere"), tmp_path / "none.lpf.json")
    assert FeatureCollection.model_validate(read(none)).features == []
