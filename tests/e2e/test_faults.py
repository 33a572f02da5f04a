"""One of two appliances goes wrong, in every way that the simulator knows, and heals: over real sockets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from heliobus.service.supervisor import Service
from heliobus.simulation.clock import ManualClock
from tests.e2e.appliances import MORNING, appliance, config

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.service.health import SystemStatus

INTERVAL = 10.0
# fault -> the error that is told, or None: values are unknown or right, and the poll counts as good
FAULTS = {
    "html": "not as a SENEC appliance",
    "404": "HTTP 404",
    "500": "HTTP 500",
    "empty": "empty",
    "big": "",
    "truncate": None,
    "nan": None,
    "unknown-prefix": None,
    "duplicate-keys": None,
    "escaped-quotes": None,
    "statistic-gone": None,
}


async def beats(count: int, service: Service, clock: ManualClock) -> tuple[SystemStatus, ...]:
    """Let intervals pass, and the polls of each end."""
    for _ in range(count):
        await clock.advance(INTERVAL)
        await clock.until_asleep(len(service.config.systems))
    return service.systems()


@pytest.mark.parametrize(("fault", "error"), FAULTS.items(), ids=FAULTS)
async def test_a_device_goes_wrong_and_heals_beside_another(tmp_path: Path, fault: str, error: str | None) -> None:
    clock = ManualClock(MORNING)
    async with (
        appliance(clock, seed=7) as roof,
        appliance(clock, seed=8) as cellar,
        Service(config(tmp_path, roof=roof, cellar=cellar), clock=clock) as service,
    ):
        await clock.until_asleep(2)
        assert [one.status for one in service.systems()] == ["ok", "ok"]
        roof.faults = (fault,)
        bad, good = await beats(6, service, clock)
        if error is None:
            assert (bad.status, bad.error) == ("ok", None)
        else:
            assert bad.status == "late"
            assert error in str(bad.error)
        assert (good.status, good.failures) == ("ok", 0)
        roof.faults = ()
        bad, _ = await beats(2, service, clock)
        assert (bad.status, bad.error) == ("ok", None), "back within two intervals"
        await service.flush()
        assert len(list(service.history.samples(MORNING, clock.now(), system="cellar"))) == 8


async def test_a_device_that_is_switched_off_and_on(tmp_path: Path) -> None:
    clock = ManualClock(MORNING)
    async with appliance(clock, seed=8) as cellar:
        roof = appliance(clock)
        async with roof:
            configured = config(tmp_path, roof=roof, cellar=cellar)
        async with Service(configured, clock=clock) as service:
            await clock.until_asleep(2)
            bad, good = service.systems()
            assert (bad.status, bad.snapshot, good.status) == ("connecting", None, "ok")
            assert "cannot connect" in str(bad.error)
            async with roof:
                bad, _ = await beats(2, service, clock)
                assert (bad.status, bad.error) == ("ok", None)


async def test_the_service_ends_while_a_device_hangs(tmp_path: Path) -> None:
    clock = ManualClock(MORNING)
    async with appliance(clock, faults=("hang",)) as device:
        async with Service(config(tmp_path, roof=device), clock=clock) as service:
            await clock.until_asleep()  # that is the device: it has the request and sleeps over it
            begun = time.monotonic()
        assert time.monotonic() - begun < 1.0
        assert service.systems()[0].status == "connecting"
