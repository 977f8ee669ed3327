"""FollowTheMoney: every entity is valid by FollowTheMoney's own model, and nothing is lost in its cleaning."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from readers import PROGRAMS, run
from registries import koryo
from registries import write as write_registry

import outposts
from outposts.export import save
from outposts.export.extract import Extract, extract

# Reads entities as FollowTheMoney does, uncleaned, and prints what is wrong with them.
CHECK = """
import json, sys
from followthemoney import model
ids, ranges = {}, []
for line in open(sys.argv[1], encoding="utf-8"):
    data = json.loads(line)
    entity = model.get_proxy(data, cleaned=False)
    entity.schema.validate(data)
    assert data["id"] not in ids, data["id"]
    ids[data["id"]] = entity.schema
    for name, values in data["properties"].items():
        prop = entity.schema.get(name)
        if prop is None:
            print(data["schema"], "has no", name)
            continue
        if sorted(entity.get(name)) != sorted(values):
            print(json.dumps([name, sorted(values), sorted(entity.get(name))]))
        if prop.range is not None:
            ranges += [(data["id"], name, prop.range, value) for value in values]
for id, name, schema, value in ranges:
    if value not in ids or not ids[value].is_a(schema):
        print(id, name, value, "is no", schema.name)
"""


@pytest.fixture(scope="module")
def shipped() -> Extract:
    return extract(outposts.load(), "2020-06-02", "2026-11-22")


@pytest.fixture(scope="module")
def file(shipped: Extract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(shipped, tmp_path_factory.mktemp("ftm") / "outposts.ftm.json")


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def faults(file: Path) -> list[str]:
    done = subprocess.run(
        [PROGRAMS / "python", "-c", CHECK, file], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text)


def test_model_takes_every_value_as_it_is_written(file: Path) -> None:
    for fault in faults(file):
        name, written, cleaned = json.loads(fault)
        # In an address FollowTheMoney replaces punctuation; ours is as printed.
        assert name in ("address", "full"), fault
        assert list(map(plain, written)) == list(map(plain, cleaned))


def test_the_program_passes_every_entity_on(file: Path, tmp_path: Path) -> None:
    run("ftm", "validate", "-i", file, "-o", tmp_path / "out.json")
    before, after = read(file), read(tmp_path / "out.json")
    assert [entity["id"] for entity in before] == [entity["id"] for entity in after]
    for ours, theirs in zip(before, after, strict=True):
        assert ours["properties"].keys() == theirs["properties"].keys()


def test_counts_are_those_of_the_extract(shipped: Extract, file: Path) -> None:
    found = read(file)
    venues = [entity for entity in found if entity["id"].startswith("outposts-venue-")]
    claims = [entity for entity in found if entity["schema"] == "Documentation"]
    sources = [entity for entity in found if entity["schema"] in ("Article", "Document")]
    assert len(venues) == len(shipped.venues)
    assert len(claims) == len(shipped.claims)
    assert len(sources) == len(shipped.sources)
    assert not {entity["schema"] for entity in found} & {"Person", "Ownership", "Directorship"}


def test_a_claim_has_dates_only_as_far_as_it_says(file: Path, shipped: Extract) -> None:
    claims = {
        entity["properties"]["recordId"][0]: entity["properties"]
        for entity in read(file)
        if entity["schema"] == "Documentation"
    }
    row: Any
    for row in shipped.claims.itertuples():
        properties = claims[row.claim]
        assert f"EDTF: {row.when}" in properties["description"][0]
        assert ("startDate" in properties) == row.extent
        exact = re.fullmatch(r"\d{4}(-[01]\d(-\d\d)?)?", row.when) is not None
        assert properties.get("date") == ([row.when] if exact else None)


def test_the_first_entity_says_what_the_file_is(shipped: Extract, file: Path) -> None:
    note = read(file)[0]
    assert note["schema"] == "Note"
    for key, value in shipped.about.items():
        assert f"{key}: {value}" in note["properties"]["description"][0]


def test_a_town_is_no_address_and_says_how_far_off_it_is(tmp_path: Path) -> None:
    folder = write_registry(tmp_path / "r", koryo("Koryo Restaurant", "'<b>Koryo</b>  {{7*7}}'"))
    found = read(save(extract(outposts.load(folder)), tmp_path / "r.ftm.json"))
    remarks = [e["properties"]["remarks"][0] for e in found if e["schema"] == "Address"]
    assert remarks[0] == "precision: country"
    assert re.fullmatch(r"precision: place, the position is the town's; radius: \d+ m", remarks[1])
    assert faults(tmp_path / "r.ftm.json") == []
    operators = [e["properties"] for e in found if e["schema"] == "UnknownLink"]
    assert [link["role"] for link in operators] == [["parent"], ["operator"]]
