from __future__ import annotations

import asyncio

import click

from heliobus import aio
from heliobus.cli.output import headline, json_option, print_json, run_until_stopped
from heliobus.errors import Error
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.vendor import vendor_of


@click.command()
@click.argument("url")
@click.option(
    "--interval", type=click.FloatRange(min=1.0), help="Seconds between two readings [default: the vendor's]."
)
@click.option("--count", type=click.IntRange(min=1), help="End after so many readings.")
@json_option
def watch(url: str, *, interval: float | None, count: int | None, as_json: bool) -> None:
    """Follow the device at URL, one line per reading (--json: one document per line), until Ctrl-C."""
    vendor, address = vendor_of(url)
    run_until_stopped(lambda stop: _watch(url, stop, interval or vendor.pace(address), count, as_json=as_json))


async def _watch(url: str, stop: asyncio.Event, interval: float, count: int | None, *, as_json: bool) -> None:
    done = 0
    async with await aio.connect(url) as source:
        while not stop.is_set():
            begin = SYSTEM_CLOCK.monotonic()
            try:
                snapshot = await source.read()
            except Error as error:
                # The first failure is the answer; later ones are a state of the device that passes.
                if not done or not error.retryable:
                    raise
                click.echo(f"{SYSTEM_CLOCK.now().astimezone():%H:%M:%S}  {error.line()}", err=True)
            else:
                done += 1
                if as_json:
                    print_json(snapshot.to_dict())
                else:
                    flows = "  ".join(" ".join(part).rstrip() for part in headline(snapshot))
                    click.echo(f"{snapshot.received_at.astimezone():%H:%M:%S}  {flows}")
            if done == count:
                return
            pause = max(0.0, interval - (SYSTEM_CLOCK.monotonic() - begin))
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue
