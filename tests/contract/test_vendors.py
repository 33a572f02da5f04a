"""What every registered vendor keeps, so that everything above may rely on it (``heliobus.vendor``)."""

from __future__ import annotations

import asyncio
import inspect
import json
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import NotSupported, TransportError, UsageError
from heliobus.model import command as commands
from heliobus.model import fields
from heliobus.model.command import Command, Status
from heliobus.simulation import truth
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import House, Plant, String, summer_noon
from heliobus.url import Credentials, DeviceURL, Secret
from heliobus.vendor import GROUP, SimulationOptions, Source, Vendor, Wire, vendor_of, vendors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

PLANT = Plant(3, house=House(strings=(String(peak=4000.0),) * 3))
NOON = summer_noon(PLANT)
CLOCK = FrozenClock(NOON)
SECRETS = ("password", "key", "token", "totp")

every_vendor = pytest.mark.parametrize("vendor", vendors().values(), ids=lambda vendor: vendor.name)
every_wire = pytest.mark.parametrize(
    ("vendor", "wire"),
    [
        pytest.param(vendor, wire, id=f"{vendor.name}-{wire.name}")
        for vendor in vendors().values()
        for wire in vendor.wires
    ],
)


class UnknownCommand(Command):
    """No device knows this one."""


@asynccontextmanager
async def announced(vendor: Vendor, wire: Wire) -> AsyncIterator[dict[str, Any]]:
    async with vendor.simulate(SimulationOptions(plant=PLANT, clock=CLOCK, wire=wire.name)) as simulator:
        yield simulator.announcement()


def credentials(told: Mapping[str, Any]) -> Credentials:
    return Credentials(**{name: Secret(told[name]) for name in SECRETS if name in told})


@asynccontextmanager
async def connected(vendor: Vendor, wire: Wire) -> AsyncIterator[Source]:
    async with announced(vendor, wire) as told:
        address = DeviceURL.parse(told["url"])
        async with vendor.connect(address, credentials(told), CLOCK) as source:
            yield source


@asynccontextmanager
async def anew(vendor: Vendor, wire: Wire, source: Source) -> AsyncIterator[Source]:
    """The same source once more; of a wire that answers once, the same house through another one."""
    if not wire.answers_once:
        yield source
        return
    async with connected(vendor, wire) as another:
        yield another


# -- the record itself


@every_vendor
def test_the_record_is_complete(vendor: Vendor) -> None:
    assert vendors()[vendor.name] is vendor
    assert vendor.title
    assert vendor.wires
    assert vendor.profiles
    assert 1.0 <= vendor.interval <= 3600.0
    assert len({wire.name for wire in vendor.wires}) == len(vendor.wires)


@every_wire
def test_a_wire_promises_values_of_the_model_that_a_house_has(vendor: Vendor, wire: Wire) -> None:
    known = truth.powers(PLANT, NOON) | truth.energies(PLANT, NOON) | truth.insides(PLANT, NOON)
    assert wire.live.keys() <= wire.full.keys(), vendor.name
    assert wire.full.keys() <= known.keys()
    for path, resolution in wire.full.items():
        fields.quantity(path)
        assert resolution.step >= 0 <= resolution.relative < 0.1


def test_no_scheme_belongs_to_two_vendors() -> None:
    schemes = [scheme for vendor in vendors().values() for scheme in vendor.schemes]
    assert len(schemes) == len(set(schemes))


@pytest.mark.parametrize("module", [point.module for point in entry_points(group=GROUP)])
def test_listing_vendors_loads_no_network_library(module: str) -> None:
    program = f"import sys, {module}; print([name for name in ('aiohttp', 'ssl', 'fastapi') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@every_vendor
def test_a_probe_has_a_port_and_waits_for_an_answer(vendor: Vendor) -> None:
    for probe in vendor.probes:
        assert probe.name
        assert 0 < probe.port < 65_536
        assert inspect.iscoroutinefunction(probe.recognise)


# -- its clients


@every_wire
async def test_what_a_wire_needs_is_all_that_its_device_asks_for(vendor: Vendor, wire: Wire) -> None:
    async with announced(vendor, wire) as told:
        address = DeviceURL.parse(told["url"])
        needs = {need.name: need for need in vendor.needs(address)}
        secrets = {name: told[name] for name in SECRETS if name in told and name in needs}
        assert {name for name, need in needs.items() if not need.optional} <= {"user", *secrets}
        assert ("user" in needs) is (address.user is not None)
        assert all(need.hint for need in needs.values())
        async with vendor.connect(address, credentials(secrets), CLOCK) as source:
            assert await source.devices()


@every_wire
async def test_the_blocking_client_has_the_same_methods(vendor: Vendor, wire: Wire) -> None:
    names = [name for name in vars(Source) if not name.startswith("_") and name != "capabilities"]
    async with announced(vendor, wire) as told:
        address = DeviceURL.parse(told["url"])
        source = vendor.connect(address, credentials(told), CLOCK)
        blocking = vendor.connect_blocking(address, credentials(told), CLOCK)
        for name in names:
            ours, theirs = getattr(blocking, name), getattr(source, name)
            assert inspect.iscoroutinefunction(theirs) > inspect.iscoroutinefunction(ours), name
            assert inspect.signature(ours) == inspect.signature(theirs), name
            assert ours.__doc__ == theirs.__doc__, name
        async with source:
            known = source.capabilities
        assert await asyncio.to_thread(getattr, blocking, "capabilities") == known
        await asyncio.to_thread(blocking.__exit__, None, None, None)


@every_wire
async def test_making_a_client_does_no_io(vendor: Vendor, wire: Wire) -> None:
    async with announced(vendor, wire) as told:
        secrets = credentials(told)
        address = DeviceURL.parse(told["url"])
    if "wait" in address.options:  # for a device that speaks by itself
        address = replace(address, options={**address.options, "wait": "0.1"})
    # The device is gone; only using the client tells.
    source = vendor.connect(address, secrets, CLOCK)
    blocking = vendor.connect_blocking(address, secrets, CLOCK)
    async with source:
        with pytest.raises(TransportError) as error:
            await source.read()
        assert error.value.retryable
    with pytest.raises(TransportError):
        await asyncio.to_thread(blocking.read)
    await asyncio.to_thread(blocking.__exit__, None, None, None)


@every_wire
async def test_what_is_announced_leads_back_to_the_vendor(vendor: Vendor, wire: Wire) -> None:
    async with announced(vendor, wire) as told:
        assert told["vendor"] == vendor.name
        assert json.loads(json.dumps(told)) == told
        found, address = vendor_of(told["url"])
        assert found is vendor
        assert str(DeviceURL.parse(str(address))) == str(address)
        assert not [name for name in SECRETS if name in told and told[name] in told["url"]]


@every_wire
async def test_an_option_that_the_vendor_does_not_know_is_refused(vendor: Vendor, wire: Wire) -> None:
    async with announced(vendor, wire) as told:
        joint = "&" if "?" in told["url"] else "?"
        address = DeviceURL.parse(f"{told['url']}{joint}colour=blue")
        for connect in (vendor.connect, vendor.connect_blocking):
            with pytest.raises(UsageError, match="colour"):
                connect(address, credentials(told), CLOCK)


@every_wire
async def test_devices_have_ids_that_read_takes(vendor: Vendor, wire: Wire) -> None:
    async with connected(vendor, wire) as source:
        devices = await source.devices()
        assert devices
        assert len({device.id for device in devices}) == len(devices)
        for device in devices:
            assert device.vendor == vendor.name
            async with anew(vendor, wire, source) as one, anew(vendor, wire, source) as other:
                assert (await one.read(device)).device == (await other.read(device.id)).device
        with pytest.raises(UsageError) as error:
            await source.read("no such device")
        assert devices[0].id in error.value.line()


@every_wire
@pytest.mark.parametrize("detail", ["live", "full"])
async def test_a_snapshot_is_what_the_model_says(vendor: Vendor, wire: Wire, detail: str) -> None:
    async with connected(vendor, wire) as source:
        snapshot = await source.read(detail=detail)
        carried = source.capabilities.fields
        async with anew(vendor, wire, source) as other:
            raw = await other.raw(detail=detail)
    assert snapshot.received_at == NOON
    json.dumps(snapshot.to_dict(), allow_nan=False)
    json.dumps(raw, allow_nan=False)
    for path in snapshot.quality:
        fields.get(snapshot, path)
    for value in fields.walk(snapshot):
        assert fields.declared_path(value.path) in carried


# -- its commands


@every_wire
async def test_a_command_that_is_not_listed_is_refused(vendor: Vendor, wire: Wire) -> None:
    async with connected(vendor, wire) as source:
        for dry_run in (True, False):
            with pytest.raises(NotSupported) as error:
                await source.execute(UnknownCommand(), dry_run=dry_run)
            assert set(error.value.alternatives) == set(source.capabilities.commands)


@every_wire
async def test_a_listed_command_can_be_planned(vendor: Vendor, wire: Wire) -> None:
    async with connected(vendor, wire) as source:
        snapshot = await source.read(detail="full")
        members: dict[str, Sequence[Any]] = {"SetSwitch": snapshot.switches, "WallboxLimit": snapshot.wallboxes}
        for kind, ability in source.capabilities.commands.items():
            assert ability.lag.total_seconds() > 0
            arguments: dict[str, Any] = {
                name: bounds.low if bounds.high is None else bounds.high
                for name, bounds in ability.arguments.items()
                if not bounds.fixed
            }
            if kind in members:
                assert members[kind], f"{kind} is listed, and the device has nothing to obey it"
                arguments["id"] = members[kind][0].id
            if kind == "SetSwitch":
                arguments["on"] = True
            async with anew(vendor, wire, source) as other:
                plan = await other.execute(getattr(commands, kind)(**arguments), dry_run=True)
            assert (plan.status, plan.at) == (Status.PLANNED, NOON)
            assert plan.sent or plan.note
            assert not plan.read_back


# -- its simulator


@every_vendor
def test_a_simulator_refuses_what_it_does_not_know(vendor: Vendor) -> None:
    for wrong in ({"wire": "smoke"}, {"profile": "none such"}, {"faults": ("none such",)}, {"replay": "/no/such/file"}):
        with pytest.raises(UsageError):
            vendor.simulate(SimulationOptions(plant=PLANT, clock=CLOCK, **wrong))


@every_wire
async def test_a_port_in_use_is_a_usage_error(vendor: Vendor, wire: Wire) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        options = SimulationOptions(plant=PLANT, clock=CLOCK, wire=wire.name, port=taken.getsockname()[1])
        with pytest.raises(UsageError, match="in use"):
            async with vendor.simulate(options):
                pytest.fail("two on one port")
