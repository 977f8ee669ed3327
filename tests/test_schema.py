from __future__ import annotations

import json
from pathlib import Path

import pytest

from outposts.schema import SHAPES, schema

FOLDER = Path(__file__).resolve().parent.parent / "geodata" / "schema"


@pytest.mark.parametrize("name", SHAPES)
def test_committed_schema_is_what_the_models_say(name: str) -> None:
    committed = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert committed == schema(name)


def test_venue_schema_forbids_unknown_fields_and_lists_the_statuses() -> None:
    found = json.loads(schema("venue"))
    assert found["additionalProperties"] is False
    claim = found["$defs"]["ClaimEntry"]
    assert claim["properties"]["says"]["enum"] == ["opened", "open", "suspended", "closed"]
