"""What Auto restores, over restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.growatt.client.memory import Memory
from heliobus.growatt.control import FAMILIES, Change, changed
from heliobus.growatt.models import Inverter
from heliobus.transport.private import PrivateFile

if TYPE_CHECKING:
    from pathlib import Path

ONE = Inverter(serial="A1", family="tlx", name=None, plant_id="1")
OTHER = Inverter(serial="B2", family="tlx", name=None, plant_id="1")


def power(percent: int) -> Change:
    return changed(FAMILIES["tlx"], "tlx", "charge_power", [percent])


async def test_the_earliest_is_kept_by_inverter(tmp_path: Path) -> None:
    state = tmp_path / "account.json"
    await Memory(state).keep(ONE, [power(100)])
    await Memory(state).keep(ONE, [power(50)])
    await Memory(state).keep(OTHER, [power(30)])
    assert await Memory(state).known(ONE) == {"charge_power": power(100)}
    await Memory(state).keep_only(ONE, {})
    assert await Memory(state).known(ONE) == {}
    assert await Memory(state).known(OTHER) == {"charge_power": power(30)}


async def test_what_makes_no_sense_is_left_out(tmp_path: Path) -> None:
    kept = {"A1": {"charge_power": ["700"], "gone": ["1"], "ac_charge": 1}, "B2": 5}
    await PrivateFile(tmp_path / "account-undo.json").save(kept)
    assert await Memory(tmp_path / "account.json").known(ONE) == {}
    assert await Memory(tmp_path / "account.json").known(OTHER) == {}
