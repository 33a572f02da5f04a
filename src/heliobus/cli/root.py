"""The group of all verbs, and what becomes of errors."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import TYPE_CHECKING

import click

from heliobus import __version__, errors

if TYPE_CHECKING:
    from collections.abc import Sequence

# verb -> (module:command, what --help says without importing the module)
VERBS = {
    "demo": ("heliobus.cli.demo:demo", "Simulated houses, recorded and shown live."),
    "serve": ("heliobus.cli.serve:serve", "Record and show the configured systems."),
    "discover": ("heliobus.cli.discover:discover", "Look for devices in your own network."),
    "add": ("heliobus.cli.add:add", "Try a device, then put it into the configuration."),
    "read": ("heliobus.cli.read:read", "Read a device once."),
    "watch": ("heliobus.cli.watch:watch", "Follow a device in the terminal."),
    "control": ("heliobus.cli.control:control", "Ask a device for something, and read back what came of it."),
    "export": ("heliobus.cli.export:export", "Write recorded samples or energies as CSV or JSON lines."),
    "trust": ("heliobus.cli.trust:trust", "Accept the changed certificate of a device."),
    "simulate": ("heliobus.cli.simulate:simulate", "Be a device on a real socket."),
}

# The most specific class first.
EXIT_CODES: tuple[tuple[type[errors.Error], int], ...] = (
    (errors.UsageError, 2),
    (errors.TransportError, 3),
    (errors.AuthenticationError, 4),
    (errors.Refused, 5),
    (errors.NotSupported, 5),
    (errors.LockedOut, 6),
    (errors.Error, 1),
)
_INTERRUPTED = 130
_APP = frozenset({"fastapi", "pydantic", "uvicorn"})  # the extra that the library does without


class Verbs(click.Group):
    """Loads a verb's module when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl([(verb, about) for verb, (_, about) in VERBS.items()])


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="heliobus", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error, and log in detail.")
@click.pass_context
def cli(ctx: click.Context, *, debug: bool) -> None:
    """Read, record and control home photovoltaic and battery systems."""
    from heliobus.cli.output import set_up_logging

    if os.environ.get("NO_COLOR"):
        ctx.color = False
    set_up_logging(debug=debug)


def run(arguments: Sequence[str]) -> int:
    """Run the command line and give its exit code; every error becomes one line on standard error."""
    debug = ["--debug"] if "--debug" in arguments else []  # wherever it stands, people add it at the end
    try:
        cli.main(
            [*debug, *(word for word in arguments if word != "--debug")], prog_name="heliobus", standalone_mode=False
        )
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:
        print(asked.format_message(), file=sys.stderr)
        return asked.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away (heliobus export | head): nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - the user gets one line, with --debug all of it
        if debug:
            traceback.print_exc()
        line, code = explain(error)
        print(f"heliobus: {line}", file=sys.stderr)
        return code
    return 0


def explain(error: Exception) -> tuple[str, int]:
    """What happened and what to do in one line, and the exit code."""
    if isinstance(error, click.ClickException):
        return f"{error.format_message().rstrip('.')}. heliobus --help shows the forms.", error.exit_code
    if isinstance(error, errors.Error):
        return error.line(), next(code for kind, code in EXIT_CODES if isinstance(error, kind))
    if isinstance(error, ModuleNotFoundError) and error.name in _APP:
        lacking = errors.UsageError(
            f"this verb needs {error.name}, which is not installed", remedy="Run: pip install 'heliobus[app]'."
        )
        return lacking.line(), 2
    bug = errors.Error(f"internal error: {type(error).__name__}: {error}")
    return bug.line(), 1
