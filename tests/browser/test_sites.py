"""Several sites: the first screen shows all of them, and each card leads to its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from heliobus.errors import Unreachable
from heliobus.model.parts import PV, Battery, Grid, Load
from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.url import DeviceURL
from heliobus.web.plain.figures import ENGLISH
from tests.browser.conftest import answer, at_home
from tests.browser.home import NOON, recorded, snapshot
from tests.browser.test_screens import MIDNIGHT, faults
from tests.recorder.made import record
from tests.web.playground import Ground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from heliobus.simulation.clock import ManualClock
    from tests.browser.conftest import Home
    from tests.service.conftest import MakeDevice

HOUSES = {"roof": "Home", "barn": "Workshop", "hut": "Holiday home"}
SUNNY = snapshot(NOON)
CLOUDY = replace(
    SUNNY,
    pv=PV(power=1000.0),
    grid=Grid(power=2200.0),
    load=Load(power=3700.0),
    batteries=(Battery(id="1", power=500.0, soc=40.0, capacity=10_000.0),),
    wallboxes=(),
)
BARE = replace(SUNNY, pv=PV(power=2560.0), grid=Grid(power=-2370.0), load=Load(power=190.0), batteries=(), wallboxes=())


@pytest.fixture
async def street(tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser) -> AsyncIterator[Home]:
    """Three houses, the first one with its morning recorded."""
    for name, one in zip(HOUSES, (SUNNY, CLOUDY, BARE), strict=True):
        device(name, one)
    record(tmp_path / "record.db", recorded(MIDNIGHT, NOON), interval=60.0)
    config = Config(
        sites=tuple(SiteConfig(name=site, timezone="Europe/Berlin") for site in HOUSES.values()),
        systems=tuple(
            SystemConfig(name=name, url=DeviceURL.parse(f"scripted://{name}"), interval=10.0, site=site)
            for name, site in HOUSES.items()
        ),
        recorder=RecorderConfig(path=tmp_path / "record.db", durability="strict"),
    )
    async with at_home(config, clock, browser, playground=Ground()) as running:
        await running.poll()
        yield running


async def totals(page: Page) -> dict[str, str]:
    """Give the figures above the cards by their names."""
    cells = await page.locator("main .strip.s4 > div").all()
    return {await cell.locator("dt").inner_text(): await cell.locator("dd").first.inner_text() for cell in cells}


def power(watts: float) -> str:
    return str(ENGLISH.power(watts))


def titles(page: Page) -> Any:
    return page.locator(".home-card h2")


async def test_the_first_screen_is_all_of_them(street: Home) -> None:
    async with street.screen() as screen:
        page = await screen.open()
        await expect(titles(page)).to_have_text(["Home", "Workshop", "Holiday home"])
        assert SUNNY.pv.power is not None
        assert SUNNY.grid.power is not None
        assert await totals(page) == {
            "Sun": power(SUNNY.pv.power + 3560),
            "To the grid": power(2370 - SUNNY.grid.power),
            "From the grid": power(2200),
            "Alarms": "0",
        }
        workshop = page.locator(".home-card").nth(1)
        await expect(workshop.locator(".strip dd")).to_have_text(["40\u202f%", "\u2013", "\u2013"])
        day: dict[str, Any] = await page.evaluate("fetch('api/v1/day?site=home').then((answer) => answer.json())")
        figures = [
            ENGLISH.percent(76.0),
            ENGLISH.kilowatt_hours(day["energies"]["pv"]),
            ENGLISH.percent(day["autarky"]),
        ]
        shown = page.locator(".home-card").first.locator(".strip dd")
        await expect(shown.nth(1)).to_have_text(str(figures[1]))
        await expect(shown.nth(2)).to_have_text(str(figures[2]))
        assert screen.complaints == []


async def test_a_silent_one_comes_first_and_is_missed_in_the_totals(street: Home) -> None:
    async with street.screen() as screen:
        page = await screen.open("overview")
        await expect(titles(page)).to_have_count(3)
        await answer("hut", Unreachable("cannot connect to hut"))
        await street.clock.advance(60)
        await street.poll()
        await expect(titles(page)).to_have_text(["Holiday home", "Home", "Workshop"])
        await expect(page.locator(".age")).to_have_text("1 of 3 late")
        assert (await totals(page))["Sun"] == power((SUNNY.pv.power or 0) + 3560)  # late values still count
        await street.clock.advance(600)
        await street.poll()
        card = page.locator(".home-card").first
        await expect(card).to_contain_text("Cannot connect to hut")
        await expect(card).to_contain_text("Nothing is known at present: no answer since 12:41.")
        found = await totals(page)
        assert found["Sun, 2 of 3"] == power((SUNNY.pv.power or 0) + 1000)
        assert found["Alarms"] == "1"
        await expect(page.locator(".strip.s4 .sub").first).to_have_text("Holiday home unknown")
        await expect(page.locator(".age")).to_have_text("1 of 3 silent")


async def test_a_card_is_one_link_to_its_site_and_back(street: Home) -> None:
    async with street.screen() as screen:
        page = await screen.open()
        card = page.locator(".home-card", has_text="Workshop")
        box = await card.bounding_box()
        assert box is not None
        await page.mouse.click(box["x"] + box["width"] - 30, box["y"] + box["height"] - 30)  # far from its words
        await expect(page).to_have_url(f"{screen.home}?site=workshop")
        await expect(page.locator(".lead")).to_contain_text("3.70\u202fkW")
        picker = page.get_by_label("Site", exact=True)
        await expect(picker).to_have_value("workshop")
        await page.get_by_role("link", name="Systems").click()
        await expect(page).to_have_url(f"{screen.home}systems?site=workshop")
        await expect(page.locator(".system h2")).to_have_text("barn")
        await picker.select_option("All sites")
        await expect(titles(page)).to_have_count(3)
        await page.get_by_role("link", name="Now").click()
        await expect(page.locator(".flowpanel")).to_be_visible()
        await page.get_by_label("heliobus").first.click()
        await expect(titles(page)).to_have_count(3)
        await page.keyboard.press("Tab")
        assert screen.complaints == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
async def test_in_every_dress(street: Home, language: str, theme: str, width: int) -> None:
    options: dict[str, Any] = {"locale": language, "color_scheme": theme, "reduced_motion": "reduce"}
    await answer("hut", Unreachable("cannot connect to hut"))
    await street.clock.advance(600)
    await street.poll()
    banner = {"en-GB": "Simulated houses: nothing here is real", "de-DE": "Simulierte Häuser: Nichts hier ist echt"}
    async with street.screen(width=width, **options) as screen:
        for path in ("overview", "systems?site=home", "day?site=home"):
            page = await screen.open(path)
            await page.locator(".home-card, .faults li, .plot canvas").first.wait_for()
            await expect(page.locator(".banner")).to_contain_text(banner[language])
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert await faults(page) == [], path
        assert screen.complaints == []


async def test_one_site_has_no_overview(home: Home) -> None:
    async with home.screen() as screen:
        for path in ("", "overview"):
            page = await screen.open(path)
            await expect(page.locator(".flowpanel")).to_be_visible()
            await expect(page.locator(".pick")).to_have_count(0)
            await expect(page.locator(".banner")).to_have_count(0)


async def test_a_site_that_is_chosen_stays_it_over_midnight(street: Home) -> None:
    async with street.screen() as screen:
        page = await screen.open("?site=holiday-home")
        await street.clock.advance(timedelta(hours=14).total_seconds())
        await street.poll()
        await expect(page.locator(".pick")).to_have_value("holiday-home")
        await page.get_by_role("link", name="Day").click()
        await expect(page).to_have_url(f"{screen.home}day?site=holiday-home")
