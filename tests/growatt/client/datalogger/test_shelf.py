from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import Refused
from heliobus.growatt.client.datalogger.shelf import Kept, Shelf
from heliobus.growatt.protocol.datalogger import DataRecord, Type

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def kept(kind: Type, minutes: int | None, *, serial: str = "INV", power: float = 1.0) -> Kept:
    record = DataRecord(kind=kind, logger="LOG", serial=serial, layout="min", values={"pvpowerin": power})
    return Kept(record, None if minutes is None else NOW + timedelta(minutes=minutes), NOW)


@given(st.lists(st.tuples(st.booleans(), st.integers(-100, 100)), max_size=40))
def test_late_records_are_kept_in_order_and_never_live(said: list[tuple[bool, int]]) -> None:
    shelf = Shelf()
    for late, minutes in said:
        shelf.add(kept(Type.BUFFERED if late else Type.DATA, minutes))
    live = [minutes for late, minutes in said if not late]
    late_ones = sorted({minutes for late, minutes in said if late})
    one = shelf.inverters.get("INV")
    if one is None:
        assert not said
        return
    assert (None if one.last is None else one.last.time) == (NOW + timedelta(minutes=live[-1]) if live else None)
    assert [late.time for late in one.late] == [NOW + timedelta(minutes=minutes) for minutes in late_ones]
    assert shelf.serials == (("INV",) if live else ())


def test_meters_and_announcements_stand_beside_the_record() -> None:
    shelf = Shelf()
    shelf.add(kept(Type.ANNOUNCE, 0))
    assert shelf.serials == ()
    shelf.add(kept(Type.DATA, 1))
    shelf.add(kept(Type.METER, 2))
    one = shelf.inverters["INV"]
    assert one.last is not None
    assert one.meter is not None
    assert one.announcement is not None
    assert (one.last.record.kind, one.meter.record.kind) == (Type.DATA, Type.METER)


def test_a_late_record_without_a_date_has_no_place() -> None:
    shelf = Shelf()
    shelf.add(kept(Type.BUFFERED, None))
    assert shelf.inverters["INV"].late == []


def test_serials_do_not_take_memory_without_end() -> None:
    shelf = Shelf()
    for number in range(64):
        shelf.add(kept(Type.DATA, 0, serial=f"INV{number}"))
    with pytest.raises(Refused):
        shelf.add(kept(Type.DATA, 0, serial="ONEMORE"))
    shelf.add(kept(Type.DATA, 0, serial="INV7", power=9.0))


def test_late_records_do_not_take_memory_without_end() -> None:
    shelf = Shelf()
    for minutes in range(10_050):
        shelf.add(kept(Type.BUFFERED, minutes))
    late = shelf.inverters["INV"].late
    assert len(late) == 10_000
    assert late[0].time == NOW + timedelta(minutes=50)
