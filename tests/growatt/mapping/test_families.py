"""SPF, SPA, plain inverters, MAX, NOAH and NEXA as snapshots."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt import mapping
from heliobus.growatt.models import (
    Inverter,
    InverterDetail,
    InverterReading,
    MaxReading,
    NexaReading,
    NexaStatus,
    NoahReading,
    NoahStatus,
    PlantDevice,
    Reading,
    Record,
    SpaReading,
    StorageParams,
    StorageReading,
    StorageTotals,
)
from heliobus.model import fields
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.growatt.protocol import Json
    from heliobus.model.snapshot import Snapshot

NOW = datetime(2026, 6, 20, 12, 0, tzinfo=UTC)
SPF: dict[str, Json] = {
    "ppv": 600.5, "ppv2": 400.5, "vpv": 120.1, "vpv2": 119.9, "pCharge": 300.0, "pAcInPut": 50.0, "outPutPower": 751.0,
    "capacity": 98, "vBat": 53.1, "epvTotal": 1739.6, "eChargeTotal": 1767.4, "eBatDisChargeTotal": 710.4,
    "vGrid": 230.1, "freqGrid": 50.02, "statusText": "PV charge",
}  # fmt: skip
SPF_TOTALS: dict[str, Json] = {"useEnergyTotal": "198.4", "eToUserTotal": "949.1", "eToGridToday": "243.7"}
PLAIN: dict[str, Json] = {
    "ppv": 2000.0, "ppv1": 1200.0, "ppv2": 800.0, "vpv1": 350.0, "ipv1": 3.4, "pac": 1950.0, "fac": 50.0,
    "vacr": 230.0, "vacs": 0, "vact": 0, "temperature": 41.5, "powerTotal": 30000.5, "status": 1,
    "statusText": "Normal", "time": "2026-06-20 14:00:00",
}  # fmt: skip
NOAH: dict[str, Json] = {
    "ppv": "400", "pac": "250", "chargePower": "150", "disChargePower": "0", "soc": "63", "workMode": "1",
}  # fmt: skip
NEXA: dict[str, Json] = {**NOAH, "pac": "-250", "gridPower": "-40 W", "loadPower": "210", "isHaveCt": "true"}


def near(value: float) -> Any:
    return pytest.approx(value)


def seen(reading: Reading, inverter: Inverter | None = None) -> Snapshot:
    return mapping.snapshot(reading, received_at=NOW, inverter=inverter)


def spf(totals: dict[str, Json] | None = None, **detail: Json) -> Snapshot:
    params = StorageParams({"storageDetailBean": {**SPF, **detail}})
    return seen(StorageReading(params=params, totals=StorageTotals(SPF_TOTALS if totals is None else totals)))


def nexa(**status: Json) -> Snapshot:
    return seen(NexaReading(status=NexaStatus({**NEXA, **status})))


def test_an_spf_is_signed() -> None:
    day = spf()
    assert (day.pv.power, day.grid.power, day.battery.power, day.load.power) == (1001.0, 50.0, -300.0, 751.0)
    assert day.residual == 0
    assert spf(pCharge=-500.0).battery.power == 500.0
    assert [(string.id, string.power, string.voltage) for string in day.pv.strings] == [
        ("1", 600.5, 120.1),
        ("2", 400.5, 119.9),
    ]
    assert (day.battery.charge_energy, day.battery.discharge_energy) == (near(1_767_400), 710_400)
    assert (day.grid.import_energy, day.load.energy) == (near(949_100), near(198_400))
    assert (day.grid.export_energy, day.system.state) == (None, "PV charge")
    assert not day.quality


def test_an_spf_without_its_details() -> None:
    reading = StorageReading(params=StorageParams({}), totals=StorageTotals(SPF_TOTALS))
    assert (seen(reading).pv.power, seen(reading).grid.import_energy) == (None, near(949_100))


def test_the_recorded_spf(shared: Path) -> None:
    folder = shared / "captures/growatt/legacy"
    params = json.loads((folder / "storage_detail_spf_partial.json").read_text("utf-8"))["payload"]
    totals = json.loads((folder / "storage_total_spf6000.json").read_text("utf-8"))["payload"]["obj"]
    told = seen(StorageReading(params=StorageParams(params), totals=StorageTotals(totals)))
    assert (told.load.power, told.battery.soc, told.battery.voltage) == (54.0, 98.0, near(53.08))
    assert (told.pv.energy, told.battery.charge_energy) == (1_739_600, near(1_767_400))
    assert (told.pv.power, told.battery.power, told.grid.power) == (None, None, None)
    assert not told.quality


def test_an_spa_has_its_charge() -> None:
    device = PlantDevice({"deviceSn": "S", "deviceType": "spa", "capacity": "47%", "lost": True})
    told = seen(SpaReading(device=device, status=Record({"ppv": 1}), energy=Record({})))
    assert (told.battery.soc, told.pv.power) == (47.0, None)
    assert told.quality_of("battery.soc") is Quality.STALE


@pytest.mark.parametrize("kind", [InverterReading, MaxReading])
def test_a_plain_inverter(kind: type[InverterReading]) -> None:
    plain = Inverter(serial="I", family="inverter", name=None, plant_id="1", zone=ZoneInfo("Europe/Berlin"))
    told = seen(kind(detail=InverterDetail(PLAIN)), plain)
    assert (told.pv.power, told.pv.energy, told.inverters[0].power) == (2000.0, 30_000_500.0, 1950.0)
    assert [(phase.id, phase.voltage) for phase in told.grid.phases] == [("L1", 230.0)]
    assert (told.inverters[0].state_code, told.inverters[0].state, told.inverters[0].temperature) == (1, "Normal", 41.5)
    assert (told.device_time, told.grid.power, told.batteries) == (NOW, None, ())


def test_a_noah_and_a_nexa_have_signs_of_their_own() -> None:
    noah = seen(NoahReading(status=NoahStatus(NOAH)))
    assert (noah.pv.power, noah.battery.power, noah.battery.soc) == (400.0, -150.0, 63.0)
    assert (noah.inverters[0].power, noah.system.state, noah.grid.power) == (250.0, "battery first", None)
    assert (nexa().inverters[0].power, nexa().grid.power, nexa().load.power) == (250.0, -40.0, 210.0)
    assert nexa().residual == 0


def test_a_nexa_without_a_meter_does_not_know_the_house() -> None:
    told = nexa(isHaveCt="false", gridPower="0", loadPower="0")
    assert (told.grid.power, told.load.power) == (None, None)
    assert "grid.power" not in mapping.carried(told)


def test_half_a_pair_is_unknown() -> None:
    told = seen(NoahReading(status=NoahStatus({**NOAH, "disChargePower": "--"})))
    assert (told.battery.power, told.quality["batteries.1.power"]) == (None, Quality.MISSING)


json_values: st.SearchStrategy[Any] = st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers()


@given(
    st.dictionaries(st.sampled_from(sorted(SPF)), json_values),
    st.dictionaries(st.sampled_from(sorted(PLAIN)), json_values),
    st.dictionaries(st.sampled_from(sorted(NEXA)), json_values),
)
def test_whatever_comes_there_is_a_snapshot(
    storage: dict[str, Any], plain: dict[str, Any], balcony: dict[str, Any]
) -> None:
    for told in (spf(**storage), seen(InverterReading(detail=InverterDetail({**PLAIN, **plain}))), nexa(**balcony)):
        json.dumps(told.to_dict(), allow_nan=False)
        for path, quality in told.quality.items():
            assert (fields.get(told, path) is None) == (quality is Quality.MISSING)
        assert mapping.carried(told) <= mapping.carriable()
