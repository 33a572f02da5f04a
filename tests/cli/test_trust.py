from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Shell


@pytest.fixture
def secured(shell: Shell) -> Iterator[dict[str, Any]]:
    """An appliance that speaks https; its announcement."""
    with shell.start("simulate", "senec", "--freeze", "--wire", "https", "--fault", "latency=1ms") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def known(home: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((home / ".local/share/heliobus/certificates.json").read_text())
    return found


def test_a_certificate_is_shown_and_stored_after_a_yes(shell: Shell, secured: dict[str, Any], tmp_path: Path) -> None:
    with shell.start("trust", secured["url"]) as process:
        out, err = process.communicate("n\n", timeout=30)
    assert process.returncode == 130
    assert "https with the certificate" in out
    assert not (tmp_path / ".local/share/heliobus/certificates.json").exists()

    with shell.start("trust", secured["url"]) as process:
        out, err = process.communicate("y\n", timeout=30)
    assert (process.returncode, "Accepted" in out) == (0, True), err
    (place, pin), *_ = known(tmp_path).items()
    assert (place, pin in out) == (f"127.0.0.1:{secured['port']}", True)
    ended = shell("trust", secured["url"])
    assert (ended.code, "Nothing to accept" in ended.out) == (0, True)


def test_scripts_name_the_fingerprint(shell: Shell, secured: dict[str, Any], tmp_path: Path) -> None:
    ended = shell("trust", secured["url"], "--fingerprint", "00" * 32)
    assert ended.code == 5
    right = next(word for word in ended.out.split() if len(word) == 64)
    pairs = ":".join(right[at : at + 2] for at in range(0, 64, 2)).upper()
    assert shell("trust", secured["url"], "--fingerprint", pairs).code == 0
    assert list(known(tmp_path).values()) == [right]


def test_the_file_is_that_of_the_configuration(shell: Shell, secured: dict[str, Any], tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text(
        f"[[site]]\ntimezone = 'UTC'\n[[system]]\nname = 'a'\nurl = '{secured['url']}'\n"
        f"[recorder]\npath = 'there/record.db'\n"
    )
    with shell.start("trust", secured["url"], "--config", config) as process:
        process.communicate("y\n", timeout=30)
    assert (tmp_path / "there/certificates.json").exists()


def test_a_device_without_a_certificate_needs_no_acceptance(shell: Shell, appliance: dict[str, Any]) -> None:
    ended = shell("trust", appliance["url"])
    assert (ended.code, "Nothing to accept" in ended.out) == (0, True)
