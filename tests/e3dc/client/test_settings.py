from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.e3dc.control import INTERVENTIONS
from heliobus.e3dc.models import CHARGE, DISCHARGE, IdlePeriod, NamedIdlePeriod
from heliobus.e3dc.protocol import tags
from heliobus.errors import NotSupported, Refused, UsageError
from heliobus.model.command import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from heliobus.e3dc import AsyncClient
    from heliobus.e3dc.protocol import Item

    from .conftest import Start

Setting = tuple[str, dict[str, Any], "Callable[[AsyncClient], Awaitable[Any]]", Any]
"""The client's method, its arguments, what tells the setting, and what it then tells."""


async def _wallbox(client: AsyncClient, name: str) -> Any:
    (box,) = await client.wallboxes()
    return getattr(box.algorithm, name)


SETTINGS: list[Setting] = [
    ("set_power_save", {"enable": False}, lambda c: _of(c.power_settings(), "powersave_enabled"), False),
    (
        *("set_weather_regulated_charge", {"enable": True}),
        *(lambda c: _of(c.power_settings(), "weather_regulated_charge_enabled"), True),
    ),
    (
        *("set_power_limits", {"enable": True, "discharge_start": 100}),
        *(lambda c: _of(c.power_settings(), "discharge_start_power"), 100),
    ),
    ("set_wallbox_sun_mode", {"enable": False}, lambda c: _wallbox(c, "sun_mode"), False),
    ("set_wallbox_phases", {"phases": 1}, lambda c: _wallbox(c, "phases"), 1),
    ("set_wallbox_current", {"most": 12}, lambda c: _wallbox(c, "max_current"), 12),
    ("set_wallbox_schuko", {"enable": True}, lambda c: _wallbox(c, "schuko"), True),
    ("set_battery_to_car", {"enable": True}, lambda c: _number(c, "EMS_REQ_BATTERY_TO_CAR_MODE"), 1),
    ("set_battery_before_car", {"enable": False}, lambda c: _number(c, "EMS_REQ_BATTERY_BEFORE_CAR_MODE"), 0),
    (
        *("set_wallbox_power_assignment", {"enforce": True}),
        *(lambda c: _number(c, "EMS_REQ_GET_WALLBOX_ENFORCE_POWER_ASSIGNMENT"), 1),
    ),
]
MODERN: list[Setting] = [
    ("set_idle_periods_enabled", {"enable": False}, lambda c: _number(c, "EMS_REQ_GET_IDLE_PERIODS_ENABLE"), 0),
    ("set_wallbox_discharge_until", {"soc": 44}, lambda c: _number(c, "EMS_REQ_GET_WB_DISCHARGE_BAT_UNTIL"), 44),
    ("set_price_charging", {"soc": 70}, lambda c: _number(c, "EMS_REQ_DPP_SOC_BATTERY"), 70),
    ("set_price_charging", {"price": 0.25}, lambda c: _number(c, "EMS_REQ_DPP_PRICE_LIMIT_BATTERY"), 0.25),
    ("set_price_charging", {"months": [1, 12]}, lambda c: _number(c, "EMS_REQ_DPP_MONTHS_ACTIVE"), 0x801),
]


async def _of(reading: Awaitable[Any], name: str) -> Any:
    return getattr(await reading, name)


async def _number(client: AsyncClient, name: str) -> Any:
    return (await client.query([name]))[0].number


async def _check(client: AsyncClient, setting: Setting) -> None:
    name, arguments, read, wanted = setting
    outcome: Outcome = await getattr(client, name)(**arguments)
    assert outcome.status is Status.APPLIED
    assert outcome.before != outcome.read_back
    assert await read(client) == wanted
    again: Outcome = await getattr(client, name)(**arguments)
    assert (again.status, again.sent) == (Status.APPLIED, ())


@pytest.mark.parametrize("profile", ["s10e", "s10e-2019"])
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting[0])
async def test_settings(start: Start, profile: str, setting: Setting) -> None:
    await _check(await (await start(profile=profile)).client(), setting)


@pytest.mark.parametrize("setting", MODERN, ids=lambda setting: f"{setting[0]}-{next(iter(setting[1]))}")
async def test_settings_of_new_firmware(start: Start, setting: Setting) -> None:
    await _check(await (await start(faults=("bool-as-uchar8",))).client(), setting)


async def test_settings_that_old_firmware_does_not_know(start: Start) -> None:
    client = await (await start(profile="s10e-2019")).client()
    for call in (
        client.set_wallbox_discharge_until(44),
        client.set_wallbox_auto_phase_switch(enable=True),
        client.set_wallbox_current(least=7),
        client.set_named_idle_periods([]),
        client.named_idle_periods(),
    ):
        with pytest.raises(NotSupported):
            await call


async def test_battery_to_car_where_it_is_impossible(start: Start) -> None:
    site = await start()
    client = await site.client()
    site.simulator.device.settings.registers[tags.EMS_REQ_BATTERY_TO_CAR_MODE] = 255
    with pytest.raises(Refused, match="not possible"):
        await client.set_battery_to_car(enable=True)


async def test_charging_by_hand_about_once_a_day(start: Start) -> None:
    client = await (await start()).client()
    outcome = await client.start_manual_charge(1000)
    assert outcome.status is Status.APPLIED
    told = await client.manual_charge()
    assert (told.active, told.last_target, told.start_counter) == (True, 1000, 1)
    assert (await client.start_manual_charge(0)).status is Status.APPLIED
    assert (await client.manual_charge()).active is False
    refused = await client.start_manual_charge(1000)
    assert refused.status is Status.REJECTED
    assert "says no" in str(refused.note)


@pytest.mark.parametrize(("name", "request_"), INTERVENTIONS.items())
async def test_interventions_have_calls_of_their_own(start: Start, name: str, request_: Item) -> None:
    site = await start()
    client = await site.client()
    with pytest.raises(Refused):
        await client.query([request_])
    assert site.simulator.device.acts == []
    outcome = await getattr(client, name)()
    if name.startswith("switch_to"):  # the simulated user must not
        assert outcome.status is Status.REJECTED
        return
    assert outcome.status is Status.APPLIED
    assert site.simulator.device.acts == [tags.name(request_.tag)]


# -- idle periods


async def test_idle_periods_of_the_old_form(start: Start) -> None:
    client = await (await start()).client()
    before = await client.idle_periods()
    assert len(before) == 14
    wanted = IdlePeriod(type=DISCHARGE, day=3, active=True, start=time(1, 5), end=time(22, 45))
    assert (await client.set_idle_periods([wanted])).status is Status.APPLIED
    after = await client.idle_periods()
    assert set(after) - set(before) == {wanted}
    backwards = IdlePeriod(type=CHARGE, day=0, active=True, start=time(9), end=time(8))
    assert (await client.set_idle_periods([backwards])).status is Status.REJECTED
    for none in ([], [wanted, wanted]):
        with pytest.raises(UsageError):
            await client.set_idle_periods(none)


@pytest.mark.parametrize("faults", [(), ("idle-periods-in-minutes",)])
async def test_idle_periods_of_the_new_form(start: Start, faults: tuple[str, ...]) -> None:
    client = await (await start(faults=faults)).client()
    night, early = await client.named_idle_periods()
    assert (night.description, night.start, night.stop) == ("Nacht", time(22), time(5))
    assert early.description == "Früh"
    wanted = NamedIdlePeriod(
        type=CHARGE,
        active=True,
        description="Größe",
        weekdays=frozenset({5, 6}),
        start=time(23, 30),
        stop=time(6, 15),
    )
    outcome = await client.set_named_idle_periods([night, wanted])
    assert outcome.status is Status.APPLIED
    assert await client.named_idle_periods() == (night, wanted)


async def test_idle_periods_that_have_not_changed_since(start: Start) -> None:
    site = await start()
    client = await site.client()
    known = await client.named_idle_periods()
    site.simulator.faults = ("idle-periods-unchanged",)
    assert await client.named_idle_periods() == known
