"""A plant with several inverters: every route names all, and answers for the one that is asked about."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import LockedOut, NotSupported, UsageError
from heliobus.growatt.client.calls.web import WebClient
from heliobus.growatt.simulator import GrowattSimulator, oauth
from heliobus.growatt.simulator.together import Together
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions
from tests.growatt.conftest import HOUSE, NOON, PLANT, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from heliobus.growatt.client import AsyncClient
    from tests.growatt.conftest import Cloud

PLANTS = (PLANT, Plant(8, house=HOUSE), Plant(9, house=HOUSE))
ALL = Together(PLANTS)
MIXED, ALIKE = "tlx+mix+storage", "tlx+tlx+tlx"
SERIALS = ["SIMTLX0000007", "SIMMIX0000008", "SIMSPF0000009"]
ROUTES = ("shine", "v1", "v4", "oauth")


@asynccontextmanager
async def reaching(route: str, profile: str = MIXED, **more: Any) -> AsyncIterator[tuple[Cloud, AsyncClient]]:
    async with running(profile=profile, **more) as cloud:
        own = oauth.state(cloud.simulator.cloud)
        nobody = {"username": None, "password": None, "route": route}
        access: dict[str, dict[str, Any]] = {
            "shine": {},
            "v1": {**nobody, "token": cloud.told["token"]},
            "v4": {**nobody, "token": cloud.told["token"]},
            "oauth": {**nobody, "client_id": own.client_id, "client_secret": own.client_secret},
        }
        async with cloud.client(**access[route]) as client:
            yield cloud, client


def near(value: float, step: float = 0.051) -> Any:
    return pytest.approx(value, abs=step)


def test_houses_together_are_their_sums() -> None:
    now, apart = ALL.at(NOON), [plant.at(NOON) for plant in PLANTS]
    assert now.pv == near(sum(one.pv for one in apart))
    assert now.pv + now.grid + now.battery == near(now.load)
    assert min(one.soc for one in apart) <= now.soc <= max(one.soc for one in apart)
    assert ALL.house.peak_power == 3 * HOUSE.peak_power
    assert ALL.counters(NOON) == PLANTS[0].counters(NOON) + PLANTS[1].counters(NOON) + PLANTS[2].counters(NOON)


@pytest.mark.parametrize("route", ROUTES)
async def test_every_inverter_is_found_and_tells_of_its_own_house(route: str) -> None:
    async with reaching(route) as (_, client):
        found = [one.id for one in await client.devices() if one.model != "plant"]
        assert found == SERIALS
        for serial, plant in zip(SERIALS, PLANTS, strict=True):
            assert (await client.read(serial)).pv.power == near(plant.at(NOON).pv, 0.16)
        with pytest.raises(UsageError, match="several"):
            await client.read()


async def test_a_plant_tells_the_sums_by_the_app() -> None:
    async with reaching("shine") as (cloud, client):
        plant = cloud.simulator.account.plant_id
        (listed,) = (await client.shine.plants()).plants
        assert listed.current_power == near(ALL.at(NOON).pv)
        devices = await client.shine.plant_devices(plant)
        assert [one.serial for one in devices.devices] == SERIALS
        told = await client.query("plant_energies", plantId=plant)
        assert float(told["totalValue"]) == near(ALL.counters(NOON).pv / 1000)
        with pytest.raises(NotSupported, match="several inverters"):
            await client.history(NOON, NOON, device=SERIALS[0])


async def test_a_plant_tells_the_sums_by_v1() -> None:
    async with reaching("v1") as (cloud, client):
        plant = cloud.simulator.account.plant_id
        data = await client.v1.plant_data(plant)
        assert data.current_power == near(ALL.at(NOON).pv / 1000, 0.0051)
        (energy,) = (await client.v1.plant_energy(plant, first=NOON.date(), last=NOON.date(), unit="month")).points
        assert energy.energy == near(ALL.counters(NOON).pv / 1000)  # built on the first of this month
        assert (await client.v1.devices(plant)).count == 3
        dataloggers = (await client.v1.dataloggers(plant)).dataloggers
        assert [one.serial for one in dataloggers] == ["LOG0000007", "LOG0000008", "LOG0000009"]


async def test_a_bulk_names_all_and_a_foreign_one_is_refused() -> None:
    serials = ["SIMTLX0000007", "SIMTLX0000009", "SIMTLX0000008"]
    async with reaching("v1", ALIKE) as (_, client):
        found = await client.v1.min_bulk(serials)
        assert list(found) == serials
        for serial, plant in zip(serials, (PLANTS[0], PLANTS[2], PLANTS[1]), strict=True):
            assert found[serial].ppv == near(plant.at(NOON).pv)
        with pytest.raises(NotSupported):
            await client.v1.min_bulk([*serials, "FOREIGN"])
        with pytest.raises(LockedOut):
            await client.v1.min_bulk(serials)


async def test_v4_tells_of_several_at_once_and_leaves_foreign_ones_out() -> None:
    async with reaching("v4", "noah+tlx+noah") as (_, client):
        serials = ["SIMNOA0000007", "SIMNOA0000009"]
        found = await client.v4.last("noah", [*serials, "FOREIGN", "SIMTLX0000008"])
        assert [one.serial for one in found] == serials
        assert [one.serial for one in await client.v4.infos("noah", serials)] == serials
        curves = await client.v4.curves("noah", serials, day=NOON.date())
        assert list(curves.values) == serials


@pytest.mark.parametrize("route", ["shine", "v1"])
async def test_a_setting_reaches_the_inverter_that_is_named(route: str) -> None:
    async with reaching(route, "tlx+tlx") as (cloud, client):
        first, second = cloud.simulator.cloud.members
        if route == "shine":
            await client.shine.write_setting(second.serial, family="tlx", setting="charge_power", parameters=["60"])
        else:
            await client.v1.write_parameter("tlx", second.serial, "charge_power", ["60"])
        assert second.settings.device["chargePowerCommand"] == 60
        assert first.settings.device["chargePowerCommand"] == 100


async def test_the_portal_shows_all_and_the_panel_of_each() -> None:
    async with running(profile="mix+mix+tlx+mix+mix") as cloud:
        client = WebClient(
            username=cloud.told["username"], password=cloud.told["password"], server=cloud.server, scheme="http",
            clock=cloud.clock,
        )  # fmt: skip
        async with client:
            plant = cloud.simulator.account.plant_id
            listed = await client.devices(plant)
            assert {family: len(serials) for family, serials in listed.items()} == {"mix": 4, "tlx": 1}
            pages = [await client.query("device_page", plantId=plant, currPage=str(page)) for page in (1, 2, 3)]
            assert [len(page["datas"]) for page in pages] == [4, 1, 0]
            status = await client.query("mix_status", plantId=plant, mixSn="SIMMIX0000008")
            assert float(status["ppv"]) == near(PLANTS[1].at(NOON).pv / 1000, 0.0051)


async def test_faults_and_resets_are_of_all() -> None:
    async with running(profile=MIXED) as cloud:
        cloud.simulator.faults = ("counter-reset", "offline")
        for one in cloud.simulator.cloud.members:
            assert one.plant.counters(NOON).pv == 0.0
            assert one.moment().offline


async def test_one_login_one_account_and_one_list_of_requests() -> None:
    async with reaching("shine") as (cloud, client):
        for serial in SERIALS:
            await client.read(serial)
        assert cloud.logins == 1
        asked = ["tlx_detail", "mix_status", "mix_totals", "storage_params", "storage_totals"]
        assert cloud.simulator.requests[-5:] == asked


@pytest.mark.parametrize("profile", ["tlx+x", "tlx+", "+tlx", "tlx,mix"])
def test_a_family_that_there_is_not_is_refused(profile: str) -> None:
    with pytest.raises(UsageError, match="no Growatt profile"):
        GrowattSimulator(SimulationOptions(plant=PLANT, clock=FrozenClock(NOON), profile=profile))
