from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from heliobus.cli.output import config_option, json_option, print_json, show_flows
from heliobus.errors import UsageError
from heliobus.service.config import default_path, load, parse
from heliobus.service.writing import Entry, local_zone, save, with_system
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tls import FilePins, MemoryPins
from heliobus.url import Credentials, DeviceURL, Secret
from heliobus.vendor import Guarded, vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from heliobus.model.snapshot import Snapshot
    from heliobus.service.config import Config
    from heliobus.transport.tls import Peer
    from heliobus.vendor import Need


@dataclass(frozen=True, slots=True)
class _Tried:
    """What came of the first reading; ``peer`` answered at ``place``, where the device has a certificate."""

    snapshot: Snapshot
    place: str | None = None
    peer: Peer | None = None


@click.command()
@click.argument("url")
@click.option("--name", help="What you call it [default: its vendor's name].")
@click.option("--site", help="The site that it belongs to; a new one is made [default: the only one, or Home].")
@click.option("--timezone", metavar="ZONE", help="Where the days of a new site begin [default: this machine's].")
@click.option("--device", metavar="ID", help="Which device, where several are behind the address.")
@click.option("--grid", is_flag=True, help="It measures the grid of its site, and no other system there does.")
@config_option
@click.option("--yes", is_flag=True, help="Ask nothing: secrets come from the environment.")
@json_option
def add(url: str, *, config_path: Path | None, yes: bool, as_json: bool, **told: Any) -> None:
    """Try the device at URL, show what it says, and then put it into the configuration.

    What it needs to let us in is asked for, unless the environment has it (HELIOBUS_PASSWORD and so on), and written
    into files of its own that only you may read.  Nothing is saved before a reading has come.
    """
    path = config_path or default_path()
    vendor, address = vendor_of(url)
    text, taken = _configured(path)
    entry = _entry(address, vendor.name, taken, told)
    parse(with_system(text, entry), where=path.name, folder=path.parent, environ=os.environ)  # before anybody is asked
    needs = vendor.needs(address)
    files = _files(entry.name, needs, path)
    answers = dict(_answers(needs, address, ask=not yes))
    address = replace(address, user=answers.pop("user", address.user))
    secrets = {name: Secret(value) for name, value in answers.items()}
    tried = asyncio.run(_try(address, Credentials(**secrets), entry.device))
    show_flows(tried.snapshot, err=as_json)
    if tried.peer and tried.peer.fingerprint:
        click.echo(f"  it answered by {tried.peer}", err=as_json)
    entry = replace(entry, url=str(address), files={name: files[name] for name in secrets})
    text = with_system(text, entry)
    if not yes:
        click.confirm(f"Save it as {entry.name!r} in {path}?", abort=True, err=True)
    config = save(path, text, {files[name]: secret for name, secret in secrets.items()})
    _pin(config, tried)
    site = next(config.site_of(system) for system in config.systems if system.name == entry.name)
    if as_json:
        print_json(
            {"name": entry.name, "url": entry.url, "site": site.name, "timezone": site.timezone}
            | {"config": str(path), "secrets": sorted(entry.files.values()), "snapshot": tried.snapshot.to_dict()}
        )
    else:
        click.echo(f"Saved: {entry.name!r} of {site.name!r} ({site.timezone}). Now: heliobus serve")


def _configured(path: Path) -> tuple[str, frozenset[str]]:
    """The configuration as it stands, and the names in it; a wrong one is told before anything is tried."""
    if not path.exists():
        return "", frozenset()
    names = frozenset(system.name.casefold() for system in load(path).systems)
    return path.read_text(encoding="utf-8"), names


def _entry(address: DeviceURL, vendor: str, taken: frozenset[str], told: Mapping[str, Any]) -> Entry:
    entry = Entry(
        name=told["name"] or vendor,
        url=str(address),
        device=told["device"],
        site=told["site"],
        timezone=told["timezone"] or local_zone(),
        grid=told["grid"],
    )
    if entry.name.casefold() in taken:
        raise UsageError(f"there is a system {entry.name!r} already", remedy="Give this one another name with --name.")
    return entry


def _files(name: str, needs: tuple[Need, ...], path: Path) -> dict[str, str]:
    """Where its secrets will be kept, beside the configuration; UsageError if something else is there."""
    files = {need.name: f"{name.casefold().replace(' ', '-')}.{need.name}" for need in needs if need.name != "user"}
    for file in files.values():
        if path.with_name(file).exists():
            raise UsageError(f"{path.with_name(file)} is there already", remedy="Remove it, or choose another --name.")
    return files


def _answers(needs: tuple[Need, ...], address: DeviceURL, *, ask: bool) -> Iterator[tuple[str, str]]:
    """What the device needs to let us in: from the address, the environment, or who sits there."""
    for need in needs:
        variable = f"HELIOBUS_{need.name.upper()}"
        found = address.user if need.name == "user" else os.environ.get(variable)
        if not found and ask:
            hidden = need.name != "user"
            default = "" if need.optional else None
            found = click.prompt(need.hint, default=default, show_default=False, hide_input=hidden, err=True)
        if found:
            yield need.name, found
        elif not need.optional:
            where = "Write it into the address" if need.name == "user" else f"Set {variable}"
            raise UsageError(f"it needs a {need.name}: {need.hint}", remedy=f"{where}, or leave out --yes.")


async def _try(address: DeviceURL, credentials: Credentials, device: str | None) -> _Tried:
    vendor, _ = vendor_of(address)
    async with vendor.connect(address, credentials, SYSTEM_CLOCK) as source:
        guarded = source if isinstance(source, Guarded) else None
        if guarded:
            guarded.trust.pins = MemoryPins()  # nothing is kept before the owner has said yes
        await source.devices()  # so that the reading says whose it is
        snapshot = await source.read(device)
        return _Tried(snapshot, guarded.trust.place, guarded.peer) if guarded else _Tried(snapshot)


def _pin(config: Config, tried: _Tried) -> None:
    """Let the certificate that the owner has seen be the known one, unless another one is."""
    pins = FilePins(config.recorder.certificates)
    if tried.place and tried.peer and tried.peer.known and pins.get(tried.place) is None:
        pins.put(tried.place, tried.peer.known)
