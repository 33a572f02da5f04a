"""A client that knows nothing of heliobus reads the simulated cloud: growattServer from PyPI, unmodified.

The installed version is read, and each that lies unpacked in ``.venv/peers/growattServer-<version>``.  Of 2.2.0 one
statement is new to Python 3.12 (``type ParameterValue = ...``): where Python is older, that one is read as a plain
assignment while the package is imported; everything else, and the files, stay as they are.
"""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
from contextlib import contextmanager
from datetime import datetime
from importlib.machinery import FileFinder, SourceFileLoader
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from heliobus.simulation.plant import Plant
from tests.conftest import ROOT
from tests.growatt.conftest import HOUSE, NOON, PLANT, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERSIONS = ("1.2.3", "1.7.1", "2.2.0")
TYPE_STATEMENT = re.compile(rb"^type (?=ParameterValue = )", re.MULTILINE)
NOW, TOTAL = PLANT.at(NOON), PLANT.counters(NOON)


def installed() -> str | None:
    try:
        return version("growattServer")
    except PackageNotFoundError:
        return None


class OlderPython(SourceFileLoader):
    """Reads ``type ParameterValue = ...`` as an assignment, and leaves no byte code behind."""

    def get_data(self, path: str) -> bytes:
        return TYPE_STATEMENT.sub(b"", super().get_data(path))

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Nothing: what is compiled here is not what the file says."""


def finder(folder: str) -> FileFinder:
    return FileFinder(folder, (OlderPython, [".py"]))


@contextmanager
def library(number: str) -> Iterator[Any]:
    """The package at this version; others stay unloaded."""
    folder = ROOT / ".venv" / "peers" / f"growattServer-{number}"
    if number != installed() and not folder.is_dir():
        pytest.skip(f"growattServer {number} is not installed")
    before = list(sys.path)
    if number != installed():
        sys.path.insert(0, str(folder))
        if sys.version_info < (3, 12):
            for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
                sys.path_importer_cache[str(place)] = finder(str(place))
    try:
        yield importlib.import_module("growattServer")
    finally:
        sys.path[:] = before
        for known in [known for known in sys.path_importer_cache if known.startswith(str(folder))]:
            del sys.path_importer_cache[known]
        for name in [name for name in sys.modules if name.partition(".")[0] == "growattServer"]:
            del sys.modules[name]


async def asked(number: str, ask: Callable[[Any, Any, dict[str, Any]], Any], *, profile: str = "mix") -> Any:
    """What ``ask(library, api, what the simulator told)`` gives, run as the foreign program runs: blocking."""

    def run(told: dict[str, Any]) -> Any:
        with library(number) as growatt:
            api = growatt.GrowattApi()
            api.server_url = told["base_url"]
            return ask(growatt, api, told)

    async with running(profile=profile) as one:
        return await asyncio.to_thread(run, one.told)


def kilo(value: float, places: int) -> object:
    return pytest.approx(value / 1000, abs=0.51 * 10.0**-places)


every_version = pytest.mark.parametrize("number", VERSIONS)


@every_version
async def test_it_logs_in_and_finds_the_plant_and_its_devices(number: str) -> None:
    def ask(_: Any, api: Any, told: dict[str, Any]) -> Any:
        refused = api.login(told["username"], "wrong")
        back = api.login(told["username"], told["password"])
        plants = api.plant_list(back["userId"])
        return refused, back, plants, api.device_list(plants["data"][0]["plantId"]), told

    refused, back, plants, devices, told = await asked(number, ask)
    assert (refused["success"], refused["msg"]) == (False, "502")
    assert (back["success"], back["userLevel"]) == (True, 1)
    assert back["data"][0]["plantId"] == plants["data"][0]["plantId"]
    assert plants["data"][0]["currentPower"] == f"{NOW.pv:.1f} W"
    assert [(one["deviceSn"], one["deviceType"]) for one in devices] == [(told["serial"], "mix")]


@every_version
async def test_it_finds_three_in_one_plant_and_reads_each(number: str) -> None:
    def ask(_: Any, api: Any, told: dict[str, Any]) -> Any:
        back = api.login(told["username"], told["password"])
        plant = back["data"][0]["plantId"]
        tlx, mix, spf = devices = [one["deviceSn"] for one in api.device_list(plant)]
        status = api.mix_system_status(mix, plant)
        power = api.tlx_detail(tlx)["data"]["ppv"], 1000 * float(status["ppv"]), api.storage_params(spf)
        return devices, power, api.plant_list(back["userId"])["data"][0]["currentPower"]

    devices, (tlx, mix, spf), whole = await asked(number, ask, profile="tlx+mix+storage")
    first, second, third = (Plant(seed, house=HOUSE).at(NOON).pv for seed in (7, 8, 9))
    assert devices == ["SIMTLX0000007", "SIMMIX0000008", "SIMSPF0000009"]
    assert (tlx, mix) == (pytest.approx(first, abs=0.051), pytest.approx(second, abs=5.1))
    assert spf["storageDetailBean"]["ppv"] + spf["storageDetailBean"]["ppv2"] == pytest.approx(third, abs=0.11)
    assert float(whole.removesuffix(" W")) == pytest.approx(first + second + third, abs=0.051)


@every_version
async def test_it_reads_a_hybrid(number: str) -> None:
    day = NOON.astimezone(ZoneInfo(PLANT.house.timezone))

    def ask(growatt: Any, api: Any, told: dict[str, Any]) -> Any:
        back = api.login(told["username"], told["password"])
        plant, serial = back["data"][0]["plantId"], told["serial"]
        wall = datetime(day.year, day.month, day.day)  # noqa: DTZ001, as the foreign client has it
        return (
            api.mix_system_status(serial, plant),
            api.mix_totals(serial, plant),
            api.mix_info(serial, plant),
            api.mix_detail(serial, plant, growatt.Timespan.hour, wall),
            api.dashboard_data(plant, growatt.Timespan.hour, wall),
            api.plant_detail(plant, growatt.Timespan.day, wall),
        )

    status, totals, info, detail, dashboard, history = await asked(number, ask)
    assert float(status["ppv"]) == kilo(NOW.pv, 2)
    assert float(status["pLocalLoad"]) == kilo(NOW.load, 2)
    assert float(status["pactouser"]) - float(status["pactogrid"]) == kilo(NOW.grid, 2)
    assert float(status["pdisCharge1"]) - float(status["chargePower"]) == kilo(NOW.battery, 2)
    assert float(status["pPv1"]) == pytest.approx(NOW.strings[0].power, abs=0.051)  # W, where the rest is kW
    assert float(status["SOC"]) == pytest.approx(NOW.soc, abs=0.51)
    assert float(totals["epvTotal"]) == kilo(TOTAL.pv, 1)
    assert float(totals["elocalLoadTotal"]) == kilo(TOTAL.load, 1)
    assert float(totals["etogridTotal"]) == kilo(TOTAL.grid_export, 1)
    assert float(totals["echargetotal"]) == kilo(TOTAL.charge, 1)
    assert float(info["eBatDisChargeTotal"]) == kilo(TOTAL.discharge, 1)
    assert info["soc"] == f"{NOW.soc:.0f}%"
    assert float(detail["chartData"]["12:30"]["sysOut"]) == kilo(NOW.load, 2)
    assert dashboard["etouser"] == f"{detail['etouser']}kWh"
    assert history["success"]


@every_version
async def test_it_reads_a_tlx(number: str) -> None:
    def ask(_: Any, api: Any, told: dict[str, Any]) -> Any:
        api.login(told["username"], told["password"])
        return api.tlx_detail(told["serial"])["data"]

    detail = await asked(number, ask, profile="tlx")
    assert detail["ppv"] == pytest.approx(NOW.pv, abs=0.051)
    assert detail["pacToLocalLoad"] == pytest.approx(NOW.load, abs=0.051)
    assert detail["pacToUserTotal"] - detail["pacToGridTotal"] == pytest.approx(NOW.grid, abs=0.051)
    assert detail["etoUserTotal"] == kilo(TOTAL.grid_import, 1)
    assert detail["bmsSoc"] == pytest.approx(NOW.soc, abs=0.51)


@every_version
async def test_it_reads_an_spf(number: str) -> None:
    def ask(_: Any, api: Any, told: dict[str, Any]) -> Any:
        plant = api.login(told["username"], told["password"])["data"][0]["plantId"]
        serial = told["serial"]
        return (
            api.storage_detail(serial),
            api.storage_params(serial)["storageDetailBean"],
            api.storage_energy_overview(plant, serial),
        )

    short, detail, totals = await asked(number, ask, profile="storage")
    assert float(short["outPutPower"]) == pytest.approx(NOW.load, abs=0.051)
    assert detail["ppv"] + detail["ppv2"] == pytest.approx(NOW.pv, abs=0.11)
    assert detail["pCharge"] == pytest.approx(-NOW.battery, abs=0.051)
    assert float(totals["eToUserTotal"]) == kilo(TOTAL.grid_import, 1)


@every_version
async def test_it_reads_a_plain_inverter(number: str) -> None:
    day = NOON.astimezone(ZoneInfo(PLANT.house.timezone))

    def ask(_: Any, api: Any, told: dict[str, Any]) -> Any:
        api.login(told["username"], told["password"])
        serial = told["serial"]
        wall = datetime(day.year, day.month, day.day)  # noqa: DTZ001, as the foreign client has it
        return api.inverter_data(serial, wall), api.inverter_detail(serial), api.inverter_detail_two(serial)

    curve, detail, two = await asked(number, ask, profile="inverter")
    assert curve["invPacData"][f"{day:%Y-%m-%d %H:%M}"] == pytest.approx(NOW.pv, abs=0.051)
    assert detail["powerTotal"] == kilo(TOTAL.pv, 1)
    assert two["vpv1"] == pytest.approx(NOW.strings[0].voltage, abs=0.051)


async def test_it_reads_a_noah() -> None:
    def ask(_: Any, api: Any, told: dict[str, Any]) -> Any:
        plant = api.login(told["username"], told["password"])["data"][0]["plantId"]
        found = api.is_plant_noah_system(plant)["obj"]
        serial = found["deviceSn"]
        return found, told, api.noah_system_status(serial)["obj"], api.noah_info(serial)["obj"]["noah"]

    found, told, status, info = await asked("2.2.0", ask, profile="noah")
    assert (found["isPlantHaveNoah"], found["deviceSn"]) == (True, told["serial"])
    assert float(status["disChargePower"]) - float(status["chargePower"]) == pytest.approx(NOW.battery, abs=0.051)
    assert info["chargingSocHighLimit"]


async def test_it_reads_what_came_with_2_2_0() -> None:
    def ask(_: Any, api: Any, told: dict[str, Any]) -> Any:
        plant = api.login(told["username"], told["password"])["data"][0]["plantId"]
        serial = told["serial"]
        return (
            api.plant_list_two(),
            api.plant_energy_data(plant),
            api.tlx_system_status(plant, serial),
            api.tlx_energy_overview(plant, serial),
        )

    plants, energies, status, totals = await asked("2.2.0", ask, profile="tlx")
    assert [one["plantName"] for one in plants] == ["Simulated house"]
    assert float(energies["totalValue"]) == kilo(TOTAL.pv, 1)
    assert float(status["pLocalLoad"]) == kilo(NOW.load, 2)
    assert float(totals["elocalLoadTotal"]) == kilo(TOTAL.load, 1)
