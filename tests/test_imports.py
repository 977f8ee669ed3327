"""Imports: one way only, in no circle, and nothing heavy before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import outposts

PACKAGE = Path(outposts.__file__).parent

# From the ground up: a module imports from the lines above its own, never from its own or below.
ORDER = [
    "errors vocabulary",
    "words",
    "dates",
    "models",
    "rules",
    "sentences",
    "cards",
    "status",
    "venue",
    "filters rows",
    "frames",
    "registry",
    "coverage circles digest geocode revisions",
    "brief diff news questions spatial",
    "feed",
    "export",
    "render",
    "plots",
    "site",
    "cli",
]
# What the registry stands on, beside that line; and a geocoder with what it is asked by.
BESIDE = [
    "addition",
    "basemap",
    "blank",
    "canonical",
    "check",
    "files",
    "gazetteer",
    "layout",
    "nearest",
    "package",
    "paths",
    "records",
    "schema",
    "sheet",
    "sites",
    "towns",
    "yamlfile",
    "answers",
    "geocoder",
    "pace",
    "point",
    "settings",
]
HEAVY = ("folium", "geopandas", "matplotlib", "pandas", "pydantic", "shapely", "statsmodels")
SOCKETS = {"aiohttp", "http", "httpx", "requests", "socket", "ssl", "urllib3"}
GEOCODERS = ("geopy.adapters", "geopy.geocoders")  # geopy.distance only reckons


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): ast.parse(path.read_bytes()) for path in sorted(PACKAGE.glob("**/*.py"))}


def imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield every import, those inside functions too, but not those for the type checker only."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for other in node.orelse:
                yield from imports(other)
        else:
            yield from imports(node)


def own(module: str) -> set[str]:
    """Return the modules of ours that one imports."""
    found: set[str] = set()
    for node in imports(MODULES[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            assert node.level == 0, f"{module} has a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else str(node.module))
    return {name for name in found if name in MODULES} - {module}


def part_of(module: str) -> str:
    """Return the part of the house that a module belongs to: render.map is in render."""
    return module.split(".")[1] if "." in module else module


LINE = {part: line for line, parts in enumerate(ORDER) for part in parts.split()}


def test_every_module_has_its_place() -> None:
    parts = {part_of(module) for module in MODULES} - {"outposts"}
    assert parts == {*LINE, *BESIDE}


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module: str) -> None:
    part = part_of(module)
    for other in map(part_of, own(module) - {"outposts"}):
        if part in BESIDE:
            assert LINE.get(other, -1) < LINE["registry"], f"{module} imports {other}"
        elif part != other and other in LINE:
            assert LINE[other] < LINE.get(part, -1), f"{module} imports {other}"


def test_nothing_imports_in_a_circle() -> None:
    """Imports inside functions count too: static_order raises CycleError for a circle."""
    order = list(TopologicalSorter({module: own(module) for module in MODULES}).static_order())
    assert set(order) == set(MODULES)


@pytest.mark.parametrize("part", ["errors", "dates", "models", "rules", "sentences", "status"])
def test_core_knows_nothing_of_what_lies_beside_the_line(part: str) -> None:
    assert {part_of(other) for other in own(f"outposts.{part}")} <= {*LINE}


def test_no_module_opens_a_socket() -> None:
    """But for `geocoder`, which `outposts geocode --online` alone loads, and the preview on loopback."""
    for module in sorted(set(MODULES) - {"outposts.geocoder", "outposts.site.preview"}):
        for node in imports(MODULES[module]):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]  # fmt: skip
            assert not SOCKETS & {name.split(".")[0] for name in names}, module
            assert "urllib.request" not in names, module
            assert not any(name.startswith(GEOCODERS) for name in names), module


def test_only_geocode_loads_the_geocoder_and_only_when_it_is_called() -> None:
    users = {module for module in MODULES if "outposts.geocoder" in own(module)}
    assert users == {"outposts.geocode", "outposts.cli.geocode"}
    for module in users:
        for node in MODULES[module].body:
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            assert "outposts.geocoder" not in names, module


def loaded(code: str) -> set[str]:
    """Return the heavy libraries that a fresh Python has loaded after running code."""
    code += f"\nimport sys\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


def test_importing_outposts_loads_nothing_heavy() -> None:
    assert loaded("import outposts") == set()


def test_help_loads_nothing_heavy() -> None:
    code = "from outposts.cli import main\nmain(['--help'], standalone_mode=False)"
    assert loaded(code) == set()


def test_status_loads_no_frames_and_no_maps() -> None:
    code = (
        "from outposts.cli import main\nmain(['status', '--country', 'VN'], standalone_mode=False)"
    )
    heavy = {"folium", "geopandas", "matplotlib", "pandas", "statsmodels"}
    assert not loaded(code) & heavy
