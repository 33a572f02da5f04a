"""What programs made for growattServer find better: logins, servers, days, failures.  The rest is walked beside it."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import pytest
import requests

from heliobus import errors
from heliobus.compat import growattServer
from heliobus.growatt.client import Client
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.simulation.plant import Plant
from heliobus.transport import blocking
from tests.compat.conftest import PLANT, Growatt

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start


# -- logins


def test_programs_that_log_in_at_every_start_share_one_login(house: Growatt) -> None:
    first = house.login(house.api())
    again = [house.login(house.api()) for _ in range(20)]
    assert house.logins == 1
    assert all(one == first for one in again)
    assert (first["userId"], first["userLevel"]) == (first["user"]["id"], first["user"]["rightlevel"])
    assert first["user"]["password"] == growattServer.hash_password(house.told["password"])


def test_programs_that_start_at_the_same_moment_share_one_login(house: Growatt) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(house.login, [house.api() for _ in range(8)]))
    assert all(one == answers[0] for one in answers)
    assert house.logins == 1


def test_a_session_of_heliobus_is_the_program_s_too(house: Growatt) -> None:
    told = house.told
    with Client(
        username=told["username"], password=told["password"], server=f"{told['host']}:{told['port']}", scheme="http",
        clock=house.clock,
    ) as client:  # fmt: skip
        house.logged_in().plant_list(str(house.simulator.account.user_id))
        client.devices()
        house.logged_in()
    assert house.logins == 1


def test_a_hashed_password_does_as_well(house: Growatt) -> None:
    hashed = growattServer.hash_password(house.told["password"])
    assert house.api().login(house.told["username"], hashed, is_password_hashed=True) == house.login(house.api())
    assert house.logins == 1


def test_what_is_kept_of_the_login_is_private_and_has_no_password(house: Growatt, sessions: Path) -> None:
    house.login(house.api())
    (kept,) = (sessions / "growatt").glob("*-welcome.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    secrets = (house.told["password"], growattServer.hash_password(house.told["password"]))
    assert not any(secret in kept.read_text() for secret in secrets)


def test_a_wrong_password_is_refused_though_the_session_of_the_right_one_lives(house: Growatt) -> None:
    house.login(house.api())
    assert house.login(house.api(), "wrong") == {"msg": "502", "success": False}
    assert house.login(house.api(), "wrong") == {"msg": "502", "success": False}
    assert len(house.simulator.account.failures) == 1
    assert house.login(house.api())["success"]


def test_a_locked_account_is_told_and_left_alone(house: Growatt) -> None:
    house.simulator.faults = ("locked",)
    first = house.login(house.api())
    assert (first["success"], first["msg"], first["lockDuration"]) == (False, "507", "24")
    asked = len(house.simulator.requests)
    house.pass_time(7200)
    again = house.login(house.api())
    assert (again["success"], again["msg"], again["lockDuration"]) == (False, "507", "22")
    assert len(house.simulator.requests) == asked


def test_a_server_that_refuses_the_program_is_left_alone(house: Growatt) -> None:
    answer = house.login(house.api(agent_identifier="python-requests/2.0"))
    assert (answer["success"], answer["msg"], answer["lockDuration"]) == (False, "507", "1")
    assert "403" in answer["error"]
    asked = len(house.simulator.requests)
    assert house.login(house.api())["msg"] == "507"
    assert len(house.simulator.requests) == asked


def test_a_program_that_logs_in_with_other_passwords_for_ever_does_not_lock_the_account(house: Growatt) -> None:
    answers = [house.login(house.api(), f"wrong{number}") for number in range(30)]
    assert not any(one["success"] for one in answers)
    assert answers[-1]["msg"] == "507"
    assert len(house.simulator.requests) < 30


@pytest.mark.parametrize("form", ["dead-302", "dead-page", "dead-json"])
def test_a_session_that_has_died_is_renewed_once(house: Growatt, form: str) -> None:
    api = house.logged_in()
    house.simulator.faults = (form,)
    house.simulator.faults = ()
    assert api.mix_info(house.told["serial"])["soc"]
    assert house.logins == 2


def test_without_a_login_it_says_so(house: Growatt) -> None:
    with pytest.raises(growattServer.GrowattError, match="logged in"):
        house.api().plant_list_two()
    assert not house.simulator.requests


# -- servers and headers


def test_the_server_counts_whenever_it_is_set(house: Growatt, tlx: Growatt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growattServer.GrowattApi, "server_url", house.told["base_url"])
    api = growattServer.GrowattApi(clock=house.clock)
    assert house.login(api)["success"]
    assert api.device_list(house.plant)[0]["deviceType"] == "mix"
    api.server_url = tlx.told["base_url"]
    assert api.device_list(house.plant)[0]["deviceType"] == "tlx"
    assert (house.logins, tlx.logins) == (1, 1)
    token = growattServer.OpenApiV1(house.told["token"], clock=house.clock)
    assert token.api_url == f"{house.told['base_url']}v1/"
    token.server_url = tlx.told["base_url"]
    assert token.device_list(int(house.plant))["devices"][0]["type"] == 7


def test_the_user_agent_is_the_program_s(house: Growatt) -> None:
    api = house.api(add_random_user_id=True, agent_identifier="Roof")
    assert api.session.headers["User-Agent"] == api.agent_identifier
    assert api.agent_identifier[:7] == "Roof - "
    assert api.agent_identifier[7:].isdigit()
    api.session.headers.update({"User-Agent": "python-requests/2.0"})  # which the servers refuse
    with pytest.raises(growattServer.GrowattError):
        house.logged_in().session.get("http://elsewhere.example/page")
    assert house.login(api)["success"]  # told, the session being there
    with pytest.raises(errors.LockedOut):
        api.plant_list_two()


def test_a_request_of_its_own_has_the_same_login(house: Growatt) -> None:
    api, serial = house.logged_in(), house.told["serial"]
    answer = api.session.post(api.get_url("newMixApi.do?op=getMixSetParams"), params={"serialNum": serial, "kind": 0})
    assert answer.status_code == 200
    assert answer.json() == api.get_mix_inverter_settings(serial) == json.loads(answer.text)
    page = api.get_url("newTwoPlantAPI.do")
    answer = api.session.post(page, params={"op": "getAllPlantListTwo"}, data={"toPageNum": "1"})
    assert answer.json()["PlantList"] == api.plant_list_two()
    for page in ("newTwoLoginAPI.do", "newLoginAPI.do", "logout.do"):
        with pytest.raises(growattServer.GrowattError, match="matter of the account"):
            api.session.post(api.get_url(page), data={"userName": "x", "password": "y"})
    with pytest.raises(TypeError, match="json"):
        api.session.post(api.get_url("newMixApi.do"), json={}, timeout=5)
    token = house.by_token()
    assert token.session.get(token.get_url("plant/list"), timeout=5).json()["data"]["count"] == 1
    assert house.logins == 1


def test_after_a_login_a_token_can_do_what_a_user_can(house: Growatt) -> None:
    api = house.by_token()
    with pytest.raises(growattServer.GrowattError, match="logged in"):
        api.mix_info(house.told["serial"])
    house.login(api)
    assert api.mix_info(house.told["serial"]) == house.logged_in().mix_info(house.told["serial"])
    assert api.plant_list()["count"] == 1


def test_it_does_without_requests() -> None:
    program = "import sys, heliobus.compat.growattServer as g; assert 'requests' not in sys.modules; print(g.name)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "growattServer\n"


def test_programs_that_stay_as_they_are_get_it() -> None:
    program = """
from heliobus.compat import growattServer as ours
ours.install()
import growattServer
from growattServer.exceptions import GrowattV1ApiError
from growattServer.open_api_v1 import OpenApiV1
from growattServer.open_api_v1.devices import Min
from growattServer.base_api import BATT_MODE_GRID_FIRST
assert growattServer is ours
assert (GrowattV1ApiError, OpenApiV1, Min) == (ours.GrowattV1ApiError, ours.OpenApiV1, ours.Min)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


# -- days


@pytest.mark.parametrize("hour", [23, 12])
def test_days_are_those_of_the_plant(start: Start, clock: ManualClock, hour: int) -> None:
    far = Plant(7, house=replace(PLANT.house, timezone="Pacific/Auckland"))
    now = datetime(2026, 6, 20, hour, 30, tzinfo=UTC)
    blocking.run(clock.advance((now - clock.now()).total_seconds()))
    house = Growatt(start(lambda options: GrowattSimulator(replace(options, plant=far)), profile="inverter"))
    curve = house.logged_in().inverter_data(house.told["serial"])
    assert {moment[:10] for moment in curve["invPacData"]} == {"2026-06-21"}


# -- failures


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("maintenance", errors.TransportError),
        ("truncated", errors.ProtocolError),
        ("gateway", errors.TransportError),
        ("throttled", errors.LockedOut),
    ],
)
def test_a_failure_is_caught_under_every_name(house: Growatt, fault: str, kind: type[errors.Error]) -> None:
    api = house.logged_in()
    house.simulator.faults = (fault,)
    with pytest.raises(growattServer.GrowattError) as info:
        api.mix_info(house.told["serial"])
    assert all(isinstance(info.value, kind) for kind in (kind, requests.RequestException, json.JSONDecodeError))
    assert isinstance(info.value, requests.HTTPError)
    assert info.value.remedy
    assert isinstance(info.value.__cause__, kind)
    assert str(info.value) == str(info.value.__cause__)


def test_nobody_there_is_a_connection_error(house: Growatt) -> None:
    api = house.logged_in()
    api.server_url = "http://127.0.0.1:9/"
    with pytest.raises(growattServer.GrowattError) as info:
        api.plant_list_two()
    assert isinstance(info.value, errors.Unreachable)
    assert isinstance(info.value, requests.ConnectionError)


def test_it_does_not_wait_for_ever() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        api = growattServer.GrowattApi(timeout=0.2)
        api.server_url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(growattServer.GrowattError) as info:
            api.login("owner", "secret")
    assert isinstance(info.value, errors.DeadlineExceeded)
    assert isinstance(info.value, requests.Timeout)


@pytest.mark.parametrize("address", ["", "no server at all", "server.growatt.com/", "ftp://server.growatt.com/"])
def test_an_address_that_is_none_is_told(house: Growatt, address: str) -> None:
    api = house.api()
    api.server_url = address
    with pytest.raises(growattServer.GrowattParameterError):
        house.login(api)


def test_the_old_name_of_the_list_warns(house: Growatt) -> None:
    api = house.logged_in()
    with pytest.warns(DeprecationWarning, match="device_list"):
        assert api.inverter_list(house.plant) == api.device_list(house.plant)


def test_settings_that_are_none_clear_nothing(house: Growatt) -> None:
    api = house.logged_in()
    for current in ({}, {"result": 0, "obj": None, "msg": "504"}):
        with pytest.raises(growattServer.GrowattParameterError, match="nothing was sent"):
            api.update_plant_settings(house.plant, {"plantName": "Roof"}, current)
    assert "plant_update" not in house.simulator.requests


def test_a_refused_segment_is_a_growatt_error(tlx: Growatt) -> None:
    with pytest.raises(growattServer.GrowattError, match=r"50[89]"):
        tlx.logged_in().update_tlx_inverter_time_segment(tlx.told["serial"], 1, 7, time(1), time(2), enabled=True)
