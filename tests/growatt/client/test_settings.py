"""Settings through a real socket: the lagging cloud, its refusals, commands, and what survives a restart."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import LockedOut, NotSupported, OutOfBounds, Refused, UsageError
from heliobus.growatt import control
from heliobus.growatt.client import AsyncClient, Client
from heliobus.growatt.control import FAMILIES, ChangeSettings, ChargePeriods, NoahSegment, Period, TimeSegment
from heliobus.growatt.control.kinds import Choice, Moment, Number, Switch, Text
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.model.command import Auto, Charge, Discharge, LimitCharge, SetReserve, Status
from heliobus.url import Credentials, DeviceURL, Secret
from heliobus.vendor import SimulationOptions, vendor_of
from tests.growatt.conftest import PLANT
from tests.growatt.control.conftest import SkippingClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from heliobus.growatt.control import Setting
    from heliobus.growatt.control.kinds import Kind
    from heliobus.growatt.simulator.settings import SettingsStore
    from tests.conftest import Figure

WRITES = 8_000
HALF_AN_HOUR = 1800.0
TROUBLES = ("504", "505", "506", "507", "508", "510", "701")


class House:
    """A simulated account whose inverter is of the family; each ``client()`` is a restart."""

    def __init__(self, simulator: GrowattSimulator, clock: SkippingClock) -> None:
        self.simulator = simulator
        self.clock = clock

    @property
    def store(self) -> SettingsStore:
        return self.simulator.cloud.settings

    @property
    def arguments(self) -> dict[str, Any]:
        told = self.simulator.announcement()
        server = f"{told['host']}:{told['port']}"
        return {"username": told["username"], "password": told["password"], "server": server, "scheme": "http"}

    def client(self, **more: Any) -> AsyncClient:
        return AsyncClient(**self.arguments, clock=self.clock, **more)


@asynccontextmanager
async def house(family: str) -> AsyncIterator[House]:
    clock = SkippingClock()
    async with GrowattSimulator(SimulationOptions(plant=PLANT, clock=clock, profile=family)) as simulator:
        yield House(simulator, clock)


async def test_a_segment_is_written_seen_and_taken_back() -> None:
    async with house("tlx") as one, one.client() as client:
        segment = TimeSegment(number=3, mode="grid", start="17:00", end="20:30")
        done = await client.set(None, segment)
        assert done.status is Status.APPLIED
        assert TimeSegment.read(await client.settings(), 3) == segment
        assert one.simulator.requests.count("tlx_set") == 1
        assert done.undo is not None
        assert (await client.execute(done.undo)).status is Status.APPLIED
        kept = TimeSegment.read(await client.settings(), 3)
        assert kept is not None
        assert not kept.enabled


async def test_what_does_not_fit_is_refused_before_any_request() -> None:
    async with house("tlx") as one, one.client() as client:
        for name, values, error in (
            ("charge_power", (101,), OutOfBounds),
            ("time_segment1", (1, 23, 0, 24, 0, 1), OutOfBounds),
            ("time_segment1", (1, 23, 0, 6, 0, 1), UsageError),
            ("charge_powr", (50,), NotSupported),
            ("mix_ac_charge_time_period", (50, 50), UsageError),
        ):
            with pytest.raises(error, match="nothing was sent"):
                await client.set(None, name, *values)
        assert one.simulator.requests == []
        with pytest.raises(NotSupported, match="tlx: no setting"):
            await client.set(None, "charging_soc", 90, 10)
        with pytest.raises(Refused, match="nothing was sent"):
            await client.set(None, "tlx_on_off", False)
        plan = await client.set(None, "tlx_on_off", False, dangerous=True, dry_run=True)
        assert (plan.status, plan.sent) == (Status.PLANNED, ("tlx_on_off(0)",))
        assert "tlx_set" not in one.simulator.requests


async def test_a_refusal_tells_the_remedy() -> None:
    async with house("tlx") as one, one.client() as client:
        one.simulator.faults = ("offline",)
        done = await client.set(None, "charge_power", 50)
        assert done.status is Status.REJECTED
        assert "the datalogger is offline (505)" in (done.note or "")
        assert "Wait until it is online" in (done.note or "")
        assert one.store.device["chargePowerCommand"] == 100


async def test_a_session_that_dies_between_is_renewed() -> None:
    async with house("tlx") as one, one.client() as client:
        await client.settings()
        one.simulator.account.expire()
        assert (await client.set(None, "charge_power", 50)).status is Status.APPLIED
        assert len(one.simulator.account.logins) == 2


async def test_a_lock_before_the_write_is_raised() -> None:
    async with house("tlx") as one, one.client() as client:
        await client.settings()
        one.simulator.faults = ("waf",)
        with pytest.raises(LockedOut):
            await client.set(None, "charge_power", 50)
        assert one.store.device["chargePowerCommand"] == 100


async def test_several_settings_or_none() -> None:
    async with house("tlx") as one, one.client() as client:
        before = dict(one.store.device)
        wanted: list[Any] = [
            ("charge_power", 40),
            ("ac_charge", True),
            TimeSegment(number=1, mode="battery", start="1:00", end="5:00"),
        ]
        one.store.next_codes = ["", "", "508"]
        done = await client.set_all(None, wanted)
        assert done.status is Status.REJECTED
        assert one.store.device == before
        assert (await client.set_all(None, wanted)).status is Status.APPLIED


async def test_a_raw_setting() -> None:
    async with house("tlx") as one, one.client() as client:
        done = await client.set_raw(None, "charge_power", "44")
        assert done.status is Status.ACCEPTED
        assert one.store.device["chargePowerCommand"] == 44


async def test_an_spa_cannot_be_read_by_the_app() -> None:
    async with house("spa") as one, one.client() as client:
        with pytest.raises(NotSupported):
            await client.settings()
        three = (Period("1:00", "2:00"),) * 3
        done = await client.set(None, ChargePeriods(power=50, stop_soc=90, periods=three))
        assert (done.status, done.undo) == (Status.ACCEPTED, None)
        assert ChargePeriods.read(one.store.device, "spa") == ChargePeriods(power=50, stop_soc=90, periods=three)
        with pytest.raises(NotSupported, match="nothing was sent"):
            await client.execute(Charge())


@pytest.mark.parametrize("family", ["noah", "nexa"])
async def test_a_noah(family: str) -> None:
    async with house(family) as one, one.client() as client:
        segment = NoahSegment(number=2, mode="battery", start="8:00", end="9:05", power=250)
        assert (await client.set(None, segment)).status is Status.APPLIED
        assert NoahSegment.read(await client.settings(), 2) == segment
        done = await client.execute(SetReserve(soc=25))
        assert done.status is Status.APPLIED
        assert done.undo == SetReserve(soc=10)
        one.store.next_codes = ["505"]
        assert "datalogger is offline" in ((await client.set(None, "charging_soc", 90, 5)).note or "")


# -- plants


async def test_a_plant_keeps_what_is_not_named() -> None:
    async with house("mix") as one, one.client() as client:
        plant_id = one.simulator.account.plant_id
        before = (await client.shine.plant_settings(plant_id)).values
        done = await client.set_plant(plant_id, name="Am Hang", latitude=51.25, currency="eur")
        assert done.status is Status.APPLIED
        after = (await client.shine.plant_settings(plant_id)).values
        changed = {name for name in before if str(before[name]) != str(after[name])}
        assert changed == {"plantName", "plant_lat", "formulaMoneyUnitId"}
        assert done.undo is not None
        assert (await client.execute(done.undo)).status is Status.APPLIED
        again = (await client.shine.plant_settings(plant_id)).values
        assert {name for name in before if str(before[name]) != str(again[name])} == set()
        with pytest.raises(OutOfBounds):
            await client.set_plant(plant_id, latitude=91)
        with pytest.raises(UsageError, match="owner"):
            await client.set_plant(plant_id, owner="me")


# -- commands


@pytest.mark.parametrize("family", ["mix", "max"])
async def test_what_is_obeyed_is_told_before_it_is_asked_and_known_after(family: str) -> None:
    async with house(family) as one, one.client() as client:
        assert client.capabilities.commands.keys() == control.abilities("tlx").keys()  # it obeys all that any does
        assert one.simulator.requests == []
        await client.devices()
        assert client.capabilities.commands.keys() == control.abilities(family).keys()
        if family == "max":
            assert not client.capabilities.commands
            with pytest.raises(NotSupported):
                await client.execute(Auto())


@pytest.mark.parametrize("family", ["mix", "tlx"])
async def test_a_forced_charge_and_the_way_back(family: str) -> None:
    async with house(family) as one:
        before = dict(one.store.device)
        async with one.client() as client:
            await client.identify()
            assert client.capabilities.commands["Charge"].warning
            done = await client.execute(Discharge())
            assert done.status is Status.APPLIED
            assert done.undo == Auto()
            one.clock.gone += 3600
            assert one.simulator.plant.at(one.clock.now()).battery > 1000
            assert (await client.execute(Charge())).status is Status.APPLIED
            assert one.simulator.plant.at(one.clock.now()).battery < -1000
        async with one.client() as client:  # a restart
            assert (await client.execute(Auto())).status is Status.APPLIED
            assert one.store.device == before
            again = await client.execute(Auto())
            assert (again.status, again.sent) == (Status.APPLIED, ())


async def test_a_power_needs_the_rating() -> None:
    async with house("tlx") as one:
        async with one.client() as client:
            with pytest.raises(OutOfBounds):
                await client.execute(LimitCharge(power=500))
            assert (await client.execute(LimitCharge(power=0))).status is Status.APPLIED
        async with one.client(battery_power=2500) as client:
            assert (await client.execute(LimitCharge(power=500))).status is Status.APPLIED
            assert one.store.device["chargePowerCommand"] == 20
            assert (await client.execute(Auto())).status is Status.APPLIED
            assert one.store.device["chargePowerCommand"] == 100
        with pytest.raises(UsageError):
            one.client(battery_power=0)


async def test_a_refused_command_leaves_nothing_to_take_back() -> None:
    async with house("tlx") as one, one.client() as client:
        one.store.next_codes = ["701"]
        assert (await client.execute(Charge())).status is Status.REJECTED
        assert (await client.execute(Auto())).sent == ()


async def test_auto_is_repeated_until_it_is_seen() -> None:
    async with house("tlx") as one, one.client() as client:
        before = dict(one.store.device)
        await client.execute(Charge())
        one.store.lossy = True
        assert (await client.execute(Auto())).status is Status.ACCEPTED
        one.store.lossy = False
        assert (await client.execute(Auto())).status is Status.APPLIED
        assert one.store.device == before


async def test_an_address_may_say_the_rating() -> None:
    async with house("tlx") as one:
        secrets = Credentials(password=Secret(one.arguments["password"]))
        vendor, url = vendor_of(f"{one.simulator.announcement()['url']}&battery_power=2000")
        async with vendor.connect(url, secrets, one.clock) as source:
            assert (await source.execute(LimitCharge(power=500))).status is Status.APPLIED
        assert one.store.device["chargePowerCommand"] == 25
        with pytest.raises(UsageError):
            vendor.connect(DeviceURL.parse("growatt://me@server?battery_power=much"), secrets, one.clock)


async def test_blocking() -> None:
    async with house("tlx") as one:

        def block() -> Status:
            with Client(**one.arguments, clock=one.clock) as client:
                return client.set(None, "charge_stop_soc", 90).status

        assert await asyncio.to_thread(block) is Status.APPLIED


# -- by token


def by_token(one: House, route: str) -> AsyncClient:
    return AsyncClient(
        token=one.simulator.cloud.token, route=route, server=one.arguments["server"], scheme="http", clock=one.clock
    )


@pytest.mark.parametrize(
    ("family", "setting"),
    [
        ("tlx", TimeSegment(number=2, mode="battery", start="1:00", end="5:00")),
        ("mix", ChargePeriods(power=80, stop_soc=95, mains=True, periods=(Period("1:00", "5:00"),) * 3)),
        ("spa", ChargePeriods(power=80, stop_soc=95, periods=(Period("1:00", "5:00"),) * 3)),
    ],
)
async def test_v1_is_waited_for(family: str, setting: Any) -> None:
    async with house(family) as one, by_token(one, "v1") as client:
        done = await client.set(None, setting)
        assert done.status is Status.APPLIED
        assert all(_has(one.store, change.setting, change.texts) for change in done.command.changes)  # type: ignore[attr-defined]
        assert one.clock.gone < 400
        assert done.undo is not None
        assert (await client.execute(done.undo)).status is Status.APPLIED


async def test_v1_obeys_commands() -> None:
    async with house("tlx") as one, by_token(one, "v1") as client:
        assert (await client.execute(Charge())).status is Status.APPLIED
        assert (await client.execute(Auto())).status is Status.APPLIED
        assert one.store.device["acChargeEnable"] == 0


async def test_v4_has_names_of_its_own() -> None:
    async with house("noah") as one, by_token(one, "v4") as client:
        done = await client.set(None, "setTimeSegment1", "smart", "8:00", "9:00", 250, True)
        assert done.status in (Status.APPLIED, Status.ACCEPTED)
        with pytest.raises(OutOfBounds, match="nothing was sent"):
            await client.set(None, "setHighLimitSoc", 101)
        with pytest.raises(Refused, match="nothing was sent"):
            await client.set(None, "setOffGrid", True)
        assert (await client.set(None, "setOffGrid", True, dangerous=True)).status is not Status.REJECTED
        with pytest.raises(NotSupported):
            await client.execute(Charge())


# -- the proof


def _value(kind: Kind, pick: random.Random) -> Any:
    if isinstance(kind, Number):
        low, high = pick.choice(kind.ranges)
        return round(pick.randint(round(low / kind.step), round(high / kind.step)) * kind.step, 6)
    if isinstance(kind, Switch):
        return pick.random() < 0.5
    if isinstance(kind, Choice):
        return pick.choice(list(kind.words.values()))
    assert isinstance(kind, Moment | Text)
    return f"2026-06-{pick.randint(1, 28):02} {pick.randint(0, 23):02}:30:00"


def _values(setting: Setting, pick: random.Random) -> list[Any]:
    values = [_value(parameter.kind, pick) for parameter in setting.parameters]
    for place, _ in setting.periods:
        start, end = sorted((values[place : place + 2], values[place + 2 : place + 4]))
        values[place : place + 4] = [*start, *end]
    optional = [place for place, parameter in enumerate(setting.parameters) if parameter.optional]
    return values[: optional[0]] if optional and pick.random() < 0.5 else values


def _has(store: SettingsStore, setting: Setting, texts: tuple[str, ...]) -> bool:
    """Whether the inverter has what was sent: told or not."""
    told = setting.holds(texts, store.device)
    return store.untold.get(setting.name) == texts if told is None else told


@pytest.mark.prove
@pytest.mark.parametrize("family", sorted(FAMILIES))
async def test_random_writes_are_reported_as_they_are(family: str, scale: float, figure: Figure) -> None:
    """Reported as applied is what the device has; what failed is reported as failed; undo restores."""
    pick = random.Random(f"writes {family}")
    count = max(round(WRITES * scale / len(FAMILIES)), 10)
    statuses: dict[Status, int] = {}
    undone = 0
    async with house(family) as one, one.client() as client:
        for _ in range(count):
            await one.clock.sleep(HALF_AN_HOUR)  # a day has only so many requests
            table = list(FAMILIES[family].values())
            settings = pick.sample(table, 1 if pick.random() < 0.7 else min(len(table), 3))
            failing = pick.randrange(len(settings)) if pick.random() < 0.2 else None
            one.store.next_codes = [] if failing is None else [""] * failing + [pick.choice(TROUBLES)]
            one.store.lossy = pick.random() < 0.1
            before = dict(one.store.device)
            wanted = [(setting.name, *_values(setting, pick)) for setting in settings]
            done = await client.set_all(None, wanted, dangerous=True)
            assert isinstance(done.command, ChangeSettings)
            held = [_has(one.store, change.setting, change.texts) for change in done.command.changes]
            statuses[done.status] = statuses.get(done.status, 0) + 1
            if done.status is Status.APPLIED:
                assert all(held)
            if done.status is Status.REJECTED:
                assert one.store.device == before
            if failing is not None:
                # Only what cannot be read back cannot be taken back.
                assert done.status is Status.REJECTED or (done.status is Status.UNKNOWN and failing)
            elif not all(held):
                assert done.status is Status.ACCEPTED
            one.store.lossy = False
            if done.undo is not None:
                undone += 1
                assert (await client.execute(done.undo)).status in (Status.APPLIED, Status.ACCEPTED)
                assert one.store.device == before
    words = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items()))
    figure("Growatt settings", f"{family}: {count} random writes: {words}; {undone} undone; none misreported")
