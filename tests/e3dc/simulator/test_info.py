from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import Timestamp, tags

if TYPE_CHECKING:
    from .conftest import Start


async def test_identity(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    serial, mac, release = await link.ask("INFO_REQ_SERIAL_NUMBER", "INFO_REQ_MAC_ADDRESS", "INFO_REQ_SW_RELEASE")
    assert serial.value == bench.simulator.announcement()["serial"] == "S10-4400000007"
    assert release.value == "S10_2026_02"
    overview = await link.one("INFO_REQ_INFO")
    assert overview.get(tags.INFO_SERIAL_NUMBER) == serial
    assert overview.get(tags.INFO_MAC_ADDRESS) == mac


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (datetime(2026, 6, 20, 10, 30, 15, 250_000, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), 1),
    ],
)
async def test_the_time_is_told_twice(start: Start, at: datetime, hours: int) -> None:
    link = await (await start(at=at)).log_in()
    local, utc, zone = await link.ask("INFO_REQ_TIME", "INFO_REQ_UTC_TIME", "INFO_REQ_TIME_ZONE")
    assert utc.value == Timestamp.of(at)
    assert local.value == Timestamp.of(at + timedelta(hours=hours))  # local, written as if it were UTC
    assert zone.value == "Europe/Berlin"


@pytest.mark.parametrize(
    ("profile", "prefix"),
    [("s10e", "S10-4"), ("s10-mini", "S10-5"), ("quattroporte", "Q10-6"), ("s10e-pro", "P10-70"), ("farm", "H20-8")],
)
async def test_models_are_told_by_their_serials(start: Start, profile: str, prefix: str) -> None:
    bench = await start(profile=profile)
    assert bench.simulator.announcement()["serial"].startswith(prefix)
