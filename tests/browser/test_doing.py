"""What a person may do from the page: break simulated houses, and command in two steps; and the alarm over all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from heliobus.errors import StorageError
from heliobus.model.command import Auto, Charge
from tests.browser.conftest import at_home, configured
from tests.browser.home import NOON, snapshot
from tests.browser.test_screens import faults
from tests.service.scripted import DEVICES
from tests.web.playground import Ground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from heliobus.simulation.clock import ManualClock
    from tests.browser.conftest import Home
    from tests.service.conftest import MakeDevice


@pytest.fixture
async def open_house(tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser) -> AsyncIterator[Home]:
    """A simulated house that takes commands."""
    device("roof", snapshot(NOON))
    async with at_home(configured(tmp_path, "roof", control=True), clock, browser, playground=Ground()) as running:
        await running.poll()
        yield running


async def test_a_fault_begins_and_ends_and_says_how_long_the_recovery_took(open_house: Home) -> None:
    async with open_house.screen() as screen:
        page = await screen.open("systems")
        row = page.locator(".faults li", has_text="The way to it is gone")
        await expect(row).to_contain_text("roof · not tried yet")
        await row.get_by_role("button", name="Begin").click()
        await expect(row).to_contain_text("since 2026-06-21 13:00")
        await expect(row.get_by_role("button", name="End")).to_have_attribute("aria-pressed", "true")
        await expect(page.locator(".faults li.active")).to_have_count(1)
        await row.get_by_role("button", name="End").click()
        await expect(row).to_contain_text("recovered in 42 s")
        await expect(page.locator(".faults [lang=en]")).to_have_text("Something odd happens")
        assert screen.complaints == []


async def test_a_command_is_planned_then_sent_then_taken_back(open_house: Home) -> None:
    executed = DEVICES["roof"].executed
    async with open_house.screen(width=390) as screen:
        page = await screen.open("systems")
        panel = page.locator(".control")
        await panel.get_by_label("Command").select_option("Charge")
        await expect(panel).to_contain_text("0 W to 5\u202f000 W")
        await panel.get_by_label("Power").fill("2000")
        await panel.get_by_label("For minutes").fill("20")
        await panel.get_by_role("button", name="Show what would be sent").click()
        plan = page.get_by_role("region", name="Would be sent")
        await expect(plan).to_contain_text("would send")
        await expect(plan).to_contain_text("Until 13:01, then automatic again")
        assert executed == []
        assert await faults(page) == []
        await plan.get_by_role("button", name="Send it").click()
        await expect(panel).to_contain_text("Applied and read back.")
        assert [(type(one), one.lease and one.lease.total_seconds()) for one in executed] == [(Charge, 1200.0)]
        held = panel.locator(".held li")
        await expect(held).to_contain_text("roof Charge · 2\u202f000\u202fW · 20 min")
        await held.get_by_role("button", name="Back to automatic").click()
        assert len(executed) == 1
        await plan.get_by_role("button", name="Send it").click()
        await expect(panel).to_contain_text("Nothing; every system is automatic.")
        assert isinstance(executed[-1], Auto)
        assert screen.complaints == []


async def test_a_plan_is_discarded_and_a_refusal_is_told(open_house: Home) -> None:
    async with open_house.screen() as screen:
        page = await screen.open("systems")
        panel = page.locator(".control")
        await panel.get_by_label("Command").select_option("Charge")
        await panel.get_by_label("Power").fill("2000")
        await panel.get_by_role("button", name="Show what would be sent").click()
        await panel.get_by_role("button", name="Discard").click()
        await expect(panel.locator(".plan")).to_have_count(0)
        await panel.get_by_label("Command").select_option("SetReserve")
        await panel.get_by_role("button", name="Show what would be sent").click()
        await expect(panel.locator(".foot.stale")).to_be_visible()
        assert DEVICES["roof"].executed == []


async def test_without_permission_there_is_nothing_to_command_or_break(home: Home) -> None:
    async with home.screen() as screen:
        page = await screen.open("systems")
        await page.locator(".raw tbody tr").first.wait_for()
        await asyncio.sleep(0.3)
        await expect(page.locator(".control, .faults")).to_have_count(0)
        assert not any("/demo" in url for url in screen.asked)


async def alarmed(page: Page) -> None:
    await expect(page.locator(".alarm")).to_contain_text("Nothing is being recorded")
    await expect(page.locator(".alarm")).to_contain_text("readonly")


async def test_a_record_that_is_not_written_is_an_alarm_everywhere(home: Home) -> None:
    async with home.screen() as screen:
        home.service.recorder._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StorageError):
            await home.poll()
        for path in ("", "day", "systems"):
            await alarmed(await screen.open(path))
        home.service.recorder._connection.execute("PRAGMA query_only = OFF")
        await home.poll()
        page = await screen.open("systems")
        await page.locator(".raw tbody tr").first.wait_for()
        await expect(page.locator(".alarm")).to_have_count(0)


async def test_the_devices_own_words_are_there_when_they_are_asked_for(home: Home) -> None:
    DEVICES["roof"].words = {"ENERGY": {"GUI_GRID_POW": -1000.123}, "PV1": {"MPP": [1, "<b>two</b>"]}}
    async with home.screen(width=390) as screen:
        page = await screen.open("systems")
        panel = page.locator(".raw")
        await expect(panel).to_contain_text("roof/pv.power")
        assert not any("/raw?" in url for url in screen.asked)
        await panel.get_by_text("The device's own").click()
        rows = panel.locator("tbody tr")
        await expect(rows).to_have_text(["ENERGY.GUI_GRID_POW-1000.123", "PV1.MPP[0]1", "PV1.MPP[1]<b>two</b>"])
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert await faults(page) == []
        await panel.get_by_role("searchbox").fill("grid")
        await expect(rows).to_have_count(1)
        assert screen.complaints == []
