"""SENEC as a vendor of heliobus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.errors import UsageError
from heliobus.vendor import Resolution, Vendor, Wire

if TYPE_CHECKING:
    from heliobus.transport.clock import Clock
    from heliobus.url import Credentials, DeviceURL
    from heliobus.vendor import BlockingSource, SimulationOptions, Simulator, Source

# Every measured value is a binary32, rounded to nearest: fl_ in SPEC section 3.
_FLOAT32 = Resolution(relative=2.0**-24)
_PLACES = ("power", "voltage", "current")
_LIVE = (
    *("pv.power", "grid.power", "battery.power", "load.power"),
    *("battery.soc", "battery.voltage", "battery.current", "battery.temperature"),
    *("grid.frequency", "system.case_temperature"),
    *(f"pv.strings.{number}.{name}" for number in (1, 2, 3) for name in _PLACES),
    *(f"grid.phases.L{number}.{name}" for number in (1, 2, 3) for name in _PLACES),
    # Firmware 0811 and older: the counters went with 0825.
    *("pv.energy", "load.energy", "grid.import_energy", "grid.export_energy"),
    *("battery.charge_energy", "battery.discharge_energy"),
)
_CARRIED = dict.fromkeys(_LIVE, _FLOAT32)


def _connect(address: DeviceURL, _credentials: Credentials, clock: Clock) -> Source:
    from heliobus.senec.client import AsyncClient

    return AsyncClient(address.host, scheme=_scheme(address), port=address.port, clock=clock)


def _connect_blocking(address: DeviceURL, _credentials: Credentials, clock: Clock) -> BlockingSource:
    from heliobus.senec.client import Client

    return Client(address.host, scheme=_scheme(address), port=address.port, clock=clock)


def _simulate(options: SimulationOptions) -> Simulator:
    from heliobus.senec.simulator import SenecSimulator

    return SenecSimulator(options)


def _scheme(address: DeviceURL) -> str:
    """The URL's one option; a local appliance has neither a user nor a path."""
    unknown = [f"?{name}=" for name in address.options if name != "scheme"]
    unknown += ["a user"] if address.user else []
    unknown += ["a path"] if address.path.strip("/") else []
    if unknown:
        raise UsageError(
            f"a SENEC address has no {' and no '.join(unknown)}", remedy="Write senec://host[:port][?scheme=http]."
        )
    return address.options.get("scheme", "auto")


VENDOR = Vendor(
    name="senec",
    title="SENEC.Home V2, V2.1 and V3",
    wires=(Wire(name="http", scheme="senec", live=_CARRIED, full=_CARRIED),),
    profiles=("0826", "0811"),
    interval=10.0,
    connect=_connect,
    connect_blocking=_connect_blocking,
    simulate=_simulate,
)
