from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.simulator.device import Device
from heliobus.e3dc.simulator.equipment import PROFILES
from heliobus.e3dc.simulator.house import Flows, Moment
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import House

from .conftest import NOON, new_house

if TYPE_CHECKING:
    from .conftest import Start

PLANT = new_house()


def moment(time: datetime, *, external: float = 0.0, charging: int = 0) -> Moment:
    equipment = replace(PROFILES["s10e-pro"], external=external)
    device = Device(PLANT, ManualClock(time), equipment)
    for index in range(charging):
        device.wallboxes[index].charging = True
    return device.moment()


@given(
    minutes=st.integers(0, 20 * 24 * 60),
    external=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    charging=st.integers(0, 2),
)
def test_powers_add_up_in_whole_watts_and_say_the_truth(minutes: int, external: float, charging: int) -> None:
    at = moment(NOON - timedelta(days=5) + timedelta(minutes=minutes), external=external, charging=charging)
    flows, now = at.flows, at.now
    assert flows.pv - flows.add + flows.grid == flows.home + flows.wallbox + flows.battery
    assert flows.pv - flows.add == pytest.approx(now.pv, abs=0.5)
    assert flows.grid == pytest.approx(now.grid, abs=0.5)
    assert -flows.battery == pytest.approx(now.battery, abs=0.5)
    assert flows.home + flows.wallbox == pytest.approx(now.load, abs=1.5)
    assert -flows.add == pytest.approx(external * now.pv, abs=0.5)
    assert (flows.wallbox > 0) == (charging > 0)
    assert 0.0 <= flows.autarky <= 100.0
    assert 0.0 <= flows.self_consumption <= 100.0
    assert 0 <= flows.wallbox_solar <= flows.wallbox


def test_shares() -> None:
    flows = Flows(pv=3000, add=-1000, grid=-1000, battery=2000, wallboxes=(500,))
    assert flows.home == 500
    assert flows.autarky == 100.0
    assert flows.self_consumption == 75.0
    night = Flows(pv=0, add=0, grid=300, battery=-100, wallboxes=())
    assert night.home == 400
    assert night.autarky == 25.0
    assert night.self_consumption == 100.0


async def test_measurements_are_made_once_a_second(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    names = ["EMS_REQ_POWER_PV", "EMS_REQ_POWER_HOME", "EMS_REQ_POWER_GRID"]
    first = await link.ask(*names)
    await bench.clock.advance(0.9)
    assert await link.ask(*names) == first
    await bench.clock.advance(600)
    assert await link.ask(*names) != first


def test_derating_follows_the_feed_in_limit() -> None:
    at = moment(NOON)
    assert at.derate_at == 1.0
    assert not at.derated
    limited = House.draw(7)
    device = Device(type(PLANT)(7, house=replace(limited, feed_in_limit=100.0)), ManualClock(NOON), PROFILES["s10e"])
    assert device.moment().derate_at == pytest.approx(100.0 / limited.peak_power)
    assert device.moment().derated == (device.moment().now.grid <= -99.0)
