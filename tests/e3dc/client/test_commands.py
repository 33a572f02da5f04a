from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from heliobus.errors import NotSupported, OutOfBounds, UsageError
from heliobus.model.command import (
    Auto,
    Charge,
    Command,
    Discharge,
    LimitCharge,
    LimitDischarge,
    SetReserve,
    SetSwitch,
    Status,
    WallboxLimit,
)
from heliobus.simulation.clock import ManualClock

from .conftest import NOON, new_house

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from .conftest import Site, Start

R = TypeVar("R")


async def finished(call: Coroutine[Any, Any, R], clock: ManualClock) -> R:
    """Let time pass until a call is over."""
    task = asyncio.create_task(call)
    while not task.done():
        await clock.advance(0.1)
    return await task


def asked(site: Site) -> float | None:
    """The power that the device has been told to keep, + discharge; None while it is automatic."""
    now = site.clock.now()
    powers = [one.power for one in site.simulator.plant.overrides if one.start <= now and (one.end or now) > now]
    return powers[-1] if powers else None


# -- powers that lapse


@pytest.mark.parametrize(
    ("command", "mode", "power"),
    [
        (Charge(power=500.0), 4, -500.0),
        (Discharge(power=300.0), 2, 300.0),
        (Charge(), 4, -900.0),
        (Discharge(), 2, 900.0),
        (Discharge(power=0.0), 1, 0.0),
    ],
)
async def test_a_power_is_taken_and_seen(start: Start, command: Command, mode: int, power: float) -> None:
    site = await start()
    outcome = await (await site.client()).execute(command)
    assert outcome.status is Status.APPLIED
    assert outcome.effect["battery.power"] == pytest.approx(power, abs=1)
    assert outcome.requested["EMS_REQ_SET_POWER_MODE"] == mode
    assert outcome.read_back["EMS_POWER_BAT"] == pytest.approx(-power, abs=1)
    assert outcome.undo == Auto()
    assert asked(site) == power


async def test_a_power_is_repeated_until_its_lease_ends(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock)
    client = await site.client(relayed=True)
    await client.execute(Charge(power=500.0, lease=timedelta(seconds=62)))
    frames = site.relay.frames
    for _ in range(61):
        await clock.until_asleep(2)  # the repetition, and the heartbeat
        await clock.advance(1)
        await clock.until_asleep(2)
        assert asked(site) == -500.0
    assert site.relay.frames == frames + 12  # every 5 s
    await clock.advance(1)
    await clock.until_asleep(1)
    assert asked(site) is None  # at once, not when the device's own time is over
    await clock.advance(60)
    assert asked(site) is None


async def test_without_a_lease_it_is_repeated_until_it_is_replaced(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock)
    client = await site.client()
    await client.execute(Charge(power=500.0))
    for _ in range(30):
        await clock.until_asleep(2)
        await clock.advance(10)
    await clock.until_asleep(2)
    assert asked(site) == -500.0
    await client.execute(Discharge(power=200.0))
    for _ in range(5):
        await clock.until_asleep(2)
        await clock.advance(4)
        assert asked(site) == 200.0
    outcome = await client.execute(Auto())
    assert outcome.status is Status.APPLIED
    assert asked(site) is None
    await clock.advance(60)
    assert asked(site) is None


async def test_auto_ends_only_what_is_steered(start: Start) -> None:
    client = await (await start()).client()
    await client.set_power_limits(enable=True, max_charge=400)  # the owner's own
    await client.execute(Charge(power=300.0))
    await client.execute(Auto())
    settings = await client.power_settings()
    assert (settings.power_limits_used, settings.max_charge_power) == (True, 400)


async def test_an_orderly_stop_gives_the_battery_back(start: Start) -> None:
    site = await start()
    client = await site.client()
    await client.execute(Charge(power=500.0))
    assert asked(site) == -500.0
    await client.close()
    assert asked(site) is None


async def test_a_device_without_its_client_falls_back_by_itself(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock)
    client = await site.client(relayed=True)
    await client.execute(Charge(power=500.0))
    await site.relay.__aexit__(None, None, None)
    for _ in range(4):
        assert asked(site) == -500.0
        await clock.until_asleep(2)
        await clock.advance(2.5)
    assert asked(site) is None


PROGRAM = """
import sys
from heliobus.e3dc import Client
from heliobus.model.command import Charge
client = Client("127.0.0.1", username=sys.argv[1], password=sys.argv[2], key=sys.argv[3], port=int(sys.argv[4]))
print(client.execute(Charge(power=500.0)).status, flush=True)
sys.stdin.readline()
"""


async def program(site: Site) -> asyncio.subprocess.Process:
    """Another process that steers the battery until it gets a line."""
    arguments = [str(value) for value in site.address.values()]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, *arguments, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"applied\n"
    assert asked(site) == -500.0
    return process


async def test_a_killed_process(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock)
    process = await program(site)
    process.kill()
    await process.wait()
    assert asked(site) == -500.0
    await clock.advance(10)
    assert asked(site) is None


async def test_a_process_that_just_ends(start: Start) -> None:
    site = await start(clock=ManualClock(NOON))
    process = await program(site)
    await process.communicate(b"\n")
    assert asked(site) is None


async def test_a_power_that_the_battery_does_not_reach(start: Start) -> None:
    clock = ManualClock(new_house().house.commissioned)  # with an empty battery
    client = await (await start(clock=clock)).client()
    outcome = await finished(client.execute(Discharge(power=800.0)), clock)
    assert outcome.status is Status.ACCEPTED
    assert outcome.effect["battery.power"] == pytest.approx(0.0)


async def test_powers_beyond_the_system(start: Start) -> None:
    site = await start()
    client = await site.client()
    for command in (Charge(power=901.0), Discharge(power=-1.0), LimitCharge(power=float("nan"))):
        with pytest.raises(OutOfBounds, match="power"):
            await client.execute(command)
    assert asked(site) is None


async def test_a_farm_is_steered_at_its_controller(start: Start) -> None:
    site = await start(profile="farm")
    client = await site.client()
    assert (await client.execute(Charge(power=500.0))).status is Status.APPLIED
    assert asked(site) == -500.0
    await client.execute(Auto())
    assert asked(site) is None


async def test_a_dry_run_changes_nothing(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)

    async def plans(*planned: Command) -> None:
        for command in planned:
            plan = await client.execute(command, dry_run=True)
            assert (plan.status, bool(plan.sent)) == (Status.PLANNED, True), command

    await plans(SetReserve(soc=10.0), SetSwitch(id="4", on=False), WallboxLimit(id="1", current=10.0), Auto())
    assert site.relay.connections == 0
    before = await client.power_settings()
    frames = site.relay.frames
    await plans(*(kind(power=1.0) for kind in (Charge, Discharge, LimitCharge, LimitDischarge)), Charge(), Discharge())
    assert site.relay.frames == frames + 1, "the bounds, once"
    assert (await client.power_settings()).values() == before.values()
    assert asked(site) is None


@pytest.mark.parametrize("command", [Charge(power=901.0), LimitDischarge(power=901.0)], ids=repr)
async def test_a_new_client_plans_no_power_beyond_the_system(start: Start, command: Command) -> None:
    client = await (await start()).client()
    with pytest.raises(OutOfBounds, match=r"outside 0\.0 to 900\.0"):
        await client.execute(command, dry_run=True)


# -- limits


async def test_limits_and_their_end(start: Start) -> None:
    site = await start()
    client = await site.client()
    before = await client.power_settings()
    first = await client.execute(LimitCharge(power=400.0))
    assert (first.status, first.undo) == (Status.APPLIED, Auto())
    second = await client.execute(LimitDischarge(power=200.0))
    assert second.status is Status.APPLIED
    limited = await client.power_settings()
    assert (limited.power_limits_used, limited.max_charge_power, limited.max_discharge_power) == (True, 400, 200)
    assert (await client.execute(Auto())).status is Status.APPLIED
    assert (await client.power_settings()).values() == before.values()


async def test_a_forgotten_limit_does_not_count_again(start: Start) -> None:
    client = await (await start()).client()
    await client.set_power_limits(enable=False, max_discharge=0)
    await client.execute(LimitCharge(power=400.0))
    assert (await client.power_settings()).max_discharge_power == 900


async def test_auto_of_a_new_client_lifts_the_limits(start: Start) -> None:
    site = await start()
    await (await site.client()).execute(LimitCharge(power=0.0))
    client = await site.client()
    await client.execute(Auto())
    assert (await client.power_settings()).power_limits_used is False


async def test_what_holds_already_is_not_written(start: Start) -> None:
    client = await (await start()).client()
    await client.execute(LimitCharge(power=400.0))
    outcome = await client.execute(LimitCharge(power=400.0))
    assert (outcome.status, outcome.sent) == (Status.APPLIED, ())
    assert "nothing was sent" in str(outcome.note)


async def test_a_limit_out_of_range(start: Start) -> None:
    client = await (await start()).client()
    outcome = await client.set_power_limits(enable=True, max_charge=901)
    assert outcome.status is Status.REJECTED
    assert "out of range" in str(outcome.note)


async def test_a_limit_below_what_is_recommended(start: Start) -> None:
    client = await (await start()).client()
    outcome = await client.set_power_limits(enable=True, max_charge=10)
    assert outcome.status is Status.APPLIED
    assert "recommended" in str(outcome.note)


async def test_a_device_that_will_do_it_later(start: Start) -> None:
    client = await (await start(faults=("settings-later",))).client()
    outcome = await client.set_power_save(enable=False)
    assert "later" in str(outcome.note)


# -- other commands


async def test_the_reserve(start: Start) -> None:
    client = await (await start()).client()
    before = (await client.reserve()).share
    outcome = await client.execute(SetReserve(soc=20.0))
    assert (outcome.status, outcome.undo) == (Status.APPLIED, SetReserve(soc=before))  # type: ignore[arg-type]
    assert (await client.reserve()).share == 20.0
    assert (await client.read(detail="full")).battery.limits.reserve_soc == 20.0
    assert (await client.set_reserve_energy(850.0)).status is Status.APPLIED
    assert (await client.reserve()).energy == pytest.approx(850.0)


async def test_switches(start: Start) -> None:
    client = await (await start()).client()
    outcome = await client.execute(SetSwitch(id="4", on=False))
    assert (outcome.status, outcome.undo) == (Status.APPLIED, SetSwitch(id="4", on=True))
    assert {one.index: one.state for one in await client.switches()} == {1: 0, 4: 0, 7: 0}
    assert (await client.execute(SetSwitch(id="99", on=True))).status is Status.REJECTED
    with pytest.raises(UsageError):
        await client.execute(SetSwitch(id="pool", on=True))


@pytest.mark.parametrize("profile", ["s10e", "s10e-2019"])
async def test_the_limit_of_a_wallbox(start: Start, profile: str) -> None:
    client = await (await start(profile=profile)).client()
    await client.set_wallbox_charging(enable=False)
    await client.set_wallbox_charging(enable=True)
    outcome = await client.execute(WallboxLimit(id="1", current=10.0))
    assert (outcome.status, outcome.undo) == (Status.APPLIED, WallboxLimit(id="1", current=16.0))
    (box,) = (await client.read()).wallboxes
    assert (box.current_limit, box.state) == (10.0, "charging")
    stopped = await client.execute(WallboxLimit(id="1", current=0.0))
    assert (stopped.status, stopped.undo) == (Status.APPLIED, WallboxLimit(id="1", current=10.0))
    assert (await client.read()).wallboxes[0].state == "stopped"
    assert (await client.execute(WallboxLimit(id="1", current=10.0))).status is Status.APPLIED
    assert (await client.read()).wallboxes[0].state == "charging"
    for wrong in ("3", "0", "x"):
        with pytest.raises((NotSupported, UsageError)):
            await client.execute(WallboxLimit(id=wrong, current=10.0))
