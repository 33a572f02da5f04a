from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import aiohttp
import pytest

from heliobus.e3dc.protocol import ajax
from heliobus.e3dc.protocol.portal import password_hash
from heliobus.e3dc.simulator.ajax import AjaxSimulator
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

WINDOW = {ajax.WINDOW: f"GUID-{uuid4()}"}


@pytest.fixture
async def simulator() -> AsyncIterator[AjaxSimulator]:
    clock = ManualClock(datetime(2026, 6, 20, 10, 30, tzinfo=UTC))
    async with AjaxSimulator(SimulationOptions(plant=Plant(7), clock=clock)) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as made:
        yield made


async def send(
    simulator: AjaxSimulator,
    session: aiohttp.ClientSession,
    fields: Mapping[str, str],
    headers: Mapping[str, str] = WINDOW,
) -> dict[str, Any]:
    async with session.post(simulator.announcement()["url"], data=dict(fields), headers=headers) as answer:
        assert answer.status == 200
        return dict(json.loads(await answer.read()))


def login(simulator: AjaxSimulator) -> Mapping[str, str]:
    told = simulator.announcement()
    return ajax.login(told["username"], password_hash(told["password"]))


@pytest.mark.parametrize("headers", [{}, {ajax.WINDOW: ""}, {ajax.WINDOW: "window"}])
async def test_every_request_names_its_window(
    simulator: AjaxSimulator, session: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    for fields in (login(simulator), ajax.LIVE):
        assert (await send(simulator, session, fields, headers))["ERRNO"] == 6632


async def test_the_three_steps(simulator: AjaxSimulator, session: aiohttp.ClientSession) -> None:
    assert (await send(simulator, session, ajax.LIVE))["ERRNO"] != 0
    assert (await send(simulator, session, login(simulator)))["CONTENT"] == {"USERLEVEL": 10}
    assert (await send(simulator, session, ajax.LIVE))["ERRNO"] != 0  # no system is selected
    assert (await send(simulator, session, ajax.select("4400000007")))["ERRNO"] == 0
    answer = await send(simulator, session, ajax.LIVE)
    assert answer["ERRNO"] == 0
    assert isinstance(answer["CONTENT"], str)
    values = json.loads(answer["CONTENT"])
    assert {"time", "SYSSTATUS", "SOC", "POWER_PV_S1", "POWER_LM_L3", "POWER_C_L2", "POWER_BAT", "POWER_WALLBOX"} <= (
        values.keys()
    )
    assert all(isinstance(value, str) for value in values.values())


async def test_a_session_is_its_cookie(simulator: AjaxSimulator, session: aiohttp.ClientSession) -> None:
    await send(simulator, session, login(simulator))
    session.cookie_jar.clear()
    assert (await send(simulator, session, ajax.select("4400000007")))["ERRNO"] != 0


async def test_the_list_of_systems(simulator: AjaxSimulator, session: aiohttp.ClientSession) -> None:
    await send(simulator, session, login(simulator))
    page = (await send(simulator, session, {"DO": "GETCONTENT", "MODID": "IDOVERVIEWCOMMON"}))["CONTENT"]
    assert 's10list=\'[{"serialno": "S10-4400000007"}]\'' in page


@pytest.mark.parametrize("fields", [{}, {"DO": "NOTHING"}, {"DO": "GETCONTENT"}, {"DO": "GETCONTENT", "MODID": "X"}])
async def test_what_it_does_not_know(
    simulator: AjaxSimulator, session: aiohttp.ClientSession, fields: dict[str, str]
) -> None:
    await send(simulator, session, login(simulator))
    assert (await send(simulator, session, fields))["ERRNO"] != 0
