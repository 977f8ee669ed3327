"""JSON-LD: read by a processor without a network, schema.org's words only, and harmless inside a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pyld import jsonld
from registries import koryo
from registries import write as write_registry

import outposts
from outposts.export import save
from outposts.export.extract import Extract, extract
from outposts.export.jsonld import document, embeddable

S = "https://schema.org/"


@pytest.fixture(scope="module")
def shipped() -> Extract:
    return extract(outposts.load(), "2020-06-02", "2026-11-22")


@pytest.fixture(scope="module")
def nodes(shipped: Extract, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The nodes of the graph as the processor sees them; it must not ask for any document."""
    file = save(shipped, tmp_path_factory.mktemp("jsonld") / "outposts.jsonld")
    return expanded(json.loads(file.read_text("utf-8")))


def expanded(found: Any) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = jsonld.expand(found, {"documentLoader": no_network})
    return nodes


def no_network(address: str, options: Any = None) -> dict[str, Any]:
    raise AssertionError(f"the processor asked for {address}")


def of_type(nodes: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [node for node in nodes if node.get("@type") == [f"{S}{name}"]]


def value(node: dict[str, Any], name: str) -> Any:
    (found,) = node[f"{S}{name}"]
    return found.get("@value", found.get("@id"))


def test_dataset_says_what_it_is(shipped: Extract, nodes: list[dict[str, Any]]) -> None:
    (dataset,) = of_type(nodes, "Dataset")
    about = shipped.about
    assert value(dataset, "name") == about["title"]
    assert value(dataset, "license") == about["licence_url"]
    assert value(dataset, "version") == about["data_version"]
    assert value(dataset, "identifier") == about["data_hash"]
    assert value(dataset, "contentReferenceTime") == "2020-06-02"
    assert value(dataset, "dateModified") == "2026-11-22"
    assert dataset[f"{S}creator"][0][f"{S}name"] == [{"@value": about["attribution"]}]
    rules = value(dataset, "measurementTechnique")
    assert "version 1" in rules
    assert "fresh 270" in rules
    assert "on 2020-06-02" in rules


def test_nothing_is_lost_in_the_graph(shipped: Extract, nodes: list[dict[str, Any]]) -> None:
    """Every node that is referred to is there, and the counts are those of the extract."""
    ids = {node["@id"] for node in nodes}
    (dataset,) = of_type(nodes, "Dataset")
    assert [{"@id": f"urn:outposts:{v.id}"} for v in shipped.venues] == dataset[f"{S}about"]
    assert {part["@id"] for part in dataset[f"{S}about"] + dataset[f"{S}isBasedOn"]} <= ids
    claims = of_type(nodes, "Claim")
    assert len(claims) == shipped.claims["claim"].nunique()
    assert sum(len(claim[f"{S}about"]) for claim in claims) == len(shipped.claims)
    assert {claim[f"{S}appearance"][0]["@id"] for claim in claims} <= ids
    assert len(nodes) == 1 + len(shipped.venues) + len(claims) + len(shipped.sources)


def test_as_rdf_every_subject_and_every_word_is_an_address(shipped: Extract) -> None:
    found = jsonld.to_rdf(document(shipped), {"documentLoader": no_network})["@default"]
    assert len(found) > 1000
    for triple in found:
        assert triple["predicate"]["value"].startswith((S, "http://www.w3.org/"))
        assert triple["subject"]["value"].startswith(("urn:outposts:", "_:"))


def test_only_a_building_has_coordinates_of_its_own(tmp_path: Path) -> None:
    point = "\n  place: Hanoi\n  point: {{lon: 105.8, lat: 21.0, precision: {}, radius_m: {}, method: source, by: paper}}\n"  # fmt: skip
    for precision, radius, kind in (("building", 20, "GeoCoordinates"), ("street", 300, "GeoCircle")):  # fmt: skip
        files = koryo("\n  place: Hanoi\n", point.format(precision, radius))
        registry = outposts.load(write_registry(tmp_path / precision, files))
        lao, venue = document(extract(registry))["@graph"][1:3]
        assert "geo" not in lao  # known only by country
        assert venue["geo"]["@type"] == kind
        assert ("geoRadius" in venue["geo"]) == (kind == "GeoCircle")
        properties = {part["name"]: part for part in venue["additionalProperty"]}
        assert properties["precision"]["value"] == precision
        assert (properties["radius"]["value"], properties["radius"]["unitCode"]) == (radius, "MTR")


def test_a_claim_keeps_its_edtf_text_beside_its_days(nodes: list[dict[str, Any]]) -> None:
    claims = {node["@id"]: node for node in of_type(nodes, "Claim")}
    group = claims["urn:outposts:unpoe-2020-vn"]
    assert value(group, "temporal") == "[..2020-02-07]"
    assert value(group, "temporalCoverage") == "../2020-02-07"
    april = claims["urn:outposts:vn-hanoi-koryo#c3"]
    assert value(april, "temporal") == "2020-04"
    assert value(april, "temporalCoverage") == "2020-04-01/2020-04-30"


def test_no_text_of_a_source_ends_a_script_element(tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script><!-- &amp; \u2028 @type"
    files = koryo("Koryo Restaurant", json.dumps(hostile))
    found = document(extract(outposts.load(write_registry(tmp_path, files))))
    text = embeddable(found)
    page = html.document_fromstring(f'<p>x</p><script type="application/ld+json">{text}</script>')
    (script,) = page.iter("script")
    assert json.loads(script.text_content()) == found
    assert hostile in {node.get("name") for node in found["@graph"]}
    expanded(found)
