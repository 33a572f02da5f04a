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
from typing import TYPE_CHECKING, Any

import pytest
import requests

from heliobus import errors
from heliobus.compat import growattServer
from heliobus.growatt.client import Client
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.simulation.plant import Plant
from heliobus.transport import blocking
from tests.compat.conftest import PLANT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start


class House:
    """A simulated cloud, and programs that use its account."""

    def __init__(self, simulator: GrowattSimulator) -> None:
        self.simulator = simulator
        self.told = simulator.announcement()
        self.clock = simulator.cloud.clock

    @property
    def plant(self) -> str:
        return self.simulator.account.plant_id

    @property
    def logins(self) -> int:
        return len(self.simulator.account.logins)

    def api(self, **more: Any) -> growattServer.GrowattApi:
        api = growattServer.GrowattApi(clock=self.clock, **more)
        api.server_url = self.told["base_url"]
        return api

    def login(self, api: growattServer.GrowattApi, password: str | None = None) -> dict[str, Any]:
        return api.login(self.told["username"], password or self.told["password"])

    def logged_in(self, **more: Any) -> growattServer.GrowattApi:
        api = self.api(**more)
        assert self.login(api)["success"]
        return api

    def by_token(self) -> growattServer.OpenApiV1:
        api = growattServer.OpenApiV1(self.told["token"], clock=self.clock)
        api.server_url = self.told["base_url"]
        return api

    def pass_time(self, seconds: float) -> None:
        blocking.run(self.simulator.cloud.clock.advance(seconds))  # type: ignore[attr-defined]


@pytest.fixture
def house(start: Start) -> House:
    return House(start(GrowattSimulator, profile="mix"))


@pytest.fixture
def tlx(start: Start) -> House:
    return House(start(GrowattSimulator, profile="tlx"))


# -- logins


def test_programs_that_log_in_at_every_start_share_one_login(house: House) -> None:
    first = house.login(house.api())
    again = [house.login(house.api()) for _ in range(20)]
    assert house.logins == 1
    assert all(one == first for one in again)
    assert (first["userId"], first["userLevel"]) == (first["user"]["id"], first["user"]["rightlevel"])
    assert first["user"]["password"] == growattServer.hash_password(house.told["password"])


def test_programs_that_start_at_the_same_moment_share_one_login(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(house.login, [house.api() for _ in range(8)]))
    assert all(one == answers[0] for one in answers)
    assert house.logins == 1


def test_a_session_of_heliobus_is_the_program_s_too(house: House) -> None:
    told = house.told
    with Client(
        username=told["username"], password=told["password"], server=f"{told['host']}:{told['port']}", scheme="http",
        clock=house.clock,
    ) as client:  # fmt: skip
        house.logged_in().plant_list(str(house.simulator.account.user_id))
        client.devices()
        house.logged_in()
    assert house.logins == 1


def test_a_hashed_password_does_as_well(house: House) -> None:
    hashed = growattServer.hash_password(house.told["password"])
    assert house.api().login(house.told["username"], hashed, is_password_hashed=True) == house.login(house.api())
    assert house.logins == 1


def test_what_is_kept_of_the_login_is_private_and_has_no_password(house: House, sessions: Path) -> None:
    house.login(house.api())
    (kept,) = (sessions / "growatt").glob("*-welcome.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    secrets = (house.told["password"], growattServer.hash_password(house.told["password"]))
    assert not any(secret in kept.read_text() for secret in secrets)


def test_a_wrong_password_is_refused_though_the_session_of_the_right_one_lives(house: House) -> None:
    house.login(house.api())
    assert house.login(house.api(), "wrong") == {"msg": "502", "success": False}
    assert house.login(house.api(), "wrong") == {"msg": "502", "success": False}
    assert len(house.simulator.account.failures) == 1
    assert house.login(house.api())["success"]


def test_a_locked_account_is_told_and_left_alone(house: House) -> None:
    house.simulator.faults = ("locked",)
    first = house.login(house.api())
    assert (first["success"], first["msg"], first["lockDuration"]) == (False, "507", "24")
    asked = len(house.simulator.requests)
    house.pass_time(7200)
    again = house.login(house.api())
    assert (again["success"], again["msg"], again["lockDuration"]) == (False, "507", "22")
    assert len(house.simulator.requests) == asked


def test_a_server_that_refuses_the_program_is_left_alone(house: House) -> None:
    answer = house.login(house.api(agent_identifier="python-requests/2.0"))
    assert (answer["success"], answer["msg"], answer["lockDuration"]) == (False, "507", "1")
    assert "403" in answer["error"]
    asked = len(house.simulator.requests)
    assert house.login(house.api())["msg"] == "507"
    assert len(house.simulator.requests) == asked


def test_a_program_that_logs_in_with_other_passwords_for_ever_does_not_lock_the_account(house: House) -> None:
    answers = [house.login(house.api(), f"wrong{number}") for number in range(30)]
    assert not any(one["success"] for one in answers)
    assert answers[-1]["msg"] == "507"
    assert len(house.simulator.requests) < 30


@pytest.mark.parametrize("form", ["dead-302", "dead-page", "dead-json"])
def test_a_session_that_has_died_is_renewed_once(house: House, form: str) -> None:
    api = house.logged_in()
    house.simulator.faults = (form,)
    house.simulator.faults = ()
    assert api.mix_info(house.told["serial"])["soc"]
    assert house.logins == 2


def test_without_a_login_it_says_so(house: House) -> None:
    with pytest.raises(growattServer.GrowattError, match="logged in"):
        house.api().plant_list_two()
    assert not house.simulator.requests


# -- servers and headers


def test_the_server_counts_whenever_it_is_set(house: House, tlx: House, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_the_user_agent_is_the_program_s(house: House) -> None:
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


def test_a_request_of_its_own_has_the_same_login(house: House) -> None:
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


def test_after_a_login_a_token_can_do_what_a_user_can(house: House) -> None:
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
    house = House(start(lambda options: GrowattSimulator(replace(options, plant=far)), profile="inverter"))
    curve = house.logged_in().inverter_data(house.told["serial"])
    assert {moment[:10] for moment in curve["invPacData"]} == {"2026-06-21"}


def test_days_of_a_token_are_those_of_the_plant(start: Start, clock: ManualClock) -> None:
    blocking.run(clock.advance(12 * 3600))  # 22:30 UTC, 00:30 at the plant
    house = House(start(GrowattSimulator, profile="tlx"))
    found = house.by_token().min_energy_history(house.told["serial"])
    assert found["datas"]
    power = house.by_token().plant_power_overview(int(house.plant))
    assert all(line["time"].startswith("2026-06-21") for line in power["powers"])


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
def test_a_failure_is_caught_under_every_name(house: House, fault: str, kind: type[errors.Error]) -> None:
    api = house.logged_in()
    house.simulator.faults = (fault,)
    with pytest.raises(growattServer.GrowattError) as info:
        api.mix_info(house.told["serial"])
    assert all(isinstance(info.value, kind) for kind in (kind, requests.RequestException, json.JSONDecodeError))
    assert isinstance(info.value, requests.HTTPError)
    assert info.value.remedy
    assert isinstance(info.value.__cause__, kind)
    assert str(info.value) == str(info.value.__cause__)


def test_nobody_there_is_a_connection_error(house: House) -> None:
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
def test_an_address_that_is_none_is_told(house: House, address: str) -> None:
    api = house.api()
    api.server_url = address
    with pytest.raises(growattServer.GrowattParameterError):
        house.login(api)


def test_the_old_name_of_the_list_warns(house: House) -> None:
    api = house.logged_in()
    with pytest.warns(DeprecationWarning, match="device_list"):
        assert api.inverter_list(house.plant) == api.device_list(house.plant)


def test_settings_that_are_none_clear_nothing(house: House) -> None:
    api = house.logged_in()
    for current in ({}, {"result": 0, "obj": None, "msg": "504"}):
        with pytest.raises(growattServer.GrowattParameterError, match="nothing was sent"):
            api.update_plant_settings(house.plant, {"plantName": "Roof"}, current)
    assert "plant_update" not in house.simulator.requests


def test_a_refused_segment_is_a_growatt_error(tlx: House) -> None:
    with pytest.raises(growattServer.GrowattError, match=r"50[89]"):
        tlx.logged_in().update_tlx_inverter_time_segment(tlx.told["serial"], 1, 7, time(1), time(2), enabled=True)


# -- by token


def test_the_same_question_is_not_sent_twice_within_five_minutes(tlx: House) -> None:
    serial = tlx.told["serial"]
    first = tlx.by_token().min_energy(serial)
    asked = len(tlx.simulator.requests)
    with pytest.raises(growattServer.GrowattV1ApiError) as info:
        tlx.by_token().min_energy(serial)
    assert info.value.error_code == growattServer.GrowattV1ApiErrorCode.RATE_LIMITED
    assert isinstance(info.value, errors.LockedOut)
    assert len(tlx.simulator.requests) == asked
    assert tlx.by_token().plant_list() == tlx.by_token().plant_list()
    assert tlx.simulator.requests.count("v1/plant_list") == 1
    tlx.pass_time(301)
    assert tlx.by_token().min_energy(serial).keys() == first.keys()


def test_codes_are_errors_of_heliobus(tlx: House) -> None:
    api = tlx.by_token()
    with pytest.raises(growattServer.GrowattV1ApiError, match="Error during getting MIN inverter details") as info:
        api.min_detail("FOREIGN")
    assert (info.value.error_code, info.value.error_msg) == (10002, "error_device_not_exist")
    assert isinstance(info.value, errors.NotSupported)
    assert not isinstance(info.value, requests.RequestException)
    api.session.headers["token"] = "wrong"
    with pytest.raises(growattServer.GrowattV1ApiError) as denied:
        api.plant_list()
    assert denied.value.error_code == growattServer.GrowattV1ApiErrorCode.NO_PRIVILEGE
    assert isinstance(denied.value, errors.AuthenticationError)


def test_arguments_that_cannot_be_meant_are_not_sent(tlx: House) -> None:
    api, serial = tlx.by_token(), tlx.told["serial"]
    calls: tuple[Callable[[], Any], ...] = (
        lambda: api.min_write_parameter(serial, "charge_power", list(range(20))),
        lambda: api.min_read_parameter(serial, "charge_power", end_address=3),
        lambda: api.sph_read_parameter(serial),
    )
    for call in calls:
        with pytest.raises(growattServer.GrowattParameterError):
            call()
    assert not tlx.simulator.requests
    assert api.min_read_parameter(serial, None, end_address=3) == "0"


def test_devices_as_objects(tlx: House) -> None:
    api, serial = tlx.by_token(), tlx.told["serial"]
    device = api.get_device(serial, growattServer.DeviceType.MIN)
    assert isinstance(device, growattServer.Min)
    assert isinstance(api.get_device(serial, 5), growattServer.Sph)
    assert device.detail()["tlxSetbean"].items() <= device.settings().items()
    with pytest.warns(UserWarning, match="no class"):
        assert api.get_device(serial, 99) is None


@pytest.mark.parametrize("name", ["wchargeSOCLowLimit", "wchargeSOCLowLimit1", "wchargeSOCLowLimit2"])
def test_the_soc_is_read_under_each_of_its_names(tlx: House, name: str) -> None:
    told = {name: "85", "acChargeEnable": True, "forcedChargeTimeStart1": "7:5", "forcedChargeStopSwitch1": "1"}
    found = tlx.by_token().sph_read_ac_charge_times("SPH", told)
    assert (found["charge_power"], found["charge_stop_soc"], found["mains_enabled"]) == (0, 85, True)
    assert found["periods"][0] == {"period_id": 1, "start_time": "07:05", "end_time": "00:00", "enabled": True}
