"""Whatever bytes come: a value or ProtocolError, nothing else.  Any other exception fails the test."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.protocol import HISTORY_ROW, Item, Timestamp, Type, build_frame, decode, encode, parse_frame, records
from heliobus.errors import ProtocolError
from tests.e3dc.protocol.cases import RAW, random_item

if TYPE_CHECKING:
    from tests.conftest import Figure


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    survive(data)


def survive(data: bytes) -> None:
    """Decode, and look at everything that came of it."""
    for tables in ((), {HISTORY_ROW}):
        try:
            items = decode(data, tables=tables)
        except ProtocolError:
            continue
        assert repr(items)
        list(records(items))
        while items:
            item = items.pop()
            views = [item.error, item.malformed, item.number, item.flag, item.text, item.time, item.get(1)]
            assert str(views)
            items += item.children


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_fuzz(scale: float, figure: Figure) -> None:
    rng = random.Random(9)
    seeds = [*RAW.values()] + [
        build_frame(encode([random_item(rng) for _ in range(5)]), time=Timestamp(0)) for _ in range(200)
    ]
    history = [Item(HISTORY_ROW, Type.CONTAINER, [Item(tag, Type.FLOAT32, 1.5) for tag in range(4)])] * 4
    seeds.append(build_frame(encode([Item(0x06800100, Type.CONTAINER, history)]), time=Timestamp(0)))
    end = time.monotonic() + 600 * scale
    count = 0
    while time.monotonic() < end:
        for seed in seeds:
            message = mutated(rng, seed, seeds)
            survive(message[18:])
            with suppress(ProtocolError):
                survive(parse_frame(message).data)
            count += 1
    figure("e3dc codec fuzz", f"{count} broken frames in {600 * scale:.0f} s gave values or ProtocolError only")


def mutated(rng: random.Random, seed: bytes, others: list[bytes]) -> bytes:
    message = bytearray(seed)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(message) + 1)
        match rng.randrange(6):
            case 0:
                del message[at:]
            case 1:
                message[at:at] = rng.randbytes(rng.randint(1, 8))
            case 2:
                message[at : at + rng.randint(1, 8)] = b""
            case 3:
                message[at : at + 1] = rng.choice((b"\0", b"\xff", b"\x0e", b"\x7f"))
            case 4:
                other = rng.choice(others)
                message[at : at + rng.randint(0, 40)] = other[rng.randrange(len(other)) :]
            case _ if message:
                message[at % len(message)] ^= 1 << rng.randrange(8)
    return bytes(message[:4000])
