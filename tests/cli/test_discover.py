from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.cli.conftest import Shell


def test_what_is_found_can_be_added(shell: Shell, appliance: Mapping[str, Any]) -> None:
    with shell.start("discover", f"127.0.0.1:{appliance['port']}") as process:
        out, err = process.communicate("y\n", timeout=30)
    assert process.returncode == 0, err
    assert "Looks at 1 address" in err
    assert "SENEC.Home V3" in out
    assert f"heliobus add {appliance['url']}" in out
    assert f'url = "{appliance["url"]}"' in out


def test_without_a_yes_nobody_is_asked(shell: Shell) -> None:
    with shell.start("discover", "127.0.0.1") as process:
        out, _ = process.communicate("n\n", timeout=30)
    assert (process.returncode, out) == (130, "")


def test_one_document_for_programs(shell: Shell, appliance: Mapping[str, Any]) -> None:
    ended = shell("discover", f"127.0.0.1:{appliance['port']}", "--yes", "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out) == {
        "asked": 1,
        "found": [
            {
                "vendor": "senec",
                "model": "SENEC.Home V3 hybrid duo",
                "certain": True,
                "url": appliance["url"],
                "needs": [],
            }
        ],
    }


def test_public_networks_are_refused_in_one_line(shell: Shell) -> None:
    ended = shell("discover", "8.8.8.0/24", "--yes")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        "heliobus: 8.8.8.0/24 is not a private network. heliobus looks for devices in your own network only.\n"
    )
