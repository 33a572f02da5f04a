"""What an appliance said, made by a test and mapped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.senec import mapping
from heliobus.senec.protocol import decode_answer, encode_value, parse_body

if TYPE_CHECKING:
    from heliobus.model.snapshot import Snapshot
    from heliobus.senec.protocol import Answer, Json

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
NOT_FOUND = "VARIABLE_NOT_FOUND"
CORE = ("pv.power", "grid.power", "load.power", "batteries.1.power", "batteries.1.soc")


def answer_of(body: str | bytes) -> Answer:
    return decode_answer(parse_body(body).sections)


def mapped(answer: Answer, detail: str = "full") -> Snapshot:
    return mapping.snapshot(answer, received_at=NOON, detail=detail)


def said(**sections: dict[str, Json]) -> Snapshot:
    return mapped(decode_answer(dict(sections)))


def fl(value: float) -> str:
    return encode_value("fl", value)


def fls(*values: float) -> list[Json]:
    return [fl(value) for value in values]


def check_field(path: str) -> None:
    if not path.endswith((".car_connected", ".on")):  # a yes or no: a field, but no quantity
        fields.quantity(path)


def check_qualities(snapshot: Snapshot) -> None:
    """Every key names a field; MISSING has no value, everything else has one."""
    for path, quality in snapshot.quality.items():
        check_field(path)
        assert (fields.get(snapshot, path) is None) == (quality is Quality.MISSING), path
