from __future__ import annotations

import json
import signal
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.service.config import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.cli.conftest import Shell

ZONE = {"TZ": "Europe/Berlin"}


@contextmanager
def simulated(shell: Shell, *options: str) -> Iterator[dict[str, Any]]:
    with shell.start("simulate", *options, "--freeze") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".config/heliobus/config.toml"


def test_the_first_system_in_one_line(shell: Shell, appliance: Mapping[str, Any], path: Path) -> None:
    with shell.start("add", appliance["url"], "--name", "roof", **ZONE) as process:
        out, err = process.communicate("y\n", timeout=30)
    assert process.returncode == 0, err
    assert "Save it as 'roof'" in err
    assert "sun" in out
    assert "Saved: 'roof' of 'Home' (Europe/Berlin). Now: heliobus serve" in out
    config = load(path)
    assert [(one.name, str(one.addresses[0])) for one in config.systems] == [("roof", appliance["url"])]
    with shell.start("serve", HELIOBUS_WEB__BIND="127.0.0.1:0") as service:
        assert service.stderr is not None
        assert "heliobus records into" in service.stderr.readline()
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=20)
    assert service.returncode == 0


def test_nothing_is_saved_without_a_yes(shell: Shell, appliance: Mapping[str, Any], path: Path) -> None:
    with shell.start("add", appliance["url"], **ZONE) as process:
        process.communicate("n\n", timeout=30)
    assert process.returncode == 130
    assert not path.parent.exists()


def test_nothing_is_saved_without_a_reading(shell: Shell, path: Path) -> None:
    ended = shell("add", "senec://127.0.0.1:1", "--yes", **ZONE)
    assert (ended.code, ended.out) == (3, "")
    assert "cannot connect" in ended.err
    assert not path.parent.exists()


def test_secrets_are_asked_for_and_kept_for_the_owner_only(shell: Shell, path: Path) -> None:
    with simulated(shell, "e3dc") as told:
        bare = f"e3dc://127.0.0.1:{told['port']}"
        with shell.start("add", bare, **ZONE) as process:
            answers = [told["username"], told["password"], told["key"], "y"]
            out, err = process.communicate("".join(f"{one}\n" for one in answers), timeout=30)
    assert process.returncode == 0, err
    assert "RSCP password" in err
    (system,) = load(path).systems
    assert str(system.addresses[0]) == told["url"]
    written = path.read_text() + out
    for name in ("password", "key"):
        file = path.with_name(f"e3dc.{name}")
        assert file.read_text() == f"{told[name]}\n"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert told[name] not in written


def test_scripts_bring_secrets_in_the_environment(shell: Shell, path: Path) -> None:
    with simulated(shell, "e3dc") as told:
        lacking = shell("add", told["url"], "--yes", HELIOBUS_PASSWORD=told["password"], **ZONE)
        assert (lacking.code, "HELIOBUS_KEY" in lacking.err) == (2, True)
        secrets = {"HELIOBUS_PASSWORD": told["password"], "HELIOBUS_KEY": told["key"]}
        wrong = shell("add", told["url"], "--yes", **secrets | {"HELIOBUS_KEY": "no"}, **ZONE)
        assert (wrong.code, path.parent.exists()) == (4, False)
        ended = shell("add", told["url"], "--yes", "--json", **secrets, **ZONE)
        again = shell("add", told["url"], "--yes", "--name", "e3dc two", **secrets, **ZONE)
    assert again.code == 0, again.err
    assert path.with_name("e3dc-two.key").exists()
    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    assert (document["name"], document["site"], document["timezone"]) == ("e3dc", "Home", "Europe/Berlin")
    assert document["secrets"] == ["e3dc.key", "e3dc.password"]
    assert document["snapshot"]["pv"]["power"] == pytest.approx(told["truth"]["pv"], abs=1)
    assert told["key"] not in ended.out + ended.err


def test_a_secret_that_is_there_is_not_written_over(shell: Shell, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.with_name("e3dc.key").write_text("of another one")
    ended = shell("add", "e3dc://me@127.0.0.1:1", "--yes", HELIOBUS_PASSWORD="a", HELIOBUS_KEY="b", **ZONE)
    assert (ended.code, "e3dc.key is there already" in ended.err) == (2, True)
    assert path.with_name("e3dc.key").read_text() == "of another one"


def test_a_second_one_joins_the_house(shell: Shell, appliance: Mapping[str, Any], path: Path) -> None:
    assert shell("add", appliance["url"], "--name", "roof", "--yes", **ZONE).code == 0
    twice = shell("add", appliance["url"], "--name", "Roof", "--yes", **ZONE)
    assert (twice.code, "there is a system 'Roof' already" in twice.err) == (2, True)
    path.write_text(f"# mine\n{path.read_text()}")
    assert shell("add", appliance["url"], "--name", "shed", "--grid", "--yes", **ZONE).code == 0
    assert path.read_text().startswith("# mine\n")
    assert [(one.name, one.grid) for one in load(path).systems] == [("roof", False), ("shed", True)]


def test_a_wrong_configuration_is_told_before_anybody_is_asked(shell: Shell, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("[site]\ntimezone = 'UTC'\ncolour = 1\n")
    ended = shell("add", "senec://127.0.0.1:1", "--yes")
    assert (ended.code, "unknown key" in ended.err) == (2, True)
    path.unlink()
    for options in (["--name", "a/b"], ["--timezone", "Berlin"]):
        assert shell("add", "senec://127.0.0.1:1", "--yes", *options).code == 2


def test_the_certificate_that_was_seen_is_the_known_one(shell: Shell, path: Path, tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    with simulated(shell, "senec", "--wire", "https") as told:
        ended = shell("add", told["url"], "--yes", "--config", config, **ZONE)
    assert ended.code == 0, ended.err
    assert not path.exists()
    pins = json.loads((tmp_path / ".local/share/heliobus/certificates.json").read_text())
    assert list(pins) == [f"127.0.0.1:{told['port']}"]
    assert pins[f"127.0.0.1:{told['port']}"] in ended.out
