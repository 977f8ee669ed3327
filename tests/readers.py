"""The programs of `scripts/readers`: what our exports are opened with, as their users open them."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent.parent / ".readers" / "venv" / "bin"


def run(program: str, *words: object, code: int = 0) -> str:
    """Run one of them and return its standard output; it must be there and end with the exit status ``code``."""
    path = PROGRAMS / program
    assert path.exists(), f"{path} is not there: run scripts/readers"
    done = subprocess.run([path, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, f"{program}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout
