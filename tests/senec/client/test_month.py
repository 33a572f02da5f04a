"""A month of polling as a service does it, with all that ends sign-ons: no login storm, one message to the owner."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Error

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from tests.conftest import Figure
    from tests.senec.client.conftest import AppCloud

    Clouds = Callable[..., AbstractAsyncContextManager[AppCloud]]

DAYS = 30
INTERVAL = 300
HOUR = timedelta(hours=1)
TROUBLES = (  # what, from which share of the month on, for how many seconds
    ("sso-outage", 0.10, 7200),
    ("sso-changed-form", 0.40, 10_800),
    ("sso-setup", 0.55, 5400),
    ("sso-expired", 0.70, 3600),
    ("app-outage", 0.80, 3600),
)
REVOCATIONS = (0.25, 0.40, 0.55, 0.70, 0.90)
"""When all tokens and sessions end; without tokens a trouble of the sign-on's pages is met."""


@pytest.mark.prove
async def test_a_month_with_a_restart_every_hour(app_cloud: Clouds, scale: float, figure: Figure) -> None:
    polls = max(round(DAYS * scale), 2) * 86_400 // INTERVAL
    revoked = {int(polls * share) for share in REVOCATIONS}
    troubles = [(name, int(polls * share), lasts // INTERVAL) for name, share, lasts in TROUBLES]
    messages: dict[str, set[str]] = {}
    logins: dict[str, list[datetime]] = {}
    read = missed = 0
    async with app_cloud(faults=("sso-otp",)) as cloud:
        client = cloud.client()
        for poll in range(polls):
            now = [name for name, begin, lasts in troubles if begin <= poll < begin + lasts]
            cloud.simulator.faults = ("sso-otp", *now)
            if poll in revoked:
                cloud.simulator.sign_on.revoke()
            if poll * INTERVAL % 3600 < INTERVAL:
                await client.close()
                client = cloud.client()
            before = cloud.passwords
            try:
                read += (await client.read()).pv.power is not None
            except Error as error:
                assert error.retryable, error.line()  # noqa: PT017, good readings are right too
                missed += 1
                messages.setdefault(now[0] if now else "", set()).add(error.line())
            logins.setdefault(now[0] if now else "", []).extend(cloud.simulator.sign_on.passwords[before:])
            await cloud.clock.advance(INTERVAL)
        await client.close()
    assert read + missed == polls
    for name, times in logins.items():
        assert all(later - earlier >= HOUR for earlier, later in pairwise(times)), name
    assert not logins["sso-outage"]
    for name in ("sso-changed-form", "sso-setup", "sso-expired"):
        assert len(messages[name]) == 1, messages[name]
    # After an outage at once, after a failure when its pause ends: by doubling at most as long again.
    assert missed <= 2 * sum(lasts for _, _, lasts in troubles) + 3600 // INTERVAL * len(troubles)
    full = sum(map(len, logins.values()))
    figure(
        "a SENEC account",
        f"{polls} polls with a restart an hour, {len(REVOCATIONS)} revocations, {len(TROUBLES)} troubles: "
        f"{full} full logins, never two of a kind within an hour; one message each; {missed} polls missed",
    )
