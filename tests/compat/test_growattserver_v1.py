"""What programs made for growattServer find better by token (``test_growattserver`` has the rest)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from heliobus import errors
from heliobus.compat import growattServer
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.transport import blocking
from tests.compat.conftest import Growatt

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start


def test_days_of_a_token_are_those_of_the_plant(start: Start, clock: ManualClock) -> None:
    blocking.run(clock.advance(12 * 3600))  # 22:30 UTC, 00:30 at the plant
    house = Growatt(start(GrowattSimulator, profile="tlx"))
    found = house.by_token().min_energy_history(house.told["serial"])
    assert found["datas"]
    power = house.by_token().plant_power_overview(int(house.plant))
    assert all(line["time"].startswith("2026-06-21") for line in power["powers"])


def test_the_same_question_is_not_sent_twice_within_five_minutes(tlx: Growatt) -> None:
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


def test_codes_are_errors_of_heliobus(tlx: Growatt) -> None:
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


def test_the_text_of_an_error_has_the_server_s_code() -> None:
    """Programs log the text and nothing else; 2.2.0 leaves the code out."""
    with pytest.raises(growattServer.GrowattV1ApiError, match=r"^Error during reading: \[10011\] denied$") as info:
        growattServer.OpenApiV1("token").process_response({"error_code": 10011, "error_msg": "denied"}, "reading")
    code = growattServer.GrowattV1ApiErrorCode.NO_PRIVILEGE
    assert str(growattServer.GrowattV1ApiError("Error during reading", code, "denied")) == str(info.value)
    assert str(growattServer.GrowattV1ApiError("lost")) == "lost"


def test_arguments_that_cannot_be_meant_are_not_sent(tlx: Growatt) -> None:
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


def test_devices_as_objects(tlx: Growatt) -> None:
    api, serial = tlx.by_token(), tlx.told["serial"]
    device = api.get_device(serial, growattServer.DeviceType.MIN)
    assert isinstance(device, growattServer.Min)
    assert isinstance(api.get_device(serial, 5), growattServer.Sph)
    assert device.detail()["tlxSetbean"].items() <= device.settings().items()
    with pytest.warns(UserWarning, match="no class"):
        assert api.get_device(serial, 99) is None


@pytest.mark.parametrize("name", ["wchargeSOCLowLimit", "wchargeSOCLowLimit1", "wchargeSOCLowLimit2"])
def test_the_soc_is_read_under_each_of_its_names(tlx: Growatt, name: str) -> None:
    told = {name: "85", "acChargeEnable": True, "forcedChargeTimeStart1": "7:5", "forcedChargeStopSwitch1": "1"}
    found = tlx.by_token().sph_read_ac_charge_times("SPH", told)
    assert (found["charge_power"], found["charge_stop_soc"], found["mains_enabled"]) == (0, 85, True)
    assert found["periods"][0] == {"period_id": 1, "start_time": "07:05", "end_time": "00:00", "enabled": True}
