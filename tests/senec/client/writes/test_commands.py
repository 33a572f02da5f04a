"""Every local write over real sockets: planned, carried out, read back and taken back."""

from __future__ import annotations

import asyncio
from datetime import time
from typing import Any

import pytest

from heliobus.errors import Refused
from heliobus.model.command import Charge, Command, SetSwitch, Status, WallboxLimit
from heliobus.senec import AsyncClient, Client, control
from heliobus.senec.control import (
    Restore,
    SocketMode,
    SocketSettings,
    WallboxMode,
    WallboxSettings,
)
from heliobus.senec.simulator.appliance import OVERWRITES
from heliobus.senec.simulator.login import USERS
from tests.senec.client.writes.bench import STORE, Start

EVERY: dict[Command, dict[str, Any]] = {
    Charge(): {"ENERGY.SAFE_CHARGE_RUNNING": 1},
    STORE: {"ENERGY.LI_STORAGE_MODE_RUNNING": 1},
    SetSwitch(id="1", on=True): {"SOCKETS.ENABLE.0": 1, "SOCKETS.FORCE_ON.0": 1, "SOCKETS.POWER_ON.0": 1},
    SetSwitch(id="2", on=False): {"SOCKETS.ENABLE.1": 0, "SOCKETS.FORCE_ON.1": 0},
    SocketSettings(id="2", mode=SocketMode.AUTOMATIC, upper_limit=3000, lower_limit=100): {
        "SOCKETS.ENABLE.1": 1,
        "SOCKETS.FORCE_ON.1": 0,
        "SOCKETS.UPPER_LIMIT.1": 3000,
        "SOCKETS.LOWER_LIMIT.1": 100,
    },
    SocketSettings(id="1", start=time(17, 45), surplus_minutes=5, minutes_on=90): {
        "SOCKETS.USE_TIME.0": 1,
        "SOCKETS.SWITCH_ON_HOUR.0": 17,
        "SOCKETS.SWITCH_ON_MINUTE.0": 45,
        "SOCKETS.POWER_ON_TIME.0": 5,
        "SOCKETS.TIME_LIMIT.0": 90,
    },
    WallboxLimit(id="1", current=0): {
        "WALLBOX.PROHIBIT_USAGE.0": 1,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 3,
        "WALLBOX.STATE.0": 0xC1,
    },
    WallboxLimit(id="1", current=10.5): {
        "WALLBOX.PROHIBIT_USAGE.0": 0,
        "WALLBOX.SET_ICMAX.0": 10.5,
        "WALLBOX.MIN_CHARGING_CURRENT.0": 10.5,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 3,
    },
    WallboxSettings(id="1", mode=WallboxMode.LOCKED): {
        "WALLBOX.PROHIBIT_USAGE.0": 1,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 0,
        "WALLBOX.STATE.0": 0xC1,
    },
    WallboxSettings(id="1", mode=WallboxMode.SOLAR_INTERRUPTED): {
        "WALLBOX.PROHIBIT_USAGE.0": 0,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 4,
    },
    WallboxSettings(id="1", mode=WallboxMode.FAST, allow_intercharge=True): {
        "WALLBOX.PROHIBIT_USAGE.0": 0,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 0,
        "WALLBOX.ALLOW_INTERCHARGE": 1,
    },
    WallboxSettings(id="1", max_current=15, min_current=7, default_current=8): {
        "WALLBOX.SET_ICMAX.0": 15,
        "WALLBOX.MIN_CHARGING_CURRENT.0": 7,
        "WALLBOX.SET_IDEFAULT.0": 8,
    },
}
"""The commands that can be read back, and what the appliance then holds; it is a V2.1 with a wallbox set to solar."""
every_command = pytest.mark.parametrize("command", EVERY, ids=repr)


@every_command
async def test_a_write_is_planned_done_seen_and_taken_back(start: Start, command: Command) -> None:
    bench = await start()
    original = await bench.settled()
    asked = bench.simulator.requests
    plan = await bench.client.execute(command, dry_run=True)
    assert plan.status is Status.PLANNED
    assert bench.simulator.requests == asked

    done = await bench.client.execute(command)
    assert done.status is Status.APPLIED
    assert done.requested == plan.requested
    wanted = {path: value for path, value in EVERY[command].items() if original[path] != value}
    if not wanted:
        assert done.sent == ()
        return
    assert done.sent == plan.sent
    state = await bench.settled()
    assert {path: state[path] for path in EVERY[command]} == EVERY[command]
    assert {path for path in state if state[path] != original[path]} == wanted.keys()
    assert all(done.before[path] == original[path] for path in done.requested)

    again = await bench.client.execute(command)
    assert (again.status, again.sent) == (Status.APPLIED, ())

    assert done.undo is not None
    undone = await bench.client.execute(done.undo)
    assert undone.status is Status.APPLIED
    assert await bench.settled() == original


@every_command
async def test_a_dry_run_needs_no_appliance(command: Command) -> None:
    client = AsyncClient("192.0.2.1")
    plan = await client.execute(command, device="whoever", dry_run=True)
    assert plan.status is Status.PLANNED
    assert len(plan.sent) == 1
    assert plan.before == plan.read_back == {}


async def test_an_automatic_socket_comes_back_after_a_switch(start: Start) -> None:
    bench = await start()
    await bench.client.set_socket("1", mode="automatic", upper_limit=20_000)
    on = await bench.client.execute(SetSwitch(id="1", on=True))
    assert on.undo == Restore(values={"SOCKETS.ENABLE.0": 1, "SOCKETS.FORCE_ON.0": 0})
    assert (await bench.client.read(detail="full")).switches[0].on
    off = await bench.client.execute(SetSwitch(id="1", on=False))
    assert off.undo == SetSwitch(id="1", on=True)
    await bench.client.execute(on.undo)
    assert (await bench.state())["SOCKETS.ENABLE.0"] == 1


async def test_a_limit_before_another_is_its_undo(start: Start) -> None:
    bench = await start()
    await bench.client.execute(WallboxLimit(id="1", current=8))
    assert (await bench.client.execute(WallboxLimit(id="1", current=9))).undo == WallboxLimit(id="1", current=8)


async def test_what_nobody_writes_is_not_restored(start: Start) -> None:
    """Somebody else set a mode that heliobus does not know."""
    bench = await start()
    bench.simulator._appliance.settings["WALLBOX", "SMART_CHARGE_ACTIVE"] = ["u8_02", "u8_00", "u8_00", "u8_00"]
    outcome = await bench.client.set_wallbox("1", mode="fast")
    assert (outcome.status, outcome.undo) == (Status.APPLIED, None)


async def test_the_wallbox_says_that_the_cloud_overwrites(start: Start) -> None:
    bench = await start(faults=("cloud-overwrites",))
    outcome = await bench.client.execute(WallboxLimit(id="1", current=7))
    assert outcome.status is Status.APPLIED
    assert outcome.note == control.OVERWRITTEN
    await bench.clock.sleep(OVERWRITES.total_seconds())
    assert (await bench.state())["WALLBOX.SET_ICMAX.0"] == 16


async def test_the_blocking_client_writes_the_same(start: Start) -> None:
    bench = await start()
    told = bench.simulator.announcement()

    def script() -> list[Status]:
        with Client(told["host"], port=told["port"], scheme="http", clock=bench.clock) as client:
            assert client.log_in("fitter", password=USERS["fitter"].password) == 2
            client.log_out()
            done = [
                client.set_socket("2", mode="on"),
                client.set_wallbox("1", mode="fast"),
                client.storage_mode(on=True, dangerous=True),
                client.storage_mode(on=False, dangerous=True),
                client.execute(SetSwitch(id="2", on=False)),
                client.reboot(),
            ]
        with pytest.raises(Refused, match="five minutes"):  # remembered by the client that was closed
            client.reboot()
        return [one.status for one in done]

    assert await asyncio.to_thread(script) == [*[Status.APPLIED] * 5, Status.ACCEPTED]
