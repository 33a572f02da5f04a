"""serve and export."""

from __future__ import annotations

import csv
import io
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cli.conftest import Shell


def write_config(folder: Path, url: str, **web: str) -> Path:
    path = folder / "config.toml"
    path.write_text(
        f"""
[site]
name = "Home"
timezone = "Europe/Berlin"
[[system]]
name = "roof"
url = "{url}"
interval = "1s"
[recorder]
path = "{folder / "record.db"}"
durability = "strict"
[web]
bind = "{web.get("bind", "127.0.0.1:0")}"
"""
    )
    return path


def ask(url: str, path: str) -> Any:
    with urllib.request.urlopen(f"{url}api/v1/{path}", timeout=10) as answer:
        return json.load(answer)


def now(url: str) -> Any:
    return ask(url, "now")


def health(url: str) -> Any:
    return ask(url, "systems")["systems"][0]


def test_serve_records_and_ends_on_sigterm_and_export_gives_it_back(
    shell: Shell, appliance: Mapping[str, Any], tmp_path: Path
) -> None:
    config = write_config(tmp_path, appliance["url"])
    with shell.start("serve", "--config", config) as process:
        assert process.stderr is not None
        page = process.stderr.readline().split()[-1]
        shown = now(page)
        while shown["systems"]["roof"]["snapshot"] is None:
            shown = now(page)
        assert shown["systems"]["roof"]["snapshot"]["pv"]["power"] == pytest.approx(appliance["truth"]["pv"])
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=6)
        assert (process.returncode, out) == (0, ""), err

    ended = shell("export", "--config", config, "--channels", "pv.power,battery.power", "--format", "jsonl")
    assert (ended.code, ended.err) == (0, "")
    sample = json.loads(ended.out.splitlines()[0])
    assert sample["system"] == "roof"
    assert sample["pv.power"] == pytest.approx(appliance["truth"]["pv"], abs=1)
    assert sample["battery.power"] == pytest.approx(appliance["truth"]["battery"], abs=1)

    ended = shell("export", "--config", config, "--channels", "pv.power,pv.powr")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert "'pv.powr'" in ended.err

    ended = shell("export", "--database", tmp_path / "record.db", "--energy", "day")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert {row["system"] for row in rows} == {"roof", ""}
    assert shell("export", "--config", config, "--system", "cellar").code == 2


def test_serve_goes_on_without_its_device(shell: Shell, tmp_path: Path) -> None:
    config = write_config(tmp_path, "senec://127.0.0.1:1")
    with shell.start("serve", "--config", config) as process:
        assert process.stderr is not None
        page = process.stderr.readline().split()[-1]
        while health(page)["failures"] < 2:
            pass
        assert now(page)["systems"]["roof"]["snapshot"] is None
        assert "Connection refused" in health(page)["error"]
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=6)
    assert process.returncode == 0
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("interval", "intervall", "did you mean 'interval'?"),
        ("Europe/Berlin", "Europe/Berlim", "Europe/Berlin"),
        ("127.0.0.1:0", "0.0.0.0:80", "login"),
        ('"1s"', '"soon"', "duration"),
        ("[site]", "[site", "config.toml"),
    ],
)
def test_a_wrong_configuration_is_told_in_one_line(
    shell: Shell, tmp_path: Path, old: str, new: str, words: str
) -> None:
    config = write_config(tmp_path, "senec://127.0.0.1:1")
    config.write_text(config.read_text().replace(old, new))
    ended = shell("serve", "--config", config)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert words in ended.err


def test_no_configuration_names_the_place(shell: Shell) -> None:
    ended = shell("serve")
    assert ended.code == 2
    assert "heliobus/config.toml" in ended.err


def test_a_port_in_use(shell: Shell, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = write_config(tmp_path, "senec://127.0.0.1:1", bind=f"127.0.0.1:{taken.getsockname()[1]}")
        ended = shell("serve", "--config", config)
    assert ended.code == 2
    assert "in use" in ended.err
    assert "Traceback" not in ended.err


def test_a_database_of_a_newer_version_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    config = write_config(tmp_path, "senec://127.0.0.1:1")
    assert shell("export", "--config", config).code == 1  # there is none yet
    with shell.start("serve", "--config", config) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGTERM)
    database = sqlite3.connect(tmp_path / "record.db")
    database.execute("PRAGMA user_version = 999")
    database.close()
    before = (tmp_path / "record.db").read_bytes()
    for verb in ("serve", "export"):
        ended = shell(verb, "--config", config)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert "newer" in ended.err
    assert (tmp_path / "record.db").read_bytes() == before


def test_a_second_serve_leaves_the_first_alone(shell: Shell, tmp_path: Path) -> None:
    config = write_config(tmp_path, "senec://127.0.0.1:1")
    with shell.start("serve", "--config", config) as process:
        assert process.stderr is not None
        page = process.stderr.readline().split()[-1]
        ended = shell("serve", "--config", config)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert "another heliobus" in ended.err
        assert ask(page, "healthz")["status"] == "ok"
        process.send_signal(signal.SIGTERM)


def test_a_database_that_cannot_be_written(shell: Shell, tmp_path: Path) -> None:
    config = write_config(tmp_path, "senec://127.0.0.1:1")
    (tmp_path / "record.db").mkdir()
    ended = shell("serve", "--config", config)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "record.db" in ended.err


def test_only_serve_loads_the_web() -> None:
    program = "import sys, heliobus.cli.{}; sys.exit('fastapi' in sys.modules)"
    for verb in ("add", "control", "export", "read", "serve", "trust"):  # serve once it has its configuration
        subprocess.run([sys.executable, "-c", program.format(verb)], check=True)
