"""Every screen in every dress: no complaint, nothing from elsewhere, nothing that a reader with aids cannot use."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import at_home, configured
from tests.browser.home import NOON, Gap, recorded, snapshot
from tests.conftest import ROOT
from tests.recorder.made import record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from heliobus.simulation.clock import ManualClock
    from tests.browser.conftest import Home, Screen
    from tests.service.conftest import MakeDevice

SCREENS = {"": ".sparks", "day": ".plot canvas", "systems": ".raw tbody tr"}
"""What each screen shows when it is ready."""
MIDNIGHT = NOON.replace(hour=22, minute=0) - timedelta(days=1)
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"


@pytest.fixture
async def lived_in(tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser) -> AsyncIterator[Home]:
    """The house with its morning recorded, but for 40 minutes."""
    gap = Gap(start=MIDNIGHT + timedelta(hours=7), end=MIDNIGHT + timedelta(hours=7, minutes=40))
    record(tmp_path / "record.db", recorded(MIDNIGHT, NOON, gap), interval=60.0)
    device("roof", snapshot(NOON))
    async with at_home(configured(tmp_path, "roof"), clock, browser) as running:
        await running.poll()
        yield running


async def ready(screen: Screen, path: str, query: str = "") -> Page:
    page = await screen.open(path + query)
    await page.locator(SCREENS[path]).first.wait_for()
    return page


async def faults(page: Page) -> list[str]:
    """Give what axe finds serious."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']])}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de"])
async def test_every_screen(lived_in: Home, language: str, theme: str, width: int) -> None:
    options: dict[str, Any] = {
        "locale": {"en": "en-GB", "de": "de-DE"}[language],
        "color_scheme": theme,
        "reduced_motion": "reduce",
    }
    async with lived_in.screen(width=width, **options) as screen:
        for path in SCREENS:
            page = await ready(screen, path)
            assert await page.evaluate("document.documentElement.lang") == language
            sideways = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert sideways <= 0, path
            assert await faults(page) == [], path
        assert screen.complaints == []
        own = urlsplit(screen.home).netloc
        assert {urlsplit(url).netloc for url in screen.asked} == {own}
