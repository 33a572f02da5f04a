from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.protocol import (
    MAX_DATA,
    Cipher,
    Connection,
    Frame,
    Item,
    Timestamp,
    Type,
    build_frame,
    decode,
    encode,
    parse_frame,
)
from heliobus.errors import ProtocolError
from tests.e3dc.protocol.cases import FRAMES, RAW, random_item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.conftest import Figure

CIPHER = Cipher("key")
ANSWERS = [RAW["auth answer, level 10"], RAW["poll answer"], RAW["2016 answer"]]


def encrypted(frames: Iterable[bytes], cipher: Cipher = CIPHER) -> bytes:
    sender = Connection(cipher)
    return b"".join(sender.send(frame) for frame in frames)


def received(stream: bytes, cuts: Iterable[int]) -> list[Frame]:
    receiver = Connection(CIPHER)
    edges = [0, *sorted(cuts), len(stream)]
    frames = [frame for start, end in pairwise(edges) for frame in receiver.receive_data(stream[start:end])]
    assert not receiver.unfinished
    return frames


@pytest.mark.parametrize("name", FRAMES)
def test_every_split_point_and_byte_by_byte(name: str) -> None:
    stream = encrypted([RAW[name]])
    frame = parse_frame(RAW[name])
    for cut in range(len(stream) + 1):
        assert received(stream, [cut]) == [frame]
    assert received(stream, range(len(stream))) == [frame]


def test_three_frames_at_every_pair_of_split_points() -> None:
    stream = encrypted(ANSWERS)
    frames = [parse_frame(answer) for answer in ANSWERS]
    for first in range(len(stream) + 1):
        assert received(stream, [first]) == frames
        for second in range(first, len(stream) + 1, 7):
            assert received(stream, [first, second]) == frames


@given(
    bodies=st.lists(st.binary(max_size=300), max_size=8),
    crc=st.booleans(),
    cuts=st.lists(st.integers(0, 2000), max_size=20),
)
def test_any_segmentation(bodies: list[bytes], crc: bool, cuts: list[int]) -> None:
    frames = [build_frame(body, time=Timestamp(5, 7), crc=crc) for body in bodies]
    stream = encrypted(frames)
    found = received(stream, [min(cut, len(stream)) for cut in cuts])
    assert found == [Frame(Timestamp(5, 7), crc, body) for body in bodies]


@pytest.mark.parametrize("segment", [1, 31, 33, 1448, 5000, 70_000])
def test_the_largest_frame_in_segments(segment: int) -> None:
    data = encode([Item(1, Type.BYTEARRAY, random.Random(2).randbytes(MAX_DATA - 7))])
    stream = encrypted([build_frame(data, time=Timestamp(0)), RAW["poll answer"]])
    first, second = received(stream, range(segment, len(stream), segment))
    assert first.data == data
    assert second == parse_frame(RAW["poll answer"])


@pytest.mark.parametrize("size", [0, 9, 10, 11, 41, 42, 43])
def test_frames_around_whole_blocks(size: int) -> None:
    body = bytes(range(size))
    stream = encrypted([build_frame(body, time=Timestamp(0)), *ANSWERS])
    assert len(stream) % 32 == 0
    assert received(stream, [])[0].data == body


# -- what breaks a connection


def test_one_wrong_bit_anywhere_is_an_error() -> None:
    for answer in ANSWERS:
        stream = encrypted([answer])
        for bit in range(8 * len(stream)):
            wrong = bytearray(stream)
            wrong[bit // 8] ^= 1 << bit % 8
            with pytest.raises(ProtocolError):
                Connection(CIPHER).receive_data(bytes(wrong))


def test_truncation_at_every_byte_waits_and_says_so() -> None:
    stream = encrypted([RAW["auth request"]])
    for size in range(len(stream)):
        receiver = Connection(CIPHER)
        assert receiver.receive_data(stream[:size]) == []
        assert receiver.unfinished is (size > 0)


def test_a_wrong_key_is_told_from_a_damaged_frame() -> None:
    other = Connection(Cipher("another key"))
    with pytest.raises(ProtocolError):
        other.receive_data(encrypted(ANSWERS))
    assert not other.in_step

    damaged = bytearray(encrypted([RAW["auth request"]]))
    damaged[40] ^= 1
    same = Connection(CIPHER)
    with pytest.raises(ProtocolError):
        same.receive_data(bytes(damaged))
    assert same.in_step


def test_the_key_is_judged_at_the_first_block() -> None:
    with pytest.raises(ProtocolError):
        Connection(Cipher("another key")).receive_data(encrypted([RAW["auth request"]])[:32])


def test_a_lost_block_breaks_the_connection_for_good() -> None:
    stream = encrypted([RAW["auth request"], *ANSWERS])
    receiver = Connection(CIPHER)
    for data in (stream[:32] + stream[64:], b"", stream):
        with pytest.raises(ProtocolError):
            receiver.receive_data(data)


def test_frames_before_the_wrong_one_are_given_first() -> None:
    receiver = Connection(CIPHER)
    stream = encrypted([*ANSWERS, b"no frame at all, but a whole block"])
    assert [frame.data for frame in receiver.receive_data(stream)] == [parse_frame(answer).data for answer in ANSWERS]
    with pytest.raises(ProtocolError):
        receiver.receive_data(b"")


def test_the_two_directions_are_two_chains() -> None:
    client, device = Connection(CIPHER), Connection(CIPHER)
    for _ in range(3):
        for name, side, other in (("poll request", client, device), ("poll answer", device, client)):
            assert other.receive_data(side.send(RAW[name])) == [parse_frame(RAW[name])]


def test_equal_frames_look_different_later_in_the_chain() -> None:
    sender = Connection(CIPHER)
    assert sender.send(RAW["poll request"]) != sender.send(RAW["poll request"])


@pytest.mark.prove
@pytest.mark.timeout(7200)
def test_a_million_frames_in_random_segments(scale: float, figure: Figure) -> None:
    rng = random.Random(4)
    sender, receiver = Connection(CIPHER), Connection(CIPHER)
    count, zeros = int(1_000_000 * scale), 0
    for _ in range(count // 100):
        items = [[random_item(rng) for _ in range(rng.randint(0, 4))] for _ in range(100)]
        frames = [
            build_frame(encode(part), time=Timestamp(rng.getrandbits(33), rng.randrange(10**9)), crc=rng.random() < 0.9)
            for part in items
        ]
        zeros += sum(frame[3] == 0x11 and frame.endswith(b"\0") for frame in frames)
        stream = b"".join([sender.send(frame) for frame in frames])
        cuts = sorted(rng.choices(range(len(stream) + 1), k=rng.choice((0, 1, 30, 300))))
        found: list[Frame] = []
        for start, end in pairwise([0, *cuts, len(stream)]):
            found += receiver.receive_data(stream[start:end])
        assert [decode(frame.data) for frame in found] == items
    assert not receiver.unfinished
    figure("e3dc frames", f"{count} random frames in random segments, none rejected; {zeros} had a CRC that ends in 00")
