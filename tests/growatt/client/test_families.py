"""Every family by the app's calls: how it is found, what its calls tell, and the logins that lead there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import LockedOut, NotSupported, TransportError, UsageError
from heliobus.growatt.plugin import VENDOR
from heliobus.model.quality import Quality
from heliobus.url import Credentials, DeviceURL, Secret
from tests.growatt.conftest import NOON, PLANT

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.growatt.conftest import Cloud

    Clouds = Callable[..., AbstractAsyncContextManager[Cloud]]

TRUE = PLANT.at(NOON)
TOTAL = PLANT.counters(NOON)
DAY = NOON.date()


def near(value: float) -> Any:
    return pytest.approx(value, abs=0.06)


@pytest.mark.parametrize(
    ("family", "calls"),
    [
        ("storage", ["storage_params", "storage_totals"]),
        ("spa", ["plant_devices", "spa_status", "spa_energy"]),
        ("inverter", ["inverter_detail"]),
        ("max", ["max_detail"]),
        ("noah", ["noah_status"]),
        ("nexa", ["nexa_status"]),
    ],
)
async def test_a_poll_is_as_few_requests_as_can_be(cloud: Clouds, family: str, calls: list[str]) -> None:
    async with cloud(profile=family) as one, one.client() as client:
        await client.read()
        one.simulator.requests.clear()
        await client.read()
        assert one.simulator.requests == calls


async def test_an_spf(cloud: Clouds) -> None:
    async with cloud(profile="storage") as one, one.client() as client:
        serial, plant_id = one.simulator.serial, one.simulator.account.plant_id
        info = await client.shine.storage_info(serial)
        assert info.soc == pytest.approx(TRUE.soc, abs=0.5)
        assert info.output_power == near(TRUE.load)
        totals = await client.shine.storage_totals(serial, plant_id=plant_id)
        assert (totals.export_today, totals.export_total) == (near(TOTAL.grid_export / 1000), 0)  # as recorded
        seen = await client.read()
        assert (seen.grid.export_energy, seen.system.state) == (None, "PV charge")


async def test_an_spas_own_words_stay_as_they_are(cloud: Clouds) -> None:
    async with cloud(profile="spa") as one, one.client() as client:
        seen, raw = await client.read(), await client.raw()
        assert seen.battery.soc == pytest.approx(TRUE.soc, abs=0.5)
        assert (seen.pv.power, seen.load.energy) == (None, None)
        assert raw["spa_energy"]["unit"] == "€"
        one.simulator.faults = ("offline",)
        assert (await client.read()).quality_of("battery.soc") is Quality.STALE


async def test_an_spa_that_has_gone(cloud: Clouds) -> None:
    async with cloud(profile="spa") as one, one.client() as client:
        await client.identify()
        one.simulator.cloud.serial = "SIMSPA-NEW"
        with pytest.raises(NotSupported, match="any more"):
            await client.read()


async def test_a_plain_inverter_knows_no_house(cloud: Clouds) -> None:
    async with cloud(profile="inverter") as one, one.client() as client:
        seen = await client.read()
        assert seen.inverters[0].power == near(TRUE.pv)
        assert (seen.grid.power, seen.batteries, seen.load.power) == (None, (), None)
        assert [phase.id for phase in seen.grid.phases] == ["L1"]
        assert seen.device_time == NOON
        assert (await client.shine.inverter_detail_two(one.simulator.serial)).pacr == near(TRUE.pv)


async def test_a_max_has_calls_of_its_own(cloud: Clouds) -> None:
    async with cloud(profile="max") as one, one.client() as client:
        serial = one.simulator.serial
        assert [phase.id for phase in (await client.read()).grid.phases] == ["L1", "L2", "L3"]
        assert (await client.shine.max_detail_two(serial)).pact == near(TRUE.pv / 3)
        assert (await client.shine.max_day(serial, day=DAY)).power_by_time[f"{DAY} 12:30"] == near(TRUE.pv)
        with pytest.raises(TransportError, match="500"):
            await client.shine.inverter_detail(serial)


async def test_a_noah(cloud: Clouds) -> None:
    async with cloud(profile="noah") as one, one.client() as client:
        serial, plant_id = one.simulator.serial, one.simulator.account.plant_id
        seen = await client.read()
        assert (seen.pv.power, seen.battery.power) == (near(TRUE.pv), near(TRUE.battery))
        assert (seen.inverters[0].power, seen.system.state) == (near(TRUE.pv + TRUE.battery), "load first")
        assert (seen.grid.power, seen.load.power) == (None, None)
        plant = await client.shine.plant_noah(plant_id)
        assert (plant.is_noah_plant, plant.has_nexa, plant.serial) == (True, False, serial)
        info = (await client.shine.noah_info(serial)).noah
        assert info is not None
        assert info.segments["time_segment1"] == "0_0:0_0:0_0_0"
        assert (info.soc_low, info.batteries) == (10.0, ("SIMBAT0001",))
        batteries = await client.shine.noah_batteries(serial)
        assert batteries.batteries[0].temperature == near(TRUE.battery_temperature)
        assert (await client.shine.noah_chart(serial, day=DAY)).curves["ppv"]["12:30"] == near(TRUE.pv)


async def test_a_nexa_sees_the_house_through_its_meter(cloud: Clouds) -> None:
    async with cloud(profile="nexa") as one, one.client() as client:
        seen = await client.read()
        assert (seen.grid.power, seen.load.power) == (near(TRUE.grid), near(TRUE.load))
        assert seen.inverters[0].power == near(TRUE.pv + TRUE.battery)


@pytest.mark.parametrize("family", ["noah", "nexa"])
async def test_a_noah_in_no_list_of_devices_is_found_by_its_own_call(cloud: Clouds, family: str) -> None:
    async with cloud(profile=family, faults=("no-devices",)) as one, one.client() as client:
        (device,) = [device for device in await client.devices() if device.model != "plant"]
        assert (device.id, device.model) == (one.simulator.serial, family.upper())


async def test_a_plant_without_anything_has_no_noah_either(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        plant = await client.shine.plant_noah(one.simulator.account.plant_id)
        assert (plant.is_noah_plant, plant.serial) == (False, None)


async def test_what_is_asked_of_plants(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        plant_id = one.simulator.account.plant_id
        page = await client.shine.plants_paged()
        assert [line.id for line in page.plants] == [plant_id]
        assert page.plants[0].nominal_power == near(PLANT.house.peak_power)
        assert (await client.shine.plants_paged(2)).plants == ()
        assert (await client.shine.plants_energies()).total == near(TOTAL.pv / 1000)
        curve = await client.shine.plant_curve(plant_id, day=DAY)
        assert curve.values_by_label["12:25"] == near(PLANT.at(NOON - timedelta(minutes=5)).pv)
        board = await client.shine.plant_dashboard(plant_id, day=DAY)
        assert board.key_names[-1] == "From Battery"
        assert board.curves["pacToUser"]["12:30"] == pytest.approx(max(TRUE.battery, 0.0) / 1000, abs=0.006)


async def test_what_nobody_has_recorded_is_a_bare_record(cloud: Clouds) -> None:
    async with cloud(profile="tlx") as one, one.client() as client:
        assert (await client.shine.tlx_day(one.simulator.serial, day=DAY)).power_by_time[f"{DAY} 12:30"] == near(
            TRUE.pv + TRUE.battery
        )
        with pytest.raises(NotSupported):  # the simulator invents none either
            await client.shine.tlx_battery(one.simulator.serial)
        with pytest.raises(UsageError, match="span"):
            await client.shine.storage_line("S", day=date(2026, 1, 1), kind=7, span="decade")


# -- logins


async def test_the_apps_own_login(cloud: Clouds) -> None:
    async with cloud(profile="noah") as one, one.client(as_app=True) as client:
        await client.read()
        assert (one.asked("login_app"), one.asked("login"), one.logins) == (1, 0, 1)


async def test_an_app_that_does_not_tell_all_is_refused(cloud: Clouds) -> None:
    import aiohttp

    async with cloud() as one, aiohttp.ClientSession() as session:
        form = {"userName": one.told["username"], "password": "x"}
        url = f"{one.told['base_url']}newTwoLoginAPIV2.do"
        async with session.post(url, data=form, headers={"User-Agent": "Dalvik"}) as answer:
            assert await answer.json(content_type=None) == {"back": {"msg": "501", "success": False}}


@pytest.mark.parametrize("name", ["login", "login_app", "login_old", "logout"])
async def test_logins_are_not_asked_by_hand(cloud: Clouds, name: str) -> None:
    """They would pass the account's budget by."""
    from heliobus.growatt.protocol import ENDPOINTS

    async with cloud() as one, one.client() as client:
        with pytest.raises(UsageError, match="own business"):
            await client.query(name, **dict.fromkeys(ENDPOINTS[name].parameters, "x"))
        assert one.simulator.requests == []


async def test_a_logout_ends_the_session(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        await client.shine.logout()  # nothing to end
        assert one.asked("logout") == 0
        await client.read()
        await client.shine.logout()
        await client.read()
        assert (one.asked("logout"), one.logins) == (1, 2)


async def test_the_options_of_an_address(cloud: Clouds) -> None:
    async with cloud(profile="noah") as one:
        address = f"{one.told['url']}&login=app&timezone=Europe/Berlin&user_agent=python-requests"
        credentials = Credentials(password=Secret(one.told["password"]))
        with pytest.raises(UsageError, match="login=app"):
            VENDOR.connect(DeviceURL.parse(f"{one.told['url']}&login=web"), credentials, one.clock)
        async with VENDOR.connect(DeviceURL.parse(address), credentials, one.clock) as client:
            with pytest.raises(LockedOut, match="User-Agent"):
                await client.read()
        assert one.asked("login_app") == 1
