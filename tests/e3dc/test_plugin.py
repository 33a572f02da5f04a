from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from heliobus.e3dc import AsyncClient, Client
from heliobus.e3dc.plugin import VENDOR
from heliobus.e3dc.simulator import AjaxSimulator, E3dcSimulator, PortalSimulator
from heliobus.errors import UsageError
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.url import Credentials, DeviceURL, Secret
from heliobus.vendor import SimulationOptions, vendor_of

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
PASSWORD = Credentials(password=Secret("hush"))
BOTH = Credentials(password=Secret("hush"), key=Secret("hush"))


def options(wire: str | None) -> SimulationOptions:
    return SimulationOptions(plant=Plant(7), clock=FrozenClock(NOON), wire=wire)


@pytest.mark.parametrize(
    ("wire", "kind"),
    [(None, E3dcSimulator), ("rscp", E3dcSimulator), ("portal", PortalSimulator), ("ajax", AjaxSimulator)],
)
def test_every_wire_has_its_simulator(wire: str | None, kind: type) -> None:
    assert type(VENDOR.simulate(options(wire))) is kind


def test_a_wire_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="no simulated E3/DC wire 'http'") as error:
        VENDOR.simulate(options("http"))
    assert error.value.remedy == "Use one of: rscp, portal, ajax."


@pytest.mark.parametrize(
    ("url", "credentials"),
    [
        ("e3dc://me@example.org@192.0.2.1", BOTH),
        ("e3dc://local.user@192.0.2.1:5034", BOTH),
        ("e3dc+portal://me@example.org@S10-4400000001", PASSWORD),
        ("e3dc+portal://me@4400000001?url=ws://127.0.0.1:1/ws", PASSWORD),
    ],
)
def test_addresses(url: str, credentials: Credentials) -> None:
    vendor, address = vendor_of(url)
    assert vendor is VENDOR
    assert isinstance(vendor.connect(address, credentials, SYSTEM_CLOCK), AsyncClient)
    assert isinstance(vendor.connect_blocking(address, credentials, SYSTEM_CLOCK), Client)


@pytest.mark.parametrize(
    ("url", "credentials", "what"),
    [
        ("e3dc://192.0.2.1", BOTH, "needs the user"),
        ("e3dc://me@192.0.2.1/path", BOTH, "path"),
        ("e3dc://me@192.0.2.1?url=ws://127.0.0.1/ws", BOTH, r"no \?url="),
        ("e3dc://me@", BOTH, "needs a host"),
        ("e3dc://me@192.0.2.1", PASSWORD, "needs a key"),
        ("e3dc://me@192.0.2.1", Credentials(), "needs a "),
        ("e3dc+portal://S10-4400000001", PASSWORD, "needs the user"),
        ("e3dc+portal://me@S10-4400000001:5033", PASSWORD, "has no port"),
        ("e3dc+portal://me@S10-4400000001?scheme=http", PASSWORD, r"no \?scheme="),
        ("e3dc+portal://me@192.0.2.1", PASSWORD, "is no serial number"),
        ("e3dc+portal://me@", PASSWORD, "is no serial number"),
        ("e3dc+portal://me@Q10-4400000001", PASSWORD, "cannot begin with Q10-"),
        ("e3dc+portal://me@S10-4400000001", Credentials(), "needs a password"),
    ],
)
def test_addresses_that_are_wrong(url: str, credentials: Credentials, what: str) -> None:
    address = DeviceURL.parse(url)
    for connect in (VENDOR.connect, VENDOR.connect_blocking):
        with pytest.raises(UsageError, match=what):
            connect(address, credentials, SYSTEM_CLOCK)


async def test_both_clients_through_the_portal() -> None:
    async with PortalSimulator(options("portal")) as simulator:
        told = simulator.announcement()
        login = {"serial": told["serial"], "username": told["username"], "url": told["websocket_url"]}
        async with AsyncClient.portal(**login, password=told["password"]) as client:
            snapshot = await client.read()
        assert snapshot.pv.power == round(simulator.plant.at(NOON).pv)
        assert snapshot.source == "e3dc/portal"

        def block() -> float | None:
            with Client.portal(**login, password=told["password"]) as blocking:
                return blocking.read().pv.power

        assert await asyncio.to_thread(block) == snapshot.pv.power
        assert simulator.connections == 2
