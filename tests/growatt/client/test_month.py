"""A month of polling as a service does it, with everything that ends sessions: nobody is locked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Error, LockedOut

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.conftest import Figure
    from tests.growatt.conftest import Cloud

    Clouds = Callable[..., AbstractAsyncContextManager[Cloud]]

DAYS, DEATHS = 30, 6
INTERVAL = 660
TROUBLES = ("waf", "throttled", "gateway", "maintenance", "locked", "empty")


@pytest.mark.prove
async def test_a_month_with_a_restart_every_hour(cloud: Clouds, scale: float, figure: Figure) -> None:
    polls = max(round(DAYS * scale), 1) * 86_400 // INTERVAL
    deaths = {polls * (2 * number + 1) // (2 * DEATHS + 1) for number in range(DEATHS)}
    troubles = {polls * (2 * number + 2) // (2 * DEATHS + 1): fault for number, fault in enumerate(TROUBLES)}
    read = missed = 0
    async with cloud() as one:
        client = one.client()
        for poll in range(polls):
            one.simulator.faults = tuple(fault for at, fault in troubles.items() if at == poll)
            if poll in deaths:
                one.simulator.account.expire()
            if poll * INTERVAL % 3600 < INTERVAL:
                await client.close()
                client = one.client()
            try:
                read += (await client.read()).pv.power is not None
            except Error as error:
                assert error.retryable  # noqa: PT017, good readings are right too
                missed += isinstance(error, LockedOut)
            await one.clock.advance(INTERVAL)
        await client.close()
        assert one.logins == 1 + DEATHS
        assert one.asked("login") == one.logins
        assert one.simulator.account.locked_until is None
    assert read >= polls - missed - len(TROUBLES)
    assert missed <= 2 * 3600 // INTERVAL + 2
    figure(
        "a Growatt account", f"{polls} polls, a restart an hour: {DEATHS} dead sessions, {DEATHS + 1} logins, 0 locks"
    )
