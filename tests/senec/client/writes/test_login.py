"""The local login."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import AuthenticationError, Refused, TransportError, UsageError
from heliobus.senec.simulator.login import USERS
from heliobus.url import Secret

if TYPE_CHECKING:
    from tests.senec.client.writes.bench import Start


async def test_a_login_opens_and_is_always_ended(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = await start(profile="0826")
    secret = USERS["fitter"].password
    assert await bench.client.log_in("fitter", password=Secret(secret)) == 2
    answer = await bench.client.query({"ENERGY": {"GUI_CAP_TEST_START": ""}})
    assert answer["ENERGY"]["GUI_CAP_TEST_START"] == 0
    with pytest.raises(Refused):
        await bench.client.query({"ENERGY": {"GUI_CAP_TEST_START": "u8_01"}})
    await bench.client.close()
    assert bench.simulator._appliance.login.level(bench.clock.now()) == 0
    assert await bench.client.log_in("resident", password=USERS["resident"].password) == 1
    await bench.client.log_out()
    asked = bench.simulator.requests
    await bench.client.close()
    assert bench.simulator.requests == asked, "logged out already"
    assert secret not in caplog.text
    assert secret not in repr(vars(bench.client))


async def test_a_wrong_password_is_not_tried_for_ever(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = await start()
    for _ in range(3):
        with pytest.raises(AuthenticationError) as error:
            await bench.client.log_in("fitter", password="wrong one")
        assert "wrong one" not in str(error.value)
    asked = bench.simulator.requests
    with pytest.raises(Refused, match="failed logins"):
        await bench.client.log_in("fitter", password=USERS["fitter"].password)
    with pytest.raises(UsageError):
        await bench.client.log_in("fitter", password="")
    assert bench.simulator.requests == asked
    assert bench.simulator._appliance.login.failures == 3
    assert "wrong one" not in caplog.text


async def test_a_login_in_doubt_is_ended_too(start: Start) -> None:
    bench = await start(faults=("write-unanswered",))
    with pytest.raises(TransportError):
        await bench.client.log_in("fitter", password=USERS["fitter"].password)
    bench.simulator.faults = ()
    await bench.client.close()
    assert bench.simulator._appliance.login.level(bench.clock.now() + timedelta(hours=1)) == 0
