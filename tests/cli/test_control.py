from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import Shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Ended


@pytest.fixture(scope="module")
def alive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a SENEC whose time passes; every test gives it back."""
    with Shell(tmp_path_factory.mktemp("home")).start(
        "simulate", "senec", "--speed", "20", "--at", "2025-06-21T03:00+02:00"
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def forced(shell: Shell, url: str) -> int:
    document: dict[str, Any] = json.loads(shell("read", url, "--raw", "--json").out)
    return int(document["ENERGY"]["STAT_STATE"])


def test_what_a_device_obeys_is_shown_with_its_warning(shell: Shell, alive: str) -> None:
    ended = shell("control", alive)
    assert (ended.code, "charge" in ended.out, "from the grid too" in ended.out) == (0, True, True)
    told = json.loads(shell("control", alive, "--json").out)
    assert (set(told) >= {"charge", "auto"}, told["charge"]["durability"]) == (True, "volatile")


def test_a_dry_run_sends_nothing(shell: Shell, alive: str) -> None:
    before = forced(shell, alive)
    ended = shell("control", alive, "charge", "--dry-run", "--json")
    assert (ended.code, json.loads(ended.out)["status"]) == (0, "planned")
    assert forced(shell, alive) == before != 8


def test_a_command_holds_for_its_time_and_is_taken_back(shell: Shell, alive: str) -> None:
    with shell.start("control", alive, "charge", "--for", "1h") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Charge: applied\n"
        assert forced(shell, alive) == 8, "MAN. SAFETY CHARGE"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=40)
        assert process.returncode == 0
    assert forced(shell, alive) != 8
    assert shell("control", alive, "charge", "--for", "1s").code == 0
    assert forced(shell, alive) != 8


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("charge",), 2, "charge needs its end. Say --for 30min"),
        (("charge", "--keep"), 2, "the device does not keep Charge by itself"),
        (("charge", "--for", "1min", "--soc", "5"), 2, "charge has no --soc"),
        (("set-switch", "--for", "1min", "--on"), 2, "set-switch needs --id, --on"),
        (("charge", "--for", "1min", "--power", "100"), 5, "the device chooses power itself"),
        (("set-reserve", "--for", "1min", "--soc", "5"), 5, "does not know the command SetReserve"),
        (("charge", "--for", "2d"), 5, "outside 0 to 24 h"),
        (("explode",), 2, "Invalid value"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    shell: Shell, alive: str, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = shell("control", alive, *words)
    assert ended.code == code, ended.err
    last = ended.err.strip().splitlines()[-1]
    assert last.startswith("heliobus: ")
    assert said in last, last


def test_read_only_beats_everything(shell: Shell, alive: str) -> None:
    ended = shell("control", alive, "charge", "--for", "1min", HELIOBUS_READONLY="1")
    assert (ended.code, "HELIOBUS_READONLY is set" in ended.err) == (5, True)


@pytest.fixture
def storage(shell: Shell) -> Iterator[dict[str, Any]]:
    """What an E3/DC tells of itself: it keeps limits."""
    with shell.start("simulate", "e3dc", "--at", "2025-06-21T12:00+02:00") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def limit(shell: Shell, storage: dict[str, Any], *words: str, **variables: str) -> Ended:
    secrets = {"HELIOBUS_PASSWORD": storage["password"], "HELIOBUS_KEY": storage["key"]}
    return shell("control", storage["url"], "limit-charge", *words, **secrets, **variables)


def test_read_only_holds_for_what_is_kept_too(shell: Shell, storage: dict[str, Any]) -> None:
    ended = limit(shell, storage, "--power", "100", "--keep", HELIOBUS_READONLY="1")
    assert (ended.code, "HELIOBUS_READONLY is set" in ended.err) == (5, True)


def test_no_power_is_infinite(shell: Shell, storage: dict[str, Any]) -> None:
    ended = limit(shell, storage, "--power", "inf", "--dry-run")
    assert (ended.code, "power inf is outside" in ended.err) == (5, True), ended.err


def test_a_plan_keeps_to_the_bounds_that_the_device_tells(shell: Shell, storage: dict[str, Any]) -> None:
    ended = limit(shell, storage, "--power", "99999", "--dry-run")
    assert (ended.code, "power 99999.0 is outside" in ended.err) == (5, True), ended.err


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGHUP])
def test_what_a_run_left_is_taken_back_before_the_next_command(
    shell: Shell, storage: dict[str, Any], end: signal.Signals
) -> None:
    secrets = {"HELIOBUS_PASSWORD": storage["password"], "HELIOBUS_KEY": storage["key"]}
    words = ("control", storage["url"], "limit-charge", "--power", "200", "--for", "1h")
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored, by what is started from here too
    with shell.start(*words, **secrets) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "LimitCharge: applied\n"
        process.send_signal(end)
        _, err = process.communicate(timeout=40)
    assert ("heliobus control ends" in err) is (end is signal.SIGHUP)
    assert "the service" not in err
    ended = limit(shell, storage, "--power", "300", "--keep", "--json")
    assert ("the last run left it in force" in ended.err) is (end is signal.SIGKILL)
    found = json.loads(ended.out)
    assert found["before"]["EMS_POWER_LIMITS_USED"] is False
    found = json.loads(limit(shell, storage, "--power", "400", "--keep", "--json").out)
    assert found["before"]["EMS_MAX_CHARGE_POWER"] == 300, "and what was to be kept is there"


def test_one_run_at_a_time_commands_a_device(shell: Shell, alive: str) -> None:
    with shell.start("control", alive, "charge", "--for", "1h") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Charge: applied\n"
        second = shell("control", alive, "charge", "--for", "1s")
        assert (second.code, "another heliobus control is at this device. End that one" in second.err) == (5, True)
        assert shell("control", alive, "charge", "--dry-run").code == 0
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=40)
    assert forced(shell, alive) != 8


def test_what_could_not_be_given_back_is_an_error(shell: Shell) -> None:
    with shell.start("simulate", "e3dc", "--at", "2025-06-21T12:00+02:00") as device:
        assert device.stdout is not None
        told = json.loads(device.stdout.readline())
        secrets = {"HELIOBUS_PASSWORD": told["password"], "HELIOBUS_KEY": told["key"]}
        words = ("control", told["url"], "limit-charge", "--power", "200", "--for", "1h")
        with shell.start(*words, **secrets) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "LimitCharge: applied\n"
            device.kill()
            device.communicate(timeout=20)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=40)
        assert (process.returncode, "was not given back" in err) == (1, True), err
