"""What each vendor's devices tell, from reading every firmware profile of its simulator."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, NamedTuple

from heliobus.model import fields
from heliobus.simulation import Plant, summer_noon
from heliobus.simulation.clock import FrozenClock
from heliobus.url import Credentials, DeviceURL, Secret
from heliobus.vendor import SimulationOptions, vendors
from tests.docs.markdown import NOTHING, code, table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from heliobus.model.capabilities import Ability, Capabilities
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.vendor import Vendor, Wire


_PLANT = Plant(1)
"""Of every device: a house does not change, and keeps what it has computed of its past."""


class Seen(NamedTuple):
    """What one simulated device said: the paths that it carries at each detail, and what any such device may carry."""

    live: frozenset[str]
    full: frozenset[str]
    capabilities: Capabilities
    devices: tuple[Device, ...]


def described(name: str) -> str:
    """One vendor: its addresses, what it obeys, and its values by firmware."""
    vendor = vendors()[name]
    seen: dict[tuple[str, str], Seen] = {}
    for wire in vendor.wires:
        told = {profile: looks(name)[wire.name, profile] for profile in wire.profiles or vendor.profiles}
        if all(told[profile] not in seen.values() for profile in told):  # http and https tell the same
            seen |= {(wire.name, profile): one for profile, one in told.items()}
    schemes = ", ".join(code(f"{scheme}://") for scheme in vendor.schemes)
    profiles = ", ".join(map(code, vendor.profiles))
    return (
        f"{vendor.title}. Addresses begin with {schemes}. Polled every {vendor.interval:g} s unless configured"
        f" otherwise. Simulated firmware: {profiles}.\n\n"
        f"{_commands(seen)}\n{_values(seen)}"
    )


@functools.cache
def looks(name: str) -> Mapping[tuple[str, str], Seen]:
    """What each simulated device of a vendor said, by wire and profile."""

    async def look() -> dict[tuple[str, str], Seen]:
        vendor = vendors()[name]
        pairs = [(wire, profile) for wire in vendor.wires for profile in wire.profiles or vendor.profiles]
        return {(wire.name, profile): await _look(vendor, wire, profile) for wire, profile in pairs}

    return asyncio.run(look())


async def _look(vendor: Vendor, wire: Wire, profile: str) -> Seen:
    """Each detail through a device of its own: some servers answer a question once in a while only."""
    live, known, devices = await _read(vendor, wire, profile, "live")
    full, found, _ = await _read(vendor, wire, profile, "full")
    capabilities = type(known)(fields=known.fields | found.fields, commands=found.commands)
    return Seen(_paths(live), _paths(full), capabilities, devices)


async def _read(
    vendor: Vendor, wire: Wire, profile: str, detail: str
) -> tuple[Snapshot, Capabilities, tuple[Device, ...]]:
    clock = FrozenClock(summer_noon(_PLANT))
    options = SimulationOptions(plant=_PLANT, clock=clock, wire=wire.name, profile=profile)
    async with vendor.simulate(options) as device:
        told = device.announcement()
        secrets = {name: Secret(told[name]) for name in ("password", "key", "token", "totp") if name in told}
        source = vendor.connect(DeviceURL.parse(told["url"]), Credentials(**secrets), clock)
        async with source:
            known = source.capabilities
            devices = await source.devices()
            snapshot = await source.read(detail=detail)
            now = source.capabilities
    return snapshot, type(now)(fields=known.fields | now.fields, commands=now.commands), devices


def _paths(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(fields.declared_path(value.path) for value in fields.walk(snapshot))


def _commands(seen: Mapping[tuple[str, str], Seen]) -> str:
    """Each command once for all devices that obey it in the same way; ``on`` names them where not all do."""
    by: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for device, one in seen.items():
        for kind, ability in one.capabilities.commands.items():
            lag = f"{ability.lag.total_seconds():g} s"
            by.setdefault((code(kind), _arguments(ability), lag, ability.warning or ""), []).append(device)
    if not by:
        return "It obeys no commands.\n"
    return table(
        ["command", "on", "arguments", "shows within", "remark"],
        [(kind, _where(devices, seen), *rest) for (kind, *rest), devices in sorted(by.items())],
    )


def _where(devices: Collection[tuple[str, str]], seen: Collection[tuple[str, str]]) -> str:
    """Those devices: by wire, and by profile where not all of the wire's are meant."""
    if len(devices) == len(seen):
        return "all"
    told = []
    for wire in dict.fromkeys(wire for wire, _ in devices):
        ours = [profile for one, profile in devices if one == wire]
        alone = len(ours) == sum(one == wire for one, _ in seen)
        told.append(wire if alone else f"{wire} ({', '.join(ours)})")
    return ", ".join(told)


def _arguments(ability: Ability) -> str:
    told = []
    for name, bounds in ability.arguments.items():
        limit = "any" if bounds.high is None else f"to {bounds.high:g}"
        told.append(f"{name}: {'chosen by the device' if bounds.fixed else f'from {bounds.low:g} {limit}'}")
    return ", ".join(told) or NOTHING


def _values(seen: dict[tuple[str, str], Seen]) -> str:
    paths = frozenset[str]().union(*(one.capabilities.fields | one.live | one.full for one in seen.values()))
    listed = [path for path in fields.declared() if path in paths and not path.startswith("battery.")]
    several = len({wire for wire, _ in seen}) > 1
    head = ["path", "unit", *(f"{wire} {profile}" if several else profile for wire, profile in seen)]
    return table(
        head,
        [
            (code(path), fields.declared()[path].unit or NOTHING, *(_cell(path, one) for one in seen.values()))
            for path in listed
        ],
    )


def _cell(path: str, seen: Seen) -> str:
    if path in seen.live:
        return "live"
    return "full" if path in seen.full else NOTHING


BLOCKS = {f"vendor {name}": lambda name=name: described(name) for name in vendors()}
