from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import AuthenticationError, Error, KeyRejected, ProtocolError, TransportError

from .conftest import POWERS, powers

if TYPE_CHECKING:
    from tests.conftest import Figure

    from .conftest import Site, Start


@pytest.mark.parametrize("fault", ["segments", "single-bytes", "crc-ends-00", "bool-as-uchar8", "error-request-tag"])
async def test_what_changes_nothing(start: Start, fault: str) -> None:
    site = await start()
    right = await (await site.client()).read()
    site.simulator.faults = (fault,)
    assert await (await site.client()).read() == right


@pytest.mark.parametrize(
    "fault", ["cut-frame", "garbage", "wrong-crc", "wrong-length", "wrong-magic", "nesting-bomb", "twice"]
)
async def test_what_cannot_be_read_is_an_error_and_the_next_call_is_right(start: Start, fault: str) -> None:
    site = await start()
    client = await site.client(timeout=0.3)
    right = await powers(client)
    site.simulator.faults = (fault,)
    errors = 0
    for _ in range(3):  # "twice": the first answer is right, and what follows it is late
        try:
            assert await powers(client) == right
        except (ProtocolError, TransportError, KeyRejected):
            errors += 1
    assert errors
    site.simulator.faults = ()
    assert await powers(client) == right


async def test_an_answer_as_long_as_a_frame(start: Start) -> None:
    site = await start()
    client = await site.client()
    right = await powers(client)
    site.simulator.faults = ("big",)
    assert await powers(client) == right


async def test_an_answer_to_another_question(start: Start) -> None:
    site = await start()
    client = await site.client()
    site.simulator.faults = ("empty-frame",)
    with pytest.raises((ProtocolError, AuthenticationError)):
        await client.query(POWERS)


async def spoiled(site: Site, **arguments: float) -> object:
    """What a poll over the spoiled relay gives: the powers, or an error of the tree."""
    client = await site.client(relayed=True, **arguments)
    try:
        return await powers(client)
    except (TransportError, ProtocolError, AuthenticationError) as error:
        return error
    finally:
        await client.close()


async def test_truncated_at_every_byte(start: Start, figure: Figure) -> None:
    site = await start()
    right = await powers(await site.client(relayed=True))
    size = site.relay.sent
    for place in range(size):
        site.relay.limit = place
        found = await spoiled(site)
        assert isinstance(found, Error), place
    site.relay.limit = size
    assert await spoiled(site) == right
    figure("E3/DC answers cut short", f"at each of {size} places, a typed error")


@pytest.mark.prove
async def test_flipped_bits(start: Start, scale: float, figure: Figure) -> None:
    site = await start()
    right = await powers(await site.client(relayed=True))
    size = site.relay.sent
    chance = random.Random(1)
    count = max(round(2_000 * scale), 40)
    errors = 0
    for _ in range(count):
        place, bit = chance.randrange(size), 1 << chance.randrange(8)

        def spoil(position: int, data: bytes, place: int = place, bit: int = bit) -> bytes:
            at = place - position
            return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :] if 0 <= at < len(data) else data

        site.relay.spoil = spoil
        found = await spoiled(site, timeout=0.3)
        # The padding of a frame is not covered by its checksum: there a flip may do nothing.
        assert isinstance(found, Error) or found == right
        errors += isinstance(found, Error)
    assert errors > count / 2
    figure("E3/DC answers with a bit wrong", f"{errors} of {count} are errors, the others are right")


@pytest.mark.parametrize("segment", [1, 7, 31, 32, 33])
async def test_any_segments(start: Start, segment: int) -> None:
    site = await start()
    right = await (await site.client()).read()
    site.relay.segment = segment
    assert await (await site.client(relayed=True)).read() == right
