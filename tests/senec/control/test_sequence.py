"""Forced charge and release, against the simulated appliance and against appliances that answer badly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import ConnectionLost, Error, NotSupported, OutOfBounds, ProtocolError, Refused, Unreachable
from heliobus.model.command import Auto, Charge, Command, Discharge, Outcome, SetReserve, Status
from heliobus.senec import control
from heliobus.senec.client import AsyncClient
from heliobus.senec.models import FULL_REQUEST
from heliobus.senec.protocol import decode_answer, encode_value
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.plant import House, Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from heliobus.senec.protocol import Answer, Request

NIGHT = datetime(2026, 6, 20, 23, 30, tzinfo=UTC)
FORCE, PROHIBIT = "ENERGY.SAFE_CHARGE_FORCE", "ENERGY.SAFE_CHARGE_PROHIBIT"
RUNNING = "ENERGY.SAFE_CHARGE_RUNNING"


class SkippingClock:
    """A wait is over at once, and its time has passed."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._gone = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._gone)

    def monotonic(self) -> float:
        return self._gone

    async def sleep(self, seconds: float) -> None:
        self._gone += seconds


# -- the simulated appliance


@dataclass
class Bench:
    clock: SkippingClock
    simulator: SenecSimulator
    client: AsyncClient


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    clock = SkippingClock(NIGHT)
    house = replace(House.draw(7), commissioned=datetime(2026, 6, 1, tzinfo=UTC))
    async with SenecSimulator(SimulationOptions(plant=Plant(7, house=house), clock=clock)) as simulator:
        told = simulator.announcement()
        async with AsyncClient(told["host"], port=told["port"], clock=clock) as client:
            yield Bench(clock, simulator, client)


async def test_charge_and_auto_are_applied_and_seen(bench: Bench) -> None:
    before = await bench.client.read()
    charge = await bench.client.execute(Charge())
    assert (charge.status, charge.undo) == (Status.APPLIED, Auto())
    assert charge.requested == {FORCE: 1}
    assert (charge.before[RUNNING], charge.read_back[RUNNING]) == (0, 1)
    full_power = -bench.simulator.plant.house.max_charge
    assert charge.effect == {"battery.power": full_power}
    assert (await bench.client.read()).battery.power == full_power
    assert (await bench.client.read()).system.state == "MAN. SAFETY CHARGE"
    assert charge.at == bench.clock.now()

    auto = await bench.client.execute(Auto())
    assert (auto.status, auto.undo, auto.requested) == (Status.APPLIED, Charge(), {PROHIBIT: 1})
    assert (auto.before[RUNNING], auto.read_back[RUNNING]) == (1, 0)
    after = await bench.client.read()
    assert after.battery.power is not None
    assert before.battery.power is not None
    assert after.battery.power >= 0 <= before.battery.power
    assert auto.effect["battery.power"] == after.battery.power


async def test_what_is_so_already_is_not_written_again(bench: Bench) -> None:
    await bench.client.execute(Charge())
    overrides = bench.simulator.plant.overrides
    again = await bench.client.execute(Charge())
    assert (again.status, again.sent, again.undo) == (Status.APPLIED, (), None)
    assert again.note == "it was so already; nothing was sent"
    assert bench.simulator.plant.overrides == overrides


async def test_an_order_on_its_way_is_taken_back(bench: Bench) -> None:
    """SAFE_CHARGE_RUNNING follows late: a charge that was asked for elsewhere a moment ago still reads 0."""
    await bench.client.read()
    echo = await bench.client._ask({"ENERGY": {"SAFE_CHARGE_FORCE": "u8_01", "SAFE_CHARGE_RUNNING": ""}})
    assert echo["ENERGY"] == {"SAFE_CHARGE_FORCE": 1, "SAFE_CHARGE_RUNNING": 0}
    outcome = await bench.client.execute(Auto())
    assert (outcome.status, len(outcome.sent)) == (Status.APPLIED, 1)
    await bench.clock.sleep(60)
    assert (await bench.client.read()).system.state != "MAN. SAFETY CHARGE"


@pytest.mark.parametrize("command", [Charge(), Auto()])
async def test_a_dry_run_plans_what_would_be_sent_and_sends_nothing(bench: Bench, command: Command) -> None:
    plan = await bench.client.execute(command, dry_run=True)
    assert plan.status is Status.PLANNED
    assert bench.simulator.requests == 0
    done = await bench.client.execute(Charge())
    if isinstance(command, Auto):
        done = await bench.client.execute(Auto())
    assert (plan.sent, plan.requested) == (done.sent, done.requested)
    assert '"u8_01"' in plan.sent[0]


@pytest.mark.parametrize(
    ("command", "refused"),
    [
        (Charge(power=1000.0), OutOfBounds),
        (Charge(power=0.0), OutOfBounds),
        (Discharge(), NotSupported),
        (SetReserve(soc=20.0), NotSupported),
    ],
)
async def test_what_the_appliance_cannot_do_is_refused_before_any_byte(
    bench: Bench, command: Command, refused: type[Error]
) -> None:
    for dry_run in (True, False):
        with pytest.raises(refused):
            await bench.client.execute(command, dry_run=dry_run)
    assert bench.simulator.requests == 0


async def test_an_appliance_without_forced_charge_is_not_written_to() -> None:
    appliance = Appliance(running=None)
    with pytest.raises(NotSupported, match="SAFE_CHARGE_RUNNING"):
        await appliance.carry_out(Charge())
    assert appliance.writes == []


# -- only known writes


@pytest.mark.parametrize("section", FULL_REQUEST)
def test_no_other_variable_can_be_written(section: str) -> None:
    for variable in FULL_REQUEST[section]:
        request = {section: {variable: "u8_01"}}
        if f"{section}.{variable}" in {FORCE, PROHIBIT}:
            control.require_writable(request)
            continue
        with pytest.raises(Refused, match=variable):
            control.require_writable(request)


def test_a_write_beside_a_known_one_is_refused_too() -> None:
    with pytest.raises(Refused, match=r"LOG\.PASSWORD, SYS_UPDATE\.TRIGGER_BL_UPDATE"):
        control.require_writable(
            {
                "ENERGY": {"SAFE_CHARGE_FORCE": "u8_01"},
                "SYS_UPDATE": {"TRIGGER_BL_UPDATE": "u8_01"},
                "LOG": {"PASSWORD": "st_"},
            }
        )
    control.require_writable({"SYS_UPDATE": {"USER_REBOOT_DEVICE": ""}, "ENERGY": {}})


async def test_query_never_writes(bench: Bench) -> None:
    with pytest.raises(Refused, match="query only reads"):
        await bench.client.query({"ENERGY": {"SAFE_CHARGE_FORCE": "u8_01"}})
    assert bench.simulator.requests == 0


# -- appliances that answer badly


@dataclass
class Appliance:
    """Answers from a script: ``echo`` is what comes back for the written bit, or what goes wrong with the write."""

    running: int | None = 0
    """SAFE_CHARGE_RUNNING now; None when the appliance does not know it."""
    echo: str | Error = "u8_01"
    follows_after: int | None = None
    """Number of read-backs after which RUNNING is 1."""
    broken_reads: range = range(0)
    """Which read-backs get no answer, but ``broken``."""
    broken: Error = field(default_factory=lambda: ConnectionLost("gone"))
    clock: SkippingClock = field(default_factory=lambda: SkippingClock(NIGHT))
    writes: list[str] = field(default_factory=list)
    read_backs: int = 0

    async def ask(self, request: Request) -> Answer:
        control.require_writable(request)
        written = [name for name, leaf in request.get("ENERGY", {}).items() if leaf]
        if written:
            self.writes += written
            if isinstance(self.echo, Error):
                raise self.echo
        elif self.writes:
            self.read_backs += 1
            if self.read_backs in self.broken_reads:
                raise self.broken
            if self.read_backs == self.follows_after:
                self.running = 1
        tells = "VARIABLE_NOT_FOUND" if self.running is None else encode_value("u8", self.running)
        energy = {"SAFE_CHARGE_RUNNING": tells, "SAFE_CHARGE_PROHIBIT": "u8_00", "GUI_BAT_DATA_POWER": "fl_43E26188"}
        echo = self.echo if written and isinstance(self.echo, str) else "u8_00"
        return decode_answer({"ENERGY": {**energy, "SAFE_CHARGE_FORCE": echo}})

    async def carry_out(self, command: Command) -> Outcome:
        return await control.carry_out(command, ask=self.ask, clock=self.clock)


async def test_the_state_is_awaited_as_long_as_it_may_lag() -> None:
    appliance = Appliance(follows_after=14)
    outcome = await appliance.carry_out(Charge())
    assert outcome.status is Status.APPLIED
    assert outcome.read_back[RUNNING] == 1
    assert appliance.clock.monotonic() == 14.0
    assert outcome.effect == {"battery.power": pytest.approx(-452.762)}


async def test_a_state_that_does_not_follow_is_accepted_only() -> None:
    appliance = Appliance()
    outcome = await appliance.carry_out(Charge())
    assert (outcome.status, outcome.undo) == (Status.ACCEPTED, Auto())
    assert outcome.read_back[RUNNING] == 0
    assert appliance.clock.monotonic() == control.LAG.total_seconds()


@pytest.mark.parametrize("word", ["FORBIDDEN", "MALFORMED_VALUE", "VARIABLE_NOT_FOUND", "er_5"])
async def test_a_word_for_an_echo_is_a_rejection(word: str) -> None:
    appliance = Appliance(echo=word)
    outcome = await appliance.carry_out(Charge())
    assert (outcome.status, outcome.undo, outcome.note) == (Status.REJECTED, None, f"the appliance answered {word}")
    assert appliance.read_backs == 0


async def test_a_bit_that_was_not_taken_is_a_rejection_unless_the_state_follows() -> None:
    assert (await Appliance(echo="u8_00").carry_out(Charge())).status is Status.REJECTED
    assert (await Appliance(echo="u8_00", follows_after=2).carry_out(Charge())).status is Status.APPLIED


async def test_a_write_without_an_answer_is_judged_by_the_state() -> None:
    lost = ConnectionLost("in mid-answer")
    assert (await Appliance(echo=lost, follows_after=3).carry_out(Charge())).status is Status.APPLIED
    unknown = await Appliance(echo=lost).carry_out(Charge())
    assert (unknown.status, unknown.undo) == (Status.UNKNOWN, Auto())
    assert unknown.sent


async def test_a_write_that_could_not_be_sent_is_an_error() -> None:
    appliance = Appliance(echo=Unreachable("no route"))
    with pytest.raises(Unreachable):
        await appliance.carry_out(Charge())
    assert appliance.read_backs == 0


@pytest.mark.parametrize("error", [ConnectionLost("gone"), ProtocolError("HTTP 404"), NotSupported("redirected")])
async def test_lost_read_backs_are_borne(error: Error) -> None:
    late = Appliance(follows_after=5, broken_reads=range(1, 5), broken=error)
    assert (await late.carry_out(Charge())).status is Status.APPLIED
    blind = await Appliance(broken_reads=range(100)).carry_out(Charge())
    assert (blind.status, blind.read_back, blind.effect) == (Status.ACCEPTED, {}, {})
    blind = await Appliance(echo="u8_00", broken_reads=range(100)).carry_out(Charge())
    assert blind.status is Status.UNKNOWN


async def test_an_appliance_without_a_reboot_is_not_written_to() -> None:
    appliance = Appliance()
    with pytest.raises(NotSupported, match="USER_REBOOT_DEVICE"):
        await appliance.carry_out(control.Reboot())
    assert appliance.writes == []
