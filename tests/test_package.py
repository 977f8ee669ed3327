"""The package: a wheel that works without the checkout, and examples that hold."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from pages import Page

import outposts
from outposts.paths import geodata

ROOT = Path(outposts.__file__).parent.parent
MODULES = [module.name for module in pkgutil.walk_packages(outposts.__path__, "outposts.")]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command and return what it prints; fail with what it says."""
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("dist"))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)  # fmt: skip
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with the wheel, which sees this one's libraries but not the checkout."""
    folder = Path(tmp_path_factory.mktemp("clean")) / "env"
    venv.create(folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps",
        "--no-index", "--disable-pip-version-check", wheel, cwd=folder)  # fmt: skip
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())  # fmt: skip
    # A path that a .pth file names is searched, and the .pth files within it (the checkout's) are not.
    paths = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (site / "libraries.pth").write_text("\n".join(paths) + "\n")
    return folder


def test_wheel_holds_code_data_and_page_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"outposts", f"outposts-{outposts.__version__}.dist-info"}
    for name in (
        "outposts/py.typed",
        "outposts/render/static/page.js",
        "outposts/render/static/vocabulary.json",
        "outposts/geodata/registry/venues/vn/vn-hanoi-koryo.yaml",
        "outposts/geodata/basemap/region.json",
        "outposts/geodata/gazetteer/towns.bin",
    ):
        assert name in names
    assert not [name for name in names if "__pycache__" in name or "/build/" in name]
    assert [name for name in names if name.endswith("LICENSE")]


def test_wheel_holds_the_whole_registry(wheel: Path) -> None:
    there = zipfile.ZipFile(wheel).namelist()
    files = [path for path in (geodata() / "registry").glob("**/*") if path.is_file()]
    assert files
    for path in files:
        assert f"outposts/geodata/{path.relative_to(geodata()).as_posix()}" in there


def test_installed_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    code = "import outposts, outposts.paths as p; print(outposts.__file__); print(p.geodata())"
    for line in run(installed / "bin" / "python", "-c", code, cwd=tmp_path).splitlines():
        assert Path(line).is_relative_to(installed)


def test_installed_package_builds_a_map_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "hanoi.yaml").write_text("title: Hanoi\nfilter: {place: Hanoi}\n")
    run(installed / "bin" / "outposts", "build", cwd=tmp_path)
    page = Page((tmp_path / "maps" / "build" / "hanoi.html").read_text(encoding="utf-8"))
    assert "vn-hanoi-koryo" in [venue["id"] for venue in page.data["venues"]]
    assert "Koryo Restaurant" in page.shown


def test_installed_command_answers(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "outposts"
    text = run(command, "status", "vn-hanoi-koryo", "--on", "2020-06-02", "--format", "json", cwd=tmp_path)  # fmt: skip
    assert [row["status"] for row in json.loads(text)] == ["disputed"]


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize("name", outposts.__all__)
def test_public_name_is_documented(name: str) -> None:
    text = getattr(outposts, name).__doc__
    assert text
    assert text.strip().splitlines()[0].endswith(".")
