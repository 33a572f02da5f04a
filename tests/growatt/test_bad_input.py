"""What a server, a gateway or a caller gets wrong, by every route: a typed error, no storm, no half writes."""

from __future__ import annotations

import gzip
import traceback
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from heliobus.errors import AuthenticationError, Error, LockedOut, NotSupported, OutOfBounds, UsageError
from heliobus.growatt.client import AsyncClient
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.host import Host
from tests.growatt.conftest import NOON, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SECRET = "Canary-7f3a"
ACCESS: dict[str, dict[str, Any]] = {
    "shine": {"username": "owner", "password": SECRET},
    "v1": {"token": SECRET},
    "v4": {"token": SECRET},
    "oauth": {"client_id": "app", "client_secret": SECRET},
}
PAGE = b"<!DOCTYPE html><html><body>We will be back soon</body></html>"
BAD: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "a page": (200, PAGE, {}),
    "a login page": (200, b'<html><form action="/login">log in</form></html>', {}),
    "a way to the login": (302, b"", {"Location": "/login"}),
    "nothing": (200, b"", {}),
    "cut off": (200, b'{"error_code": 0, "code": 0, "data": {"pla', {}),
    "another charset": (200, '{"code": 0, "data": "\u7535"}'.encode("utf-16"), {}),
    "no text": (200, bytes(range(256)), {}),
    "a bomb": (200, gzip.compress(b'{"data": "' + b" " * 30_000_000), {"Content-Encoding": "gzip"}),
    "half a bomb": (200, gzip.compress(b"{}" * 1000)[:40], {"Content-Encoding": "gzip"}),
    "null": (200, b"null", {}),
    "a null object": (200, b'{"result": 1, "code": 0, "error_code": 0, "obj": null, "data": null, "back": null}', {}),
    "a list": (200, b"[]", {}),
    "other types": (200, b'{"back": [], "data": 7, "code": "x", "error_code": []}', {}),
    "a missing page": (404, PAGE, {}),
    "a broken server": (500, PAGE, {}),
}


@asynccontextmanager
async def rude(name: str, *, gentle: dict[str, Any] | None = None) -> AsyncIterator[tuple[list[str], str]]:
    """A server that answers all badly but the pages that end on a name in ``gentle``; and what it was asked."""
    status, body, headers = BAD[name]
    asked: list[str] = []

    async def serve(request: web.Request) -> web.Response:
        asked.append(request.path)
        for page, answer in (gentle or {}).items():
            if request.path.endswith(page):
                response = web.json_response(answer)
                response.set_cookie("JSESSIONID", f"{len(asked)}")
                return response
        return web.Response(status=status, body=body, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{page:.*}", serve)
    async with Host(app) as host:
        yield asked, host.base_url.removeprefix("http://").rstrip("/")


def shown(error: Error) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + error.line()


WELCOME = {
    "newTwoLoginAPI.do": {"back": {"success": True, "msg": "", "user": {"id": 7}}},
    "oauth2/token": {"code": 0, "data": {"access_token": SECRET, "expires_in": 7200}, "access_token": SECRET},
}


@pytest.mark.parametrize("welcome", [False, True])
@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("route", ACCESS)
async def test_a_bad_answer(
    route: str, name: str, welcome: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with rude(name, gentle=WELCOME if welcome else None) as (asked, server):
        clock = ManualClock(NOON)
        for count in range(1, 6):
            client = AsyncClient(
                **ACCESS[route], route=route, server=server, scheme="http", state=tmp_path / "s.json", clock=clock
            )
            async with client:
                with pytest.raises(Error) as error:
                    await client.read()
            assert error.value.what()
            assert error.value.remedy
            assert "\n" not in error.value.line()
            assert SECRET not in shown(error.value) + repr(client) + caplog.text
            # At most: one question with its session, a login, and the same once more; regions are looked up by two.
            assert len(asked) <= 5 * count, asked
            await clock.advance(660)
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    if route != "oauth":  # whose tokens have to be kept
        assert all(SECRET not in path.read_text("utf-8") for path in files)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("no_such_setting", 1), NotSupported),
        (("charge_power", 101), OutOfBounds),
        (("charge_power", -1), OutOfBounds),
        (("charge_power", float("nan")), Error),
        (("charge_power", "much"), Error),
        (("charge_power",), Error),
        (("charge_power", 1, 2), Error),
        (("charge_power", "50&type=pv_on_off"), Error),
        (("charge_power", None), Error),
    ],
)
@pytest.mark.parametrize("route", ["shine", "v1"])
async def test_a_setting_that_does_not_fit_is_not_sent(route: str, words: tuple[Any, ...], kind: type[Error]) -> None:
    async with running(profile="tlx") as cloud:
        access = {} if route == "shine" else {"username": None, "password": None, "token": cloud.told["token"]}
        async with cloud.client(**access) as client:
            await client.devices()
            asked, before = len(cloud.simulator.requests), cloud.simulator.cloud.settings.shown()
            with pytest.raises(kind) as error:
                await client.set(None, *words)
            assert "\n" not in error.value.line()
            assert len(cloud.simulator.requests) == asked
            assert cloud.simulator.cloud.settings.shown() == before


@pytest.mark.parametrize("wanted", ["SIMTLX9999999", "2999999", "", "../etc", "SIMTLX0000007&op=x"])
@pytest.mark.parametrize("route", ["shine", "v1", "v4"])
async def test_what_is_not_the_accounts_is_not_asked_for(route: str, wanted: str) -> None:
    async with running(profile="tlx") as cloud:
        access = {} if route == "shine" else {"username": None, "password": None, "token": cloud.told["token"]}
        async with cloud.client(route=route, **access) as client:
            with pytest.raises(UsageError, match="no device") as error:
                await client.read(wanted)
            assert cloud.told["serial"] in error.value.remedy
        readings = [name for name in cloud.simulator.requests if name.rpartition("/")[2].startswith(("tlx", "query"))]
        assert len(readings) <= 1, "V4 lists its devices by such a name"


async def test_a_plant_that_is_not_the_accounts() -> None:
    async with running(profile="tlx") as cloud, cloud.client(plant="2999999") as client:
        with pytest.raises(UsageError, match="no plant '2999999'"):
            await client.read()
        with pytest.raises(NotSupported):
            await client.shine.plant_settings("2999999")


async def test_a_token_without_rights_is_told_and_a_loop_of_it_asks_no_more_than_that() -> None:
    async with running(profile="tlx", faults=("no-permission",)) as cloud:
        token = {"username": None, "password": None, "token": cloud.told["token"]}
        for _ in range(5):
            async with cloud.client(**token) as client:
                with pytest.raises((AuthenticationError, LockedOut)) as error:
                    await client.read()
            assert error.value.remedy
        assert len(cloud.simulator.requests) <= 4


@pytest.mark.parametrize("kind", [77, None, "mystery"])
async def test_a_device_of_an_unknown_type_is_listed_and_not_read(kind: Any) -> None:
    answers = {
        "plant/list": {"error_code": 0, "data": {"count": 1, "plants": [{"plant_id": 7}]}},
        "plant/details": {"error_code": 0, "data": {"timezone": "GMT+1"}},
        "device/list": {"error_code": 0, "data": {"count": 1, "devices": [{"device_sn": "X", "type": kind}]}},
    }
    async with (
        rude("nothing", gentle=answers) as (asked, server),
        AsyncClient(token=SECRET, server=server, scheme="http", clock=ManualClock(NOON)) as client,
    ):
        _, device = await client.devices()
        assert device.serial == "X"
        with pytest.raises(NotSupported):
            await client.read()
        assert len(asked) == len(answers)
