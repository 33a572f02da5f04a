"""The month's requests: none is forgotten, none is counted twice, and a new month has new ones."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.errors import LockedOut
from heliobus.senec.client.connect.quota import Counter, Usage, next_month
from heliobus.senec.protocol.connect import QUOTA, QuotaUsed, TooFast
from heliobus.simulation.clock import ManualClock
from heliobus.transport.private import PrivateFile
from heliobus.url import Secret
from heliobus.vendor import vendors

if TYPE_CHECKING:
    from pathlib import Path

LATE = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)


def counter_of(path: Path, clock: ManualClock) -> Counter:
    return Counter(origin="http://x", key=Secret("k"), state=path, clock=clock)


async def test_every_program_counts_in_the_same_file(tmp_path: Path) -> None:
    clock = ManualClock(LATE)
    counters = [counter_of(tmp_path / "kept", clock) for _ in range(5)]
    await asyncio.gather(*(one.spend() for one in counters * 4))
    assert (await counter_of(tmp_path / "kept", clock).usage()).used == 20
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o600
    assert "k" not in {word.strip('"') for word in (tmp_path / "kept").read_text().split()}


async def test_the_last_request_of_a_month_and_the_first_of_the_next(tmp_path: Path) -> None:
    clock = ManualClock(LATE)
    counter = counter_of(tmp_path / "kept", clock)
    usage = Usage(used=QUOTA - 1, month="2026-11")
    await PrivateFile(tmp_path / "kept").save(usage.to_json())
    await counter.spend()
    with pytest.raises(LockedOut, match="45000") as error:
        await counter.spend()
    assert error.value.until == datetime(2026, 12, 1, tzinfo=UTC)
    clock.jump(60.0)
    await counter.spend()
    assert await counter.usage() == Usage(month="2026-12", used=1)


async def test_what_the_cloud_says_of_the_quota_is_kept(tmp_path: Path) -> None:
    clock = ManualClock(LATE)
    counter = counter_of(tmp_path / "kept", clock)
    told = await counter.used_up(QuotaUsed("used up", seconds=None), month=True)
    assert told.until == datetime(2026, 12, 1, tzinfo=UTC)
    told = await counter.used_up(TooFast("too fast", seconds=30.0), month=False)
    assert told.until == LATE + timedelta(seconds=30)
    with pytest.raises(LockedOut, match="too fast"):
        await counter_of(tmp_path / "kept", clock).spend()
    clock.jump(30.0)
    await counter.spend()
    clock.jump(-300 * 86_400.0)
    assert (await counter.usage()).left == QUOTA  # another month
    await counter.spend()


def test_the_longest_month_has_requests_enough_for_the_pace_of_the_wire() -> None:
    pace = next(wire.interval for wire in vendors()["senec"].wires if wire.name == "connect")
    assert pace is not None
    assert 31 * 86_400 / pace <= QUOTA


@pytest.mark.parametrize("text", ["", "{", '{"month": 1}', "[]", '{"month": "2026-11", "used": "x"}'])
async def test_a_file_that_does_not_fit_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kept"
    path.write_text(text)
    path.chmod(0o600)
    assert (await counter_of(path, ManualClock(LATE)).usage()).used == 0


@given(st.datetimes(datetime(2026, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_next_month_begins_at_its_first_midnight(now: datetime) -> None:
    first = next_month(now)
    assert (first.day, first.hour, first.minute, first.second) == (1, 0, 0, 0)
    assert timedelta(0) < first - now <= timedelta(days=31)
    assert (first - timedelta(seconds=1)).month == now.month
