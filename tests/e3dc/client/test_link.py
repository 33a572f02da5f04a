from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc import AsyncClient
from heliobus.e3dc.protocol import (
    Cipher,
    Connection,
    ErrorAnswer,
    ErrorCode,
    Item,
    Timestamp,
    Type,
    build_frame,
    encode,
    tags,
)
from heliobus.errors import (
    AuthenticationError,
    ConnectionLost,
    DeadlineExceeded,
    Error,
    KeyRejected,
    LockedOut,
    ProtocolError,
    Unreachable,
    UsageError,
)
from heliobus.simulation.clock import ManualClock

from .conftest import NOON, POWERS, powers
from .relay import HERE, listening

if TYPE_CHECKING:
    from .conftest import Start

# -- why nobody is let in


async def test_a_wrong_key(start: Start) -> None:
    client = await (await start()).client(key="another key")
    with pytest.raises(KeyRejected, match="key") as caught:
        await client.query(POWERS)
    assert "RSCP key" in caught.value.line()


@pytest.mark.parametrize(("name", "wrong"), [("password", "wrong"), ("username", "nobody@example.org")])
async def test_a_wrong_user_or_password(start: Start, name: str, wrong: str) -> None:
    client = await (await start()).client(**{name: wrong})  # type: ignore[arg-type]
    with pytest.raises(AuthenticationError, match="password") as caught:
        await client.query(POWERS)
    assert not isinstance(caught.value, KeyRejected)


async def test_the_local_user(start: Start) -> None:
    site = await start()
    assert await powers(await site.client(username="local.user", password="offline password")) == await powers(
        await site.client()
    )


async def test_a_device_that_hangs_up_on_everybody_may_reject_the_key(start: Start) -> None:
    client = await (await start(faults=("close",))).client()
    with pytest.raises(KeyRejected) as caught:
        await client.query(POWERS)
    assert "subnet" in caught.value.remedy
    assert "too many" in caught.value.remedy


async def test_a_key_that_fitted_before_is_not_blamed(start: Start) -> None:
    site = await start()
    client = await site.client()
    await client.query(POWERS)
    site.simulator.faults = ("close",)
    await client.close()
    with pytest.raises(ConnectionLost, match="before the login"):
        await client.query(POWERS)
    site.simulator.faults = ()
    assert None not in await powers(client)


async def test_a_busy_device_is_left_alone(start: Start) -> None:
    client = await (await start(faults=("again",))).client()
    with pytest.raises(LockedOut, match="AGAIN") as caught:
        await client.read()
    assert caught.value.until > NOON
    assert {str(item.error) for item in await client.query(POWERS)} == {"AGAIN"}


async def test_nobody_is_there(start: Start) -> None:
    site = await start()
    await site.simulator.__aexit__(None, None, None)
    client = await site.client()
    with pytest.raises(Unreachable):
        await client.query(POWERS)
    await site.simulator.__aenter__()  # for the end of the test


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", b"SSH-2.0-OpenSSH_9.9\r\n" + bytes(64)]
)
async def test_something_else_than_a_storage_system(greeting: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(greeting)
        await writer.drain()

    async with listening(serve) as port, AsyncClient(HERE, username="u", password="p", key="k", port=port) as client:
        with pytest.raises(KeyRejected, match="no E3/DC system"):
            await client.query(POWERS)


@pytest.mark.parametrize(
    ("login", "error"),
    [
        (Item(tags.RSCP_AUTHENTICATION, Type.INT32, 0), AuthenticationError),  # captures: auth-response-denied
        (Item(tags.RSCP_AUTHENTICATION, Type.UCHAR8, 0), AuthenticationError),
        (Item(tags.RSCP_AUTHENTICATION, Type.ERROR, ErrorAnswer(ErrorCode.ACCESS_DENIED)), AuthenticationError),
        (Item(tags.RSCP_AUTHENTICATION, Type.ERROR, ErrorAnswer(ErrorCode.AGAIN)), LockedOut),
        (Item(tags.EMS_POWER_PV, Type.INT32, 10), ProtocolError),
    ],
)
async def test_answers_to_a_login(login: Item, error: type[Error]) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(Cipher("k"))
        while data := await reader.read(65536):
            for _ in connection.receive_data(data):
                writer.write(connection.send(build_frame(encode([login]), time=Timestamp(1))))

    async with listening(serve) as port, AsyncClient(HERE, username="u", password="p", key="k", port=port) as client:
        with pytest.raises(error) as caught:
            await client.query(POWERS)
    assert not isinstance(caught.value, KeyRejected)


def test_no_secret_is_shown() -> None:
    client = AsyncClient("192.0.2.1", username="me@example.org", password="hidden1", key="hidden2")
    assert "hidden" not in repr(client)
    assert "hidden" not in repr(vars(client))
    login = Item(tags.RSCP_AUTHENTICATION_PASSWORD, Type.CSTRING, "hidden3")
    assert "hidden" not in repr(login)


@pytest.mark.parametrize(("host", "key"), [("192.0.2.1", "k" * 33), ("192.0.2.1", "ü" * 17), ("", "k")])
def test_what_cannot_be_right_is_told_at_once(host: str, key: str) -> None:
    with pytest.raises(UsageError):
        AsyncClient(host, username="u", password="p", key=key)


async def test_names_beyond_ascii(start: Start) -> None:
    client = await (await start()).client(username="größe@exämple.org", password="Schlüssel ☀")
    with pytest.raises(AuthenticationError):
        await client.query(POWERS)


# -- one connection, one request at a time


async def test_one_connection_for_all_requests(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    answers = await asyncio.gather(*[powers(client) for _ in range(20)])
    assert all(answer == answers[0] for answer in answers)
    assert site.relay.connections == 1
    assert site.relay.frames == 1 + 20  # the login, and one for each


async def test_many_requests_travel_in_one_frame(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    await client.query(POWERS)
    before = site.relay.frames
    items = await client.query(POWERS * 50)
    assert site.relay.frames == before + 1
    assert len(items) == 200


async def test_a_connection_that_died_while_idle_is_opened_again(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    right = await powers(client)
    await site.relay.hang_up()
    assert await powers(client) == right
    assert site.relay.connections == 2


async def test_reads_survive_one_lost_connection(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    right = await powers(client)
    site.relay.spoil = lambda _, data: data[: len(data) // 2] if site.relay.connections == 1 else data
    call = asyncio.create_task(powers(client))
    await site.relay.until(3)
    await site.relay.hang_up()
    assert await call == right
    assert site.relay.connections == 2


async def test_a_second_loss_is_told(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    await client.query(POWERS)
    site.relay.limit = 40  # the answer to a login, and not all of the next
    await site.relay.hang_up()
    with pytest.raises(ConnectionLost):
        await client.query(POWERS)
    assert site.relay.connections == 3


async def test_what_acts_is_not_sent_twice(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    await client.query(POWERS)
    site.relay.limit = 40
    await site.relay.hang_up()
    with pytest.raises(ConnectionLost):
        await client.act([("EMS_REQ_START_MANUAL_CHARGE", 100)])
    assert site.relay.connections == 2


async def test_kept_alive_by_a_heartbeat(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock, faults=("idle-drop",))
    client = await site.client(relayed=True)
    await client.query(POWERS)
    for beat in range(20):  # ten minutes
        await clock.until_asleep(2)  # the client's heart, and the device's patience
        await clock.advance(30)
        await site.relay.until(3 + beat)
    assert site.relay.connections == 1
    await client.query(POWERS)
    assert site.relay.connections == 1


async def test_no_heartbeat_while_polled(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock)
    client = await site.client(relayed=True)
    for _ in range(12):
        await client.query(POWERS)
        await clock.advance(10)
    assert site.relay.frames == 1 + 12


async def test_close_ends_the_heartbeat_and_the_next_call_connects_again(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock)
    client = await site.client(relayed=True)
    await client.query(POWERS)
    await client.close()
    await clock.run_until_idle()
    assert clock.sleeping == 0
    await client.query(POWERS)
    assert site.relay.connections == 2


async def test_close_ends_what_is_under_way(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    await client.query(POWERS)
    site.relay.gate.clear()
    call = asyncio.create_task(client.query(POWERS))
    await site.relay.until(3)
    await client.close()
    with pytest.raises(ConnectionLost):
        await call
    assert site.relay.connections == 1


async def test_the_heart_does_not_beat_before_it_is_due(start: Start) -> None:
    clock = ManualClock(NOON)
    site = await start(clock=clock)
    client = await site.client(relayed=True)
    await clock.advance(300)  # made long before its first call
    await client.query(POWERS)
    await clock.run_until_idle()
    assert site.relay.frames == 1 + 1


# -- deadlines


async def test_silence_ends_with_the_deadline(start: Start) -> None:
    client = await (await start(faults=("silent",))).client(timeout=0.2)
    with pytest.raises(DeadlineExceeded, match=r"within 0\.2 s"):
        await client.query(POWERS)


async def test_waiting_for_ones_turn_counts(start: Start) -> None:
    site = await start(faults=("silent",))
    client = await site.client(timeout=0.2)
    found = await asyncio.gather(client.query(POWERS), client.query(POWERS), return_exceptions=True)
    assert all(isinstance(one, DeadlineExceeded) for one in found)


async def test_a_late_answer_finds_nobody(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True, timeout=0.2)
    right = await powers(client)
    site.relay.gate.clear()
    with pytest.raises(DeadlineExceeded):
        await client.query(["INFO_REQ_SERIAL_NUMBER", "INFO_REQ_SW_RELEASE", "INFO_REQ_DNS", "INFO_REQ_GATEWAY"])
    site.relay.gate.set()
    assert await powers(client) == right


async def test_the_answer_of_a_cancelled_call_finds_nobody(start: Start) -> None:
    site = await start()
    client = await site.client(relayed=True)
    right = await powers(client)
    site.relay.gate.clear()
    call = asyncio.create_task(client.query(["EMS_REQ_BAT_SOC"] * 4))
    await site.relay.until(3)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    site.relay.gate.set()
    assert await powers(client) == right
