"""The pages of an inverter over a real socket, good and bad."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Error, NotSupported, Overflow, ProtocolError, TransportError, UsageError
from heliobus.model.command import Auto
from heliobus.model.quality import Quality
from heliobus.senec import AsyncInverterClient, InverterClient
from heliobus.senec.simulator.inverter import InverterSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House, Plant, String
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 20, 20, 30, tzinfo=UTC)
HOUSE = House(strings=(String(peak=4000.0),) * 2, commissioned=datetime(2025, 12, 1, tzinfo=UTC))
PLANT = Plant(7, house=HOUSE)


@asynccontextmanager
async def running(*faults: str, at: datetime = NOON) -> AsyncIterator[tuple[InverterSimulator, AsyncInverterClient]]:
    clock = ManualClock(at)
    options = SimulationOptions(plant=PLANT, clock=clock, faults=faults, wire="inverter")
    async with InverterSimulator(options) as simulator:
        told = simulator.announcement()
        async with AsyncInverterClient(told["host"], port=told["port"], clock=clock) as client:
            yield simulator, client


@pytest.mark.parametrize("fault", [(), ("inverter-other-sign",)])
@pytest.mark.parametrize("at", [NOON, NIGHT])
async def test_the_battery_has_the_models_sign_whatever_the_inverter_says(at: datetime, fault: tuple[str, ...]) -> None:
    async with running(*fault, at=at) as (_, client):
        seen, now = await client.read(), PLANT.at(at)
        assert abs(now.battery) > 200.0
        assert seen.battery.power == pytest.approx(now.battery, abs=0.1)
        assert seen.battery.current == pytest.approx(now.battery_current, abs=0.001)
        assert seen.inverters[0].power == pytest.approx(now.pv + now.battery, abs=0.1)


async def test_identity_versions_and_all_pages() -> None:
    async with running() as (simulator, client):
        device = await client.identify()
        assert device.id == simulator.announcement()["serial"]
        assert device.firmware == "HMI 3.16.20, PU 4.3.10, BDC 5.4.6, HMI 1.0"
        versions = await client.versions()
        assert versions.has_battery
        page = await client.measurements()
        assert (page.limited, page.extra) == (0.0, {})
        assert len(await client.everything()) > len(page.values)
        total = (await client.yields()).total("PV1")
        assert total == pytest.approx(PLANT.counters(NOON).pv, abs=0.5)
        assert (await client.read(detail="full")).pv.energy == total
        assert (await client.read()).pv.energy is None


async def test_without_a_meter_grid_and_load_are_unknown() -> None:
    async with running("inverter-no-meter") as (_, client):
        seen = await client.read()
        assert (seen.grid.power, seen.load.power) == (None, None)
        assert seen.quality["grid.power"] is Quality.MISSING
        assert seen.pv.power is not None


async def test_a_sleeping_inverter_tells_nothing_and_no_zero() -> None:
    async with running("inverter-night") as (_, client):
        seen = await client.read()
        assert (seen.pv.power, seen.battery.power, seen.inverters[0].power) == (None, None, None)


async def test_an_inverter_without_a_battery() -> None:
    async with running("inverter-no-battery") as (_, client):
        assert (await client.read()).batteries == ()
        assert not any(path.startswith("batter") for path in client.capabilities.fields)
        assert not (await client.versions()).has_battery


async def test_without_yields_the_rest_is_told() -> None:
    async with running("inverter-no-yields") as (_, client):
        seen = await client.read(detail="full")
        assert (seen.pv.energy, seen.pv.power is None) == (None, False)


async def test_another_inverter_at_the_address_is_no_continuation() -> None:
    async with running() as (simulator, client):
        old = await client.identify()
        simulator.faults = ("inverter-other",)
        with pytest.raises(ProtocolError, match="another inverter"):
            await client.read()
        new = await client.identify()
        assert new.id != old.id
        assert (await client.read()).device == new


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("inverter-entities", ProtocolError),
        ("inverter-big", Overflow),
        ("inverter-truncated", ProtocolError),
        ("inverter-html", ProtocolError),
        ("inverter-down", TransportError),
    ],
)
async def test_a_page_that_is_none_is_an_error_with_a_remedy(fault: str, error: type[Error]) -> None:
    async with running() as (simulator, client):
        await client.read()
        simulator.faults = (fault,)
        with pytest.raises(error) as raised:
            await client.read()
        assert raised.value.remedy
        simulator.faults = ()
        assert (await client.read()).pv.power is not None


async def test_it_only_tells() -> None:
    async with running() as (_, client):
        with pytest.raises(NotSupported):
            await client.execute(Auto())
        with pytest.raises(UsageError, match="detail"):
            await client.read(detail="most")


async def test_the_blocking_client_reads_the_same() -> None:
    async with running() as (simulator, client):
        told = simulator.announcement()

        def look() -> None:
            with InverterClient(told["host"], port=told["port"]) as blocking:
                assert blocking.identify().id == told["serial"]
                assert blocking.measurements().values
                assert blocking.versions().parts
                assert blocking.everything()
                assert blocking.yields().total("PV1")

        await asyncio.to_thread(look)
        assert await client.devices()
