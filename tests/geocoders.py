"""A Nominatim and an nginx before it, both real, on free ports of loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import outposts

ROOT = Path(outposts.__file__).parent.parent
NOMINATIM = Path(os.environ.get("OUTPOSTS_NOMINATIM") or ROOT / ".nominatim")
ABSENT = "" if (NOMINATIM / ".made").is_file() else "there is no Nominatim: run scripts/nominatim"

CONF = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  log_format told escape=json '$msec\t$request_time\t$status\t$request_uri\t$http_user_agent\t$http_accept_language';
  access_log {folder}/access.log told;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  limit_req_zone $server_addr zone=second:1m rate=1r/s;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{nominatim}/; }}
    location /forbidden/ {{ return 403; }}
    location /keyless/ {{ return 401; }}
    location /enough/ {{ return 429; }}
    location /later/ {{ add_header Retry-After 1 always; return 429; }}
    location /tomorrow/ {{ add_header Retry-After 86400 always; return 429; }}
    location /busy/ {{ return 503; }}
    location /odd/ {{ return 400; }}
    location /portal/ {{ default_type text/html; return 200 "<html>Log in first</html>"; }}
    location /list/ {{ default_type application/json; return 200 "[1, [2]]"; }}
    location /gone/ {{ proxy_pass http://127.0.0.1:{closed}/; }}
    location /slow/ {{ proxy_pass http://127.0.0.1:{silent}/; proxy_read_timeout 200ms; }}
    location /paced/ {{
      limit_req zone=second; limit_req_status 429; error_page 429 @paced;
      proxy_pass http://127.0.0.1:{nominatim}/;
    }}
    location @paced {{ add_header Retry-After 1 always; return 429; }}
  }}
}}
"""


@dataclass(frozen=True)
class Request:
    """One line of nginx's log: when it began, in seconds since 1970, and what was asked."""

    begun: float
    status: int
    path: str
    query: str
    agent: str
    lang: str


@dataclass(frozen=True)
class Front:
    """The nginx: its address, and what it was asked so far."""

    url: str
    log: Path

    def requests(self, least: int = 0, since: float = 0.0) -> list[Request]:
        """Return the requests begun after ``since``, in order; waits for as many as must have come."""
        until = time.monotonic() + 5  # an answer is out before its line is in the log
        while True:
            found = [request for request in self._logged() if request.begun > since]
            if len(found) >= least or time.monotonic() > until:
                return sorted(found, key=lambda request: request.begun)
            time.sleep(0.02)

    def mark(self) -> float:
        """Return when a request of ours began: what other tests asked began before it, whenever it is logged."""
        path = f"/mark-{time.monotonic_ns()}"
        with suppress(HTTPError):
            urlopen(self.url + path, timeout=20).close()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            for request in self._logged():
                if request.path == path:
                    return request.begun
            time.sleep(0.02)
        raise TimeoutError(f"{path} is not in the log")

    def _logged(self) -> list[Request]:
        found = []
        for line in self.log.read_text("utf-8").splitlines():
            ended, took, status, uri, agent, lang = line.split("\t")
            parts = urlsplit(uri)
            (query,) = parse_qs(parts.query, keep_blank_values=True).get("q", [""])
            begun = float(ended) - float(took)
            found.append(Request(begun, int(status), parts.path, query, agent, lang))
        return found


@contextmanager
def running(folder: Path) -> Iterator[Front]:
    """Run both servers as long as the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        nominatim, port, closed = free_ports(3)
        search = Started(
            [NOMINATIM / "venv/bin/nominatim", "serve", "--server", f"127.0.0.1:{nominatim}"],
            folder,
            {"NOMINATIM_DATABASE_DSN": f"sqlite:dbname={NOMINATIM / 'towns.sqlite'}"},
        )
        conf = folder / "nginx.conf"
        conf.write_text(
            CONF.format(
                folder=folder,
                user="user root;" if os.geteuid() == 0 else "",
                port=port,
                nominatim=nominatim,
                closed=closed,
                silent=silent.getsockname()[1],
            )
        )
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        error_log = folder / "error.log"
        front = Started([program, "-e", error_log, "-p", folder, "-c", conf], folder)
        try:
            wait_for(f"http://127.0.0.1:{nominatim}/status", search)
            wait_for(f"http://127.0.0.1:{port}/status", front)
            (folder / "access.log").write_text("")
            yield Front(f"http://127.0.0.1:{port}", folder / "access.log")
        finally:
            front.stop()
            search.stop()


class Started:
    """A server of ours, its output in a file."""

    def __init__(
        self, words: list[object], folder: Path, env: dict[str, str] | None = None
    ) -> None:
        self.log = folder / f"{Path(str(words[0])).name}.log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                list(map(str, words)), cwd=folder, env=os.environ | (env or {}), stdout=out, stderr=out
            )  # fmt: skip

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(found.getsockname()[1]) for found in sockets]
    for found in sockets:
        found.close()
    return ports


def wait_for(url: str, server: Started) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.process.poll() is None, server.log.read_text()[-2000:]
        try:
            with urlopen(url, timeout=5) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer: {server.log.read_text()[-2000:]}")
