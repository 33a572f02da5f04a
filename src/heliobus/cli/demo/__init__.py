from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heliobus.cli.demo.report import Outcome
from heliobus.cli.demo.street import SPEED, Street
from heliobus.cli.demo.troubles import SEVEN, Troubles
from heliobus.cli.output import Duration, json_option, print_json, run_until_stopped
from heliobus.errors import Error, UsageError
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.web.server import WebServer

if TYPE_CHECKING:
    from heliobus.service.supervisor import Service
    from heliobus.web.demo import Playground

PORT = 8765
DAY_S = 86_400
CHECK_S = 20.0
_LOOK_S = 0.25


class Deviation(Error):
    """What was recorded is not what happened."""

    default_remedy = "Report this with the table above and the --seed."


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help=f"Of the page [default: {PORT}, or a free one].")
@click.option("--for", "duration", type=Duration(), metavar="20s", help="End after so much time [default: Ctrl-C].")
@click.option("--check", is_flag=True, help="At the end compare what was recorded with what truly happened.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="[SYSTEM:]NAME[@TIME][+DURATION]",
    help="Let this go wrong, as in heliobus simulate, at every house or one; may be given several times. "
    f"{SEVEN}: seven faults, in a day that lasts as long as --for.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Seconds per second [default: {SPEED:g}; with --fault {SEVEN} and --for a day].",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Which houses.")
@json_option
def demo(
    *,
    port: int | None,
    duration: float | None,
    check: bool,
    faults: tuple[str, ...],
    speed: float | None,
    seed: int,
    as_json: bool,
) -> None:
    """Simulated houses behind real sockets, recorded and shown live by the product as it is."""
    checked = None if not check else CHECK_S if duration is None else duration
    if speed is None and SEVEN in faults and duration is not None:
        speed = DAY_S / duration
    found: list[Outcome] = []

    async def run(stop: asyncio.Event) -> None:
        with tempfile.TemporaryDirectory(prefix="heliobus-demo-") as folder:
            os.environ["XDG_STATE_HOME"] = folder  # sessions in simulated clouds are gone with them
            async with AsyncExitStack() as opened:
                street = await opened.enter_async_context(_street(Path(folder), seed, speed, checked))
                troubles = await opened.enter_async_context(Troubles(street, faults))
                page = await _page(opened, street.service, port, troubles)
                click.echo(f"Simulated houses, live: {page.url}  (Ctrl-C ends)", err=True)
                await street.first_answers()
                troubles.play()
                if checked is None:
                    await _live(street, stop, duration)
                else:
                    found.append(await _passed(street, troubles, stop, checked))
            # Only now does nothing come to the record any more.
            found[:] = [outcome.judged() for outcome in found]

    run_until_stopped(run)
    if found:
        _report(found[0], as_json=as_json)
    elif as_json:
        print_json({"ok": True})


def _street(folder: Path, seed: int, speed: float | None, check_s: float | None) -> Street:
    # A check does not race: it begins in daylight, and every part of it counts alike.
    pace = SPEED if speed is None else speed
    lasting = None if check_s is None else timedelta(seconds=check_s * pace)
    return Street(folder, seed=seed, speed=pace, race=speed is None and lasting is None, lasting=lasting)


async def _page(opened: AsyncExitStack, service: Service, port: int | None, playground: Playground) -> WebServer:
    """Open the page; without a wish for a port on the usual one, or on a free one if that is taken."""
    if port is None:
        try:
            return await opened.enter_async_context(WebServer(service, "127.0.0.1", PORT, playground=playground))
        except UsageError:
            port = 0
    return await opened.enter_async_context(WebServer(service, "127.0.0.1", port, playground=playground))


async def _live(street: Street, stop: asyncio.Event, duration: float | None) -> None:
    begin = SYSTEM_CLOCK.monotonic()
    while not stop.is_set() and (duration is None or SYSTEM_CLOCK.monotonic() - begin < duration):
        street.settle()
        await SYSTEM_CLOCK.sleep(_LOOK_S)


async def _passed(street: Street, troubles: Troubles, stop: asyncio.Event, duration: float) -> Outcome:
    """Let the houses' time pass, however long that takes here."""
    begin, since = street.clock.monotonic(), SYSTEM_CLOCK.monotonic()
    passing = [asyncio.create_task(street.clock.sleep(duration * street.speed)), asyncio.create_task(stop.wait())]
    await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
    for task in passing:
        task.cancel()
    return Outcome(
        street=street,
        cases=troubles.cases(),
        statuses=street.service.systems(),
        lasted=street.clock.monotonic() - begin,
        took=SYSTEM_CLOCK.monotonic() - since,
    )


def _report(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print_json(outcome.document())
    else:
        for line in outcome.lines():
            click.echo(line)
    if not outcome.ok:
        raise Deviation("what was recorded deviates from what happened")
