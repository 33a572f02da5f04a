"""Every example of the OAuth2 OpenAPI's description: answers read by the real client, requests made by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import AuthenticationError, Error, LockedOut, NotSupported, Refused, TransportError, Unreachable
from heliobus.growatt.control import dispatch
from heliobus.growatt.models import Record
from heliobus.growatt.models.oauth import Push, Telemetry, Tokens
from heliobus.growatt.protocol import oauth, text
from tests.growatt.replay import Replay, replay

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from heliobus.growatt.client.calls.oauth import OAuthCalls

    Ask = Callable[[OAuthCalls], Awaitable[Any]]

SN, OTHER = "DEVICE_SN_1", "DEVICE_SN_2"
ANSWERS: dict[str, Ask] = {
    "04_api_device_auth_01": lambda calls: calls.candidates(),
    "04_api_device_auth_07": lambda calls: calls.bind({SN: None}),
    "04_api_device_auth_08": lambda calls: calls.bind({SN: None}),
    "04_api_device_auth_13": lambda calls: calls.devices(),
    "04_api_device_auth_16": lambda calls: calls.unbind([SN]),
    "05_api_device_dispatch_02": lambda calls: calls.dispatch(SN, "enable_control", 1),
    "06_api_read_dispatch_01": lambda calls: calls.dispatched(SN, "time_slot_charge_discharge"),
    "06_api_read_dispatch_02": lambda calls: calls.dispatched(SN, "export_limit"),
    "06_api_read_dispatch_03": lambda calls: calls.dispatched(SN, "enable_control"),
    "07_api_device_info_01": lambda calls: calls.info(SN),
    "08_api_device_data_01": lambda calls: calls.telemetry(SN),
    "10_global_params_00": lambda calls: calls.query("getDeviceInfo", deviceSn=SN),
}
REFUSALS: dict[str, tuple[Ask, type[Error]]] = {
    "04_api_device_auth_02": (lambda calls: calls.candidates(), AuthenticationError),
    "04_api_device_auth_03": (lambda calls: calls.candidates(), NotSupported),
    "04_api_device_auth_09": (lambda calls: calls.bind({SN: None}), AuthenticationError),
    "04_api_device_auth_10": (lambda calls: calls.bind({SN: None}), Refused),
    "04_api_device_auth_11": (lambda calls: calls.bind({OTHER: None}), AuthenticationError),
    "04_api_device_auth_14": (lambda calls: calls.devices(), AuthenticationError),
    "04_api_device_auth_17": (lambda calls: calls.unbind([SN]), AuthenticationError),
    "06_api_read_dispatch_04": (lambda calls: calls.dispatched(SN, "export_limit"), Unreachable),
    "06_api_read_dispatch_05": (lambda calls: calls.dispatched(SN, "export_limit"), TransportError),
    "06_api_read_dispatch_06": (lambda calls: calls.dispatched(SN, "export_limit"), LockedOut),
    "07_api_device_info_02": (lambda calls: calls.info(SN), AuthenticationError),
}
REQUESTS: dict[str, Ask] = {
    "04_api_device_auth_04": lambda calls: calls.bind({SN: None, OTHER: None}),
    "04_api_device_auth_05": lambda calls: calls.bind({SN: "PIN001"}),
    "04_api_device_auth_06": lambda calls: calls.bind({SN: "PIN001", OTHER: "PIN002"}),
    "04_api_device_auth_15": lambda calls: calls.unbind([SN, OTHER]),
    "05_api_device_dispatch_00": lambda calls: calls.dispatch(
        SN, "export_limit", {"exportLimitEnabled": 1, "percentage": 20}, dangerous=True
    ),
    "05_api_device_dispatch_01": lambda calls: calls.dispatch(
        SN, "duration_and_power_charge_discharge", {"duration": 10, "percentage": 20, "type": "dischargeCommand"}
    ),
    "06_api_read_dispatch_00": lambda calls: calls.dispatched(SN, "export_limit"),
    "07_api_device_info_00": lambda calls: calls.info(SN),
    "08_api_device_data_00": lambda calls: calls.telemetry(SN),
}
GRANTS = {
    "02_api_access_token_00": "authorization_code",
    "02_api_access_token_01": "client_credentials",
    "03_api_refresh_00": "refresh_token",
}
TOKENS = {"02_api_access_token_03", "02_api_access_token_04", "03_api_refresh_01"}
PUSHED = "09_api_device_push_00"
OLDER = {"02_api_access_token_02"}
"""The same grant as 01 with a redirect address, which its description calls compatibility: we send none."""


def payload(shared: Path, name: str) -> Any:
    return json.loads((shared / f"captures/growatt/oauth/{name}.json").read_text())["payload"]


def records(found: Any) -> Iterator[Record]:
    """A record, with those in it."""
    for one in found if isinstance(found, tuple) else (found,):
        if isinstance(one, Record):
            yield one
            for row in one.rows.values():
                yield from records(row.read(one.values.get(row.key)))


def lost(found: Any) -> set[str]:
    """The fields that have no row, and those that have something in them and cannot be read."""
    return {
        key
        for record in records(found)
        for key, told in record.values.items()
        if key not in record.rows
        or (told is not None and record.rows[key].read(told) is None and text(told) is not None)
    }


async def asked_of(server: Replay, ask: Ask) -> Any:
    async with server.client(route="oauth") as client:
        return await ask(client.oauth)


def test_the_list_is_whole(shared: Path) -> None:
    names = {path.stem for path in (shared / "captures/growatt/oauth").glob("*.json")}
    assert names == {*ANSWERS, *REFUSALS, *REQUESTS, *GRANTS, *TOKENS, PUSHED, *OLDER}


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_read_without_a_loss(name: str, shared: Path) -> None:
    async with replay() as server:
        server.answer = payload(shared, name)
        found = await asked_of(server, ANSWERS[name])
    assert lost(found) == set()
    if not name.startswith(("04", "05", "07_", "08_")):
        assert found == server.answer["data"]
    assert all(one.headers["Authorization"] == "Bearer t" for one in server.asked)


async def test_the_telemetry(shared: Path) -> None:
    async with replay() as server:
        server.answer = payload(shared, "08_api_device_data_01")
        found: Telemetry = await asked_of(server, lambda calls: calls.telemetry(SN))
        async with server.client(route="oauth", state=None) as client:
            server.clock.jump(60)
            server.answers["getDeviceListAuthed"] = payload(shared, "04_api_device_auth_13")
            snapshot = await client.read()
    assert (found.soc, found.pac, found.reactive_power, found.batteries[0].charge_total) == (67.0, 41.3, 174.9, 80.7)
    assert snapshot.battery is not None
    assert (snapshot.battery.power, snapshot.battery.soc, snapshot.batteries[0].current) == (0.0, 67.0, 1.0)
    assert (snapshot.grid.power, snapshot.load.power, snapshot.grid.export_energy) == (0.0, 14.5, 270_700.0)
    assert snapshot.pv.energy is None, "0 kWh beside 270 kWh of export is no counter"
    assert snapshot.device_time is not None
    assert f"{snapshot.device_time:%Y-%m-%d %H:%M:%S %z}" == "2026-03-13 07:48:25 +0000"


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_refusal_has_its_error(name: str, shared: Path) -> None:
    ask, kind = REFUSALS[name]
    async with replay() as server:
        server.answer = payload(shared, name)
        with pytest.raises(kind, match=server.answer["message"]) as error:
            await asked_of(server, ask)
    assert error.value.remedy


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_is_made_as_described(name: str, shared: Path) -> None:
    wanted = payload(shared, name)
    async with replay() as server:
        server.answer = {"code": 0, "data": None, "message": "SUCCESSFUL_OPERATION"}
        await asked_of(server, REQUESTS[name])
    (asked,) = server.asked
    number = asked.body.pop("requestId", None)
    assert asked.body == {key: value for key, value in wanted.items() if key != "requestId"}
    if "requestId" in wanted:
        assert len(number) == len(wanted["requestId"])
        assert number.startswith("20260620103000000")


@pytest.mark.parametrize("name", GRANTS)
def test_a_grant_is_asked_for_as_described(name: str, shared: Path) -> None:
    wanted = payload(shared, name)
    values = {key: value for key, value in wanted.items() if key != "grant_type"}
    asked = oauth.grant(GRANTS[name], **values)
    assert (asked.method, asked.form) == ("POST", wanted)


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_tokens_are_read_without_a_loss_and_not_shown(name: str, shared: Path) -> None:
    found = Tokens(payload(shared, name))
    assert lost(found) == set()
    assert found.access == "redacted"
    assert found.access not in repr(found)


def test_what_is_pushed(shared: Path) -> None:
    found = Push(payload(shared, PUSHED))
    assert lost(found) == set()
    assert found.data is not None
    assert (found.kind, found.data.soc) == ("dfcData", 67.0)


def test_every_set_type_of_the_description_is_here() -> None:
    assert len(dispatch.SET_TYPES) == 7
