from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt import mapping
from heliobus.growatt.models import (
    Inverter,
    MixReading,
    MixStatus,
    MixTotals,
    PlantDevice,
    TlxDetail,
    TlxReading,
)
from heliobus.model import fields
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.growatt.protocol import Json
    from heliobus.model.snapshot import Snapshot

NOW = datetime(2026, 6, 20, 12, 0, tzinfo=UTC)
# Our own, in the form of a recorded answer.
STATUS: dict[str, Json] = {
    "ppv": 2.35, "pPv1": "1200.4", "pPv2": "1151.3", "vPv1": "350.1", "vPv2": "349.2", "pactouser": 0, "pactogrid": 0.6,
    "chargePower": 1.1, "pdisCharge1": 0, "pLocalLoad": 0.65, "SOC": "73", "vBat": "52.4", "fAc": "49.98",
    "vAc1": "231.2", "uwSysWorkMode": "5", "lost": "mix.status.normal",
}  # fmt: skip
TOTALS: dict[str, Json] = {
    "epvTotal": "6115.3", "elocalLoadTotal": "6171", "etogridTotal": "2568.6", "echargetotal": "1700.5",
    "edischarge1Total": "1600.5",
}  # fmt: skip
DETAIL: dict[str, Json] = {
    "ppv": 2500.0, "ppv1": 1500.0, "vpv1": 300.0, "ipv1": 5.0, "pac": 2450.0, "fac": 50.01, "vac1": 230.1, "vac2": 0,
    "pacToUserTotal": 0, "pacToGridTotal": 400.0, "pacToLocalLoad": 1000.0, "bdc1ChargePower": 1100.0,
    "bdc1DischargePower": 0, "bmsSoc": 50, "bmsVbat": 200.5, "etoUserTotal": 10.5, "etoGridTotal": 20.5,
    "elocalLoadTotal": 30.5, "echargeTotal": 5.5, "edischargeTotal": 4.5, "time": "2026-06-20 14:00:00", "status": 1,
}  # fmt: skip


def mix(status: dict[str, Any] | None = None, totals: dict[str, Any] | None = None) -> Snapshot:
    reading = MixReading(status=MixStatus({**STATUS, **(status or {})}), totals=MixTotals({**TOTALS, **(totals or {})}))
    return mapping.snapshot(reading, received_at=NOW)


def tlx(*, inverter: Inverter | None = None, **detail: Any) -> Snapshot:
    return mapping.snapshot(TlxReading(detail=TlxDetail({**DETAIL, **detail})), received_at=NOW, inverter=inverter)


def near(value: float) -> Any:
    return pytest.approx(value, abs=1e-6)


def test_a_hybrid_in_watts_and_watt_hours() -> None:
    seen = mix()
    assert seen.pv.power == near(2351.7)  # the strings', which are finer
    assert [(one.id, one.power, one.voltage) for one in seen.pv.strings] == [("1", 1200.4, 350.1), ("2", 1151.3, 349.2)]
    assert (seen.grid.power, seen.battery.power, seen.load.power) == (near(-600), near(-1100), near(650))
    assert (seen.battery.soc, seen.battery.voltage, seen.grid.frequency) == (73.0, 52.4, 49.98)
    assert (seen.pv.energy, seen.grid.export_energy) == (near(6_115_300), near(2_568_600))
    assert (seen.battery.charge_energy, seen.battery.discharge_energy) == (near(1_700_500), near(1_600_500))
    assert (seen.system.state_code, seen.system.state) == (5, "PV and battery on grid")
    assert seen.grid.import_energy is None
    assert not seen.quality


def test_signs_are_those_of_the_model() -> None:
    night = mix({"pactouser": 0.25, "pactogrid": 0, "pdisCharge1": 0.5, "chargePower": 0})
    assert (night.grid.power, night.battery.power) == (near(250), near(500))


def test_strings_that_do_not_add_up_do_not_stand_for_the_whole() -> None:
    assert mix({"pPv2": "0"}).pv.power == near(2350)
    assert mix({"pPv2": None}).pv.power == near(2350)


def test_strings_stand_for_the_whole_within_a_step_of_it() -> None:
    """``ppv`` is 2.35 kW, in steps of 10 W."""
    assert mix({"pPv2": "1159.6"}).pv.power == near(2360)
    assert mix({"pPv2": "1159.7"}).pv.power == near(2350)
    assert mix({"pPv2": "1139.6"}).pv.power == near(2340)
    assert mix({"pPv2": "1139.5"}).pv.power == near(2350)


@pytest.mark.parametrize("nothing", [None, "", "null", "--", "3 V"])
def test_a_value_that_did_not_come_is_missing_and_not_0(nothing: Json) -> None:
    seen = mix({"pactogrid": nothing, "SOC": nothing}, {"epvTotal": nothing})
    assert (seen.grid.power, seen.battery.soc, seen.pv.energy) == (None, None, None)
    missing = {path for path, quality in seen.quality.items() if quality is Quality.MISSING}
    assert missing == {"grid.power", "batteries.1.soc", "pv.energy"}
    assert {"grid.power", "batteries.*.soc", "pv.energy"} <= mapping.carried(seen)
    assert seen.load.power == near(650)


def test_a_pair_of_which_the_answer_has_only_one_is_unknown() -> None:
    lacking = {name: value for name, value in STATUS.items() if name != "pactogrid"}
    reading = MixReading(status=MixStatus(lacking), totals=MixTotals({}))
    seen = mapping.snapshot(reading, received_at=NOW)
    assert (seen.grid.power, seen.quality["grid.power"]) == (None, Quality.MISSING)


def test_what_an_answer_has_no_place_for_is_not_carried() -> None:
    seen = mapping.snapshot(MixReading(status=MixStatus({}), totals=MixTotals({})), received_at=NOW)
    assert (list(fields.walk(seen)), dict(seen.quality), mapping.carried(seen)) == ([], {}, frozenset())


def test_a_lost_hybrid_is_stale() -> None:
    seen = mix({"lost": "mix.status.lost"})
    assert seen.pv.power == near(2351.7)
    assert {seen.quality_of(value.path) for value in fields.walk(seen)} == {Quality.STALE}


def test_an_unknown_work_mode_keeps_its_number() -> None:
    assert (mix({"uwSysWorkMode": "99"}).system.state_code, mix({"uwSysWorkMode": "99"}).system.state) == (99, None)


# -- TLX


def test_a_tlx_with_meter_and_battery() -> None:
    seen = tlx()
    assert (seen.pv.power, seen.grid.power, seen.battery.power, seen.load.power) == (2500.0, -400.0, -1100.0, 1000.0)
    assert seen.residual == near(0)
    assert (seen.grid.import_energy, seen.grid.export_energy, seen.load.energy) == (10_500.0, 20_500.0, 30_500.0)
    assert [(phase.id, phase.voltage) for phase in seen.grid.phases] == [("L1", 230.1)]
    assert [(one.power, one.state_code) for one in seen.inverters] == [(2450.0, 1)]
    assert not seen.quality


def test_a_tlx_tells_temperatures_and_the_health_of_its_battery() -> None:
    seen = tlx(temp1=45.3, temp2=50.1, bmsTemp1Bat=21.4, bmsSoh=97)
    assert seen.inverters[0].temperature == 45.3
    assert (seen.battery.temperature, seen.battery.soh, seen.battery.soc) == (21.4, 97.0, 50.0)


def test_two_batteries_add_up() -> None:
    seen = tlx(bdc2ChargePower=0, bdc2DischargePower=300.0)
    assert seen.battery.power == near(-800)
    unknown = tlx(bdc2ChargePower=None, bdc2DischargePower=300.0)
    assert (unknown.battery.power, unknown.quality["batteries.1.power"]) == (None, Quality.MISSING)


def test_without_a_meter_grid_and_load_are_unknown_and_not_0() -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("pacToUserTotal", "pacToGridTotal", "pacToLocalLoad", "etoUserTotal", "etoGridTotal", "elocalLoadTotal"), 0.0
    )
    seen = tlx(**nothing)
    assert (seen.grid.power, seen.load.power, seen.grid.import_energy) == (None, None, None)
    assert "grid.power" not in mapping.carried(seen)
    assert seen.pv.power == 2500.0


def test_without_a_battery_there_is_none() -> None:
    assert tlx(bmsSoc=0, bmsVbat=0, echargeTotal=0, edischargeTotal=0).batteries == ()


def test_a_tlx_tells_its_time_in_its_plants_zone() -> None:
    def inverter(zone: timezone | None) -> Inverter:
        return Inverter(serial="T", family="tlx", name=None, plant_id="1", zone=zone)

    assert tlx(inverter=inverter(timezone(timedelta(hours=2)))).device_time == NOW
    assert tlx(inverter=inverter(None)).device_time is None


def test_a_lost_tlx_is_stale() -> None:
    assert tlx(lost=True).quality_of("pv.power") is Quality.STALE
    assert tlx(lost=False).quality_of("pv.power") is Quality.GOOD


# -- all


json_values: st.SearchStrategy[Any] = st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers()


@given(
    st.dictionaries(st.sampled_from(sorted(STATUS)), json_values),
    st.dictionaries(st.sampled_from(sorted(DETAIL)), json_values),
)
def test_whatever_comes_there_is_a_snapshot(status: dict[str, Any], detail: dict[str, Any]) -> None:
    for seen in (mix(status), tlx(**detail)):
        json.dumps(seen.to_dict(), allow_nan=False)
        for path, quality in seen.quality.items():
            assert (fields.get(seen, path) is None) == (quality is Quality.MISSING)
        assert mapping.carried(seen) <= mapping.carriable()


def test_a_device_keeps_the_word_for_an_unknown_family() -> None:
    listed = PlantDevice({"deviceSn": "S", "deviceType": "hps"})
    inverter = Inverter(serial=listed.serial or "", family=listed.family or "", name=None, plant_id="1")
    assert (mapping.device(inverter).id, mapping.device(inverter).model) == ("S", "hps")


def test_the_recorded_hybrid_balances(shared: Path) -> None:
    record = json.loads((shared / "captures/growatt/legacy/web_mix_status.json").read_text("utf-8"))
    reading = MixReading(status=MixStatus(record["payload"]["obj"]), totals=MixTotals({}))
    seen = mapping.snapshot(reading, received_at=NOW)
    assert (seen.pv.power, seen.grid.power, seen.load.power) == (near(1184.0), near(-340), near(840))
    assert seen.residual == pytest.approx(0, abs=10)
    assert not seen.quality
