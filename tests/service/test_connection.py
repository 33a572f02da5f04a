from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import AuthenticationError, ConfigError, DeadlineExceeded, Error, Unreachable, UsageError
from heliobus.model.command import Auto, Status
from heliobus.model.identity import Device
from heliobus.service import connection as module
from heliobus.service.config import SystemConfig
from heliobus.service.connection import Connection
from heliobus.url import DeviceURL
from tests.service.scripted import HANG, SUNNY

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice


def connection(clock: ManualClock, *urls: str, password_file: Path | None = None) -> Connection:
    addresses = tuple(DeviceURL.parse(url) for url in urls)
    return Connection(
        SystemConfig(name="roof", urls=addresses, interval=10.0, password_file=password_file), clock=clock
    )


async def test_opens_once_reads_and_closes(clock: ManualClock, device: MakeDevice) -> None:
    roof = device("roof")
    ways = connection(clock, "scripted://roof")
    assert roof.opened == 0, "making one does no I/O"
    assert (await ways.read()).pv.power == SUNNY.pv.power
    await ways.read()
    await ways.close()
    assert (roof.reads, roof.opened, roof.closed) == (2, 1, 1)


async def test_opening_is_tried_again(clock: ManualClock, device: MakeDevice) -> None:
    device("roof").opening = deque([Unreachable("nobody there")])
    ways = connection(clock, "scripted://roof")
    with pytest.raises(Unreachable):
        await ways.read()
    await ways.read()


async def test_credentials_come_from_the_file(clock: ManualClock, device: MakeDevice, tmp_path: Path) -> None:
    roof = device("roof")
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    secret.chmod(0o600)
    await connection(clock, "scripted://roof", password_file=secret).read()
    assert roof.credentials is not None
    assert roof.credentials.password is not None
    assert roof.credentials.password.reveal() == "hush"


def test_an_address_that_the_client_cannot_take_is_told_at_the_start(clock: ManualClock, device: MakeDevice) -> None:
    device("roof")
    with pytest.raises(ConfigError, match="system 'roof': a scripted device has no options"):
        connection(clock, "scripted://roof?colour=red")


async def test_the_address_shows_no_user(clock: ManualClock, device: MakeDevice) -> None:
    device("roof")
    assert connection(clock, "scripted://me@example.org@roof:99").url == "scripted://roof:99"


async def test_the_fall_back_is_asked_when_the_preferred_way_fails(clock: ManualClock, device: MakeDevice) -> None:
    local, cloud = device("local", Unreachable("no"), SUNNY), device("cloud")
    ways = connection(clock, "scripted://local", "scripted://cloud")
    await ways.read()
    assert (ways.url, ways.interval, local.reads, cloud.reads) == ("scripted://cloud", 20, 1, 1)
    await clock.advance(10)
    await ways.read()
    assert (ways.url, ways.interval, local.reads, cloud.reads) == ("scripted://local", 10, 2, 1)


async def test_a_fall_back_is_asked_at_its_own_pace(clock: ManualClock, device: MakeDevice) -> None:
    device("local", Unreachable("no"))
    cloud = device("cloud")
    ways = connection(clock, "scripted://local", "scripted://cloud")
    for _ in range(100):
        await clock.advance(max(ways.wait, 0))
        try:
            await ways.read()
        except Unreachable:
            continue
    assert cloud.reads <= clock.monotonic() / 20 + 1, "20 s is what the vendor's devices bear"
    assert cloud.reads >= 20


async def test_of_several_devices_the_configured_one_is_meant(clock: ManualClock, device: MakeDevice) -> None:
    account, local = device("account"), device("local")
    account.behind = tuple(Device(id=name, vendor="scripted", serial=f"SN{name}") for name in ("1", "2"))
    both = [DeviceURL.parse(f"scripted://{name}") for name in ("account", "local")]
    ways = Connection(SystemConfig(name="roof", urls=tuple(both), interval=10.0, device="SN2"), clock=clock)
    await ways.read()
    await ways.read()
    await ways.execute(Auto(), dry_run=True)
    assert (account.asked_of, account.asked_who) == ([account.behind[1]] * 3, 1)
    assert await ways.devices() == account.behind[1:]
    account.answers = deque([Unreachable("no")])
    await ways.read()
    assert local.asked_of == [None], "where there is only one, its own id is not asked for"


async def test_a_device_that_an_account_lacks_is_told_with_those_it_has(clock: ManualClock, device: MakeDevice) -> None:
    device("account").behind = tuple(Device(id=name, vendor="scripted") for name in ("1", "2"))
    url = DeviceURL.parse("scripted://account")
    with pytest.raises(UsageError, match="no device '3' at scripted://account") as raised:
        await Connection(SystemConfig(name="roof", url=url, device="3"), clock=clock).read()
    assert raised.value.remedy == "Set device to one of: 1, 2."


async def test_when_all_ways_fail_the_preferred_one_explains(clock: ManualClock, device: MakeDevice) -> None:
    device("local", AuthenticationError("wrong password"))
    device("cloud", Unreachable("no"))
    with pytest.raises(AuthenticationError):
        await connection(clock, "scripted://local", "scripted://cloud").read()


async def test_a_bug_in_a_client_is_an_error_with_one_traceback(
    clock: ManualClock, device: MakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    device("roof", ZeroDivisionError("oops"))
    ways = connection(clock, "scripted://roof")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with pytest.raises(Error, match="unexpected ZeroDivisionError: oops"):
                await ways.read()
    (record,) = caplog.records
    assert record.exc_info


async def test_a_way_that_fails_to_close_leaves_no_other_open(
    clock: ManualClock, device: MakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    local, cloud = device("local", Unreachable("no")), device("cloud")
    local.closing = RuntimeError("stuck")
    ways = connection(clock, "scripted://local", "scripted://cloud")
    await ways.read()
    await ways.close()
    assert (local.closed, cloud.closed) == (1, 1)
    assert "closing failed" in caplog.text


async def test_a_client_without_a_deadline_is_given_one(
    clock: ManualClock, device: MakeDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONGEST_SECONDS", 0.01)
    device("roof", HANG)
    with pytest.raises(DeadlineExceeded):
        await connection(clock, "scripted://roof").read()


async def test_commands_go_the_way_that_answered(clock: ManualClock, device: MakeDevice) -> None:
    local, cloud = device("local", Unreachable("no")), device("cloud")
    ways = connection(clock, "scripted://local", "scripted://cloud")
    await ways.read()
    outcome = await ways.execute(Auto())
    assert (outcome.status, local.executed, cloud.executed) == (Status.APPLIED, [], [Auto()])
    assert "Auto" in (await ways.capabilities()).commands


async def test_what_a_device_obeys_is_told_without_asking_it(clock: ManualClock, device: MakeDevice) -> None:
    """It may be off, and a cloud counts what it is asked."""
    roof = device("roof", Unreachable("off"))
    roof.who, roof.abilities = Unreachable("off"), {}
    ways = connection(clock, "scripted://roof")
    for _ in range(3):
        assert (await ways.capabilities()).commands == {}
    assert (roof.asked_who, roof.reads) == (0, 0)
