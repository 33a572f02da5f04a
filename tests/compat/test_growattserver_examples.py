"""The examples do what their folder's page says, against the simulated cloud."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from heliobus.growatt.simulator import GrowattSimulator
from heliobus.transport import blocking
from tests.conftest import ROOT

if TYPE_CHECKING:
    from heliobus.simulation.clock import ManualClock
    from tests.compat.conftest import Start

EXAMPLES = ROOT / "examples"
PAGE = (EXAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def simulator(start: Start) -> GrowattSimulator:
    found: GrowattSimulator = start(GrowattSimulator, profile="mix")
    return found


def run(name: str, simulator: GrowattSimulator, *arguments: str, password: str | None = None) -> str:
    """What an example prints; its words of failure, if it fails."""
    told = simulator.announcement()
    account = {"HELIOBUS_USERNAME": told["username"], "HELIOBUS_PASSWORD": password or told["password"]}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name), told["base_url"], *arguments],
        env={**os.environ, **account}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert bool(done.returncode) == bool(done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout or done.stderr


def test_the_page_names_every_example() -> None:
    names = {path.name for path in EXAMPLES.glob("*.py")} - {"growatt_account.py"}
    assert len(names) == 4
    assert all(f"| `{name} [URL" in PAGE for name in names)


def test_plants_and_devices(simulator: GrowattSimulator) -> None:
    shown = run("growatt_plants.py", simulator).splitlines()
    assert shown[0].startswith(f"Simulated house ({simulator.account.plant_id}): ")
    assert shown[1] == f"  mix {simulator.serial}"


def test_the_dashboard(simulator: GrowattSimulator) -> None:
    shown = run("growatt_mix_dashboard.py", simulator)
    now = simulator.plant.at(simulator.cloud.clock.now())
    assert f"load        {now.load / 1000:.2f} kW" in shown
    assert f"battery     {now.soc:.0f} %" in shown
    assert shown.count("kWh") == 11


def test_the_settings_of_a_plant(simulator: GrowattSimulator) -> None:
    assert "plantName: Simulated house\n" in run("growatt_plant_settings.py", simulator)
    assert simulator.requests.count("plant_update") == 0
    assert run("growatt_plant_settings.py", simulator, "plantName=South roof").endswith("changed\n")
    assert "plantName: South roof\n" in run("growatt_plant_settings.py", simulator)
    assert run("growatt_plant_settings.py", simulator, "plantName=").endswith("refused: 508\n")
    assert len(simulator.account.logins) == 1


def test_charge_times(simulator: GrowattSimulator, clock: ManualClock) -> None:
    assert run("growatt_charge_times.py", simulator).count("off\n") == 3
    assert "mix_set" not in simulator.requests
    assert run("growatt_charge_times.py", simulator, "01:30", "04:00").endswith("taken\n")
    blocking.run(clock.advance(120))
    assert "period 1: 1:30 to 4:0, on\nperiod 2: 0:0 to 0:0, off\n" in run("growatt_charge_times.py", simulator)


def test_what_fails_is_one_sentence(simulator: GrowattSimulator) -> None:
    assert run("growatt_plants.py", simulator, password="wrong").endswith("\nThe server refuses the login: 502\n")
    simulator.faults = ("maintenance",)
    assert run("growatt_plants.py", simulator).count("\n") == 1
