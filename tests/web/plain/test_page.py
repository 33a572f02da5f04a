from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import Unreachable
from heliobus.model.identity import Device
from heliobus.model.parts import Wallbox
from heliobus.web.files import ASSETS, manifest
from heliobus.web.plain.figures import THIN
from tests.service.scripted import NOON, SUNNY
from tests.web.conftest import config, serving
from tests.web.plain.made import LONG, ORDINARY, SHORT, keep, steady

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import House

GERMAN = ("Accept-Language: de-DE,de;q=0.9,en;q=0.5",)
VOID = {"br", "link", "meta"}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


class Page(HTMLParser):
    """Reads a page as a browser does, and objects to what none should contain."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.uses: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []
        assert not {"script", "style", "iframe", "object", "img", "form"} & set(self.tags)
        assert len(self.ids) == len(set(self.ids))
        assert self.uses <= set(self.ids)
        assert not [link for link in self.links if re.match(r"[a-z]+:|//|/", link)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert name != "style"
            assert not name.startswith("on")
            text = value or ""
            self.uses |= set(re.findall(r"url\(#(.+?)\)", text))
            if name == "id":
                self.ids.append(text)
            elif name in ("href", "src") and text.startswith("#"):
                self.uses.add(text[1:])
            elif name in ("href", "src"):
                self.links.append(text)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data + "\n"

    def says(self, text: str) -> bool:
        return text in re.sub(r"\s+", " ", self.words.replace(THIN, " "))


async def look(house: House, path: str = "/plain", **options: object) -> Page:
    answer = await house.ask(path, **options)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


async def test_the_sentence_comes_first_and_all_repeat_it(house: House) -> None:
    page = await look(house)
    assert page.words.index("The sun delivers ") < page.words.index("State of charge")
    assert page.says("The sun delivers 4.00 kW . The battery takes 2.40 kW , the grid 1.00 kW . The house uses 600 W .")
    for words in (
        "exporting",
        "charging · 60 %",
        "from the sun",
        "Balance closed, residual 0 W",
        "0 s ago",
        "All is well.",
    ):
        assert page.says(words), words
    assert '<meta http-equiv="refresh" content="10">' in (await house.ask("/plain")).text


async def test_it_speaks_the_readers_language(house: House) -> None:
    for path, headers in (("/plain", GERMAN), ("/plain?lang=de", ())):
        answer = await house.ask(path, headers=headers)
        page = Page(answer.text)
        assert page.says("Die Sonne liefert 4,00 kW . In den Akku gehen 2,40 kW , ins Netz 1,00 kW .")
        assert page.says("vor 0 s")
        assert answer.headers["content-language"] == "de"
        assert '<html lang="de">' in answer.text
    assert (await look(house, "/plain?lang=en", headers=GERMAN)).says("The sun delivers")


async def test_language_and_theme_stay_while_one_looks_around(house: House) -> None:
    page = await look(house, "/plain?lang=de&theme=dark&d=2026-06-20")
    links = [link for link in page.links if link.startswith("plain")]
    assert links
    assert all("theme=dark" in link and "lang=" in link for link in links)
    assert "plain?lang=de&theme=dark&d=2026-06-19" in links
    assert "plain?lang=en&theme=dark&d=2026-06-20" in links
    assert 'data-theme="dark"' in (await house.ask("/plain?theme=dark")).text


async def test_old_values_say_so(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof", SUNNY, Unreachable("cannot connect"))
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        await clock.advance(40)
        await house.poll()
        late = await look(house)
        assert late.says("As of 13:00: The sun delivers 4.00 kW")
        assert late.says("roof: values of 13:00 Cannot connect. ")
        await clock.advance(600)
        text = (await house.ask("/plain")).text
        lost = Page(text)
        assert lost.says("Nothing is known at present: no answer since 13:00.")
        assert lost.says("roof has not answered since 13:00")
        assert lost.says("silent since 13:00")
        assert not re.search(rf"\b0{THIN}k?W\b|<b>", text.split('id="main"')[1].split("Energy today")[0])
        assert text.count('class="node unk"') == 6


async def test_before_the_first_value_nothing_is_zero(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof", Unreachable("cannot connect"))
    async with serving(config(tmp_path, "roof"), clock) as house:
        page = await look(house)
        assert page.says("Waiting for the first values.")
        assert page.says("connecting")
        assert page.says("Nothing recorded yet")
        assert not re.search(r"\b0 (k?Wh?|%)", page.words.replace(THIN, " ").replace("0 % of the time", ""))
        await house.poll()
        assert (await look(house)).says("roof has not answered yet Cannot connect. ")


async def test_what_devices_say_is_text(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    evil = Device(id="1", vendor=EVIL, model=EVIL, serial="1", firmware=EVIL, name=EVIL)
    device("roof", replace(SUNNY, source=EVIL), Unreachable(EVIL, remedy=EVIL)).identity = evil
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        assert (await look(house)).tags.count("script") == 0
        await clock.advance(40)
        await house.poll()
        for path in ("/plain", "/plain?d=2026-06-21", "/plain?d=%3Cscript%3E", "/plain?lang=%3Cscript%3E"):
            page = await look(house, path)
            assert "alert(1)" not in "".join(page.tags + page.links)
        assert (await look(house)).says(EVIL)


async def test_nothing_comes_from_another_host(house: House) -> None:
    text = (await house.ask("/plain")).text
    assert "://" not in text.replace("scripted://roof", "")
    for name, asset in manifest(ASSETS).items():
        content = asset.content.decode().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in content, name
        assert "@import" not in content, name
        for reference in re.findall(r"url\((.*?)\)", content):
            assert reference.startswith("#"), name
    page = await look(house)
    wanted = {link.removeprefix("assets/") for link in page.links if link.startswith("assets/")}
    assert wanted == set(manifest(ASSETS))


@pytest.mark.parametrize(("day", "hours"), [(ORDINARY, 24), (LONG, 25), (SHORT, 23)], ids=["24 h", "25 h", "23 h"])
async def test_a_recorded_day(tmp_path: Path, clock: ManualClock, device: MakeDevice, day: date, hours: int) -> None:
    keep(tmp_path, day, every=300)
    device("roof")
    clock.jump(timedelta(days=365).total_seconds())
    async with serving(config(tmp_path, "roof", sites={"Home": "Europe/Berlin"}), clock) as house:
        page = await look(house, f"/plain?d={day}")
        assert f"plain?d={day - timedelta(days=1)}" in page.links
        assert f"plain?d={day + timedelta(days=1)}" in page.links
        assert page.says(f"{1.2 * hours:.1f} kWh")
        assert page.words.count("\u2013") >= hours
        rows = re.findall(
            r'<th scope="row">([0-9]{2}[ab]?)\u2013[0-9]{2}</th>', (await house.ask(f"/plain?d={day}")).text
        )
        assert len(rows) == hours
        assert ("02a" in rows, "02b" in rows) == (hours == 25, hours == 25)
        assert "refresh" not in (await house.ask(f"/plain?d={day}")).text


async def test_today_as_a_day_has_no_tomorrow(house: House) -> None:
    page = await look(house, "/plain?d=2026-06-21")
    assert page.says("Sunday, 21 June 2026")
    assert "plain?d=2026-06-20" in page.links
    assert "plain?d=2026-06-22" not in page.links
    assert 'content="60"' in (await house.ask("/plain?d=2026-06-21")).text


async def test_the_ledger_of_today(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    keep(tmp_path, ORDINARY, lambda at: steady(at) if at.hour < 13 else None)
    device("roof")
    async with serving(config(tmp_path, "roof", sites={"Home": "Europe/Berlin"}), clock) as house:
        page = await look(house)
        assert page.says("Energy today 00:00\u201313:00 · 99.9 % of the time recorded")
        assert page.says("Sun 15.6 kWh from the battery 0.0 kWh from the grid 0.0 kWh")
        assert page.says("House 3.9 kWh into the battery 6.5 kWh into the grid 5.2 kWh Total 15.6 kWh")
        assert page.says("100 % Autarky grid import 0 Wh 67 % Self-consumption 10.4 kWh used here")


async def test_every_site_has_its_panel(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof", replace(SUNNY, wallboxes=(Wallbox(id="1", power=0.0),)))
    device("hut", Unreachable("off"))
    zones = {"Home": "Europe/Berlin", "Perth": "Australia/Perth"}
    async with serving(config(tmp_path, "roof", "hut", sites=zones), clock) as house:
        await house.poll()
        page = await look(house)
        assert page.tags.count("h1") == 2
        assert page.words.index("Home") < page.words.index("The sun delivers") < page.words.index("Perth")
        assert page.says("Wallbox")
        day = await look(house, "/plain?d=2026-06-21")
        assert day.words.index("Home") < day.words.index("Perth")


async def test_without_the_record_the_present_is_still_shown(house: House, tmp_path: Path) -> None:
    for path in tmp_path.glob("record.db*"):
        path.unlink()
    page = await look(house)
    assert page.says("The sun delivers 4.00 kW")
    assert page.says("The record cannot be read.")
    assert (await look(house, "/plain?d=2026-06-20")).says("The record cannot be read.")


async def test_a_wrong_address_is_said_on_a_page(house: House) -> None:
    for path in (
        "/plain?d=soon",
        "/plain?d=0001-01-01",
        "/plain?d=9999-12-31",
        "/plain?d=",
        "/plain?lang=fr",
        "/plain?theme=pink",
    ):
        answer = await house.ask(path, headers=GERMAN)
        assert answer.status == 400, path
        assert Page(answer.text).says("Diese Seite kann nicht gezeigt werden")


async def test_days_at_the_ends_of_time_are_empty(house: House) -> None:
    for day in ("1970-01-02", "2099-12-31"):
        page = await look(house, f"/plain?d={day}")
        assert page.says("Nothing has been recorded on this day."), day


def test_noon_is_one_at_berlin() -> None:
    assert NOON.astimezone(ZoneInfo("Europe/Berlin")).hour == 13
