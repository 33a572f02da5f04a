from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from heliobus import aio
from heliobus.cli.output import config_option
from heliobus.errors import Refused, UsageError
from heliobus.service.config import RecorderConfig, default_path, load
from heliobus.transport.tls import FilePins, MemoryPins
from heliobus.vendor import Guarded

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.identity import Device
    from heliobus.transport.tls import Peer


@click.command()
@click.argument("url")
@click.option("--fingerprint", metavar="HEX", help="Ask nothing: accept the certificate if its SHA-256 is this one.")
@config_option
def trust(url: str, *, fingerprint: str | None, config_path: Path | None) -> None:
    """Show how the device at URL proves who it is, and accept that from now on.

    A running service takes commands for the device again from its next poll on.
    """
    path = _certificates(config_path)
    pins = FilePins(path)
    place, device, peer = asyncio.run(_look(url))
    before = pins.get(place)
    click.echo(f"{device.vendor} {device.model or ''} {device.firmware or ''}".strip())
    click.echo(f"  answers now as  {peer}")
    click.echo(f"  known is        {before or 'no certificate'}")
    if before == peer.known:
        click.echo("Nothing to accept.")
        return
    if fingerprint is None:
        click.confirm("Do you know why, and is this your device?", abort=True)
    elif fingerprint.replace(":", "").lower() != peer.fingerprint:
        raise Refused("the device does not show the certificate that you named", remedy="Compare both, then decide.")
    pins.put(place, peer.known)
    click.echo(f"Accepted, and written to {path}.")


def _certificates(config_path: Path | None) -> Path:
    """The file of the service that runs with this configuration, or would without any."""
    named = config_path or default_path()
    return (load(named).recorder if config_path or named.exists() else RecorderConfig()).certificates


async def _look(url: str) -> tuple[str, Device, Peer]:
    async with await aio.connect(url) as source:
        if not isinstance(source, Guarded):
            raise UsageError("this device has no certificate of its own to accept")
        source.trust.pins = MemoryPins()  # see it as if for the first time
        (device, *_) = await source.devices()
        if source.peer is None:
            raise AssertionError("it has just answered")
        return source.trust.place, device, source.peer
