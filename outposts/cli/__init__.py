"""The command line: thin commands, each loaded when it is called."""

from __future__ import annotations

from importlib import import_module

import click

from outposts import __version__

# Command -> (module, one sentence). The sentence stands here so that help loads nothing.
COMMANDS = {
    "add": ("add", "Add a venue, a claim or a source, or many claims from a CSV file."),
    "ask": ("ask", "Questions to the whole registry, each with a plot."),
    "brief": ("brief", "A paragraph and a list fit to print, each number with footnotes."),
    "build": ("build", "Render map definitions to HTML files."),
    "check": ("check", "Validate a registry: every problem with its line."),
    "coverage": ("coverage", "Published counts beside the registry's own."),
    "diff": ("diff", "What changed between two registries, and why statuses did."),
    "embed": ("embed", "The code that puts a map into a page, and its oEmbed answer."),
    "explain": ("history", "The answer for one venue in sentences, with footnotes."),
    "feed": ("diff", "An Atom feed of what became known, day by day."),
    "export": ("export", "Write the registry for other programs: GIS, tables, databases."),
    "fmt": ("fmt", "Put a registry's files in canonical form."),
    "geocode": ("geocode", "Propose points for venues, and how far they are from today's."),
    "history": ("history", "The runs of status of one venue and the claims behind each."),
    "init": ("init", "Start a registry in a new folder."),
    "image": ("image", "Draw a map on a day, or over months, as a picture."),
    "place": ("place", "Where a town is, by any of its names, with no network."),
    "serve": ("serve", "Preview the site on this machine; it reloads when something changes."),
    "status": ("status", "The status of each venue on a day, with its reason."),
    "verify": ("verify", "Whether a page is what this registry makes, and what differs if not."),
}


class Commands(click.Group):
    """A group that imports a command only when it is asked for, and guesses at typos."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, importing its module, or None."""
        if name not in COMMANDS:
            return None
        module = import_module(f"outposts.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the words begin with; a typo gets the nearest name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from outposts.nearest import did_you_mean

            ctx.fail(f"no command is called {args[0]!r}{did_you_mean(args[0], COMMANDS, 1)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and their sentences."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


CREDITS = (
    "Registry: CC BY 4.0, Outposts contributors. Town names and positions: GeoNames, CC BY 4.0. "
    "Outlines: Natural Earth, public domain. Code: MIT."
)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: outposts status --on 2020-06-02 --country VN",
)
@click.version_option(__version__, "-V", "--version", message=f"outposts %(version)s\n{CREDITS}")
def main() -> None:
    """What was open, when, and who says so.

    Data goes to standard output, messages to standard error. Exit status: 0 fine, 1 problems
    found, 2 wrong usage.
    """
