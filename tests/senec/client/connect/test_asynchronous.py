"""SENEC.Connect over a real socket: whose values they are, and what an answer that is none leads to."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from heliobus.errors import (
    AuthenticationError,
    Error,
    LockedOut,
    NotSupported,
    ProtocolError,
    Refused,
    TransportError,
    UsageError,
)
from heliobus.model.command import Auto
from heliobus.model.quality import Quality
from heliobus.senec import AsyncConnectClient, ConnectClient
from heliobus.senec.protocol.connect import KEY_HEADER, PATH
from heliobus.senec.simulator.connect import ConnectSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.host import Host
from heliobus.simulation.house import House, Wallbox
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
PLANT = Plant(7, house=replace(House.draw(7), wallbox=Wallbox(solar=False)))


@asynccontextmanager
async def running(*faults: str, at: datetime = NOON) -> AsyncIterator[tuple[ConnectSimulator, ManualClock]]:
    clock = ManualClock(at)
    options = SimulationOptions(plant=PLANT, clock=clock, faults=faults, wire="connect")
    async with ConnectSimulator(options) as simulator:
        yield simulator, clock


def client_of(simulator: ConnectSimulator, clock: ManualClock, **more: Any) -> AsyncConnectClient:
    arguments = {"key": simulator.key, "server": simulator.place, "scheme": "http", "clock": clock}
    return AsyncConnectClient(**{**arguments, **more})


async def test_a_system_keeps_its_values_however_the_answer_is_ordered() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock) as client:
        neighbour = simulator.ids[1]
        for _ in range(12):
            assert [one.id for one in await client.devices()] == list(simulator.ids[:2])
            assert (await client.read(simulator.ids[0])).pv.power == pytest.approx(PLANT.at(NOON).pv, rel=1e-6)
            assert (await client.read(neighbour)).pv.power != pytest.approx(PLANT.at(NOON).pv, rel=1e-3)


async def test_charging_is_negative_and_import_positive_all_day_long() -> None:
    signs: set[tuple[str, bool]] = set()
    charged = False
    async with running() as (simulator, clock), client_of(simulator, clock, system=simulator.ids[0]) as client:
        for _ in range(48):
            clock.jump(1800.0)
            now, seen = PLANT.at(clock.now()), await client.read()
            signs |= {("battery", now.battery > 0)} if now.battery else set()
            signs |= {("grid", now.grid > 0)} if now.grid else set()
            assert seen.battery.power == pytest.approx(now.battery, rel=1e-6)
            assert seen.battery.current == pytest.approx(now.battery_current, abs=0.05)
            assert seen.grid.power == pytest.approx(now.grid, rel=1e-6)
            assert seen.residual == pytest.approx(0.0, abs=0.01)
            assert now.wallbox is not None
            charged = charged or now.wallbox.power > 0
            assert seen.wallboxes[0].power == pytest.approx(now.wallbox.power, rel=1e-6)
        assert len(signs) == 4
        seen = await client.read()
        assert charged
        assert seen.quality_of("wallboxes.wb_0.power") is Quality.ESTIMATED
        assert seen.batteries[0].limits.max_charge == round(PLANT.house.max_charge)


async def test_a_replaced_unit_is_no_device_and_is_stale_when_it_is_asked_for() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock) as client:
        gone = simulator.ids[2]
        assert gone not in {one.id for one in await client.devices()}
        assert {one.id: one.is_decommissioned for one in await client.systems()}[gone]
        seen = await client.read(gone)
        assert seen.quality_of("batteries.1.soc") is Quality.STALE
        assert seen.quality_of("pv.power") is Quality.MISSING


async def test_several_systems_are_not_mixed_up() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock) as client:
        with pytest.raises(UsageError, match="several") as error:
            await client.read()
        assert all(one in error.value.remedy for one in simulator.ids[:2])
        async with client_of(simulator, clock, system=simulator.ids[1]) as narrow:
            assert (await narrow.identify()).id == simulator.ids[1]
            with pytest.raises(UsageError, match=simulator.ids[0]):
                await narrow.read(simulator.ids[0])


async def test_a_system_that_is_missing_once_comes_back() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock, system=simulator.ids[0]) as client:
        await client.read()
        simulator.faults = ("connect-missing",)
        with pytest.raises(TransportError, match="left the system out"):
            await client.read()
        simulator.faults = ()
        assert (await client.read()).device is not None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("connect-outage", TransportError),
        ("connect-busy", LockedOut),
        ("connect-quota", LockedOut),
        ("connect-quota-429", LockedOut),
        ("connect-rights", Refused),
        ("connect-page", TransportError),
        ("connect-empty", ProtocolError),
        ("connect-truncated", ProtocolError),
        ("connect-nameless", UsageError),
        ("connect-twice", ProtocolError),
    ],
)
async def test_what_is_no_answer_is_told_as_an_error_with_a_remedy(fault: str, error: type[Error]) -> None:
    async with running(fault) as (simulator, clock), client_of(simulator, clock) as client:
        with pytest.raises(error) as raised:
            await client.read()
        assert raised.value.remedy
        assert simulator.key not in raised.value.line()


async def test_a_quota_that_the_cloud_calls_used_up_is_waited_for_over_restarts(tmp_path: Path) -> None:
    state = tmp_path / "kept.json"
    async with running("connect-quota") as (simulator, clock):
        for _ in range(3):
            async with client_of(simulator, clock, state=state) as client:
                with pytest.raises(LockedOut) as error:
                    await client.read(simulator.ids[0])
                assert error.value.until == datetime(2026, 7, 1, tzinfo=UTC)
        assert simulator.requests == 1
        simulator.faults = ()
        clock.jump(11 * 86_400.0)
        async with client_of(simulator, clock, state=state) as client:
            assert (await client.read(simulator.ids[0])).device is not None


async def test_a_key_that_is_not_taken_is_not_tried_again_for_an_hour() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock, key="0" * 32) as client:
        with pytest.raises(AuthenticationError, match="key"):
            await client.read()
        with pytest.raises(LockedOut):
            await client.read()
        assert simulator.requests == 1
        clock.jump(3600.0)
        with pytest.raises(AuthenticationError):
            await client.read()
        assert simulator.requests == 2
        async with client_of(simulator, clock) as right:
            assert len(await right.devices()) == 2


async def test_a_key_that_was_refused_and_is_taken_later_starts_anew() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock) as client:
        simulator.faults = ("connect-rights",)
        for _ in range(2):
            with pytest.raises((Refused, LockedOut)):
                await client.devices()
        assert simulator.requests == 1
        simulator.faults = ()
        clock.jump(3600.0)
        assert len(await client.devices()) == 2
        assert (await client.usage()).restraint.strikes == 0


async def test_without_a_key_nothing_is_asked() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock, key=None) as client:
        with pytest.raises(AuthenticationError, match="subscription key"):
            await client.read()
        assert simulator.requests == 0


async def test_it_obeys_nothing() -> None:
    async with running() as (simulator, clock), client_of(simulator, clock) as client:
        with pytest.raises(NotSupported):
            await client.execute(Auto())
        assert simulator.requests == 0


def test_http_is_for_simulators() -> None:
    for make in (AsyncConnectClient, ConnectClient):
        with pytest.raises(UsageError, match="does not speak"):
            make(key="k", scheme="http")


async def test_the_recorded_answer_is_read_without_a_loss(shared: Path) -> None:
    """Capture 52: an account of four systems, two of them replaced."""
    record = json.loads((shared / "captures/senec/52-cloud-connect-general-4systems.json").read_text("utf-8"))

    async def give(request: web.Request) -> web.Response:
        assert request.headers[KEY_HEADER] == "the-key"
        assert request.query["include"] == "battery,meter,evse,bessNameplate"
        return web.Response(text=record["response_body"], content_type="application/json")

    app = web.Application()
    app.router.add_get(PATH, give)
    async with Host(app) as host:
        place = f"{host.host}:{host.port}"
        async with AsyncConnectClient(key="the-key", server=place, scheme="http", clock=ManualClock(NOON)) as client:
            systems = await client.systems()
            assert [path for one in systems for path in one.unmodelled()] == []
            assert [one.id for one in await client.devices()] == ["P4H1-XXXX12345-0000-01", "P4H1-XXXX12345-0000-03"]
            seen = await client.read("P4H1-XXXX12345-0000-03")
            box = (await client.read("S4H1-XXXX12345-0000-02")).wallboxes[0]
    assert (seen.pv.power, seen.load.power, seen.grid.power) == (6210.9375, 468.75, 0.0)
    assert (seen.battery.power, seen.battery.voltage, seen.battery.current) == (-5771.4844, 609.0, -9.5)
    assert (seen.battery.soc, seen.battery.capacity) == (66.0, 17750.0)
    assert (box.id, box.power, box.car_connected) == ("wb_id_001", 6900.0, True)
