"""What is shown is what is: the numbers of the truth, their age, and how the page comes through every loss."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from heliobus.errors import Unreachable
from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, Grid, Load
from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.simulation.clock import FrozenClock, ManualClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions, vendors
from heliobus.web.plain.figures import ENGLISH
from heliobus.web.server import WebServer
from tests.browser.conftest import answer, at_home, configured
from tests.browser.home import NOON, snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Home
    from tests.service.conftest import MakeDevice

OUTAGE = Unreachable("cannot connect to roof")


async def lead(page: Page) -> str:
    return await page.locator(".lead").inner_text()


async def figures(page: Page) -> dict[str, str]:
    """Give what stands at the sun and at each node of the picture of the bus."""
    picture = page.locator("svg.flow.wide")
    nodes = await picture.locator("g.node:has(.nm)").all()
    found = {
        (await node.locator(".nm").text_content()) or "": await node.locator(".val").text_content() for node in nodes
    }
    found["Sun"] = await picture.locator(".val").first.text_content()
    return {name: value or "" for name, value in found.items()}


async def test_the_numbers_are_the_truth(tmp_path: Path, browser: Browser) -> None:
    """A simulated appliance on a real socket, the product as it is, and the simulated house itself."""
    plant = Plant(1)
    noon = summer_noon(plant)
    async with vendors()["senec"].simulate(SimulationOptions(plant=plant, clock=FrozenClock(noon))) as appliance:
        config = Config(
            sites=(SiteConfig(name="Home", timezone="Europe/Berlin"),),
            systems=(SystemConfig(name="roof", url=DeviceURL.parse(appliance.announcement()["url"]), interval=10.0),),
            recorder=RecorderConfig(path=tmp_path / "record.db"),
        )
        async with at_home(config, ManualClock(noon), browser) as home, home.screen() as screen:
            await home.poll()
            page = await screen.open()
            now = plant.at(noon)
            true = {"Sun": now.pv, "House": now.load, "Battery": abs(now.battery), "Grid": abs(now.grid)}
            printed = {name: str(ENGLISH.power(watts)) for name, watts in true.items()}
            assert await figures(page) == printed
            said = await lead(page)
            assert all(text in said for text in printed.values())
            legend = await page.locator(".io").inner_text()
            assert all(text in legend for text in printed.values())
            assert await page.locator(".big").first.inner_text() == str(ENGLISH.percent(now.soc))


@pytest.mark.parametrize("language", ["en", "de"])
async def test_both_pages_say_the_same(home: Home, language: str) -> None:
    """The living page and the one without JavaScript, all through a day and with parts unknown."""
    midnight = datetime(2026, 9, 16, tzinfo=ZoneInfo("Europe/Berlin"))
    moments = [snapshot(midnight + timedelta(hours=hour)) for hour in range(1, 24, 3)]
    broken = [replace(moments[4], load=Load()), replace(moments[4], wallboxes=(), batteries=(Battery(id="1"),))]
    async with home.screen() as screen, home.screen() as other:
        page, plain = await screen.open(f"?lang={language}"), await other.open(f"plain?lang={language}")
        for one in [*moments, *broken]:
            await answer("roof", one)
            await home.poll()
            await plain.reload()
            await expect(page.locator(".lead")).to_have_text(await lead(plain))
            assert await page.locator(".io").inner_text() == await plain.locator(".io").inner_text()
            picture = "svg.flow.wide g.node:has(.nm)"
            assert await page.locator(picture).all_inner_texts() == await plain.locator(picture).all_inner_texts()


async def test_changes_arrive_by_themselves(home: Home) -> None:
    async with home.screen() as screen:
        page = await screen.open()
        before = await lead(page)
        await answer("roof", snapshot(NOON + timedelta(hours=7)))
        await home.poll()
        await expect(page.locator(".lead")).not_to_have_text(before)
        assert sum(url.endswith("/api/v1/events") for url in screen.asked) == 1


async def test_a_silent_device_turns_amber_then_red_and_recovers(home: Home) -> None:
    async with home.screen() as screen:
        page = await screen.open()
        stamp = page.locator(".bar .stamp")
        await expect(stamp).to_have_class(re.compile("ok"))
        await answer("roof", OUTAGE)
        await home.clock.advance(31)
        await home.poll()
        await expect(stamp).to_have_class(re.compile("late"))
        await expect(page.locator(".lead")).to_contain_text("As of 12:41:")
        await expect(page.locator(".flowpanel")).to_have_class(re.compile("is-old"))
        await expect(page.locator(".alarm.w")).to_contain_text("roof: values of 12:41")
        await expect(page.locator("svg.flow.wide .node.dim .wt").first).to_have_text("Sun, as of 12:41")
        await expect(page.locator(".dimmed .stamp")).to_have_text("as of 12:41")
        await home.clock.advance(300)
        await home.poll()
        await expect(stamp).to_have_class(re.compile("lost"))
        await expect(page.locator(".alarm")).to_contain_text("roof has not answered since 12:41")
        await expect(page.locator(".lead")).to_contain_text("Nothing is known at present")
        shown = await figures(page)
        assert set(shown.values()) == {"\u2013"}
        assert " 0" not in await page.locator(".flowpanel").inner_text()
        await answer("roof", snapshot(NOON))
        await home.poll()
        await expect(stamp).to_have_class(re.compile("ok"))
        await expect(page.locator(".alarm")).to_have_count(0)


async def test_each_value_has_an_age_of_its_own(
    tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser
) -> None:
    """Of two systems one falls silent: what comes from the other is still of now."""
    whole = snapshot(NOON)
    identity = Device(id="s2", vendor="scripted", serial="s2")
    device("roof", replace(whole, pv=PV(), batteries=(), wallboxes=()))
    script = device("barn", replace(whole, grid=Grid(), load=Load(), wallboxes=()))
    script.identity, script.behind = identity, (identity,)
    async with at_home(configured(tmp_path, "roof", "barn"), clock, browser) as home, home.screen() as screen:
        await home.poll()
        page = await screen.open()
        await answer("barn", OUTAGE)
        await home.clock.advance(31)
        await home.poll()
        nodes = page.locator("svg.flow.wide .node")
        dimmed = page.locator("svg.flow.wide .node.dim .nm")
        await expect(dimmed).to_have_text(["House", "Battery"])
        await expect(page.locator("svg.flow.wide .node.dim").first).to_contain_text("Sun, as of 12:41")
        await expect(nodes.filter(has_text="Grid").locator(".sm")).not_to_contain_text("as of")
        await home.clock.advance(300)
        await home.poll()
        await expect(page.locator("svg.flow.wide .node.unk .nm")).to_have_text(["House", "Battery"])
        assert (await figures(page))["Grid"] == str(ENGLISH.power(abs(whole.grid.power or 0)))
        await expect(page.locator(".lead")).to_contain_text("Not known at present")


async def test_a_lost_server_turns_amber_then_red_and_recovers(home: Home) -> None:
    async with home.screen() as screen:
        await screen.page.clock.install()
        page = await screen.open()
        before = await lead(page)
        stamp = page.locator(".bar .stamp")
        await expect(stamp).to_have_class(re.compile("ok"))
        await home.server.__aexit__(None, None, None)
        await page.clock.run_for(20_000)
        await expect(stamp).to_have_class(re.compile("late"))
        await expect(page.locator(".alarm.w")).to_contain_text("No connection to heliobus since 12:41")
        assert before in await lead(page)
        await page.clock.run_for(300_000)
        await expect(stamp).to_have_class(re.compile("lost"))
        async with WebServer(home.service, port=home.server.port):
            await page.clock.run_for(45_000)
            await expect(stamp).to_have_class(re.compile("ok"))
            await expect(page.locator(".alarm")).to_have_count(0)


async def test_a_browser_that_slept_asks_again(home: Home) -> None:
    async with home.screen() as screen:
        await screen.page.clock.install()
        page = await screen.open()
        await page.clock.fast_forward(3_600_000)
        await page.clock.run_for(2_000)
        await expect(page.locator(".bar .stamp")).to_have_class(re.compile("ok"))
        assert sum(url.endswith("/api/v1/events") for url in screen.asked) == 2


async def test_a_proxy_that_holds_the_stream_back(home: Home) -> None:
    async with home.screen() as screen:
        await screen.page.clock.install()
        await screen.page.route("**/api/v1/events", lambda _: asyncio.sleep(0))
        await screen.page.goto(screen.home)
        await expect(screen.page.locator(".lead")).to_have_text("Connecting to heliobus.")
        await screen.page.clock.run_for(7_000)
        await expect(screen.page.locator(".lead")).to_contain_text("The sun delivers")
        before = await lead(screen.page)
        await answer("roof", snapshot(NOON + timedelta(hours=7)))
        await home.poll()
        await screen.page.clock.run_for(45_000)
        await expect(screen.page.locator(".lead")).not_to_have_text(before)


async def test_it_is_read_aloud_once_a_minute(home: Home) -> None:
    async with home.screen() as screen:
        await screen.page.clock.install()
        page = await screen.open()
        aloud = page.locator("main p[role=status]")
        await expect(aloud).to_have_text("")
        await page.clock.run_for(30_000)
        await expect(aloud).to_have_text("")
        await page.clock.run_for(35_000)
        await expect(aloud).to_have_text(await lead(page))


async def test_the_sites_of_a_person_are_chosen(
    tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser
) -> None:
    device("roof", snapshot(NOON))
    device("barn", snapshot(NOON - timedelta(hours=5)))
    config = Config(
        sites=(SiteConfig(name="Home", timezone="Europe/Berlin"), SiteConfig(name="My Farm", timezone="Europe/Lisbon")),
        systems=tuple(
            SystemConfig(name=name, url=DeviceURL.parse(f"scripted://{name}"), interval=10.0, site=site)
            for name, site in (("roof", "Home"), ("barn", "My Farm"))
        ),
        recorder=RecorderConfig(path=tmp_path / "record.db"),
    )
    async with at_home(config, clock, browser) as home, home.screen() as screen:
        await home.poll()
        page = await screen.open("?site=home")
        before = await lead(page)
        await page.get_by_label("Site").select_option("My Farm")
        await expect(page.locator(".lead")).not_to_have_text(before)
        assert page.url.endswith("?site=my-farm")
        await page.get_by_role("link", name="Systems").click()
        await expect(page.locator(".system h2")).to_have_text("barn")


async def test_before_the_first_answer(
    tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser
) -> None:
    device("roof", OUTAGE)
    async with at_home(configured(tmp_path, "roof"), clock, browser) as home, home.screen() as screen:
        page = await screen.open()
        await expect(page.locator(".lead")).to_have_text("Waiting for the first values.")
        await expect(page.locator(".bar .stamp")).to_have_text("connecting")
        await home.poll()
        await expect(page.locator(".alarm")).to_contain_text("roof has not answered yet")
        assert set((await figures(page)).values()) == {"\u2013"}
        await page.goto(screen.home + "day")
        await expect(page.locator(".chartpanel")).to_contain_text("Nothing recorded yet")
        await page.goto(screen.home + "systems")
        await expect(page.locator(".raw")).to_contain_text("Appears with the first answer")
        assert screen.complaints == []


NASTY = "<img src=x onerror=alert(1)>"


async def test_names_are_text(tmp_path: Path, clock: ManualClock, device: MakeDevice, browser: Browser) -> None:
    identity = Device(id="s1", vendor="scripted", model=NASTY, firmware=NASTY)
    script = device("roof", snapshot(NOON))
    script.identity, script.behind = identity, (identity,)
    async with at_home(configured(tmp_path, "roof"), clock, browser) as home, home.screen() as screen:
        await home.poll()
        await answer("roof", Unreachable(NASTY))
        await home.clock.advance(31)
        await home.poll()
        page = screen.page
        for path in ("", "systems"):
            await screen.open(path)
            await expect(page.locator("main")).to_contain_text(NASTY)
            assert await page.locator("img").count() == 0
        await expect(page.locator(".kv")).to_contain_text(NASTY)
        assert screen.complaints == []
