"""The clients over real sockets: the simulated appliance, and servers that are none."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import pytest
from aiohttp import web

from heliobus.errors import (
    ConnectionLost,
    DeadlineExceeded,
    Error,
    NotSupported,
    Overflow,
    ProtocolError,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.model.command import Charge, Status
from heliobus.model.quality import Quality
from heliobus.senec import AsyncClient, Client, mapping
from heliobus.senec.client.writes import Writes
from heliobus.senec.models import FULL_REQUEST, LIVE_REQUEST, WHOLE_REQUESTS, Reading
from heliobus.senec.plugin import VENDOR
from heliobus.senec.protocol import CEILING, Absent, EmptyAnswer, Reason, build_request
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation import truth
from heliobus.simulation.clock import FrozenClock, ManualClock
from heliobus.simulation.host import Host
from heliobus.simulation.plant import House, Plant
from heliobus.url import Credentials, DeviceURL
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
CLOCK = FrozenClock(NOON)
PLANT = Plant(7, house=replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC)))


# -- who answers


class Simulate(Protocol):
    async def __call__(self, **options: Any) -> tuple[SenecSimulator, AsyncClient]: ...


@pytest.fixture
async def open_() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def simulate(open_: AsyncExitStack) -> Simulate:
    """Give ``await simulate(profile=...)``: a simulated appliance and a client of it, both open."""

    async def start(**options: Any) -> tuple[SenecSimulator, AsyncClient]:
        made = SenecSimulator(SimulationOptions(plant=PLANT, clock=CLOCK, **options))
        simulator = await open_.enter_async_context(made)
        told = simulator.announcement()
        client = AsyncClient(told["host"], port=told["port"], clock=CLOCK)
        return simulator, await open_.enter_async_context(client)

    return start


@dataclass
class Stranger:
    """Answers ``lala.cgi`` with what the test says, in turn, the last one for ever."""

    bodies: list[bytes]
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)

    async def lala(self, request: web.Request) -> web.Response:
        self.asked.append(await request.read())
        body = self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]
        return web.Response(body=body, status=self.status, content_type=self.content_type, headers=self.headers)

    async def client(self, stack: AsyncExitStack, **options: Any) -> AsyncClient:
        app = web.Application()
        app.router.add_post("/lala.cgi", self.lala)
        host = await stack.enter_async_context(Host(app))
        return await stack.enter_async_context(AsyncClient(host.host, port=host.port, **options))


# -- reading


@pytest.mark.parametrize("detail", ["live", "full"])
async def test_a_read_is_one_request(simulate: Simulate, detail: str) -> None:
    simulator, client = await simulate()
    snapshot = await client.read(detail=detail)
    assert simulator.requests == 1
    assert snapshot.residual == pytest.approx(0.0, abs=1e-2)
    assert bool(snapshot.battery.modules) == (detail == "full")


async def test_a_read_is_never_from_a_cache(simulate: Simulate) -> None:
    simulator, client = await simulate()
    for _ in range(3):
        await client.read()
    assert simulator.requests == 3


async def test_a_snapshot_knows_when_and_from_whom(simulate: Simulate) -> None:
    simulator, client = await simulate()
    first = await client.read()
    assert (first.received_at, first.device_time, first.device) == (NOON, NOON, None)
    (device,) = await client.devices()
    assert device.serial == simulator.announcement()["serial"]
    assert (await client.read()).device == device
    assert (await client.read(device)).device == device
    assert (await client.read(device.id)).device == device


async def test_another_device_or_detail_is_a_usage_error_that_names_the_choices(simulate: Simulate) -> None:
    simulator, client = await simulate()
    with pytest.raises(UsageError) as error:
        await client.read("4711")
    assert simulator.announcement()["serial"] in error.value.line()
    with pytest.raises(UsageError, match="everything") as error:
        await client.read(detail="everything")
    assert "live, full" in error.value.line()


async def test_capabilities_follow_from_the_answers(simulate: Simulate) -> None:
    _, client = await simulate(profile="0826")
    assert client.capabilities.fields == mapping.carriable("full")
    assert set(client.capabilities.commands) == {"Charge", "Auto", "SetSwitch", "WallboxLimit"}
    await client.read()
    assert set(client.capabilities.commands) == {"Charge", "Auto", "SetSwitch"}, "there is no wallbox"
    assert "pv.energy" not in client.capabilities.fields
    assert {"pv.power", "battery.soc", "batteries.*.modules.*.soh"} <= client.capabilities.fields
    _, old = await simulate(profile="0811")
    await old.read(detail="full")
    assert {"pv.energy", "battery.charge_energy"} <= old.capabilities.fields


async def test_counters_of_old_firmware_are_the_houses(simulate: Simulate) -> None:
    _, client = await simulate(profile="0811")
    snapshot = await client.read()
    true = truth.energies(PLANT, NOON)
    assert snapshot.grid.import_energy == pytest.approx(true["grid.import_energy"], rel=1e-6)
    assert snapshot.battery.charge_energy == pytest.approx(true["battery.charge_energy"], rel=1e-6)


async def test_raw_is_the_same_answer_ready_for_json(simulate: Simulate) -> None:
    simulator, client = await simulate()
    raw = await client.raw()
    assert simulator.requests == 1
    assert json.loads(json.dumps(raw, allow_nan=False)) == raw
    assert {name: set(section) for name, section in raw.items()} == {
        name: set(section) for name, section in LIVE_REQUEST.items()
    }
    assert raw["STATISTIC"]["LIVE_PV_GEN"] == "VARIABLE_NOT_FOUND"
    assert raw["ENERGY"]["GUI_INVERTER_POWER"] == pytest.approx(PLANT.at(NOON).pv, rel=1e-6)


async def test_the_whole_reading_is_typed_and_raw_shows_all_of_it(simulate: Simulate) -> None:
    simulator, client = await simulate()
    reading = await client.whole()
    assert simulator.requests == len(WHOLE_REQUESTS)
    assert reading.wizard.application_version == "0826"
    assert reading.gridconfig.vde_freqdropprot == pytest.approx(47.5)
    assert reading.bat1obj1.sw_version == "3.16.20"
    assert [module.soc for module in reading.bms.modules] == list(reading.bms.soc)
    assert (reading.extra, reading.unread, reading.statistic.values) == ({}, {}, {})
    raw = await client.raw(detail="full")
    assert {name: set(section) for name, section in raw.items() if section and "OBJECT_NOT_FOUND" not in section} == {
        name: set(section) for name, section in reading.answer.items() if section and "OBJECT_NOT_FOUND" not in section
    }
    assert raw["WIZARD"]["APPLICATION_VERSION"] == "0826"
    assert client.capabilities.fields == AsyncClient("127.0.0.1").capabilities.fields, "raw words prove no field"


async def test_values_that_nobody_knows_survive(simulate: Simulate, tmp_path: Path) -> None:
    body = '{"ENERGY":{"NEW_POWER":"fl_42C80000","GUI_GRID_POW":"fl_42C80000"},"WIZARD":{"NEW":["st_a","u8_01"]}}'
    (tmp_path / "1.json").write_text(json.dumps({"response_body": body}), "utf-8")
    _, client = await simulate(replay=str(tmp_path))
    reading = await client.whole()
    assert reading.extra == {"ENERGY.NEW_POWER": 100.0, "WIZARD.NEW": ["a", 1]}
    assert (await client.raw(detail="full"))["ENERGY"] == {"NEW_POWER": 100.0, "GUI_GRID_POW": 100.0}
    assert "NEW_POWER" not in (await client.raw())["ENERGY"]


@pytest.mark.parametrize("detail", ["live", "full"])
async def test_raw_refuses_what_read_refuses(simulate: Simulate, detail: str) -> None:
    _, client = await simulate()
    with pytest.raises(UsageError, match="no device"):
        await client.raw("other", detail=detail)
    with pytest.raises(UsageError, match="no detail"):
        await client.raw(detail=f"{detail}er")


async def test_a_wallbox_that_charges(simulate: Simulate) -> None:
    """A box has volt-amperes only; its power is the sum of current times voltage (SPEC 4)."""
    simulator, client = await simulate(profile="v2.1")
    simulator._appliance.settings |= {
        ("WALLBOX", "STATE"): ["u8_C2", "u8_00", "u8_00", "u8_00"],
        ("WALLBOX", "APPARENT_CHARGING_POWER"): ["fl_45D7A000", *["fl_00000000"] * 3],
        **{("WALLBOX", f"L{phase}_CHARGING_CURRENT"): ["fl_41200000", *["fl_00000000"] * 3] for phase in (1, 2, 3)},
    }
    for detail in ("live", "full"):
        snapshot = await client.read(detail=detail)
        (box,) = snapshot.wallboxes
        assert (box.state, box.car_connected) == ("charging", True)
        assert [phase.current for phase in box.phases] == [10.0] * 3
        voltages = [phase.voltage for phase in PLANT.at(NOON).grid_phases]
        assert box.power == pytest.approx(10.0 * sum(voltages), rel=1e-6)
        assert snapshot.quality["wallboxes.1.power"] is Quality.DERIVED
        assert (box.mode, box.current_limit) == (("solar", 16.0) if detail == "full" else (None, None))


# -- query


async def test_query_gives_the_same_tree_with_values(simulate: Simulate) -> None:
    _, client = await simulate()
    answer = await client.query(
        {"ENERGY": {"GUI_HOUSE_POW": "", "NO_SUCH": ""}, "PM1OBJ1": {"U_AC": ""}, "NO_SECTION": {}}
    )
    assert answer["ENERGY"]["GUI_HOUSE_POW"] == pytest.approx(PLANT.at(NOON).load, rel=1e-6)
    assert answer["ENERGY"]["NO_SUCH"] == Absent(Reason.NOT_FOUND, "VARIABLE_NOT_FOUND")
    assert answer["NO_SECTION"] == {"OBJECT_NOT_FOUND": Absent(Reason.NOT_FOUND, "")}
    voltages = answer["PM1OBJ1"]["U_AC"]
    assert isinstance(voltages, list)
    assert len(voltages) == 3


async def test_query_reads_whole_sections(simulate: Simulate) -> None:
    _, client = await simulate()
    answer = await client.query({"ENERGY": {}, "FACTORY": {}})
    assert {"GUI_HOUSE_POW", "STAT_STATE", "SAFE_CHARGE_RUNNING"} <= answer["ENERGY"].keys()
    assert answer["FACTORY"]["SYS_TYPE"] == 18


async def test_a_query_that_is_too_large_is_asked_in_parts(simulate: Simulate) -> None:
    simulator, client = await simulate()
    request = {**FULL_REQUEST, "LOG": {f"NAME_{number:04d}_{'X' * 40}": "" for number in range(400)}}
    assert len(build_request(request)) > 2 * CEILING - 4000
    answer = await client.query(request)
    assert simulator.requests > 1
    assert {name: set(section) for name, section in answer.items()} == {
        name: set(section) for name, section in request.items()
    }


async def test_query_tells_what_the_answer_lacks(simulate: Simulate, caplog: pytest.LogCaptureFixture) -> None:
    simulator, client = await simulate(faults=("truncate",))
    with caplog.at_level(logging.WARNING, "heliobus.senec"):
        answer = await client.query({"ENERGY": {"STAT_STATE": "", "GUI_HOUSE_POW": "", "GUI_GRID_POW": ""}})
    assert "STAT_STATE" in answer["ENERGY"]
    assert "lacks 1 value(s), ENERGY.GUI_GRID_POW first" in caplog.text
    simulator.faults = ()
    caplog.clear()
    await client.query({"ENERGY": {"STAT_STATE": "", "GUI_HOUSE_POW": ""}})
    assert not caplog.records


async def test_discovery_extends_and_never_shrinks(simulate: Simulate, open_: AsyncExitStack) -> None:
    _, client = await simulate()
    sections = await client.sections()
    assert set(Reading.sections) <= set(sections)
    assert "SELFTEST_RESULTS" in sections
    assert len(sections) == len(set(sections))
    silent = await Stranger([b'{"DEBUG":{"SECTIONS":"VARIABLE_NOT_FOUND"}}']).client(open_)
    assert await silent.sections() == tuple(Reading.sections)


# -- bad input

NOT_SENEC = "answers, but not as a SENEC appliance"


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


# -- making a client


@pytest.mark.parametrize(("host", "scheme"), [("", "auto"), ("192.168.1.40", "gopher")])
def test_wrong_arguments_are_told_at_once(host: str, scheme: str) -> None:
    for kind in (AsyncClient, Client):
        with pytest.raises(UsageError):
            kind(host, scheme=scheme)


async def test_a_session_of_the_application_is_used_and_left_open(simulate: Simulate) -> None:
    simulator, _ = await simulate()
    told = simulator.announcement()
    async with aiohttp.ClientSession() as session:
        async with AsyncClient(told["host"], port=told["port"], session=session) as client:
            await client.read()
        assert not session.closed


def test_an_address_of_ipv6_goes_into_brackets() -> None:
    assert AsyncClient("fe80::1")._link.url == "https://[fe80::1]/lala.cgi"
    assert AsyncClient("::1", port=8080, scheme="http")._link.url == "http://[::1]:8080/lala.cgi"


@pytest.mark.parametrize(
    "url",
    [
        *("senec://me@host", "senec://host/path", "senec://host?user=x", "senec://host?scheme=ftp"),
        *("senec://host?timeout=long", "senec://host?timeout=0", "senec://host?timeout=nan"),
    ],
)
def test_a_device_url_has_a_host_a_port_and_two_options_only(url: str) -> None:
    for connect in (VENDOR.connect, VENDOR.connect_blocking):
        with pytest.raises(UsageError):
            connect(DeviceURL.parse(url), Credentials(), CLOCK)


# -- the blocking client


def port_of(client: AsyncClient) -> int:
    return int(client._link.url.rpartition(":")[2].partition("/")[0])


async def test_the_blocking_client_gives_the_same(simulate: Simulate) -> None:
    _, client = await simulate(profile="0811")

    def use() -> Iterator[object]:
        with Client("127.0.0.1", port=port_of(client), clock=CLOCK) as blocking:
            yield blocking.read()
            yield blocking.read(detail="full")
            yield blocking.query({"ENERGY": {}})
            yield blocking.sections()
            yield blocking.identify()
            yield blocking.devices()
            yield blocking.whole()
            yield blocking.raw()
            yield blocking.execute(Charge(), dry_run=True)
            yield blocking.capabilities

    expected = [
        await client.read(),
        await client.read(detail="full"),
        await client.query({"ENERGY": {}}),
        await client.sections(),
        await client.identify(),
        await client.devices(),
        await client.whole(),
        await client.raw(),
        await client.execute(Charge(), dry_run=True),
        client.capabilities,
    ]
    assert await asyncio.to_thread(lambda: list(use())) == expected


async def test_errors_of_the_blocking_client_are_the_same(simulate: Simulate) -> None:
    _, client = await simulate(faults=("html",))
    with (
        Client("127.0.0.1", port=port_of(client)) as blocking,
        pytest.raises(ProtocolError, match=NOT_SENEC),
    ):
        await asyncio.to_thread(blocking.read)


def test_both_clients_have_the_same_methods_arguments_and_words() -> None:
    names = [name for name in (*vars(AsyncClient), *vars(Writes)) if not name.startswith("_")]
    assert {
        *("query", "sections", "identify", "devices", "read", "whole", "raw", "execute", "close", "capabilities"),
        *("peer", "accept_certificate", "events"),
        *("set_socket", "set_wallbox", "reboot", "storage_mode", "log_in", "log_out"),
    } == set(names)
    for name in names:
        ours, theirs = inspect.getattr_static(Client, name), inspect.getattr_static(AsyncClient, name)
        if not isinstance(ours, property):
            assert inspect.signature(ours) == inspect.signature(theirs), name
        assert ours.__doc__
        assert name == "close" or ours.__doc__ == theirs.__doc__, name
    arguments = inspect.signature(AsyncClient).parameters
    assert list(inspect.signature(Client).parameters) == list(arguments)


async def test_a_blocking_client_takes_no_session() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(UsageError, match="session"):
            Client("127.0.0.1", session=session)  # type: ignore[arg-type]


# -- recordings


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
