"""Every inverter of an account in one go: the same snapshots, few questions, and no inverter costs another one."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import AuthenticationError, LockedOut, NotSupported, ProtocolError, TransportError, UsageError
from heliobus.growatt import Client
from heliobus.growatt.client.several import MOST
from heliobus.growatt.models import Inverter
from tests.growatt.conftest import running
from tests.growatt.replay import replay
from tests.growatt.simulator.test_together import MIXED, ROUTES, SERIALS, reaching

if TYPE_CHECKING:
    from heliobus.growatt.client import AsyncClient

MINS = ["SIMTLX0000007", "SIMTLX0000008", "SIMTLX0000009"]


async def one_by_one(client: AsyncClient) -> dict[str, Any]:
    serials = [one.id for one in await client.devices() if one.model != "plant"]
    return {serial: await client.read(serial) for serial in serials}


@pytest.mark.parametrize(
    ("route", "profile"),
    [
        *((route, MIXED) for route in ROUTES),
        ("v1", "tlx+mix+mix+tlx"),
        ("v1", "spa+max+spa+max"),
        ("v1", "inverter+inverter"),
        ("v4", "tlx+mix+mix+tlx"),
        ("v4", "noah+inverter+noah+inverter"),
    ],
)
async def test_the_snapshots_are_those_of_read(route: str, profile: str) -> None:
    async with reaching(route, profile) as (_, client):
        expected = await one_by_one(client)
    async with reaching(route, profile) as (_, client):
        found = await client.read_all()
    assert found == expected
    assert list(found) == list(expected)


@pytest.mark.parametrize(
    ("route", "profile", "asked"),
    [
        ("shine", "tlx+tlx+tlx", ["tlx_detail"] * 3),
        ("v1", "tlx+tlx+tlx", ["v1/tlx_bulk"]),
        ("v1", "storage+tlx+storage+tlx", ["v1/storage_last", "v1/storage_last", "v1/tlx_bulk"]),
        ("v1", MIXED, ["v1/mix_last", "v1/storage_last", "v1/tlx_last"]),
        ("v4", "tlx+noah+tlx", ["v4 queryLastData"] * 2),
        ("oauth", "tlx+tlx", ["oauth getDeviceData"] * 2),
    ],
)
async def test_it_asks_no_more_than_it_must(route: str, profile: str, asked: list[str]) -> None:
    async with reaching(route, profile) as (cloud, client):
        await client.devices()
        before = len(cloud.simulator.requests)
        await client.read_all()
        assert cloud.simulator.requests[before:] == asked


@pytest.mark.parametrize(("route", "seconds"), [("v1", 300), ("v4", 300), ("oauth", 60)])
async def test_the_pace_is_that_of_the_route(route: str, seconds: float) -> None:
    async with reaching(route, "tlx+tlx") as (cloud, client):
        before = await client.read_all()
        await cloud.clock.advance(seconds - 11)
        with pytest.raises(LockedOut) as early:
            await client.read_all()
        assert (early.value.until - cloud.clock.now()).total_seconds() == pytest.approx(11)
        await cloud.clock.advance(11)
        assert (await client.read_all()).keys() == before.keys()


async def test_one_that_was_asked_a_moment_ago_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "heliobus")
    async with reaching("v1", "storage+tlx+tlx") as (_, client):
        await client.read("SIMSPF0000007")
        assert list(await client.read_all()) == MINS[1:]
    assert "without SIMSPF0000007: the server has just been asked the same" in caplog.text


async def test_one_that_is_gone_costs_no_other() -> None:
    async with reaching("v1", "tlx+tlx+tlx") as (cloud, client):
        await client.devices()
        cloud.simulator.cloud.members[1].serial = "SOLD"
        assert list(await client.read_all()) == [MINS[0], MINS[2]]
        assert cloud.asked("v1/tlx_bulk") == 1
        assert cloud.asked("v1/tlx_last") == 3


async def test_one_without_data_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "heliobus")
    listed = [{"device_sn": serial, "type": 7} for serial in ("A", "B", "C")]
    lists = {"count": 3, "plants": [{"plant_id": 1}], "devices": listed}
    bulk = [{"deviceSn": "A", "data": {"ppv": 1.0}}, {"deviceSn": "B", "data": None}]
    async with replay() as server, server.client() as client:
        server.answer = {"data": lists, "error_code": 0, "error_msg": ""}
        server.answers = {"tlxs_data": {"data": bulk, "pageNum": 1, "error_code": 0, "error_msg": ""}}
        found = await client.read_all()
        assert {serial: one.pv.power for serial, one in found.items()} == {"A": 1.0}
        assert [line.message for line in caplog.records if "without" in line.message] == [
            "without B: the server has no data of B",
            "without C: the server has no data of C",
        ]
        server.answers["tlxs_data"]["data"] = [bulk[1]]
        await server.clock.advance(300)
        with pytest.raises(NotSupported, match="no data of A"):
            await client.read_all()


async def test_a_kind_that_has_no_snapshot_costs_no_other() -> None:
    async with reaching("v1", "tlx+tlx") as (_, client):
        await client.devices()
        client._inverters += (Inverter(serial="NEW", family="type 99", name=None, plant_id="1"),)
        assert list(await client.read_all()) == MINS[:2]


async def test_more_than_one_question_may_be_about() -> None:
    listed = [{"device_sn": f"S{place}", "type": 7} for place in range(MOST + 2)]
    lists = {"plants": [{"plant_id": 1}], "devices": listed}
    bulk = {"data": [{"deviceSn": one["device_sn"], "data": {"ppv": 1.0}} for one in listed], "pageNum": 1}
    async with replay() as server, server.client() as client:
        server.answer = {"data": lists, "error_code": 0, "error_msg": ""}
        server.answers = {"tlxs_data": {**bulk, "error_code": 0, "error_msg": ""}}
        assert len(await client.read_all()) == MOST + 2
        asked = [one.body["tlxs"].count(",") + 1 for one in server.asked if one.name == "tlxs_data"]
        assert asked == [MOST, 2]


@pytest.mark.parametrize(
    ("route", "fault", "error"),
    [
        ("shine", "gateway", TransportError),
        ("shine", "truncated", ProtocolError),
        ("v1", "empty", TransportError),
        ("v1", "no-permission", AuthenticationError),
        ("v4", "system-error", TransportError),
        ("oauth", "no-permission", AuthenticationError),
    ],
)
async def test_where_nothing_is_read_the_error_is_told(route: str, fault: str, error: type[Exception]) -> None:
    async with reaching(route, "tlx+tlx") as (cloud, client):
        await client.devices()
        cloud.simulator.faults = (fault,)
        with pytest.raises(error):
            await client.read_all()


async def test_an_account_without_inverters_and_an_unknown_detail() -> None:
    async with replay() as server, server.client() as client:
        server.answer = {"data": {"plants": [{"plant_id": 1}], "devices": []}, "error_code": 0, "error_msg": ""}
        with pytest.raises(NotSupported, match="no inverters"):
            await client.read_all()
        with pytest.raises(UsageError, match="no detail 'x'"):
            await client.read_all(detail="x")


async def test_the_blocking_twin() -> None:
    async with running(profile=MIXED) as cloud:

        def ask() -> list[str]:
            arguments = {name: cloud.told[name] for name in ("username", "password")}
            with Client(**arguments, server=cloud.server, scheme="http", clock=cloud.clock) as client:
                return list(client.read_all(detail="full"))

        assert await asyncio.to_thread(ask) == SERIALS
