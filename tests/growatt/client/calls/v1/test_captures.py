"""Every recorded and sampled answer of the OpenAPI V1, served on a socket and read by the real client, without a loss.

Without a loss: each field that an answer has is a row of its record, and is read as a value.  The samples of V4 are
none of these.
"""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from heliobus.growatt.client import AsyncClient
from heliobus.growatt.models import Record, slots
from heliobus.growatt.models import v1 as models
from heliobus.growatt.protocol import text
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.host import Host
from heliobus.url import Secret
from tests.growatt.conftest import NOON

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from heliobus.growatt.client.calls.v1 import V1Calls

    Ask = Callable[[V1Calls], Awaitable[Any]]

DAY = date(2026, 6, 20)
FIRST = date(2026, 6, 14)


def history(family: str, kind: type[Record]) -> Ask:
    async def ask(calls: V1Calls) -> Any:
        page = await calls.history_page(family, "SN", first=FIRST, last=DAY)
        return page, page.samples(kind)

    return ask


async def meters(calls: V1Calls) -> Any:
    page = await calls.meter_history("LOG", 1, first=FIRST, last=DAY)
    return page, page.samples(models.MeterLast)


async def sensors(calls: V1Calls) -> Any:
    page = await calls.env_history("LOG", 1, first=FIRST, last=DAY)
    return page, page.samples(models.EnvLast)


def alarms(family: str) -> Ask:
    return lambda calls: calls.alarms(family, "SN", day=DAY)


def read(family: str) -> Ask:
    return lambda calls: calls.read_parameter(family, "SN", "pv_on_off")


def write(family: str) -> Ask:
    return lambda calls: calls.write_parameter(family, "SN", "pv_on_off", ["1"])


REAL: dict[str, Ask] = {
    "device_list_mod12ktl3": lambda calls: calls.device_page("7"),
    "min_detail_tlx_data_info_mod12ktl3": lambda calls: calls.min_detail("SN"),
    "min_energy_tlx_last_data_mod12ktl3": lambda calls: calls.min_last("SN"),
    "plant_details_mod12ktl3": lambda calls: calls.plant_details("7"),
    "plant_list_mod12ktl3": lambda calls: calls.plant_page(),
}
SAMPLES: dict[str, Ask] = {
    "datalogger.list_env_sensors": lambda calls: calls.sensors("LOG"),
    "datalogger.list_smart_meters": lambda calls: calls.meters("LOG"),
    "device.create_date": lambda calls: calls.device_dates(["SN"]),
    "device.energy_day": lambda calls: calls.inverter_day_energy("SN", day=DAY),
    "device.get_datalogger": lambda calls: calls.datalogger_of("SN"),
    "device.get_plant": lambda calls: calls.plant_of("SN"),
    "device.type_info": lambda calls: calls.device_type("SN"),
    "env_sensor.metrics": lambda calls: calls.env_last("LOG", 1),
    "env_sensor.metrics_history": sensors,
    "groboost.details": lambda calls: calls.boost_detail("SN"),
    "groboost.metrics": lambda calls: calls.boost_last("SN"),
    "groboost.metrics_history": history("boost", models.BoostLast),
    "hps.alarms": alarms("hps"),
    "hps.details": lambda calls: calls.hps_detail("SN"),
    "hps.energy": lambda calls: calls.hps_last("SN"),
    "hps.energy_history": history("hps", models.HpsLast),
    "inverter.alarms": alarms("inverter"),
    "inverter.details": lambda calls: calls.inverter_detail("SN"),
    "inverter.energy": lambda calls: calls.inverter_last("SN"),
    "inverter.energy_multiple": lambda calls: calls.inverter_bulk(["SN"]),
    "inverter.setting_write": write("inverter"),
    "max.alarms": alarms("max"),
    "max.details": lambda calls: calls.max_detail("SN"),
    "max.energy": lambda calls: calls.max_last("SN"),
    "max.energy_history": history("max", models.MaxLast),
    "max.energy_multiple": lambda calls: calls.max_bulk(["SN"]),
    "max.setting_read": read("max"),
    "max.setting_write": write("max"),
    "min.alarms": alarms("tlx"),
    "min.details": lambda calls: calls.min_detail("SN"),
    "min.energy": lambda calls: calls.min_last("SN"),
    "min.energy_history": history("tlx", models.MinLast),
    "min.energy_multiple": lambda calls: calls.min_bulk(["SN"]),
    "min.setting_read": read("tlx"),
    "min.setting_write": write("tlx"),
    "min.setting_write_vpp_now": lambda calls: calls.vpp_now("SN", minutes=10, percentage=50),
    "min.setting_write_vpp_schedule": lambda calls: calls.vpp_schedule(
        "SN", [slots.Slot(start=0, end=60, percentage=50)]
    ),
    "min.settings": lambda calls: calls.min_settings("SN"),
    "min.soc": lambda calls: calls.vpp_soc("SN"),
    "pbd.alarms": alarms("pbd"),
    "pbd.details": lambda calls: calls.pbd_detail("SN"),
    "pbd.energy": lambda calls: calls.pbd_last("SN"),
    "pbd.energy_history": history("pbd", models.PbdLast),
    "pcs.alarms": alarms("pcs"),
    "pcs.details": lambda calls: calls.pcs_detail("SN"),
    "pcs.energy": lambda calls: calls.pcs_last("SN"),
    "pcs.energy_history": history("pcs", models.PcsLast),
    "plant.add": lambda calls: calls.add_plant(user_id="1", name="House", peak_power=9.9),
    "plant.add_datalogger": lambda calls: calls.add_datalogger("7", "LOG", user_id="1"),
    "plant.add_device": lambda calls: calls.add_device("7", "SN", user_id="1"),
    "plant.delete": lambda calls: calls.delete_plant("7"),
    "plant.details": lambda calls: calls.plant_details("7"),
    "plant.energy_history": lambda calls: calls.plant_energy("7", first=FIRST, last=DAY),
    "plant.energy_overview": lambda calls: calls.plant_data("7"),
    "plant.list": lambda calls: calls.plant_page(),
    "plant.list_by_user": lambda calls: calls.user_plants("somebody"),
    "plant.list_dataloggers": lambda calls: calls.dataloggers("7"),
    "plant.list_devices": lambda calls: calls.device_page("7"),
    "plant.modify": lambda calls: calls.modify_plant("7", user_id="1", name="House", peak_power=9.9),
    "plant.power": lambda calls: calls.plant_power("7", day=DAY),
    "plant.remove_datalogger": lambda calls: calls.delete_datalogger("7", "LOG"),
    "smart_meter.energy": lambda calls: calls.meter_last("LOG", 1),
    "smart_meter.energy_history": meters,
    "spa.alarms": alarms("spa"),
    "spa.details": lambda calls: calls.spa_detail("SN"),
    "spa.energy_history": history("spa", models.SpaLast),
    "spa.energy_multiple": lambda calls: calls.spa_bulk(["SN"]),
    "spa.setting_read": read("spa"),
    "spa.setting_write": write("spa"),
    "spa.setting_write_vpp_now": lambda calls: calls.vpp_now("SN", minutes=10, percentage=50),
    "spa.setting_write_vpp_schedule": lambda calls: calls.vpp_schedule("SN", []),
    "spa.soc": lambda calls: calls.vpp_soc("SN"),
    "sph.alarms": alarms("mix"),
    "sph.details": lambda calls: calls.sph_detail("SN"),
    "sph.energy": lambda calls: calls.sph_last("SN"),
    "sph.energy_history": history("mix", models.MixLast),
    "sph.setting_read": read("mix"),
    "sph.setting_write": write("mix"),
    "sph.setting_write_vpp_now": lambda calls: calls.vpp_now("SN", minutes=10, percentage=50),
    "sph.setting_write_vpp_schedule": lambda calls: calls.vpp_schedule("SN", []),
    "sph.soc": lambda calls: calls.vpp_soc("SN"),
    "storage.alarms": alarms("storage"),
    "storage.details": lambda calls: calls.storage_detail("SN"),
    "storage.energy": lambda calls: calls.storage_last("SN"),
    "storage.energy_history": history("storage", models.StorageLast),
    "storage.setting_read": read("storage"),
    "storage.setting_write": write("storage"),
    "user.check_username": lambda calls: calls.check_user("somebody"),
    "user.list": lambda calls: calls.users(),
    "user.modify": lambda calls: calls.modify_user("1", mobile="1"),
    "user.register": lambda calls: calls.register_user(
        "somebody", password=Secret("secret"), email="a@example.org", kind="1", country="Germany"
    ),
    "vpp.soc": lambda calls: calls.vpp_soc("SN"),
    "vpp.write": lambda calls: calls.vpp_now("SN", minutes=10, percentage=50),
    "vpp.write_multiple": lambda calls: calls.vpp_schedule("SN", []),
}
V4 = {"api_v4.details", "api_v4.energy"}
"""Answers of V4 in an envelope of V1's; all others of V4 have a ``code``."""


@asynccontextmanager
async def replaying(payload: Any, state: Path) -> AsyncIterator[V1Calls]:
    """The calls of a client whose server answers everything with this."""

    async def serve(_: web.Request) -> web.Response:
        return web.json_response(payload)

    app = web.Application()
    app.router.add_route("*", "/v1/{page:.*}", serve)
    async with Host(app, host="127.0.0.1", port=0) as host:
        server = host.base_url.removeprefix("http://").rstrip("/")
        client = AsyncClient(
            token="t", server=server, scheme="http", clock=ManualClock(NOON), state=state / "state.json"
        )
        async with client:
            yield client.v1


def records(found: Any) -> Iterator[Record]:
    """The records of a result, those inside others too."""
    if isinstance(found, Record):
        yield found
        for row in found.rows.values():
            yield from records(row.read(found.values.get(row.key)))
    elif isinstance(found, dict):
        for one in found.values():
            yield from records(one)
    elif isinstance(found, (list, tuple)):
        for one in found:
            yield from records(one)


def unread(record: Record) -> Iterator[str]:
    for key, row in record.rows.items():
        value = record.values.get(key)
        told = isinstance(value, bool) or (not isinstance(value, (dict, list)) and text(value) is not None)
        if told and row.read(value) is None:
            yield key


async def check(name: str, payload: Any, ask: Ask, state: Path) -> None:
    async with replaying(payload, state) as calls:
        found = await ask(calls)
    data = payload.get("data")
    if isinstance(data, dict) or "soc" in payload or "result" in payload:
        assert found, name
    elif data not in (None, "", 0) and not isinstance(data, list):
        assert text(found) == text(data)
    seen = list(records(found))
    assert not {key for record in seen for key in record.extra}
    assert not {key for record in seen for key in unread(record)}


@pytest.mark.parametrize("name", REAL)
async def test_recordings_are_read_whole(name: str, shared: Path, tmp_path: Path) -> None:
    payload = json.loads((shared / f"captures/growatt/v1_real/{name}.json").read_text("utf-8"))["payload"]
    await check(name, payload, REAL[name], tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
async def test_samples_are_read_whole(name: str, shared: Path, tmp_path: Path) -> None:
    payload = json.loads((shared / f"captures/growatt/openapi_samples/{name}.json").read_text("utf-8"))["payload"]
    await check(name, payload, SAMPLES[name], tmp_path)


def test_no_capture_is_left_out(shared: Path) -> None:
    captures = shared / "captures/growatt"
    assert {path.stem for path in (captures / "v1_real").glob("*.json")} == set(REAL)
    for path in (captures / "openapi_samples").glob("*.json"):
        payload = json.loads(path.read_text("utf-8"))["payload"]
        is_v4 = "code" in payload or path.stem in V4
        assert is_v4 != (path.stem in SAMPLES), path.stem
