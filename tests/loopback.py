"""A web server on loopback that remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """``asked`` lists what came; while ``closed`` it refuses, as its handler says."""

    def __init__(self, handler: type[Handler], content: bytes = b"") -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.content = content
        self.asked: list[str] = []
        self.closed = False

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers one request without a word on the console."""

    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: type[Handler], content: bytes = b"") -> Iterator[Server]:
    """Run a server as long as the block runs."""
    with Server(handler, content) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:  # a thread that goes on serving would keep the tests from ending
            server.shutdown()
            thread.join()
