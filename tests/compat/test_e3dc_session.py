"""Connections to a system in the same network, and what goes wrong with them."""

from __future__ import annotations

import gc
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from heliobus import errors
from heliobus.compat import e3dc as compat
from heliobus.compat.e3dc import E3DC
from heliobus.transport import blocking
from tests.compat.conftest import access, local

if TYPE_CHECKING:
    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start


def test_a_wrong_password(start: Start) -> None:
    with pytest.raises(compat.AuthenticationError, match="password") as caught:
        local(start(), password="not it")
    assert isinstance(caught.value, errors.AuthenticationError)
    assert isinstance(caught.value, compat.RSCPAuthenticationError)
    assert "not it" not in caught.value.line()


def test_a_wrong_key(start: Start) -> None:
    with pytest.raises(compat.RSCPKeyError, match="key") as caught:
        local(start(), key="not it")
    assert isinstance(caught.value, errors.KeyRejected)
    assert not isinstance(caught.value, compat.AuthenticationError)


def test_nobody_there(start: Start) -> None:
    system = start()
    way = access(system)
    blocking.run(system.__aexit__(None, None, None))
    with pytest.raises(compat.SendError) as caught:
        E3DC(E3DC.CONNECT_LOCAL, **way)
    assert isinstance(caught.value, compat.CommunicationError | compat.SocketNotReady)
    assert caught.value.retryable
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("fault", ["cut-frame", "wrong-crc", "twice", "nesting-bomb"])
def test_an_answer_that_is_none(start: Start, fault: str) -> None:
    system = start()
    ours = local(system)
    system.faults = (fault,)
    with pytest.raises(compat.SendError):
        ours.poll()
    assert not ours.connected
    system.faults = ()
    assert ours.poll()["stateOfCharge"] > 0


def test_there_is_no_other_kind_of_connection(start: Start) -> None:
    with pytest.raises(ValueError, match="3"):
        E3DC(3, **access(start()))


def test_keep_alive_holds_the_connection(start: Start, clock: ManualClock) -> None:
    system = start()
    ours = local(system)
    system.faults = ("idle-drop",)
    ours.poll_switches(keepAlive=True)
    blocking.run(clock.advance(61))
    ours.set_switch_onoff(4, False, keepAlive=True)
    assert system.connections == 1
    ours.poll_switches(keepAlive=False)
    assert (system.connections, ours.connected) == (1, False)
    ours.poll_switches()
    assert system.connections == 2
    ours.disconnect()


def test_without_keep_alive_nothing_stays_open(start: Start) -> None:
    ours = local(start())
    for call in (
        lambda: ours.get_battery_data(dcbs=[]),
        lambda: ours.get_pvi_data(0, [], []),
        lambda: ours.get_pvis_data([]),
        ours.get_db_data,
    ):
        ours.rscp.connect()
        call()
        assert not ours.connected
    with pytest.raises(compat.NotAvailableError):
        ours.get_battery_data(7, keepAlive=True)
    assert not ours.connected


def test_a_dropped_one_leaves_no_connection(start: Start) -> None:
    system = start()
    ours = local(system)
    assert ours.connected
    assert len(system._open) == 1
    del ours
    gc.collect()
    while system._open:  # it is closed in the background
        time.sleep(0.001)


def test_threads_may_share_one(start: Start) -> None:
    system = start()
    ours = local(system)
    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(ours.sendRequestTag, "EMS_REQ_POWER_PV") for _ in range(20)]
        found += [threads.submit(ours.set_switch_onoff, 4, False) for _ in range(20)]
    assert {one.result() for one in found[:20]} == {ours.poll()["production"]["solar"]}
    assert all(one.result() is True for one in found[20:])


def test_rscp_connects_and_disconnects(start: Start) -> None:
    ours = local(start())
    ours.disconnect()
    assert ours.rscp.isConnected() is False
    ours.rscp.connect()
    assert ours.rscp.isConnected() is True
    assert ours.rscp.sendRequest(("EMS_REQ_BAT_SOC", "None", None))[:2] == ("EMS_BAT_SOC", "UChar8")
    ours.rscp.sendCommand(("EMS_REQ_BAT_SOC", "None", None))
    ours.rscp.disconnect()


def test_debug_shows_messages_without_secrets(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    system = start()
    compat.set_rscp_debug(True)
    try:
        local(system).poll()
    finally:
        compat.set_rscp_debug(False)
    assert "EMS_POWER_PV" in caplog.text
    assert access(system)["password"] not in caplog.text
    before = len(caplog.records)
    local(system).poll()
    assert len([record for record in caplog.records[before:] if record.levelno == logging.DEBUG]) == 0
