"""The command line: finds a subcommand's module, and turns errors into one clear line and an exit code."""

from __future__ import annotations

import importlib
import sys
import traceback

import click

from socialvolym.errors import SocialvolymError

#: Commands that say by their exit code how good a document is, their code for one that cannot be read, and that of a fault.
_JUDGING, _FAILED, _FAULT = ("check", "figures"), 3, 70
#: name of the subcommand -> "module:function"
COMMANDS = {
    "read": "socialvolym.commands.reading_again:read",
    "figures": "socialvolym.commands.figures:figures",
    "add": "socialvolym.commands.add:add",
    "review": "socialvolym.commands.reviewing:review",
    "check": "socialvolym.commands.check:check",
    "vocabulary": "socialvolym.commands.vocabulary:vocabulary",
    "run": "socialvolym.commands.run:run",
    "coverage": "socialvolym.commands.coverage:coverage",
    "facts": "socialvolym.commands.fetching:facts",
    "pdf": "socialvolym.commands.pictures:pdf",
    "screenshots": "socialvolym.commands.pictures:screenshots",
}


class LazyGroup(click.Group):
    """A group that imports a subcommand's module only when the subcommand is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a subcommand."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="socialvolym")
def cli() -> None:
    """Figures from municipalities' social-services reports: read, checked, told."""


def main() -> None:
    """Run the command line; an error that a person can act on is one line on standard error.

    Its exit code is 1; that of the commands whose exit code is a verdict, 3. A fault of this program shows its traceback and ends
    with 70, for Python's own 1 would read as a verdict.
    """
    try:
        cli(prog_name="socialvolym")
    except SocialvolymError as error:
        click.echo(f"socialvolym: {error}", err=True)
        sys.exit(_FAILED if sys.argv[1:2] and sys.argv[1] in _JUDGING else 1)
    except Exception:
        traceback.print_exc()
        sys.exit(_FAULT)
