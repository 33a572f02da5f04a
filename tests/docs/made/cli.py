"""The command line, from its own help."""

from __future__ import annotations

import re

import click

from heliobus.cli.root import VERBS, cli
from tests.docs.markdown import code, prose, table


def verb(name: str) -> str:
    """One verb: how it is called, what it does, its options."""
    context = click.Context(cli, info_name="heliobus")
    command = cli.get_command(context, name)
    if command is None:
        raise KeyError(name)
    usage = " ".join(command.collect_usage_pieces(click.Context(command, parent=context, info_name=name)))
    return f"```text\nheliobus {name} {usage}\n```\n\n{prose(command.help)}\n\n{options(command)}"


def everywhere() -> str:
    """What stands before a verb."""
    return options(cli)


def options(command: click.Command) -> str:
    context = click.Context(command)
    found = [param.get_help_record(context) for param in command.params]
    return table(["option", "what it does"], [(code(record[0]), _about(record[1])) for record in found if record])


def _about(text: str) -> str:
    """Set the ranges, which click writes with signs that Markdown eats, as code."""
    return re.sub(r"\[([^\]]*[<>][^\]]*)\]", r"`\1`", " ".join(text.split()))


BLOCKS = {"options": everywhere} | {f"verb {name}": lambda name=name: verb(name) for name in VERBS}
