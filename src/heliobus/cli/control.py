from __future__ import annotations

from contextlib import nullcontext
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from heliobus.cli.output import Duration, figure, json_option, print_json, run_until_stopped
from heliobus.errors import Error, Refused, UsageError
from heliobus.model.command import KINDS, Auto, Durability, Status
from heliobus.service.commands import ability_document, outcome_document
from heliobus.service.config import ControlConfig, RecorderConfig, SystemConfig
from heliobus.service.connection import Connection
from heliobus.service.estate import journal_at
from heliobus.service.gatekeeper import Gatekeeper
from heliobus.service.hub import Hub
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tls import FilePins
from heliobus.vendor import vendor_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from heliobus.model.capabilities import Bounds
    from heliobus.model.command import Command, Outcome
    from heliobus.service.journal import Journal

_WORDS = {
    "-".join("".join(f" {letter}" if letter.isupper() else letter for letter in kind).split()).lower(): cls
    for kind, cls in KINDS.items()
}
"""``limit-charge`` and so on."""
_SYSTEM = "device"
_LOOK_S = 0.5
_RELEASE_S = 130.0  # beyond the longest that a connection waits for a device; clouds want their pauses
_BACK = "Run heliobus control with auto as soon as the device answers."


@click.command()
@click.argument("url")
@click.argument("command", type=click.Choice(sorted(_WORDS)), required=False)
@click.option("--power", type=float, metavar="W", help="Of charge, discharge and their limits.")
@click.option("--soc", type=float, metavar="%", help="Of set-reserve.")
@click.option("--current", type=float, metavar="A", help="Of wallbox-limit, per phase; 0 pauses.")
@click.option("--id", "id_", metavar="ID", help="Which switch or wallbox.")
@click.option("--on/--off", default=None, help="Of set-switch.")
@click.option("--for", "duration", type=Duration(), metavar="30min", help="Stay so long, then take it back.")
@click.option("--keep", is_flag=True, help="Leave it so: nothing takes it back but you.")
@click.option("--device", metavar="ID", help="Which device, where several are behind the address.")
@click.option("--dry-run", is_flag=True, help="Only show what would be sent.")
@json_option
def control(url: str, *, command: str | None, as_json: bool, **options: Any) -> None:
    """Ask the device at URL for something, and read back what came of it; without COMMAND show what it obeys.

    With --for it stays until the time is over, or Ctrl-C, and then gives the device back to its own control.
    """
    gate = _gate(url, options["device"])
    if command is None:
        run_until_stopped(lambda _: _show(gate, as_json=as_json))
        return
    asked = _command(command, options)
    outcomes: list[Outcome] = []

    async def run(stop: asyncio.Event) -> None:
        outcomes.append(await _carry_out(gate, asked, stop, dry_run=options["dry_run"], quiet=as_json))

    with nullcontext() if options["dry_run"] else gate.journal.held():
        run_until_stopped(run)
    if as_json:
        print_json(outcome_document(outcomes[0]))
    _judge(outcomes[0])


class _Gate:
    """The way to one device: the gatekeeper before its connection."""

    def __init__(self, system: SystemConfig, *, journal: Journal, pins: FilePins) -> None:
        self.journal = journal
        self.connection = Connection(system, clock=SYSTEM_CLOCK, pins=pins)
        self.keeper = Gatekeeper(
            {_SYSTEM: self.connection},
            control=ControlConfig(enabled=True),
            journal=journal,
            hub=Hub(),
            clock=SYSTEM_CLOCK,
        )


def _gate(url: str, device: str | None) -> _Gate:
    _, address = vendor_of(url)
    system = SystemConfig(name=_SYSTEM, url=address, device=device)
    pins = FilePins(RecorderConfig().certificates)
    return _Gate(system, journal=journal_at(address, device), pins=pins)


def _command(word: str, options: Mapping[str, Any]) -> Command:
    """Make the command; UsageError for what it needs and what does not belong to it."""
    kind = _WORDS[word]
    given = {name.rstrip("_"): options[name] for name in ("power", "soc", "current", "id_", "on")}
    known = {one.name for one in fields(kind)}
    if strange := [name for name, value in given.items() if value is not None and name not in known]:
        raise UsageError(f"{word} has no --{strange[0]}", remedy=f"heliobus control URL {word} takes no such value.")
    duration, keep = options["duration"], options["keep"]
    if kind is not Auto and not options["dry_run"] and (duration is None) is not keep:
        raise UsageError(f"{word} needs its end", remedy="Say --for 30min, or --keep to leave it so.")
    lease = None if duration is None else timedelta(seconds=duration)
    try:
        return kind(lease=lease, **{name: value for name, value in given.items() if value is not None})
    except TypeError as error:
        needed = ", ".join(f"--{name}" for name in sorted(known - {"lease"}))
        raise UsageError(f"{word} needs {needed}", remedy="Give what is missing.") from error


async def _carry_out(gate: _Gate, command: Command, stop: asyncio.Event, *, dry_run: bool, quiet: bool) -> Outcome:
    keeper = gate.keeper
    try:
        if dry_run:
            outcome = await keeper.execute(_SYSTEM, command, dry_run=True, who="cli")
        else:
            await keeper.resume()
            if not isinstance(command, Auto):
                # First the way back of a run that died: else what it left would be what this one goes back to.
                await keeper.release(within=_RELEASE_S, why="the last run left it in force")
                if keeper.in_force(_SYSTEM):
                    raise Error("what the last run left in force is not taken back yet", remedy=_BACK)
            outcome = await _send(gate, command)
        if not quiet:
            _tell(outcome)
        if command.lease is not None and keeper.in_force(_SYSTEM):
            await _hold(gate, stop, command, quiet=quiet)
    finally:
        await keeper.release(within=_RELEASE_S, why="heliobus control ends")
        await gate.connection.close()
    if keeper.in_force(_SYSTEM):
        raise Error("the device may still obey, for it was not given back", remedy=_BACK)
    return outcome


async def _send(gate: _Gate, command: Command) -> Outcome:
    keep = command.lease is None and not isinstance(command, Auto)
    ability = (await gate.keeper.abilities(_SYSTEM)).get(command.kind)
    if keep and ability and ability.durability is Durability.VOLATILE:
        raise UsageError(f"the device does not keep {command.kind} by itself", remedy="Say --for 30min instead.")
    return await gate.keeper.execute(_SYSTEM, command, keep=keep, who="cli")


async def _hold(gate: _Gate, stop: asyncio.Event, command: Command, *, quiet: bool) -> None:
    end = SYSTEM_CLOCK.now() + (command.lease or timedelta())
    if not quiet:
        click.echo(f"Until {end.astimezone():%H:%M:%S}; Ctrl-C takes it back now.", err=True)
    while gate.keeper.in_force(_SYSTEM) and not stop.is_set():
        await SYSTEM_CLOCK.sleep(_LOOK_S)


def _judge(outcome: Outcome) -> None:
    if outcome.status is Status.REJECTED:
        raise Refused(f"the device says no{f': {outcome.note}' if outcome.note else ''}")
    if outcome.status is Status.UNKNOWN:
        raise Error("it was sent, but nobody knows whether it arrived", remedy="Look at the device, then send auto.")


def _tell(outcome: Outcome) -> None:
    click.echo(f"{outcome.command.kind}: {outcome.status}{f' ({outcome.note})' if outcome.note else ''}")
    for message in outcome.sent:
        click.echo(f"  {'would send' if outcome.status is Status.PLANNED else 'sent'}  {message}")
    for name, value in outcome.read_back.items():
        click.echo(f"  {name:<40}{outcome.before.get(name)!s:>12} → {value}")


async def _show(gate: _Gate, *, as_json: bool) -> None:
    try:
        found = await gate.keeper.abilities(_SYSTEM)
    finally:
        await gate.connection.close()
    if as_json:
        obeyed = {word: found[kind.__name__] for word, kind in _WORDS.items() if kind.__name__ in found}
        print_json({word: ability_document(ability) for word, ability in obeyed.items()})
        return
    for word, kind in _WORDS.items():
        if ability := found.get(kind.__name__):
            bounds = ", ".join(f"--{name} {_bounds(one)}" for name, one in ability.arguments.items() if not one.fixed)
            click.echo(f"{word:<18}{ability.durability:<12}{bounds}".rstrip())
            if ability.warning:
                click.echo(f"  {ability.warning}")
    if not found:
        click.echo("This device obeys no commands.", err=True)


def _bounds(one: Bounds) -> str:
    return f"{figure(one.low, '')}…{'' if one.high is None else figure(one.high, '')}".replace("\u202f", "")
