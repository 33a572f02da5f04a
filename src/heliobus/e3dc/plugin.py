"""E3/DC as a vendor of heliobus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.url import DeviceURL
from heliobus.vendor import Demo, Need, Probe, Resolution, Sighting, Vendor, Wire

if TYPE_CHECKING:
    from collections.abc import Collection

    from heliobus.transport.clock import Clock
    from heliobus.url import Credentials, Secret
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
    "wallboxes.1.power": _WATT,
}
_FULL = {
    **_LIVE,
    "battery.temperature": _HOTTEST,
    "grid.frequency": _FLOAT32,
    **{f"pv.strings.{number}.{name}": _FLOAT32 for number in (1, 2, 3) for name in ("power", "voltage", "current")},
    **{f"grid.phases.L{number}.voltage": _FLOAT32 for number in (1, 2, 3)},
    **{f"grid.phases.L{number}.power": _FLOAT64 for number in (1, 2, 3)},
}


_PORTAL = "e3dc+portal"
_PORT = 5033
_ACCOUNT_NEEDS = (
    Need(name="user", hint="e-mail address of your portal account, or local.user"),
    Need(name="password", hint="password of that user"),
)
_KEY = Need(name="key", hint="RSCP password, set on the device under Personalize > User profile")


def _connect(address: DeviceURL, credentials: Credentials, clock: Clock) -> Source:
    from heliobus.e3dc.client import AsyncClient

    if address.scheme == _PORTAL:
        return AsyncClient.portal(clock=clock, **_portal(address, credentials))
    return AsyncClient(address.host, clock=clock, **_local(address, credentials))


def _connect_blocking(address: DeviceURL, credentials: Credentials, clock: Clock) -> BlockingSource:
    from heliobus.e3dc.client import Client

    if address.scheme == _PORTAL:
        return Client.portal(clock=clock, **_portal(address, credentials))
    return Client(address.host, clock=clock, **_local(address, credentials))


def _simulate(options: SimulationOptions) -> Simulator:
    from heliobus.e3dc.simulator import simulate

    return simulate(options)


async def _listens(host: str, port: int) -> Sighting:
    """Who has no key can ask nothing, so an open port is all that is known (SPEC 5)."""
    return Sighting(url=DeviceURL(scheme="e3dc", host=host, port=None if port == _PORT else port), certain=False)


def _local(address: DeviceURL, credentials: Credentials) -> dict[str, Any]:
    """User and port from the URL, password and key from elsewhere; the user is part of the login."""
    user = _user(address, options=(), form="e3dc://user@host[:port]")
    port = {} if address.port is None else {"port": address.port}
    key = _secret(credentials.key, "key")
    return {"username": user, "password": _secret(credentials.password, "password"), "key": key, **port}


def _portal(address: DeviceURL, credentials: Credentials) -> dict[str, Any]:
    """In place of the host stands the serial number; the URL's one option is another address of the portal."""
    form = "e3dc+portal://user@serial"
    if address.port is not None:
        raise UsageError("a serial number has no port", remedy=f"Write {form}.")
    return {
        "serial": address.host,
        "username": _user(address, options=("url",), form=form),
        "password": _secret(credentials.password, "password"),
        "url": address.options.get("url"),
    }


def _user(address: DeviceURL, *, options: Collection[str], form: str) -> str:
    unknown = [f"?{name}=" for name in address.options if name not in options]
    unknown += ["a path"] if address.path.strip("/") else []
    if unknown:
        raise UsageError(f"an E3/DC address has no {' and no '.join(unknown)}", remedy=f"Write {form}.")
    if not address.user:
        raise UsageError("an E3/DC address needs the user of the portal, or local.user", remedy=f"Write {form}.")
    return address.user


def _secret(secret: Secret | None, name: str) -> str:
    if secret is None:
        raise UsageError(
            f"an E3/DC system needs a {name}",
            remedy=f"Set HELIOBUS_{name.upper()}, or {name}_file in the configuration.",
        )
    return secret.reveal()


VENDOR = Vendor(
    name="e3dc",
    title="E3/DC S10, Quattroporte and relatives",
    wires=(
        Wire(name="rscp", scheme="e3dc", needs=(*_ACCOUNT_NEEDS, _KEY), live=_LIVE, full=_FULL),
        Wire(name="portal", scheme=_PORTAL, needs=_ACCOUNT_NEEDS, live=_LIVE, full=_FULL),
    ),
    profiles=("s10e", "s10e-2019", "s10-mini", "quattroporte"),
    interval=10.0,
    connect=_connect,
    connect_blocking=_connect_blocking,
    simulate=_simulate,
    demo=Demo(
        number=2,
        whole=True,
        car=True,
        faults={
            "cut-frame": "The device closes in the middle of an answer",
            "clock-jump": "The clock is an hour ahead",
        },
        day=("cut-frame@6h+15min",),
    ),
    probes=(Probe(name="RSCP", port=_PORT, recognise=_listens),),
)
