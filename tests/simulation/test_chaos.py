"""What goes through the proxy, over real sockets and a clock that a test moves."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from heliobus.errors import UsageError
from heliobus.simulation.chaos import TOXICS, Chaos, Toxics, is_toxic
from heliobus.simulation.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ANSWER = bytes(range(256)) * 4


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 6, 20, tzinfo=UTC))


@asynccontextmanager
async def proxied(clock: ManualClock, *words: str) -> AsyncIterator[Chaos]:
    """Give a proxy before a device that answers every line with ``ANSWER``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while await reader.readline():
                writer.write(ANSWER)
            writer.close()
            await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as device:
        target = device.sockets[0].getsockname()
        async with Chaos(target, toxics=Toxics.parse(words), clock=clock) as chaos:
            yield chaos


class Ask(Protocol):
    async def __call__(self, chaos: Chaos) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]: ...


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """Give ``await ask(chaos)``: a connection over which one question was sent; all are closed in the end."""
    async with AsyncExitStack() as stack:

        async def close(writer: asyncio.StreamWriter) -> None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

        async def connect(chaos: Chaos) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection(*chaos.address)
            stack.push_async_callback(close, writer)
            writer.write(b"?\n")
            return reader, writer

        yield connect


async def test_without_toxics_everything_passes(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock) as chaos:
        reader, writer = await ask(chaos)
        assert await reader.readexactly(len(ANSWER)) == ANSWER
        writer.write(b"?\n")
        assert await reader.readexactly(len(ANSWER)) == ANSWER
        assert chaos.passed == 2 * len(ANSWER)


@pytest.mark.parametrize(("words", "seconds"), [(["latency=200ms"], 0.2), (["bandwidth=1"], len(ANSWER) / 1000)])
async def test_answers_take_their_time(clock: ManualClock, ask: Ask, words: list[str], seconds: float) -> None:
    async with proxied(clock, *words) as chaos:
        reader, _ = await ask(chaos)
        reading = asyncio.create_task(reader.readexactly(len(ANSWER)))
        await clock.until_asleep()
        await clock.advance(seconds * 0.99)
        assert not reading.done()
        await clock.advance(seconds * 0.02)
        assert await reading == ANSWER


async def test_jitter_is_random_and_bounded(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock, "jitter=1s") as chaos:
        await ask(chaos)
        await clock.until_asleep()
        await clock.advance(1)
        assert clock.sleeping == 0


async def test_slices_arrive_whole(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock, "slicer=7", "latency=1ms") as chaos:
        reader, _ = await ask(chaos)
        await clock.until_asleep()
        await clock.advance(0.001)
        assert len(await reader.read(1000)) == 7
        chaos.toxics = Toxics(slicer=1)
        while clock.sleeping:
            await clock.advance(0.001)
        assert len(await reader.readexactly(len(ANSWER) - 7)) == len(ANSWER) - 7


@pytest.mark.parametrize("limit", [0, 1, 500, 1024])
async def test_an_answer_is_cut_off_at_the_byte(clock: ManualClock, ask: Ask, limit: int) -> None:
    async with proxied(clock, f"limit_data={limit}") as chaos:
        reader, _ = await ask(chaos)
        assert await reader.read() == ANSWER[:limit]


async def test_a_reset_is_a_reset(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock, "reset_peer=0") as chaos:
        reader, _ = await ask(chaos)
        with pytest.raises(ConnectionResetError):
            await reader.read()


async def test_a_black_hole_says_nothing_and_closes_after_its_time_if_it_has_one(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock, "timeout=5s") as chaos:
        reader, _ = await ask(chaos)
        reading = asyncio.create_task(reader.read())
        await clock.until_asleep()
        assert not reading.done()
        await clock.advance(5)
        assert await reading == b""


async def test_a_connection_may_become_a_black_hole_while_new_ones_work(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock) as chaos:
        old_reader, old_writer = await ask(chaos)
        await old_reader.readexactly(len(ANSWER))
        chaos.toxics = Toxics(timeout=0)
        old_writer.write(b"?\n")
        waiting = asyncio.create_task(old_reader.read())
        await asyncio.sleep(0.05)
        chaos.toxics = Toxics()
        reader, _ = await ask(chaos)
        assert await reader.readexactly(len(ANSWER)) == ANSWER
        assert not waiting.done()
        await chaos.cut()
        assert await waiting == b""


async def test_down_refuses_and_up_is_the_same_address(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock) as chaos:
        address = chaos.address
        await chaos.down()
        with pytest.raises(ConnectionRefusedError):
            await ask(chaos)
        await chaos.up()
        assert chaos.address == address
        reader, _ = await ask(chaos)
        assert await reader.readexactly(len(ANSWER)) == ANSWER


async def test_a_device_that_is_off_closes(clock: ManualClock, ask: Ask) -> None:
    async with proxied(clock) as chaos:
        chaos.target = ("127.0.0.1", 1)
        reader, _ = await ask(chaos)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)


async def test_a_port_in_use(clock: ManualClock) -> None:
    async with proxied(clock) as chaos:
        with pytest.raises(UsageError, match="cannot listen"):
            await Chaos(chaos.target, port=chaos.port).__aenter__()


def test_words() -> None:
    assert Toxics.parse(["latency=200ms", "jitter=1s", "timeout=5", "limit_data=7"]) == Toxics(
        latency=0.2, jitter=1.0, timeout=0.005, limit_data=7.0
    )
    assert all(is_toxic(f"{name}=1") for name in TOXICS)
    assert not is_toxic("slow")


@pytest.mark.parametrize(
    "word", ["latency", "latency=", "latency=-1ms", "slicer=0", "bandwidth=0", "slicer=1ms", "tea=1", "latency=1h"]
)
def test_wrong_words_are_told(word: str) -> None:
    with pytest.raises(UsageError):
        Toxics.parse([word])
