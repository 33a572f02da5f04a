"""rscp_lib 1.0.2 from PyPI, as it is, reads the simulated system: async, without checksums, strict about types."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.e3dc.simulator import E3dcSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import House, Plant, summer_noon
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PLANT = Plant(11, house=replace(House.draw(11), commissioned=datetime(2026, 5, 1, tzinfo=UTC)))
NOON = summer_noon(PLANT)


@asynccontextmanager
async def connected(device: E3dcSimulator, **changes: str) -> AsyncIterator[Any]:
    """A connection of the foreign client to the device, not logged in."""
    rscp_lib = pytest.importorskip("rscp_lib", reason="the foreign client rscp_lib is not installed")
    async with device:
        told = device.announcement() | changes
        connection = rscp_lib.RscpConnection(
            told["host"],
            told["port"],
            rscp_lib.RscpEncryption(told["key"]),
            told["username"],
            told["password"],
        )
        await connection.connect()
        try:
            yield connection
        finally:
            connection.disconnect()


def simulator(**options: Any) -> E3dcSimulator:
    return E3dcSimulator(SimulationOptions(plant=PLANT, clock=FrozenClock(NOON), **options))


async def ask(connection: Any, *requests: tuple[str, Any]) -> list[Any]:
    import rscp_lib

    values = [rscp_lib.RscpValue.construct_rscp_value(name, value) for name, value in requests]
    await connection.send(rscp_lib.RscpFrame().packFrame(values))
    frame = rscp_lib.RscpFrame()
    frame.unpack(await connection.receive())
    return list(frame.getRscpValues())


async def test_powers_in_one_frame() -> None:
    device = simulator()
    async with connected(device) as connection:
        assert await connection.authorize()
        names = ("PV", "ADD", "GRID", "HOME", "WB_ALL", "BAT")
        answers = await ask(connection, *((f"TAG_EMS_REQ_POWER_{name}", None) for name in names))
    assert device.frames == 2
    assert [answer.getTagName() for answer in answers] == [f"TAG_EMS_POWER_{name}" for name in names]
    pv, add, grid, home, wallboxes, battery = (answer.getValue() for answer in answers)
    now = PLANT.at(NOON)
    assert pv - add + grid == home + wallboxes + battery
    assert pv - add == pytest.approx(now.pv, abs=0.5)
    assert grid == pytest.approx(now.grid, abs=0.5)
    assert battery == pytest.approx(-now.battery, abs=0.5)


async def test_state_and_identity() -> None:
    device = simulator()
    async with connected(device) as connection:
        await connection.authorize()
        names = ("EMS_REQ_BAT_SOC", "EMS_REQ_AUTARKY", "INFO_REQ_SERIAL_NUMBER", "EMS_REQ_EMERGENCY_POWER_STATUS")
        soc, autarky, serial, emergency = await ask(connection, *((f"TAG_{name}", None) for name in names))
    assert soc.getValue() == round(PLANT.at(NOON).soc)
    assert autarky.getValue() == 100
    assert serial.getValue() == device.announcement()["serial"]
    assert emergency.getValue() == 2


async def test_battery_and_strings() -> None:
    now = PLANT.at(NOON)
    async with connected(simulator()) as connection:
        await connection.authorize()
        battery = (
            "TAG_BAT_REQ_DATA",
            [("TAG_BAT_INDEX", 0), ("TAG_BAT_REQ_RSOC", None), ("TAG_BAT_REQ_CURRENT", None)],
        )
        inverter = ("TAG_PVI_REQ_DATA", [("TAG_PVI_INDEX", 0), ("TAG_PVI_REQ_TYPE", None)])
        first, second = await ask(connection, battery, inverter)
    assert first.get_child("TAG_BAT_RSOC").getValue() == pytest.approx(now.soc, rel=1e-6)
    assert first.get_child("TAG_BAT_CURRENT").getValue() == pytest.approx(-now.battery_current, rel=1e-6)
    assert second.get_child("TAG_PVI_TYPE").getValue() == 3


async def test_the_wallbox_by_its_new_requests() -> None:
    device = simulator()
    async with connected(device) as connection:
        await connection.authorize()
        writes = [
            ("TAG_WB_REQ_SET_SUN_MODE_ACTIVE", False),
            ("TAG_WB_REQ_SET_MAX_CHARGE_CURRENT", 13),
            ("TAG_WB_REQ_SET_NUMBER_PHASES", 1),
        ]
        reads = [
            ("TAG_WB_REQ_SUN_MODE_ACTIVE", None),
            ("TAG_WB_REQ_MAX_CHARGE_CURRENT", None),
            ("TAG_WB_REQ_NUMBER_PHASES", None),
            ("TAG_WB_REQ_CP_STATE", None),
        ]
        (box,) = await ask(connection, ("TAG_WB_REQ_DATA", [("TAG_WB_INDEX", 0), *writes, *reads]))
    values = {child.getTagName().removeprefix("TAG_WB_"): child.getValue() for child in box.getValue()}
    assert values["SUN_MODE_ACTIVE"] is False
    assert (values["MAX_CHARGE_CURRENT"], values["NUMBER_PHASES"], values["CP_STATE"]) == (13, 1, "B")
    state = device.device.wallboxes[0]
    assert (state.sun_mode, state.max_current, state.phases) == (False, 13, 1)


async def test_counters_and_sg_ready() -> None:
    async with connected(simulator()) as connection:
        await connection.authorize()
        sg_ready = ("TAG_SGR_REQ_DATA", [("TAG_SGR_INDEX", 0), ("TAG_SGR_REQ_STATE", None)])
        boxes, state = await ask(connection, ("TAG_DB_REQ_TEC_WALLBOX_VALUES", None), sg_ready)
    (box,) = boxes.getValue()
    assert box.get_child("TAG_DB_TEC_WALLBOX_ENERGYALL").getValue() == 188_383
    assert state.get_child("TAG_SGR_STATE").getValue() == 2


async def test_a_wrong_password() -> None:
    async with connected(simulator(), password="wrong") as connection:
        assert not await connection.authorize()
        assert not connection.is_authorized()


async def test_a_wrong_key() -> None:
    device = simulator()
    async with connected(device, key="wrong") as connection:
        with pytest.raises(ValueError, match="buffer size"):  # its way to say that nothing came
            await connection.authorize()
    assert device.frames == 0
