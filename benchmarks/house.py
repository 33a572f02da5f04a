"""What ``heliobus serve`` costs with three systems at real speed: memory, processor, files (RELIABILITY R7, R8).

The devices are simulated in processes of their own; a reader of the event stream is there, as with an open page.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks.measure import Figure, free_port, heliobus

if TYPE_CHECKING:
    from collections.abc import Iterator

VENDORS = {"senec": "https", "e3dc": "rscp", "growatt": "shine"}
_SECONDS = 180.0
_WARM_UP = 30.0
_READY = 60.0
_LOOK = 5.0
_DAY = 86_400
_MEMORY, _CPU, _WRITTEN = 120.0, 3.0, 50.0

_CONFIG = """
[site]
timezone = "Europe/Berlin"
[recorder]
path = "{folder}/heliobus.db"
[web]
bind = "127.0.0.1:{port}"
"""
_SYSTEM = """
[[system]]
name = "{vendor}"
url = "{url}"
{more}
"""


def figures(seconds: float = _SECONDS) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        port = free_port()
        config = Path(folder, "heliobus.toml")
        config.write_text(_CONFIG.format(folder=folder, port=port) + _systems(stack, Path(folder)), encoding="utf-8")
        environment = {**os.environ, "XDG_STATE_HOME": folder}
        serve = heliobus("serve", "--config", str(config), env=environment, stderr=subprocess.DEVNULL)
        server = psutil.Process(stack.enter_context(serve).pid)
        _await_readings(port)
        threading.Thread(target=_listen, args=(port,), daemon=True).start()
        time.sleep(_WARM_UP)
        yield from _measure(server, seconds)


def _systems(stack: ExitStack, folder: Path) -> str:
    parts = []
    for vendor, wire in VENDORS.items():
        arguments = ("simulate", vendor, "--wire", wire, *(("--profile", "tlx") if vendor == "growatt" else ()))
        process = stack.enter_context(heliobus(*arguments, stdout=subprocess.PIPE))
        assert process.stdout is not None
        told: dict[str, Any] = json.loads(process.stdout.readline())
        more = ["grid = true"] if vendor == "senec" else []
        for word in ("password", "key"):
            if word in told:
                file = folder / f"{vendor}.{word}"
                file.touch(mode=0o600)
                file.write_text(told[word], encoding="utf-8")
                more.append(f'{word}_file = "{file}"')
        parts.append(_SYSTEM.format(vendor=vendor, url=told["url"], more="\n".join(more)))
    return "".join(parts)


def _await_readings(port: int) -> None:
    until = time.monotonic() + _READY
    while time.monotonic() < until:
        try:
            systems = _ask(port)["systems"].values()
        except OSError:
            systems = []
        if systems and all(system["snapshot"] for system in systems):
            return
        time.sleep(0.2)
    raise RuntimeError(f"heliobus serve did not show all systems within {_READY:g} s")


def _ask(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/now", timeout=10) as answer:
        document: dict[str, Any] = json.load(answer)
        return document


def _listen(port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/events", timeout=60) as stream:
        for _ in stream:
            pass


def _measure(server: psutil.Process, seconds: float) -> Iterator[Figure]:
    start, used, written = time.monotonic(), sum(server.cpu_times()[:2]), server.io_counters().write_chars
    sizes, counts = [server.memory_info().rss], [(server.num_fds(), server.num_threads())]
    while time.monotonic() - start < seconds:
        time.sleep(_LOOK)
        sizes.append(server.memory_info().rss)
        counts.append((server.num_fds(), server.num_threads()))
    took = time.monotonic() - start
    note = f"{took:.0f} s with a page open"
    slope = (sizes[-1] - sizes[len(sizes) // 2]) / 2**20
    yield Figure(
        what="heliobus serve, three systems, resident memory",
        value=max(sizes) / 2**20,
        unit="MiB",
        goal=_MEMORY,
        note=f"{note}; {slope:+.2f} MiB in the second half",
    )
    cpu = 100 * (sum(server.cpu_times()[:2]) - used) / took
    yield Figure(what="... processor time", value=cpu, unit="%", goal=_CPU, note="of one core of this machine")
    per_day = (server.io_counters().write_chars - written) / took * _DAY / 1e6
    yield Figure(
        what="... written to files in a day", value=per_day, unit="MB", goal=_WRITTEN, note="extrapolated, with logs"
    )
    files, threads = ([count[place] for count in counts] for place in (0, 1))
    yield Figure(
        what="... growth of open files and threads",
        value=float(max(files[-1] - files[0], 0) + max(threads[-1] - threads[0], 0)),
        unit="",
        goal=2.0,
        note=f"files {files[0]} to {files[-1]}, threads {threads[0]} to {threads[-1]}",
    )
