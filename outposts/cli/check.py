"""``outposts check``."""

from __future__ import annotations

import dataclasses
import json

import click

from outposts.cli.options import clear_errors, registry_option
from outposts.errors import Problem
from outposts.registry import inspect


@click.command(epilog="Example: outposts check geodata/registry")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path())
@registry_option
@click.option("--strict", is_flag=True, help="Warnings count as problems too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@clear_errors
def check(folder: str | None, registry: str | None, strict: bool, form: str) -> None:
    """Report every problem in every file of a registry, each with its line.

    Exits 1 if there is an error; warnings are reported and do not count without --strict.
    """
    _, found = inspect(folder or registry)
    errors = [problem for problem in found if strict or problem.level == "error"]
    if form == "json":
        click.echo(json.dumps([dataclasses.asdict(p) for p in found], indent=1, ensure_ascii=False))
    else:
        for problem in found:
            click.echo(_line(problem, strict))
    warnings = len(found) - len(errors)
    if form == "text":
        click.echo(f"{_count(len(errors), 'problem')}, {_count(warnings, 'warning')}", err=True)
    if errors:
        raise SystemExit(1)


def _line(problem: Problem, strict: bool) -> str:
    if problem.level == "error" or strict:
        return str(problem)
    return str(dataclasses.replace(problem, problem=f"warning: {problem.problem}"))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
