from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import NotSupported, UsageError
from heliobus.model.command import SetSwitch
from heliobus.model.quality import Quality
from heliobus.simulation import truth
from tests.growatt.conftest import NOON, PLANT

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.growatt.conftest import Cloud

    Clouds = Callable[..., AbstractAsyncContextManager[Cloud]]

every_family = pytest.mark.parametrize("family", ["mix", "tlx"])


@every_family
async def test_devices_are_the_plants_and_their_inverters(cloud: Clouds, family: str) -> None:
    async with cloud(profile=family) as one, one.client() as client:
        plant, inverter = await client.devices()
        assert (plant.id, plant.model) == (one.simulator.account.plant_id, "plant")
        assert (inverter.id, inverter.serial, inverter.vendor) == (one.simulator.serial,) * 2 + ("growatt",)
        assert await client.identify() == inverter


@every_family
async def test_a_plant_is_read_by_its_only_inverter(cloud: Clouds, family: str) -> None:
    async with cloud(profile=family) as one, one.client() as client:
        plant, inverter = await client.devices()
        whole, part = await client.read(plant), await client.read(inverter.id)
        assert (whole.device, part.device) == (plant, inverter)
        assert (whole.pv, whole.grid, whole.batteries) == (part.pv, part.grid, part.batteries)


@pytest.mark.parametrize(("family", "calls"), [("mix", ["mix_status", "mix_totals"]), ("tlx", ["tlx_detail"])])
async def test_a_poll_is_as_few_requests_as_can_be(cloud: Clouds, family: str, calls: list[str]) -> None:
    async with cloud(profile=family) as one, one.client() as client:
        await client.read()
        one.simulator.requests.clear()
        await client.read()
        assert one.simulator.requests == calls


async def test_a_tlx_is_as_exact_as_its_tenths(cloud: Clouds) -> None:
    true = truth.powers(PLANT, NOON)
    async with cloud(profile="tlx") as one:
        seen = await one.read()
    assert seen.pv.power == pytest.approx(true["pv.power"], abs=0.06)
    assert seen.grid.power == pytest.approx(true["grid.power"], abs=0.06)
    assert seen.battery.power == pytest.approx(true["battery.power"], abs=0.06)
    assert seen.device_time == NOON


async def test_an_offline_plant_is_stale(cloud: Clouds) -> None:
    async with cloud(faults=("offline",)) as one:
        seen = await one.read()
    assert seen.quality_of("pv.power") is Quality.STALE


async def test_five_minutes_old_data_are_those_of_five_minutes_ago(cloud: Clouds) -> None:
    async with cloud(profile="tlx", at=NOON + timedelta(minutes=4), faults=("delayed",)) as one:
        seen = await one.read()
    assert seen.device_time == NOON
    assert seen.pv.power == pytest.approx(PLANT.at(NOON).pv, abs=0.06)


async def test_yesterdays_counters_after_midnight_do_not_reach_the_record(cloud: Clouds) -> None:
    """Only lifetime counters are mapped; the stale day counters stay in the vendor's own records."""
    night = datetime(2026, 6, 19, 23, 30, tzinfo=UTC)
    async with cloud(at=night) as one, one.client() as client:
        plant_id = one.simulator.account.plant_id
        fresh, before = await client.read(), await client.shine.mix_totals(one.simulator.serial, plant_id=plant_id)
        one.simulator.faults = ("stale-midnight",)
        assert await client.read() == fresh
        after = await client.shine.mix_totals(one.simulator.serial, plant_id=plant_id)
        assert (after.pv_today or 0) > (before.pv_today or 0)


async def test_an_empty_list_of_devices_is_asked_for_in_the_old_way(cloud: Clouds) -> None:
    async with cloud(profile="tlx", faults=("no-devices",)) as one:
        await one.read()
        assert one.asked("plant_devices_old") == 1


async def test_a_plant_can_be_named(cloud: Clouds) -> None:
    async with cloud() as one:
        assert await one.read(plant=one.simulator.account.plant_id) == await one.read()
        with pytest.raises(UsageError, match="no plant '999'"):
            await one.read(plant="999")


async def test_what_cannot_be_asked_is_told(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        with pytest.raises(UsageError, match="detail"):
            await client.read(detail="everything")
        with pytest.raises(UsageError, match="no device 'x'"):
            await client.read("x")
        with pytest.raises(UsageError, match="span"):
            await client.shine.mix_energy("x", plant_id="1", day=NOON.date(), span="decade")
        with pytest.raises(NotSupported):
            await client.shine.tlx_detail("x")
        with pytest.raises(NotSupported):
            await client.execute(SetSwitch(id="1", on=True))


async def test_every_call_of_a_family_answers(cloud: Clouds) -> None:
    day = NOON.date()
    async with cloud() as one, one.client() as client:
        serial, plant_id = one.simulator.serial, one.simulator.account.plant_id
        assert (await client.shine.plants()).plants[0].id == plant_id
        assert (await client.shine.plant_settings(plant_id)).timezone == "2"
        assert (await client.shine.plant_energies(plant_id)).plant_count == 1
        for span in ("day", "month", "year", "total"):
            assert (await client.shine.plant_history(plant_id, day=day, span=span)).values_by_label
        assert (await client.shine.mix_info(serial)).soc == pytest.approx(PLANT.at(NOON).soc, abs=0.5)
        energy = await client.shine.mix_energy(serial, plant_id=plant_id, day=day)
        assert energy.curves["sysOut"]["12:30"] == pytest.approx(PLANT.at(NOON).load / 1000, abs=0.006)
    async with cloud(profile="tlx") as one, one.client() as client:
        serial, plant_id = one.simulator.serial, one.simulator.account.plant_id
        assert (await client.shine.tlx_status(serial, plant_id=plant_id)).ppv == pytest.approx(
            PLANT.at(NOON).pv / 1000, abs=0.006
        )
        assert (await client.shine.tlx_totals(serial, plant_id=plant_id)).pv_total == pytest.approx(
            PLANT.counters(NOON).pv / 1000, abs=0.051
        )


async def test_history_in_plant_days(cloud: Clouds) -> None:
    begin = datetime(2026, 6, 4, 22, tzinfo=UTC)  # midnight in Berlin
    true = PLANT.energy(begin, begin + timedelta(days=1)).pv / 1000
    async with cloud() as one, one.client() as client:
        month = await client.shine.plant_history(one.simulator.account.plant_id, day=date(2026, 6, 1), span="month")
    assert month.values_by_label["05"] == pytest.approx(true, abs=0.051)


async def test_raw_words_are_those_of_the_server(cloud: Clouds) -> None:
    async with cloud() as one, one.client() as client:
        raw = await client.raw()
        assert raw["mix_status"]["unit"] == "kW"
        assert raw["mix_totals"] == await client.query(
            "mix_totals", mixId=one.simulator.serial, plantId=one.simulator.account.plant_id
        )


# -- blocking


@every_family
async def test_the_blocking_client_is_the_same(cloud: Clouds, family: str) -> None:
    from heliobus.growatt import AsyncClient, Client

    async with cloud(profile=family) as one:
        expected = await one.read()
        plant_id = one.simulator.account.plant_id

        def block() -> Any:
            with Client(
                username=one.told["username"],
                password=one.told["password"],
                server=one.server,
                scheme="http",
                clock=one.clock,
            ) as client:
                assert client.shine.plants().plants[0].id == plant_id
                assert client.shine.plant_devices(plant_id).devices[0].serial == client.identify().serial
                return client.read()

        assert await asyncio.to_thread(block) == expected
        assert one.logins == 1
    ours = {name for name in dir(Client) if not name.startswith("_")}
    assert ours == {name for name in dir(AsyncClient) if not name.startswith("_")}
