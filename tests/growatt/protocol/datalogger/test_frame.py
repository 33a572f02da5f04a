from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import Overflow, ProtocolError
from heliobus.growatt.protocol.datalogger import MAX_BODY, Frame, Receiver, build_frame, crc16, mask, parse_record
from tests.growatt.protocol.datalogger.made import FRAMES

if TYPE_CHECKING:
    from pathlib import Path

PACKET = Frame(0x0102, 0x06, 0x01, 0x04, bytes(range(50)))


def frames_of(data: bytes, *, cuts: list[int]) -> list[Frame]:
    receiver = Receiver()
    edges = sorted({0, len(data), *cuts})
    found = [frame for a, b in pairwise(edges) for frame in receiver.receive_data(data[a:b])]
    assert not receiver.unfinished
    return found


def recorded(shared: Path, name: str) -> bytes:
    return bytes.fromhex((shared / f"captures/growatt/grott/{name}.hex").read_text("ascii"))


def test_the_recorded_packet(shared: Path) -> None:
    data = recorded(shared, "packet_0104_proto06")
    (frame,) = Receiver().receive_data(data)
    assert frame[:4] == (0x32, 0x06, 0x01, 0x04)
    assert data[:8] + frame.body == recorded(shared, "packet_0104_proto06.decrypted")
    assert build_frame(frame) == data
    assert data[-2:] == bytes.fromhex("6d03")


@pytest.mark.parametrize("step", [1, 2, 7, 131])
def test_the_recorded_packet_in_pieces(shared: Path, step: int) -> None:
    data = recorded(shared, "packet_0104_proto06") * 3
    assert len(frames_of(data, cuts=list(range(0, len(data), step)))) == 3


def test_the_recorded_packet_cut_off(shared: Path) -> None:
    data = recorded(shared, "packet_0104_proto06")
    for end in range(len(data)):
        receiver = Receiver()
        assert receiver.receive_data(data[:end]) == []
        assert receiver.unfinished == (end > 0)


def test_the_recorded_packet_with_a_wrong_bit(shared: Path) -> None:
    data = recorded(shared, "packet_0104_proto06")
    whole = parse_record(Receiver().receive_data(data)[0])
    for place in range(len(data) * 8):
        spoilt = bytearray(data)
        spoilt[place // 8] ^= 1 << place % 8
        with suppress(ProtocolError):
            for frame in Receiver().receive_data(bytes(spoilt)):
                # Without the protocol's bit there is no checksum, but then there are no serials either.
                assert parse_record(frame) == whole


@given(st.lists(FRAMES, max_size=4), st.lists(st.integers(0, 3000), max_size=6))
def test_any_frames_in_any_pieces(frames: list[Frame], cuts: list[int]) -> None:
    data = b"".join(map(build_frame, frames))
    assert frames_of(data, cuts=[cut for cut in cuts if cut < len(data)]) == frames


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    with suppress(ProtocolError):
        for frame in Receiver().receive_data(data):
            assert repr(frame)


def test_after_a_wrong_frame_nothing_is_believed() -> None:
    receiver = Receiver()
    good = build_frame(PACKET)
    assert receiver.receive_data(good + b"\0\0\0\x09") == [PACKET]
    for _ in range(2):
        with pytest.raises(ProtocolError, match="out of step"):
            receiver.receive_data(good)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"GET", "no datalogger's frame"),
        (b"\0\1\0\7", "protocol 0x07"),
        (b"\0\1\0\6\0\0\1\4", "claims 0 bytes"),
        (b"\0\1\0\6\xff\xff\1\4", "claims 65535 bytes"),
    ],
)
def test_garbage_is_told_as_early_as_it_can_be(data: bytes, error: str) -> None:
    with pytest.raises(ProtocolError, match=error):
        Receiver().receive_data(data)


def test_what_cannot_be_sent() -> None:
    with pytest.raises(Overflow):
        build_frame(PACKET._replace(body=bytes(MAX_BODY + 1)))
    with pytest.raises(ProtocolError):
        build_frame(PACKET._replace(protocol=0x09))
    (frame,) = Receiver().receive_data(build_frame(PACKET._replace(body=bytes(MAX_BODY))))
    assert len(frame.body) == MAX_BODY


def test_the_mask_and_the_checksum() -> None:
    assert mask(b"\0" * 9) == b"GrowattGr"
    assert mask(mask(b"anything")) == b"anything"
    assert crc16(b"123456789") == 0x4B37  # the catalogue's check value of CRC-16/Modbus
