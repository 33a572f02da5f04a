"""One grid connection, two vendors' devices on real sockets: every total says what the two houses truly do."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.supervisor import Service
from heliobus.simulation.clock import ManualClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.vendor import SimulationOptions, vendors
from heliobus.web.server import WebServer
from tests.web.conftest import House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

MINUTES = 30
WATTS = 12.0
"""How far a sum of both may be off: the Growatt cloud tells three of its powers in steps of 10 W."""
MEASURES, BESIDE = Plant(3), Plant(4)
START = summer_noon(MEASURES)


def together(moment: datetime) -> dict[str, float]:
    """What the site truly does in W: the first house stands at the connection, the second one feeds into it."""
    one, other = MEASURES.at(moment), BESIDE.at(moment)
    pv, battery, grid = one.pv + other.pv, one.battery + other.battery, one.grid
    return {"pv": pv, "battery": battery, "grid": grid, "load": pv + battery + grid}


@pytest.fixture(params=["e3dc", "growatt"])
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    clock = ManualClock(START)
    async with AsyncExitStack() as opened:
        systems = []
        for vendor, plant in (("senec", MEASURES), (request.param, BESIDE)):
            options = SimulationOptions(plant=plant, clock=clock, profile=vendors()[vendor].demo.profile)
            device = await opened.enter_async_context(vendors()[vendor].simulate(options))
            systems.append(system(tmp_path, vendor, device.announcement()))
        configured = Config(
            sites=(SiteConfig(name="Home", timezone="Europe/Berlin"),),
            systems=tuple(systems),
            recorder=RecorderConfig(path=tmp_path / "record.db", durability="strict"),
        )
        service = await opened.enter_async_context(Service(configured, clock=clock, driven=True))
        server = await opened.enter_async_context(WebServer(service, port=0, front_end=tmp_path / "none"))
        house = House(service, server, clock)
        for minute in range(MINUTES + 1):
            if minute:
                await clock.advance(60)
            await house.poll()
        yield house


def system(folder: Path, name: str, told: dict[str, Any]) -> SystemConfig:
    files: dict[str, Any] = {}
    for word in ("password", "key", "token"):
        if word in told:
            files[f"{word}_file"] = folder / f"{name}.{word}"
            files[f"{word}_file"].touch(mode=0o600)
            files[f"{word}_file"].write_text(told[word], encoding="utf-8")
    return SystemConfig(name=name, url=told["url"], interval=60.0, grid=name == "senec", **files)


def mean(name: str) -> float:
    """The true mean over the time that was recorded."""
    values = [together(START + timedelta(seconds=10 * step))[name] for step in range(6 * MINUTES + 1)]
    return (sum(values) - (values[0] + values[-1]) / 2) / (len(values) - 1)


async def test_every_total_is_that_of_both(both: House) -> None:
    end = START + timedelta(minutes=MINUTES)
    true = together(end)
    site = (await both.ask("/api/v1/now")).json["sites"]["home"]
    assert {name: site[name]["power"] for name in true} == pytest.approx(true, abs=WATTS)
    assert site["residual"] is None
    assert [site[name]["status"] for name in ("pv", "grid", "battery", "load")] == ["ok"] * 4

    span = f"from={START:%Y-%m-%dT%H:%M}Z&to={end:%Y-%m-%dT%H:%M}Z"
    channels = ",".join(f"{name}.power" for name in true)
    history = (await both.ask(f"/api/v1/history?{span}&resolution=1min&channels={channels}")).json
    for name in true:
        cells = [cell for cell in history[f"{name}.power"] if cell is not None]
        assert len(cells) >= MINUTES - 1
        assert sum(cells) / len(cells) == pytest.approx(mean(name), abs=2 * WATTS), name

    bucket = (await both.ask(f"/api/v1/energy?{span}&by=day")).json["buckets"][0]
    energies, hours = bucket["sites"]["home"], MINUTES / 60
    assert energies["pv"] == pytest.approx(mean("pv") * hours, abs=WATTS)
    assert energies["import"] - energies["export"] == pytest.approx(mean("grid") * hours, abs=WATTS)
    assert energies["load"] == pytest.approx(mean("load") * hours, abs=4 * WATTS)
    parts = bucket["systems"].values()
    assert energies["pv"] == pytest.approx(sum(part["pv"] for part in parts))
    assert energies["import"] == bucket["systems"]["senec"]["import"]

    day = (await both.ask("/api/v1/day")).json
    assert day["energies"] == energies
    for name in ("pv", "battery", "grid", "load"):
        drawn = [value for value in day["series"][name] if value is not None]
        assert sum(drawn) / len(drawn) == pytest.approx(mean(name), abs=4 * WATTS), name
    assert day["balance"]["total"] is not None


async def test_the_page_without_scripts_says_the_same(both: House) -> None:
    page = (await both.ask("/plain?lang=en")).text
    pv = (await both.ask("/api/v1/now")).json["sites"]["home"]["pv"]["power"]
    assert f"{pv / 1000:.2f}\u202f" in page.replace('<span class="unit">', "").replace('<tspan class="un">', "")


async def test_without_one_of_them_no_sum_is_told(both: House) -> None:
    other = next(one.name for one in both.service.systems() if one.name != "senec")
    await both.clock.advance(3600)
    await both.poll("senec")
    site = (await both.ask("/api/v1/now")).json["sites"]["home"]
    grid = MEASURES.at(both.clock.now()).grid
    assert (site["pv"]["power"], site["battery"]["power"], site["load"]["power"]) == (None, None, None)
    assert site["grid"]["power"] == pytest.approx(grid, abs=WATTS)
    assert site["status"] == "lost"
    assert (await both.ask("/api/v1/now")).json["systems"][other]["status"] == "lost"
