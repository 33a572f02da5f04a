"""What growattServer from PyPI writes by password the simulated cloud has, and tells again (``test_growattserver``)."""

from __future__ import annotations

import asyncio
from datetime import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.growatt.conftest import running
from tests.interop.test_growattserver import every_version, kilo, library

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.growatt.conftest import Cloud

    Step = Callable[[Any, Cloud], Any]

newer_versions = pytest.mark.parametrize("number", ["1.7.1", "2.2.0"])


async def asked(number: str, *steps: Step, profile: str) -> list[Any]:
    """What each step gives, run as the foreign program runs: blocking; ten minutes pass between two."""
    async with running(profile=profile) as cloud:

        def begin() -> Any:
            with library(number) as growatt:
                api = growatt.GrowattApi()
                api.server_url = cloud.told["base_url"]
                assert api.login(cloud.told["username"], cloud.told["password"])["success"]
                return api

        api, found = await asyncio.to_thread(begin), []
        for step in steps:
            found.append(await asyncio.to_thread(step, api, cloud))
            await cloud.clock.advance(600)
        assert cloud.logins == 1
    return found


def plant_of(cloud: Cloud) -> str:
    return cloud.simulator.account.plant_id


def serial_of(cloud: Cloud) -> str:
    return cloud.simulator.serial


def device_of(cloud: Cloud) -> dict[str, str]:
    """What the inverter is set to, as texts."""
    return {name: str(value) for name, value in cloud.simulator.cloud.settings.device.items()}


@every_version
async def test_it_lets_a_mix_discharge(number: str) -> None:
    def write(api: Any, cloud: Cloud) -> Any:
        setting = [100, 20, "12", "00", "18", "00", 1, *(["00", "00", "00", "00", 0] * 2)]
        return api.update_mix_inverter_setting(serial_of(cloud), "mix_ac_discharge_time_period", setting)

    def read(api: Any, cloud: Cloud) -> Any:
        status = api.mix_system_status(serial_of(cloud), plant_of(cloud))
        return status, cloud.simulator.plant.at(cloud.clock.now()), device_of(cloud)

    (_, before, _), answer, (status, now, told) = await asked(number, read, write, read, profile="mix")
    assert answer == {"success": True, "msg": ""}
    assert (told["forcedDischargeTimeStart1"], told["forcedDischargeTimeStop1"]) == ("12:0", "18:0")
    assert before.battery < 1
    assert now.battery > 500
    assert float(status["pdisCharge1"]) == kilo(now.battery, 2)
    assert float(status["pactogrid"]) == kilo(-now.grid, 2)


@every_version
async def test_a_setting_by_name_is_the_same_as_by_list(number: str) -> None:
    def write(value: Any) -> Step:
        def step(api: Any, cloud: Cloud) -> Any:
            answer = api.update_mix_inverter_setting(serial_of(cloud), "pv_active_p_rate", value)
            return answer["success"], answer["msg"], device_of(cloud)

        return step

    first, second, refused = await asked(
        number, write(["70"]), write({"param1": "60"}), write(["700"]), profile="mix"
    )  # fmt: skip
    assert (first[:2], second[:2], refused[:2]) == ((True, ""), (True, ""), (False, "508"))
    changed = {name for name, value in first[2].items() if value == "70" and second[2][name] == "60"}
    assert changed
    assert refused[2] == second[2]


@every_version
async def test_it_renames_a_plant(number: str) -> None:
    def change(api: Any, cloud: Cloud) -> Any:
        read = getattr(api, "plant_settings", None) or api.get_plant_settings
        before = read(plant_of(cloud))
        answer = api.update_plant_settings(plant_of(cloud), {"plantName": "South roof"})
        return before, answer, read(plant_of(cloud)), cloud.simulator.account.plant_name

    ((before, answer, after, name),) = await asked(number, change, profile="mix")
    assert answer["success"]
    assert (after["plantName"], name) == ("South roof", "South roof")
    assert before["plantName"] == "Simulated house"
    same = before.keys() - {"plantName"}
    assert {key: str(after[key]) for key in same} == {key: str(before[key]) for key in same}


async def test_it_reads_what_a_mix_is_set_to() -> None:
    def read(api: Any, cloud: Cloud) -> Any:
        return api.get_mix_inverter_settings(serial_of(cloud)), cloud.simulator.cloud.settings.shown()

    ((answer, shown),) = await asked("2.2.0", read, profile="mix")
    assert answer == {"result": 1, "obj": {"mixBean": shown}, "msg": ""}


@newer_versions
async def test_it_sets_a_tlx(number: str) -> None:
    def write(api: Any, cloud: Cloud) -> Any:
        serial = serial_of(cloud)
        return (
            api.update_tlx_inverter_setting(serial, "charge_power", 55)["success"],
            api.update_tlx_inverter_time_segment(serial, 4, 1, time(1, 30), time(4, 0), enabled=True)["success"],
        )

    def read(api: Any, cloud: Cloud) -> Any:
        return api.tlx_all_settings(serial_of(cloud))

    written, told = await asked(number, write, read, profile="tlx")
    assert written == (True, True)
    assert str(told["chargePowerCommand"]) == "55"
    assert (told["forcedTimeStart4"], told["forcedTimeStop4"]) == ("1:30", "4:0")
    assert (int(told["time4Mode"]), int(told["forcedStopSwitch4"])) == (1, 1)


@newer_versions
async def test_it_reads_and_sets_a_noah(number: str) -> None:
    def write(api: Any, cloud: Cloud) -> Any:
        now = cloud.simulator.plant.at(cloud.clock.now())
        return (
            api.is_plant_noah_system(plant_of(cloud))["obj"],
            api.noah_system_status(serial_of(cloud))["obj"],
            now,
            api.update_noah_settings(serial_of(cloud), "charging_soc", ["90", "15"]),
            serial_of(cloud),
        )

    def read(api: Any, cloud: Cloud) -> Any:
        return api.noah_info(serial_of(cloud))["obj"]["noah"]

    (found, status, now, answer, serial), told = await asked(number, write, read, profile="noah")
    assert (found["isPlantHaveNoah"], found["deviceSn"]) == (True, serial)
    assert float(status["disChargePower"]) - float(status["chargePower"]) == pytest.approx(now.battery, abs=0.051)
    assert float(status["soc"]) == pytest.approx(now.soc, abs=0.51)
    assert answer["result"] == 1
    assert (float(told["chargingSocHighLimit"]), float(told["chargingSocLowLimit"])) == (90, 15)


@newer_versions
async def test_it_finds_and_sets_an_spa(number: str) -> None:
    def change(api: Any, cloud: Cloud) -> Any:
        answer = api.update_ac_inverter_setting(serial_of(cloud), "pv_active_p_rate", ["70"])
        return api.device_list(plant_of(cloud)), serial_of(cloud), answer, device_of(cloud)

    ((devices, serial, answer, told),) = await asked(number, change, profile="spa")
    assert [(one["deviceSn"], one["deviceType"]) for one in devices] == [(serial, "spa")]
    assert answer["success"]
    assert "70" in told.values()


@every_version
async def test_it_finds_a_max(number: str) -> None:
    """It has no call for one: that for plain inverters fails, as on the real servers."""

    def look(api: Any, cloud: Cloud) -> Any:
        plants = api.plant_list(str(cloud.simulator.account.user_id))["data"]
        now = cloud.simulator.plant.at(cloud.clock.now())
        with pytest.raises(Exception, match=r"500|Expecting value"):
            api.inverter_detail(serial_of(cloud))
        return plants[0]["currentPower"], now, api.device_list(plant_of(cloud)), serial_of(cloud)

    ((power, now, devices, serial),) = await asked(number, look, profile="max")
    assert power == f"{now.pv:.1f} W"
    assert [(one["deviceSn"], one["deviceType"]) for one in devices] == [(serial, "max")]


async def test_it_sets_a_plain_inverter_by_the_portal() -> None:
    def write(api: Any, cloud: Cloud) -> Any:
        serial = serial_of(cloud)
        return (
            api.classic_inverter_info(serial),
            api.set_classic_inverter_active_power_rate(serial, 80)["success"],
            api.set_classic_inverter_on_off(serial, enabled=False)["success"],
        )

    def read(api: Any, cloud: Cloud) -> Any:
        return api.classic_inverter_info(serial_of(cloud))

    (before, *written), after = await asked("2.2.0", write, read, profile="inverter")
    assert written == [True, True]
    assert (float(before["activeRate"]), float(after["activeRate"])) == (100, 80)
    assert (int(before["onOff"]), int(after["onOff"])) == (1, 0)
