"""Build docs/build/: docs/*.md, and pages made from docstrings, tables of columns, models and real output.

python scripts/make_docs.py [FOLDER]
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from markdown_it import MarkdownIt

import outposts
from outposts import export, frames, questions
from outposts.cli import COMMANDS, main
from outposts.export import postgis
from outposts.export.extract import extract
from outposts.questions.table import VENUE
from outposts.render.assets import tokens
from outposts.schema import SHAPES, schema

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "docs"
DAY = "2020-06-02"  # of the examples, and what was known on it: they stay as they are when the registry grows
HEAD_OF_FILE = 1200  # characters of an example
TABLES = {
    ("registry.on(day)", "one row a venue with its answer on a day"): {
        name: frames.COLUMNS[name] for name in frames.ON
    },
    ("registry.during(period)", "one row a venue that had a status in a period"): {
        name: frames.COLUMNS[name] for name in frames.DURING
    },
    ("registry.runs()", "one row per venue and run of status"): {
        name: frames.COLUMNS[name] for name in frames.RUNS
    },
    ("registry.claims()", "one row per venue and claim"): frames.CLAIMS,
    ("registry.sources()", "one row a source"): frames.SOURCES,
    ("names", "in the exports: one row per venue and name"): frames.NAMES,
}
NAV = {
    "index": "Outposts",
    "quickstart": "Quickstart",
    "status-rules": "Status rules",
    "history": "What changed",
    "formats": "Formats",
    "questions": "Questions",
    "data-dictionary": "Data dictionary",
    "registry-format": "Registry format",
    "commands": "Commands",
    "python": "Python",
}
SECTIONS = (
    "Parameters",
    "Returns",
    "Yields",
    "Raises",
    "Notes",
    "Examples",
    "See Also",
    "Attributes",
)


def pages() -> dict[str, str]:
    """Return the Markdown of every page by its name."""
    written = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.md"))}
    made: dict[str, Callable[[], str]] = {
        "data-dictionary": data_dictionary,
        "registry-format": registry_format,
        "commands": commands,
        "python": python,
        "questions": asked,
    }
    return {**written, **{name: make() for name, make in made.items()}, **formats()}


# Docstrings


def prose(text: str | None, level: int = 4) -> str:
    """Return a NumPy-style docstring as Markdown."""
    lines = inspect.cleandoc(text or "").splitlines()
    out: list[str] = []
    section, code = "", False
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if line in SECTIONS and set(following) == {"-"}:
            out += ["```", ""] if code else [""]
            out += [f"{'#' * level} {line}", ""]
            section, code = line, False
            continue
        if set(line) == {"-"} and line:
            continue
        if line.startswith(">>>") and not code:
            out += ["", "```pycon"]
            code = True
        elif code and not line:
            out += ["```"]
            code = False
        if code:
            out.append(line)
        elif section in ("Parameters", "Raises", "Returns", "Yields", "Attributes") and line:
            inner = line.startswith("    ")
            out.append(f"  {marked(line.strip())}" if inner else f"- {item(line)}")
        else:
            out.append(marked(line))
    return "\n".join([*out, "```"] if code else out)


def item(line: str) -> str:
    """Return the head of a parameter or an error: its names as code, then its type."""
    names, _, kind = line.partition(" : ")
    code = ", ".join(f"`{name}`" for name in names.split(", "))
    return f"{code} ({marked(kind)})" if kind else code


def marked(line: str) -> str:
    """Return a line with reStructuredText's literals as Markdown's."""
    return re.sub(r"``([^`]+)``", r"`\1`", line)


def table(head: tuple[str, ...], body: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    rows = [head, ("---",) * len(head), *body]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


# Pages


def data_dictionary() -> str:
    """Return the page of every column of every table."""
    out = ["# Data dictionary", "", prose(frames.__doc__, 2), ""]
    for (call, what), columns in TABLES.items():
        out += [f"## `{call}`: {what}", ""]
        found = [
            (f"`{c}`", f"`{column.dtype}`", column.unit, column.meaning)
            for c, column in columns.items()
        ]
        out += [table(("column", "type", "unit", "meaning"), found), ""]
    from outposts.rules import REASONS, STATUSES
    from outposts.words import words

    table_of = words().table
    out += ["## Statuses", "", table(("code", "word"), [(f"`{c}`", table_of["statuses"][c]["label"]) for c in STATUSES])]  # fmt: skip
    out += ["", "What each means is in [the status rules](status-rules.md).", ""]
    out += ["## Reasons", "", table(("code", "means"), [(f"`{c}`", table_of["reasons"][c]) for c in REASONS])]  # fmt: skip
    return "\n".join(out)


def registry_format() -> str:
    """Return the page of the files of a registry, from the models that check them."""
    out = [
        "# Registry format",
        "",
        "One folder is one registry. Every scalar is read as text; unknown fields are errors. What is bold is required. "
        "`geodata/schema/` has the same as JSON Schema, for editors.",
        "",
    ]
    files = {
        "venue": "venues/<cc>/<id>.yaml",
        "sources": "sources.yaml: id -> source",
        "organisations": "organisations.yaml: id -> organisation",
        "groups": "groups.yaml",
        "events": "events.yaml: a list of events",
        "registry": "registry.yaml",
    }
    seen: set[str] = set()
    for name in SHAPES:
        found = json.loads(schema(name))
        out += [f"## `{files[name]}`", ""]
        if "properties" in found:
            out += [
                found.get("description", "").split("\n\n")[0].replace("``", "`"),
                "",
                fields(found),
                "",
            ]
        for record, shape in found.get("$defs", {}).items():
            if "properties" in shape and record not in seen:
                seen.add(record)
                out += [
                    f"### {record}",
                    "",
                    shape.get("description", "").replace("``", "`"),
                    "",
                    fields(shape),
                    "",
                ]
    return "\n".join(out)


def fields(shape: Mapping[str, Any]) -> str:
    """Return the fields of a JSON Schema's object as a table."""
    required = shape.get("required", [])
    return table(
        ("field", "holds"),
        [
            (f"**`{name}`**" if name in required else f"`{name}`", kind(part))
            for name, part in shape["properties"].items()
        ],
    )


def kind(part: Mapping[str, Any]) -> str:
    """Return in words what a JSON Schema takes."""
    if "$ref" in part:
        return str(part["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in part:
        return " or ".join(kind(one) for one in part["anyOf"] if one.get("type") != "null")
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {kind(part.get('items', {}))}"
    if part.get("format") == "date":
        return "day, such as 2020-06-02"
    return str(
        part.get("description")
        or {"string": "text"}.get(str(part.get("type")), part.get("type", "anything"))
    )


def commands() -> str:
    """Return the page of the command line, from the commands' own help."""
    out = ["# Commands", "", prose(main.help, 2), ""]
    context = click.Context(main, info_name="outposts")
    for name in sorted(COMMANDS):
        command = main.get_command(context, name)
        if command is not None:
            out += [*command_help(command, name, context), ""]
    return "\n".join(out)


def command_help(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """Yield the help of a command, and of those under it."""
    context = click.Context(
        command, info_name=name, parent=parent, max_content_width=84, terminal_width=84
    )
    yield f"## `{context.command_path}`"
    yield ""
    yield "```text"
    yield command.get_help(context)
    yield "```"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield ""
                yield from command_help(found, inner, context)


def python() -> str:
    """Return the page of the public names, from their docstrings."""
    out = [
        "# Python",
        "",
        "Everything here has types; a date is an ISO string, `date`, `datetime` or pandas timestamp.",
        "",
    ]
    found = [(f"outposts.{name}", getattr(outposts, name)) for name in outposts.__all__]
    for extra in (
        "outposts.diff",
        "outposts.news",
        "outposts.feed",
        "outposts.revisions",
        "outposts.coverage",
    ):
        found.append((extra, importlib.import_module(extra)))
    for name, value in found:
        if isinstance(value, ModuleType):
            out += [f"## `{name}`", "", prose(value.__doc__, 3), ""]
            for inner in defined(value):
                out += documented(f"{name}.{inner}", getattr(value, inner), 3)
        else:
            out += documented(name, value, 2)
    return "\n".join(out)


def defined(module: ModuleType) -> list[str]:
    """Return the public functions and classes that a module itself defines, in the order of its text."""
    tree = ast.parse(inspect.getsource(module))
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [
        node.name for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")
    ]


def documented(name: str, value: Any, level: int, text: str | None = None) -> list[str]:
    """Return the docstring (or the ``text`` made of it) of a function or of a class and its public methods."""
    call = name
    if callable(value) and not (inspect.isclass(value) and issubclass(value, Exception)):
        try:
            call = f"{name}{signature(value)}"
        except (TypeError, ValueError):
            call = name
    out = [f"{'#' * level} `{name}`", ""]
    if call != name:
        out += ["```text", call, "```", ""]
    out += [prose(value.__doc__ if text is None else text, level + 1), ""]
    if inspect.isclass(value):
        for inner, method in vars(value).items():
            plain = getattr(method, "__func__", method)
            if not inner.startswith("_") and inspect.isfunction(plain) and plain.__doc__:
                out += documented(f"{name}.{inner}", plain, level + 1)
    return out


def signature(value: Any) -> str:
    """Return a signature without the types, which the text tells, and without self."""
    found = inspect.signature(value)
    plain = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in found.parameters.values()
        if p.name != "self"
    ]
    text = str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))
    return re.sub(r"Rules\([^)]*\)", "RULES", text)


def asked() -> str:
    """Return the page of the questions, from the docstrings of `outposts.questions`."""
    out = ["# Questions", "", prose(questions.__doc__, 2), ""]
    out += ["On the command line they are under `outposts ask`, and `outposts coverage`; each has `--plot FILE`.", ""]  # fmt: skip
    for name in questions.__all__:
        value = getattr(questions, name)
        module = importlib.import_module(value.__module__)
        columns = getattr(module, name.upper(), None) or module.COLUMNS
        text, meanings = split(value.__doc__)
        out += documented(f"questions.{name}", value, 2, text)
        own = [(c, t) for c, t in columns.items() if c not in VENUE]
        rows = [(f"`{c}`", f"`{t}`", meanings.get(c, "")) for c, t in own]
        out += [table(("column", "type", "meaning"), rows), ""]
    return "\n".join(out)


def split(docstring: str | None) -> tuple[str, dict[str, str]]:
    """Return a docstring without the list of columns in it, and what that says of each."""
    kept: list[str] = []
    meanings: dict[str, str] = {}
    heads: list[str] = []
    for line in inspect.cleandoc(docstring or "").splitlines():
        if re.fullmatch(r"    ``\w+``(, ``\w+``)*", line):
            heads = re.findall(r"``(\w+)``", line)
        elif heads and line.startswith("        "):
            for name in heads:
                meanings[name] = f"{meanings.get(name, '')} {marked(line.strip())}".strip()
        else:
            heads = []
            kept.append(re.sub(" and$", " and those below.", line))
    return "\n".join(kept), meanings


# Formats


def formats() -> dict[str, str]:
    """Return the page of all formats, and one each, with a real example."""
    rows, found = [], {}
    for suffix, form in export.FORMATS.items():
        page = f"format-{form.module}"
        shown = "a folder" if suffix == export.FOLDER else f"`{suffix}`"
        rows.append((shown, f"[{form.name}]({page}.md)", form.use))
        found[page] = format_page(suffix, form)
    text = [
        "# Formats",
        "",
        "`outposts export FILE...` writes any of them, by suffix. Each file says of which day it tells, what was known on which day, "
        "by which version of the rules and of the data, under which licence and with whose attribution.",
        "",
        table(("suffix", "format", "for"), rows),
        "",
        "What the columns mean is in the [data dictionary](data-dictionary.md).",
        "",
        "## PostGIS",
        "",
        prose(postgis.to_postgis.__doc__, 3),
    ]
    return {"formats": "\n".join(text), **found}


def format_page(suffix: str, form: export.Format) -> str:
    """Return the page of one format: its module's docstrings, and the head of a file of one venue."""
    module = importlib.import_module(f"outposts.export.{form.module}")
    ending = "" if suffix == export.FOLDER else suffix
    out = [f"# {form.name}", "", f"For {form.use}.", "", prose(module.__doc__, 2), ""]
    out += [prose(module.write.__doc__, 2), "", "## Example", ""]
    out += ["```sh", f"outposts export venues{ending or '/'} --on {DAY} --known {DAY}", "```", ""]
    out += ["Of one venue:", ""]
    with tempfile.TemporaryDirectory() as there:
        target = Path(there) / f"venues{ending}"
        registry = outposts.load()
        export.save(extract(registry, DAY, DAY, text="koryo hanoi"), target)
        out += list(contents(target))
    return "\n".join(out)


def contents(path: Path) -> Iterator[str]:
    """Yield what a person sees of a file: its head, or its tables and columns."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            yield from (f"### `{file.name}`", "")
            yield from contents(file)
        return
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        cut = text[:HEAD_OF_FILE].rstrip()
        yield from (f"{fence}text", cut + (" ..." if text.rstrip() != cut else ""), fence, "")
    except UnicodeDecodeError:
        yield from tables_of(path)


def tables_of(path: Path) -> Iterator[str]:
    """Yield the tables and columns of a file that is no text."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        found = pq.read_schema(path)
        yield table(("column", "type"), [(f"`{field.name}`", f"`{field.type}`") for field in found])
    elif path.suffix in (".gpkg", ".sqlite"):
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(path)) as base:
            names = "select name from sqlite_master where type in ('table', 'view') order by name"
            for (name,) in base.execute(names).fetchall():
                if re.match(r"(sqlite|rtree|gpkg)_|.*_(data|idx|docsize|config|content)$", name):
                    continue
                columns = base.execute(
                    "select name, type from pragma_table_info(?)", (name,)
                ).fetchall()
                yield from (f"### `{name}`", "")
                yield from (
                    table(("column", "type"), [(f"`{c}`", f"`{t}`") for c, t in columns]),
                    "",
                )
    elif path.suffix == ".xlsx":
        import zipfile
        from xml.etree import ElementTree

        with zipfile.ZipFile(path) as book:
            sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).findall(".//{*}sheet")
            yield table(("sheet",), [(f"`{sheet.get('name')}`",) for sheet in sheets])


# HTML

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'">
<title>{title}</title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<nav aria-label="Pages"><ul>
{nav}
</ul></nav>
<main id="content" tabindex="-1">
{body}
</main>
</body>
</html>
"""


def html(name: str, text: str, names: Mapping[str, str]) -> str:
    """Return a page; links to the Markdown of another page lead to its HTML."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    body = reader.render(text)
    body = re.sub(r'href="([a-z-]+)\.md((?:#[^"]*)?)"', lambda m: f'href="{m[1]}.html{m[2]}"' if m[1] in names else m[0], body)  # fmt: skip
    # Wide tables and code scroll by themselves, by keyboard too, so that the page never does.
    body = re.sub(
        "<table>", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>', body
    )
    body = body.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
    body = re.sub(r"<h([1-6])>(.*?)</h\1>", anchored(), body)
    title = re.sub("[*`]", "", text.lstrip("# ").splitlines()[0])
    here = "formats" if name.startswith("format-") else name
    nav = "\n".join(
        f'<li><a href="{page}.html"{" aria-current=" + chr(34) + "page" + chr(34) if page == here else ""}>{label}</a></li>'
        for page, label in NAV.items()
    )
    return PAGE.format(
        title=escape(title if title == "Outposts" else f"{title} – Outposts"), nav=nav, body=body
    )


def anchored() -> Callable[[re.Match[str]], str]:
    """Return what gives each heading of one page an id of its own."""
    seen: dict[str, int] = {}

    def anchor(match: re.Match[str]) -> str:
        plain = re.sub(r"<[^>]*>|&[a-z]+;", "", match[2]).lower()
        id = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "part"
        seen[id] = seen.get(id, 0) + 1
        id = id if seen[id] == 1 else f"{id}-{seen[id]}"
        return f'<h{match[1]} id="{id}">{match[2]}</h{match[1]}>'

    return anchor


def style() -> str:
    """Return the style sheet: the colours of the maps' pages, then our own rules."""
    return f"{tokens()}\n{(SOURCES / 'docs.css').read_text(encoding='utf-8')}"


def build(folder: Path) -> list[Path]:
    """Write every page; the folder is replaced, if it is one that this made."""
    found = pages()
    if folder.exists() and any(folder.iterdir()) and not (folder / "docs.css").is_file():
        raise SystemExit(f"{folder} holds something else; name an empty folder")
    written = {f"{name}.html": html(name, text, found) for name, text in found.items()}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    written["docs.css"] = style()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in written]


if __name__ == "__main__":
    for made in build(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCES / "build"):
        print(made)
