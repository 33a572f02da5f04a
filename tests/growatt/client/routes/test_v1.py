"""An account by its token against the simulated cloud: devices, readings, history, settings, and what goes wrong."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import (
    AuthenticationError,
    Error,
    LockedOut,
    NotSupported,
    OutOfBounds,
    Overflow,
    ProtocolError,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.control import NO_PERIOD, ChargePeriods, DischargePeriods, Period, TimeSegment
from heliobus.growatt.models import Inverter
from tests.growatt.conftest import NOON, PLANT, running
from tests.growatt.replay import replay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.growatt.client import AsyncClient
    from tests.growatt.conftest import Cloud

FAMILIES = ("tlx", "mix", "spa", "max", "storage", "inverter")
FIVE = timedelta(minutes=5)


def by_token(cloud: Cloud, **more: Any) -> AsyncClient:
    return cloud.client(**{"username": None, "password": None, "token": cloud.told["token"], **more})


@asynccontextmanager
async def reaching(profile: str = "tlx", **more: Any) -> AsyncIterator[tuple[Cloud, AsyncClient]]:
    async with running(profile=profile, **more) as cloud, by_token(cloud) as client:
        yield cloud, client


# -- devices and readings


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_finds_the_plant_and_the_inverter(family: str) -> None:
    async with reaching(family) as (cloud, client):
        plant, inverter = await client.devices()
        assert (plant.model, plant.name) == ("plant", "Simulated house")
        assert inverter.serial == cloud.told["serial"]


async def test_a_token_needs_no_login() -> None:
    async with reaching() as (cloud, client):
        await client.read()
        assert cloud.logins == 0
        assert cloud.simulator.requests == ["v1/plant_list", "v1/plant_details", "v1/device_list", "v1/tlx_last"]


async def test_a_reading_is_told_with_the_plants_time() -> None:
    async with reaching() as (_, client):
        snapshot = await client.read()
        assert snapshot.device_time == NOON
        assert snapshot.pv.power == pytest.approx(PLANT.at(NOON).pv, abs=0.051)


async def test_the_raw_words() -> None:
    async with reaching("mix") as (_, client):
        raw = await client.raw()
        assert "pacToUserTotal" in raw["mix_last"]


async def test_only_the_wanted_plant_counts() -> None:
    async with running(profile="tlx") as cloud:
        for wrong in ("1", "Simulated house"):
            async with by_token(cloud, plant=wrong) as client:
                with pytest.raises(UsageError, match=f"'{wrong}'"):
                    await client.devices()


async def test_meters_are_no_inverters_and_an_unknown_kind_keeps_its_number() -> None:
    kinds = {"MIN": 7, "METER": 3, "NEW": 99, "NAMELESS": None}
    devices: list[dict[str, Any]] = [{"device_sn": serial, "type": kind} for serial, kind in kinds.items()]
    lists = {"count": 5, "plants": [{"plant_id": 1, "name": "P"}], "devices": [*devices, {"device_sn": "", "type": 7}]}
    async with replay() as server, server.client() as client:
        server.answer = {"data": lists, "error_code": 0, "error_msg": ""}
        await client.devices()
        families = {one.serial: one.family for one in client._inverters}
        assert families == {"MIN": "tlx", "NEW": "type 99", "NAMELESS": "type None"}
        with pytest.raises(NotSupported, match="type 99"):
            await client.read("NEW")


async def test_twenty_years_are_asked_for() -> None:
    async with replay() as server, server.client() as client:
        server.answer = {"data": {"count": 0, "energys": []}, "error_code": 0, "error_msg": ""}
        inverter = Inverter(serial="MIN", family="tlx", name=None, plant_id="1")
        assert await client._route.spans(inverter, "year", NOON.date()) == ()
    (asked,) = server.asked
    assert (asked.query["start_date"], asked.query["end_date"]) == ("2007-01-01", "2026-12-31")


async def test_the_newest_power_has_a_value() -> None:
    async with reaching() as (cloud, client):
        curve = await client.v1.plant_power(cloud.simulator.account.plant_id, day=NOON.date())
        assert curve.newest is not None
        assert curve.newest.time == "2026-06-20 12:30:00"
        assert curve.newest.power == pytest.approx(PLANT.at(NOON).pv, abs=0.051)
        assert any(point.power is None for point in curve.points)
        data = await client.v1.plant_data(cloud.simulator.account.plant_id)
        assert data.current_power == pytest.approx(PLANT.at(NOON).pv / 1000, abs=0.0051)


async def test_small_questions() -> None:
    async with reaching("mix") as (cloud, client):
        serial, plant = cloud.told["serial"], cloud.simulator.account.plant_id
        assert (await client.v1.vpp_soc(serial)).soc == pytest.approx(PLANT.at(NOON).soc, abs=0.051)
        assert await client.v1.datalogger_of(serial) == "LOG0000007"
        assert (await client.v1.plant_of(serial)).id == plant
        assert (await client.v1.device_type(serial)).kind == 17
        assert [one.serial for one in (await client.v1.dataloggers(plant)).dataloggers] == ["LOG0000007"]
        assert (await client.v1.alarms("mix", serial, day=NOON.date())).alarms == ()
        assert (await client.v1.sph_bulk([serial]))[serial].ppv == pytest.approx(PLANT.at(NOON).pv, abs=0.051)
        assert (await client.v1.meters("LOG0000007")).count == 0


# -- never too early


async def test_the_same_is_not_asked_twice_within_five_minutes() -> None:
    async with reaching() as (cloud, client):
        await client.read()
        await cloud.clock.advance(200)
        with pytest.raises(LockedOut) as caught:
            await client.read()
        assert caught.value.until == NOON + FIVE
        assert cloud.asked("v1/tlx_last") == 1
        await cloud.clock.advance(100)
        assert (await client.read()).device_time == NOON + FIVE


async def test_a_moment_too_early_waits() -> None:
    async with reaching() as (cloud, client):
        await client.read()
        await cloud.clock.advance(299)
        reading = asyncio.create_task(client.read())
        await cloud.clock.until_asleep()
        await cloud.clock.advance(1)
        assert (await reading).device_time == NOON + FIVE


async def test_a_restart_asks_no_earlier_and_finds_its_devices() -> None:
    async with running(profile="tlx") as cloud:
        async with by_token(cloud) as client:
            await client.read()
        async with by_token(cloud) as client:
            assert len(await client.devices()) == 2
            with pytest.raises(LockedOut):
                await client.read()
        assert cloud.asked("v1/device_list") == cloud.asked("v1/tlx_last") == 1


async def test_of_two_programs_that_ask_at_once_one_is_answered() -> None:
    async with running(profile="tlx") as cloud, by_token(cloud) as one, by_token(cloud) as other:
        serial = cloud.told["serial"]
        found = await asyncio.gather(one.v1.min_last(serial), other.v1.min_last(serial), return_exceptions=True)
        assert sorted(type(each).__name__ for each in found) == ["LockedOut", "MinLast"]
        assert cloud.asked("v1/tlx_last") == 1


async def test_another_program_has_its_own_budget_and_the_server_says_no(tmp_path: Path) -> None:
    async with running(profile="tlx") as cloud:
        serial = cloud.told["serial"]
        async with by_token(cloud) as client:
            await client.v1.min_last(serial)
        async with by_token(cloud, state=tmp_path / "other.json") as other:
            with pytest.raises(LockedOut, match="10012") as caught:
                await other.v1.min_last(serial)
            assert caught.value.until == NOON + FIVE
            with pytest.raises(LockedOut):
                await other.v1.min_last(serial)
        assert cloud.asked("v1/tlx_last") == 2


async def test_a_question_that_nobody_saw_may_come_again_at_once() -> None:
    async with running(profile="tlx") as cloud:
        client = by_token(cloud)
    async with client:  # whose server is gone
        for _ in range(2):
            with pytest.raises(Unreachable):
                await client.v1.min_last("SN")


async def test_the_token_is_in_no_file_and_no_error(tmp_path: Path) -> None:
    async with running(profile="tlx") as cloud, by_token(cloud, state=tmp_path / "state.json") as client:
        await client.read()
        kept = (tmp_path / "state.json").read_text("utf-8")
        assert cloud.told["token"] not in kept
        assert cloud.told["token"] not in repr(vars(client))


# -- what goes wrong


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("no-permission", AuthenticationError),
        ("wrong-region", UsageError),
        ("no-devices", TransportError),
        ("ua-blocked", LockedOut),
        ("waf", LockedOut),
        ("throttled", LockedOut),
        ("gateway", TransportError),
        ("maintenance", TransportError),
        ("empty", TransportError),
        ("truncated", ProtocolError),
        ("big", Overflow),
    ],
)
async def test_bad_manners_have_their_error_and_no_storm(fault: str, kind: type[Error]) -> None:
    async with reaching(faults=(fault,)) as (cloud, client):
        for _ in range(5):
            with pytest.raises(Error) as caught:
                await client.read()
            assert isinstance(caught.value, (kind, LockedOut))
            assert caught.value.remedy
        assert len(cloud.simulator.requests) <= 3


@pytest.mark.parametrize("fault", ["nul", "texts", "charset", "offline", "delayed"])
async def test_what_can_be_read_is(fault: str) -> None:
    async with reaching(faults=(fault,)) as (_, client):
        assert (await client.read()).pv.power == pytest.approx(PLANT.at(NOON).pv, abs=0.051)


async def test_a_block_holds_for_every_question_until_it_ends() -> None:
    async with reaching(faults=("waf",)) as (cloud, client):
        with pytest.raises(LockedOut) as caught:
            await client.read()
        assert caught.value.until == NOON + timedelta(hours=1)
        cloud.simulator.faults = ()
        with pytest.raises(LockedOut, match="firewall"):
            await client.v1.vpp_soc(cloud.told["serial"])
        await cloud.clock.advance(3600)
        assert (await client.v1.vpp_soc(cloud.told["serial"])).soc is not None


async def test_a_wrong_token() -> None:
    async with running(profile="tlx") as cloud, by_token(cloud, token="guess") as client:
        with pytest.raises(AuthenticationError, match="10011") as caught:
            await client.read()
        assert "ShinePhone" in caught.value.remedy


async def test_a_wrong_token_stays_wrong_and_is_not_asked_again_at_once() -> None:
    async with running(profile="tlx") as cloud:
        for _ in range(3):  # a program that is started again and again
            async with by_token(cloud, token="guess") as client:
                with pytest.raises(AuthenticationError, match="10011"):
                    await client.read()
                with pytest.raises(AuthenticationError, match="10011"):
                    await client.v1.min_last("SN")
        assert (cloud.asked("v1/plant_list"), cloud.asked("v1/tlx_last")) == (1, 1)
        await cloud.clock.advance(300)
        async with by_token(cloud, token="guess") as client:
            with pytest.raises(AuthenticationError, match="10011"):
                await client.read()
        assert cloud.asked("v1/plant_list") == 2


async def test_no_token() -> None:
    async with running(profile="tlx") as cloud:
        with pytest.raises(AuthenticationError, match="token"):
            by_token(cloud, token=None, route="v1")


async def test_another_familys_call_or_a_foreign_serial() -> None:
    async with reaching() as (cloud, client):
        with pytest.raises(NotSupported):
            await client.v1.sph_last(cloud.told["serial"])
        with pytest.raises(NotSupported):
            await client.v1.min_last("FOREIGN")
        with pytest.raises(UsageError):
            await client.v1.last("nothing", "SN")


async def test_a_page_that_the_server_would_refuse_is_not_asked() -> None:
    async with reaching() as (cloud, client):
        for page, lines in ((0, 10), (251, 10), (1, 101)):
            with pytest.raises(UsageError):
                await client.v1.plant_page(page, lines=lines)
        assert cloud.simulator.requests == []


async def test_a_range_that_the_server_would_refuse_is_not_asked() -> None:
    async with reaching() as (cloud, client):
        day, calls = NOON.date(), client.v1
        for first in (day - timedelta(days=8), day + timedelta(days=1)):
            with pytest.raises(UsageError):
                await calls.history_page("tlx", "SN", first=first, last=day)
            with pytest.raises(UsageError):
                await calls.plant_energy("7", first=first, last=day)
        with pytest.raises(UsageError, match="hour"):
            await calls.plant_energy("7", first=day, last=day, unit="hour")
        assert cloud.simulator.requests == []


# -- history


async def test_a_day_is_whole_and_in_order() -> None:
    async with reaching("mix") as (cloud, client):
        _, inverter = await client.devices()
        route, meant = client._route, await client._inverter(inverter)
        day = await route.day(meant, NOON.date())
        zone = ZoneInfo(PLANT.house.timezone)
        assert [sample.time for sample in day] == [day[0].time + FIVE * step for step in range(len(day))]
        assert day[0].time.astimezone(zone).isoformat() == "2026-06-20T00:00:00+02:00"
        assert day[-1].time == NOON
        for sample in day[::30]:
            now = PLANT.at(sample.time)
            assert sample.pv == pytest.approx(now.pv, abs=0.051)
            assert sample.charge_power == pytest.approx(max(-now.battery, 0.0), abs=0.051)
        assert cloud.asked("v1/mix_history") == 2


async def test_long_ranges_are_stitched_out_of_weeks() -> None:
    async with reaching() as (cloud, client):
        day = NOON.date()
        records = await client.v1.history("tlx", cloud.told["serial"], first=day - timedelta(days=9), last=day)
        times = [record.values["time"] for record in records]
        assert len(times) == len(set(times)) == 9 * 288 + 151
        assert times == sorted(times, key=str)


async def test_energies_of_days_and_months() -> None:
    async with reaching() as (_, client):
        await client.devices()
        inverter = await client._inverter(None)
        days = await client._route.spans(inverter, "day", NOON.date())
        assert [sample.start.day for sample in days] == list(range(1, 21))  # what is to come is no 0
        zone = ZoneInfo(PLANT.house.timezone)
        tenth = NOON.astimezone(zone).replace(day=10, hour=0, minute=0)
        true = PLANT.energy(tenth, tenth + timedelta(days=1)).pv
        assert days[9].pv == pytest.approx(true, abs=51)
        months = await client._route.spans(inverter, "month", NOON.date())
        assert len(months) == 6
        assert months[-1].pv == pytest.approx(PLANT.counters(NOON).pv, abs=51)
        years = await client._route.spans(inverter, "year", NOON.date())
        assert years[-1].start == date(2026, 1, 1)
        assert len(years) <= 20
        with pytest.raises(UsageError):
            await client._route.spans(inverter, "hour", NOON.date())


async def test_a_days_energies_by_five_minutes() -> None:
    async with reaching("mix") as (_, client):
        start = NOON - timedelta(hours=2)
        spans = await client.history(start, NOON, "5min")
        assert len(spans) >= 24
        true = PLANT.energy(spans[0].start, spans[-1].end)
        assert sum(span.pv or 0.0 for span in spans) == pytest.approx(true.pv, rel=0.05)
        assert sum(span.load or 0.0 for span in spans) == pytest.approx(true.load, rel=0.05)


# -- settings


async def test_a_time_segment_is_written_and_told_later() -> None:
    async with reaching() as (cloud, client):
        serial = cloud.told["serial"]
        segment = TimeSegment(number=2, mode="battery", start="13:30", end="15:00")
        await client.v1.min_write_time_segment(serial, segment)
        assert cloud.simulator.cloud.settings.device["forcedTimeStart2"] == "13:30"
        await cloud.clock.advance(90)
        segments = await client.v1.min_time_segments(serial)
        assert len(segments) == 9
        assert segments[1] == segment


async def test_the_periods_of_a_sph() -> None:
    async with reaching("mix") as (cloud, client):
        serial = cloud.told["serial"]
        charge = ChargePeriods(
            power=80, stop_soc=95, mains=True, periods=(Period("1:30", "4:00"), NO_PERIOD, Period("22:00", "23:59"))
        )
        discharge = DischargePeriods(power=60, stop_soc=20, periods=(Period("18:00", "20:00"), NO_PERIOD, NO_PERIOD))
        await client.v1.sph_write_periods(serial, charge)
        await client.v1.sph_write_periods(serial, discharge)
        await cloud.clock.advance(180)
        assert await client.v1.sph_charge_periods(serial) == charge
        await cloud.clock.advance(300)
        assert await client.v1.sph_discharge_periods(serial) == discharge


async def test_a_mins_settings_can_be_read_twice() -> None:
    async with reaching() as (cloud, client):
        await client.devices()
        inverter = await client._inverter(None)
        first = await client._route.settings(inverter)
        assert await client._route.settings(inverter) == first
        with pytest.raises(LockedOut):
            await client._route.settings(inverter)
        assert cloud.asked("v1/tlx_settings") == cloud.asked("v1/tlx_detail") == 1


@pytest.mark.parametrize(
    ("family", "name", "values", "shown"),
    [
        ("tlx", "charge_power", ["70"], ("chargePowerCommand", 70)),
        ("mix", "pv_active_p_rate", ["60"], ("activeRate", 60)),
        ("spa", "pv_active_p_rate", ["60"], ("activePRate", 60)),
        ("max", "pv_active_p_rate", ["60", "1"], ("activeRate", 60)),
        ("inverter", "pv_active_p_rate", ["60", "1"], ("activeRate", "60")),
    ],
)
async def test_one_setting_of_each_family(family: str, name: str, values: list[str], shown: tuple[str, object]) -> None:
    async with reaching(family) as (cloud, client):
        serial = cloud.told["serial"]
        await client.v1.write_parameter(family, serial, name, values)
        assert cloud.simulator.cloud.settings.device[shown[0]] == shown[1]
        assert (await client.v1.read_parameter(family, serial, name)).startswith(values[0])


async def test_registers() -> None:
    async with reaching() as (cloud, client):
        serial = cloud.told["serial"]
        assert await client.v1.read_registers("tlx", serial, 3, 4) == "0"
        await client.v1.write_registers("tlx", serial, 3, 100)
        assert cloud.simulator.cloud.settings.untold["set_any_reg"] == ("3", "100")


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("charge_power", ["170"], OutOfBounds),
        ("charge_power", [""], UsageError),
        ("time_segment1", ["1", "15", "0", "13", "0", "1"], OutOfBounds),
        ("nothing", ["1"], NotSupported),
        ("charge_power", ["1"] * 20, UsageError),
    ],
)
async def test_what_the_server_refuses(name: str, values: list[str], kind: type[Error]) -> None:
    async with reaching() as (cloud, client):
        before = dict(cloud.simulator.cloud.settings.device)
        with pytest.raises(kind):
            await client.v1.write_parameter("tlx", cloud.told["serial"], name, values)
        assert cloud.simulator.cloud.settings.device == before


async def test_a_write_without_a_device_or_a_family() -> None:
    async with reaching() as (_, client):
        with pytest.raises(NotSupported, match="10012"):
            await client.v1.write_parameter("tlx", "FOREIGN", "charge_power", ["1"])
        with pytest.raises(NotSupported):
            await client.v1.write_parameter("pcs", "SN", "charge_power", ["1"])


async def test_an_offline_datalogger_takes_no_settings() -> None:
    async with reaching(faults=("offline",)) as (cloud, client):
        with pytest.raises(Unreachable, match="datalogger"):
            await client.v1.write_parameter("tlx", cloud.told["serial"], "charge_power", ["50"])
        with pytest.raises(Unreachable):
            await client.v1.read_parameter("tlx", cloud.told["serial"], "charge_power")


async def test_the_wrong_host_takes_no_settings() -> None:
    async with reaching(faults=("wrong-region",)) as (cloud, client):
        with pytest.raises(UsageError, match="10002") as caught:
            await client.v1.write_parameter("tlx", cloud.told["serial"], "charge_power", ["50"])
        assert "openapi-us" in caught.value.remedy
