from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from heliobus.errors import (
    AuthenticationError,
    NotSupported,
    OutOfBounds,
    Refused,
    StorageError,
    Unreachable,
    UsageError,
)
from heliobus.model.command import Auto, Charge, Command, Discharge, SetReserve, SetSwitch, Status
from heliobus.model.event import Event, EventKind
from heliobus.service import rules
from heliobus.service.config import ControlConfig, SystemConfig
from heliobus.service.connection import Connection
from heliobus.service.gatekeeper import Gatekeeper
from heliobus.service.journal import Journal
from heliobus.url import DeviceURL
from tests.service.conftest import events
from tests.service.scripted import DEVICES, HANG

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.service.hub import Hub, Subscription
    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.service.scripted import Script

ON = ControlConfig(enabled=True)
CHARGE = Charge(power=2000.0)
LEASED = Charge(power=2000.0, lease=timedelta(minutes=15))


@pytest.fixture
def roof(device: MakeDevice) -> Script:
    return device("roof")


class MakeGate(Protocol):
    def __call__(self, control: ControlConfig = ON) -> Gatekeeper: ...


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "commands"


@pytest.fixture
def gate(clock: ManualClock, hub: Hub, journal: Path, device: MakeDevice) -> MakeGate:
    def make(control: ControlConfig = ON) -> Gatekeeper:
        names = ("roof", "cellar")
        for name in set(names) - DEVICES.keys():
            device(name)
        systems = [SystemConfig(name=name, url=DeviceURL.parse(f"scripted://{name}")) for name in names]
        connections = {system.name: Connection(system, clock=clock) for system in systems}
        return Gatekeeper(connections, control=control, journal=Journal(journal), hub=hub, clock=clock)

    return make


def audit(published: Subscription) -> list[tuple[str, str]]:
    """Give (command, status) of every event, having checked that it can be stored."""
    found = events(published)
    assert all(one.kind is EventKind.COMMAND and one.system in ("roof", "cellar") for one in found)
    assert [json.loads(json.dumps(dict(one.data))) for one in found] == [one.data for one in found]
    return [(one.data["command"]["kind"], one.data["status"]) for one in found]


async def test_a_command_is_sent_with_its_lease_and_audited(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    gatekeeper = gate()
    outcome = await gatekeeper.execute("roof", CHARGE, who="cli")
    assert outcome.status is Status.APPLIED
    assert roof.executed == [LEASED]
    assert gatekeeper.in_force("roof") == (LEASED,)
    (event,) = events(published)
    assert event.text == "Charge(power=2000.0, lease_s=900.0) from cli: applied"
    assert event.data["who"] == "cli"
    assert event.data["command"] == {"kind": "Charge", "power": 2000.0, "lease_s": 900.0}


async def test_control_is_off_by_default_but_a_dry_run_is_allowed(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    gatekeeper = gate(ControlConfig())
    with pytest.raises(Refused, match="control is switched off"):
        await gatekeeper.execute("roof", CHARGE, who="web")
    outcome = await gatekeeper.execute("roof", CHARGE, dry_run=True, who="web")
    assert (outcome.status, outcome.sent) == (Status.PLANNED, ("would send",))
    assert (roof.executed, gatekeeper.in_force("roof")) == ([], ())
    assert audit(published) == [("Charge", "rejected"), ("Charge", "planned")]


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (Charge(power=5000.1), OutOfBounds),
        (Charge(power=-1.0), OutOfBounds),
        (Charge(power=float("nan")), OutOfBounds),
        (Charge(power=3000.1), OutOfBounds),
        (Charge(power=1.0, lease=timedelta(days=2)), OutOfBounds),
        (Discharge(power=1.0), NotSupported),
    ],
    ids=repr,
)
@pytest.mark.parametrize("dry_run", [False, True])
async def test_out_of_bounds_nothing_is_sent(
    clock: ManualClock, gate: MakeGate, roof: Script, *, command: Command, error: type[Exception], dry_run: bool
) -> None:
    gatekeeper = gate(ControlConfig(enabled=True, max_charge=3000.0))
    with pytest.raises(error):
        await gatekeeper.execute("roof", command, dry_run=dry_run, who="cli")
    assert roof.executed == []


async def test_the_switch_that_beats_everything(
    clock: ManualClock, gate: MakeGate, roof: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    gatekeeper = gate()
    monkeypatch.setenv("HELIOBUS_READONLY", "1")
    with pytest.raises(Refused, match="HELIOBUS_READONLY"):
        await gatekeeper.execute("roof", CHARGE, who="cli")
    with pytest.raises(Refused, match="HELIOBUS_READONLY"):
        await gatekeeper.execute("roof", CHARGE, keep=True, who="cli")
    assert roof.executed == []


async def test_what_is_kept_has_no_lease_and_ends_that_of_the_one_before(
    clock: ManualClock, gate: MakeGate, roof: Script
) -> None:
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await clock.advance(10)
    await gatekeeper.execute("roof", CHARGE, keep=True, who="cli")
    await clock.advance(3600)
    assert (roof.executed, gatekeeper.in_force("roof")) == ([LEASED, CHARGE], ())


async def test_a_system_that_is_not_there(gate: MakeGate) -> None:
    with pytest.raises(UsageError, match="no system is called 'rooff'; did you mean 'roof'"):
        await gate().execute("rooff", CHARGE, who="cli")


async def test_one_command_in_ten_seconds_but_always_the_way_back(
    clock: ManualClock, gate: MakeGate, roof: Script, device: MakeDevice
) -> None:
    cellar = device("cellar")
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    with pytest.raises(Refused, match="moments ago"):
        await gatekeeper.execute("roof", CHARGE, who="cli")
    await gatekeeper.execute("cellar", CHARGE, who="cli")
    await gatekeeper.execute("roof", Auto(), who="cli")
    await clock.advance(10)
    await gatekeeper.execute("roof", CHARGE, who="cli")
    assert roof.executed == [LEASED, Auto(), LEASED]
    assert cellar.executed == [LEASED]


async def test_nobody_fills_the_record_by_asking(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script, caplog: pytest.LogCaptureFixture
) -> None:
    gatekeeper = gate()
    for _ in range(rules.UNSENT_PER_DAY):
        assert (await gatekeeper.execute("roof", CHARGE, dry_run=True, who="web")).status is Status.PLANNED
        with pytest.raises(OutOfBounds):
            await gatekeeper.execute("roof", Charge(power=1e6), who="web")
    assert len(audit(published)) == rules.UNSENT_PER_DAY
    assert "more are not on record" in caplog.text
    await gatekeeper.execute("roof", CHARGE, who="web")
    await gatekeeper.execute("cellar", CHARGE, dry_run=True, who="web")
    assert audit(published) == [("Charge", "applied"), ("Charge", "planned")], "what is sent always is, and others' are"
    await gatekeeper.execute("roof", Auto(), who="web")
    await clock.advance(86_400)
    assert audit(published) == [("Auto", "applied"), ("Charge", "superseded")]
    await gatekeeper.execute("roof", CHARGE, dry_run=True, who="web")
    assert audit(published) == [("Charge", "planned")]


# -- leases


async def test_when_the_lease_ends_the_device_is_returned_to_automatic(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await clock.advance(899)
    assert roof.executed == [LEASED]
    await clock.advance(1)
    assert roof.executed == [LEASED, Auto()]
    assert audit(published) == [("Charge", "applied"), ("Charge", "expired")]
    assert gatekeeper.in_force("roof") == ()
    await clock.advance(3600)
    assert roof.executed == [LEASED, Auto()]


async def test_the_way_back_is_tried_until_it_is_taken(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    gatekeeper = gate()
    away = Unreachable("no")
    roof.outcomes = deque([Status.APPLIED, away, away, Status.REJECTED, Status.UNKNOWN, away, Status.ACCEPTED])
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await clock.advance(3600)
    assert roof.executed == [LEASED, *[Auto()] * 6]
    assert audit(published) == [("Charge", "applied"), ("Charge", "unknown"), ("Charge", "expired")]


async def test_a_new_command_replaces_the_old_one_and_its_lease(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await clock.advance(600)
    second = Charge(power=100.0, lease=timedelta(hours=1))
    await gatekeeper.execute("roof", second, who="web")
    assert gatekeeper.in_force("roof") == (second,)
    assert audit(published) == [("Charge", "applied"), ("Charge", "applied"), ("Charge", "superseded")]
    await clock.advance(3599)
    assert roof.executed == [LEASED, second]
    await clock.advance(1)
    assert roof.executed == [LEASED, second, Auto()]


async def test_auto_ends_what_holds(clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script) -> None:
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await gatekeeper.execute("roof", Auto(), who="cli")
    assert gatekeeper.in_force("roof") == ()
    assert audit(published) == [("Charge", "applied"), ("Auto", "applied"), ("Charge", "superseded")]
    await clock.advance(3600)
    assert roof.executed == [LEASED, Auto()]


@pytest.mark.parametrize("doubt", [Unreachable("no"), Status.UNKNOWN])
async def test_an_auto_in_doubt_ends_nothing(
    clock: ManualClock, gate: MakeGate, roof: Script, doubt: Exception | Status
) -> None:
    gatekeeper = gate()
    roof.outcomes = deque([Status.APPLIED, doubt, Status.APPLIED])
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await asyncio.gather(gatekeeper.execute("roof", Auto(), who="cli"), return_exceptions=True)
    await clock.advance(900)
    assert roof.executed == [LEASED, Auto(), Auto()]


@pytest.mark.parametrize("doubt", [Unreachable("no"), Status.UNKNOWN, ZeroDivisionError()])
async def test_a_command_in_doubt_is_taken_back_as_if_it_had_arrived(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script, doubt: Exception | Status
) -> None:
    gatekeeper = gate()
    roof.outcomes = deque([doubt, Status.APPLIED])
    await asyncio.gather(gatekeeper.execute("roof", CHARGE, who="cli"), return_exceptions=True)
    await clock.advance(900)
    assert roof.executed == [LEASED, Auto()]
    assert audit(published) == [("Charge", "unknown"), ("Charge", "expired")]


async def test_a_command_that_is_interrupted_is_taken_back(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    gatekeeper = gate()
    roof.outcomes = deque([HANG, Status.APPLIED])
    task = asyncio.create_task(gatekeeper.execute("roof", CHARGE, who="web"))
    await roof.commanded.wait()
    task.cancel()
    await asyncio.wait({task})
    await clock.advance(900)
    assert roof.executed == [LEASED, Auto()]
    assert audit(published) == [("Charge", "unknown"), ("Charge", "expired")]


@pytest.mark.parametrize("no", [Refused("not now"), Status.REJECTED])
async def test_a_command_that_was_refused_holds_nothing(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script, no: Exception | Status
) -> None:
    gatekeeper = gate()
    roof.outcomes = deque([no])
    await asyncio.gather(gatekeeper.execute("roof", CHARGE, who="cli"), return_exceptions=True)
    await clock.advance(3600)
    assert roof.executed == [LEASED]
    assert audit(published) == [("Charge", "rejected")]


async def test_other_parts_are_undone_as_the_device_says(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    gatekeeper = gate()
    roof.undo = SetSwitch(id="1", on=False)
    await gatekeeper.execute("roof", SetSwitch(id="1", on=True), who="cli")
    roof.undo = None
    await clock.advance(10)
    await gatekeeper.execute("roof", SetReserve(soc=30.0), who="cli")
    assert len(gatekeeper.in_force("roof")) == 2, "different parts do not replace one another"
    await clock.advance(1000)
    told = [await anext(published) for _ in range(4)]
    assert roof.executed[2:] == [SetSwitch(id="1", on=False)]
    assert [one.text.split(":")[1] for one in told if isinstance(one, Event)] == [
        " applied",
        " applied",
        " expired (its lease ended)",
        " expired (its lease ended; the device keeps the value)",
    ]


# -- the end of the service


async def test_at_the_end_everything_held_is_released(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script, device: MakeDevice
) -> None:
    cellar = device("cellar")
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await gatekeeper.execute("cellar", CHARGE, who="cli")
    await gatekeeper.release(within=1.0, why="the test ends")
    assert roof.executed == cellar.executed == [LEASED, Auto()]
    await clock.advance(3600)
    assert len(roof.executed) == 2
    assert audit(published)[2:] == [("Charge", "expired")] * 2


async def test_who_is_not_let_in_has_changed_nothing(gate: MakeGate, published: Subscription, roof: Script) -> None:
    roof.outcomes = deque([AuthenticationError("wrong password")])
    gatekeeper = gate()
    with pytest.raises(AuthenticationError):
        await gatekeeper.execute("roof", CHARGE, who="cli")
    assert (gatekeeper.in_force("roof"), audit(published)) == ((), [("Charge", "rejected")])


async def test_a_device_that_hangs_at_the_end_is_left_behind_and_said_so(
    gate: MakeGate, published: Subscription, roof: Script, device: MakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    cellar = device("cellar")
    roof.outcomes = deque([Status.APPLIED, HANG])
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await gatekeeper.execute("cellar", CHARGE, who="cli")
    await gatekeeper.release(within=0.05, why="the test ends")
    assert cellar.executed == [LEASED, Auto()]
    found: list[Any] = [(one.system, one.data["status"], one.data["note"]) for one in events(published)[2:]]
    assert sorted(found) == [
        ("cellar", "expired", "the test ends"),
        ("roof", "unknown", "the test ends; the device has not confirmed the way back within 0.05 s"),
    ]
    loud = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert loud == ["roof: Charge may still be in force: the next start takes it back"]


async def test_a_device_that_cannot_be_reached_at_the_end_is_left_to_the_next_start(
    gate: MakeGate, published: Subscription, roof: Script
) -> None:
    roof.outcomes = deque([Status.APPLIED, Unreachable("no"), Status.APPLIED])
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    await gatekeeper.release(within=1.0, why="the test ends")
    assert audit(published) == [("Charge", "applied"), ("Charge", "unknown")]
    again = gate()
    await again.resume()
    await anext(published)
    assert roof.executed == [LEASED, Auto(), Auto()]


async def test_nothing_held_nothing_to_release(gate: MakeGate) -> None:
    await gate().release(within=0.0, why="the test ends")


# -- the journal


async def test_what_a_crash_left_in_force_is_taken_back_at_the_next_start(
    clock: ManualClock, gate: MakeGate, published: Subscription, roof: Script
) -> None:
    await gate().execute("roof", CHARGE, who="cli")
    again = gate()
    await again.resume()
    assert again.in_force("roof") == (LEASED,)
    await clock.run_until_idle()
    assert roof.executed == [LEASED, Auto()]
    assert audit(published) == [("Charge", "applied"), ("Charge", "expired")]


async def test_a_crash_in_mid_command_is_remembered_too(clock: ManualClock, gate: MakeGate, roof: Script) -> None:
    roof.outcomes = deque([HANG, Status.APPLIED])
    task = asyncio.create_task(gate().execute("roof", CHARGE, who="web"))
    await roof.commanded.wait()
    await gate().resume()
    await clock.run_until_idle()
    assert roof.executed == [LEASED, Auto()]
    task.cancel()
    await asyncio.wait({task})


@pytest.mark.parametrize("by_hand", [True, False])
async def test_what_has_ended_is_not_taken_back_again(
    gate: MakeGate, roof: Script, journal: Path, by_hand: bool
) -> None:
    gatekeeper = gate()
    await gatekeeper.execute("roof", CHARGE, who="cli")
    assert journal.exists()
    if by_hand:
        await gatekeeper.execute("roof", Auto(), who="cli")
    else:
        await gatekeeper.release(within=1.0, why="the test ends")
    assert not journal.exists()
    assert roof.executed == [LEASED, Auto()]


@pytest.mark.parametrize("no", [Refused("not now"), Status.REJECTED])
async def test_what_was_refused_is_not_remembered(
    gate: MakeGate, roof: Script, journal: Path, no: Exception | Status
) -> None:
    roof.outcomes = deque([no])
    await asyncio.gather(gate().execute("roof", CHARGE, who="cli"), return_exceptions=True)
    assert not journal.exists()


async def test_a_command_that_cannot_be_noted_is_not_sent(
    gate: MakeGate, published: Subscription, roof: Script, journal: Path
) -> None:
    journal.mkdir()
    with pytest.raises(StorageError, match="cannot write"):
        await gate().execute("roof", CHARGE, who="cli")
    assert roof.executed == []
    assert audit(published) == [("Charge", "rejected")]
    await gate().execute("roof", Auto(), who="cli")
    assert roof.executed == [Auto()]


async def test_the_switch_that_beats_everything_keeps_the_next_start_quiet(
    clock: ManualClock, gate: MakeGate, roof: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gate().execute("roof", CHARGE, who="cli")
    monkeypatch.setenv("HELIOBUS_READONLY", "1")
    await gate().resume()
    await clock.run_until_idle()
    assert roof.executed == [LEASED]
