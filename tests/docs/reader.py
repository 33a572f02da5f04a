"""Does what the reader of a page does: types its commands, runs its code, writes its configuration.

Everything happens in a home folder of its own, with simulated devices at the addresses that the pages name.

* ``toml``: becomes ~/.config/heliobus/config.toml of the commands that follow; its files of secrets are written as an
  editor writes them, so that a page has to say who may read them
* ``console``: a line after ``$`` is typed; the lines below it, if any, are what must appear.  Numbers may differ, words
  may not.  What runs until Ctrl-C runs until the end of the page.  A question is answered with yes.  What ``add`` saves
  is polled every second.
* ``python``: is run; with tests in it, by pytest
* ``sql``: is run on the record; a page that makes none gets one
* ``yaml``: names addresses that answer, and places in that answer that exist
* ``sh``, ``ini``: not run, for it needs root, the network or make; but every heliobus and make in it is one that
  exists, and what it exports is in the environment from then on
"""

from __future__ import annotations

import functools
import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from heliobus.cli.root import cli
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.docs.markdown import Block

ADDRESS = "192.168.1.40"
"""The SENEC of every page."""
E3DC = "192.168.1.20"
"""The E3/DC system of every page."""
NETWORK = "192.168.1.0/24"
"""Theirs."""
OWNER = "me@example.org"
"""Its user, and that of the SENEC account."""
GROWATT = "growatt://guest@"
"""The Growatt account of every page."""
CLOUD = f"senec+app://{OWNER}@sso"
"""The SENEC account of every page."""
PAGE = "127.0.0.1:8765"
OTHER_PORT = "8088"
"""Where a page starts a simulator of its own."""
_NUMBER = re.compile(r"[-\u2212+]?\d[\d\u202f.,:TZ-]*")
_PATIENCE = 30.0
_YOUNG = ("--at", "2025-06-21T12:00+02:00")
"""A simulated house computes every day since 2025 before it tells its counters: today these are too many for the
patience of a client on a machine that is busy."""
_ENDLESS = {"serve": (), "demo": ("--for",), "watch": ("--count",), "simulate": ()}
"""The verbs that go on until Ctrl-C unless one of these options is given."""
_PROGRAMS = {"export", "make", "python3", "read", "source", "sqlite3", "ssh", "sudo", "~/heliobus/bin/pip"}
"""What the blocks that nobody runs may begin with."""
_SMALLEST = f'[site]\ntimezone = "Europe/Berlin"\n[[system]]\nname = "roof"\nurl = "senec://{ADDRESS}"\n'
_JSON_PLACE = re.compile(r"(?:value_json|jq: )((?:\.\w+)+)")


class Reader:
    """Use it in a ``with`` block; ``device`` are the options of its simulated device."""

    def __init__(self, home: Path, *, device: Sequence[str] = ("--freeze",)) -> None:
        self._home = home
        self._device = device
        self._open = ExitStack()
        self._endless: dict[str, ExitStack] = {}
        self._announced: dict[str, Any] = {}
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self._other_port = str(free.getsockname()[1])
        self._page = PAGE
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELIOBUS", "XDG"))}
        self._environment = kept | {
            "HOME": str(home),
            "HELIOBUS_RECORDER__DURABILITY": "strict",
            "HELIOBUS_WEB__BIND": "127.0.0.1:0",
            "NO_COLOR": "1",
            "TZ": "Europe/Berlin",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._open.close()

    def do(self, block: Block) -> None:
        """Follow one block; AssertionError if the page is wrong about it."""
        follow = getattr(self, f"_{block.language}", None)
        if follow:
            follow(self._here(block.code))

    def _simulated(self, vendor: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._start(vendor, "heliobus", "simulate", vendor, *self._device))
        return told

    @functools.cached_property
    def _port(self) -> int:
        """Of the SENEC."""
        return int(self._simulated("senec")["port"])

    @functools.cached_property
    def _e3dc(self) -> dict[str, Any]:
        return self._simulated("e3dc")

    @functools.cached_property
    def _growatt(self) -> dict[str, Any]:
        return self._simulated("growatt")

    @functools.cached_property
    def _cloud(self) -> dict[str, Any]:
        options = ("--wire", "app", *self._device)
        told: dict[str, Any] = json.loads(self._start("cloud", "heliobus", "simulate", "senec", *options))
        return told

    def _secrets(self, names: Sequence[str]) -> dict[str, str]:
        """The secrets of the device that has all of these: the one that the page has started, if there is one."""
        told = self._announced or (
            self._cloud if "totp" in names else self._growatt if names == ["password"] else self._e3dc
        )
        return {name: told[name] for name in names}

    def _here(self, text: str) -> str:
        """Put our addresses in place of the page's, and haste in place of patience."""
        if NETWORK in text:
            text = text.replace(NETWORK, f"127.0.0.1:{self._port} 127.0.0.1:{self._e3dc['port']}")
        places = []
        if ADDRESS in text:
            places.append((ADDRESS, self._port))
        if E3DC in text:
            places.append((E3DC, self._e3dc["port"]))
            text = text.replace(OWNER, self._e3dc["username"])
        if CLOUD in text or "AppClient" in text:
            url = self._cloud["url"]
            place, _, system = url.partition("?")[0].rpartition("@")[2].partition("/")
            simulated = f'"{self._cloud["username"]}", server="{place}", system="{system}", scheme="http"'
            text = text.replace(CLOUD, url).replace(f'"{OWNER}"', simulated)
        if "compat.senec" in text or "pysenec" in text:  # their one argument carries the port
            text = text.replace(f'"{ADDRESS}"', f'"127.0.0.1:{self._port}"')
        if f"{GROWATT} " in text:
            text = text.replace(GROWATT, self._growatt["url"])
        for old, port in places:
            text = text.replace(f'"{old}"', f'"127.0.0.1", port={port}').replace(old, f"127.0.0.1:{port}")
        for old, new in (
            (PAGE, self._page),
            (OTHER_PORT, self._other_port),
            ('"10s"', '"1s"'),
            ('"300s"', '"1s"'),
            ("--for 20s", "--for 2s --speed 60"),
        ):
            text = text.replace(old, new)
        return text

    # -- kinds of blocks

    def _toml(self, text: str) -> None:
        folder = self._home / ".config/heliobus"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(_hasty(text))
        files = dict(re.findall(r'^(\w+)_file = "(.+)"', text, flags=re.MULTILINE))
        for name, secret in self._secrets(list(files)).items():
            (folder / files[name]).write_text(f"{secret}\n")

    def _console(self, text: str) -> None:
        for part in re.split(r"^\$ ", text.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            shown = self._type(self._here(command))
            shown = shown.replace(str(self._home), "~")
            assert not expected or _alike(shown) == _alike(expected), f"$ {command}\n{shown}"

    def _python(self, text: str) -> None:
        if "def test_" not in text:
            self._run(sys.executable, "-W", "error", "-c", text)
            return
        (self._home / "test_page.py").write_text(text)
        self._run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "test_page.py")

    def _sql(self, text: str) -> None:
        if not list(self._home.rglob("heliobus.db")):
            self._toml(self._here(_SMALLEST))
            self._type("heliobus serve")
        (database,) = self._home.rglob("heliobus.db")
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            assert connection.execute(text).description

    def _yaml(self, text: str) -> None:
        for address in re.findall(r"http://\S+", text):
            answer = json.loads(_get(address))
            for place in _JSON_PLACE.findall(text):
                functools.reduce(lambda here, step: here[step], place[1:].split("."), answer)

    def _sh(self, text: str) -> None:
        for line in text.replace("\\\n", "").splitlines():
            words = shlex.split(line, comments=True)
            assert not words or words[0] in _PROGRAMS, f"{words[0]} is not known here"
            if words and words[0] == "make":
                subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, check=True, capture_output=True)
            if words and words[0] == "export":
                secrets = self._secrets([name.removeprefix("HELIOBUS_").lower() for name in words[1:]])
                self._environment |= {f"HELIOBUS_{name.upper()}": secret for name, secret in secrets.items()}
        _check_calls(text)

    def _ini(self, text: str) -> None:
        _check_calls(text)

    # -- commands

    def _type(self, command: str) -> str:
        words = shlex.split(command)
        if words[0] == "curl":
            return _get(words[-1])
        if words[:2] == ["heliobus", "add"]:
            shown = self._run("sh", "-c", command)
            config = self._home / ".config/heliobus/config.toml"
            config.write_text(_hasty(config.read_text()))
            return shown
        if words[0] != "heliobus" or words[1] not in _ENDLESS or set(_ENDLESS[words[1]]) & set(words):
            return self._run("sh", "-c", command)
        if words[1] == "simulate":
            shown = self._start(words[1], *words, *_YOUNG)
            self._announced = json.loads(shown)
        else:
            shown = self._start(words[1], *words)
        if words[1] in {"serve", "demo"}:
            self._page = shown.split("http://")[1].split("/")[0]
            self._await_samples()
        return shown

    def _run(self, *command: str) -> str:
        ended = subprocess.run(
            command,
            cwd=self._home,
            env=self._environment,
            timeout=_PATIENCE,
            input="y\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}"
        return ended.stdout

    def _start(self, what: str, *command: str) -> str:
        """Start what goes on until Ctrl-C, in the place of an earlier one, and give its first line."""
        if what in self._endless:
            self._endless[what].close()
        self._endless[what] = self._open.enter_context(ExitStack())
        return self._endless[what].enter_context(self._running(*command))

    @contextmanager
    def _running(self, *command: str) -> Iterator[str]:
        with subprocess.Popen(
            command,
            cwd=self._home,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline()
                process.send_signal(signal.SIGINT)
                rest, _ = process.communicate(timeout=_PATIENCE)
                assert process.returncode == 0, rest
            finally:
                process.kill()

    def _await_samples(self) -> None:
        """Wait until there is something to look at."""
        with urllib.request.urlopen(f"http://{self._page}/api/v1/events", timeout=_PATIENCE) as stream:
            while stream.readline():
                systems = json.loads(_get(f"http://{self._page}/api/v1/systems"))["systems"]
                if all(one["polls"] > 1 for one in systems):
                    return


def _get(address: str) -> str:
    """Ask as curl does; of a stream that does not end only its first lines."""
    with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
        endless = answer.headers.get_content_type() == "text/event-stream"
        body: bytes = answer.readline() + answer.readline() if endless else answer.read()
    return body.decode()


def _hasty(configuration: str) -> str:
    """Poll every second where nothing else is said."""
    tables = re.split(r"^(?=\[)", configuration, flags=re.MULTILINE)
    hurried = (re.sub(r"^url = .*", '\\g<0>\ninterval = "1s"', table, flags=re.MULTILINE) for table in tables)
    return "".join(table if "interval" in table else hasty for table, hasty in zip(tables, hurried, strict=True))


def _alike(text: str) -> list[Any]:
    """Give the words of each line, with every number alike and the space between them too."""
    return [_NUMBER.sub("0", line).split() for line in text.strip().splitlines()]


def _check_calls(text: str) -> None:
    for arguments in re.findall(r"\bbin/heliobus (.+)$", text, re.MULTILINE):
        verb, *rest = shlex.split(arguments, comments=True)
        command = cli.get_command(click.Context(cli), verb)
        assert command is not None, f"heliobus {verb}"
        command.make_context(verb, rest)
