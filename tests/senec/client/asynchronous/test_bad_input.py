"""Servers that answer badly, or are no SENEC appliance."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import (
    ConnectionLost,
    DeadlineExceeded,
    Error,
    NotSupported,
    Overflow,
    ProtocolError,
    TransportError,
    Unreachable,
)
from heliobus.model.command import Charge, Status
from heliobus.model.quality import Quality
from heliobus.senec import AsyncClient
from heliobus.senec.models import LIVE_REQUEST, Reading
from heliobus.senec.protocol import EmptyAnswer
from heliobus.simulation.clock import ManualClock
from tests.senec.client.local import NOON, NOT_SENEC, PLANT, Simulate, Stranger

if TYPE_CHECKING:
    from contextlib import AsyncExitStack


@pytest.mark.parametrize(
    ("fault", "kind", "what"),
    [
        ("html", ProtocolError, NOT_SENEC),
        ("404", ProtocolError, f"{NOT_SENEC}: HTTP 404"),
        ("500", TransportError, "HTTP 500"),
        ("empty", EmptyAnswer, "empty body"),
        ("big", Overflow, "larger than"),
    ],
)
async def test_a_broken_answer_is_a_typed_error_and_the_next_one_is_read(
    simulate: Simulate, fault: str, kind: type[Error], what: str
) -> None:
    simulator, client = await simulate(faults=(fault,))
    for call in (client.read, client.identify, client.sections):
        with pytest.raises(kind, match=what) as error:
            await call()
        assert error.value.remedy
    simulator.faults = ()
    assert (await client.read()).pv.power is not None


@pytest.mark.parametrize("fault", ["duplicate-keys", "escaped-quotes"])
async def test_oddities_cost_no_value(simulate: Simulate, fault: str) -> None:
    _, client = await simulate(faults=(fault,))
    snapshot = await client.read()
    assert snapshot.grid.power == pytest.approx(PLANT.at(NOON).grid, rel=1e-6)
    assert not snapshot.quality


async def test_a_truncated_answer_keeps_what_came_and_marks_the_rest(simulate: Simulate) -> None:
    _, client = await simulate(profile="0811", faults=("truncate",))
    snapshot = await client.read()
    assert snapshot.pv.power == pytest.approx(PLANT.at(NOON).pv, rel=1e-6)
    assert snapshot.pv.energy is None
    assert snapshot.quality["pv.energy"] is Quality.MISSING


@pytest.mark.parametrize("fault", ["nan", "unknown-prefix"])
async def test_values_that_are_none_are_missing_and_the_others_survive(simulate: Simulate, fault: str) -> None:
    _, client = await simulate(faults=(fault,))
    snapshot = await client.read()
    assert snapshot.pv.power is None
    assert snapshot.quality["pv.power"] is Quality.MISSING
    assert snapshot.system.state_code is not None
    assert snapshot.device_time == NOON


async def test_a_section_that_lost_its_variables_is_not_carried(simulate: Simulate) -> None:
    _, client = await simulate(profile="0811", faults=("statistic-gone",))
    snapshot = await client.read()
    assert snapshot.pv.energy is None
    assert not snapshot.quality


async def test_an_empty_body_is_asked_again_once(open_: AsyncExitStack) -> None:
    server = Stranger([b"", b'{"ENERGY":{"GUI_GRID_POW":"fl_43E26188"}}'])
    client = await server.client(open_)
    assert (await client.read()).grid.power == pytest.approx(452.762)
    assert len(server.asked) == 2
    server.bodies = [b""]
    with pytest.raises(EmptyAnswer) as error:
        await client.read()
    assert error.value.retryable
    assert server.asked[2] == server.asked[3]
    assert all(json.loads(body).keys() == {"FACTORY"} for body in server.asked[4:]), "then only the greeting"


async def test_a_write_is_never_sent_twice(open_: AsyncExitStack) -> None:
    state = b'{"ENERGY":{"SAFE_CHARGE_RUNNING":"u8_01","SAFE_CHARGE_FORCE":"u8_00","SAFE_CHARGE_PROHIBIT":"u8_01"}}'
    server = Stranger([state, b"", state])
    clock = ManualClock(NOON)
    client = await server.client(open_, clock=clock)
    execution = asyncio.create_task(client.execute(Charge()))
    await clock.until_asleep()
    await clock.advance(1)
    assert (await execution).status is Status.APPLIED
    assert [b"u8_01" in body for body in server.asked] == [False, True, False]


@pytest.mark.parametrize(
    "body", [b'{"error":"unknown host"}', b"{}", b"[]", b"17", b'"hello"', b"\xff\xfe\x00", b"a" * 99]
)
async def test_other_answers_are_not_senec(open_: AsyncExitStack, body: bytes) -> None:
    client = await Stranger([body]).client(open_)
    with pytest.raises(ProtocolError, match=NOT_SENEC) as error:
        await client.read()
    assert "127.0.0.1" in error.value.line()
    assert "Check the address" in error.value.line()


@pytest.mark.parametrize(("status", "kind"), [(302, NotSupported), (401, ProtocolError), (503, TransportError)])
async def test_other_status(open_: AsyncExitStack, status: int, kind: type[Error]) -> None:
    server = Stranger([b""], status=status, headers={"Location": "https://127.0.0.1/"} if status == 302 else {})
    client = await server.client(open_)
    with pytest.raises(kind, match=f"HTTP {status}"):
        await client.read()
    assert len(server.asked) == 1


async def test_a_silent_appliance_costs_no_more_than_the_timeout(simulate: Simulate) -> None:
    simulator, _ = await simulate(faults=("hang",))
    told = simulator.announcement()
    async with AsyncClient(told["host"], port=told["port"], timeout=0.05) as impatient:
        with pytest.raises(DeadlineExceeded):
            await impatient.read()


async def test_an_answer_that_ends_too_early_is_a_lost_connection() -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"ENERGY":')
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with AsyncClient("127.0.0.1", port=port) as client:
            with pytest.raises(ConnectionLost):
                await client.read()


async def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]
    for client in (AsyncClient("127.0.0.1", port=closed), AsyncClient("senec.invalid")):
        async with client:
            with pytest.raises(Unreachable):
                await client.read()


async def test_every_recorded_answer_is_read_over_a_socket(
    lala: dict[str, dict[str, Any]], open_: AsyncExitStack
) -> None:
    server = Stranger([b""])
    client = await server.client(open_)
    asked = set(LIVE_REQUEST)
    for number, record in lala.items():
        body = record["response_body"]
        server.bodies = [body.encode()]
        sections = set(json.loads(body))
        if sections.isdisjoint(asked):
            with pytest.raises(ProtocolError, match=NOT_SENEC):
                await client.read()
        else:
            snapshot = await client.read()
            assert snapshot.source == "senec/http", number
        answer = await client.query({name: {} for name in sections})
        assert set(answer) == sections
        reading = Reading(answer)
        for name in Reading.sections:
            repr(getattr(reading, name.lower()))
