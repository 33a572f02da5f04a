"""The street in this process, its time as fast as the product is."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from contextlib import asynccontextmanager, closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.cli.demo.check import judge
from heliobus.cli.demo.street import COARSEST, Street
from heliobus.cli.demo.troubles import SEVEN, Troubles
from heliobus.errors import UsageError
from heliobus.model.command import Charge
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import Figure

FULL_PACE = 1440.0
COARSE = 60.0
"""Seconds between two polls in a day of the everyday suite, which is as fast as the product is."""


@asynccontextmanager
async def running(
    folder: Path, *faults: str, speed: float = 1e4, lasting: timedelta = timedelta(hours=2), coarsest: float = COARSEST
) -> AsyncIterator[tuple[Street, Troubles]]:
    opened = Street(folder, speed=speed, lasting=lasting, coarsest=coarsest)
    async with opened as street, Troubles(street, faults) as troubles:
        await street.first_answers()
        troubles.play()
        yield street, troubles


async def test_three_neighbours_differ(tmp_path: Path) -> None:
    async with running(tmp_path) as (street, _):
        assert [(house.name, house.wire.name) for house in street.houses] == [
            ("senec", "https"),
            ("e3dc", "rscp"),
            ("growatt", "shine"),
        ]
        assert len({house.site for house in street.houses}) == 3
        assert len({house.plant.house for house in street.houses}) == 3
        assert [house.plant.house.wallbox is not None for house in street.houses] == [False, True, False]
        assert all(house.plant.house.feed_in_limit for house in street.houses)
        flows = street.houses[1].plant.at(street.noon)
        assert min(abs(flows.pv), abs(flows.grid), abs(flows.battery), flows.load) > 0


async def test_a_visitor_switches_a_fault_on_and_off(tmp_path: Path) -> None:
    async with running(tmp_path) as (street, ground):
        assert ground.speed == 1e4
        names = [one.name for one in ground.faults()]
        assert len(names) == len(set(names))
        assert {"senec:wire-flips", "e3dc:cut-frame", "growatt:locked-1h", "growatt:router-away"} <= set(names)
        await ground.begin("e3dc:cut-frame")
        await ground.begin("e3dc:cut-frame")
        (active,) = [one for one in ground.faults() if one.active]
        assert (active.name, active.system, active.recovered_s) == ("e3dc:cut-frame", "e3dc", None)
        assert active.since is not None
        assert active.since <= street.clock.now()
        await street.clock.sleep(600)
        assert street.service.systems()[1].failures > 1
        await ground.end("e3dc:cut-frame")
        await ground.end("e3dc:cut-frame")
        await street.clock.sleep(600)
        (over,) = [one for one in ground.faults() if one.name == "e3dc:cut-frame"]
        assert (over.active, over.since) == (False, None)
        assert over.recovered_s is not None
        assert 0 < over.recovered_s <= ground.cases()[0].allowed_s
        with pytest.raises(UsageError, match="no fault 'e3dc:locked-1h'"):
            await ground.begin("e3dc:locked-1h")


async def test_control_is_there_to_play_with(tmp_path: Path) -> None:
    async with running(tmp_path) as (street, _):
        outcome = await asyncio.wait_for(street.service.gatekeeper.execute("senec", Charge(), who="visitor"), 30)
        assert outcome.status == "applied"
        assert street.houses[0].plant.overrides


@pytest.mark.prove
@pytest.mark.timeout(1200)
async def test_a_day_with_seven_faults(tmp_path: Path, scale: float, figure: Figure) -> None:
    """Its ledger, too: no energy falls, the local days add up to all of it, and midnight is inside."""
    day = timedelta(days=1)
    speed, coarsest = (FULL_PACE, COARSEST) if scale >= 1 else (1e6, COARSE)
    async with running(tmp_path, SEVEN, speed=speed, lasting=day, coarsest=coarsest) as (street, troubles):
        begin, before, since = street.clock.now(), held(), SYSTEM_CLOCK.monotonic()
        await street.clock.sleep(day.total_seconds())
        after, took = held(), SYSTEM_CLOCK.monotonic() - since
        end = street.clock.now()
        cases, history = troubles.cases(), street.service.history
        polls = sum(one.polls for one in street.service.systems())
        zone = ZoneInfo(street.houses[0].plant.house.timezone)
    verdicts = [judge(history, house, cases) for house in street.houses]
    assert all(now <= then + 4 for then, now in zip(before, after, strict=True)), "tasks and files stay as many"
    assert len(cases) == 11
    assert not [case for case in cases if not case.ok]
    assert not [(verdict.system, verdict.wrong) for verdict in verdicts if verdict.wrong]
    assert not [row for verdict in verdicts for row in verdict.rows if not row.ok]
    assert all(0.9 < verdict.coverage < 0.995 for verdict in verdicts), "what is lost is marked, and only that"
    assert begin.astimezone(zone).date() < end.astimezone(zone).date()
    with closing(sqlite3.connect(tmp_path / "heliobus.db")) as database:
        assert_ledger(database, zone)
    worst = max(case.recovered_s or 0.0 for case in cases if case.system != "growatt")
    done = f"a day, {polls} polls, seven faults at three houses"
    figure("demo", f"{done}: local systems good again after {worst:.0f} s; the day took {took:.0f} s")


def held() -> tuple[int, int]:
    """Count the tasks and open files of this process."""
    return len(asyncio.all_tasks()), len(list(Path("/proc/self/fd").iterdir()))


def assert_ledger(database: sqlite3.Connection, zone: ZoneInfo) -> None:
    """Compare the stored quarters with the stored days, exactly: integers, thousandths of Wh."""
    kept = database.execute("SELECT device, t0, pv, imp, exp, chg, dis, load, ev FROM energy_15min").fetchall()
    assert all(energy is None or energy >= 0 for row in kept for energy in row[2:])
    sums: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * 7)
    for device, start, *energies in kept:
        day = (datetime.fromtimestamp(start, zone).date() - date(1970, 1, 1)).days
        sums[device, day] = [one + (other or 0) for one, other in zip(sums[device, day], energies, strict=True)]
    days = database.execute("SELECT device, day, pv, imp, exp, chg, dis, load, ev FROM energy_day").fetchall()
    assert len(days) == 6, "three houses, and midnight is inside"
    assert {(device, day): [energy or 0 for energy in energies] for device, day, *energies in days} == sums
    joined = "counter_event JOIN channel ON channel.id = channel JOIN device ON device.id = device"
    reasons = database.execute(f"SELECT system, reason FROM {joined}")
    assert set(reasons) == {("growatt", "reset")}
