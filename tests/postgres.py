"""A PostgreSQL of our own with PostGIS, from Debian, on a free port of loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geocoders import free_ports

OPTIONS = "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
# PostgreSQL does not run as root, and its user cannot enter root's folders.
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env"]


@contextmanager
def running() -> Iterator[str]:
    """Run a server as long as the block runs; yield its address, without a database."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    assert found, "there is no PostgreSQL: run scripts/readers"
    root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="outposts-postgres.", dir="/tmp"))
    if root:
        shutil.chown(folder, "postgres")
    (port,) = free_ports(1)
    data = folder / "data"

    def run(program: str, *words: object) -> None:
        command = [*(AS_POSTGRES if root else []), str(found[-1] / program), *map(str, words)]
        log = folder / "program.log"
        with log.open("w") as out:  # a pipe would stay open as long as the server
            done = subprocess.run(command, cwd="/", stdout=out, stderr=out)
        assert done.returncode == 0, f"{program}: {log.read_text()[-2000:]}"

    try:
        run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")  # fmt: skip
        run("pg_ctl", "-D", data, "-s", "-w", "-l", folder / "log", "-o", OPTIONS.format(port=port), "start")  # fmt: skip
        try:
            yield f"postgresql://tester@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-D", data, "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
