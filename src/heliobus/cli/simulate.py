from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

import click

from heliobus.cli.output import moment, print_json, run_until_stopped
from heliobus.errors import UsageError
from heliobus.simulation.chaos import TOXICS, Chaos, ThroughChaos, Toxics, is_toxic
from heliobus.simulation.clock import FrozenClock, SimulatedClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.simulation.truth import announced
from heliobus.transport.clock import SYSTEM_CLOCK, Clock
from heliobus.vendor import SimulationOptions, Simulator, vendors

if TYPE_CHECKING:
    import asyncio


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
    metavar="NAME",
    help=f"Misbehave; may be given several times. The vendor's faults, or the network's ({', '.join(TOXICS)}=AMOUNT).",
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
    toxics = Toxics.parse(fault for fault in faults if is_toxic(fault))
    own = tuple(fault for fault in faults if not is_toxic(fault))
    device = SimulationOptions(plant=plant, clock=clock, faults=own, **options)
    if toxics == Toxics():
        simulator = found.simulate(device)
    else:
        proxy = Chaos(toxics=toxics, host=device.host, port=device.port)
        simulator = ThroughChaos(found.simulate(replace(device, host="127.0.0.1", port=0)), proxy)
    run_until_stopped(lambda stop: _serve(simulator, clock, stop, replay=device.replay is not None))


def _clock(plant: Plant, *, at: str | None, speed: float, freeze: bool) -> Clock:
    if freeze:
        return FrozenClock(moment(at, UTC) if at else summer_noon(plant))
    if at or speed != 1:
        return SimulatedClock(moment(at, UTC) if at else SYSTEM_CLOCK.now(), speed=speed)
    return SYSTEM_CLOCK


async def _serve(simulator: Simulator, clock: Clock, stop: asyncio.Event, *, replay: bool) -> None:
    async with simulator:
        told = simulator.announcement()
        if not replay:
            told["truth"] = announced(simulator.plant, clock.now())
        print_json(told)
        await stop.wait()
