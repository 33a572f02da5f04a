"""Every recorded and sampled answer of V4, served on a socket and read by the real client, without a loss."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import AuthenticationError
from heliobus.growatt.models import Record
from heliobus.growatt.models.v4 import NoahListed
from heliobus.growatt.protocol import content, text, v4
from heliobus.growatt.protocol.endpoints import Endpoint
from tests.growatt.replay import replay

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from heliobus.growatt.client.calls.v4 import V4Calls

    Ask = Callable[[V4Calls], Awaitable[Any]]

KINDS = {"inverter": "inv", "sphs": "sph-s"}
"""The samples' names for kinds, where they are not V4's."""
WRITES: dict[str, Callable[[str], Ask]] = {
    "setting_clear_vpp_time_period": lambda kind: lambda calls: calls.remove_slots(kind, "SN"),
    "setting_read_vpp_param": lambda kind: lambda calls: calls.parameter(kind, "SN", "set_param_1"),
    "setting_write_active_power": lambda kind: lambda calls: calls.set_power(kind, "SN", 40, dangerous=True),
    "setting_write_assign_inverter": lambda _: lambda calls: calls.assign_inverter("SN", "INV1"),
    "setting_write_grid_charging": lambda _: lambda calls: calls.set_grid_charge("SN", enabled=True),
    "setting_write_off_grid": lambda _: lambda calls: calls.set_off_grid("SN", enabled=True, dangerous=True),
    "setting_write_on_off": lambda kind: lambda calls: calls.set_on(kind, "SN", on=True, dangerous=True),
    "setting_write_soc_lower_limit": lambda _: lambda calls: calls.set_soc_limits("SN", low=10),
    "setting_write_soc_upper_limit": lambda _: lambda calls: calls.set_soc_limits("SN", high=90),
    "setting_write_time_period": lambda _: (
        lambda calls: calls.set_segment("SN", 1, start=time(1), end=time(2), mode="load", power=300)
    ),
    "setting_write_vpp_param": lambda kind: lambda calls: calls.write(kind, "SN", "set_param_22", 90),
    "setting_write_vpp_param_new": lambda kind: (
        lambda calls: calls.query(
            "setNewVppParameter", deviceSn="SN", deviceType=kind, setType="set_param_22", value="90"
        )
    ),
    "details_v4": lambda kind: lambda calls: calls.info(kind, "SN"),
    "energy_v4": lambda kind: lambda calls: calls.last_of(kind, "SN"),
    "power": lambda kind: lambda calls: calls.power(kind, "SN"),
    "wifi_strength": lambda kind: lambda calls: calls.wifi(kind, "SN"),
}
NOAH_ONLY = ("assign_inverter", "grid_charging", "off_grid", "soc_lower_limit", "soc_upper_limit", "write_time_period")
RENAMED = {"api_v4.details", "api_v4.energy"}
"""The samples of ``inverter.details_v4`` and ``inverter.energy_v4`` once more, with the words of a library instead of
the server's: no answer has them."""
SHOWN = {"power": 40.0, "wifi_strength": -46.0, "setting_read_vpp_param": 0}


def of_v4(path: Path) -> bool:
    """Whether a sample is an answer of V4: it has its envelope, or is one of the renamed."""
    payload = json.loads(path.read_text())["payload"]
    operation = path.stem.partition(".")[2]
    return path.stem in RENAMED or (operation in WRITES and "code" in payload)


def ask_for(stem: str) -> Ask:
    family, _, operation = stem.partition(".")
    kind = KINDS.get(family, family)
    if kind == "api_v4":
        kind = "noah" if operation.endswith(NOAH_ONLY) else "sph"
    return WRITES[operation](kind)


def lost(answer: Any, found: Record) -> set[str]:
    """The fields that have no row, and those that have something in them and cannot be read."""
    unread = {
        key
        for key, row in found.rows.items()
        if (told := found.values.get(key)) is not None
        and row.read(told) is None
        and (not isinstance(told, str) or text(told) is not None)
    }
    return {*found.extra, *unread} | ({"a field"} if len(answer) != len(found.values) else set())


async def test_every_sample_is_read_without_a_loss(shared: Path, tmp_path: Path) -> None:
    folder = shared / "captures/growatt/openapi_samples"
    samples = sorted(path for path in folder.glob("*.json") if of_v4(path))
    assert len(samples) > 60
    assert {path.stem for path in samples} >= RENAMED
    asked: set[str] = set()
    for path in samples:
        if path.stem in RENAMED:
            continue
        payload = json.loads(path.read_text())["payload"]
        async with replay() as server:
            server.answer = payload
            # A port may come again, and with it the same token's ledger.
            async with server.client(route="v4", state=tmp_path / path.name) as client:
                found = await ask_for(path.stem)(client.v4)
            asked |= {one.name for one in server.asked}
        operation = path.stem.partition(".")[2]
        if isinstance(found, Record):
            (row,) = next(iter(payload["data"].values()))
            assert lost(row, found) == set(), path.stem
        else:
            assert found == SHOWN.get(operation), path.stem
    assert set(v4.CALLS) - asked == {"queryDeviceList", "queryHistoricalData", "queryDevicesHistoricalData"}


async def test_the_recorded_noah(shared: Path) -> None:
    payload = json.loads((shared / "captures/growatt/v4/noah_queryLastData.json").read_text())["payload"]
    async with replay() as server:
        server.answer = payload
        async with server.client(route="v4") as client:
            found: Any = await client.v4.last_of("noah", "SN")
    assert lost(payload["data"]["noah"][0], found) == set()
    assert (found.ppv, found.pac, found.charging_power, found.soc) == (295.0, 159.0, 132.0, 13.0)
    assert found.time == datetime(2025, 9, 8, 2, 30, 29, 105_000, tzinfo=UTC)
    assert [(pack.place, pack.soc, pack.temperature) for pack in found.packs] == [(1, 13.0, 23.0)]
    (asked,) = server.asked
    assert (asked.name, asked.query, asked.headers["token"]) == (
        "queryLastData",
        {"deviceSn": "SN", "deviceType": "noah"},
        "t",
    )


def test_the_portals_list_of_noahs(shared: Path) -> None:
    """The portal's, which has another envelope; the row is a record here."""
    capture = json.loads((shared / "captures/growatt/noah/web_getNoahList.json").read_text())["payload"]
    answer = content(
        Endpoint("noah_list", "POST", "device/getNoahList", envelope="obj"),
        status=200,
        body=json.dumps(capture).encode(),
        location=None,
        retry_after=None,
    )
    (row,) = answer["datas"]
    found = NoahListed(row)
    assert lost(row, found) == set()
    assert (found.ppv, found.soc, found.produced_total, found.work_mode) == (270.0, 80.0, 1.5, 1)


async def test_a_device_that_the_token_may_not_see(shared: Path) -> None:
    capture = json.loads((shared / "captures/growatt/errors/v4_device_not_permitted.json").read_text())
    async with replay() as server:
        server.answer = capture["payload"]
        async with server.client(route="v4") as client:
            with pytest.raises(AuthenticationError, match="DEVICE_SN_DOES_NOT_HAVE_PERMISSION, 12") as error:
                await client.v4.last("noah", ["SN"])
    assert "serial number" in error.value.remedy
