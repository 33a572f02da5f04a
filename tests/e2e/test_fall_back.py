"""One SENEC over two ways: its own network goes, the cloud takes over into the same series, and hands back."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.model.event import Event, EventKind
from heliobus.senec.simulator.app import AppSimulator
from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.supervisor import Service
from heliobus.simulation.clock import ManualClock
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions
from tests.e2e.appliances import MORNING, appliance

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.senec.simulator import SenecSimulator

INTERVAL = 10.0
CLOUD = 300.0
HOUR = 3600.0
FLOWS = ("pv", "load", "charge", "discharge")
NEWS = {EventKind.STATE_CHANGED}
"""What is told of a system that only changes its way."""


@asynccontextmanager
async def recorded(
    folder: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> AsyncIterator[tuple[Service, SenecSimulator, AppSimulator]]:
    """One system over its appliance and over its owner's account, both of the same house."""
    async with appliance(clock, **options) as box:
        account = SimulationOptions(plant=box.plant, clock=clock, wire="app", faults=("app-no-wallboxes",))
        async with AppSimulator(account) as cloud:
            told = cloud.announcement()
            monkeypatch.setenv("HELIOBUS_PASSWORD", told["password"])
            monkeypatch.setenv("HELIOBUS_TOTP", told["totp"])
            urls = tuple(DeviceURL.parse(one["url"]) for one in (box.announcement(), told))
            config = Config(
                sites=(SiteConfig(timezone="Europe/Berlin"),),
                systems=(SystemConfig(name="roof", urls=urls),),
                recorder=RecorderConfig(path=folder / "record.db"),
            )
            async with Service(config, clock=clock) as service:
                await clock.until_asleep()
                yield service, box, cloud


async def hours(count: float, clock: ManualClock) -> None:
    for _ in range(round(count * HOUR / INTERVAL)):
        await clock.advance(INTERVAL)
        await clock.until_asleep()


@pytest.mark.parametrize("profile", ["0826", "0811"])
async def test_the_cloud_takes_over_and_hands_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    clock = ManualClock(MORNING)
    async with recorded(tmp_path, clock, monkeypatch, profile=profile) as (service, box, cloud):
        events = service.hub.subscribe(keep="all")
        await hours(1, clock)
        await box.__aexit__(None, None, None)
        lost = clock.now()
        await hours(2, clock)
        assert service.systems()[0].status == "ok"
        assert "senec+app" in service.systems()[0].url
        await box.__aenter__()
        back = clock.now()
        await hours(1, clock)
        assert "senec://" in service.systems()[0].url
        await service.flush()

        samples = list(service.history.samples(MORNING, clock.now(), system="roof"))
        ways = {
            number: [source, [one.time for one in some]]
            for number, (source, some) in enumerate(groupby(samples, key=lambda one: one.source))
        }
        assert [source for source, _ in ways.values()] == ["senec/http", "senec/app", "senec/http"]
        (_, before), (_, meanwhile), (_, after) = ways.values()
        assert (meanwhile[0] - lost).total_seconds() <= INTERVAL, "at the first poll that the box did not answer"
        assert {(later - one).total_seconds() for one, later in pairwise(meanwhile)} == {CLOUD}
        assert (after[0] - back).total_seconds() <= 2 * INTERVAL
        for local in (before, after):
            steps = [(later - one).total_seconds() for one, later in pairwise(local)]
            assert max(steps) == INTERVAL
            assert steps.count(INTERVAL) >= len(steps) - 1, "the first one after the back-off may be off the beat"
        assert cloud.requests.count("dashboard") == len(meanwhile)
        assert len(cloud.sign_on.passwords) == 1

        told = {item.kind for item in events.take() if isinstance(item, Event)}
        assert told <= NEWS
        with closing(sqlite3.connect(tmp_path / "record.db")) as record:
            assert record.execute("SELECT serial, system FROM device").fetchall() == [
                (box.announcement()["serial"], "roof")
            ]

        for start, end in ((MORNING, lost), (lost, back), (MORNING, clock.now())):
            parts = [bucket.systems["roof"] for bucket in service.history.energy(start, end, by="15min")]
            true = box.plant.energy(start, end)
            for name in FLOWS:
                found = sum(getattr(part, name) for part in parts)
                assert found == pytest.approx(getattr(true, name), rel=0.05, abs=15), (name, start)
            # A span of five minutes counts whole for the quarter in which it ends.
            assert sum(part.coverage for part in parts) > len(parts) - 0.5
