"""Every local write over real sockets: planned, carried out, read back, taken back, refused, and gone wrong."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heliobus.errors import AuthenticationError, Error, NotSupported, OutOfBounds, Refused, TransportError, UsageError
from heliobus.model.command import Auto, Charge, Command, SetSwitch, Status, WallboxLimit
from heliobus.senec import AsyncClient, Client, control
from heliobus.senec.control import (
    Reboot,
    Restore,
    SocketMode,
    SocketSettings,
    StorageMode,
    WallboxMode,
    WallboxSettings,
)
from heliobus.senec.simulator import SenecSimulator
from heliobus.senec.simulator.appliance import AWAY, DOWN, OVERWRITES, TEST
from heliobus.senec.simulator.login import USERS
from heliobus.simulation.plant import House, Plant
from heliobus.transport.blocking import run
from heliobus.url import Secret
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
STORE = StorageMode(on=True, dangerous=True)
EVERY: dict[Command, dict[str, Any]] = {
    Charge(): {"ENERGY.SAFE_CHARGE_RUNNING": 1},
    STORE: {"ENERGY.LI_STORAGE_MODE_RUNNING": 1},
    SetSwitch(id="1", on=True): {"SOCKETS.ENABLE.0": 1, "SOCKETS.FORCE_ON.0": 1, "SOCKETS.POWER_ON.0": 1},
    SetSwitch(id="2", on=False): {"SOCKETS.ENABLE.1": 0, "SOCKETS.FORCE_ON.1": 0},
    SocketSettings(id="2", mode=SocketMode.AUTOMATIC, upper_limit=3000, lower_limit=100): {
        "SOCKETS.ENABLE.1": 1,
        "SOCKETS.FORCE_ON.1": 0,
        "SOCKETS.UPPER_LIMIT.1": 3000,
        "SOCKETS.LOWER_LIMIT.1": 100,
    },
    SocketSettings(id="1", start=time(17, 45), surplus_minutes=5, minutes_on=90): {
        "SOCKETS.USE_TIME.0": 1,
        "SOCKETS.SWITCH_ON_HOUR.0": 17,
        "SOCKETS.SWITCH_ON_MINUTE.0": 45,
        "SOCKETS.POWER_ON_TIME.0": 5,
        "SOCKETS.TIME_LIMIT.0": 90,
    },
    WallboxLimit(id="1", current=0): {
        "WALLBOX.PROHIBIT_USAGE.0": 1,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 3,
        "WALLBOX.STATE.0": 0xC1,
    },
    WallboxLimit(id="1", current=10.5): {
        "WALLBOX.PROHIBIT_USAGE.0": 0,
        "WALLBOX.SET_ICMAX.0": 10.5,
        "WALLBOX.MIN_CHARGING_CURRENT.0": 10.5,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 3,
    },
    WallboxSettings(id="1", mode=WallboxMode.LOCKED): {
        "WALLBOX.PROHIBIT_USAGE.0": 1,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 0,
        "WALLBOX.STATE.0": 0xC1,
    },
    WallboxSettings(id="1", mode=WallboxMode.SOLAR_INTERRUPTED): {
        "WALLBOX.PROHIBIT_USAGE.0": 0,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 4,
    },
    WallboxSettings(id="1", mode=WallboxMode.FAST, allow_intercharge=True): {
        "WALLBOX.PROHIBIT_USAGE.0": 0,
        "WALLBOX.SMART_CHARGE_ACTIVE.0": 0,
        "WALLBOX.ALLOW_INTERCHARGE": 1,
    },
    WallboxSettings(id="1", max_current=15, min_current=7, default_current=8): {
        "WALLBOX.SET_ICMAX.0": 15,
        "WALLBOX.MIN_CHARGING_CURRENT.0": 7,
        "WALLBOX.SET_IDEFAULT.0": 8,
    },
}
"""The commands that can be read back, and what the appliance then holds; it is a V2.1 with a wallbox set to solar."""
every_command = pytest.mark.parametrize("command", EVERY, ids=repr)


class SkippingClock:
    """A wait is over at once, and its time has passed."""

    def __init__(self) -> None:
        self.gone = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.gone)

    def monotonic(self) -> float:
        return self.gone

    async def sleep(self, seconds: float) -> None:
        self.gone += seconds


@dataclass
class Bench:
    clock: SkippingClock
    simulator: SenecSimulator
    client: AsyncClient

    async def state(self) -> dict[str, Any]:
        """All that writes may touch, by path."""
        answer = await self.client.query({"ENERGY": {}, "SOCKETS": {}, "WALLBOX": {}})
        words: dict[str, Any] = {}
        for section, values in answer.items():
            for name, value in values.items():
                path = f"{section}.{name}"
                if isinstance(value, list):
                    words |= {f"{path}.{place}": item for place, item in enumerate(value)}
                else:
                    words[path] = value
        return words

    async def settled(self) -> dict[str, Any]:
        """The same when no order is on its way, without what flows."""
        await self.clock.sleep((TEST + timedelta(seconds=30)).total_seconds())
        words = await self.state()
        return {path: value for path, value in words.items() if not path.startswith(("ENERGY.GUI", "ENERGY.STAT"))}


class Start(Protocol):
    async def __call__(self, *, profile: str = "v2.1", faults: tuple[str, ...] = ()) -> Bench: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as running:

        async def starting(*, profile: str = "v2.1", faults: tuple[str, ...] = ()) -> Bench:
            return await running.enter_async_context(_Bench(profile, faults))

        yield starting


class _Bench:
    def __init__(self, profile: str, faults: tuple[str, ...] = ()) -> None:
        self._profile, self._faults = profile, faults
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Bench:
        clock = SkippingClock()
        house = replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC), wallbox=None)
        options = SimulationOptions(plant=Plant(7, house=house), clock=clock, profile=self._profile)
        simulator = await self._running.enter_async_context(SenecSimulator(options))
        told = simulator.announcement()
        client = AsyncClient(told["host"], port=told["port"], scheme="http", clock=clock)
        await self._running.enter_async_context(client)
        await client.identify()
        simulator.faults = self._faults
        return Bench(clock, simulator, client)

    async def __aexit__(self, *_exception: object) -> None:
        await self._running.aclose()


# -- every command


@every_command
async def test_a_write_is_planned_done_seen_and_taken_back(start: Start, command: Command) -> None:
    bench = await start()
    original = await bench.settled()
    asked = bench.simulator.requests
    plan = await bench.client.execute(command, dry_run=True)
    assert plan.status is Status.PLANNED
    assert bench.simulator.requests == asked

    done = await bench.client.execute(command)
    assert done.status is Status.APPLIED
    assert done.requested == plan.requested
    wanted = {path: value for path, value in EVERY[command].items() if original[path] != value}
    if not wanted:
        assert done.sent == ()
        return
    assert done.sent == plan.sent
    state = await bench.settled()
    assert {path: state[path] for path in EVERY[command]} == EVERY[command]
    assert {path for path in state if state[path] != original[path]} == wanted.keys()
    assert all(done.before[path] == original[path] for path in done.requested)

    again = await bench.client.execute(command)
    assert (again.status, again.sent) == (Status.APPLIED, ())

    assert done.undo is not None
    undone = await bench.client.execute(done.undo)
    assert undone.status is Status.APPLIED
    assert await bench.settled() == original


@every_command
async def test_a_dry_run_needs_no_appliance(command: Command) -> None:
    client = AsyncClient("192.0.2.1")
    plan = await client.execute(command, device="whoever", dry_run=True)
    assert plan.status is Status.PLANNED
    assert len(plan.sent) == 1
    assert plan.before == plan.read_back == {}


async def test_an_automatic_socket_comes_back_after_a_switch(start: Start) -> None:
    bench = await start()
    await bench.client.set_socket("1", mode="automatic", upper_limit=20_000)
    on = await bench.client.execute(SetSwitch(id="1", on=True))
    assert on.undo == Restore(values={"SOCKETS.ENABLE.0": 1, "SOCKETS.FORCE_ON.0": 0})
    assert (await bench.client.read(detail="full")).switches[0].on
    off = await bench.client.execute(SetSwitch(id="1", on=False))
    assert off.undo == SetSwitch(id="1", on=True)
    await bench.client.execute(on.undo)
    assert (await bench.state())["SOCKETS.ENABLE.0"] == 1


async def test_a_limit_before_another_is_its_undo(start: Start) -> None:
    bench = await start()
    await bench.client.execute(WallboxLimit(id="1", current=8))
    assert (await bench.client.execute(WallboxLimit(id="1", current=9))).undo == WallboxLimit(id="1", current=8)


async def test_what_nobody_writes_is_not_restored(start: Start) -> None:
    """Somebody else set a mode that heliobus does not know."""
    bench = await start()
    bench.simulator._appliance.settings["WALLBOX", "SMART_CHARGE_ACTIVE"] = ["u8_02", "u8_00", "u8_00", "u8_00"]
    outcome = await bench.client.set_wallbox("1", mode="fast")
    assert (outcome.status, outcome.undo) == (Status.APPLIED, None)


async def test_the_wallbox_says_that_the_cloud_overwrites(start: Start) -> None:
    bench = await start(faults=("cloud-overwrites",))
    outcome = await bench.client.execute(WallboxLimit(id="1", current=7))
    assert outcome.status is Status.APPLIED
    assert outcome.note == control.OVERWRITTEN
    await bench.clock.sleep(OVERWRITES.total_seconds())
    assert (await bench.state())["WALLBOX.SET_ICMAX.0"] == 16


# -- refused before any byte

REFUSED: dict[Command, type[Error]] = {
    WallboxLimit(id="1", current=5.9): OutOfBounds,
    WallboxLimit(id="1", current=32.1): OutOfBounds,
    WallboxLimit(id="1", current=-1): OutOfBounds,
    WallboxLimit(id="1", current=float("nan")): OutOfBounds,
    WallboxLimit(id="5", current=6): UsageError,
    WallboxLimit(id="0", current=6): UsageError,
    SetSwitch(id="3", on=True): UsageError,
    SetSwitch(id="wallbox-1", on=True): UsageError,
    WallboxSettings(id="1", max_current=0): OutOfBounds,
    WallboxSettings(id="1", min_current=33): OutOfBounds,
    WallboxSettings(id="1", default_current=float("inf")): OutOfBounds,
    WallboxSettings(id="1"): UsageError,
    WallboxSettings(id="1", mode="turbo"): UsageError,
    SocketSettings(id="1"): UsageError,
    SocketSettings(id="1", upper_limit=-1): OutOfBounds,
    SocketSettings(id="1", upper_limit=20_001): OutOfBounds,
    SocketSettings(id="1", upper_limit=0.5): OutOfBounds,
    SocketSettings(id="1", minutes_on=1441): OutOfBounds,
    SocketSettings(id="1", mode="sometimes"): UsageError,
    StorageMode(on=True): Refused,
    StorageMode(on=False): Refused,
}


@pytest.mark.parametrize(("command", "error"), REFUSED.items(), ids=repr)
@pytest.mark.parametrize("dry_run", [True, False])
async def test_what_is_out_of_bounds_is_refused_before_any_byte(
    start: Start, command: Command, error: type[Error], dry_run: bool
) -> None:
    bench = await start()
    asked = bench.simulator.requests
    with pytest.raises(error):
        await bench.client.execute(command, dry_run=dry_run)
    assert bench.simulator.requests == asked


@pytest.mark.parametrize(
    "values",
    [
        {"SYS_UPDATE.USER_REBOOT_DEVICE": 1},
        {"ENERGY.LI_STORAGE_MODE_START": 1},
        {"LOG.LOG_OUT_BUTT": 1},
        {"BAT1.SPARE_CAPACITY": 10},
        {"SOCKETS.ENABLE": 1},
        {"SOCKETS.ENABLE.2": 1},
        {"WALLBOX.ALLOW_INTERCHARGE.0": 1},
        {"SOCKETS.ENABLE.0": 2},
        {"SOCKETS.ENABLE.0": True},
        {"SOCKETS.POWER_ON.0": 1},
    ],
    ids=repr,
)
async def test_restoring_is_no_way_around(start: Start, values: dict[str, float]) -> None:
    bench = await start()
    asked = bench.simulator.requests
    with pytest.raises(Refused):
        await bench.client.execute(Restore(values=values))
    assert bench.simulator.requests == asked


# -- refused by what the appliance is


async def test_what_is_not_there_is_not_written(start: Start) -> None:
    bench = await start(profile="0826")
    for command in (WallboxLimit(id="1", current=10), WallboxSettings(id="1", mode="fast")):
        with pytest.raises(NotSupported, match="of no wallbox 1"):
            await bench.client.execute(command)
    await bench.client.read()
    with pytest.raises(NotSupported, match="WallboxLimit"):
        await bench.client.execute(WallboxLimit(id="1", current=10), dry_run=True)


async def test_a_box_takes_no_more_than_it_is_rated_for(start: Start) -> None:
    bench = await start()
    for command in (WallboxLimit(id="1", current=17), WallboxSettings(id="1", max_current=16.2)):
        with pytest.raises(OutOfBounds, match="rated for 16 A"):
            await bench.client.execute(command)
    assert (await bench.client.set_wallbox("1", max_current=16.02)).status is Status.APPLIED
    with pytest.raises(OutOfBounds, match="at least 12 A and at most 10 A"):
        await bench.client.set_wallbox("1", max_current=10, min_current=12)
    await bench.client.set_wallbox("1", max_current=10)
    with pytest.raises(OutOfBounds, match="at least 11 A and at most 10 A"):
        await bench.client.set_wallbox("1", min_current=11)


async def test_nothing_charges_in_the_storage_mode(start: Start) -> None:
    bench = await start()
    await bench.client.storage_mode(on=True, dangerous=True)
    with pytest.raises(Refused, match="storage mode"):
        await bench.client.execute(Charge())
    assert (await bench.client.execute(Auto())).status is Status.APPLIED


async def test_another_device_gets_nothing(start: Start) -> None:
    bench = await start()
    serial = bench.simulator.announcement()["serial"]
    asked = bench.simulator.requests
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="4711"):
            await bench.client.execute(SetSwitch(id="1", on=True), device="4711", dry_run=dry_run)
    assert bench.simulator.requests == asked
    assert (await bench.client.execute(SetSwitch(id="1", on=True), device=serial)).status is Status.APPLIED


# -- not too often


async def test_wallboxes_are_not_changed_too_often(start: Start) -> None:
    bench = await start()
    for current in (6, 7, 8, 9, 10, 11):
        await bench.client.execute(WallboxLimit(id="1", current=current))
    asked = bench.simulator.requests
    with pytest.raises(Refused, match="at most 6 within 600 s"):
        await bench.client.set_wallbox("1", mode="locked")
    assert bench.simulator.requests == asked
    assert (await bench.client.set_socket("1", mode="on")).status is Status.APPLIED
    await bench.clock.sleep(control.PACES["wallbox"].seconds)
    assert (await bench.client.set_wallbox("1", mode="locked")).status is Status.APPLIED


async def test_a_reboot_is_accepted_once_in_five_minutes(start: Start) -> None:
    bench = await start()
    assert (await bench.client.reboot(dry_run=True)).requested == {"SYS_UPDATE.USER_REBOOT_DEVICE": 1}
    outcome = await bench.client.reboot()
    assert (outcome.status, outcome.undo, outcome.read_back) == (Status.ACCEPTED, None, {})
    asked = bench.simulator.requests
    for _ in range(2):
        with pytest.raises(Refused, match="five minutes"):
            await bench.client.execute(Reboot())
    assert bench.simulator.requests == asked
    await bench.clock.sleep(DOWN.total_seconds())
    with pytest.raises(TransportError):
        await bench.client.read()
    await bench.clock.sleep(AWAY.total_seconds())
    await bench.client.read()
    assert (await bench.client.reboot()).status is Status.ACCEPTED


# -- gone wrong

CHANGES = [Charge(), STORE, SetSwitch(id="1", on=True), WallboxLimit(id="1", current=9), Reboot()]
every_change = pytest.mark.parametrize("command", CHANGES, ids=repr)


@every_change
@pytest.mark.parametrize("word", ["FORBIDDEN", "MALFORMED_VALUE"])
async def test_a_word_for_an_echo_is_a_rejection(start: Start, command: Command, word: str) -> None:
    bench = await start(faults=("write-" + word.partition("_")[0].lower(),))
    outcome = await bench.client.execute(command)
    assert (outcome.status, outcome.undo, outcome.note) == (Status.REJECTED, None, f"the appliance answered {word}")


@every_change
async def test_a_write_that_is_lost_is_unknown_and_not_sent_again(start: Start, command: Command) -> None:
    bench = await start()
    before = await bench.settled()
    asked = bench.simulator.requests
    bench.simulator.faults = ("write-lost",)
    outcome = await bench.client.execute(command)
    assert outcome.status is Status.UNKNOWN
    reads = 1 if isinstance(command, Reboot) else 1 + control.LAG.total_seconds()
    assert bench.simulator.requests == asked + reads + 1
    assert await bench.settled() == before


@every_change
async def test_a_write_that_is_obeyed_silently_is_seen(start: Start, command: Command) -> None:
    bench = await start(faults=("write-unanswered",))
    outcome = await bench.client.execute(command)
    assert outcome.status is (Status.UNKNOWN if isinstance(command, Reboot) else Status.APPLIED)


@every_change
async def test_a_reboot_in_between_leaves_it_unknown(start: Start, command: Command) -> None:
    bench = await start(faults=("write-reboots",))
    outcome = await bench.client.execute(command)
    assert (outcome.status, outcome.read_back) == (Status.UNKNOWN, {})


# -- the local login


async def test_a_login_opens_and_is_always_ended(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = await start(profile="0826")
    secret = USERS["fitter"].password
    assert await bench.client.log_in("fitter", password=Secret(secret)) == 2
    answer = await bench.client.query({"ENERGY": {"GUI_CAP_TEST_START": ""}})
    assert answer["ENERGY"]["GUI_CAP_TEST_START"] == 0
    with pytest.raises(Refused):
        await bench.client.query({"ENERGY": {"GUI_CAP_TEST_START": "u8_01"}})
    await bench.client.close()
    assert bench.simulator._appliance.login.level(bench.clock.now()) == 0
    assert await bench.client.log_in("resident", password=USERS["resident"].password) == 1
    await bench.client.log_out()
    asked = bench.simulator.requests
    await bench.client.close()
    assert bench.simulator.requests == asked, "logged out already"
    assert secret not in caplog.text
    assert secret not in repr(vars(bench.client))


async def test_a_wrong_password_is_not_tried_for_ever(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = await start()
    for _ in range(3):
        with pytest.raises(AuthenticationError) as error:
            await bench.client.log_in("fitter", password="wrong one")
        assert "wrong one" not in str(error.value)
    asked = bench.simulator.requests
    with pytest.raises(Refused, match="failed logins"):
        await bench.client.log_in("fitter", password=USERS["fitter"].password)
    with pytest.raises(UsageError):
        await bench.client.log_in("fitter", password="")
    assert bench.simulator.requests == asked
    assert bench.simulator._appliance.login.failures == 3
    assert "wrong one" not in caplog.text


async def test_a_login_in_doubt_is_ended_too(start: Start) -> None:
    bench = await start(faults=("write-unanswered",))
    with pytest.raises(TransportError):
        await bench.client.log_in("fitter", password=USERS["fitter"].password)
    bench.simulator.faults = ()
    await bench.client.close()
    assert bench.simulator._appliance.login.level(bench.clock.now() + timedelta(hours=1)) == 0


# -- the blocking twin


async def test_the_blocking_client_writes_the_same(start: Start) -> None:
    bench = await start()
    told = bench.simulator.announcement()

    def script() -> list[Status]:
        with Client(told["host"], port=told["port"], scheme="http", clock=bench.clock) as client:
            assert client.log_in("fitter", password=USERS["fitter"].password) == 2
            client.log_out()
            done = [
                client.set_socket("2", mode="on"),
                client.set_wallbox("1", mode="fast"),
                client.storage_mode(on=True, dangerous=True),
                client.storage_mode(on=False, dangerous=True),
                client.execute(SetSwitch(id="2", on=False)),
                client.reboot(),
            ]
        with pytest.raises(Refused, match="five minutes"):  # remembered by the client that was closed
            client.reboot()
        return [one.status for one in done]

    assert await asyncio.to_thread(script) == [*[Status.APPLIED] * 5, Status.ACCEPTED]


# -- random writes

_CURRENTS = st.one_of(st.none(), st.floats(allow_nan=True), st.floats(min_value=5, max_value=18))
_NUMBERS = st.one_of(st.none(), st.integers(-5, 30_000), st.floats())
_WRITES = st.one_of(
    st.builds(SetSwitch, id=st.sampled_from(["1", "2", "3"]), on=st.booleans()),
    st.builds(WallboxLimit, id=st.sampled_from(["1", "2"]), current=st.floats(min_value=-1, max_value=40)),
    st.builds(
        SocketSettings,
        id=st.sampled_from(["1", "2", ""]),
        mode=st.one_of(st.none(), st.sampled_from(SocketMode)),
        upper_limit=_NUMBERS,
        minutes_on=_NUMBERS,
        start=st.one_of(st.none(), st.times()),
        use_time=st.one_of(st.none(), st.booleans()),
    ),
    st.builds(
        WallboxSettings,
        id=st.sampled_from(["1", "4"]),
        mode=st.one_of(st.none(), st.sampled_from(WallboxMode)),
        max_current=_CURRENTS,
        min_current=_CURRENTS,
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands=st.lists(_WRITES, min_size=1, max_size=5))
def test_random_writes_are_applied_and_taken_back_or_change_nothing(commands: list[Command]) -> None:
    async def writes() -> None:
        async with _Bench("v2.1") as bench:
            original = await bench.state()
            undos = []
            for command in commands:
                before = await bench.state()
                await bench.clock.sleep(control.PACES["wallbox"].seconds)
                try:
                    outcome = await bench.client.execute(command)
                except (OutOfBounds, NotSupported, UsageError):
                    assert _still(await bench.state()) == _still(before)
                    continue
                assert outcome.status is Status.APPLIED
                state = await bench.state()
                assert {path: state[path] for path in outcome.requested} == outcome.requested
                if outcome.sent:
                    assert outcome.undo is not None
                    undos.append(outcome.undo)
            for undo in reversed(undos):
                await bench.clock.sleep(control.PACES["wallbox"].seconds)
                assert (await bench.client.execute(undo)).status is Status.APPLIED
            assert _still(await bench.state()) == _still(original)

    run(writes())


def _still(words: dict[str, Any]) -> dict[str, Any]:
    """Without what flows."""
    live = ("ENERGY.GUI", "ENERGY.STAT", "SOCKETS.POWER_ON")
    return {path: value for path, value in words.items() if not path.startswith(live)}
