"""The portal's client: against the simulated portal, and against everything that was recorded of the real one."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from heliobus.errors import (
    AuthenticationError,
    LockedOut,
    NotSupported,
    OutOfBounds,
    ProtocolError,
    Refused,
    TransportError,
    UsageError,
)
from heliobus.growatt.client.calls.web import WebClient
from heliobus.growatt.client.twins.web import BlockingWebClient
from heliobus.growatt.models import MixStatus
from heliobus.growatt.models import web as models
from heliobus.growatt.protocol.web import POINTS_PER_DAY
from heliobus.growatt.simulator import DEAD_FORMS
from heliobus.model.records import Record
from heliobus.simulation.host import Host
from tests.growatt.conftest import NOON

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.growatt.conftest import Cloud

    Clouds = Callable[..., AbstractAsyncContextManager[Cloud]]
    Ask = Callable[[WebClient], Awaitable[Any]]

DAY = date(2023, 10, 7)


def portal(cloud: Cloud, **more: Any) -> WebClient:
    arguments = {"username": cloud.told["username"], "password": cloud.told["password"], "server": cloud.server}
    return WebClient(**{**arguments, "scheme": "http", "clock": cloud.clock, **more})


# -- the simulated portal


async def test_plants_and_devices(cloud: Clouds) -> None:
    async with cloud() as one, portal(one) as client:
        (title,) = await client.plants()
        plant_id = title.id or ""
        plant = await client.plant(plant_id)
        assert (plant.id, plant.name, plant.account) == (plant_id, title.name, one.told["username"])
        assert await client.devices(plant_id) == {"mix": (one.simulator.serial,)}
        page = await client.device_page(plant_id)
        assert [device.serial for device in page.devices] == [one.simulator.serial]
        logger = page.devices[0].datalogger or ""
        assert (await client.datalogger(logger, plant_id=plant_id)).interval == 5
        assert (await client.panel_device(plant_id)).serial == one.simulator.serial
        assert await client.has_neo(plant_id) is False
        assert await client.may_add_devices(plant_id) is True
        assert (await client.plant_topic(plant_id), await client.layout_type(plant_id)) == (0, 3)
        assert one.logins == 1


@pytest.mark.parametrize("family", ["mix", "spa"])
async def test_panels_show_the_house(cloud: Clouds, family: str) -> None:
    async with cloud(profile=family) as one, portal(one) as client:
        plant_id = (await client.plants())[0].id or ""
        of = {"family": family, "plant_id": plant_id}
        serial, house = one.simulator.serial, one.simulator.plant
        status = await client.status(serial, **of)
        assert isinstance(status, MixStatus)
        assert status.ppv == pytest.approx(house.at(NOON).pv / 1000, abs=0.005)
        totals = await client.totals(serial, **of)
        assert totals.import_total == pytest.approx(house.counters(NOON).grid_import / 1000, abs=0.05)
        day = await client.day(serial, **of, day=NOON.date())
        assert {len(curve) for curve in day.curves.values()} == {POINTS_PER_DAY}
        place = (NOON + timedelta(hours=2)).hour * 12 + NOON.minute // 5  # Berlin in summer
        assert day.curves["ppv"][place] == pytest.approx(house.at(NOON).pv / 1000, abs=0.005)
        assert day.curves["ppv"][place + 1 :] == (None,) * (POINTS_PER_DAY - place - 1)
        battery = await client.battery(serial, **of, day=NOON.date())
        assert battery.soc_curves["soc"][place] == round(house.at(NOON).soc)
        assert len(battery.energies["cd_charge"]) == len(battery.days) == 7


async def test_another_familys_device(cloud: Clouds) -> None:
    async with cloud() as one, portal(one) as client:
        plant_id = (await client.plants())[0].id or ""
        with pytest.raises(NotSupported):
            await client.totals(one.simulator.serial, family="spa", plant_id=plant_id)
        with pytest.raises(NotSupported):
            await client.totals("OTHER", family="mix", plant_id=plant_id)
        with pytest.raises(NotSupported):
            await client.totals("OTHER", family="toaster", plant_id=plant_id)


async def test_settings_are_written_and_asked_of_the_inverter(cloud: Clouds) -> None:
    async with cloud(profile="tlx") as one, portal(one) as client:
        serial = one.simulator.serial
        await client.write_setting(serial, family="tlx", setting="charge_power", values=[37])
        assert one.simulator.cloud.settings.device["chargePowerCommand"] == 37
        assert (await client.read_all(serial)).charge_power == 37
        assert await client.read_setting(serial, family="tlx", setting="chargePowerCommand") == 37
        with pytest.raises(OutOfBounds):
            await client.write_setting(serial, family="tlx", setting="charge_power", values=[101])
        with pytest.raises(NotSupported):
            await client.write_setting(serial, family="tlx", setting="colour", values=["blue"])
        with pytest.raises(Refused, match="on or off"):
            await client.write_setting(serial, family="tlx", setting="tlx_on_off", values=[False])
        with pytest.raises(NotSupported):
            await client.read_setting(serial, family="spa", setting="colour")
        one.simulator.faults = ("offline",)
        with pytest.raises(Refused, match="offline"):
            await client.write_setting(serial, family="tlx", setting="charge_power", values=[40])
        with pytest.raises(Refused, match="offline"):
            await client.read_all(serial)
        with pytest.raises(Refused):
            await client.write_setting("OTHER", family="tlx", setting="charge_power", values=[40])


async def test_the_settings_page_of_a_plain_inverter(cloud: Clouds) -> None:
    async with cloud(profile="inverter") as one, portal(one) as client:
        serial = one.simulator.serial
        settings = await client.inverter_settings(serial)
        assert settings.nominal_power is not None
        assert settings.lost is False
        with pytest.raises(TransportError):
            await client.inverter_settings("OTHER")
        await client.write_setting(serial, family="inverter", setting="pv_active_p_rate", values=[60], dangerous=True)
        await one.clock.advance(90)
        assert (await client.inverter_settings(serial)).active_rate == 60


async def test_the_blocking_twin(cloud: Clouds) -> None:
    async with cloud() as one, portal(one) as client:
        arguments = {"username": one.told["username"], "password": one.told["password"], "server": one.server}

        def block() -> object:
            with BlockingWebClient(**arguments, scheme="http", clock=one.clock) as blocking:
                return blocking.plants()

        assert await asyncio.to_thread(block) == await client.plants()
    own = {name for name in vars(WebClient) if not name.startswith("_")} - {"close"}
    assert own <= vars(BlockingWebClient).keys()


# -- its sessions


@pytest.mark.parametrize("form", DEAD_FORMS)
async def test_a_dead_session_is_renewed_once(cloud: Clouds, form: str) -> None:
    async with cloud() as one, portal(one) as client:
        before = await client.plants()
        one.simulator.faults = (form,)
        assert await client.plants() == before
        assert one.logins == 2


@pytest.mark.parametrize("form", DEAD_FORMS)
async def test_a_dead_session_at_the_settings_page(cloud: Clouds, form: str) -> None:
    async with cloud(profile="inverter") as one, portal(one) as client:
        await client.inverter_settings(one.simulator.serial)
        one.simulator.faults = (form,)
        await client.inverter_settings(one.simulator.serial)
        assert one.logins == 2


async def test_the_app_and_the_portal_have_a_session_each(cloud: Clouds) -> None:
    async with cloud() as one:
        for _ in range(5):
            async with portal(one) as client, one.client() as app:
                await client.plants()
                await app.read()
        assert one.logins == 2


async def test_locks_hold_for_both(cloud: Clouds) -> None:
    async with cloud() as one, portal(one) as client, one.client() as app:
        await app.read()
        one.simulator.faults = ("locked",)
        with pytest.raises(LockedOut):
            await client.plants()
        one.simulator.faults = ()
        with pytest.raises(LockedOut):
            await app.read()


async def test_a_wrong_password_is_tried_once(cloud: Clouds) -> None:
    async with cloud() as one, portal(one, password="wrong") as client:
        for _ in range(3):
            with pytest.raises(AuthenticationError):
                await client.plants()
        assert len(one.simulator.account.failures) == 1


async def test_calls_that_are_none(cloud: Clouds) -> None:
    async with cloud() as one, portal(one) as client:
        with pytest.raises(UsageError, match="colour"):
            await client.query("colour")
        with pytest.raises(UsageError, match="plantId"):
            await client.query("plant")
        assert one.logins == 0


# -- what was recorded of the real one

OF = {"family": "spa", "plant_id": "1"}
MIX = {"family": "mix", "plant_id": "1"}
RECORDED: dict[str, tuple[str, Ask]] = {
    "web_components_getHaveNeo": ("components/getHaveNeo", lambda client: client.has_neo("1")),
    "web_devices_by_plant_mix": ("panel/getDevicesByPlant", lambda client: client.devices("1")),
    "web_homeEnergy_getIsEicUser": ("homeEnergy/getIsEicUser", lambda client: client.may_add_devices("1")),
    "web_index_getPlantListTitle": ("index/getPlantListTitle", lambda client: client.plants()),
    "web_index_getPlantTopic": ("index/getPlantTopic", lambda client: client.plant_topic("1")),
    "web_layout_getIsLayoutType": ("layout/getIsLayoutType", lambda client: client.layout_type("1")),
    "web_mix_status": ("panel/mix/getMIXStatusData", lambda client: client.status("S", **MIX)),
    "web_mix_totals_a": ("panel/mix/getMIXTotalData", lambda client: client.totals("S", **MIX)),
    "web_panel_getDeviceInfo": ("panel/getDeviceInfo", lambda client: client.datalogger("D", plant_id="1")),
    "web_panel_getDevicesByPlant": ("panel/getDevicesByPlant", lambda client: client.devices("1")),
    "web_panel_getDevicesByPlantList": ("panel/getDevicesByPlantList", lambda client: client.device_page("1")),
    "web_panel_getEicDevicesByPlant": ("panel/getEicDevicesByPlant", lambda client: client.panel_device("1")),
    "web_panel_getPlantData": ("panel/getPlantData", lambda client: client.plant("1")),
    "web_panel_spa_getSPABatChart": ("panel/spa/getSPABatChart", lambda client: client.battery("S", **OF, day=DAY)),
    "web_panel_spa_getSPAEnergyDayChart": (
        "panel/spa/getSPAEnergyDayChart",
        lambda client: client.day("S", **OF, day=DAY),
    ),
    "web_panel_spa_getSPAEnergyDayChart_2": (
        "panel/spa/getSPAEnergyDayChart",
        lambda client: client.day("S", **OF, day=DAY),
    ),
    "web_panel_spa_getSPATotalData": ("panel/spa/getSPATotalData", lambda client: client.totals("S", **OF)),
    "web_plant_data_sek_partial": ("panel/getPlantData", lambda client: client.plant("1")),
    "web_tcpSet.do": (
        "tcpSet.do",
        lambda client: client.write_setting("S", family="tlx", setting="charge_power", values=[1]),
    ),
    "web_tcpSet_spaSet_ok": (
        "tcpSet.do",
        lambda client: client.write_setting("S", family="tlx", setting="charge_power", values=[1]),
    ),
}
# What another client unwrapped, and where the whole answer is recorded; the texts hold names without values.
ELSEWHERE = {
    "web_mix_get_mix_ids": "web_devices_by_plant_mix",
    "web_mix_get_mix_status": "web_mix_status",
    "web_mix_get_mix_total": "web_mix_totals_a",
    "web_mix_get_plants": "web_index_getPlantListTitle",
}
NAMES_ONLY = {
    "web_mix_get_energy_stats_daily": "panel/mix/getMIXEnergyDayChart",
    "web_mix_get_energy_stats_monthly": "panel/mix/getMIXEnergyDayChart",
    "web_mix_get_energy_stats_total": "panel/mix/getMIXEnergyDayChart",
    "web_mix_get_energy_stats_yearly": "panel/mix/getMIXEnergyDayChart",
    "web_mix_get_weekly_battery_stats": "panel/mix/getMIXBatChart",
}
REFUSED = {"web_index_getChuanghuoDeviceList"}
WRAPPED = {"web_read_all_min_param_msg_partial"}
# The plain numbers and flags that are read by calls without a record.
VALUES: dict[str, Any] = {
    "web_components_getHaveNeo": False,
    "web_devices_by_plant_mix": {"mix": ("OICUJHP1PX",)},
    "web_homeEnergy_getIsEicUser": True,
    "web_index_getPlantTopic": 0,
    "web_layout_getIsLayoutType": 3,
    "web_panel_getDevicesByPlant": {"spa": ("DEVSN",)},
    "web_tcpSet.do": None,
    "web_tcpSet_spaSet_ok": None,
}


@asynccontextmanager
async def replaying(page: str, payload: Any) -> AsyncIterator[WebClient]:
    """A portal that lets in and has one answer."""

    async def login(_: web.Request) -> web.Response:
        response = web.json_response({"result": 1})
        response.set_cookie("JSESSIONID", "1")
        return response

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["X-Requested-With"] == "XMLHttpRequest"
        return web.Response(text=json.dumps(payload), content_type="text/html")

    app = web.Application()
    app.router.add_post("/login", login)
    app.router.add_post(f"/{page}", answer)
    async with Host(app) as host:
        server = host.base_url.removeprefix("http://").rstrip("/")
        async with WebClient(username="me", password="secret", server=server, scheme="http") as client:
            yield client


def payload(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))["payload"]


def records(found: Any) -> list[Record]:
    """The records in an answer, inner ones too."""
    if isinstance(found, tuple):
        return [one for part in found for one in records(part)]
    if not isinstance(found, Record):
        return []
    return [found, *(one for row in found.rows.values() for one in records(row.read(found.values.get(row.key))))]


def test_every_recording_of_the_portal_is_named(shared: Path) -> None:
    recorded = {path.stem for path in (shared / "captures/growatt/legacy").glob("web_*")}
    assert recorded == RECORDED.keys() | ELSEWHERE.keys() | NAMES_ONLY.keys() | REFUSED | WRAPPED


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_was_unwrapped_is_recorded_whole(shared: Path, name: str) -> None:
    part, whole = (payload(shared / f"captures/growatt/legacy/{one}.json") for one in (name, ELSEWHERE[name]))
    inside = whole if isinstance(whole, list) else whole["obj"]
    assert part in (inside, inside.get("mix") if isinstance(inside, dict) else None)


@pytest.mark.parametrize("name", RECORDED)
async def test_recordings_are_read_without_a_loss(shared: Path, name: str) -> None:
    page, ask = RECORDED[name]
    answer = payload(shared / f"captures/growatt/legacy/{name}.json")
    async with replaying(page, answer) as client:
        found = await ask(client)
    if name in VALUES:
        assert found == VALUES[name]
        return
    said = records(found)
    assert said
    assert [set(one.extra) for one in said] == [set()] * len(said)
    for one in said:
        for key, row in one.rows.items():
            if one.values.get(key) not in (None, "", "null"):
                assert row.read(one.values[key]) is not None, key


async def test_the_recorded_day(shared: Path) -> None:
    name = "web_panel_spa_getSPAEnergyDayChart"
    answer = payload(shared / f"captures/growatt/legacy/{name}.json")
    async with replaying(RECORDED[name][0], answer) as client:
        day: models.WebChart = await RECORDED[name][1](client)
    assert {name: len(curve) for name, curve in day.curves.items()} == dict.fromkeys(
        ("pacToGrid", "ppv", "sysOut", "pself", "elocalLoad", "pacToUser"), POINTS_PER_DAY
    )
    assert day.curves["sysOut"][:4] == tuple(answer["obj"]["charts"]["sysOut"][:4])
    assert (day.import_sum, day.load_sum) == (5.4, 10.4)


async def test_recorded_noahs(shared: Path) -> None:
    answer = payload(shared / "captures/growatt/noah/web_getNoahList.json")
    async with replaying("device/getNoahList", answer) as client:
        page = await client.noah_page("1")
    assert [set(one.extra) for one in records(page)] == [set(), set()]
    (noah,) = page.devices
    assert (noah.model, noah.ac_total, noah.ppv, noah.soc, noah.lost) == ("Noah 2000", 1.5, 270.0, 80.0, False)


async def test_all_parameters_of_a_min(shared: Path) -> None:
    answer = payload(shared / "captures/growatt/legacy/web_read_all_min_param_msg_partial.json")
    async with replaying("tcpSet.do", {"success": True, "msg": answer}) as client:
        found = await client.read_all("S")
    assert (found.charge_power, found.nominal_power, found.extra) == (95.0, 4600.0, {})


@pytest.mark.parametrize("name", NAMES_ONLY)
async def test_names_that_were_told_without_values(shared: Path, name: str) -> None:
    told = (shared / f"captures/growatt/legacy/{name}.txt").read_text("utf-8")
    answer = json.loads(told[told.index("{") :].replace("[LIST]", "[]"))
    async with replaying(NAMES_ONLY[name], answer) as client:
        if "weekly" in name:
            found: Record = await client.battery("S", **MIX, day=DAY)
        else:
            found = await client.day("S", **MIX, day=DAY)
    assert found.extra == {}


async def test_a_refusal_without_a_word(shared: Path) -> None:
    answer = payload(shared / "captures/growatt/legacy/web_index_getChuanghuoDeviceList.json")
    async with replaying("index/getChuanghuoDeviceList", answer) as client:
        with pytest.raises(NotSupported, match="no reason given"):
            await client.query("string_devices")


@pytest.mark.parametrize("name", ["tcpset_bad_time", "tcpset_login_invalid"])
async def test_recorded_refusals(shared: Path, name: str) -> None:
    answer = payload(shared / f"captures/growatt/errors/{name}.json")
    async with replaying("tcpSet.do", answer) as client:
        with pytest.raises((UsageError, TransportError)):
            await client.write_setting("S", family="tlx", setting="charge_power", values=[1])


@pytest.mark.parametrize("answer", [{}, [], "text", {"result": 1, "obj": []}, {"result": 1, "obj": "x"}])
async def test_answers_of_another_shape(answer: Any) -> None:
    for page, ask in RECORDED.values():
        if page == "tcpSet.do":
            continue
        async with replaying(page, answer) as client:
            try:
                await ask(client)
            except (ProtocolError, NotSupported):
                continue
