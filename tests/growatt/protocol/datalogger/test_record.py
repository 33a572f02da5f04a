from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import ProtocolError, UsageError
from heliobus.growatt.protocol.datalogger import (
    DataRecord,
    Frame,
    Receiver,
    Type,
    build_frame,
    build_record,
    layout,
    parse_record,
)
from tests.growatt.protocol.datalogger.made import PROTOCOLS, records

if TYPE_CHECKING:
    from pathlib import Path

# What Grott published of a record, the layout of the record, and what of it is not in the layout.
PUBLISHED: dict[str, tuple[str, set[str]]] = {
    "mqtt_mod_xh": ("min", set()),
    "mqtt_sph": ("sph", set()),
    "mqtt_meter": ("meter", set()),
}
SERIALS = {"datalogserial", "pvserial"}


def payload(shared: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / f"captures/growatt/grott/{name}.json").read_text("utf-8"))["payload"]
    return found


def round_trip(record: DataRecord, *, protocol: int = 0x06, family: str | None = None) -> DataRecord:
    (frame,) = Receiver().receive_data(build_frame(build_record(record, protocol=protocol)))
    return parse_record(frame, family=family)


def test_the_recorded_packet(shared: Path) -> None:
    data = bytes.fromhex((shared / "captures/growatt/grott/packet_0104_proto06.hex").read_text("ascii"))
    record = parse_record(Receiver().receive_data(data)[0])
    assert (record.kind, record.logger, record.serial) == (Type.DATA, "JPC281833B", "QMB2823261")
    assert record.time == datetime(2021, 2, 9, 12, 14, 10)  # noqa: DTZ001
    assert record.values["pvpowerout"] == 505.1
    assert record.values["pvgridvoltage"] == 237.3
    said = payload(shared, "packet_0104_decoded_t060104")
    # Grott's date is the first two bytes of it as a number.
    del said["date"]
    assert said.pop("pvserial") == record.serial
    assert {name: record.values[name] for name in said} == said
    assert record.values.keys() - said.keys() == {"regstart1", "regend1"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_records_come_over_the_wire(shared: Path, name: str) -> None:
    table, beyond = PUBLISHED[name]
    said = {key.strip(): value for key, value in payload(shared, name)["values"].items()}
    fields = {one.name: one for one in layout(table).fields}
    raw = {key: value for key, value in said.items() if key not in SERIALS}
    assert raw.keys() - fields.keys() == beyond
    record = DataRecord(
        kind=Type.METER if table == "meter" else Type.DATA,
        logger=said.get("datalogserial", payload(shared, name)["device"]),
        serial=said["pvserial"],
        time=datetime.fromisoformat(payload(shared, name)["time"]),
        layout=table,
        values={key: value / fields[key].divide for key, value in raw.items() if key in fields},
    )
    got = round_trip(record)
    assert (got.logger, got.serial, got.time, got.layout) == (record.logger, record.serial, record.time, table)
    for key, value in raw.items():
        one = fields[key]
        signed = value - (1 << 32) if one.kind == "4s" and value >= 1 << 31 else value
        assert got.values[key] == signed / one.divide, key
    if name == "mqtt_mod_xh":
        assert got.values["pvpowerout"] == -36.7


@settings(max_examples=150)
@given(records(), PROTOCOLS)
def test_records_both_ways(record: DataRecord, protocol: int) -> None:
    family = record.layout if record.layout in ("mod", "max", "tl3", "sph", "min") else None
    if record.layout.startswith("spf"):
        family = "spf"
        protocol = 0x06 if record.layout == "spf" else 0x05
    got = round_trip(record, protocol=protocol, family=family)
    assert (got.kind, got.logger, got.serial, got.time) == (record.kind, record.logger, record.serial, record.time)
    assert got.layout == record.layout
    assert {name: got.values[name] for name in record.values} == record.values


@given(records(), st.data())
def test_a_record_cut_off_lacks_values_and_has_no_wrong_ones(record: DataRecord, data: st.DataObject) -> None:
    whole = build_record(record)
    cut = whole._replace(body=whole.body[: data.draw(st.integers(0, len(whole.body)))])
    try:
        got = parse_record(cut, family=record.layout if record.layout in ("mod", "sph") else None)
    except ProtocolError:
        return
    if got.layout == record.layout and record.kind != Type.METER_TEXT:  # a shorter frame may be another's
        for name, value in got.values.items():
            if name in record.values and not isinstance(value, str):
                assert value == record.values[name]


@settings(max_examples=200)
@given(st.integers(0, 255), PROTOCOLS, st.binary(max_size=700))
def test_any_body(kind: int, protocol: int, body: bytes) -> None:
    with suppress(ProtocolError):
        parse_record(Frame(1, protocol, 1, kind, b"LOGGER0001" + bytes(20) + b"INVERTER01" + bytes(20) + body))
    with suppress(ProtocolError):
        parse_record(Frame(1, protocol, 1, kind, body))


def test_a_date_that_is_none() -> None:
    record = DataRecord(kind=Type.DATA, logger="A", serial="B", layout="inverter", values={"pvpowerin": 12.5})
    got = round_trip(record)
    assert got.time is None
    assert got.values["pvpowerin"] == 12.5


@pytest.mark.parametrize("value", [-300_000_000.0, 500_000_000.0])
def test_what_does_not_fit_is_refused(value: float) -> None:
    record = DataRecord(kind=Type.DATA, logger="A", serial="B", layout="inverter", values={"pvpowerin": value})
    with pytest.raises(UsageError, match="pvpowerin"):
        build_record(record)


def test_a_meters_text() -> None:
    columns = {"active_energy": 12.5, "power": -250.0, "voltageL1": 231.2}
    record = DataRecord(kind=Type.METER_TEXT, logger="A", layout="sdm630", values=columns)
    got = round_trip(record)
    assert columns.items() <= got.values.items()
    # The signed power comes as two parts too; columns without a number are left out.
    assert (got.values["active_power"], got.values["reverse_active_power"]) == (0.0, 250.0)
    assert "frequency" not in got.values
