from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heliobus.cli.output import config_option, run_until_stopped
from heliobus.service.config import default_path, load

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from heliobus.service.config import Config


_PATIENCE = 82.0
"""Seconds for devices to be given back: a Growatt's cloud takes up to 81, systemd kills after 90."""


@click.command()
@config_option
def serve(*, config_path: Path | None) -> None:
    """Record and show the configured systems until Ctrl-C or SIGTERM."""
    config = load(config_path or default_path())
    run_until_stopped(lambda stop: _serve(config, stop))


async def _serve(config: Config, stop: asyncio.Event) -> None:
    from heliobus.service.supervisor import Service  # they take a second to load on a small board
    from heliobus.web.server import WebServer

    async with (
        Service(config, patience=_PATIENCE) as service,
        WebServer(service, config.web.host, config.web.port) as page,
    ):
        click.echo(f"heliobus records into {config.recorder.path} and shows {page.url}", err=True)
        await service.run(stop=stop)
