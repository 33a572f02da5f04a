"""What goes wrong with a cloud at the command line: one line, the right code, and no secret anywhere."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Shell

CANARY = "Canary-7f3a"
AUTHENTICATION, UNREACHABLE, REFUSED = 4, 3, 5
DEAD = "127.0.0.1:9"


@pytest.fixture
def cloud(shell: Shell) -> Iterator[dict[str, Any]]:
    with shell.start("simulate", "growatt", "--freeze") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def url(told: dict[str, Any], scheme: str, server: str | None = None) -> str:
    user = f"{told['username']}@" if scheme == "growatt" else ""
    return f"{scheme}://{user}{server or told['host'] + ':' + str(told['port'])}?scheme=http"


@pytest.mark.parametrize("verb", ["read", "control"])
@pytest.mark.parametrize("scheme", ["growatt", "growatt+v1", "growatt+v4"])
def test_what_goes_wrong(shell: Shell, cloud: dict[str, Any], tmp_path: Path, scheme: str, verb: str) -> None:
    words = (verb,) if verb == "read" else (verb, "charge", "--for", "10min")
    secrets = {"HELIOBUS_PASSWORD": CANARY, "HELIOBUS_TOKEN": CANARY}
    wrong = shell(words[0], url(cloud, scheme), *words[1:], **secrets)
    dead = shell(words[0], url(cloud, scheme, DEAD), *words[1:], **secrets)
    loud = shell("--debug", words[0], url(cloud, scheme), *words[1:], **secrets)
    obeys = (scheme, verb) != ("growatt+v4", "control")  # by V4 nothing is obeyed, and so nobody is asked
    assert (wrong.code, dead.code) == ((AUTHENTICATION, UNREACHABLE) if obeys else (REFUSED, REFUSED))
    assert loud.code == wrong.code, "the second time it is told the same"
    for ended in (wrong, dead):
        assert ended.out == ""
        *journal, last = ended.err.splitlines()
        assert last.startswith("heliobus: ")
        assert all(".gatekeeper: " in line or ".leases: " in line for line in journal), "what control notes"
    assert all(CANARY not in ended.out + ended.err for ended in (wrong, dead, loud))
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept if "growatt" in path.parts)
    assert all(CANARY not in path.read_text("utf-8") for path in kept if path.suffix == ".json")


def test_without_a_password_it_is_asked_for(shell: Shell, cloud: dict[str, Any]) -> None:
    for scheme in ("growatt", "growatt+v1"):
        ended = shell("read", url(cloud, scheme))
        assert (ended.code != 0, ended.out, ended.err.count("\n")) == (True, "", 1)
        assert "HELIOBUS_" in ended.err


@pytest.mark.parametrize(
    "address", ["growatt://", "growatt+v1://", "growatt://u@h?secret=1", "growatt://u@h?scheme=ftp"]
)
def test_a_bad_address(shell: Shell, address: str) -> None:
    ended = shell("read", address, HELIOBUS_PASSWORD=CANARY, HELIOBUS_TOKEN="")
    assert (ended.code != 0, ended.out, ended.err.strip().count("\n")) == (True, "", 0)
    assert CANARY not in ended.err
    assert "Traceback" not in ended.err


def test_what_an_inverter_obeys_is_known_before_it_is_read(shell: Shell, cloud: dict[str, Any]) -> None:
    ended = shell("control", url(cloud, "growatt"), "--json", HELIOBUS_PASSWORD=cloud["password"])
    assert ended.code == 0
    assert set(json.loads(ended.out)) >= {"charge", "auto"}
    planned = shell("control", url(cloud, "growatt"), "charge", "--dry-run", HELIOBUS_PASSWORD=cloud["password"])
    assert (planned.code, planned.out.startswith("Charge: planned")) == (0, True)
