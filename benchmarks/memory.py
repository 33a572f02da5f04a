"""What ``heliobus serve`` keeps in memory: the app with recorder and web, one simulated system, asked every second."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks.measure import Figure, free_port, heliobus, simulated

if TYPE_CHECKING:
    from collections.abc import Iterator

_GOAL = 90.0
_READY = 30.0  # seconds for the first reading
_RUNNING = 20  # pages and readings, one a second

_CONFIG = """
[site]
timezone = "Europe/Berlin"
[[system]]
name = "roof"
url = "{url}"
interval = 1
[recorder]
path = "{folder}/heliobus.db"
[web]
bind = "127.0.0.1:{port}"
"""


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, simulated("senec") as told:
        port = free_port()
        config = Path(folder, "heliobus.toml")
        config.write_text(_CONFIG.format(url=told["url"], folder=folder, port=port), encoding="utf-8")
        with heliobus("serve", "--config", str(config), stdout=subprocess.DEVNULL) as server:
            _wait_for_reading(server, port)
            for _ in range(_RUNNING):
                _get(port, "/plain")
                time.sleep(1)
            resident = psutil.Process(server.pid).memory_info().rss / 2**20
    yield Figure(
        what="heliobus serve, one system, resident memory",
        value=resident,
        unit="MiB",
        goal=_GOAL,
        note=f"after {_RUNNING} readings and pages",
    )


def _wait_for_reading(server: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + _READY
    while server.poll() is None and time.monotonic() < until:
        try:
            now: dict[str, Any] = json.loads(_get(port, "/api/v1/now"))
        except urllib.error.URLError:
            now = {}
        if now.get("systems", {}).get("roof", {}).get("snapshot"):
            return
        time.sleep(0.2)
    raise RuntimeError(f"heliobus serve showed no reading within {_READY:g} s, or ended")


def _get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return bytes(answer.read())
