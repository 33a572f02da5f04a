"""SENEC as a vendor of heliobus."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypedDict

from heliobus.errors import UsageError
from heliobus.vendor import Demo, Need, Probe, Resolution, Vendor, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from heliobus.transport.clock import Clock
    from heliobus.url import Credentials, DeviceURL
    from heliobus.vendor import BlockingSource, Sighting, SimulationOptions, Simulator, Source

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

_APP, _PORTAL, _CONNECT, _INVERTER = "senec+app", "senec+portal", "senec+connect", "senec+inverter"
_SENEC_HOSTS = frozenset({"", "sso", "sso.senec.com", "mein-senec.de"})
_APP_FORM = "Write senec+app://user@sso[/system]; a simulator's host[:port] instead of sso, with ?scheme=http."
_APP_LIVE = {
    **dict.fromkeys(("pv.power", "grid.power", "battery.power", "load.power", "battery.soc"), _FLOAT32),
    "wallboxes.1.power": _EXACT,
}
_APP_FULL = {**_APP_LIVE, "system.case_temperature": _FLOAT32}
_ACCOUNT_NEEDS = (
    Need(name="user", hint="e-mail address of your mein-senec.de account"),
    Need(name="password", hint="password of your mein-senec.de account"),
    Need(name="totp", hint="secret of its second factor, if it has one (otpauth://...)", optional=True),
)
_PORTAL_FORM = "Write senec+portal://user@mein-senec.de[/control unit]; a simulator's host[:port] with ?scheme=http."
_PORTAL_LIVE = dict.fromkeys(("pv.power", "grid.power", "battery.power", "load.power", "battery.soc"), _FLOAT32)
_PORTAL_FULL = {**_PORTAL_LIVE, "battery.voltage": _FLOAT32}
_CONNECT_FORM = "Write senec+connect://[/system]; a simulator's host[:port] before the slash, with ?scheme=http."
_CONNECT_CARRIED = {
    **dict.fromkeys(("pv.power", "grid.power", "battery.power", "load.power"), _FLOAT32),
    "battery.soc": Resolution(step=0.5),
    "battery.voltage": Resolution(step=0.05),
    "battery.current": Resolution(step=0.05),
}
_INVERTER_FORM = "Write senec+inverter://host[:port], if need be with ?timeout=20."
_INVERTER_LIVE = {
    **dict.fromkeys(("grid.power", "battery.power", "load.power"), Resolution(step=0.11)),
    "pv.power": Resolution(step=8.0, relative=0.001),  # the sum of products, each factor rounded
    "battery.voltage": Resolution(step=0.05),
    "battery.current": Resolution(step=0.0005),
    "grid.frequency": Resolution(step=0.0005),
    **{f"pv.strings.{number}.power": Resolution(step=2.5, relative=0.001) for number in (1, 2, 3)},
    **{f"pv.strings.{number}.voltage": Resolution(step=0.05) for number in (1, 2, 3)},
    **{f"pv.strings.{number}.current": Resolution(step=0.0005) for number in (1, 2, 3)},
}
_INVERTER_FULL = {**_INVERTER_LIVE, "pv.energy": Resolution(step=0.5)}


def _connect(address: DeviceURL, credentials: Credentials, clock: Clock) -> Source:
    client, arguments = _CLIENTS[address.scheme]
    source: Source = getattr(_senec(), f"Async{client}")(clock=clock, **arguments(address, credentials))
    return source


def _connect_blocking(address: DeviceURL, credentials: Credentials, clock: Clock) -> BlockingSource:
    client, arguments = _CLIENTS[address.scheme]
    source: BlockingSource = getattr(_senec(), client)(clock=clock, **arguments(address, credentials))
    return source


def _senec() -> ModuleType:
    return import_module("heliobus.senec")  # loads a client when it is first used


def _simulate(options: SimulationOptions) -> Simulator:
    module, name = _SIMULATORS.get(options.wire or "http", _SIMULATORS["http"])
    simulator: Simulator = getattr(import_module(f"heliobus.senec.{module}"), name)(options)
    return simulator


async def _over_https(host: str, port: int) -> Sighting | None:
    from heliobus.senec.client.sighting import recognise

    return await recognise("https", host, port)


async def _over_http(host: str, port: int) -> Sighting | None:
    from heliobus.senec.client.sighting import recognise

    return await recognise("http", host, port)


class _Options(TypedDict, total=False):
    scheme: str
    timeout: float


def _appliance(address: DeviceURL, _: Credentials) -> dict[str, Any]:
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
    return {"host": address.host, "port": address.port, **options}


def _inverter(address: DeviceURL, _: Credentials) -> dict[str, Any]:
    """An inverter's own address: plain HTTP, no user, no path."""
    unknown = [f"?{name}=" for name in address.options if name != "timeout"]
    unknown += ["a user"] if address.user else []
    unknown += ["a path"] if address.path.strip("/") else []
    if unknown:
        raise UsageError(f"an inverter's address has no {' and no '.join(unknown)}", remedy=_INVERTER_FORM)
    timeout = {"timeout": _seconds(address.options["timeout"])} if "timeout" in address.options else {}
    return {"host": address.host, "port": address.port, **timeout}


def _account(address: DeviceURL, credentials: Credentials) -> dict[str, Any]:
    """An account of the cloud: any host but SENEC's own stands in for all of its hosts; a path is one system's id."""
    unknown = [f"?{name}=" for name in address.options if name != "scheme"]
    if unknown or not address.user:
        raise UsageError(
            f"a SENEC account has no {' and no '.join(unknown)}" if unknown else "a SENEC account needs its user",
            remedy=_PORTAL_FORM if address.scheme == _PORTAL else _APP_FORM,
        )
    return {
        "username": address.user,
        "password": credentials.password,
        "totp": credentials.totp,
        "server": _server(address, *_SENEC_HOSTS),
        "scheme": address.options.get("scheme", "https"),
        "system": address.path.strip("/") or None,
    }


def _subscription(address: DeviceURL, credentials: Credentials) -> dict[str, Any]:
    """A subscription of SENEC.Connect: a key, and no user; a path is one system's id."""
    unknown = [f"?{name}=" for name in address.options if name != "scheme"] + (["a user"] if address.user else [])
    if unknown:
        raise UsageError(f"a SENEC.Connect address has no {' and no '.join(unknown)}", remedy=_CONNECT_FORM)
    return {
        "key": credentials.token,
        "server": _server(address, ""),
        "scheme": address.options.get("scheme", "https"),
        "system": address.path.strip("/") or None,
    }


def _server(address: DeviceURL, *own: str) -> str | None:
    """The host and port of the address, None if it is SENEC's own."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    if host in own:
        return None
    return f"{host}:{address.port}" if address.port else host


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


# By the scheme: the client, which has an Async twin, and what makes its arguments of an address.
_CLIENTS: Mapping[str, tuple[str, Callable[[DeviceURL, Credentials], dict[str, Any]]]] = {
    "senec": ("Client", _appliance),
    _APP: ("AppClient", _account),
    _PORTAL: ("PortalClient", _account),
    _CONNECT: ("ConnectClient", _subscription),
    _INVERTER: ("InverterClient", _inverter),
}
_SIMULATORS = {
    "http": ("simulator", "SenecSimulator"),
    "app": ("simulator.app", "AppSimulator"),
    "portal": ("simulator.portal", "PortalSimulator"),
    "connect": ("simulator.connect", "ConnectSimulator"),
    "inverter": ("simulator.inverter", "InverterSimulator"),
}

VENDOR = Vendor(
    name="senec",
    title="SENEC.Home V2, V2.1 and V3",
    wires=(
        *[Wire(name=name, scheme="senec", live=_CARRIED, full=_CARRIED_IN_FULL) for name in ("http", "https")],
        Wire(name="app", scheme=_APP, interval=300.0, needs=_ACCOUNT_NEEDS, live=_APP_LIVE, full=_APP_FULL),
        # Firmware makes no difference to these.
        Wire(
            name="portal",
            scheme=_PORTAL,
            interval=300.0,
            profiles=("0826",),
            needs=_ACCOUNT_NEEDS,
            live=_PORTAL_LIVE,
            full=_PORTAL_FULL,
        ),
        Wire(
            name="connect",
            scheme=_CONNECT,
            interval=60.0,
            profiles=("0826",),
            needs=(Need(name="token", hint="subscription key of developer.senec.com"),),
            live=_CONNECT_CARRIED,
            full=_CONNECT_CARRIED,
        ),
        Wire(name="inverter", scheme=_INVERTER, profiles=("0826",), live=_INVERTER_LIVE, full=_INVERTER_FULL),
    ),
    profiles=("0826", "0811", "2411", "lfp", "v2.1"),
    interval=10.0,
    connect=_connect,
    connect_blocking=_connect_blocking,
    simulate=_simulate,
    demo=Demo(
        number=1,
        wire="https",
        whole=True,
        faults={"wire-flips": "The firmware changes to http", "clock-jump": "The clock is an hour ahead"},
        day=("wire-flips@3h+2h",),
    ),
    probes=(
        Probe(name="lala.cgi over https", port=443, recognise=_over_https),
        Probe(name="lala.cgi over http", port=80, recognise=_over_http),
    ),
)
