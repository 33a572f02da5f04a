"""One simulated house, read through every registered vendor's clients, is the same snapshot.

A vendor that is registered is tested here without a line of its own: each wire says which values it carries and how
finely (``Wire.live``, ``Wire.full``); whether a firmware carries one of them, the client's capabilities say.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from heliobus.model import fields
from heliobus.model.quality import Quality
from heliobus.simulation import truth
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.url import Credentials, DeviceURL, Secret
from heliobus.vendor import SimulationOptions, Vendor, Wire, vendors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from heliobus.model.snapshot import Snapshot
    from heliobus.transport.clock import Clock
    from heliobus.vendor import Resolution
    from tests.conftest import Figure

DETAILS = ("live", "full")
HOUSES = 500
CELL = 0.0026  # V: whole mV, 2 mV of scatter
BALANCE = ("pv.power", "grid.power", "battery.power", "load.power")
# Devices make their values anew once a second, so a moment between two seconds is none that they can show.
seconds = st.integers(0, 500 * 86_400)
seeds = st.integers(0, 2**32 - 1)
# A moment at which all four powers flow, so that no run is without them.
LIVELY = Plant(1)
NOON = int((summer_noon(LIVELY) - LIVELY.house.commissioned).total_seconds())


class Case(NamedTuple):
    vendor: Vendor
    wire: Wire
    profile: str

    def __str__(self) -> str:
        return f"{self.vendor.name}-{self.wire.name}-{self.profile}"


CASES = [
    Case(vendor, wire, profile)
    for vendor in vendors().values()
    for wire in vendor.wires
    for profile in wire.profiles or vendor.profiles
]


class Seen(NamedTuple):
    """What one client saw: a snapshot per detail, and what it takes the device to carry."""

    snapshots: Mapping[str, Snapshot]
    carried: frozenset[str]


def address(told: Mapping[str, Any]) -> tuple[DeviceURL, Credentials]:
    secrets = {name: Secret(told[name]) for name in ("password", "key", "token", "totp") if name in told}
    return DeviceURL.parse(told["url"]), Credentials(**secrets)


async def look(case: Case, plant: Plant, moment: datetime) -> tuple[Seen, Seen]:
    """Read the house over a real socket with both clients."""
    clock = FrozenClock(moment)
    options = SimulationOptions(plant=plant, clock=clock, wire=case.wire.name, profile=case.profile)
    async with AsyncExitStack() as devices:

        async def device() -> tuple[DeviceURL, Credentials]:
            # A port comes again, and with it the account that was asked at this very moment: its sessions must not.
            os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(dir=Path(os.environ["XDG_STATE_HOME"]).parent)
            return address((await devices.enter_async_context(case.vendor.simulate(options))).announcement())

        shared = None if case.wire.answers_once else await device()
        seen, blocking = [], []
        for details in [DETAILS] if shared else [(detail,) for detail in DETAILS]:
            url, credentials = shared or await device()
            async with case.vendor.connect(url, credentials, clock) as client:
                snapshots = {detail: await client.read(detail=detail) for detail in details}
                seen.append(Seen(snapshots, client.capabilities.fields))
            blocking.append(await asyncio.to_thread(block, case, shared or await device(), clock, details))
        return joined(seen), joined(blocking)


def block(case: Case, where: tuple[DeviceURL, Credentials], clock: Clock, details: Collection[str]) -> Seen:
    with case.vendor.connect_blocking(*where, clock) as client:
        return Seen({detail: client.read(detail=detail) for detail in details}, client.capabilities.fields)


def joined(seen: Sequence[Seen]) -> Seen:
    snapshots = {detail: snapshot for one in seen for detail, snapshot in one.snapshots.items()}
    return Seen(snapshots, seen[-1].carried)


def promised(case: Case, detail: str, seen: Seen) -> dict[str, Resolution]:
    """The values of the wire that this device's firmware carries."""
    wire = case.wire.live if detail == "live" else case.wire.full
    lacked = case.wire.lacks.get(case.profile, ())
    return {
        path: resolution
        for path, resolution in wire.items()
        if path not in lacked and fields.declared_path(path) in seen.carried
    }


def check(case: Case, detail: str, seen: Seen, true: Mapping[str, float]) -> None:
    snapshot = seen.snapshots[detail]
    resolutions = promised(case, detail, seen)
    known = set(BALANCE).difference(case.wire.lacks.get(case.profile, ()))
    assert known <= resolutions.keys(), "a device that does not know the four powers proves nothing"
    assert resolutions
    for path, value in true.items():
        got = fields.get(snapshot, path)
        if path not in resolutions:
            assert got is None, f"{path} is not promised, but it is {got}"
            continue
        assert got is not None, path
        assert resolutions[path].allows(value, got), f"{path}: {value} in truth, {got} read"
        assert snapshot.quality_of(path) in {Quality.GOOD, Quality.DERIVED}, path
    check_strings(snapshot, resolutions, true)
    check_cells(snapshot)
    if known == set(BALANCE):
        check_balance(snapshot, resolutions, true)


def check_balance(snapshot: Snapshot, resolutions: Mapping[str, Resolution], true: Mapping[str, float]) -> None:
    """Sun, grid and battery feed the load, as finely as the wire carries them."""
    assert snapshot.residual == pytest.approx(0.0, abs=blur(BALANCE, resolutions, true))


def check_strings(snapshot: Snapshot, resolutions: Mapping[str, Resolution], true: Mapping[str, float]) -> None:
    """The strings are all of the sun."""
    powers = [string.power for string in snapshot.pv.strings if string.power is not None]
    if powers:
        paths = [path for path in resolutions if path.startswith("pv.") and path.endswith(".power") and path in true]
        assert sum(powers) == pytest.approx(snapshot.pv.power, abs=blur(paths, resolutions, true))


def blur(paths: Collection[str], resolutions: Mapping[str, Resolution], true: Mapping[str, float]) -> float:
    """How far apart values may be that the wire has rounded."""
    return sum(resolutions[path].step + resolutions[path].relative * abs(true[path]) for path in paths) + 1e-6


def check_cells(snapshot: Snapshot) -> None:
    """The cells of a module are in series, in V, and no colder or warmer than the module says."""
    for module in snapshot.battery.modules:
        if module.cell_voltages and module.voltage is not None:
            cells = [voltage for voltage in module.cell_voltages if voltage is not None]
            assert len(cells) == len(module.cell_voltages)
            assert sum(cells) == pytest.approx(module.voltage, abs=CELL * len(cells))
            assert max(cells) - min(cells) < 4 * CELL
        for temperature in module.cell_temperatures:
            assert temperature is not None
            assert module.temperature_min is not None
            assert module.temperature_max is not None
            assert module.temperature_min <= temperature <= module.temperature_max


@pytest.mark.prove
@pytest.mark.parametrize("name", vendors())
def test_every_client_reads_the_house(name: str, scale: float, figure: Figure) -> None:
    """House by house, not case by case: to know what its counters show takes longer than to read it everywhere."""
    cases = [case for case in CASES if case.vendor.name == name]
    compared = dict.fromkeys(map(str, cases), 0)

    @settings(
        max_examples=max(round(HOUSES * scale), 10),
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller seed is no simpler house
    )
    @example(seed=LIVELY.seed, after=NOON)
    @given(seed=seeds, after=seconds)
    def read(seed: int, after: int) -> None:
        plant = Plant(seed)
        moment = plant.house.commissioned + timedelta(seconds=after)
        inside = truth.insides(plant, moment)
        powers = truth.powers(plant, moment) | truth.energies(plant, moment)
        for case in cases:
            true = powers | {path: value for path, value in inside.items() if path in case.wire.full}
            with named(case):
                seen, blocking = asyncio.run(look(case, plant, moment))
                assert blocking == seen
                for detail in DETAILS:
                    assert seen.snapshots[detail].received_at == moment
                    check(case, detail, seen, true)
                    compared[str(case)] += len(true)

    read()
    for case, values in compared.items():
        figure(f"plant through {case}", f"{values} values in 2 details equal the house's, sync and async")


@contextmanager
def named(case: Case) -> Iterator[None]:
    """Say at which case it failed."""
    try:
        yield
    except Exception as error:
        error.add_note(f"through {case}")
        raise


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", vendors())
def test_every_promised_value_is_carried_by_some_firmware(name: str, detail: str) -> None:
    vendor = vendors()[name]
    plant = Plant(1)
    for wire in vendor.wires:
        cases = [case for case in CASES if case.wire is wire]
        looks = [asyncio.run(look(case, plant, plant.house.commissioned + timedelta(days=3)))[0] for case in cases]
        carried = {path for case, seen in zip(cases, looks, strict=True) for path in promised(case, detail, seen)}
        assert carried == set(wire.live if detail == "live" else wire.full)
