from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.model import fields
from heliobus.model.parts import PV, Battery, BatteryModule, Grid, Load, Phase, PVString, Switch, System, Wallbox
from heliobus.model.quality import Quality, worst
from heliobus.model.quantity import Kind
from heliobus.model.snapshot import Snapshot

NOON = datetime(2026, 6, 21, 12, tzinfo=timezone(timedelta(hours=2)))
numbers = st.floats(-1e5, 1e5) | st.none()


def house(**parts: object) -> Snapshot:
    return dataclasses.replace(Snapshot(source="test", received_at=NOON), **parts)  # type: ignore[arg-type]


FULL = house(
    pv=PV(power=4000.0, strings=(PVString(id="1", power=4000.0, voltage=400.0),)),
    grid=Grid(power=-1000.0, frequency=50.0, phases=(Phase(id="L1", voltage=230.0),)),
    batteries=(Battery(power=-2400.0, soc=50.0, modules=(BatteryModule(id="3", soc=49.0),)),),
    load=Load(power=500.0),
    wallboxes=(Wallbox(id="1", power=100.0),),
    system=System(state_code=14, state="CHARGE"),
    quality={"load.power": Quality.DERIVED},
)


def test_views_that_nobody_can_misread() -> None:
    assert (FULL.grid.import_power, FULL.grid.export_power) == (0.0, 1000.0)
    assert (FULL.battery.charge_power, FULL.battery.discharge_power) == (2400.0, 0.0)
    assert (Grid().import_power, Grid().export_power, Battery().charge_power, Battery().discharge_power) == (None,) * 4
    assert FULL.residual == 0.0


@given(numbers, numbers, numbers, numbers)
def test_the_residual_is_unknown_when_a_part_is(
    pv: float | None, grid: float | None, bat: float | None, load: float | None
) -> None:
    one = house(pv=PV(power=pv), grid=Grid(power=grid), batteries=(Battery(power=bat),), load=Load(power=load))
    if None in (pv, grid, bat, load):
        assert one.residual is None
    else:
        assert pv is not None
        assert grid is not None
        assert bat is not None
        assert load is not None
        assert one.residual == pytest.approx(pv + grid + bat - load)


def test_walk_gives_every_known_value_once_with_its_unit() -> None:
    found = {one.path: (one.value, one.quantity.unit) for one in fields.walk(FULL)}
    assert found == {
        "pv.power": (4000.0, "W"),
        "pv.strings.1.power": (4000.0, "W"),
        "pv.strings.1.voltage": (400.0, "V"),
        "grid.power": (-1000.0, "W"),
        "grid.frequency": (50.0, "Hz"),
        "grid.phases.L1.voltage": (230.0, "V"),
        "load.power": (500.0, "W"),
        "system.state_code": (14, ""),
        "batteries.1.power": (-2400.0, "W"),
        "batteries.1.soc": (50.0, "%"),
        "batteries.1.modules.3.soc": (49.0, "%"),
        "wallboxes.1.power": (100.0, "W"),
        "battery.power": (-2400.0, "W"),
        "battery.soc": (50.0, "%"),
        "battery.modules.3.soc": (49.0, "%"),
    }
    assert [one.path for one in fields.walk(FULL)] == list(dict.fromkeys(one.path for one in fields.walk(FULL)))


def test_told_are_values_flags_and_lists_but_no_words() -> None:
    module = BatteryModule(id="3", serial="7", soc=0.0, cell_voltages=(3.5, None))
    one = dataclasses.replace(
        FULL,
        batteries=(Battery(power=-2400.0, soc=50.0, modules=(module,)),),
        wallboxes=(Wallbox(id="1", power=100.0, car_connected=False, mode="solar"),),
        switches=(Switch(id="2", name="pump", on=True), Switch(id="3", name="lamp")),
    )
    walked = {value.path for value in fields.walk(one) if not value.path.startswith("battery.")}
    told = list(fields.told(one))
    assert set(told) - walked == {
        "batteries.1.modules.3.cell_voltages",
        "wallboxes.1.car_connected",
        "switches.2.on",
    }
    assert walked <= set(told)
    assert len(told) == len(set(told))


def test_every_walked_path_resolves_and_is_declared() -> None:
    for path, value, quantity in fields.walk(FULL):
        assert fields.get(FULL, path) == value
        assert fields.quantity(path) == quantity
    assert fields.declared_path("grid.phases.L1.voltage") == "grid.phases.*.voltage"
    for path in ("pv.colour", "grid.phases.L1.flavour", "nothing"):
        with pytest.raises(KeyError):
            fields.quantity(path)
        with pytest.raises(KeyError):
            fields.get(FULL, path)
    assert fields.get(FULL, "grid.phases.L2.voltage") is None


def test_declared_paths_cover_the_parts() -> None:
    declared = fields.declared()
    assert declared["batteries.*.modules.*.soc"].unit == "%"
    assert declared["battery.power"].kind is Kind.POWER
    assert declared["grid.import_energy"].kind is Kind.COUNTER
    assert not [path for path in declared if path.endswith(".id")]


def test_quality_of() -> None:
    assert FULL.quality_of("pv.power") is Quality.GOOD
    assert FULL.quality_of("load.power") is Quality.DERIVED
    assert FULL.quality_of("pv.energy") is Quality.MISSING
    assert worst([]) is Quality.MISSING
    assert worst([Quality.GOOD, Quality.STALE]) is Quality.STALE


def test_to_dict_is_json_with_unknown_as_null_and_times_in_utc() -> None:
    plain = json.loads(json.dumps(FULL.to_dict(), allow_nan=False))
    assert plain["received_at"] == "2026-06-21T10:00:00+00:00"
    assert plain["pv"]["power"] == 4000.0
    assert plain["pv"]["energy"] is None
    assert plain["battery"]["soc"] == plain["batteries"][0]["soc"] == 50.0
    assert plain["quality"] == {"load.power": "derived"}
    assert Snapshot(source="x", received_at=datetime.now(UTC)).to_dict()["battery"]["power"] is None


@given(
    st.lists(
        st.builds(Battery, id=st.uuids().map(str), power=numbers, soc=numbers, capacity=st.floats(1, 1e5) | st.none()),
        min_size=2,
        max_size=4,
    )
)
def test_several_batteries_add_up_or_are_unknown(batteries: list[Battery]) -> None:
    whole = house(batteries=tuple(batteries)).battery
    powers = [one.power for one in batteries]
    if None in powers:
        assert whole.power is None
    else:
        assert whole.power == pytest.approx(sum(one for one in powers if one is not None))
    socs = [one.soc for one in batteries]
    if None in socs or None in [one.capacity for one in batteries]:
        assert whole.soc is None
    else:
        assert whole.soc is not None
        known = [one for one in socs if one is not None]
        assert min(known) - 1e-6 <= whole.soc <= max(known) + 1e-6
    assert whole.voltage is None


def test_no_battery_is_no_value() -> None:
    assert house().battery == Battery()
