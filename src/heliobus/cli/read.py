from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from heliobus import aio
from heliobus.cli.output import UNKNOWN, json_option, print_json, show_flows, table

if TYPE_CHECKING:
    from heliobus.model.snapshot import Snapshot


@click.command()
@click.argument("url")
@click.option("--device", metavar="ID", help="Which device, where several are behind the address.")
@click.option("--detail", type=click.Choice(["live", "full"]), default="live", show_default=True)
@click.option("--raw", is_flag=True, help="The device's own words, decoded but not interpreted, as JSON.")
@json_option
def read(url: str, *, device: str | None, detail: str, raw: bool, as_json: bool) -> None:
    """Read the device at URL once, for example senec://192.168.1.40."""
    answer = asyncio.run(_read(url, device=device, detail=detail, raw=raw))
    if isinstance(answer, dict):
        print_json(answer)
    elif as_json:
        print_json(answer.to_dict())
    else:
        show(answer)


async def _read(url: str, *, device: str | None, detail: str, raw: bool) -> Snapshot | dict[str, Any]:
    async with await aio.connect(url) as source:
        if raw:
            return await source.raw(device, detail=detail)
        await source.devices()  # so that the reading says whose it is
        return await source.read(device, detail=detail)


def show(snapshot: Snapshot) -> None:
    """Print a snapshot for people: the four flows first, then every value."""
    show_flows(snapshot)
    click.echo()
    for path, value, remark in table(snapshot):
        click.echo(f"  {path:<36}{value:>12}  {remark}".rstrip())
    for path, quality in snapshot.quality.items():
        if quality.name == "MISSING":
            click.echo(f"  {path:<36}{UNKNOWN:>12}  missing")
