"""The battery of the house obeys the limits that the device is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.model.command import LimitCharge, LimitDischarge, SetReserve
from heliobus.simulation import truth

from .conftest import NOON
from .test_wallbox import client_of

if TYPE_CHECKING:
    from .conftest import Start


async def test_limits_are_obeyed(start: Start) -> None:
    bench = await start()
    before = bench.simulator.plant
    async with client_of(bench) as client:
        await client.execute(LimitCharge(power=300.0))
        await client.execute(LimitDischarge(power=200.0))
        snapshot = await client.read()
    after = bench.simulator.plant
    assert snapshot.battery is not None
    assert snapshot.battery.power == round(after.at(NOON).battery)
    limits = truth.limits(after, NOON)
    assert (limits["battery.limits.max_charge"], limits["battery.limits.max_discharge"]) == (300, 200)
    powers = [after.at(NOON + timedelta(minutes=10 * step)).battery for step in range(144)]
    free = [before.at(NOON + timedelta(minutes=10 * step)).battery for step in range(144)]
    assert (min(powers), max(powers)) == (-300, 200)
    assert min(free) < -300
    assert max(free) > 200


async def test_a_reserve_is_kept(start: Start) -> None:
    bench = await start()
    async with client_of(bench) as client:
        await client.execute(SetReserve(soc=60.0))
    plant = bench.simulator.plant
    assert truth.limits(plant, NOON)["battery.limits.reserve_soc"] == 60
    nows = [plant.at(NOON + timedelta(minutes=10 * step)) for step in range(144)]
    assert all(now.battery <= 0 or now.soc >= 60 for now in nows)
    assert any(now.battery == 0 for now in nows)
