"""JSON Schemas of a registry's files, made from the models that check them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from outposts.models import Card, Event, Groups, Organisation, Source, VenueEntry

# File -> the shape of what it holds.
SHAPES: dict[str, Any] = {
    "venue": VenueEntry,
    "sources": dict[str, Source],
    "organisations": dict[str, Organisation],
    "groups": Groups,
    "events": list[Event],
    "registry": Card,
}


def schema(name: str) -> str:
    """Return the JSON Schema (draft 2020-12) of one kind of file, as text with a last newline."""
    found = TypeAdapter(SHAPES[name]).json_schema(by_alias=True)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Outposts: {name}",
    }
    return json.dumps({**found, **head}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
