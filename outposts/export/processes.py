"""Several files at once: a process a file, two at a time, from tables worked out once."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING

from outposts.errors import ExportError
from outposts.export import FOLDER, save, suffix_of

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from outposts.export.extract import Extract

AT_ONCE = 2  # each process costs the memory of all that it touches
SLOW = (".xlsx", ".kml", ".sqlite", FOLDER)  # begun first, so that none of them is left for the end


def save_all(extract: Extract, targets: Sequence[str]) -> list[Path | ExportError]:
    """Write an extract to several files as `outposts.export.save` does one.

    One that cannot be written costs the others nothing. The writing is shared by two processes where the
    system can fork one (Linux) and has two processors. However this ends, no half file is left.

    Returns
    -------
    list of Path or ExportError
        The path of each file that was written, the error of each that was not, in the order of ``targets``.

    Raises
    ------
    UnknownName
        If no format has the suffix of a target; then none is written.
    """
    suffixes = {target: suffix_of(target) for target in targets}
    if len(suffixes) < 2 or not sys.platform.startswith("linux") or (os.cpu_count() or 1) < 2:
        return [_saved(extract, target) for target in targets]
    for target in suffixes:  # or a package and a file inside it would both want to make its folder
        with suppress(OSError):
            Path(os.path.realpath(target)).parent.mkdir(parents=True, exist_ok=True)
    extract.work_out()
    order = sorted(suffixes, key=lambda target: suffixes[target] not in SLOW)
    gc.freeze()  # a collection in a process would copy all that it looks at
    try:
        found = _shared(extract, order)
    finally:
        gc.unfreeze()
    return [found[target] for target in targets]


def _saved(extract: Extract, target: str) -> Path | ExportError:
    try:
        return save(extract, target)
    except ExportError as error:
        return error


def _shared(extract: Extract, targets: Sequence[str]) -> dict[str, Path | ExportError]:
    waiting = list(targets)
    running: dict[Connection, tuple[BaseProcess, str]] = {}
    found: dict[str, Path | ExportError] = {}
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                target = waiting.pop(0)
                answer, process = _begun(extract, target)
                running[answer] = process, target
            ready = wait(list(running))
            for answer in [one for one in running if one in ready]:
                process, target = running[answer]
                found[target] = _answer(answer, process, target)
                del running[answer]
    finally:  # whatever stops this stops them too; each takes away what it had begun
        for process, _ in running.values():
            process.terminate()
        for process, _ in running.values():
            process.join()
    return found


def _begun(extract: Extract, target: str) -> tuple[Connection, BaseProcess]:
    answer, given = multiprocessing.Pipe(duplex=False)
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=_write, args=(extract, target, given), daemon=True)
    process.start()
    given.close()  # so that a process that ends without an answer is noticed
    return answer, process


def _write(extract: Extract, target: str, given: Connection) -> None:
    signal.signal(signal.SIGTERM, _stop)
    try:
        given.send(save(extract, target))
    except KeyboardInterrupt:  # told by who started this
        raise SystemExit(128 + signal.SIGINT) from None
    except ExportError as error:
        given.send(error)


def _stop(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _answer(answer: Connection, process: BaseProcess, target: str) -> Path | ExportError:
    try:
        told: Path | ExportError = answer.recv()
    except EOFError:
        process.join()
        told = ExportError(f"{target} was not written: its process ended with {process.exitcode}")
    process.join()
    answer.close()
    return told
