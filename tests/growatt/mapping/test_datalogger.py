from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.growatt import mapping
from heliobus.growatt.models.datalogger import LOGGER_RECORDS, DataloggerReading, LoggerMeter
from heliobus.growatt.protocol.datalogger import Receiver, layout, parse_record
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.snapshot import Snapshot

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def published(shared: Path, name: str, table: str) -> dict[str, Any]:
    """The record as the wire would bring it: divided, and with signs."""
    said = json.loads((shared / f"captures/growatt/grott/{name}.json").read_text("utf-8"))["payload"]["values"]
    found = {}
    for one in layout(table).fields:
        raw = {key.strip(): value for key, value in said.items()}.get(one.name)
        if raw is not None:
            signed = raw - (1 << 32) if one.kind == "4s" and raw >= 1 << 31 else raw
            found[one.name] = signed / one.divide
    return found


def mapped(table: str, values: dict[str, Any], **more: Any) -> Snapshot:
    return mapping.snapshot(DataloggerReading(record=LOGGER_RECORDS[table](values), **more), received_at=NOW)


def test_the_recorded_packet(shared: Path) -> None:
    data = bytes.fromhex((shared / "captures/growatt/grott/packet_0104_proto06.hex").read_text("ascii"))
    record = parse_record(Receiver().receive_data(data)[0])
    read = mapped(record.layout, dict(record.values))
    assert read.inverters[0].power == 505.1
    assert [(phase.id, phase.voltage) for phase in read.grid.phases] == [("L1", 237.3)]
    assert (read.pv.power, read.pv.energy, read.grid.frequency) == (549.0, 4_511_000.0, 50.01)
    assert read.batteries == ()
    assert read.grid.power is None


def test_a_hybrid_with_a_battery(shared: Path) -> None:
    read = mapped("sph", published(shared, "mqtt_sph", "sph"))
    assert (read.pv.power, read.grid.power, read.battery.power, read.load.power) == (310.0, 0.0, 390.0, 700.0)
    assert read.residual == 0.0
    assert (read.battery.soc, read.battery.voltage) == (80.0, 53.0)
    assert read.grid.import_energy == 176_000.0
    assert (read.system.state_code, read.system.state) == (5, "PV and battery on grid")


def test_signs_of_a_mod_and_its_meter(shared: Path) -> None:
    values = published(shared, "mqtt_mod_xh", "min")
    read = mapped("min", values)
    assert read.inverters[0].power == -36.7
    assert read.grid.power == 809.9
    assert read.battery.power == 10.0
    assert read.load.power == 823.9
    assert read.residual == pytest.approx(0.0, abs=5.0)
    meter = mapped("min", values, meter=LoggerMeter(published(shared, "mqtt_meter", "meter")))
    assert meter.grid.power == 809.9
    assert sum(phase.power or 0.0 for phase in meter.grid.phases) == pytest.approx(809.8, abs=0.2)
    assert meter.grid.frequency == 50.01


def test_a_plain_inverter_with_a_meter(shared: Path) -> None:
    meter = LoggerMeter(published(shared, "mqtt_meter", "meter"))
    read = mapped("inverter", {"pvpowerin": 100.0}, meter=meter)
    assert read.grid.power == 809.8
    assert read.grid.import_energy == 958_700.0


def test_without_meter_and_battery_zeros_are_nothing() -> None:
    zeros = {one.name: 0 for one in layout("min").fields}
    read = mapped("min", zeros)
    assert (read.grid.power, read.load.power, read.batteries) == (None, None, ())
    assert read.pv.power == 0.0


def test_an_off_grid_inverter() -> None:
    values = {"pvstatus": 2, "ppv1": 200.0, "ppv2": 50.0, "op_watt": 400.0, "AC_InWatt": 0.0, "BatWatt": 150.0}
    read = mapped("spf", {**values, "batterySoc": 77})
    assert (read.pv.power, read.load.power, read.battery.power, read.battery.soc) == (250.0, 400.0, 150.0, 77.0)
    assert read.residual == 0.0


def test_what_came_but_is_old_is_stale() -> None:
    read = mapped("inverter", {"pvpowerin": 100.0}, old=True)
    assert read.quality_of("pv.power") is Quality.STALE
