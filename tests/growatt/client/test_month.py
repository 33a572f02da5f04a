"""A month of polling as a service does it, with everything that ends sessions: nobody is locked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Error, LockedOut

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

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


TOKEN_INTERVAL = 305


@pytest.mark.prove
async def test_a_month_by_token_with_a_restart_every_hour(cloud: Clouds, scale: float, figure: Figure) -> None:
    """Polls at the pace of the wire: none comes too early, and what was told is read once."""
    polls = max(round(DAYS * scale), 1) * 86_400 // TOKEN_INTERVAL
    troubles = {polls * (2 * number + 2) // 13: fault for number, fault in enumerate(TROUBLES)}
    seen: list[datetime] = []
    locked = 0
    async with cloud(profile="tlx") as one:
        token = {"username": None, "password": None, "token": one.told["token"]}
        client = one.client(**token)
        for poll in range(polls):
            one.simulator.faults = tuple(fault for at, fault in troubles.items() if at == poll)
            if poll * TOKEN_INTERVAL % 3600 < TOKEN_INTERVAL:
                await client.close()
                client = one.client(**token)
            try:
                moment = (await client.read()).device_time
                assert moment is not None
                seen.append(moment)
            except Error as error:
                assert error.retryable  # noqa: PT017, good readings are right too
                assert "10012" not in str(error)  # noqa: PT017, the server never has to say so
                locked += isinstance(error, LockedOut)
            await one.clock.advance(TOKEN_INTERVAL)
        await client.close()
        assert one.logins == 0
    assert len(set(seen)) == len(seen) >= polls - locked - len(TROUBLES)
    assert locked <= (3600 + 1800) // TOKEN_INTERVAL + 2
    figure("a Growatt token", f"{polls} polls, a restart an hour: none too early, {len(seen)} samples, each once")
