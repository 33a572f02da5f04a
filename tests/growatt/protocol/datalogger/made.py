"""Strategies for what a datalogger may send."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from heliobus.growatt.protocol.datalogger import DataRecord, Frame, Layout, Type, layouts

if TYPE_CHECKING:
    from heliobus.growatt.protocol.datalogger import Field, Value

SERIALS = st.from_regex(r"[0-9A-Z]{1,10}", fullmatch=True)
PROTOCOLS = st.sampled_from((0x02, 0x05, 0x06))
FRAMES = st.builds(
    Frame,
    sequence=st.integers(0, 0xFFFF),
    protocol=PROTOCOLS,
    device=st.integers(0, 0xFF),
    type=st.integers(0, 0xFF),
    body=st.binary(max_size=700),
)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2255, 12, 31)).map(lambda time: time.replace(microsecond=0))  # noqa: DTZ001
KINDS = {
    "announcement": (Type.ANNOUNCE,),
    "meter": (Type.METER,),
    "sdm630": (Type.METER_TEXT,),
    "chint": (Type.METER_TEXT,),
}


def plain_fields(table: Layout) -> list[Field]:
    """Fields that share no byte with another one, so that all can be told at once."""
    taken: set[int] = set()
    found = []
    for one in table.fields:
        place = {one.offset} if one.kind.startswith("c") else set(range(one.offset, one.offset + one.size))
        if not place & taken and not one.name.startswith(("reg", "group", "recortype")) and one.kind[-1] not in "+-":
            found.append(one)
            taken |= place
    return found


def values_of(one: Field) -> st.SearchStrategy[Value]:
    if one.kind.endswith("t"):
        return st.text("ABCXYZ0189-.", min_size=1, max_size=one.size)
    if one.kind == "c":
        return st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
    bits = 8 * one.size
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if one.kind.endswith("s") else (0, (1 << bits) - 1)
    return st.integers(low, high).map(lambda raw: raw / one.divide if one.divide > 1 else raw)


@st.composite
def records(draw: st.DrawFn) -> DataRecord:
    table = draw(st.sampled_from(sorted(layouts().values(), key=lambda one: one.name)))
    kind = draw(st.sampled_from(KINDS.get(table.name, (Type.DATA, Type.BUFFERED))))
    return DataRecord(
        kind=kind,
        logger=draw(SERIALS),
        serial=None if kind == Type.METER_TEXT else draw(SERIALS),
        time=draw(TIMES),
        layout=table.name,
        values={one.name: draw(values_of(one)) for one in plain_fields(table)},
    )
