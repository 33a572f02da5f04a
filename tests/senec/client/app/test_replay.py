"""Every recorded answer of SENEC's cloud, served again and read by the real client: what has no row is listed here."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from heliobus.errors import AuthenticationError, Refused
from heliobus.senec import AsyncAppClient
from heliobus.senec.mapping import app as mapping
from heliobus.senec.models import app as models
from heliobus.senec.protocol import sso
from heliobus.senec.protocol.app import ENDPOINTS
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from pathlib import Path

    from heliobus.model.records import Record

NOW = datetime(2025, 9, 12, 7, 35, 15, tzinfo=UTC)
CLIENT, OWN, FOREIGN = "endcustomer-app-frontend", "999999", "12345"

# record -> the call that it answers; the rest is explained in ELSEWHERE
SERVED = {
    "26": "dashboard",
    "28": "details",
    "29": "systems",
    "31": "wallbox",
    "33": "wallboxes",
    "54": "status",
    "55": "abilities",
    "56": "measurements",
    "57": "online_state",
    "59": "wallboxes",
}
REFUSED = {"25": "dashboard", "27": "details", "30": "wallbox", "32": "wallboxes", "23": "dashboard"}
ELSEWHERE = {
    "19": "the old gateway's list of systems, in German words; dead since July 2025",
    "20": "the old gateway's first dashboard, in German words; dead",
    "21": "the old gateway's second dashboard: read by today's record, see below",
    "22": "the old gateway's technical data: read by today's record of the details as far as they agree, see below",
    "24": "the old gateway's refusal of a password; its login is dead",
    "34": "the token answer: served to the sign-on of every test here, and in protocol/test_sso.py",
    "35": "the login form: served to the sign-on of every test here, and in protocol/test_sso.py",
    "36": "the form for one-time codes: served to the sign-on of every test here, and in protocol/test_sso.py",
    "58": "the portal's peak shaving; no part of the App API",
}
OLD_ONLY = {
    *("mcu.mainControllerState", "systemOverview.installationDate", "warranty.endDate", "batteryInverter"),
    *(f"batteryPack.{name}" for name in ("maxChargingPowerInKw", "maxDischargingPowerInKw", "currentVoltageInV")),
    *(f"batteryPack.{name}" for name in ("currentCurrentInA", "remainingCapacityInPercent")),
    *(f"batteryModules.{name}" for name in ("vendor", "mainboardHardwareVersion", "mainboardExtensionHardwareVersion")),
    *(f"batteryModules.{name}" for name in ("minTemperature", "maxTemperature", "flags", "lastContact.time")),
    *("installer.address.longitude", "installer.address.latitude", "slaveSystemInfoDtos"),
}
"""What only the old gateway told of a system."""


@pytest.fixture(scope="module")
def records(shared: Path) -> dict[str, dict[str, Any]]:
    """The recordings of the cloud, by their number."""
    found = {path.name[:2]: json.loads(path.read_text("utf-8")) for path in (shared / "captures/senec").glob("*.json")}
    wanted = [f"{number:02}" for number in (*range(19, 37), *range(54, 60))]
    assert set(wanted) <= found.keys()
    return {number: found[number] for number in wanted}


@asynccontextmanager
async def replayed(
    records: Mapping[str, Mapping[str, Any]], served: Mapping[str, str]
) -> AsyncIterator[AsyncAppClient]:
    """A client before a server that gives the recorded sign-on and these records, whatever the parameters are."""

    def page(number: str, host: str) -> web.Response:
        text = records[number]["response_body"].replace("https://sso.senec.com", f"http://{host}")
        return web.Response(text=text, content_type="text/html")

    async def authorize(request: web.Request) -> web.Response:
        assert request.query["client_id"] == CLIENT
        states.append(request.query["state"])
        return page("35", request.host)

    async def authenticate(request: web.Request) -> web.Response:
        assert request.query["session_code"] == "FILTERED_SESSION_CODE"
        form = await request.post()
        if "otp" not in form:
            return page("36", request.host)
        return web.Response(status=302, headers={"Location": f"{sso.REDIRECT}?state={states[-1]}&code=c"})

    async def token(_: web.Request) -> web.Response:
        return web.Response(text=records["34"]["response_body"], content_type="application/json")

    def answer(number: str) -> Callable[[web.Request], Any]:
        async def give(request: web.Request) -> web.Response:
            assert request.headers["Authorization"] == "Bearer FILTERED_ACCESS_TOKEN"
            record = records[number]
            return web.Response(status=record["status"], text=record["response_body"], content_type="application/json")

        return give

    states: list[str] = []
    app = web.Application()
    app.router.add_get(sso.AUTHORIZE, authorize)
    app.router.add_post("/realms/senec/login-actions/authenticate", authenticate)
    app.router.add_post(sso.TOKEN, token)
    for number, name in served.items():
        app.router.add_route(ENDPOINTS[name].method, ENDPOINTS[name].path, answer(number))
    async with Host(app) as host:
        place = f"{host.host}:{host.port}"
        arguments = {"username": "me", "password": "x", "totp": "GEZDGNBVGY3TQOJQ", "scheme": "http"}
        async with AsyncAppClient(server=place, clock=FrozenClock(NOW), **arguments) as client:  # type: ignore[arg-type]
            yield client


async def asked(client: AsyncAppClient, name: str, system: str = OWN) -> tuple[Record, ...]:
    match name:
        case "systems":
            return await client.systems()
        case "wallboxes":
            return await client.wallboxes(system)
        case "wallbox":
            return (await client.wallbox(system, "1"),)
        case "measurements":
            return (await client.measurements(system, resolution="MONTH", start=NOW, end=NOW),)
    call: Callable[[str], Any] = getattr(client, name)
    return (await call(system),)


def test_every_record_of_the_cloud_is_accounted_for(records: dict[str, dict[str, Any]]) -> None:
    assert records.keys() == SERVED.keys() | REFUSED.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("number", SERVED)
async def test_a_record_is_read_without_a_loss(records: dict[str, dict[str, Any]], number: str) -> None:
    async with replayed(records, {number: SERVED[number]}) as client:
        found = await asked(client, SERVED[number])
    told = json.loads(records[number]["response_body"])
    assert [dict(one.values) for one in found] == (told if isinstance(told, list) else [told])
    assert [path for one in found for path in one.unmodelled()] == []
    assert [path for one in found for path in unread(one)] == []


def unread(record: Record) -> Iterator[str]:
    """The paths of what a row of the wrong kind reads as nothing."""
    for key, row in record.rows.items():
        value = record.values.get(key)
        if row.kind is not None:
            for one in value if isinstance(value, list) else [value]:
                yield from (f"{key}.{path}" for path in unread(row.kind(one)))
        elif value not in (None, []) and row.read(value) in (None, ()):
            yield key


@pytest.mark.parametrize("number", REFUSED)
async def test_a_foreign_system_is_refused_as_recorded(records: dict[str, dict[str, Any]], number: str) -> None:
    async with replayed(records, {number: REFUSED[number]}) as client:
        with pytest.raises((Refused, AuthenticationError)):
            await asked(client, REFUSED[number], FOREIGN)


async def test_the_recorded_system_as_a_snapshot(records: dict[str, dict[str, Any]]) -> None:
    numbers = {"26": "dashboard", "28": "details", "29": "systems", "33": "wallboxes"}
    async with replayed(records, numbers) as client:
        snapshot = await client.read(detail="full")
    assert snapshot.device is not None
    assert (snapshot.device.id, snapshot.device.model) == (OWN, "SENEC.Home V3 hybrid duo")
    assert snapshot.device.firmware == "MCU 826, GUI 966"
    assert snapshot.device_time == datetime(2025, 9, 12, 7, 31, 9, tzinfo=UTC)
    assert snapshot.pv.power == pytest.approx(1670.79, abs=0.01)
    assert snapshot.grid.power == 0.0
    assert snapshot.load.power == 464.1
    assert snapshot.battery.power == pytest.approx(-1177.68, abs=0.01)
    assert snapshot.battery.soc == pytest.approx(57.58, abs=0.01)
    assert snapshot.battery.capacity == 10_000.0
    assert len(snapshot.battery.modules) == 4
    assert (snapshot.system.state_code, snapshot.system.state) == (14, "CHARGE")
    assert snapshot.system.case_temperature == pytest.approx(34.81, abs=0.01)
    assert [(box.id, box.mode, box.power) for box in snapshot.wallboxes] == [("1", "locked", 0.0)]
    assert snapshot.residual == pytest.approx(29.0, abs=0.1), "erratum S7"
    assert not snapshot.quality


async def test_the_recorded_months_as_energies(records: dict[str, dict[str, Any]]) -> None:
    async with replayed(records, {"29": "systems", "56": "measurements"}) as client:
        spans = await client.history(datetime(2025, 5, 15, tzinfo=UTC), datetime(2025, 7, 15, tzinfo=UTC), "month")
    may, june, _ = spans
    assert may.pv == pytest.approx(453_727.3, abs=0.1)
    assert may.charge is not None
    assert may.discharge is not None
    assert may.charge > may.discharge
    assert june.grid_export == pytest.approx(1_234_857.2, abs=0.1)
    assert (june.autarky, june.soc, june.wallbox) == (95.75, None, 0.0)


# -- the old gateway


def test_the_old_gateway_s_second_dashboard_has_today_s_words(records: dict[str, dict[str, Any]]) -> None:
    old = models.Dashboard(json.loads(records["21"]["response_body"]))
    assert list(old.unmodelled()) == []
    system = models.AppSystem({"id": 1})
    snapshot = mapping.snapshot(mapping.AppReading(system=system, dashboard=old), received_at=NOW)
    assert snapshot.load.power == 1164.11
    assert snapshot.grid.power == pytest.approx(1164.11, abs=0.01)
    assert snapshot.battery.power == pytest.approx(17.46, abs=0.01)


def test_the_old_gateway_s_technical_data_are_details_with_more(records: dict[str, dict[str, Any]]) -> None:
    old = models.SystemDetails(json.loads(records["22"]["response_body"]))
    assert set(old.unmodelled()) == OLD_ONLY
    assert old.casing.temperature == pytest.approx(30.1, abs=0.1)
    assert old.battery_pack.capacity == 10.0
