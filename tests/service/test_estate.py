from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.model.command import Auto, Charge
from heliobus.service.estate import journal_at
from heliobus.service.journal import Journal, Lease
from heliobus.service.supervisor import Service
from heliobus.url import DeviceURL
from tests.service.test_supervisor import config

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice

LEFT = Lease(system="device", command=Charge(lease=timedelta(hours=1)), who="cli", undo=Auto())
"""As heliobus control writes it."""


@pytest.fixture
def left() -> Journal:
    """The journal of a run at scripted://roof, with a command in force."""
    journal = journal_at(DeviceURL.parse("scripted://roof"), None)
    with journal.held():
        journal.write([LEFT])
    return journal


async def test_the_service_gives_back_what_a_killed_run_left(
    clock: ManualClock, tmp_path: Path, device: MakeDevice, left: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    roof = device("roof")
    with caplog.at_level(logging.WARNING):
        async with Service(config(tmp_path, "roof"), clock=clock, driven=True):
            await roof.commanded.wait()
            assert (roof.executed, left.read()) == ([Auto()], ())
    assert "roof: heliobus control was killed and left Charge in force" in caplog.text


async def test_what_it_cannot_give_back_now_is_noted_as_its_own(
    clock: ManualClock, tmp_path: Path, device: MakeDevice, left: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    roof = device("roof")
    monkeypatch.setenv("HELIOBUS_READONLY", "1")
    async with Service(config(tmp_path, "roof"), clock=clock, driven=True):
        assert roof.executed == []
    (noted,) = Journal(tmp_path / "record.db.commands").read()
    assert (noted.system, noted.command, noted.undo, left.read()) == ("roof", LEFT.command, Auto(), ())


async def test_what_a_living_run_holds_is_left_to_it(
    clock: ManualClock, tmp_path: Path, device: MakeDevice, left: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    roof = device("roof")
    with left.held():
        async with Service(config(tmp_path, "roof"), clock=clock, driven=True) as service:
            await asyncio.sleep(0)
            assert (roof.executed, service.gatekeeper.in_force("roof")) == ([], ())
    assert len(left.read()) == 1
    assert "another heliobus control is at this device" in caplog.text


async def test_another_address_or_device_is_another_journal(
    clock: ManualClock, tmp_path: Path, device: MakeDevice, left: Journal
) -> None:
    cellar = device("cellar")
    async with Service(config(tmp_path, "cellar"), clock=clock, driven=True):
        await asyncio.sleep(0)
        assert cellar.executed == []
    assert len(left.read()) == 1
    assert journal_at(DeviceURL.parse("scripted://roof"), "2").read() == ()
