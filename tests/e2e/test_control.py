"""A forced charge of a SENEC and its release, from the gate over the wire into the house and back on record."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import NotSupported, OutOfBounds
from heliobus.model.command import Charge, SetSwitch, Status, WallboxLimit
from heliobus.model.event import Event
from heliobus.service.supervisor import Service
from heliobus.simulation.clock import SimulatedClock
from tests.e2e.appliances import MORNING, appliance, config

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.senec.simulator import SenecSimulator
    from heliobus.service.hub import Subscription

SPEED = 200  # the lag of the device and a lease of a minute pass in fractions of a second


async def status_of(heard: Subscription) -> str:
    """Wait for the next outcome."""
    async for item in heard:
        if isinstance(item, Event):
            return str(item.data["status"])
    raise AssertionError


def forced(device: SenecSimulator) -> list[bool]:
    """Give the orders that the house has obeyed: True is charge."""
    return [override.power is not None for override in device.plant.overrides]


async def test_forced_charge_and_its_release_when_the_lease_ends(tmp_path: Path) -> None:
    clock = SimulatedClock(MORNING, speed=SPEED)
    async with appliance(clock) as device:
        async with Service(config(tmp_path, roof=device), clock=clock, driven=True) as service:
            heard = service.hub.subscribe(keep="all")
            plan = await service.gatekeeper.execute("roof", Charge(), dry_run=True, who="test")
            assert (plan.status, forced(device), device.requests) == (Status.PLANNED, [], 0)
            assert "SAFE_CHARGE_FORCE" in plan.sent[0]

            outcome = await service.gatekeeper.execute("roof", Charge(lease=timedelta(minutes=1)), who="test")
            assert outcome.status is Status.APPLIED
            assert outcome.before["ENERGY.SAFE_CHARGE_RUNNING"] == 0
            assert outcome.read_back["ENERGY.SAFE_CHARGE_RUNNING"] == 1
            assert outcome.effect["battery.power"] == -device.plant.house.max_charge
            snapshot = (await service.poll("roof")).snapshot
            assert snapshot is not None
            assert snapshot.battery.power == -device.plant.house.max_charge

            assert [await status_of(heard) for _ in range(3)] == ["planned", "applied", "expired"]
            assert forced(device) == [True, False]
        with closing(sqlite3.connect(tmp_path / "record.db")) as database:
            audit = database.execute("SELECT data ->> 'status' FROM event WHERE kind = 'command' ORDER BY id")
            assert [status for (status,) in audit] == ["planned", "applied", "expired"]


async def test_the_end_of_the_service_releases(tmp_path: Path) -> None:
    clock = SimulatedClock(MORNING, speed=SPEED)
    async with appliance(clock) as device:
        async with Service(config(tmp_path, roof=device), clock=clock, driven=True) as service:
            await service.gatekeeper.execute("roof", Charge(), who="test")
            assert forced(device) == [True]
        assert forced(device) == [True, False]


MINUTE = timedelta(minutes=1)


async def test_a_switch_and_a_wallbox_are_as_before_when_their_leases_end(tmp_path: Path) -> None:
    clock = SimulatedClock(MORNING, speed=SPEED)
    async with appliance(clock, profile="v2.1") as device:
        settings = device._appliance.settings
        settings["SOCKETS", "ENABLE"] = ["u8_01", "u8_00"]  # automatic, which SetSwitch cannot say
        async with Service(config(tmp_path, roof=device), clock=clock, driven=True) as service:
            heard = service.hub.subscribe(keep="all")
            on = await service.gatekeeper.execute("roof", SetSwitch(id="1", on=True, lease=MINUTE), who="test")
            assert on.status is Status.APPLIED
            assert settings["SOCKETS", "FORCE_ON"] == ["u8_01", "u8_00"]
            await clock.sleep(10)
            limit = await service.gatekeeper.execute("roof", WallboxLimit(id="1", current=8, lease=MINUTE), who="test")
            assert limit.status is Status.APPLIED
            assert settings["WALLBOX", "SET_ICMAX"] == ["fl_41000000", *["fl_00000000"] * 3]
            assert [await status_of(heard) for _ in range(4)] == ["applied", "applied", "expired", "expired"]
            assert settings["SOCKETS", "ENABLE"] == ["u8_01", "u8_00"]
            assert settings["SOCKETS", "FORCE_ON"] == ["u8_00", "u8_00"]
            assert settings["WALLBOX", "SET_ICMAX"] == ["fl_41800000", *["fl_00000000"] * 3]
            assert settings["WALLBOX", "MIN_CHARGING_CURRENT"] == ["fl_40C00000", *["fl_00000000"] * 3]


async def test_the_gate_lets_nothing_pass_that_the_appliance_cannot(tmp_path: Path) -> None:
    clock = SimulatedClock(MORNING, speed=SPEED)
    async with (
        appliance(clock) as device,
        Service(config(tmp_path, roof=device), clock=clock, driven=True) as service,
    ):
        await service.poll("roof")
        asked = device.requests
        with pytest.raises(NotSupported):
            await service.gatekeeper.execute("roof", WallboxLimit(id="1", current=8), who="test")
        assert device.requests == asked


async def test_the_gate_lets_no_current_pass_that_no_wallbox_takes(tmp_path: Path) -> None:
    clock = SimulatedClock(MORNING, speed=SPEED)
    async with (
        appliance(clock, profile="v2.1") as device,
        Service(config(tmp_path, roof=device), clock=clock, driven=True) as service,
    ):
        for current in (5.0, 40.0):
            with pytest.raises(OutOfBounds):
                await service.gatekeeper.execute("roof", WallboxLimit(id="1", current=current), who="test")
            await clock.sleep(10)
        assert device.requests == 0
