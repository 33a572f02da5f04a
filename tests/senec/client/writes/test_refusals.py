"""What is refused before any byte of a write has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Error, NotSupported, OutOfBounds, Refused, TransportError, UsageError
from heliobus.model.command import Auto, Charge, Command, SetSwitch, Status, WallboxLimit
from heliobus.senec import control
from heliobus.senec.control import (
    Reboot,
    Restore,
    SocketSettings,
    StorageMode,
    WallboxSettings,
)
from heliobus.senec.simulator.appliance import AWAY, DOWN

if TYPE_CHECKING:
    from tests.senec.client.writes.bench import Start

REFUSED: dict[Command, type[Error]] = {
    WallboxLimit(id="1", current=5.9): OutOfBounds,
    WallboxLimit(id="1", current=32.1): OutOfBounds,
    WallboxLimit(id="1", current=-1): OutOfBounds,
    WallboxLimit(id="1", current=float("nan")): OutOfBounds,
    WallboxLimit(id="5", current=6): UsageError,
    WallboxLimit(id="0", current=6): UsageError,
    SetSwitch(id="3", on=True): UsageError,
    SetSwitch(id="wallbox-1", on=True): UsageError,
    WallboxSettings(id="1", max_current=0): OutOfBounds,
    WallboxSettings(id="1", min_current=33): OutOfBounds,
    WallboxSettings(id="1", default_current=float("inf")): OutOfBounds,
    WallboxSettings(id="1"): UsageError,
    WallboxSettings(id="1", mode="turbo"): UsageError,
    SocketSettings(id="1"): UsageError,
    SocketSettings(id="1", upper_limit=-1): OutOfBounds,
    SocketSettings(id="1", upper_limit=20_001): OutOfBounds,
    SocketSettings(id="1", upper_limit=0.5): OutOfBounds,
    SocketSettings(id="1", minutes_on=1441): OutOfBounds,
    SocketSettings(id="1", mode="sometimes"): UsageError,
    StorageMode(on=True): Refused,
    StorageMode(on=False): Refused,
}


@pytest.mark.parametrize(("command", "error"), REFUSED.items(), ids=repr)
@pytest.mark.parametrize("dry_run", [True, False])
async def test_what_is_out_of_bounds_is_refused_before_any_byte(
    start: Start, command: Command, error: type[Error], dry_run: bool
) -> None:
    bench = await start()
    asked = bench.simulator.requests
    with pytest.raises(error):
        await bench.client.execute(command, dry_run=dry_run)
    assert bench.simulator.requests == asked


@pytest.mark.parametrize(
    "values",
    [
        {"SYS_UPDATE.USER_REBOOT_DEVICE": 1},
        {"ENERGY.LI_STORAGE_MODE_START": 1},
        {"LOG.LOG_OUT_BUTT": 1},
        {"BAT1.SPARE_CAPACITY": 10},
        {"SOCKETS.ENABLE": 1},
        {"SOCKETS.ENABLE.2": 1},
        {"WALLBOX.ALLOW_INTERCHARGE.0": 1},
        {"SOCKETS.ENABLE.0": 2},
        {"SOCKETS.ENABLE.0": True},
        {"SOCKETS.POWER_ON.0": 1},
    ],
    ids=repr,
)
async def test_restoring_is_no_way_around(start: Start, values: dict[str, float]) -> None:
    bench = await start()
    asked = bench.simulator.requests
    with pytest.raises(Refused):
        await bench.client.execute(Restore(values=values))
    assert bench.simulator.requests == asked


async def test_what_is_not_there_is_not_written(start: Start) -> None:
    bench = await start(profile="0826")
    for command in (WallboxLimit(id="1", current=10), WallboxSettings(id="1", mode="fast")):
        with pytest.raises(NotSupported, match="of no wallbox 1"):
            await bench.client.execute(command)
    await bench.client.read()
    with pytest.raises(NotSupported, match="WallboxLimit"):
        await bench.client.execute(WallboxLimit(id="1", current=10), dry_run=True)


async def test_a_box_takes_no_more_than_it_is_rated_for(start: Start) -> None:
    bench = await start()
    for command in (WallboxLimit(id="1", current=17), WallboxSettings(id="1", max_current=16.2)):
        with pytest.raises(OutOfBounds, match="rated for 16 A"):
            await bench.client.execute(command)
    assert (await bench.client.set_wallbox("1", max_current=16.02)).status is Status.APPLIED
    with pytest.raises(OutOfBounds, match="at least 12 A and at most 10 A"):
        await bench.client.set_wallbox("1", max_current=10, min_current=12)
    await bench.client.set_wallbox("1", max_current=10)
    with pytest.raises(OutOfBounds, match="at least 11 A and at most 10 A"):
        await bench.client.set_wallbox("1", min_current=11)


async def test_nothing_charges_in_the_storage_mode(start: Start) -> None:
    bench = await start()
    await bench.client.storage_mode(on=True, dangerous=True)
    with pytest.raises(Refused, match="storage mode"):
        await bench.client.execute(Charge())
    assert (await bench.client.execute(Auto())).status is Status.APPLIED


async def test_another_device_gets_nothing(start: Start) -> None:
    bench = await start()
    serial = bench.simulator.announcement()["serial"]
    asked = bench.simulator.requests
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="4711"):
            await bench.client.execute(SetSwitch(id="1", on=True), device="4711", dry_run=dry_run)
    assert bench.simulator.requests == asked
    assert (await bench.client.execute(SetSwitch(id="1", on=True), device=serial)).status is Status.APPLIED


async def test_wallboxes_are_not_changed_too_often(start: Start) -> None:
    bench = await start()
    for current in (6, 7, 8, 9, 10, 11):
        await bench.client.execute(WallboxLimit(id="1", current=current))
    asked = bench.simulator.requests
    with pytest.raises(Refused, match="at most 6 within 600 s"):
        await bench.client.set_wallbox("1", mode="locked")
    assert bench.simulator.requests == asked
    assert (await bench.client.set_socket("1", mode="on")).status is Status.APPLIED
    await bench.clock.sleep(control.PACES["wallbox"].seconds)
    assert (await bench.client.set_wallbox("1", mode="locked")).status is Status.APPLIED


async def test_a_reboot_is_accepted_once_in_five_minutes(start: Start) -> None:
    bench = await start()
    assert (await bench.client.reboot(dry_run=True)).requested == {"SYS_UPDATE.USER_REBOOT_DEVICE": 1}
    outcome = await bench.client.reboot()
    assert (outcome.status, outcome.undo, outcome.read_back) == (Status.ACCEPTED, None, {})
    asked = bench.simulator.requests
    for _ in range(2):
        with pytest.raises(Refused, match="five minutes"):
            await bench.client.execute(Reboot())
    assert bench.simulator.requests == asked
    await bench.clock.sleep(DOWN.total_seconds())
    with pytest.raises(TransportError):
        await bench.client.read()
    await bench.clock.sleep(AWAY.total_seconds())
    await bench.client.read()
    assert (await bench.client.reboot()).status is Status.ACCEPTED
