"""What an appliance tells, over real sockets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import (
    UsageError,
)
from heliobus.model.quality import Quality
from heliobus.senec import AsyncClient, mapping
from heliobus.senec.models import LIVE_REQUEST, WHOLE_REQUESTS
from heliobus.simulation import truth
from tests.senec.client.local import NOON, PLANT, Simulate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("detail", ["live", "full"])
async def test_a_read_is_one_request(simulate: Simulate, detail: str) -> None:
    simulator, client = await simulate()
    snapshot = await client.read(detail=detail)
    assert simulator.requests == 1
    assert snapshot.residual == pytest.approx(0.0, abs=1e-2)
    assert bool(snapshot.battery.modules) == (detail == "full")


async def test_a_read_is_never_from_a_cache(simulate: Simulate) -> None:
    simulator, client = await simulate()
    for _ in range(3):
        await client.read()
    assert simulator.requests == 3


async def test_a_snapshot_knows_when_and_from_whom(simulate: Simulate) -> None:
    simulator, client = await simulate()
    first = await client.read()
    assert (first.received_at, first.device_time, first.device) == (NOON, NOON, None)
    (device,) = await client.devices()
    assert device.serial == simulator.announcement()["serial"]
    assert (await client.read()).device == device
    assert (await client.read(device)).device == device
    assert (await client.read(device.id)).device == device


async def test_another_device_or_detail_is_a_usage_error_that_names_the_choices(simulate: Simulate) -> None:
    simulator, client = await simulate()
    with pytest.raises(UsageError) as error:
        await client.read("4711")
    assert simulator.announcement()["serial"] in error.value.line()
    with pytest.raises(UsageError, match="everything") as error:
        await client.read(detail="everything")
    assert "live, full" in error.value.line()


async def test_capabilities_follow_from_the_answers(simulate: Simulate) -> None:
    _, client = await simulate(profile="0826")
    assert client.capabilities.fields == mapping.carriable("full")
    assert set(client.capabilities.commands) == {"Charge", "Auto", "SetSwitch", "WallboxLimit"}
    await client.read()
    assert set(client.capabilities.commands) == {"Charge", "Auto", "SetSwitch"}, "there is no wallbox"
    assert "pv.energy" not in client.capabilities.fields
    assert {"pv.power", "battery.soc", "batteries.*.modules.*.soh"} <= client.capabilities.fields
    _, old = await simulate(profile="0811")
    await old.read(detail="full")
    assert {"pv.energy", "battery.charge_energy"} <= old.capabilities.fields


async def test_counters_of_old_firmware_are_the_houses(simulate: Simulate) -> None:
    _, client = await simulate(profile="0811")
    snapshot = await client.read()
    true = truth.energies(PLANT, NOON)
    assert snapshot.grid.import_energy == pytest.approx(true["grid.import_energy"], rel=1e-6)
    assert snapshot.battery.charge_energy == pytest.approx(true["battery.charge_energy"], rel=1e-6)


async def test_raw_is_the_same_answer_ready_for_json(simulate: Simulate) -> None:
    simulator, client = await simulate()
    raw = await client.raw()
    assert simulator.requests == 1
    assert json.loads(json.dumps(raw, allow_nan=False)) == raw
    assert {name: set(section) for name, section in raw.items()} == {
        name: set(section) for name, section in LIVE_REQUEST.items()
    }
    assert raw["STATISTIC"]["LIVE_PV_GEN"] == "VARIABLE_NOT_FOUND"
    assert raw["ENERGY"]["GUI_INVERTER_POWER"] == pytest.approx(PLANT.at(NOON).pv, rel=1e-6)


async def test_the_whole_reading_is_typed_and_raw_shows_all_of_it(simulate: Simulate) -> None:
    simulator, client = await simulate()
    reading = await client.whole()
    assert simulator.requests == len(WHOLE_REQUESTS)
    assert reading.wizard.application_version == "0826"
    assert reading.gridconfig.vde_freqdropprot == pytest.approx(47.5)
    assert reading.bat1obj1.sw_version == "3.16.20"
    assert [module.soc for module in reading.bms.modules] == list(reading.bms.soc)
    assert (reading.extra, reading.unread, reading.statistic.values) == ({}, {}, {})
    raw = await client.raw(detail="full")
    assert {name: set(section) for name, section in raw.items() if section and "OBJECT_NOT_FOUND" not in section} == {
        name: set(section) for name, section in reading.answer.items() if section and "OBJECT_NOT_FOUND" not in section
    }
    assert raw["WIZARD"]["APPLICATION_VERSION"] == "0826"
    assert client.capabilities.fields == AsyncClient("127.0.0.1").capabilities.fields, "raw words prove no field"


async def test_values_that_nobody_knows_survive(simulate: Simulate, tmp_path: Path) -> None:
    body = '{"ENERGY":{"NEW_POWER":"fl_42C80000","GUI_GRID_POW":"fl_42C80000"},"WIZARD":{"NEW":["st_a","u8_01"]}}'
    (tmp_path / "1.json").write_text(json.dumps({"response_body": body}), "utf-8")
    _, client = await simulate(replay=str(tmp_path))
    reading = await client.whole()
    assert reading.extra == {"ENERGY.NEW_POWER": 100.0, "WIZARD.NEW": ["a", 1]}
    assert (await client.raw(detail="full"))["ENERGY"] == {"NEW_POWER": 100.0, "GUI_GRID_POW": 100.0}
    assert "NEW_POWER" not in (await client.raw())["ENERGY"]


@pytest.mark.parametrize("detail", ["live", "full"])
async def test_raw_refuses_what_read_refuses(simulate: Simulate, detail: str) -> None:
    _, client = await simulate()
    with pytest.raises(UsageError, match="no device"):
        await client.raw("other", detail=detail)
    with pytest.raises(UsageError, match="no detail"):
        await client.raw(detail=f"{detail}er")


async def test_a_wallbox_that_charges(simulate: Simulate) -> None:
    """A box has volt-amperes only; its power is the sum of current times voltage (SPEC 4)."""
    simulator, client = await simulate(profile="v2.1")
    simulator._appliance.settings |= {
        ("WALLBOX", "STATE"): ["u8_C2", "u8_00", "u8_00", "u8_00"],
        ("WALLBOX", "APPARENT_CHARGING_POWER"): ["fl_45D7A000", *["fl_00000000"] * 3],
        **{("WALLBOX", f"L{phase}_CHARGING_CURRENT"): ["fl_41200000", *["fl_00000000"] * 3] for phase in (1, 2, 3)},
    }
    for detail in ("live", "full"):
        snapshot = await client.read(detail=detail)
        (box,) = snapshot.wallboxes
        assert (box.state, box.car_connected) == ("charging", True)
        assert [phase.current for phase in box.phases] == [10.0] * 3
        voltages = [phase.voltage for phase in PLANT.at(NOON).grid_phases]
        assert box.power == pytest.approx(10.0 * sum(voltages), rel=1e-6)
        assert snapshot.quality["wallboxes.1.power"] is Quality.DERIVED
        assert (box.mode, box.current_limit) == (("solar", 16.0) if detail == "full" else (None, None))
