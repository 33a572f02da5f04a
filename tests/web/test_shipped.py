"""The front end as it is shipped: small, whole, and nothing in it leads elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heliobus.web.files import BUILT
from tests.conftest import ROOT

if TYPE_CHECKING:
    from tests.conftest import Figure

FIRST_LOAD, ALL = 120_000, 260_000
ADDRESS = re.compile(r"(?:https?:|wss?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'`)]*", re.IGNORECASE)
HARMLESS = ("http://www.w3.org/", "https://svelte.dev/e/")
"""Names of XML, and of what the framework says when it fails: nobody asks there."""


@pytest.fixture(scope="module")
def built() -> Path:
    folder = Path(str(BUILT))
    if not (folder / "index.html").is_file():
        pytest.skip("the front end is not built (make frontend)")
    return folder


def served(built: Path) -> list[Path]:
    """Give the files that a browser gets: all but the licences of what is built in."""
    return [path for path in built.rglob("*.*") if path.name != "licenses.md"]


def weight(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_it_is_small(built: Path, figure: Figure) -> None:
    everything = served(built)
    index = built / "index.html"
    named = re.findall(r"(?:src|href)=\"\./(app/[^\"]+)\"", index.read_text(encoding="utf-8"))
    first, whole = weight([index, *(built / name for name in named)]), weight(everything)
    assert len(named) >= 2
    assert first <= FIRST_LOAD
    assert whole <= ALL
    figure("front end", f"first load {first / 1000:.1f} kB gzipped of {FIRST_LOAD / 1000:g}, all {whole / 1000:.1f} kB")


def test_no_address_leads_elsewhere(built: Path) -> None:
    for path in served(built):
        text = path.read_text(encoding="utf-8")
        assert [one for one in ADDRESS.findall(text) if not one.startswith(HARMLESS)] == [], path.name
        assert "sourceMappingURL" not in text, path.name


def test_the_licences_of_others_come_along(built: Path) -> None:
    text = (built / "licenses.md").read_text(encoding="utf-8")
    for name in ("svelte", "uplot"):
        assert f"## {name} - " in text.lower()


def test_nothing_is_inlined(built: Path) -> None:
    text = (built / "index.html").read_text(encoding="utf-8")
    assert "<style" not in text
    assert "style=" not in text
    assert re.findall(r"<script(?![^>]* src=)[^>]*>", text) == []


def test_the_wheel_brings_it_and_serves_it(built: Path, tmp_path: Path) -> None:
    """The wheel alone, unpacked, with this checkout out of reach."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    asked = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(asked.stdout)
    assert Path(told["module"]).is_relative_to(site)
    for path in served(built):
        name = path.relative_to(built).as_posix()
        assert told["/" if name == "index.html" else f"/{name}"] == hashlib.sha256(path.read_bytes()).hexdigest()


_ASK = """
import asyncio, hashlib, json, pathlib, tempfile
import aiohttp
import heliobus
from heliobus.service.config import parse
from heliobus.service.supervisor import Service
from heliobus.web.server import WebServer

async def main():
    folder = tempfile.mkdtemp()
    text = '[site]\\ntimezone = "UTC"\\n[[system]]\\nname = "roof"\\nurl = "senec://127.0.0.1:1"\\n'
    config = parse(text + f'[recorder]\\npath = "{folder}/record.db"\\n', where="test")
    told = {"module": heliobus.__file__}
    built = pathlib.Path(heliobus.__file__).parent / "web/static"
    names = ["/"] + ["/app/" + path.name for path in (built / "app").iterdir()]
    async with Service(config, driven=True) as service, WebServer(service, port=0) as server:
        async with aiohttp.ClientSession() as client:
            for name in names:
                async with client.get(server.url.rstrip("/") + name) as answer:
                    assert answer.status == 200, name
                    told[name] = hashlib.sha256(await answer.read()).hexdigest()
    print(json.dumps(told))

asyncio.run(main())
"""
