"""The pictures of the documentation: ``make pictures`` writes them into docs/img, other runs only into their folder."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import Unreachable
from tests.browser.conftest import answer, at_home, configured
from tests.browser.home import NOON, Gap, recorded, snapshot
from tests.browser.test_screens import MIDNIGHT, ready
from tests.conftest import ROOT
from tests.recorder.made import record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from heliobus.simulation.clock import ManualClock
    from tests.browser.conftest import Home, Screen
    from tests.service.conftest import MakeDevice

DESK: dict[str, Any] = {"width": 1280}
PHONE: dict[str, Any] = {"width": 390, "height": 844, "is_mobile": True}
GERMAN: dict[str, Any] = {"locale": "de-DE"}
DARK: dict[str, Any] = {"color_scheme": "dark"}
YESTERDAY = MIDNIGHT - timedelta(days=1)
PICTURES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "now": ("", "", DESK),
    "now-dark": ("", "", DESK | DARK),
    "now-phone": ("", "", PHONE | DARK | GERMAN),
    "day": ("day", "?d=2026-09-15", DESK),
    "day-phone": ("day", "?d=2026-09-15", PHONE | GERMAN),
    "systems": ("systems", "", DESK),
}


@pytest.fixture
async def lived_in(tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser) -> AsyncIterator[Home]:
    gap = Gap(start=YESTERDAY + timedelta(hours=15, minutes=5), end=YESTERDAY + timedelta(hours=15, minutes=55))
    record(tmp_path / "record.db", recorded(YESTERDAY, NOON, gap), interval=60.0)
    device("roof", snapshot(NOON))
    async with at_home(configured(tmp_path, "roof"), clock, browser) as running:
        await running.poll()
        yield running


async def test_pictures(lived_in: Home, tmp_path: Path) -> None:
    folder = ROOT / os.environ["HELIOBUS_PICTURES"] if "HELIOBUS_PICTURES" in os.environ else tmp_path
    folder.mkdir(exist_ok=True)
    for name, (path, query, options) in PICTURES.items():
        async with lived_in.screen(reduced_motion="reduce", **options) as screen:
            await taken(screen, path, query, folder / f"{name}.png")
    await answer("roof", Unreachable("cannot connect to 192.168.1.40: no route to host"))
    await lived_in.clock.advance(49 * 60)
    await lived_in.poll()
    async with lived_in.screen(reduced_motion="reduce", **DESK) as screen:
        await taken(screen, "", "", folder / "silent.png")
    for name in (*PICTURES, "silent"):
        assert (folder / f"{name}.png").stat().st_size > 20_000


async def taken(screen: Screen, path: str, query: str, file: Path) -> None:
    """Take the whole screen, with nothing that is fixed to the window in its middle."""
    page = await ready(screen, path, query)
    width, height = await page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    await page.set_viewport_size({"width": width, "height": min(height, 2600)})
    await page.locator(".alarm, .panel").first.wait_for()
    await page.screenshot(path=file)
