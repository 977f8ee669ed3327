"""A preview of a built site on this machine alone: reloads the reader's page when a file changes.

It is not made to be on the internet: it listens on loopback, and answers only those who ask for it by
a name of loopback, so that no web page elsewhere can read it through a name that points here.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from outposts.errors import OutpostsError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
CHANGES = "/-/changes"
_RELOAD = Path(__file__).with_name("reload.js").read_text(encoding="utf-8").strip()
_HASH = base64.b64encode(hashlib.sha256(_RELOAD.encode()).digest()).decode()
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')


class Preview(ThreadingHTTPServer):
    """Serves the files of ``folder`` on ``port`` of loopback (0: any free one); `changed` makes pages reload.

    Raises `OutpostsError` for a host that others can reach, and where the port is taken.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int = 8000, host: str = "127.0.0.1") -> None:
        if host not in LOOPBACK:
            raise OutpostsError(
                f"{host!r} can be reached from other machines, and a preview is for this one; "
                f"use {LOOPBACK[0]}, and for the public put the files on a web server"
            )
        self.turn = threading.Condition()
        self.number = 0
        self.over = False
        try:
            super().__init__((host, port), partial(_Answer, directory=str(folder)))
        except OSError as error:
            raise OutpostsError(f"port {port} of {host}: {error.strerror}; try --port 0") from None

    @property
    def url(self) -> str:
        """Where the preview is, with a slash at the end."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}/"

    def changed(self) -> None:
        """Make every page that is open reload."""
        with self.turn:
            self.number += 1
            self.turn.notify_all()

    def number_after(self, seen: int, seconds: float = 15.0) -> int:
        """Wait until the number of changes is another than ``seen``, some seconds at most; return it."""
        with self.turn:
            self.turn.wait_for(lambda: self.over or self.number != seen, seconds)
            return self.number

    def end(self) -> None:
        """Let those go who wait for changes, and stop serving."""
        with self.turn:
            self.over = True
            self.turn.notify_all()
        self.shutdown()
        self.server_close()


class _Answer(SimpleHTTPRequestHandler):
    server: Preview
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self._is_asked_by_its_name():
            self.send_error(HTTPStatus.FORBIDDEN, "a preview answers to names of loopback only")
        elif self.path == CHANGES:
            self._tell_changes()
        elif any(part.startswith(".") for part in self.path.split("/")):
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            path = self._file()
            if path.suffix == ".html" and path.is_file():
                self._give_page(path)
            else:
                super().do_GET()

    def do_HEAD(self) -> None:
        if self._is_asked_by_its_name():
            super().do_HEAD()
        else:
            self.send_error(HTTPStatus.FORBIDDEN)

    def list_directory(self, path: Any) -> None:
        self.send_error(HTTPStatus.NOT_FOUND, "there is no index.html here")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of what went well."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def _is_asked_by_its_name(self) -> bool:
        host = self.headers.get("Host", "")
        return host.rpartition(":")[0].strip("[]") in LOOPBACK or host in LOOPBACK

    def _file(self) -> Path:
        path = Path(self.translate_path(self.path))
        return path / "index.html" if self.path.partition("?")[0].endswith("/") else path

    def _give_page(self, path: Path) -> None:
        page = path.read_text(encoding="utf-8")
        # A map in a frame reloads with the page around it.
        if self.headers.get("Sec-Fetch-Dest", "document") == "document":
            page = watching(page)
        text = page.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if "gzip" in self.headers.get("Accept-Encoding", ""):  # as the hosts of static files do
            text = gzip.compress(text, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _tell_changes(self) -> None:
        server, seen = self.server, self.server.number
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while not server.over:
                now = server.number_after(seen)
                self.wfile.write(b"data: changed\n\n" if now != seen else b": still here\n\n")
                self.wfile.flush()
                seen = now
        except (BrokenPipeError, ConnectionResetError):
            pass  # the reader has gone


def watching(page: str) -> str:
    """Return a page that reloads on changes; its policy lets this one script run, and ask us."""

    def allowed(found: re.Match[str]) -> str:
        rules = dict(part.split(None, 1) for part in found[2].split("; ") if " " in part)
        scripts = rules.get("script-src", "")
        rules["script-src"] = f"{scripts if scripts != chr(39) + 'none' + chr(39) else ''} 'sha256-{_HASH}'".strip()  # fmt: skip
        rules["connect-src"] = "'self'"
        return found[1] + "; ".join(f"{name} {value}" for name, value in rules.items()) + found[3]

    page = _POLICY.sub(allowed, page, count=1)
    return page.replace("</body>", f"<script>{_RELOAD}</script></body>", 1)


def watch(
    folders: Iterable[Path], act: Callable[[], None], over: threading.Event, every: float = 0.5
) -> None:
    """Call ``act`` after each change of a file below the folders, looked for every so many seconds, until ``over``."""
    roots = tuple(folders)
    before = _stamps(roots)
    while not over.wait(every):
        now = _stamps(roots)
        if now != before:
            before = now
            act()


def _stamps(folders: Iterable[Path]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                stat = path.stat()
            except OSError:
                continue  # gone since
            if path.suffix in (".yaml", ".yml") and not path.name.startswith("."):
                found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found
