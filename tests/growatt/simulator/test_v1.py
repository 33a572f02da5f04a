"""The simulated OpenAPI V1 by itself: its limits and codes, asked as any program may."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.growatt.conftest import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.growatt.conftest import Cloud


class Asker:
    def __init__(self, cloud: Cloud, session: aiohttp.ClientSession) -> None:
        self.cloud = cloud
        self.serial = cloud.told["serial"]
        self.plant = cloud.simulator.account.plant_id
        self._session = session

    async def get(self, path: str, *, token: str | None = None, **query: Any) -> Any:
        return await self._ask("GET", path, token, params=query)

    async def post(self, path: str, **form: Any) -> Any:
        return await self._ask("POST", path, None, data=form)

    async def _ask(self, method: str, path: str, token: str | None, **more: Any) -> Any:
        headers = {"token": token or self.cloud.told["token"], "User-Agent": "Dalvik/2.1.0"}
        url = f"{self.cloud.told['base_url']}v1/{path}"
        async with self._session.request(method, url, headers=headers, **more) as response:
            return await response.json(content_type=None)


@asynccontextmanager
async def asking(profile: str = "tlx") -> AsyncIterator[Asker]:
    async with running(profile=profile) as cloud, aiohttp.ClientSession() as session:
        yield Asker(cloud, session)


async def test_the_same_request_once_in_five_minutes() -> None:
    async with asking() as ask:
        assert (await ask.get("plant/list"))["error_code"] == 0
        await ask.cloud.clock.advance(299)
        refused = await ask.get("plant/list")
        assert refused == {"data": "", "error_code": 10012, "error_msg": "error_frequently_access"}
        assert (await ask.get("plant/list", page=1))["error_code"] == 0
        await ask.cloud.clock.advance(1)  # what was refused does not count
        assert (await ask.get("plant/list"))["error_code"] == 0


async def test_a_wrong_token_is_told_as_a_missing_right() -> None:
    async with asking() as ask:
        assert (await ask.get("plant/data", token="guess", plant_id=ask.plant))["error_code"] == 10011


@pytest.mark.parametrize(("query", "code"), [({"perpage": 101}, 10013), ({"page": 251}, 10014), ({"page": ""}, 0)])
async def test_pages_have_limits(query: dict[str, Any], code: int) -> None:
    async with asking() as ask:
        assert (await ask.get("device/list", plant_id=ask.plant, **query))["error_code"] == code


@pytest.mark.parametrize(
    ("last", "code"), [("2026-06-17", 0), ("2026-06-18", 10004), ("2026-06-09", 10004), ("soon", 10003)]
)
async def test_histories_have_limits(last: str, code: int) -> None:
    async with asking() as ask:
        form = {"tlx_sn": ask.serial, "start_date": "2026-06-10", "end_date": last}
        assert (await ask.post("device/tlx/tlx_data", **form))["error_code"] == code


async def test_pages_of_a_history_join_without_a_gap() -> None:
    async with asking("mix") as ask:
        form = {"mix_sn": ask.serial, "start_date": "2026-06-20", "end_date": "2026-06-20", "perpage": 50}
        pages = [(await ask.post("device/mix/mix_data", **form, page=page))["data"] for page in (1, 2, 3, 4, 5)]
        times = [line["time"] for page in pages for line in page["datas"]]
        assert [len(page["datas"]) for page in pages] == [50, 50, 50, 1, 0]
        assert len(set(times)) == pages[0]["count"] == 151
        assert times == sorted(times, reverse=True)
        assert [page["next_page_start_id"] for page in pages[:2]] == [51, 101]


async def test_the_form_of_a_telemetry() -> None:
    """As the recording and the samples have it: numbers, a serial number beside the data, texts padded with NUL."""
    async with asking() as ask:
        answer = await ask.post("device/tlx/tlx_last_data", tlx_sn=ask.serial)
        assert answer["tlx_sn"] == ask.serial
        assert isinstance(answer["data"]["ppv"], float)
        assert answer["data"]["batterySN"].startswith("\0")
        assert answer["data"]["lost"] is True


async def test_whose_calls_are_not_those_of_the_family() -> None:
    async with asking("noah") as ask:
        assert (await ask.get("plant/list"))["error_code"] == 0
        assert (await ask.get("device/list", plant_id=ask.plant))["error_code"] == 10011
    async with asking("spa") as ask:
        assert (await ask.post("device/mix/mix_last_data", mix_sn=ask.serial))["error_code"] == 10002


async def test_a_regular_token_registers_nobody() -> None:
    async with asking() as ask:
        assert (await ask.post("plant/delete", plant_id=ask.plant))["error_code"] == 10011


async def test_a_write_of_seventeen_parameters_will_do() -> None:
    async with asking("mix") as ask:
        form = {f"param{place}": value for place, value in enumerate(["60", "20", *["0"] * 15], 1)}
        answer = await ask.post("mixSet", mix_sn=ask.serial, type="mix_ac_discharge_time_period", **form)
        assert answer["error_code"] == 0
        assert ask.cloud.simulator.cloud.settings.device["disChargePowerCommand"] == 60
