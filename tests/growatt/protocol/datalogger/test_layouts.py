from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.errors import UsageError
from heliobus.growatt.protocol.datalogger import (
    BLOCKS,
    FAMILIES,
    DataRecord,
    Type,
    blocks,
    build_record,
    layout,
    layouts,
)
from heliobus.growatt.protocol.datalogger.layouts import choose
from tests.growatt import make_layouts

if TYPE_CHECKING:
    from pathlib import Path


def folder(shared: Path) -> Path:
    return shared / "captures/growatt/grott/layouts"


def test_the_tables_are_those_of_the_recorded_layouts(shared: Path) -> None:
    assert make_layouts.TARGET.read_text("utf-8") == make_layouts.text(folder(shared))


def test_every_field_of_every_recorded_layout_is_in_a_table(shared: Path) -> None:
    recorded = make_layouts.read(folder(shared))
    differences = set()
    for (file, name), fields in recorded.items():
        if file in make_layouts.OLD:
            continue
        tables = [one for one in layouts().values() if name in one.aliases]
        rows = {row for table in tables for row in make_layouts.table(recorded, table.name).values()}
        differences |= {
            (file, row.name) for row in make_layouts.rows_of(tables[0].name, name, fields) if row not in rows
        }
    assert not differences


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("protocol", [0x02, 0x05, 0x06])
def test_a_record_tells_its_layout(name: str, protocol: int) -> None:
    kind = Type.ANNOUNCE if name == "announcement" else Type.DATA
    body = build_record(DataRecord(kind=kind, logger="A", serial="B", layout=name), protocol=protocol).body
    data = body[66 if protocol == 0x06 else 26 :]
    assert blocks(data)[: len(BLOCKS[name])] == list(BLOCKS[name])
    found = choose(data, protocol=protocol, kind=kind)
    assert found is not None
    alike = {"mod": "min", "spf": "inverter", "spf05": "inverter", "tl3": "max"}
    assert found.name == alike.get(name, name)
    if name in FAMILIES and not (name == "spf" and protocol != 0x06):
        assert choose(data, protocol=protocol, kind=kind, family=name) == layout(name)


def test_what_is_no_record_has_no_layout() -> None:
    assert choose(b"", protocol=6, kind=Type.PING) is None


def test_blocks_of_nonsense() -> None:
    assert blocks(b"") == []
    assert blocks(b"\x02\x00\x05\x00\x04") == []
    assert blocks(b"\xff" + bytes(3)) == []


def test_an_unknown_layout() -> None:
    with pytest.raises(UsageError) as error:
        layout("T99")
    assert "sph" in error.value.remedy
