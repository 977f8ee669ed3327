"""Make geodata/schema/*.schema.json from the models, so that editors complete and check.

python scripts/make_schema.py
"""

from __future__ import annotations

from pathlib import Path

from outposts.schema import SHAPES, schema

FOLDER = Path(__file__).resolve().parent.parent / "geodata" / "schema"

if __name__ == "__main__":
    for name in SHAPES:
        (FOLDER / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
        print(f"geodata/schema/{name}.schema.json")
