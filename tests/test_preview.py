"""The preview: for this machine alone, and it reloads what changed."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from outposts.cli import main
from outposts.errors import OutpostsError
from outposts.site.preview import CHANGES, Preview, watch

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; connect-src 'none'"></head><body>here</body></html>"""


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    folder = tmp_path / "site"
    (folder / "sub").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / ".outposts.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    with Preview(folder, port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.end()
        thread.join()


def ask(preview: Preview, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", preview.server_port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()})  # fmt: skip
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_index_is_there_with_the_script_that_reloads(preview: Preview) -> None:
    status, body = ask(preview, "/")
    assert status == 200
    assert f'new EventSource("{CHANGES}")'.encode() in body
    assert b"connect-src 'self'" in body


def test_a_page_in_a_frame_is_as_it_is_on_disk(preview: Preview) -> None:
    assert ask(preview, "/index.html", Sec_Fetch_Dest="iframe") == (200, PAGE.encode())


def test_pages_are_compressed_for_those_who_can(preview: Preview) -> None:
    status, body = ask(preview, "/index.html", Sec_Fetch_Dest="iframe", Accept_Encoding="gzip")
    assert (status, gzip.decompress(body)) == (200, PAGE.encode())


@pytest.mark.parametrize("path", ["/.outposts.json", "/../secret.txt", "/%2e%2e/secret.txt", "/sub/", "/none.html"])  # fmt: skip
def test_nothing_else_is_given(preview: Preview, path: str) -> None:
    status, body = ask(preview, path)
    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
def test_a_foreign_name_is_refused(preview: Preview, host: str) -> None:
    assert ask(preview, "/index.html", Host=host)[0] == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "", "example.org"])
def test_it_is_no_open_server(tmp_path: Path, host: str) -> None:
    with pytest.raises(OutpostsError, match="other machines"):
        Preview(tmp_path, 0, host)


def test_a_taken_port_is_named(preview: Preview, tmp_path: Path) -> None:
    with pytest.raises(OutpostsError, match=f"port {preview.server_port} of 127.0.0.1"):
        Preview(tmp_path, preview.server_port)


def test_changes_are_told(preview: Preview) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", preview.server_port, timeout=10)
    connection.request("GET", CHANGES)
    answer = connection.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream"
    preview.changed()
    assert answer.readline() == b"data: changed\n"
    connection.close()


def test_watch_sees_a_file_that_changes(tmp_path: Path) -> None:
    file, seen, over = tmp_path / "a.yaml", threading.Event(), threading.Event()
    file.write_text("a: 1")
    thread = threading.Thread(target=watch, args=([tmp_path], seen.set, over, 0.01))
    thread.start()
    for size in range(1, 1000):
        file.write_text("a" * size)
        if seen.wait(0.05):
            break
    over.set()
    thread.join()
    assert seen.is_set()


def test_serve_refuses_to_be_open_by_accident() -> None:
    result = CliRunner().invoke(main, ["serve", "--host", "0.0.0.0", "--once"])
    assert result.exit_code == 1
    assert "other machines" in result.stderr
