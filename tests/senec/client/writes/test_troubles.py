"""Writes that go wrong."""

from __future__ import annotations

import pytest

from heliobus.model.command import Charge, Command, SetSwitch, Status, WallboxLimit
from heliobus.senec import control
from heliobus.senec.control import (
    Reboot,
)
from tests.senec.client.writes.bench import STORE, Start

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
