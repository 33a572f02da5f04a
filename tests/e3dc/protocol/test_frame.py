from __future__ import annotations

import json
import random
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.protocol import (
    MAX_DATA,
    MAX_FRAME,
    ErrorAnswer,
    Frame,
    Item,
    Timestamp,
    Type,
    build_frame,
    decode,
    encode,
    parse_frame,
)
from heliobus.errors import Overflow, ProtocolError
from tests.e3dc.protocol.cases import FRAMES, RAW

if TYPE_CHECKING:
    from pathlib import Path

TIMES = st.builds(Timestamp, st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**32 - 1))


def recorded(shared: Path) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((shared / "captures/e3dc/vectors.json").read_text("utf-8"))["plain"]
    return records


def said(items: list[Item]) -> list[dict[str, Any]]:
    """Items in the words of vectors.json."""
    return [{"tag": f"{item.tag:#010x}", "type": Type(item.type).name, "value": plain(item.value)} for item in items]


def plain(value: object) -> object:
    match value:
        case Timestamp():
            return {"sec": value.seconds, "nsec": value.nanoseconds}
        case ErrorAnswer():
            return value.code
        case bytes():
            return value.hex()
        case list():
            return said(value)
    return value


def expected(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "tag": item["tag"],
            "type": item["type"].upper(),
            "value": expected(item["value"]) if item["type"] == "Container" else item["value"],
        }
        for item in items
    ]


def test_every_recorded_frame_both_ways(shared: Path) -> None:
    records = recorded(shared)
    assert len(records) == 20
    for record in records:
        message, facts = bytes.fromhex(record["hex"]), record["parsed"]
        frame = parse_frame(message)
        assert frame.time == Timestamp(facts["sec"], facts["nsec"]), record["name"]
        assert frame.crc is facts["crc_flag"]
        assert len(frame.data) == facts["data_length"]
        items = decode(frame.data)
        assert said(items) == expected(facts["items"]), record["name"]
        again = build_frame(encode(items), time=frame.time, crc=frame.crc)
        assert again == message[: facts["frame_length"]], record["name"]


def test_every_bit_of_every_recorded_frame_counts(shared: Path) -> None:
    for record in recorded(shared):
        message = bytes.fromhex(record["hex"])[: record["parsed"]["frame_length"]]
        for bit in range(8 * len(message)):
            wrong = bytearray(message)
            wrong[bit // 8] ^= 1 << bit % 8
            if record["parsed"]["crc_flag"]:
                with pytest.raises(ProtocolError):
                    parse_frame(bytes(wrong))
            else:
                value_or_error(bytes(wrong))


def value_or_error(message: bytes) -> None:
    with suppress(ProtocolError):
        decode(parse_frame(message).data)


@pytest.mark.parametrize("name", FRAMES)
def test_truncation_at_every_byte_is_an_error(name: str) -> None:
    for size in range(len(RAW[name])):
        with pytest.raises(ProtocolError):
            parse_frame(RAW[name][:size])


@given(data=st.binary(max_size=200), time=TIMES, crc=st.booleans())
def test_round_trip(data: bytes, time: Timestamp, crc: bool) -> None:
    assert parse_frame(build_frame(data, time=time, crc=crc)) == Frame(time, crc, data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_protocol_error(message: bytes) -> None:
    value_or_error(message)
    value_or_error(b"\xe3\xdc\x00\x01" + message)


def test_zeros_to_a_block_may_follow_and_nothing_else() -> None:
    frame = RAW["poll answer"]
    assert parse_frame(frame + bytes(31)) == parse_frame(frame)
    for rest in (bytes(32), bytes(30) + b"\x01", frame):
        with pytest.raises(ProtocolError):
            parse_frame(frame + rest)


@pytest.mark.parametrize("start", ["dce30011", "e3dc0010", "e3dc0012", "e3dc0031", "e3dc0111", "00000000"])
def test_other_magic_versions_and_reserved_bits_are_refused(start: str) -> None:
    message = bytes.fromhex(start) + RAW["poll answer"][4:-4]
    with pytest.raises(ProtocolError):
        parse_frame(message + struct.pack("<I", crc32(message)))


def test_a_crc_that_ends_in_zeros_is_a_crc() -> None:
    """One frame in 256; clients that strip zeros as padding lose it, pye3dc 0.10.0 among them."""
    data = encode([Item(0x01800001, Type.INT32, 4687)])
    frames = [build_frame(data, time=Timestamp(1_700_000_000, ns)) for ns in range(2000)]
    zeros = [frame for frame in frames if frame.endswith(b"\0")]
    assert zeros
    for frame in zeros:
        for padding in (b"", bytes(-len(frame) % 32)):
            assert parse_frame(frame + padding).data == data


def test_the_largest_frame() -> None:
    data = random.Random(1).randbytes(MAX_DATA)
    frame = build_frame(data, time=Timestamp(0))
    assert len(frame) == MAX_FRAME == 65_557
    assert parse_frame(frame).data == data
    with pytest.raises(Overflow):
        build_frame(data + b"\0", time=Timestamp(0))


def test_an_empty_frame_is_an_empty_list() -> None:
    assert decode(parse_frame(build_frame(b"", time=Timestamp(0))).data) == []


def test_a_login_does_not_show_its_password() -> None:
    frame = parse_frame(RAW["auth request"])
    assert "123" not in repr(frame)
    assert "TEST" not in repr(frame)
    assert "123" not in repr(decode(frame.data))
