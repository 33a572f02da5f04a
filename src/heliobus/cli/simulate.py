from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from heliobus.cli.output import moment, print_json, run_until_stopped
from heliobus.errors import UsageError
from heliobus.simulation.chaos import TOXICS, Chaos, ThroughChaos, Toxics
from heliobus.simulation.clock import FrozenClock, SimulatedClock
from heliobus.simulation.faults import ROUTER_AWAY, Player, Script, script
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.simulation.truth import announced
from heliobus.transport.clock import SYSTEM_CLOCK, Clock
from heliobus.vendor import SimulationOptions, Simulator, vendors

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


@click.command()
@click.argument("vendor")
@click.option("--wire", metavar="NAME", help="Which of the vendor's interfaces [default: its first].")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: a free one [default].")
@click.option("--profile", metavar="NAME", help="A firmware [default: the vendor's newest].")
@click.option("--seed", type=int, default=1, show_default=True, help="Which house.")
@click.option("--at", metavar="TIME", help="Start here [default: now; with --freeze a summer noon with every flow].")
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), default=1.0, show_default=True)
@click.option("--freeze", is_flag=True, help="Stand still, so that what a client reads equals the printed truth.")
@click.option("--replay", metavar="FILE", help="Answer from recorded answers instead of a house.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[@TIME][+DURATION]",
    help="Misbehave, from the start or from a TIME on (10min: after the start); may be given several times. "
    f"The vendor's faults, or the network's ({', '.join(TOXICS)}=AMOUNT, {ROUTER_AWAY}).",
)
def simulate(
    vendor: str, *, seed: int, at: str | None, speed: float, freeze: bool, faults: tuple[str, ...], **options: Any
) -> None:
    """Be a device of VENDOR on a real socket until Ctrl-C.

    The first line of standard output is one JSON object: the address, the credentials and, unless it replays a
    recording, the true powers.  A recording begins when the simulator does, unless --at lies within it.
    """
    found = vendors().get(vendor)
    if found is None:
        raise UsageError(f"no vendor {vendor!r}", remedy=f"Use one of: {', '.join(vendors())}.")
    plant = Plant(seed)
    clock = _clock(plant, at=at, speed=speed, freeze=freeze)
    planned = script(faults)
    # What there is from the start on the device is made with; what comes later its player does.
    device = SimulationOptions(plant=plant, clock=clock, faults=_names(planned, of_network=False), **options)
    found.simulate(device)  # knows every name, also those that come later
    at_once = tuple(fault for fault in planned if fault.always and not fault.of_network)
    device = replace(device, faults=_names(at_once, of_network=False))
    later = tuple(fault for fault in planned if fault not in at_once)
    Toxics.parse(name for name in _names(planned, of_network=True) if name != ROUTER_AWAY)
    if not any(fault.of_network for fault in planned):
        simulator = found.simulate(device)
        player = Player(simulator, clock=clock)
    else:
        proxy = Chaos(host=device.host, port=device.port)
        behind = found.simulate(replace(device, host="127.0.0.1", port=0))
        simulator = ThroughChaos(behind, proxy)
        player = Player(behind, clock=clock, proxy=proxy)
    replay = device.replay is not None
    run_until_stopped(lambda stop: _serve(simulator, clock, stop, play=partial(player.run, later), replay=replay))


def _names(planned: Script, *, of_network: bool) -> tuple[str, ...]:
    return tuple(fault.name for fault in planned if fault.of_network is of_network)


def _clock(plant: Plant, *, at: str | None, speed: float, freeze: bool) -> Clock:
    if freeze:
        return FrozenClock(moment(at, UTC) if at else summer_noon(plant))
    if at or speed != 1:
        return SimulatedClock(moment(at, UTC) if at else SYSTEM_CLOCK.now(), speed=speed)
    return SYSTEM_CLOCK


async def _serve(
    simulator: Simulator,
    clock: Clock,
    stop: asyncio.Event,
    *,
    play: Callable[[], Coroutine[Any, Any, None]],
    replay: bool,
) -> None:
    async with simulator, asyncio.TaskGroup() as both:
        playing = both.create_task(play())
        told = simulator.announcement()
        if not replay:
            # They take seconds when they are first asked for; who has read the announcement shall not wait for them.
            simulator.plant.counters(clock.now())
            told["truth"] = announced(simulator.plant, clock.now())
        print_json(told)
        await stop.wait()
        playing.cancel()
