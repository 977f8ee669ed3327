"""The worked notebook runs, and what a notebook shows of our own looks as it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
STRICT = "import warnings\nwarnings.simplefilter('error')\n"


def read(path: Path) -> Any:
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """The notebook's outputs by cell, after a run in which a warning is an error."""
    notebook = read(NOTEBOOK)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = STRICT + first.source
    # The kernel is spoken to through files, not ports.
    files = {"transport": "ipc", "ip": str(tmp_path_factory.mktemp("kernel") / "socket")}
    where = {"metadata": {"path": str(ROOT)}}
    NotebookClient(
        notebook, config=Config(KernelManager=files), timeout=120, resources=where
    ).execute()
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def test_notebook_is_kept_without_outputs() -> None:
    for cell in read(NOTEBOOK).cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_every_cell_runs_and_says_nothing_on_standard_error(ran: dict[str, list[Any]]) -> None:
    for id, outputs in ran.items():
        for output in outputs:
            assert output.output_type != "error", id
            assert output.get("name") != "stderr", f"{id}: {output.get('text')}"


@pytest.mark.parametrize(
    ("cell", "kind", "part"),
    [
        ("load", "text/html", "outposts-card"),
        ("on", "text/html", "<table"),
        ("where", "text/html", " of "),
        ("venue", "text/html", "고려식당"),
        ("answer", "text/html", "Disputed"),
        ("plot", "image/png", ""),
        ("map", "text/html", "<iframe"),
        ("evidence", "text/html", "closed"),
        ("sources", "text/plain", "news"),
        ("question", "text/html", "<table"),
        ("question-plot", "image/png", ""),
        ("export", "text/plain", "the same answers from the package: True"),
    ],
)
def test_cell_shows_something(ran: dict[str, list[Any]], cell: str, kind: str, part: str) -> None:
    shown = [output.data[kind] for output in ran[cell] if kind in output.get("data", {})]
    assert any(part in text for text in shown)
