"""One request a second, over all processes on the machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE_S = 1.02
"""Seconds from the end of one request to the begin of the next: a second, and what two clocks may differ by."""


class Pace:
    """Turns at asking, taken one after another.

    A file holds the time of the last request, in seconds since 1970, and is locked while a request
    runs: no two run at once, and a server that is waited for is left alone by all processes.
    The kernel gives the lock back when a process ends, however it ends.
    """

    def __init__(self, path: Path, pause_s: float = PAUSE_S) -> None:
        self.path = path
        self.pause_s = pause_s

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, hold it inside the block, and note the time at its end.

        Raises OSError where the file cannot be written.
        """
        import fcntl  # not on Windows, and nothing else needs it

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            text = file.read().strip()
            try:
                last = float(text) if text else 0.0
            except ValueError:
                last = time.time()  # not ours: be slow rather than fast
            # A time to come means that the clock was set back since.
            wait = min(last + self.pause_s - time.time(), self.pause_s)
            if wait > 0:
                time.sleep(wait)
            _note(file.fileno())
            try:
                yield
            finally:
                _note(file.fileno())


def _note(handle: int) -> None:
    text = f"{time.time():.6f}\n".encode()
    os.pwrite(handle, text, 0)
    os.ftruncate(handle, len(text))
