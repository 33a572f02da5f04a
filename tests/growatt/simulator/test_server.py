"""The cloud's side, asked as foreign programs ask it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from heliobus.errors import UsageError
from heliobus.growatt.protocol import hash_password
from heliobus.growatt.simulator import DEAD_FORMS, FAULTS, GrowattSimulator
from heliobus.growatt.simulator.faults import ENDS
from heliobus.simulation.clock import FrozenClock
from heliobus.vendor import SimulationOptions
from tests.growatt.conftest import NOON, PLANT

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.growatt.conftest import Cloud

    Clouds = Callable[..., AbstractAsyncContextManager[Cloud]]

PHONE = {"User-Agent": "Dalvik/2.1.0 (Linux; U; Android"}
_PLAIN: dict[str, Any] = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": dict, "list": list}


def phone() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers=PHONE, cookie_jar=aiohttp.CookieJar(unsafe=True))


async def login(session: aiohttp.ClientSession, one: Cloud, password: str | None = None) -> Any:
    form = {"userName": one.told["username"], "password": hash_password(password or one.told["password"])}
    async with session.post(one.told["base_url"] + "newTwoLoginAPI.do", data=form) as answer:
        assert answer.content_type == "text/html"  # the real one does not say JSON either
        return json.loads(await answer.read())["back"]


async def test_the_hash_is_checked(cloud: Clouds) -> None:
    async with cloud() as one, phone() as session:
        assert (await login(session, one, "wrong"))["msg"] == "502"
        assert (await login(session, one))["success"] is True


async def test_many_wrong_passwords_lock_the_account_for_a_day(cloud: Clouds) -> None:
    async with cloud() as one, phone() as session:
        codes = [(await login(session, one, "wrong"))["msg"] for _ in range(6)]
        assert codes == ["502"] * 5 + ["507"]
        assert (await login(session, one))["lockDuration"] == "24"
        await one.clock.advance(86_400)
        assert (await login(session, one))["success"] is True


async def test_many_right_logins_lock_it_too(cloud: Clouds) -> None:
    """As the integration did that logged in every five minutes."""
    async with cloud() as one, phone() as session:
        done = 0
        while (await login(session, one))["success"]:
            done += 1
            await one.clock.advance(300)
        assert 12 < done < 288


async def test_parameters_may_stand_in_the_query_or_in_a_form(cloud: Clouds) -> None:
    async with cloud(profile="tlx") as one, phone() as session:
        await login(session, one)
        url = one.told["base_url"] + "newTlxApi.do?op=getSystemStatus_KW"
        asked = {"plantId": one.simulator.account.plant_id, "id": one.simulator.serial}
        async with session.post(url, data=asked) as form, session.post(url, params=asked) as query:
            answers = [json.loads(await one_answer.read()) for one_answer in (form, query)]
        assert answers[0] == answers[1]
        assert answers[0]["result"] == 1


@pytest.mark.parametrize(
    ("form", "status", "words"),
    list(zip(DEAD_FORMS, (302, 302, 200, 500, 200), ("", "", "loginForm", "not login", "log in again"), strict=True)),
)
async def test_a_dead_session_is_told_in_its_form(cloud: Clouds, form: str, status: int, words: str) -> None:
    async with cloud() as one, phone() as session:
        await login(session, one)
        one.simulator.faults = (form,)
        url = one.told["base_url"] + "PlantListAPI.do"
        async with session.get(url, allow_redirects=False) as answer:
            assert answer.status == status
            assert words in await answer.text()
        await login(session, one)
        async with session.get(url, allow_redirects=False) as answer:
            assert answer.status == 200


async def test_a_python_program_is_refused_by_its_name(cloud: Clouds) -> None:
    agent = {"User-Agent": "python-requests/2.32"}
    async with (
        cloud() as one,
        aiohttp.ClientSession(headers=agent) as session,
        session.get(one.told["base_url"] + "PlantListAPI.do") as answer,
    ):
        assert answer.status == 403


async def test_a_stranger_and_an_unknown_page(cloud: Clouds) -> None:
    async with cloud() as one, phone() as session:
        base = one.told["base_url"]
        async with session.get(base + "newTwoPlantAPI.do?op=nothing", allow_redirects=False) as answer:
            assert answer.status == 302
        await login(session, one)
        async with session.get(base + "newTwoPlantAPI.do?op=nothing") as answer:
            assert answer.status == 404
        async with session.post(base + "newMixApi.do?op=getSystemStatus_KW&mixId=X&plantId=1") as answer:
            assert json.loads(await answer.read()) == {"result": 0, "obj": None, "msg": "504"}
        async with session.post(base + "newMixApi.do?op=getEnergyProdAndCons_KW&date=never") as answer:
            assert json.loads(await answer.read())["obj"] is None


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_is_in_force_and_ends(cloud: Clouds, fault: str) -> None:
    async with cloud() as one, phone() as session:
        await login(session, one)
        one.simulator.faults = (fault,)
        one.simulator.faults = ()
        if fault in ENDS:
            await login(session, one)
        async with session.get(one.told["base_url"] + "PlantListAPI.do", allow_redirects=False) as answer:
            assert answer.status == 200


async def test_a_lock_of_an_hour_ends_sessions_once_and_says_its_length(cloud: Clouds) -> None:
    async with cloud() as one, phone() as session:
        await login(session, one)
        one.simulator.faults = ("locked-1h",)
        assert (await login(session, one))["lockDuration"] == "1"
        one.simulator.faults = ()
        await login(session, one)
        one.simulator.faults = ("delayed",)
        async with session.get(one.told["base_url"] + "PlantListAPI.do", allow_redirects=False) as answer:
            assert answer.status == 200


async def test_a_reset_begins_the_counters_anew_once(cloud: Clouds) -> None:
    async with cloud(profile="tlx") as one:
        simulator = one.simulator
        before = simulator.plant.counters(NOON)
        simulator.faults = ("counter-reset",)
        simulator.faults = ("counter-reset", "delayed")
        assert simulator.plant.counters(NOON).pv == 0.0 < before.pv
        assert len(simulator.plant.resets) == 1


async def test_a_clock_that_jumped_shows_it_and_the_house_goes_on(cloud: Clouds) -> None:
    async with cloud(profile="tlx") as one:
        right = one.simulator.cloud.moment()
        one.simulator.faults = ("clock-jump",)
        wrong = one.simulator.cloud.moment()
        assert (wrong.local - right.local, wrong.now) == (timedelta(hours=1), right.now)


def test_an_unknown_wire_profile_fault_or_replay_is_refused() -> None:
    clock = FrozenClock(NOON)
    wrong: list[dict[str, Any]] = [{"wire": "x"}, {"profile": "x"}, {"faults": ("x",)}, {"replay": "x"}]
    for one in wrong:
        with pytest.raises(UsageError):
            GrowattSimulator(SimulationOptions(plant=PLANT, clock=clock, **one))


# -- shapes as recorded


def fits(got: Any, shape: Any, path: str) -> list[str]:
    """Where an answer has other types than the recorded map of types says; what it lacks does not count."""
    if isinstance(shape, str):
        return [] if isinstance(got, _PLAIN[shape]) else [f"{path}: {type(got).__name__} for {shape}"]
    if isinstance(shape, list):
        return [problem for one in got for problem in fits(one, shape[0], f"{path}[]")]
    return [problem for key in shape if key in got for problem in fits(got[key], shape[key], f"{path}.{key}")]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("login_back", None),
        ("plant_list_storage", "PlantListAPI.do"),
        ("plant_info_storage", "newTwoPlantAPI.do?op=getAllDeviceList&plantId={plant}&language=1"),
        ("get_plant", "newPlantAPI.do?op=getPlant&plantId={plant}"),
    ],
)
async def test_types_are_as_recorded(cloud: Clouds, shared: Path, name: str, page: str | None) -> None:
    shape = json.loads((shared / f"captures/growatt/shapes/{name}.json").read_text("utf-8"))["payload"]
    async with cloud() as one, phone() as session:
        got = {"back": await login(session, one)}
        if page is not None:
            url = one.told["base_url"] + page.format(plant=one.simulator.account.plant_id)
            async with session.get(url) as answer:
                got = json.loads(await answer.read())
    assert fits(got, shape, name) == []


async def test_a_login_has_every_recorded_field(cloud: Clouds, shared: Path) -> None:
    shape = json.loads((shared / "captures/growatt/shapes/login_back.json").read_text("utf-8"))["payload"]["back"]
    async with cloud() as one, phone() as session:
        back = await login(session, one)
    assert back.keys() == shape.keys()
    assert back["user"].keys() == shape["user"].keys()


async def test_a_hybrids_status_has_the_recorded_types(cloud: Clouds, shared: Path) -> None:
    recorded = json.loads((shared / "captures/growatt/legacy/web_mix_status.json").read_text("utf-8"))["payload"]["obj"]
    async with cloud() as one, one.client() as client:
        status = (await client.raw())["mix_status"]
    for key in recorded.keys() & status.keys():
        assert isinstance(status[key], str) == isinstance(recorded[key], str), key
