from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Oversized, Timestamp, Type
from heliobus.errors import ProtocolError

MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_and_back(moment: datetime) -> None:
    assert Timestamp.of(moment).utc() == moment


def test_a_moment_before_1970_has_nanoseconds_that_count_up() -> None:
    assert Timestamp.of(datetime(1969, 12, 31, 23, 59, 59, 250_000, tzinfo=UTC)) == Timestamp(-1, 250_000_000)
    assert Timestamp.of(datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == Timestamp(0)


def test_a_duration_in_seconds() -> None:
    assert Timestamp(900).total == 900
    assert Timestamp(1, 500_000_000).total == 1.5


@pytest.mark.parametrize("seconds", [2**62, -(2**62), 253402300800])
def test_what_is_no_date_is_a_protocol_error(seconds: int) -> None:
    with pytest.raises(ProtocolError):
        Timestamp(seconds).utc()


def test_a_flag_is_a_flag_in_any_whole_number() -> None:
    for kind, value in ((Type.BOOL, True), (Type.UCHAR8, 1), (Type.CHAR8, -1)):
        assert Item(1, kind, value).flag is True
    assert Item(1, Type.UCHAR8, 0).flag is False
    for item in (Item(1), Item(1, Type.FLOAT32, 1.0), Item(1, Type.CSTRING, "true"), Item(1, Type.BYTEARRAY, b"\1")):
        assert item.flag is None


def test_a_time_is_a_time_in_any_type() -> None:
    assert Item(1, Type.TIMESTAMP, Timestamp(5, 6)).time == Timestamp(5, 6)
    assert Item(1, Type.UINT64, 5).time == Timestamp(5)
    assert Item(1, Type.CSTRING, "5").time is None


def test_a_bitfield_is_bytes_and_a_number() -> None:
    item = Item(1, Type.BITFIELD, b"\x05\x01")
    assert item.number == 0x0105
    assert not item.malformed


@pytest.mark.parametrize(
    "item",
    [
        Item(1),
        Item(1, Type.ERROR, ErrorAnswer(6)),
        Item(1, Type.INT32, b"\x01"),
        Item(1, Type.CSTRING, "5"),
        Item(1, Type.BYTEARRAY, b"\x05"),
        Item(1, Type.TIMESTAMP, Timestamp(5)),
        Item(1, Type.CONTAINER, [Item(1, Type.INT32, 5)]),
        Item(1, 0x77, Oversized(300)),
    ],
)
def test_only_a_number_is_a_number(item: Item) -> None:
    assert item.number is None


def test_children_by_tag() -> None:
    item = Item(1, Type.CONTAINER, [Item(2, Type.INT32, 5), Item(3), Item(2, Type.INT32, 6)])
    assert item.get(2) == Item(2, Type.INT32, 5)
    assert item.get(4) is None
    assert Item(1, Type.INT32, 5).get(2) is None


def test_how_an_item_looks() -> None:
    assert repr(Item(0x01800001, Type.INT32, 4687)) == "Item(EMS_POWER_PV, INT32, 4687)"
    assert repr(Item(0x0100FFFE, 0x77, b"\x01")) == r"Item(0x0100fffe, 0x77, b'\x01')"
    assert repr(Item(0xF800B005, Type.BYTEARRAY, bytes(57))) == "Item(SERVER_RSCP_DATA, BYTEARRAY, <57 bytes>)"
    assert str(ErrorAnswer(ErrorCode.AGAIN)) == "AGAIN"
    assert str(ErrorAnswer(0x63)) == "error 0x63"


@pytest.mark.parametrize("tag", [0x00000003, 0x00000005, 0xF800B009])
def test_a_secret_stands_in_no_repr(tag: int) -> None:
    item = Item(tag, Type.CSTRING, "geheim")
    assert "geheim" not in repr([Item(1, Type.CONTAINER, [item])])
    assert "geheim" not in f"{item} {item!r} {item!s}"
