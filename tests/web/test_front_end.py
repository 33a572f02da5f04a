"""The front end as it is committed and as it is served; that it works is shown in tests/browser."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

import pytest

from heliobus.web.guard import HEADERS
from tests.conftest import ROOT
from tests.web.conftest import config, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import House

FRONT_END = ROOT / "frontend"


def test_its_types_are_those_of_the_api() -> None:
    spec = importlib.util.spec_from_file_location("api_types", FRONT_END / "api_types.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.TARGET.read_text(encoding="utf-8") == script.written(), "make types"


def test_its_lock_file_names_no_address() -> None:
    packages = json.loads((FRONT_END / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 10
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package.get("integrity"), name


@pytest.fixture
async def built(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> AsyncIterator[House]:
    """A house with a front end of three files."""
    folder = tmp_path / "front-end"
    (folder / "app").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>built</title>")
    (folder / "app/index-1.js").write_text("1")
    (folder / "app/secret.key").write_text("no type, no service")
    device("roof")
    async with serving(config(tmp_path, "roof"), clock) as running:
        yield running


async def test_without_it_the_root_leads_to_the_page_without_scripts(house: House) -> None:
    for path in ("/", "/overview", "/day?d=2026-10-25", "/systems"):
        answer = await house.ask(path)
        assert (answer.status, answer.headers["location"]) == (302, "plain")
    assert (await house.ask("/app/index-1.js")).status == 404


async def test_with_it_every_screen_is_the_same_file(built: House) -> None:
    for path in ("/", "/overview", "/day?d=2026-10-25", "/systems"):
        answer = await built.ask(path)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "built" in answer.text
        assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"].lower()
        again = await built.ask(path, headers=(f"If-None-Match: {answer.headers['etag']}",))
        assert (again.status, again.body) == (304, b"")


async def test_its_parts_never_change_under_their_name(built: House) -> None:
    answer = await built.ask("/app/index-1.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    for path in ("/app/..%2findex.html", "/app/secret.key", "/secret.key", "/app/", "/index.html"):
        assert (await built.ask(path)).status == 404
