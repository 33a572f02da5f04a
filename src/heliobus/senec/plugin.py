"""SENEC as a vendor of heliobus."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

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
_EXACT = Resolution()
_MODULE = {
    "soc": Resolution(step=0.5),
    "voltage": _FLOAT32,
    "current": _FLOAT32,
    "cycles": Resolution(step=1.0),
    "charge_energy": Resolution(step=0.002),  # whole mWh, shared evenly
    "discharge_energy": Resolution(step=0.002),
    "temperature_min": Resolution(step=1.5),  # whole °C, and a degree between the sensors
    "temperature_max": Resolution(step=1.5),
}
_SHORTEST, _LONGEST = 0.1, 60.0
_REMEDY = "Write senec://host[:port], if need be with ?scheme=https, ?scheme=http or ?timeout=20."
_BOX = ("wallboxes.1.power", *(f"wallboxes.1.phases.L{number}.current" for number in (1, 2, 3)))
_CARRIED = dict.fromkeys(_LIVE, _FLOAT32) | dict.fromkeys(_BOX, _EXACT)
_CARRIED_IN_FULL = _CARRIED | {
    f"batteries.1.modules.{place}.{name}": resolution for place in (1, 2, 3, 4) for name, resolution in _MODULE.items()
}


def _connect(address: DeviceURL, _credentials: Credentials, clock: Clock) -> Source:
    from heliobus.senec.client import AsyncClient

    return AsyncClient(address.host, port=address.port, clock=clock, **_options(address))


def _connect_blocking(address: DeviceURL, _credentials: Credentials, clock: Clock) -> BlockingSource:
    from heliobus.senec.client import Client

    return Client(address.host, port=address.port, clock=clock, **_options(address))


def _simulate(options: SimulationOptions) -> Simulator:
    from heliobus.senec.simulator import SenecSimulator

    return SenecSimulator(options)


class _Options(TypedDict, total=False):
    scheme: str
    timeout: float


def _options(address: DeviceURL) -> _Options:
    """The URL's options; a local appliance has neither a user nor a path."""
    unknown = [f"?{name}=" for name in address.options if name not in _Options.__annotations__]
    unknown += ["a user"] if address.user else []
    unknown += ["a path"] if address.path.strip("/") else []
    if unknown:
        raise UsageError(f"a SENEC address has no {' and no '.join(unknown)}", remedy=_REMEDY)
    options: _Options = {}
    if "scheme" in address.options:
        options["scheme"] = address.options["scheme"]
    if "timeout" in address.options:
        options["timeout"] = _seconds(address.options["timeout"])
    return options


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not _SHORTEST <= seconds <= _LONGEST:
        raise UsageError(
            f"timeout={text} is not a number of seconds from {_SHORTEST:g} to {_LONGEST:g}", remedy=_REMEDY
        )
    return seconds


VENDOR = Vendor(
    name="senec",
    title="SENEC.Home V2, V2.1 and V3",
    wires=tuple([Wire(name=name, scheme="senec", live=_CARRIED, full=_CARRIED_IN_FULL) for name in ("http", "https")]),
    profiles=("0826", "0811", "2411", "lfp", "v2.1"),
    interval=10.0,
    connect=_connect,
    connect_blocking=_connect_blocking,
    simulate=_simulate,
)
