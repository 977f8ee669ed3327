"""``outposts fmt``."""

from __future__ import annotations

from pathlib import Path

import click

from outposts.canonical import FormError, canonical, shape_of
from outposts.cli.options import clear_errors, registry_option
from outposts.files import write
from outposts.registry import default_folder, shown
from outposts.yamlfile import read

TOP = ("registry.yaml", "sources.yaml", "organisations.yaml", "groups.yaml", "events.yaml")


@click.command(epilog="Example: outposts fmt geodata/registry --check")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@registry_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@clear_errors
def fmt(folder: Path | None, registry: str | None, check: bool) -> None:
    """Put a registry's files in canonical form: key order, quoting, six decimals.

    Comments stay; a second run changes nothing. A file that is not sound YAML is left as it is.
    """
    root = folder or (Path(registry) if registry else default_folder())
    if not root.is_dir():
        raise click.UsageError(f"{root} is not a folder")
    paths = [root / name for name in TOP if (root / name).is_file()]
    paths += sorted((root / "venues").glob("**/*.yaml"))
    changed = broken = 0
    for path in paths:
        document = read(path, shown(path))
        if document.problems:
            broken += 1
            for problem in document.problems:
                click.echo(str(problem), err=True)
            continue
        before = path.read_text(encoding="utf-8-sig")
        try:
            after = canonical(before, shape_of(path))
        except FormError as error:
            broken += 1
            click.echo(f"{shown(path)}:{error}", err=True)
            continue
        if after != before:
            changed += 1
            click.echo(shown(path))
            if not check:
                try:
                    write(path, after)
                except OSError as error:
                    raise click.ClickException(f"{path}: {error.strerror}") from None
    verb = "would change" if check else "changed"
    click.echo(f"{changed} of {len(paths)} files {verb}", err=True)
    if broken or (check and changed):
        raise SystemExit(1)
