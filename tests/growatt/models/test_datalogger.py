"""Published records as typed models: what has no row is listed here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from heliobus.growatt.models.datalogger import LOGGER_RECORDS, LoggerMeter, LoggerMin, LoggerSph
from heliobus.growatt.protocol.datalogger import Receiver, layouts, parse_record

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.model.records import Record

SERIALS = {"datalogserial", "pvserial"}
_WORDS = {f"systemfaultword{number}" for number in range(8)}
# Faults, bus voltages, backup outputs and battery details, which the model has no place for: they stay in ``extra``.
BEYOND: dict[str, tuple[type[Record], set[str]]] = {
    "mqtt_sph": (
        LoggerSph,
        {"eactoday", "pvboosttemp", "bat_dsp", "pactouserr", "pactogridr", "plocaloadr", "spdspstatus", "spbusvolt"}
        | _WORDS,
    ),
    "mqtt_mod_xh": (
        LoggerMin,
        {
            *_WORDS,
            *("deratingmode", "iso", "dcir", "dcis", "dcit", "gfci", "temp3", "temp4", "temp5", "pbusvoltage"),
            *("nbusvoltage", "ipf", "realoppercent", "opfullwatt", "standbyflag", "invstartdelaytime", "bdconoffstate"),
            *("drycontactstate", "loadpercent", "pf", "dcv", "epsfac", "epspac"),
            *(f"eps{kind}{phase}" for kind in ("vac", "iac", "pac") for phase in (1, 2, 3)),
            *(f"bdc1_{name}" for name in ("sysstatemode", "faultcode", "warncode", "vbat", "ibat", "soc", "vbus1")),
            *(
                f"bdc1_{name}"
                for name in ("vbus2", "ibb", "illc", "tempa", "tempb", "edischrtotal", "echrtotal", "flag")
            ),
            *(f"bms_{name}" for name in ("status", "error", "warninfo", "batterycurr", "batterytemp", "maxcurr")),
            *(f"bms_{name}" for name in ("deltavolt", "constantvolt", "bms_info", "packinfo", "usingcap", "fw")),
            *("bms_mcuversion", "bms_commtype"),
        },
    ),
    "mqtt_meter": (
        LoggerMeter,
        {
            *(f"{kind}_l{phase}" for kind in ("app_power", "react_power", "powerfactor") for phase in (1, 2, 3)),
            *("pos_act_power", "rev_act_power", "L1-2_voltage", "L2-3_voltage", "L3-1_voltage"),
        },
    ),
}


@pytest.mark.parametrize("name", BEYOND)
def test_published_records(shared: Path, name: str) -> None:
    kind, beyond = BEYOND[name]
    said = json.loads((shared / f"captures/growatt/grott/{name}.json").read_text("utf-8"))["payload"]["values"]
    record = kind({key.strip(): value for key, value in said.items() if key not in SERIALS})
    assert set(record.extra) == beyond
    for key, row in kind.rows.items():
        if key in record.values:
            assert row.read(record.values[key]) == record.values[key]


def test_the_recorded_packet(shared: Path) -> None:
    data = bytes.fromhex((shared / "captures/growatt/grott/packet_0104_proto06.hex").read_text("ascii"))
    said = parse_record(Receiver().receive_data(data)[0])
    record = LOGGER_RECORDS[said.layout](dict(said.values))
    assert set(record.extra) == {
        *("regstart1", "regend1", "isof", "gfcif", "dcif", "vpvfault", "vacfault", "facfault", "tmpfault", "pbusvolt"),
        *("nbusvolt", "rac", "eractoday", "eractotal"),
    }


def test_every_row_is_a_field_of_its_layout() -> None:
    for name, kind in LOGGER_RECORDS.items():
        fields = {one.name for one in layouts()[name].fields}
        own = {row.key for row in vars(kind).values() if hasattr(row, "key")}
        if name not in ("inverter", "long", "tl3", "spf05"):  # what others of the same meaning have
            assert own & fields == own, name
