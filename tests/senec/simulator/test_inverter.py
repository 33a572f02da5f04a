"""The pages of the simulated inverter, as a browser sees them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import aiohttp
import pytest

from heliobus.errors import UsageError
from heliobus.senec.protocol.inverter import PAGES
from heliobus.senec.simulator.inverter import FAULTS, InverterSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import House, Plant
from heliobus.vendor import SimulationOptions

NOON = datetime(2026, 2, 20, 10, 30, tzinfo=UTC)
PLANT = Plant(7, house=House(commissioned=datetime(2025, 12, 1, tzinfo=UTC)))


def options(*faults: str) -> SimulationOptions:
    return SimulationOptions(plant=PLANT, clock=FrozenClock(NOON), faults=faults, wire="inverter")


async def test_the_pages_have_the_form_that_is_known() -> None:
    async with InverterSimulator(options()) as simulator, aiohttp.ClientSession() as browser:
        base = f"http://{simulator.place}"
        async with browser.get(f"{base}{PAGES['measurements']}?17") as answer:
            page = ET.fromstring(await answer.text())  # noqa: S314 - our own simulator's
        rows = page.findall("./Device/Measurements/Measurement")
        assert {"AC_Power", "BDC_BAT_Power", "GridConsumedPower", "Derating"} <= {one.get("Type") for one in rows}
        async with browser.get(base + PAGES["versions"]) as answer:
            page = ET.fromstring(await answer.text())  # noqa: S314
        assert page.find("./Device/Versions/Software") is not None
        async with browser.get(base + PAGES["yields"]) as answer:
            curves = (await answer.json())["TotalCurves"]["Datasets"]
        total = sum(one["Data"] for one in curves[0]["Data"])
        assert curves[0]["Type"] == "PV1"
        assert total == pytest.approx(simulator.plant.counters(NOON).pv, abs=0.5)


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(UsageError, match="fault") as error:
        InverterSimulator(options("no-such"))
    assert next(iter(FAULTS)) in error.value.remedy
