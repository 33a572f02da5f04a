from __future__ import annotations

import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heliobus.cli.demo.check import Row, compare
from heliobus.cli.demo.street import Street
from heliobus.cli.output import Duration, figure, json_option, number, print_json, run_until_stopped
from heliobus.errors import Error, UsageError
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.web.server import WebServer

if TYPE_CHECKING:
    import asyncio

    from heliobus.service.supervisor import Service

PORT = 8765
_LOOK_S = 0.25


class Deviation(Error):
    """What was recorded is not what happened."""

    default_remedy = "Report this with the table above and the --seed."


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help=f"Of the page [default: {PORT}, or a free one].")
@click.option("--for", "duration", type=Duration(), metavar="20s", help="End after so much time [default: Ctrl-C].")
@click.option("--check", is_flag=True, help="At the end compare what was recorded with what truly happened.")
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), help="Seconds per second [default: 60].")
@click.option("--seed", type=int, default=1, show_default=True, help="Which houses.")
@json_option
def demo(
    *, port: int | None, duration: float | None, check: bool, speed: float | None, seed: int, as_json: bool
) -> None:
    """Simulated houses behind real sockets, recorded and shown live by the product as it is."""
    rows: list[Row] = []

    async def run(stop: asyncio.Event) -> None:
        with tempfile.TemporaryDirectory(prefix="heliobus-demo-") as folder:
            os.environ["XDG_STATE_HOME"] = folder  # sessions in simulated clouds are gone with them
            async with AsyncExitStack() as opened:
                # A check does not race: there a busy machine's pause of 30 ms would be a minute of the house.
                race = speed is None and not check
                street = await opened.enter_async_context(Street(Path(folder), seed=seed, speed=speed, race=race))
                page = await _page(opened, street.service, port)
                click.echo(f"Simulated houses, live: {page.url}  (Ctrl-C ends)", err=True)
                await _live(street, stop, duration)
                if check:
                    rows.extend(await _compare(street))

    run_until_stopped(run)
    if check:
        _report(rows, as_json=as_json)
    elif as_json:
        print_json({"ok": True})


async def _page(opened: AsyncExitStack, service: Service, port: int | None) -> WebServer:
    """Open the page; without a wish for a port on the usual one, or on a free one if that is taken."""
    if port is None:
        try:
            return await opened.enter_async_context(WebServer(service, "127.0.0.1", PORT))
        except UsageError:
            port = 0
    return await opened.enter_async_context(WebServer(service, "127.0.0.1", port))


async def _live(street: Street, stop: asyncio.Event, duration: float | None) -> None:
    begin = SYSTEM_CLOCK.monotonic()
    while not stop.is_set() and (duration is None or SYSTEM_CLOCK.monotonic() - begin < duration):
        street.settle()
        await SYSTEM_CLOCK.sleep(_LOOK_S)


async def _compare(street: Street) -> list[Row]:
    await street.service.flush()
    history = street.service.history
    return [row for house in street.houses for row in compare(history, house)]


def _report(rows: list[Row], *, as_json: bool) -> None:
    ok = bool(rows) and all(row.ok for row in rows)
    if as_json:
        print_json({"ok": ok, "channels": [asdict(row) | {"ok": row.ok} for row in rows]})
    else:
        click.echo(f"{'system':<10}{'channel':<12}{'recorded':>14}{'true':>14}{'deviation':>14}{'allowed':>14}")
        for row in rows:
            gap = None if row.recorded is None else row.recorded - row.true
            cells = (
                figure(row.recorded, "Wh", 1),
                figure(row.true, "Wh", 1),
                figure(gap, "Wh", 2),
                number(row.allowed, 2),
            )
            click.echo(
                f"{row.system:<10}{row.channel:<12}" + "".join(f"{c:>14}" for c in cells) + ("" if row.ok else "  !")
            )
    if not ok:
        raise Deviation("what was recorded deviates from what happened")
