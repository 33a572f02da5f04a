from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import deque
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import ConfigError, StorageError, Unreachable, UsageError
from heliobus.model.command import Auto, Charge, Status
from heliobus.service.config import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.journal import Journal, Lease
from heliobus.service.supervisor import Service
from heliobus.url import DeviceURL
from tests.service.conftest import events, readings
from tests.service.scripted import HANG, NOON, STUBBORN

if TYPE_CHECKING:
    from collections.abc import AsyncIterable
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.service.scripted import Script

DAY = (NOON - timedelta(hours=12), NOON + timedelta(hours=12))
MOST_SECONDS = 4.5


def config(folder: Path, *names: str) -> Config:
    return Config(
        sites=(SiteConfig(name="My House", timezone="Europe/Berlin"),),
        systems=tuple(
            SystemConfig(
                name=name, url=DeviceURL.parse(f"scripted://{name}"), interval=10.0, grid=number == 0 and len(names) > 1
            )
            for number, name in enumerate(names)
        ),
        recorder=RecorderConfig(path=folder / "record.db"),
        control=ControlConfig(enabled=True),
    )


def recorded(service: Service, system: str) -> list[tuple[float, float | None]]:
    """Give (seconds after the start, W of the sun) of every stored sample."""
    samples = service.history.samples(*DAY, system=system)
    return [((sample.time - NOON).total_seconds(), sample.values["pv.power"]) for sample in samples]


async def test_what_is_polled_is_published_and_recorded(clock: ManualClock, tmp_path: Path, device: MakeDevice) -> None:
    device("roof")
    async with Service(config(tmp_path, "roof"), clock=clock) as service:
        watching = service.hub.subscribe(keep="latest")
        await clock.advance(25)
        await service.flush()
        assert recorded(service, "roof") == [(0, 4000), (10, 4000), (20, 4000)]
        assert [reading.status for reading in readings(watching)] == ["ok"]
        (status,) = service.systems()
        assert (status.name, status.site, status.status, status.polls) == ("roof", "my-house", "ok", 3)
        assert status.device is not None
        (info,) = service.history.systems()
        assert (info.name, info.site, info.timezone, info.vendor) == ("roof", "my-house", "Europe/Berlin", "scripted")


async def test_driven_nothing_polls_by_itself(clock: ManualClock, tmp_path: Path, device: MakeDevice) -> None:
    roof = device("roof")
    async with Service(config(tmp_path, "roof"), clock=clock, driven=True) as service:
        await clock.advance(100)
        assert roof.reads == 0
        reading = await service.poll("roof")
        assert reading.snapshot is not None
        await service.flush()
        assert recorded(service, "roof") == [(100, 4000)]
        with pytest.raises(UsageError, match="no system is called 'rof'; did you mean 'roof'"):
            await service.poll("rof")


@pytest.mark.parametrize("trouble", [Unreachable("no"), RuntimeError("a bug"), HANG], ids=repr)
async def test_one_failing_system_never_stops_another(
    clock: ManualClock, tmp_path: Path, device: MakeDevice, trouble: Exception
) -> None:
    device("bad", trouble)
    device("good")
    async with Service(config(tmp_path, "bad", "good"), clock=clock) as service:
        await clock.advance(605)
        await service.flush()
        assert len(recorded(service, "good")) == 61
        assert recorded(service, "bad") == []
        bad, good = service.systems()
        assert (bad.status, good.status, good.failures) == ("lost", "ok", 0)


@pytest.mark.parametrize("trouble", [HANG, STUBBORN], ids=lambda how: how.name)
async def test_the_end_comes_in_time_and_flushes_whatever_hangs(
    clock: ManualClock, tmp_path: Path, device: MakeDevice, trouble: Exception
) -> None:
    device("roof")
    device("cellar", trouble)
    service = Service(config(tmp_path, "roof", "cellar"), clock=clock)
    async with service:
        await clock.advance(25)
        begun = time.monotonic()
    assert time.monotonic() - begun < MOST_SECONDS
    assert len(recorded(service, "roof")) == 3


async def test_commands_in_force_are_taken_back_at_the_end_and_that_is_on_record(
    clock: ManualClock, tmp_path: Path, device: MakeDevice
) -> None:
    roof: Script = device("roof")
    service = Service(config(tmp_path, "roof"), clock=clock)
    async with service:
        heard = service.hub.subscribe(keep="all")
        await service.gatekeeper.execute("roof", Charge(power=1000.0), who="cli")
    assert roof.executed == [Charge(power=1000.0, lease=timedelta(minutes=15)), Auto()]
    assert roof.closed == 1
    assert [event.data["status"] for event in events(heard)] == ["applied", "expired"]
    with closing(sqlite3.connect(service.config.recorder.path)) as database:
        rows = database.execute("SELECT system, data ->> 'who', data ->> 'status' FROM event ORDER BY id").fetchall()
    assert rows == [("roof", "cli", "applied"), ("roof", "cli", "expired")]


async def test_what_a_crash_left_in_force_is_taken_back_at_the_start(
    clock: ManualClock, tmp_path: Path, device: MakeDevice
) -> None:
    roof: Script = device("roof")
    left = Lease(system="roof", command=Charge(), who="cli", undo=Auto())
    Journal(tmp_path / "record.db.commands").write([left, replace(left, system="sold")])
    async with Service(config(tmp_path, "roof"), clock=clock, driven=True):
        await roof.commanded.wait()
        assert roof.executed == [Auto()]


async def test_a_device_that_hangs_on_its_way_back_does_not_hold_up_the_end(
    clock: ManualClock, tmp_path: Path, device: MakeDevice
) -> None:
    device("roof").outcomes = deque([Status.APPLIED, STUBBORN])
    async with Service(config(tmp_path, "roof"), clock=clock) as service:
        await service.gatekeeper.execute("roof", Charge(power=1000.0), who="cli")
        begun = time.monotonic()
    assert time.monotonic() - begun < MOST_SECONDS


async def test_a_slow_device_is_waited_for_and_the_record_is_safe_by_then(
    clock: ManualClock, tmp_path: Path, device: MakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    roof = device("roof")
    service = Service(config(tmp_path, "roof"), clock=clock, patience=60.0)
    await service.__aenter__()
    await clock.advance(15)
    await service.gatekeeper.execute("roof", Charge(power=1000.0), who="cli")
    roof.commanded.clear()
    roof.pause = asyncio.Event()
    with caplog.at_level(logging.INFO):
        ending = asyncio.create_task(service.__aexit__(None, None, None))
        await roof.commanded.wait()
    assert (recorded(service, "roof"), ending.done()) == ([(0, 4000), (10, 4000)], False)
    assert "giving back roof (Charge): up to 60 s; a second signal ends at once" in caplog.text
    roof.pause.set()
    await ending
    assert roof.executed[1:] == [Auto()]
    assert not (tmp_path / "record.db.commands").exists()


async def test_a_disk_that_hangs_does_not_hold_up_the_end(
    clock: ManualClock, tmp_path: Path, device: MakeDevice
) -> None:
    device("roof")
    service = Service(config(tmp_path, "roof"), clock=clock)
    with closing(sqlite3.connect(tmp_path / "record.db", isolation_level=None)) as other:
        async with service:
            await service.flush()
            other.execute("BEGIN EXCLUSIVE")
            await clock.advance(5)
            begun = time.monotonic()
        assert time.monotonic() - begun < MOST_SECONDS
    service.recorder._thread.join()


async def test_streams_end_with_the_service(clock: ManualClock, tmp_path: Path, device: MakeDevice) -> None:
    device("roof")
    async with Service(config(tmp_path, "roof"), clock=clock) as service:
        subscription = service.hub.subscribe(keep="latest")
        stream = asyncio.create_task(_count(subscription))
        await clock.advance(5)
    assert await stream == 1


async def _count(items: AsyncIterable[object]) -> int:
    return len([item async for item in items])


async def test_run_stays_until_it_is_told(clock: ManualClock, tmp_path: Path, device: MakeDevice) -> None:
    device("roof")
    stop = asyncio.Event()
    async with Service(config(tmp_path, "roof"), clock=clock) as service:
        running = asyncio.create_task(service.run(stop=stop))
        await clock.advance(100)
        assert not running.done()
        stop.set()
        await running


async def test_a_restart_goes_on_with_the_same_record(clock: ManualClock, tmp_path: Path, device: MakeDevice) -> None:
    device("roof")
    services = [Service(config(tmp_path, "roof"), clock=clock) for _ in range(3)]
    for service in services:
        async with service:
            await clock.advance(15)
    assert [moment for moment, _ in recorded(services[0], "roof")] == [0, 10, 15, 25, 30, 40]


async def test_a_record_that_cannot_be_opened_is_told_and_nothing_runs(
    clock: ManualClock, tmp_path: Path, device: MakeDevice
) -> None:
    roof = device("roof")
    (tmp_path / "record.db").write_text("this is no database, and long enough to be looked at as one")
    with pytest.raises(StorageError):
        await Service(config(tmp_path, "roof"), clock=clock).__aenter__()
    await clock.advance(100)
    assert roof.reads == 0


async def test_a_disk_that_refuses_is_told_once_and_polling_goes_on(
    clock: ManualClock, tmp_path: Path, device: MakeDevice
) -> None:
    device("roof")
    async with Service(config(tmp_path, "roof"), clock=clock) as service:
        heard = service.hub.subscribe(keep="all")
        await service.flush()
        service.recorder._connection.execute("PRAGMA query_only = on")
        await clock.advance(15)
        for _ in range(2):
            with pytest.raises(StorageError):
                await service.flush()
            await clock.advance(15)
        assert [event.kind for event in events(heard)] == ["storage"]
        service.recorder._connection.execute("PRAGMA query_only = off")
        await service.flush()
        await clock.advance(15)
        assert [(event.kind, event.text) for event in events(heard)] == [("storage", "recording again")]
        await service.flush()
        assert [moment for moment, _ in recorded(service, "roof")] == [0, 10, 20, 30, 40, 50, 60]


async def test_a_secret_that_has_gone_is_told_before_anything_runs(tmp_path: Path, device: MakeDevice) -> None:
    device("roof")
    secret = tmp_path / "secret"
    secret.touch(0o600)
    system = SystemConfig(name="roof", url=DeviceURL.parse("scripted://roof"), password_file=secret)
    secret.unlink()
    with pytest.raises(ConfigError, match="cannot read the secret"):
        Service(Config(sites=(SiteConfig(timezone="UTC"),), systems=(system,)))
