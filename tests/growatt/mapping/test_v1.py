from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.growatt import mapping
from heliobus.growatt.models import Inverter
from heliobus.growatt.models import v1 as models
from heliobus.model import fields
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.growatt.models import Reading
    from heliobus.growatt.protocol import Json
    from heliobus.model.snapshot import Snapshot

NOW = datetime(2026, 6, 20, 12, 0, tzinfo=UTC)
READINGS: dict[str, Any] = {
    "tlx": lambda values: models.MinReading(last=models.MinLast(values)),
    "mix": lambda values: models.SphReading(last=models.MixLast(values)),
    "spa": lambda values: models.SpaReading(last=models.SpaLast(values)),
    "max": lambda values: models.MaxReading(last=models.MaxLast(values)),
    "inverter": lambda values: models.InverterReading(last=models.InverterLast(values)),
    "storage": lambda values: models.StorageReading(last=models.StorageLast(values)),
}


def mapped(reading: Reading, inverter: Inverter | None = None) -> Snapshot:
    return mapping.snapshot(reading, received_at=NOW, inverter=inverter, route="v1")


def captured(shared: Path, name: str) -> Any:
    return json.loads((shared / f"captures/growatt/{name}.json").read_text("utf-8"))["payload"]["data"]


def test_the_recorded_min(shared: Path) -> None:
    """A MOD 12KTL3-HU: all of the sun goes into the house, and the battery's manager tells nothing but its charge."""
    values = captured(shared, "v1_real/min_energy_tlx_last_data_mod12ktl3")
    found = mapped(READINGS["tlx"](values))
    assert found.source == "growatt/v1"
    assert (found.pv.power, found.load.power, found.grid.power, found.battery.power) == (492.4, 492.4, 0.0, 0.0)
    assert found.residual == pytest.approx(0.0)
    assert {string.id: string.power for string in found.pv.strings} == {"1": 209.1, "2": 0.0, "3": 283.3, "4": 0.0}
    assert (found.battery.soc, found.battery.voltage, found.battery.temperature) == (20.0, 730.4, None)
    assert (found.grid.import_energy, found.grid.export_energy) == (3_082_700.0, 15_300.0)
    assert [phase.voltage for phase in found.grid.phases] == [232.1, 240.7, 232.6]
    # It says that it is lost, and works.
    assert values["lost"] is True
    assert Quality.STALE not in found.quality.values()


def test_the_sample_of_a_sph(shared: Path) -> None:
    found = mapped(READINGS["mix"](captured(shared, "openapi_samples/sph.energy")))
    assert (found.grid.power, found.battery.power) == (-38.6, 16.5)
    assert found.pv.power == pytest.approx(3.9)
    assert (found.battery.soc, found.battery.soh, found.battery.cycles) == (100.0, 47.0, 1331.0)
    assert (found.battery.charge_energy, found.load.energy) == (6_113_200.0, 26_980_800.0)
    assert found.system.state == "PV and battery on grid"


def test_a_sp_gives_to_the_house_and_knows_no_grid(shared: Path) -> None:
    """Its ``pacToUser`` of 1922.9 W is what becomes of 2067.1 W from the modules."""
    found = mapped(READINGS["storage"](captured(shared, "openapi_samples/storage.energy")))
    assert found.pv.power == pytest.approx(2067.1)
    assert (found.grid.power, found.load.power) == (None, None)
    assert found.battery.soc == 52.0


def test_a_plain_inverter_knows_neither_house_nor_battery(shared: Path) -> None:
    found = mapped(READINGS["inverter"](captured(shared, "openapi_samples/inverter.energy")))
    assert found.pv.energy == 615_336_000.0
    assert [string.id for string in found.pv.strings] == ["1", "2", "3", "4", "5", "6"]
    assert (found.grid.power, found.load.power, found.batteries) == (None, None, ())
    assert found.inverters[0].state == "Waiting"


def test_import_and_export_are_one_power_with_a_sign() -> None:
    found = mapped(READINGS["mix"]({"pacToUserTotal": 0, "pacToGridTotal": 400, "pcharge1": 100, "pdischarge1": 0}))
    assert (found.grid.power, found.battery.power) == (-400.0, -100.0)


def test_a_half_of_a_pair_is_missing_not_zero() -> None:
    found = mapped(READINGS["mix"]({"pacToGridTotal": 400, "ppv": "null"}))
    assert (found.grid.power, found.pv.power) == (None, None)
    assert found.quality == {"grid.power": Quality.MISSING, "pv.power": Quality.MISSING}


def test_lead_has_no_manager() -> None:
    found = mapped(READINGS["mix"]({"soc": 80, "bmsSOC": 0, "bmsSOH": 0}))
    assert (found.battery.soc, found.battery.soh) == (80.0, None)


@pytest.mark.parametrize(
    ("family", "name"),
    [
        *((one, "temp1") for one in ("tlx", "mix", "spa")),
        *((one, "temperature") for one in ("max", "inverter", "storage")),
    ],
)
def test_every_inverter_tells_its_temperature(family: str, name: str) -> None:
    found = mapped(READINGS[family]({name: 41.5, "temp2": 50.0, "temperature2": 50.0, "ipmTemperature": 60.0}))
    assert found.inverters[0].temperature == 41.5


@pytest.mark.parametrize("family", ["mix", "spa"])
def test_a_lithium_battery_has_a_manager(family: str) -> None:
    told = {"soc": 79, "bmsSOC": 80, "bmsSOH": 97, "bmsBatteryTemp": 21.4}
    battery = mapped(READINGS[family](told)).battery
    assert (battery.soc, battery.soh, battery.temperature) == (80.0, 97.0, 21.4)


def test_a_min_with_a_manager_tells_what_that_measures() -> None:
    told = {"bmsSoc": 50, "bmsSoh": 97, "bmsVbat": 200.5, "bdc1Vbat": 210.0, "bmsTemp1Bat": 21.4}
    battery = mapped(READINGS["tlx"](told)).battery
    assert (battery.soc, battery.soh, battery.voltage, battery.temperature) == (50.0, 97.0, 200.5, 21.4)


def test_the_energies_of_samples_in_snake_case_are_the_same() -> None:
    one = mapped(READINGS["mix"]({"echarge1Total": 5.5}))
    other = mapped(READINGS["mix"]({"echarge1_total": 5.5}))
    assert one.battery.charge_energy == other.battery.charge_energy == 5500.0


def test_the_time_is_the_plants() -> None:
    zone = ZoneInfo("Europe/Warsaw")
    inverter = Inverter(serial="SN", family="tlx", name=None, plant_id="7", zone=zone)
    found = mapped(READINGS["tlx"]({"time": "2026-06-20 14:00:00"}), inverter)
    assert found.device_time == NOW


def test_a_sample_of_a_day_has_both_sides_of_each_pair() -> None:
    values = {
        "time": "2026-06-20 12:00:00", "ppv": 900, "pacToUserTotal": 0, "pacToGridTotal": 400, "pcharge1": 0,
        "pdischarge1": 100, "plocalLoadTotal": 600, "soc": 50,
    }  # fmt: skip
    inverter = Inverter(serial="SN", family="mix", name=None, plant_id="7", zone=UTC)
    sample = mapping.day_sample(mapped(READINGS["mix"](values), inverter))
    assert sample is not None
    assert (sample.time, sample.pv, sample.load, sample.soc) == (NOW, 900.0, 600.0, 50.0)
    assert (sample.import_power, sample.export_power) == (0.0, 400.0)
    assert (sample.charge_power, sample.discharge_power) == (0.0, 100.0)
    assert mapping.day_sample(mapped(READINGS["mix"]({}), inverter)) is None


@pytest.mark.parametrize(
    ("written", "start"), [("2026-06-20", date(2026, 6, 20)), ("2026-06", date(2026, 6, 1)), ("2026", date(2026, 1, 1))]
)
def test_an_energy_belongs_to_its_span(written: str, start: date) -> None:
    sample = mapping.span_sample(models.EnergyPoint({"date": written, "energy": "7.6"}))
    assert sample is not None
    assert (sample.start, sample.pv) == (start, 7600.0)
    assert mapping.span_sample(models.EnergyPoint({"date": "soon", "energy": 1})) is None


_values = st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.just("null") | st.lists(st.integers())


@pytest.mark.parametrize("family", READINGS)
def test_whatever_it_says_every_quality_has_its_field(family: str) -> None:
    rows = READINGS[family]({}).last.rows

    @given(st.dictionaries(st.sampled_from(sorted(rows)), _values, max_size=20))
    def judge(values: dict[str, Json]) -> None:
        found = mapped(READINGS[family](values))
        for path in found.quality:
            assert fields.get(found, path) is None

    judge()
