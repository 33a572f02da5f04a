"""simulate, read and watch."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.cli.root import explain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cli.conftest import Shell


def test_read_gives_the_announced_truth(shell: Shell, appliance: Mapping[str, Any]) -> None:
    ended = shell("read", appliance["url"], "--json")
    assert (ended.code, ended.err) == (0, "")
    snapshot, truth = json.loads(ended.out), appliance["truth"]
    for part in ("pv", "grid", "battery", "load"):
        assert abs(truth[part]) > 50
        assert snapshot[part]["power"] == pytest.approx(truth[part], rel=1e-6)
    assert snapshot["battery"]["soc"] == pytest.approx(truth["soc"], rel=1e-6)


def test_read_for_people(shell: Shell, appliance: Mapping[str, Any]) -> None:
    ended = shell("read", appliance["url"], "--detail", "full", NO_COLOR="1")
    assert (ended.code, ended.err) == (0, "")
    assert "\x1b" not in ended.out
    lines = ended.out.splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["sun", "battery", "grid", "house"]
    assert any(line.split()[0] == "battery.soc" for line in lines[6:])


def test_raw_is_the_vendors_own_words(shell: Shell, appliance: Mapping[str, Any]) -> None:
    ended = shell("read", appliance["url"], "--raw")
    raw = json.loads(ended.out)
    assert raw["ENERGY"]["GUI_BAT_DATA_POWER"] == pytest.approx(-appliance["truth"]["battery"], rel=1e-6)


def test_watch_counts_and_gives_one_document_per_line(shell: Shell, appliance: Mapping[str, Any]) -> None:
    ended = shell("watch", appliance["url"], "--count", 2, "--interval", 1, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert [json.loads(line)["source"] for line in ended.out.splitlines()] == ["senec/http"] * 2


def test_watch_ends_on_ctrl_c(shell: Shell, appliance: Mapping[str, Any]) -> None:
    with shell.start("watch", appliance["url"], "--json") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_the_same_seed_and_instant_is_the_same_house(shell: Shell, appliance: Mapping[str, Any]) -> None:
    with shell.start("simulate", "senec", "--freeze", "--seed", 1, "--profile", "0811") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["truth"] == appliance["truth"]
        process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("read", "senec://127.0.0.1:1"), 3, "Connection refused"),
        (("read", "senec://device.invalid"), 3, "device.invalid"),
        (("read", "192.168.1.40"), 2, "senec://192.168.1.40"),
        (("read", "nobody://127.0.0.1"), 2, "senec"),
        (("read", "senec://me:hunter2@127.0.0.1"), 2, "HELIOBUS_PASSWORD"),
        (("read",), 2, "URL"),
        (("dance",), 2, "dance"),
        (("simulate", "nobody"), 2, "senec"),
        (("simulate", "senec", "--profile", "9999"), 2, "0826"),
        (("simulate", "senec", "--fault", "gremlins"), 2, "gremlins"),
        (("simulate", "senec", "--fault", "gremlins@1h"), 2, "gremlins"),
        (("simulate", "e3dc", "--fault", "slow@soon"), 2, "router-away@10min+20min"),
        (("simulate", "senec", "--fault", "latency=soon@1h"), 2, "latency=<ms>"),
        (("simulate", "senec", "--at", "noon"), 2, "2026-06-21"),
        (("simulate", "senec", "--replay", "/nowhere.json"), 2, "/nowhere.json"),
    ],
)
def test_errors_are_one_line_with_the_remedy(shell: Shell, arguments: tuple[str, ...], code: int, words: str) -> None:
    ended = shell(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith("heliobus: ")
    assert ended.err.count("\n") == 1
    assert words in ended.err
    assert "hunter2" not in ended.err


def test_a_port_in_use(shell: Shell, appliance: Mapping[str, Any]) -> None:
    ended = shell("simulate", "senec", "--port", appliance["port"])
    assert ended.code == 2
    assert "in use" in ended.err


def test_debug_adds_the_traceback(shell: Shell) -> None:
    ended = shell("--debug", "read", "senec://127.0.0.1:1")
    assert ended.code == 3
    assert "Traceback" in ended.err
    assert ended.err.splitlines()[-1].startswith("heliobus: cannot connect")


def test_version_and_help(shell: Shell) -> None:
    from heliobus import __version__
    from heliobus.cli.root import VERBS

    assert shell("--version") == (0, f"heliobus {__version__}\n", "")
    ended = shell("--help")
    assert ended.code == 0
    for verb, (_, about) in VERBS.items():
        assert f"  {verb} " in ended.out
        assert about in " ".join(ended.out.split())


@pytest.mark.parametrize(("vendor", "fault"), [("senec", "404"), ("e3dc", "close"), ("growatt", "maintenance")])
def test_a_fault_comes_when_its_time_has_come(shell: Shell, vendor: str, fault: str) -> None:
    """At 3600 times the speed an hour is a second."""
    options = ("--at", "2025-06-21T12:00", "--speed", 3600, "--fault", f"{fault}@20h", "--fault", "jitter=1ms@1h+1h")
    with shell.start("simulate", vendor, *options) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        secrets = {f"HELIOBUS_{name.upper()}": told[name] for name in ("password", "key") if name in told}
        assert shell("read", told["url"], **secrets).code == 0
        process.send_signal(signal.SIGTERM)
    with shell.start("simulate", vendor, "--freeze", "--fault", f"{fault}+1h") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert shell("read", told["url"], **secrets).code != 0
        process.send_signal(signal.SIGTERM)


def test_a_recording_begins_when_the_simulator_does(shell: Shell, shared: Path) -> None:
    recording = shared / "captures/senec/longrun-v2-perth-2020.jsonl.gz"
    with shell.start("simulate", "senec", "--replay", recording) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert "truth" not in told
        raw = json.loads(shell("read", told["url"], "--raw").out)
        process.send_signal(signal.SIGTERM)
    assert 1664 - 20 <= raw["ENERGY"]["GUI_INVERTER_POWER"] <= 1664 + 20


@pytest.mark.parametrize("module", ["fastapi", "pydantic", "uvicorn"])
def test_without_the_extra_the_remedy_is_named(module: str) -> None:
    line, code = explain(ModuleNotFoundError(f"No module named {module!r}", name=module))
    assert code == 2
    assert "heliobus[app]" in line
    assert explain(ModuleNotFoundError("No module named 'x'", name="x"))[1] == 1
