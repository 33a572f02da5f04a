from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heliobus.cli.output import run_until_stopped
from heliobus.service.config import default_path, load
from heliobus.service.supervisor import Service
from heliobus.web.server import WebServer

if TYPE_CHECKING:
    import asyncio

    from heliobus.service.config import Config

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="The configuration file [default: HELIOBUS_CONFIG, else heliobus/config.toml in the XDG folder].",
)


@click.command()
@config_option
def serve(*, config_path: Path | None) -> None:
    """Record and show the configured systems until Ctrl-C or SIGTERM."""
    config = load(config_path or default_path())
    run_until_stopped(lambda stop: _serve(config, stop))


async def _serve(config: Config, stop: asyncio.Event) -> None:
    async with Service(config) as service, WebServer(service, config.web.host, config.web.port) as page:
        click.echo(f"heliobus records into {config.recorder.path} and shows {page.url}", err=True)
        await service.run(stop=stop)
