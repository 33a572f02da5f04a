"""E3/DC as a vendor of heliobus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.vendor import Resolution, Vendor, Wire

if TYPE_CHECKING:
    from heliobus.transport.clock import Clock
    from heliobus.url import Credentials, DeviceURL
    from heliobus.vendor import BlockingSource, SimulationOptions, Simulator, Source

_WATT = Resolution(step=0.5)
"""Powers travel as whole watts, rounded to nearest."""
_REMAINDER = Resolution(step=1.5)
"""The house is what the other three powers leave, each rounded (SPEC 6.2)."""
_FLOAT32 = Resolution(relative=2.0**-24)
_FLOAT64 = Resolution(relative=2.0**-53)
_HOTTEST = Resolution(step=0.5, relative=2.0**-24)
"""A battery is as warm as its hottest sensor; the simulated ones differ by so much from their mean."""

_LIVE = {
    "pv.power": _WATT,
    "grid.power": _WATT,
    "battery.power": _WATT,
    "load.power": _REMAINDER,
    "battery.soc": _FLOAT32,
    "battery.voltage": _FLOAT32,
    "battery.current": _FLOAT32,
}
_FULL = {
    **_LIVE,
    "battery.temperature": _HOTTEST,
    "grid.frequency": _FLOAT32,
    **{f"pv.strings.{number}.{name}": _FLOAT32 for number in (1, 2, 3) for name in ("power", "voltage", "current")},
    **{f"grid.phases.L{number}.voltage": _FLOAT32 for number in (1, 2, 3)},
    **{f"grid.phases.L{number}.power": _FLOAT64 for number in (1, 2, 3)},
}


def _connect(address: DeviceURL, credentials: Credentials, clock: Clock) -> Source:
    from heliobus.e3dc.client import AsyncClient

    return AsyncClient(address.host, clock=clock, **_arguments(address, credentials))


def _connect_blocking(address: DeviceURL, credentials: Credentials, clock: Clock) -> BlockingSource:
    from heliobus.e3dc.client import Client

    return Client(address.host, clock=clock, **_arguments(address, credentials))


def _simulate(options: SimulationOptions) -> Simulator:
    from heliobus.e3dc.simulator import E3dcSimulator

    return E3dcSimulator(options)


def _arguments(address: DeviceURL, credentials: Credentials) -> dict[str, Any]:
    """User and port from the URL, password and key from elsewhere; the user is part of the login."""
    unknown = [f"?{name}=" for name in address.options] + (["a path"] if address.path.strip("/") else [])
    if unknown:
        raise UsageError(f"an E3/DC address has no {' and no '.join(unknown)}", remedy=_FORM)
    if not address.user:
        raise UsageError("an E3/DC address needs the user of the portal, or local.user", remedy=_FORM)
    if credentials.password is None or credentials.key is None:
        missing = "password" if credentials.password is None else "key"
        raise UsageError(
            f"an E3/DC system needs a {missing}",
            remedy=f"Set HELIOBUS_{missing.upper()}, or {missing}_file in the configuration.",
        )
    port = {} if address.port is None else {"port": address.port}
    return {
        "username": address.user,
        "password": credentials.password.reveal(),
        "key": credentials.key.reveal(),
        **port,
    }


_FORM = "Write e3dc://user@host[:port]."

VENDOR = Vendor(
    name="e3dc",
    title="E3/DC S10, Quattroporte and relatives",
    wires=(Wire(name="rscp", scheme="e3dc", live=_LIVE, full=_FULL),),
    profiles=("s10e", "s10e-2019", "s10-mini", "quattroporte"),
    interval=10.0,
    connect=_connect,
    connect_blocking=_connect_blocking,
    simulate=_simulate,
)
