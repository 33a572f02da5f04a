"""The OAuth route against the simulated cloud: grants, telemetry, binding, dispatch."""

from __future__ import annotations

import asyncio
import stat
from contextlib import asynccontextmanager
from datetime import timedelta
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
from heliobus.growatt.simulator import GrowattSimulator
from heliobus.growatt.simulator import oauth as simulated
from heliobus.simulation.clock import ManualClock
from heliobus.transport.private import PrivateFile
from heliobus.vendor import SimulationOptions
from tests.growatt.conftest import NOON, PLANT
from tests.growatt.replay import replay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WEEK = simulated.ACCESS.total_seconds()
MONTH = simulated.REFRESH.total_seconds()
SLOTS = [Slot(start=960, end=1080, percentage=80), Slot(start=1140, end=1260, percentage=-80)]


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
        own = {"client_id": self.state.client_id, "client_secret": self.state.client_secret}
        return {**own, "route": "oauth", "server": server, "scheme": "http", "clock": self.clock}

    def client(self, **more: Any) -> AsyncClient:
        return AsyncClient(**{**self.arguments, **more})

    async def read(self, **more: Any) -> Any:
        """One reading by a program that has just been started."""
        async with self.client(**more) as client:
            return await client.read()


@asynccontextmanager
async def cloud(*faults: str, profile: str = "tlx") -> AsyncIterator[Cloud]:
    clock = ManualClock(NOON)
    options = SimulationOptions(plant=PLANT, clock=clock, wire="oauth", profile=profile, faults=faults)
    async with GrowattSimulator(options) as simulator:
        yield Cloud(simulator, clock)


async def test_an_application_reads_its_device() -> None:
    async with cloud() as there:
        snapshot = await there.read()
        truth = PLANT.at(NOON)
    assert snapshot.source == "growatt/oauth"
    assert snapshot.device_time == NOON
    assert snapshot.grid.power == pytest.approx(truth.grid, abs=0.06)
    assert snapshot.battery.power == pytest.approx(truth.battery, abs=0.06)
    assert snapshot.battery.current == pytest.approx(truth.battery_current, abs=0.06)
    assert snapshot.load.power == pytest.approx(truth.load, abs=0.06)
    assert there.state.grants == ["client_credentials"]


# -- grants


async def test_a_token_lasts_for_restarts_and_is_renewed_when_it_ends(sessions: Path) -> None:
    async with cloud() as there:
        for _ in range(3):
            await there.read()
            there.clock.jump(60)
        assert there.state.grants == ["client_credentials"]
        there.clock.jump(WEEK)
        await there.read()
        assert there.state.grants == ["client_credentials"] * 2
    (kept,) = (sessions / "growatt").glob("*.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


async def test_a_token_that_dies_is_renewed_once_and_unseen() -> None:
    async with cloud() as there, there.client() as client:
        await client.read()
        there.clock.jump(60)
        there.state.expire()
        await client.read()
        assert there.state.grants == ["client_credentials"] * 2
        there.clock.jump(60)
        there.simulator.faults = ["token-refused"]
        with pytest.raises(AuthenticationError):
            await client.read()
        asked = len(there.simulator.requests)
        with pytest.raises(AuthenticationError):
            await client.read()
        assert len(there.simulator.requests) == asked, "a refused secret is not tried again"


async def test_a_new_token_that_is_refused_too_is_not_exchanged_at_once() -> None:
    async with replay() as server:
        server.answers = {"token": {"access_token": "A", "expires_in": 604_800}}
        server.answer = {"code": 2, "message": "TOKEN_IS_INVALID"}
        access = {"token": None, "client_id": "id", "client_secret": "secret", "route": "oauth"}
        async with server.client(**access) as client:
            with pytest.raises(AuthenticationError):
                await client.read()
            with pytest.raises(LockedOut):
                await client.read()
        names = [asked.name for asked in server.asked]
    assert names == ["token", "getDeviceListAuthed"] * 2


async def test_an_owners_code_is_exchanged_and_its_tokens_rotate(sessions: Path) -> None:
    async with cloud() as there:
        async with there.client() as client:
            await client.oauth.authorise(simulated.CODE, redirect_uri=simulated.REDIRECT)
            await client.read()
            there.clock.jump(60)
            assert [one.serial for one in await client.oauth.candidates()] == [there.serial]
        for _ in range(8):  # longer than the first refresh token lasts
            there.clock.jump(WEEK)
            await there.read()
        assert there.state.grants == ["authorization_code", *["refresh_token"] * 8]
        (kept,) = (sessions / "growatt").glob("*.json")
        assert (await PrivateFile(kept).load())["refresh_token"] in there.state.refresh
        there.clock.jump(60)
        there.state.revoke()
        with pytest.raises(AuthenticationError, match="leave has ended") as error:
            await there.read()
        assert "authorise" in error.value.remedy
        assert there.state.grants.count("client_credentials") == 0, "an owner's leave is not replaced by our own"


async def test_leave_that_was_not_used_for_a_month_has_ended() -> None:
    async with cloud() as there:
        async with there.client() as client:
            await client.oauth.authorise(simulated.CODE, redirect_uri=simulated.REDIRECT)
        there.clock.jump(MONTH)
        with pytest.raises(AuthenticationError, match="leave has ended"):
            await there.read()
    assert there.state.grants == ["authorization_code"]


async def test_a_code_works_once() -> None:
    async with cloud() as there, there.client() as client:
        await client.oauth.authorise(simulated.CODE, redirect_uri=simulated.REDIRECT)
        with pytest.raises(AuthenticationError):
            await client.oauth.authorise(simulated.CODE, redirect_uri=simulated.REDIRECT)
        await client.read()


async def test_two_programs_share_one_token_and_one_refresh() -> None:
    async with cloud() as there:
        async with there.client() as client:
            await client.oauth.authorise(simulated.CODE, redirect_uri=simulated.REDIRECT)
        there.clock.jump(WEEK)
        async with there.client() as one, there.client() as other:
            await asyncio.gather(one.oauth.devices(), other.oauth.info(there.serial))
    assert there.state.grants == ["authorization_code", "refresh_token"]


async def test_a_wrong_secret_is_not_tried_again_and_again() -> None:
    async with cloud() as there:
        for _ in range(5):
            with pytest.raises(AuthenticationError):
                await there.read(client_secret="wrong")
    assert there.simulator.requests == ["oauth client_credentials"]


async def test_a_ready_token_is_used_as_it_is() -> None:
    async with cloud() as there:
        own = {"client_id": None, "client_secret": None}
        snapshot = await there.read(**own, token=there.told["token"])
        assert snapshot.source == "growatt/oauth"
        with pytest.raises(AuthenticationError):
            await there.read(**own, token="wrong")
        async with there.client(**own, token="t") as client:
            with pytest.raises(UsageError):
                await client.oauth.authorise("code", redirect_uri="x")
        for wrong in (own, {"plant": "7"}):
            with pytest.raises(UsageError):
                there.client(**wrong)
    assert there.state.grants == []


async def test_secrets_are_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with cloud() as there, there.client() as client:
        await client.read()
        there.state.expire()
        there.clock.jump(60)
        await client.read()
        shown = caplog.text + repr(client)
    assert not [secret for secret in (there.state.client_secret, *there.state.access) if secret in shown]


# -- pace


async def test_telemetry_once_a_minute() -> None:
    async with cloud() as there, there.client() as client:
        await client.read()
        there.clock.jump(30)
        with pytest.raises(LockedOut) as refusal:
            await client.read()
        assert refusal.value.until == NOON + timedelta(seconds=60)
        there.clock.jump(30)
        await client.read()
    assert there.state.pace.refused == 0


async def test_what_the_server_finds_too_early_waits_for_as_long_as_it_says(tmp_path: Path) -> None:
    async with cloud() as there:
        await there.read()
        there.clock.jump(20)
        async with there.client(state=tmp_path / "another machine") as other:
            with pytest.raises(LockedOut, match="retry after 40000ms") as refusal:
                await other.oauth.telemetry(there.serial)
    assert refusal.value.until == NOON + timedelta(seconds=60)


# -- what goes wrong


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("no-permission", AuthenticationError),
        ("token-refused", AuthenticationError),
        ("system-error", TransportError),
        ("no-devices", UsageError),
        ("empty", TransportError),
        ("truncated", ProtocolError),
        ("maintenance", TransportError),
        ("gateway", TransportError),
        ("throttled", LockedOut),
    ],
)
async def test_what_goes_wrong_has_its_error(fault: str, kind: type[Error]) -> None:
    async with cloud(fault) as there:
        with pytest.raises(kind) as error:
            await there.read()
    assert error.value.remedy


# -- devices


async def test_devices_are_bound_and_given_back() -> None:
    async with cloud() as there, there.client() as client:
        await client.oauth.unbind([there.serial])
        with pytest.raises(AuthenticationError, match=there.serial):
            await client.oauth.telemetry(there.serial)
        with pytest.raises(AuthenticationError):
            await client.oauth.bind({there.serial: "wrong"})
        await client.oauth.bind({there.serial: there.state.pin})
        with pytest.raises(Refused, match="ALREADY_EXISTS"):
            await client.oauth.bind({there.serial: there.state.pin})
        there.clock.jump(60)
        info = await client.oauth.info(there.serial)
        with pytest.raises(NotSupported, match="WRONG_GRANT_TYPE"):
            await client.oauth.candidates()
        for wrong in (client.oauth.bind({}), client.oauth.unbind([])):
            with pytest.raises(UsageError):
                await wrong
    assert (info.serial, info.kind, info.is_authorised, info.extra) == (there.serial, "min", True, {})
    assert info.batteries[0].capacity == PLANT.house.battery_capacity


# -- history


async def test_the_past() -> None:
    async with cloud() as there, there.client() as client:
        inverter = Inverter(serial=there.serial, family="tlx", name=None, plant_id="")
        samples = await client._route.day(inverter, NOON.date())
        days = await client._route.spans(inverter, "day", NOON.date())
        with pytest.raises(NotSupported):
            await client._route.spans(inverter, "month", NOON.date())
        there.clock.jump(60)
        with pytest.raises(UsageError):
            await client.oauth.energies(there.serial, day=NOON.date(), level="Year")
    assert {later.time - one.time for one, later in pairwise(samples)} == {timedelta(minutes=5)}
    truth = PLANT.at(samples[100].time)
    assert samples[100].import_power == pytest.approx(max(truth.grid, 0.0), abs=0.06)
    assert samples[100].discharge_power == pytest.approx(max(truth.battery, 0.0), abs=0.06)
    assert [span.start.day for span in days] == list(range(1, 21))
    assert days[9].pv is not None


# -- dispatch


async def test_every_kind_of_set_is_dispatched_and_read_back() -> None:
    wanted: dict[str, Any] = {
        "time_slot_charge_discharge": SLOTS,
        "duration_and_power_charge_discharge": {"duration": 10, "percentage": 20, "type": "selfConsumptionCommand"},
        "export_limit": {"exportLimitEnabled": True, "percentage": 20},
        "enable_control": True,
        "active_power_derating_percentage": 90,
        "active_power_percentage": 80,
        "remote_charge_discharge_power": 0,
    }
    async with cloud() as there, there.client() as client:
        for name, value in wanted.items():
            sent = await client.oauth.dispatch(there.serial, name, value, dangerous=True)
            assert await client.oauth.holds(there.serial, sent)
            assert len(sent.request_id) == 32
            there.clock.jump(5)
        assert set(there.state.told) == set(wanted)
        there.state.told["enable_control"] = 0
        sent = await client.oauth.dispatch(there.serial, "enable_control", 1)
        there.state.told["enable_control"] = 0
        assert not await client.oauth.holds(there.serial, sent)
        assert len(there.state.ids) == len(wanted) + 1


async def test_a_battery_obeys_for_as_long_as_it_is_told() -> None:
    async with cloud() as there, there.client() as client:
        value = {"duration": 10, "percentage": 50, "type": "dischargeCommand"}
        await client.oauth.dispatch(there.serial, "duration_and_power_charge_discharge", value)
        there.clock.jump(60)
        snapshot = await client.read()
    assert snapshot.battery is not None
    assert snapshot.battery.power == pytest.approx(PLANT.house.max_discharge / 2, rel=0.01)


async def test_what_does_not_fit_or_is_dangerous_is_not_sent() -> None:
    async with cloud() as there, there.client() as client:
        for name, value, kind in (
            ("remote_charge_discharge_power", 101, OutOfBounds),
            ("export_limit", {"exportLimitEnabled": 1, "percentage": 20}, Refused),
            ("anything", 1, NotSupported),
        ):
            with pytest.raises(kind):
                await client.oauth.dispatch(there.serial, name, value)
    assert there.simulator.requests == []


async def test_dispatches_of_one_device_wait_for_their_turn() -> None:
    async with cloud() as there, there.client() as client:
        await client.oauth.dispatch(there.serial, "enable_control", 1)
        waiting = asyncio.create_task(client.oauth.dispatch(there.serial, "remote_charge_discharge_power", 50))
        await there.clock.until_asleep()
        assert set(there.state.told) == {"enable_control"}
        await there.clock.advance(5)
        await waiting
    assert there.state.pace.refused == 0


@pytest.mark.parametrize(
    ("fault", "kind"), [("offline", Unreachable), ("refuses-settings", Refused), ("device-silent", DeadlineExceeded)]
)
async def test_a_dispatch_that_fails(fault: str, kind: type[Error]) -> None:
    async with cloud(fault) as there, there.client() as client:
        with pytest.raises(kind):
            await client.oauth.dispatch(there.serial, "enable_control", 1)
    assert there.state.told == ({"enable_control": 1} if fault == "device-silent" else {})


async def test_the_route_writes_json_and_reads_all() -> None:
    async with cloud() as there, there.client() as client:
        inverter = Inverter(serial=there.serial, family="tlx", name=None, plant_id="")
        await client._route.write(inverter, "remote_charge_discharge_power", ["-20"])
        for wrong in (["{"], ["1", "2"], []):
            with pytest.raises(UsageError):
                await client._route.write(inverter, "enable_control", wrong)
        asking = asyncio.create_task(client._route.settings(inverter))
        for _ in range(6):
            await there.clock.until_asleep()
            await there.clock.advance(5)
        found = await asking
    assert found["remote_charge_discharge_power"] == -20
    assert found["time_slot_charge_discharge"] == []


async def test_the_blocking_twin_reads_the_same() -> None:
    async with cloud() as there:
        wanted = await there.read()
        there.clock.jump(60)

        def block() -> Any:
            with Client(**there.arguments) as client:
                return client.read(), client.oauth.info(there.serial)

        found, info = await asyncio.to_thread(block)
    assert found.source == wanted.source
    assert info.serial == there.serial
