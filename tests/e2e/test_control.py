"""A forced charge of a SENEC and its release, from the gate over the wire into the house and back on record."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.model.command import Charge, Status
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
