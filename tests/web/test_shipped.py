"""The front end as it is shipped: small, whole, and nothing in it leads elsewhere."""

from __future__ import annotations

import gzip
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


def test_the_wheel_brings_it(built: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in built.rglob("*.*"):
        assert f"heliobus/web/static/{path.relative_to(built).as_posix()}" in names
