"""``outposts serve``."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from outposts.cli.options import (
    clear_errors,
    maps_option,
    open_registry,
    pages_option,
    registry_option,
)
from outposts.errors import OutpostsError
from outposts.render.build import articles, definitions


@click.command(epilog="Example: outposts serve --port 0 --once")
@registry_option
@maps_option
@pages_option
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="A name of loopback; no other."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")  # fmt: skip
@click.option("--once", is_flag=True, help="Build, start, say where, and stop.")
@clear_errors
def serve(
    registry: str | None, folder: Path, out: Path | None, host: str, port: int, once: bool
) -> None:
    """Build the site and preview it on this machine; pages reload when registry or maps change."""
    from outposts.registry import default_folder
    from outposts.site.build import build
    from outposts.site.preview import Preview, watch

    target = out or folder / "build"

    def rebuild() -> int:
        files = build(
            open_registry(registry), definitions((), folder), target, pages=articles(folder)
        )
        return sum(not file.fresh for file in files)

    with Preview(target, port, host) as preview:
        click.echo(f"{rebuild()} files written to {target.as_posix()}", err=True)
        over = threading.Event()

        def again() -> None:
            try:
                number = rebuild()
            except (OutpostsError, OSError) as error:
                click.echo(f"{error}\nthe preview shows what was there before", err=True)
                return
            click.echo(f"{number} files written", err=True)
            preview.changed()

        watched = [Path(registry) if registry else default_folder(), folder]
        server = threading.Thread(target=preview.serve_forever, daemon=True)
        server.start()
        click.echo(preview.url)
        try:
            if not once:
                click.echo("Stop with Ctrl-C.", err=True)
                watch(watched, again, over)
        except KeyboardInterrupt:
            pass
        finally:
            over.set()
            preview.end()
