"""What a person does with it: by keyboard alone, on long and short days, near and far, with motion and without."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.conftest import at_home, configured
from tests.browser.home import NOON, Gap, recorded, snapshot
from tests.recorder.made import record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from heliobus.simulation.clock import ManualClock
    from tests.browser.conftest import Home
    from tests.service.conftest import MakeDevice

BERLIN = ZoneInfo("Europe/Berlin")
CARD, PLOT = ".plot .card", ".plot"


async def focused(page: Page) -> str:
    """Say what has the focus, by its words."""
    return str(
        await page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
            " || document.activeElement.tagName"
        )
    ).strip()


@pytest.fixture
async def lived_in(tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser) -> AsyncIterator[Home]:
    start = NOON - timedelta(hours=13)
    gap = Gap(start=NOON - timedelta(hours=3), end=NOON - timedelta(hours=2))
    record(tmp_path / "record.db", recorded(start, NOON, gap), interval=60.0)
    device("roof", snapshot(NOON))
    async with at_home(configured(tmp_path, "roof"), clock, browser) as running:
        await running.poll()
        yield running


async def test_the_keyboard_alone_is_enough(lived_in: Home) -> None:
    async with lived_in.screen() as screen:
        page = await screen.open()
        await page.keyboard.press("Tab")
        assert await focused(page) == "Skip to content"
        seen = []
        for _ in range(5):
            await page.keyboard.press("Tab")
            seen.append(await focused(page))
            assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert seen == ["heliobus", "Now", "Day", "Systems", "DE"]
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await page.locator(f"{PLOT} canvas").wait_for()
        assert await page.evaluate("document.activeElement.id") == "main"
        seen = []
        for _ in range(6):
            await page.keyboard.press("Tab")
            seen.append(await focused(page))
        assert seen[:3] == ["Day before", "Today", "Choose a day"]
        assert seen[-1].startswith("Powers of Wednesday, 16 September 2026")


async def test_a_day_is_read_and_zoomed_by_keys(lived_in: Home) -> None:
    async with lived_in.screen() as screen:
        page = await screen.open("day")
        await page.locator(f"{PLOT} canvas").wait_for()
        await page.locator(PLOT).focus()
        await page.keyboard.press("End")
        await expect(page.locator(CARD)).to_contain_text("12:40")
        for _ in range(6):
            await page.keyboard.press("ArrowLeft")
        await expect(page.locator(CARD)).to_contain_text("12:10\u201312:15")
        await expect(page.locator(CARD)).to_contain_text("State of charge")
        await page.keyboard.press("+")
        await page.keyboard.press("+")
        await expect(page.locator(".whole")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator(".whole")).to_have_count(0)


async def test_a_day_is_zoomed_by_dragging(lived_in: Home) -> None:
    async with lived_in.screen() as screen:
        page = await screen.open("day")
        over = await page.locator(".u-over").bounding_box()
        assert over is not None
        await page.mouse.move(over["x"] + 100, over["y"] + 100)
        await page.mouse.down()
        await page.mouse.move(over["x"] + 300, over["y"] + 100, steps=4)
        await page.mouse.up()
        await expect(page.locator(".whole")).to_be_visible()
        await page.locator(".whole").click()
        await expect(page.locator(".whole")).to_have_count(0)


async def test_table_and_file_are_the_same_day(lived_in: Home) -> None:
    async with lived_in.screen() as screen:
        page = await screen.open("day")
        await page.get_by_role("radio", name="Table").check(force=True)
        rows = page.locator(".data tbody tr")
        assert await rows.count() == 13
        assert (await rows.first.locator("th").inner_text()) == "00\u201301"
        async with page.expect_download() as download:
            await page.get_by_role("link", name="CSV").click()
        path = await (await download.value).path()
        table = list(csv.DictReader(io.StringIO(path.read_text())))
        assert len(table) == 153
        assert table[0]["time"] == "2026-09-16T00:00:00+02:00"
        assert (await download.value).suggested_filename == "heliobus-2026-09-16.csv"
        assert [row["pv_w"] for row in table].count("") == 11  # the gap of an hour begins and ends within a step


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2026-03-29", 23), ("2026-09-16", 24)])
async def test_days_have_their_hours(  # noqa: PLR0917 - fixtures are asked for by name
    tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser, day: str, hours: int
) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    end = start + timedelta(days=1)
    record(tmp_path / "record.db", recorded(start.astimezone(UTC), end.astimezone(UTC)), interval=60.0)
    device("roof", snapshot(NOON))
    clock.jump((end - NOON).total_seconds() + 86_400)
    async with at_home(configured(tmp_path, "roof"), clock, browser) as home, home.screen() as screen:
        page = await screen.open(f"day?d={day}")
        await page.get_by_role("radio", name="Table").check(force=True)
        names = await page.locator(".data tbody th").all_inner_texts()
        assert len(names) == len(set(names)) == hours
        twice = [name.partition("\u2013")[0] for name in names if name[2].isalpha()]
        assert twice == (["02a", "02b"] if hours == 25 else [])
        note = await page.locator(".pagehead .sub").inner_text()
        assert (f"{hours} hours" in note) == (hours != 24)
        assert screen.complaints == []


async def test_what_cannot_be_shown_says_why(lived_in: Home) -> None:
    async with lived_in.screen() as screen:
        page = await screen.open("day?d=2026-02-30")
        await expect(page.locator("main")).to_contain_text("This is not a date", ignore_case=True)
        page = await screen.open("day?d=2026-01-01")
        await expect(page.locator(".chartpanel")).to_contain_text("Nothing has been recorded on this day.")


async def test_nothing_moves_for_those_who_do_not_want_it(lived_in: Home) -> None:
    for motion, running in (("reduce", 0), ("no-preference", 1)):
        async with lived_in.screen(reduced_motion=motion) as screen:
            page = await screen.open()
            await page.locator(".dots").first.wait_for(state="attached")
            moving = await page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length")
            assert min(moving, 1) == running


async def test_the_wall_shows_the_picture_alone(lived_in: Home) -> None:
    async with lived_in.screen() as screen:
        page = await screen.open("?kiosk=1&theme=dark&lang=de")
        await expect(page.locator(".flowpanel")).to_be_visible()
        assert await page.locator("header.bar, .ledger, .sparks").count() == 0
        assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
        await expect(page.locator(".lead")).to_contain_text("Die Sonne liefert")


async def test_raw_values_are_found_by_their_name(lived_in: Home) -> None:
    async with lived_in.screen() as screen:
        page = await screen.open("systems")
        await page.get_by_role("searchbox").fill("1.SOC batt")
        rows = page.locator(".raw tbody tr")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("roof/batteries.1.soc")
        await page.get_by_role("searchbox").fill("nothing like it")
        await expect(page.locator(".raw")).to_contain_text("No value matches.")


async def test_small_windows_and_large_text_fit(lived_in: Home) -> None:
    for width, text in ((360, "100%"), (640, "200%")):
        async with lived_in.screen(width=width) as screen:
            for path in ("", "day", "systems"):
                page = await screen.open(path)
                await page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
                fits = "document.documentElement.scrollWidth <= innerWidth"
                await page.wait_for_function(fits, timeout=5000)
