"""A point in the text of a venue's file: put in, and nothing else touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outposts.canonical import canonical, shape_of
from outposts.point import PointError, put
from outposts.registry import default_folder
from outposts.yamlfile import Document, parse

POINT = {
    "lon": "105.800900",
    "lat": "-21.011000",
    "precision": "building",
    "radius_m": "20",
    "method": "geocoder",
    "by": "nominatim",
    "on": '"2026-11-23"',
}
FLOW = "{" + ", ".join(f"{name}: {value}" for name, value in POINT.items()) + "}"
BLOCK = "".join(f"    {name}: {value}\n" for name, value in POINT.items())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "id: x\nlocation:\n  country: VN\n  place: Hà Nội  # the town\n\n# next\nclaims: []\n",
            f"id: x\nlocation:\n  country: VN\n  place: Hà Nội  # the town\n  point:\n{BLOCK}\n# next\nclaims: []\n",
        ),
        ("location:\n  country: VN", f"location:\n  country: VN\n  point:\n{BLOCK}"),
        ("location: {country: VN}  # so\n", f"location: {{country: VN, point: {FLOW}}}  # so\n"),
        (
            "location:\n  point:  # none\n  country: VN\n",
            f"location:\n  point: {FLOW}  # none\n  country: VN\n",
        ),
        (
            "location:\n  point: null # none\n  country: VN\n",
            f"location:\n  point: {FLOW} # none\n  country: VN\n",
        ),
        (
            "location:\n    address:\n    - {text: '}', source: a}\n    - text: >\n        folded\n\n\nid: x\n",
            "location:\n    address:\n    - {text: '}', source: a}\n    - text: >\n        folded\n"
            + "    point:\n"
            + BLOCK.replace("    ", "      ")
            + "\n\nid: x\n",
        ),
        (
            "location:\n  point: {lon: 1, lat: 2, by: 'me'}\nid: x\n",
            "location:\n  point: {lon: 105.800900, lat: -21.011000, by: nominatim, precision: building, "
            'radius_m: 20, method: geocoder, on: "2026-11-23"}\nid: x\n',
        ),
    ],
    ids=["block", "no-newline", "flow", "empty", "null", "list", "old-flow"],
)
def test_point_is_put_in_and_the_rest_stays(before: str, after: str) -> None:
    assert put(before, POINT) == after
    assert put(after, POINT) == after
    windows = before.replace("\n", "\r\n")
    assert put(windows, POINT) == after.replace("\n", "\r\n")


def test_old_point_keeps_its_comments_and_a_radius_known_no_more_is_null() -> None:
    less = {name: value for name, value in POINT.items() if name != "radius_m"}
    old = "location:\n  point:\n    # seen\n    lon: 1  # about\n    lat: 2\n    radius_m: 5\n  country: VN\n"
    new = put(old, less)
    assert "    # seen\n    lon: 105.800900  # about\n" in new
    assert "radius_m: null\n    precision: building\n" in new
    assert new.endswith('    on: "2026-11-23"\n  country: VN\n')


@pytest.mark.parametrize("text", ["", "id: x\n", "location: VN\n", "location: [\n", "location: *a\n", "- 1\n"])  # fmt: skip
def test_what_is_no_venue_is_told(text: str) -> None:
    with pytest.raises(PointError):
        put(text, POINT)


@pytest.mark.parametrize(
    "path", sorted((default_folder() / "venues").glob("*/*.yaml")), ids=lambda path: path.stem
)
def test_every_venue_of_ours_takes_a_point_and_stays_canonical(path: object) -> None:
    from pathlib import Path

    assert isinstance(path, Path)
    before = path.read_text(encoding="utf-8")
    after = put(before, POINT)
    assert canonical(after, shape_of(path)) == after
    if "\n  point:" not in before:
        head, _, tail = after.partition(f"  point:\n{BLOCK}")
        assert head + tail == before


@given(st.text())
def test_any_text_is_taken_or_told(text: str) -> None:
    whole = f"{text}\nlocation: {{country: VN}}\n"
    document = Document("")
    parse(whole, document)
    try:
        after = put(whole, POINT)
    except PointError:
        return
    assert not document.problems
    assert after.replace(f", point: {FLOW}", "") == whole
