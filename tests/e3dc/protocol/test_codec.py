from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given

from heliobus.e3dc.protocol import (
    HISTORY_ROW,
    MAX_DATA,
    MAX_DEPTH,
    MAX_ITEMS,
    ErrorAnswer,
    ErrorCode,
    Item,
    Oversized,
    Timestamp,
    Type,
    decode,
    encode,
    parse_frame,
)
from heliobus.errors import Overflow, ProtocolError, UsageError
from tests.e3dc.protocol.cases import FRAMES, ITEMS, RAW


def wire(tag: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<IBH", tag, kind, len(value)) + value


@pytest.mark.parametrize("name", FRAMES)
def test_frames_of_real_devices_both_ways(name: str) -> None:
    items = FRAMES[name][1]
    data = parse_frame(RAW[name]).data
    assert decode(data) == items
    assert encode(items) == data


@given(ITEMS)
def test_round_trip(items: list[Item]) -> None:
    data = encode(items)
    assert decode(data) == items
    assert encode(decode(data)) == data


@given(ITEMS)
def test_every_truncation_is_an_error_or_a_shorter_list(items: list[Item]) -> None:
    data = encode(items)
    for size in range(len(data)):
        try:
            found = decode(data[:size])
        except ProtocolError:
            continue
        assert found == items[: len(found)]


# -- lenient where firmware differs


@pytest.mark.parametrize("kind", [*range(0x01, 0x0C), Type.TIMESTAMP, Type.ERROR])
@pytest.mark.parametrize("size", [0, 3, 5, 9])
def test_a_wrong_length_keeps_the_bytes_and_the_neighbours(kind: int, size: int) -> None:
    raw = bytes(range(1, size + 1))
    data = wire(1, kind, raw) + wire(2, Type.INT32, b"\x05\0\0\0")
    odd, after = decode(data)
    assert odd == Item(1, kind, raw)
    assert odd.malformed
    assert odd.number is None
    assert after.number == 5
    assert encode([odd, after]) == data


def test_unknown_tags_types_and_error_codes_survive() -> None:
    data = wire(0x0100003E, 0x77, b"new") + wire(0xFFFFFFFE, Type.ERROR, b"\x63\0\0\0") + wire(1, Type.BOOL, b"\x02")
    new, error, flag = decode(data)
    assert new == Item(0x0100003E, 0x77, b"new")
    assert error.error == ErrorAnswer(0x63)
    assert flag.flag is True


def test_an_error_is_one_item_never_the_frame_and_never_a_number() -> None:
    data = encode(
        [
            Item(
                0x03840000,
                Type.CONTAINER,
                [
                    Item(0x03040001, Type.UINT16, 0),
                    Item(0x03800001, Type.ERROR, ErrorAnswer(ErrorCode.NOT_AVAILABLE)),
                    Item(0x03800002, Type.FLOAT32, 48.5),
                ],
            )
        ]
    )
    (battery,) = decode(data)
    rsoc = battery.get(0x03800001)
    assert rsoc is not None
    assert str(rsoc.error) == "NOT_AVAILABLE"
    assert rsoc.number is None
    assert [child.number for child in battery.children] == [0, None, 48.5]


def test_an_error_code_in_one_byte_is_read_like_any() -> None:
    (item,) = decode(wire(0x00800001, Type.ERROR, b"\x02"))
    assert item.error == ErrorAnswer(ErrorCode.ACCESS_DENIED)


def test_text_loses_trailing_nuls_and_survives_what_is_not_utf8() -> None:
    (item,) = decode(wire(1, Type.CSTRING, b"Gr\xf6\xdfe\0\0"))
    assert item.text == "Gr��e"


def test_floats_keep_nan_and_infinity() -> None:
    nan, infinity = decode(wire(1, Type.FLOAT32, b"\0\0\xc0\x7f") + wire(1, Type.FLOAT32, b"\0\0\x80\xff"))
    assert isinstance(nan.value, float)
    assert math.isnan(nan.value)
    assert infinity.value == -math.inf


def test_no_items_are_no_items() -> None:
    assert decode(b"") == []
    assert encode([]) == b""


# -- limits


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = wire(1, Type.CONTAINER, data)
    return data


def test_nesting_is_bounded() -> None:
    assert encode(decode(nested(MAX_DEPTH))) == nested(MAX_DEPTH)
    for depth in (MAX_DEPTH + 1, 9000):
        with pytest.raises(Overflow):
            decode(nested(depth))


@pytest.mark.parametrize("count", [1, 20])
def test_rows_count_as_nesting(count: int) -> None:
    data = wire(HISTORY_ROW, Type.CONTAINER, wire(1, Type.FLOAT32, bytes(4))) * count
    for depth in range(MAX_DEPTH + 1):
        for tables in ((), {HISTORY_ROW}):
            if depth < MAX_DEPTH:
                assert decode(data, tables=tables)
            else:
                with pytest.raises(Overflow):
                    decode(data, tables=tables)
        data = wire(1, Type.CONTAINER, data)


def test_a_nesting_bomb_is_not_encoded() -> None:
    item = Item(1)
    for _ in range(MAX_DEPTH + 1):
        item = Item(1, Type.CONTAINER, [item])
    with pytest.raises(Overflow):
        encode([item])


def test_the_number_of_items_is_bounded_wherever_they_stand() -> None:
    one = wire(1, Type.NONE, b"")
    assert len(decode(one * MAX_ITEMS)) == MAX_ITEMS
    for data in (one * (MAX_ITEMS + 1), wire(1, Type.CONTAINER, one * MAX_ITEMS), wire(1, Type.CONTAINER, b"") * 9000):
        with pytest.raises(Overflow):
            decode(data)


def test_sizes_are_bounded() -> None:
    text, unknown, known = decode(
        wire(1, Type.CSTRING, bytes(4097)) + wire(2, 0x77, bytes(257)) + wire(3, Type.BYTEARRAY, bytes(50_000))
    )
    assert text.value == Oversized(4097)
    assert unknown.value == Oversized(257)
    assert known.value == bytes(50_000)
    with pytest.raises(Overflow):
        decode(bytes(MAX_DATA + 1))
    for size in (MAX_DATA - 6, MAX_DATA + 1):
        with pytest.raises(Overflow):
            encode([Item(1, Type.BYTEARRAY, bytes(size))])


@pytest.mark.parametrize(
    "data",
    [
        wire(1, Type.INT32, bytes(4))[:-1],
        wire(1, Type.BYTEARRAY, bytes(9))[:-1],
        wire(1, Type.INT32, bytes(4))[:5],
        wire(1, Type.CONTAINER, wire(2, Type.INT32, bytes(4)))[:-1],
        wire(1, Type.CONTAINER, wire(2, Type.INT32, bytes(4))[:-1]) + bytes(9),
        wire(1, Type.CONTAINER, wire(2, Type.BYTEARRAY, bytes(9))[:-1]) + bytes(9),
        wire(1, Type.CONTAINER, wire(2, Type.CONTAINER, wire(3, Type.NONE, b""))[:-1]) + bytes(9),
        wire(1, Type.CONTAINER, b"\0\0\0") + bytes(9),
        wire(1, Type.NONE, b"") + b"\0",
    ],
)
def test_an_item_that_leaves_its_container_is_an_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


# -- what cannot be encoded


@pytest.mark.parametrize(
    "item",
    [
        Item(1, Type.UCHAR8, 256),
        Item(1, Type.UINT32, -1),
        Item(1, Type.INT32, 1.5),
        Item(1, Type.BOOL, None),
        Item(1, Type.BOOL, "false"),
        Item(1, Type.INT32, None),
        Item(1, Type.INT32, "5"),
        Item(1, Type.FLOAT32, 1e300),
        Item(1, Type.CSTRING, None),
        Item(1, Type.CSTRING, "\ud800"),
        Item(1, Type.CONTAINER, None),
        Item(1, Type.NONE, 5),
        Item(1, Type.ERROR, 6),
        Item(1, Type.TIMESTAMP, 6),
        Item(1, 0x77, 6),
        Item(1, 0x100, b""),
        Item(2**32, Type.NONE),
        Item(1, Type.TIMESTAMP, Timestamp(2**63)),
        Item(1, Type.ERROR, ErrorAnswer(-1)),
    ],
)
def test_a_value_that_does_not_fit_is_a_usage_error(item: Item) -> None:
    with pytest.raises(UsageError):
        encode([item])


def test_the_error_does_not_repeat_a_secret() -> None:
    with pytest.raises(UsageError) as caught:
        encode([Item(3, Type.CSTRING, "geheim\ud800")])
    assert "geheim" not in caught.value.line()
    assert "RSCP_AUTHENTICATION_PASSWORD" in caught.value.line()
