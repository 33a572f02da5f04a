"""A check finds what is wrong: shown with a vendor of its own distribution that takes import for export."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

BACKWARDS = '''
    """A SENEC whose mapping takes import for export."""

    from dataclasses import replace

    from heliobus.senec import AsyncClient
    from heliobus.senec.plugin import VENDOR as SENEC
    from heliobus.senec.simulator import SenecSimulator
    from heliobus.vendor import Demo


    class Client(AsyncClient):
        async def read(self, device=None, *, detail="live"):
            snapshot = await super().read(device, detail=detail)
            return replace(snapshot, grid=replace(snapshot.grid, power=-snapshot.grid.power))


    class Simulator(SenecSimulator):
        def announcement(self):
            told = super().announcement()
            return told | {"url": told["url"].replace("senec:", "backwards:")}


    VENDOR = replace(
        SENEC,
        name="backwards",
        title="Backwards",
        wires=(replace(SENEC.wires[0], scheme="backwards"),),
        connect=lambda url, credentials, clock: Client(url.host, port=url.port, clock=clock),
        simulate=Simulator,
        demo=Demo(),
    )
'''


@pytest.fixture
def backwards(tmp_path: Path) -> str:
    """Give the folder of an installed distribution, for PYTHONPATH."""
    folder = tmp_path / "site"
    about = folder / "backwards-1.dist-info"
    about.mkdir(parents=True)
    (folder / "backwards.py").write_text(dedent(BACKWARDS))
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: backwards\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[heliobus.vendors]\nbackwards = backwards:VENDOR\n")
    return str(folder)


def test_the_demo_checks_itself(shell: Shell) -> None:
    ended = shell("demo", "--port", "0", "--for", "4s", "--check", "--json")
    assert ended.code == 0, ended
    report = json.loads(ended.out)
    assert report["ok"] is True
    channels = {"pv", "import", "export", "charge", "discharge", "load"}
    assert {row["channel"] for row in report["channels"] if row["system"] == "e3dc"} == {*channels, "wallbox"}
    assert {row["channel"] for row in report["channels"] if row["system"] != "e3dc"} == channels
    assert all(row["recorded"] is not None for row in report["channels"])
    assert sum(row["true"] for row in report["channels"]) > 100
    assert all(one["polls"] > 10 and not one["wrong"] for one in report["systems"])


def test_a_wrong_sign_ends_with_1(shell: Shell, backwards: str) -> None:
    ended = shell("demo", "--port", "0", "--for", "2s", "--check", "--json", PYTHONPATH=backwards)
    assert ended.code == 1, ended
    assert "deviates" in ended.err.splitlines()[-1]
    report = json.loads(ended.out)
    assert report["ok"] is False
    wrong = {(row["system"], row["channel"]) for row in report["channels"] if not row["ok"]}
    assert wrong == {("backwards", "import"), ("backwards", "export")}
    assert {row["system"] for row in report["channels"]} == {"senec", "e3dc", "growatt", "backwards"}


def test_too_little_time_for_a_single_span(shell: Shell) -> None:
    ended = shell("demo", "--port", "0", "--for", "1s", "--check", "--speed", "0.001")
    assert ended.code == 1
    assert "deviates" in ended.err.splitlines()[-1]
    assert "0 of 19 agree" in ended.out


def test_a_fault_that_does_not_end_in_time_fails(shell: Shell) -> None:
    ended = shell("demo", "--port", "0", "--for", "2s", "--check", "--json", "--fault", "e3dc:cut-frame@1min+1h")
    assert ended.code == 1
    (fault,) = json.loads(ended.out)["faults"]
    assert (fault["system"], fault["ended"], fault["recovered_s"], fault["ok"]) == ("e3dc", None, None, False)
    assert [row for row in json.loads(ended.out)["channels"] if not row["ok"]] == [], "outside the gap all is right"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("foo:router-away", "no system 'foo'"),
        ("no-such-fault", "of any system"),
        ("senec:locked-1h", "of senec"),
        ("router-away@soon", "'soon'"),
    ],
)
def test_what_is_no_fault_is_told_in_one_line(shell: Shell, fault: str, words: str) -> None:
    ended = shell("demo", "--port", "0", "--for", "1s", "--fault", fault)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
