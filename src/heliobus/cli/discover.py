from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from heliobus.cli.output import json_option, print_json
from heliobus.service.discovery import discover as look
from heliobus.service.discovery import places, probes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.service.discovery import Found


@click.command()
@click.argument("networks", metavar="NETWORK...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask first.")
@json_option
def discover(networks: tuple[str, ...], *, yes: bool, as_json: bool) -> None:
    """Look for devices in your own NETWORK, for example 192.168.1.0/24, or at one address.

    Nothing is written and no login is tried: each address gets a TCP connection per port, and where one is open, one
    question that anybody in the network may ask.  At most 1024 addresses, and none outside private networks.
    """
    there = places(networks)
    many = f"{len(there)} addresses" if len(there) > 1 else "1 address"
    ways = ", ".join(f"{probe.port} ({vendor.name}, {probe.name})" for vendor, probe in probes())
    click.echo(f"Looks at {many}, TCP ports {ways}. Nothing is written, no login is tried.", err=True)
    if not yes:
        click.confirm("Is this your own network, and may it be asked?", abort=True, err=True)
    found = asyncio.run(look(there))
    if as_json:
        print_json({"asked": len(there), "found": [_document(one) for one in found]})
        return
    if not found:
        click.echo("Nothing was found. A device may be in another network, or its interface switched off.")
    for one in found:
        for line in _lines(one):
            click.echo(line)


def _document(found: Found) -> dict[str, Any]:
    vendor, sighting = found
    return {
        "vendor": vendor.name,
        "model": sighting.model,
        "certain": sighting.certain,
        "url": str(sighting.url),
        "needs": [need.name for need in vendor.needs(sighting.url) if not need.optional],
    }


def _lines(found: Found) -> Iterator[str]:
    vendor, sighting = found
    what = sighting.model or vendor.title
    doubt = "" if sighting.certain else ", perhaps: its port is open, and it was asked nothing"
    yield f"{sighting.url.host}  {what}{doubt}"
    yield f"  add it with: heliobus add {sighting.url}"
    needs = [need.name for need in vendor.needs(sighting.url) if not need.optional]
    if needs:
        yield f"  have ready:  {', '.join(needs)}"
    else:
        yield "  or write into the configuration:"
        yield "    [[system]]"
        yield f'    name = "{vendor.name}"'
        yield f'    url = "{sighting.url}"'
