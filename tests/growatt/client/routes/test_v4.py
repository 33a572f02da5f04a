"""The V4 route against the simulated cloud: reads, pace, refusals, writes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import (
    AuthenticationError,
    DeadlineExceeded,
    Error,
    LockedOut,
    NotSupported,
    OutOfBounds,
    ProtocolError,
    Refused,
    TransportError,
    Unreachable,
    UsageError,
)
from heliobus.growatt.client import AsyncClient, Client
from heliobus.growatt.models import Inverter
from heliobus.growatt.models.slots import Slot
from heliobus.growatt.models.v4 import NoahData, NoahInfo
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.growatt.simulator import v4 as simulated
from heliobus.simulation.clock import ManualClock
from heliobus.vendor import SimulationOptions
from tests.growatt.conftest import NOON, PLANT
from tests.growatt.replay import replay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

KINDS = {
    "mix": "sph",
    "tlx": "min",
    "spa": "spa",
    "storage": "storage",
    "inverter": "inv",
    "max": "max",
    "noah": "noah",
    "nexa": "noah",
    "wit": "wit",
    "sph-s": "sph-s",
}


class Cloud:
    def __init__(self, simulator: GrowattSimulator, clock: ManualClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.serial = simulator.serial
        self.state = simulated.state(simulator.cloud)
        self.told = simulator.announcement()

    @property
    def arguments(self) -> dict[str, Any]:
        server = f"{self.told['host']}:{self.told['port']}"
        return {"token": self.told["token"], "route": "v4", "server": server, "scheme": "http", "clock": self.clock}

    def client(self, **more: Any) -> AsyncClient:
        return AsyncClient(**{**self.arguments, **more})

    def asked(self, name: str) -> int:
        return self.simulator.requests.count(f"v4 {name}")


@asynccontextmanager
async def cloud(profile: str = "noah", *faults: str) -> AsyncIterator[Cloud]:
    clock = ManualClock(NOON)
    options = SimulationOptions(plant=PLANT, clock=clock, wire="v4", profile=profile, faults=faults)
    async with GrowattSimulator(options) as simulator:
        yield Cloud(simulator, clock)


@pytest.mark.parametrize("profile", KINDS)
async def test_every_kind_is_found_and_read(profile: str) -> None:
    async with cloud(profile) as there, there.client() as client:
        (device,) = await client.devices()
        snapshot = await client.read()
    truth = PLANT.at(NOON)
    assert device.id == there.serial
    assert snapshot.source == "growatt/v4"
    assert snapshot.device_time == NOON
    assert snapshot.pv.power == pytest.approx(truth.pv, abs=0.1)
    if profile not in ("inverter", "max"):
        assert snapshot.battery is not None
        if profile != "wit":
            assert snapshot.battery.power == pytest.approx(truth.battery, abs=0.06)
        assert snapshot.battery.soc == pytest.approx(truth.soc, abs=0.5)
    if profile not in ("inverter", "max", "noah", "nexa"):
        assert snapshot.grid.power == pytest.approx(truth.grid, abs=0.06)
        assert snapshot.load.power == pytest.approx(truth.load, abs=0.06)


async def test_a_noah_whole() -> None:
    async with cloud() as there, there.client() as client:
        snapshot = await client.read()
        there.clock.jump(300)
        data = await client.v4.last_of("noah", there.serial)
        info = await client.v4.info("noah", there.serial)
        assert await client.v4.wifi("noah", there.serial) == -46.0
        assert await client.v4.power("noah", there.serial) == 300.0
    (module,) = snapshot.batteries[0].modules
    assert (module.serial, module.soc) == ("SIMPACK0001", round(PLANT.at(NOON).soc))
    assert snapshot.system.state == "load first"
    assert isinstance(data, NoahData)
    assert isinstance(info, NoahInfo)
    assert (info.soc_high, info.soc_low, info.default_power) == (100.0, 10.0, 300.0)
    assert data.extra == info.extra == {}


async def test_the_same_again_is_refused_here_until_five_minutes_have_passed() -> None:
    async with cloud() as there:
        async with there.client() as client:
            await client.read()
        there.clock.jump(10)
        async with there.client() as restarted:
            with pytest.raises(LockedOut) as refusal:
                await restarted.read()
            assert refusal.value.until == NOON + timedelta(minutes=5)
            there.clock.jump(290)
            await restarted.read()
    assert there.asked("queryLastData") == 2
    assert there.state.pace.refused == 0


async def test_what_the_server_finds_too_early_waits_for_it(tmp_path: Path) -> None:
    async with cloud() as there, there.client() as client, there.client(state=tmp_path / "another machine") as other:
        await client.read()
        there.clock.jump(10)
        with pytest.raises(LockedOut, match="102") as refusal:
            await other.read()
        with pytest.raises(LockedOut):
            await other.read()
    assert refusal.value.until == there.clock.now() + timedelta(minutes=5)
    assert there.state.pace.refused == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("token-refused", AuthenticationError),
        ("no-permission", AuthenticationError),
        ("wrong-region", UsageError),
        ("system-error", TransportError),
        ("no-devices", UsageError),
        ("empty", TransportError),
        ("truncated", ProtocolError),
        ("maintenance", TransportError),
        ("gateway", TransportError),
        ("ua-blocked", LockedOut),
        ("waf", LockedOut),
        ("throttled", LockedOut),
    ],
)
async def test_what_goes_wrong_has_its_error(fault: str, kind: type[Error]) -> None:
    async with cloud("noah", fault) as there, there.client() as client:
        with pytest.raises(kind) as error:
            await client.read()
    assert error.value.remedy


@pytest.mark.parametrize("answer", [{"code": 2, "message": "TOKEN_IS_INVALID"}, b"<html>please log in</html>"])
async def test_a_refusal_is_said_again_and_not_asked_for(answer: Any) -> None:
    async with replay() as server, server.client(route="v4") as client:
        server.answer = answer
        for _ in range(3):
            with pytest.raises(AuthenticationError):
                await client.v4.last_of("min", "SN")
        assert len(server.asked) == 1


@pytest.mark.parametrize("fault", ["nul", "charset", "texts"])
async def test_what_can_be_read_in_spite_of_it_is(fault: str) -> None:
    async with cloud("mix", fault) as there, there.client() as client:
        snapshot = await client.read()
    assert snapshot.pv.power == pytest.approx(PLANT.at(NOON).pv, abs=0.1)


async def test_a_token_that_is_wrong_and_what_v4_does_not_have() -> None:
    async with cloud() as there:
        for _ in range(3):  # a program that is started again and again
            async with there.client(token="wrong") as client:
                with pytest.raises(AuthenticationError, match="token"):
                    await client.read()
        assert there.asked("queryDeviceList") == 1
        for wrong in ({"token": None}, {"plant": "7"}):
            with pytest.raises(UsageError):
                there.client(**wrong)
        async with there.client() as client:
            with pytest.raises(UsageError):
                _ = client.shine
            with pytest.raises(UsageError, match="no kind"):
                await client.v4.last("balloon", ["A"])
            with pytest.raises(NotSupported, match="says nothing"):
                await client.v4.last_of("noah", "FOREIGN")
            with pytest.raises(AuthenticationError):
                await client.v4.power("noah", "FOREIGN")
            with pytest.raises(NotSupported):
                await client._route.poll(Inverter(serial="A", family="pcs", name=None, plant_id=""), detail="live")


async def test_the_curve_of_a_day() -> None:
    async with cloud("mix") as there, there.client() as client:
        (device,) = await client.devices()
        inverter = Inverter(serial=device.id, family="mix", name=None, plant_id="")
        samples = await client._route.day(inverter, NOON.date())
        with pytest.raises(NotSupported):
            await client._route.spans(inverter, "day", NOON.date())
        several = await client.v4.curves("sph", [device.id], day=NOON.date())
    assert samples[-1].time == NOON
    assert {later.time - one.time for one, later in pairwise(samples)} == {timedelta(minutes=5)}
    truth = PLANT.at(samples[100].time)
    assert samples[100].pv == pytest.approx(truth.pv, abs=0.06)
    assert samples[100].charge_power == pytest.approx(max(-truth.battery, 0.0), abs=0.06)
    assert samples[100].load == pytest.approx(truth.load, abs=0.06)
    assert len(several.samples(lambda row: row)[device.id]) == len(samples)


# -- writes


async def test_a_noah_is_told_and_tells() -> None:
    async with cloud() as there, there.client() as client:
        serial, calls = there.serial, client.v4
        for write in (
            calls.set_power("noah", serial, 450),
            calls.set_soc_limits(serial, high=95),
            calls.set_soc_limits(serial, low=15),
            calls.set_segment(serial, 2, start=time(1, 5), end=time(23, 59), mode="battery", power=600),
            calls.set_grid_charge(serial, enabled=True),
            calls.assign_inverter(serial, "INV1"),
            calls.set_off_grid(serial, enabled=True, dangerous=True),
        ):
            await write
            there.clock.jump(5)
        info = await calls.info("noah", serial)
    assert (info["defaultPower"], info["chargingSocHighLimit"], info["chargingSocLowLimit"]) == (450.0, 95.0, 15.0)
    assert (info["time2Mode"], info["time2Start"], info["time2End"]) == (1, "01:05", "23:59")
    assert (info["time2Power"], info["time2Enable"], info["associatedInvSn"]) == (600.0, 1, "INV1")
    assert there.state.pace.refused == 0


async def test_writes_to_a_device_wait_for_their_turn() -> None:
    async with cloud() as there, there.client() as client:
        await client.v4.set_power("noah", there.serial, 450)
        there.clock.jump(1)

        async def again() -> None:
            await client.v4.set_grid_charge(there.serial, enabled=True)

        waiting = asyncio.create_task(again())
        await there.clock.until_asleep()
        assert there.asked("setGridCharge") == 0
        await there.clock.advance(4)
        await waiting
    assert [name for name, _ in there.state.written] == ["setPower", "setGridCharge"]
    assert there.state.pace.refused == 0


async def test_what_does_not_fit_or_is_dangerous_is_not_sent() -> None:
    async with cloud("mix") as there, there.client() as client:
        serial, calls = there.serial, client.v4
        for wrong, kind in (
            (calls.set_power("sph", serial, 101, dangerous=True), OutOfBounds),
            (calls.set_power("sph", serial, 50), Refused),
            (calls.set_on("sph", serial, on=False), Refused),
            (calls.set_on("noah", serial, on=False, dangerous=True), NotSupported),
            (calls.set_soc_limits(serial), UsageError),
            (calls.set_soc_limits(serial, high=90, low=101), OutOfBounds),
            (calls.set_segment(serial, 10, start=time(1), end=time(2), mode=0, power=1), NotSupported),
            (calls.set_segment(serial, 1, start=time(2), end=time(1), mode=0, power=1), UsageError),
            (calls.write("sph", serial, "set_param_2", 0), Refused),
            (calls.write("sph", serial, "set_param_22", 69), OutOfBounds),
            (calls.write("inv", serial, "set_param_22", 90), NotSupported),
            (calls.parameter("sph", serial, "set_param_35"), NotSupported),
        ):
            with pytest.raises(kind):
                await wrong
        inverter = Inverter(serial=serial, family="mix", name=None, plant_id="")
        with pytest.raises(NotSupported):
            await client._route.write(inverter, "mix_ac_charge_time_period", ["1"])
    assert there.simulator.requests == []


async def test_a_hybrids_parameters_are_told_and_read_back() -> None:
    slots = [Slot(start=0, end=300, percentage=95), Slot(start=301, end=720, percentage=-60)]
    async with cloud("mix") as there, there.client() as client:
        serial, calls = there.serial, client.v4
        inverter = Inverter(serial=serial, family="mix", name=None, plant_id="")
        await client._route.write(inverter, "set_param_22", ["90"])
        there.clock.jump(5)
        await calls.write("sph", serial, "set_param_30", 56.4, dangerous=True)
        there.clock.jump(5)
        await calls.set_slots("sph", serial, slots)
        there.clock.jump(5)
        assert await calls.parameter("sph", serial, "set_param_22") == 90
        assert await calls.parameter("sph", serial, "set_param_30") == 56.4
        assert await calls.slots("sph", serial) == tuple(slots)
        await calls.remove_slots("sph", serial)
        there.clock.jump(5)
        assert await calls.slots("sph", serial) == ()
        assert "activeRate" in await client._route.settings(inverter)


async def test_a_battery_obeys_the_remote_power() -> None:
    async with cloud("mix") as there, there.client() as client:
        await client.v4.write("sph", there.serial, "set_param_26", 60)
        there.clock.jump(5)
        await client.v4.write("sph", there.serial, "set_param_27", -50)
        there.clock.jump(60)
        snapshot = await client.read()
        there.clock.jump(3600)
        later = await client.read()
    assert snapshot.battery is not None
    assert later.battery is not None
    assert snapshot.battery.power == pytest.approx(PLANT.house.max_discharge / 2, rel=0.01)
    assert later.battery.power == pytest.approx(there.simulator.plant.at(there.clock.now()).battery, abs=0.1)


@pytest.mark.parametrize(
    ("fault", "kind"), [("offline", Unreachable), ("refuses-settings", Refused), ("device-silent", DeadlineExceeded)]
)
async def test_a_write_that_fails(fault: str, kind: type[Error]) -> None:
    async with cloud("noah", fault) as there, there.client() as client:
        with pytest.raises(kind):
            await client.v4.set_power("noah", there.serial, 450)
    arrived = {"device-silent": 450}.get(fault, 300)
    assert there.state.info["defaultPower"] == arrived


async def test_the_device_refuses_what_goes_past_the_table() -> None:
    async with cloud() as there, there.client() as client:
        with pytest.raises(Refused, match="PARAMETER_SETTING_FAILED, 6"):
            await client.query("setPower", deviceSn=there.serial, deviceType="noah", value="9999")


async def test_the_blocking_twin_reads_the_same() -> None:
    async with cloud() as there:
        async with there.client() as client:
            wanted = await client.read()
        there.clock.jump(300)

        def block() -> Any:
            with Client(**there.arguments) as blocking:
                return blocking.read(), blocking.v4.info("noah", there.serial)

        found, info = await asyncio.to_thread(block)
    assert found.source == wanted.source
    assert info["defaultPower"] == 300.0


async def test_the_token_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with cloud("noah", "token-refused") as there, there.client() as client:
        with pytest.raises(AuthenticationError) as error:
            await client.read()
        assert there.told["token"] not in f"{error.value}{error.value.remedy}{client!r}{caplog.text}"
