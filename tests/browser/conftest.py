"""A real browser before the real server.  Without Chromium or without a built front end these tests are skipped."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import async_playwright

from heliobus.service.config import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.supervisor import Service
from heliobus.url import DeviceURL
from heliobus.web.files import BUILT
from heliobus.web.server import WebServer
from tests.browser.home import NOON, snapshot
from tests.service.conftest import _installed, device
from tests.service.scripted import DEVICES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, BrowserContext, Page

    from heliobus.simulation.clock import ManualClock
    from heliobus.web.demo import Playground
    from tests.service.conftest import MakeDevice

__all__ = ["_installed", "device"]

SECURE = "tests/browser needs a built front end (make frontend) and Chromium (Debian: apt install chromium)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = __file__.rpartition("/")[0]
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.timeout(180))


@dataclass
class Screen:
    """A page of the house and everything that it complained about or asked for."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def open(self, path: str = "") -> Page:
        await self.page.goto(self.home + path)
        await self.page.locator("main h1, main .lead").first.wait_for(state="attached")
        return self.page

    async def text(self, selector: str) -> str:
        return " ".join((await self.page.locator(selector).first.inner_text()).split())


@dataclass
class Home:
    """A running service whose polls the test makes, its page and a browser."""

    service: Service
    server: WebServer
    clock: ManualClock
    browser: Browser

    async def poll(self, *names: str) -> None:
        for name in names or [status.name for status in self.service.systems()]:
            await self.service.poll(name)
        await self.service.flush()

    @asynccontextmanager
    async def screen(self, *, width: int = 1280, height: int = 900, **options: Any) -> AsyncIterator[Screen]:
        given = {"locale": "en-GB", "timezone_id": "America/New_York", "color_scheme": "light", **options}
        context = await self.browser.new_context(viewport={"width": width, "height": height}, **given)
        try:
            yield await watched(context, self.server.url)
        finally:
            await context.close()


async def watched(context: BrowserContext, home: str) -> Screen:
    page = await context.new_page()
    screen = Screen(page, home)
    page.on("console", lambda said: screen.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: screen.complaints.append(str(error)))
    page.on("request", lambda request: screen.asked.append(request.url))
    return screen


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    program = shutil.which("chromium")
    if program is None or not BUILT.joinpath("index.html").is_file():
        pytest.skip(SECURE)
    nothing_outside = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-background-networking"]
    async with async_playwright() as driver:
        started = await driver.chromium.launch(executable_path=program, args=["--no-sandbox", *nothing_outside])
        yield started
        await started.close()


@pytest.fixture
def clock() -> ManualClock:
    from heliobus.simulation.clock import ManualClock

    return ManualClock(NOON)


def configured(folder: Path, *names: str, site: str = "Home", control: bool = False) -> Config:
    return Config(
        sites=(SiteConfig(name=site, timezone="Europe/Berlin"),),
        control=ControlConfig(enabled=control),
        systems=tuple(
            SystemConfig(name=name, url=DeviceURL.parse(f"scripted://{name}"), interval=10.0, grid=index == 0)
            for index, name in enumerate(names)
        ),
        recorder=RecorderConfig(path=folder / "record.db", durability="strict"),
    )


@asynccontextmanager
async def at_home(
    config: Config, clock: ManualClock, browser: Browser, *, playground: Playground | None = None
) -> AsyncIterator[Home]:
    async with (
        Service(config, clock=clock, driven=True) as service,
        WebServer(service, port=0, playground=playground) as server,
    ):
        yield Home(service, server, clock, browser)


@pytest.fixture
async def home(tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser) -> AsyncIterator[Home]:
    """A house with one system called roof, polled once."""
    device("roof", snapshot(NOON))
    async with at_home(configured(tmp_path, "roof"), clock, browser) as running:
        await running.poll()
        yield running


async def answer(name: str, *answers: Any) -> None:
    """Let a device give these answers from now on."""
    DEVICES[name].answers.clear()
    DEVICES[name].answers.extend(answers)
    await asyncio.sleep(0)
