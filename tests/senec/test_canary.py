"""After a firmware change the exact fields that are gone are named, and everything else is read on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.model import fields
from heliobus.model.event import EventKind
from heliobus.senec import AsyncClient
from heliobus.senec.simulator import SenecSimulator
from heliobus.service.changes import Changes
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import House, Plant, summer_noon
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from heliobus.model.snapshot import Snapshot

PLANT = Plant(3, house=House(battery_capacity=5_000.0))
COUNTERS = {
    *("pv.energy", "load.energy", "grid.import_energy", "grid.export_energy"),
    *("batteries.1.charge_energy", "batteries.1.discharge_energy"),
}
_MODULE_FIELDS = (
    *("soc", "soh", "voltage", "current", "cycles", "charge_energy", "discharge_energy"),
    *("temperature_min", "temperature_max", "cell_voltages", "cell_temperatures"),
)
MODULES = {f"batteries.1.modules.{place}.{name}" for place in (1, 2) for name in _MODULE_FIELDS}
STRINGS = {f"pv.strings.{place}.{name}" for place in (1, 2, 3) for name in ("power", "voltage", "current")}


class Canary:
    """Polls an appliance at full detail and keeps what vanished."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.changes = Changes()

    async def polls(self, count: int = 4) -> tuple[set[str], Snapshot]:
        snapshots = [await self.client.read(detail="full") for _ in range(count)]
        changes = [change for snapshot in snapshots for change in self.changes.of(snapshot)]
        assert {change.kind for change in changes} <= {EventKind.FIELD_VANISHED}
        return {path for change in changes for path in change.data["fields"]}, snapshots[-1]


async def seen(before: str, after: str, **options: Any) -> tuple[set[str], Snapshot, Snapshot]:
    """What vanished when the firmware became another one, and the snapshots of both."""
    clock = FrozenClock(summer_noon(PLANT) + timedelta(days=1))
    async with SenecSimulator(SimulationOptions(plant=PLANT, clock=clock, profile=before)) as simulator:
        told = simulator.announcement()
        async with AsyncClient(told["host"], port=told["port"], clock=clock) as client:
            canary = Canary(client)
            gone, old = await canary.polls()
            assert gone == set()
            await simulator.change(profile=after)
            simulator.faults = options.get("faults", ())
            gone, new = await canary.polls()
            return gone, old, new


async def test_the_counters_go_with_firmware_0825() -> None:
    gone, old, new = await seen("0811", "0826")
    assert gone == COUNTERS
    assert set(fields.told(new)) == set(fields.told(old)) - COUNTERS


async def test_a_section_that_loses_its_variables_is_named_field_by_field() -> None:
    gone, old, new = await seen("0826", "0826", faults=("bms-gone",))
    assert gone == MODULES
    assert (new.pv, new.grid, new.load) == (old.pv, old.grid, old.load)
    assert new.battery.soc == old.battery.soc


async def test_another_appliance_tells_other_things() -> None:
    gone, _, new = await seen("0826", "v2.1")
    assert gone == STRINGS | {"inverters.1.state_code", "inverters.2.state_code"}
    assert [box.state for box in new.wallboxes] == ["ready"]


@pytest.mark.parametrize("after", ["2411", "0811"])
async def test_nothing_is_named_that_is_still_told(after: str) -> None:
    gone, _, _ = await seen("0826", after)
    assert gone == set()
