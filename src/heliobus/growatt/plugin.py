"""Growatt as a vendor of heliobus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError
from heliobus.vendor import Demo, Need, Resolution, Vendor, Wire

if TYPE_CHECKING:
    from heliobus.transport.clock import Clock
    from heliobus.url import Credentials, DeviceURL
    from heliobus.vendor import BlockingSource, SimulationOptions, Simulator, Source

# What the app's calls show, rounded to nearest; where families differ, the coarser one counts (SPEC A.8 to A.12).
_TENTH = Resolution(step=0.05, relative=2.0**-24)  # a TLX sends binary32
_TEN_WATTS = Resolution(step=5.0)  # a MIX sends kW with two decimals
_STRINGS = (1, 2, 3)
_ONE_PHASE = ("grid.phases.L2.voltage", "grid.phases.L3.voltage")
_NO_HOUSE = ("grid.power", "load.power")
_LACKS = {
    **dict.fromkeys(("mix", "tlx", "storage"), _ONE_PHASE),
    # What sees the sun and no house; and the SPA, which tells no more than its charge by this route.
    "inverter": (*_ONE_PHASE, *_NO_HOUSE, "battery.power"),
    "max": (*_NO_HOUSE, "battery.power"),
    "noah": _NO_HOUSE,
    "spa": (*_NO_HOUSE, "battery.power", "pv.power"),
}
_FORM = "Write growatt://user@server[/plant][?timezone=Europe/Berlin]; without a server it is looked up."
_OPTIONS = ("scheme", "timezone", "login", "user_agent", "battery_power")
_CARRIED = {
    "pv.power": Resolution(step=0.05 * len(_STRINGS), relative=2.0**-24),  # a MIX's is the sum of its strings
    "grid.power": _TEN_WATTS,
    "battery.power": _TEN_WATTS,
    "load.power": _TEN_WATTS,
    "battery.soc": Resolution(step=0.5),
    "battery.voltage": _TENTH,
    "battery.temperature": _TENTH,
    "grid.frequency": Resolution(step=0.005, relative=2.0**-24),
    **{f"grid.phases.L{number}.voltage": _TENTH for number in (1, 2, 3)},
    **{f"pv.strings.{number}.{name}": _TENTH for number in _STRINGS for name in ("power", "voltage", "current")},
    # kWh with one decimal.
    **dict.fromkeys(
        (
            *("pv.energy", "load.energy", "grid.import_energy", "grid.export_energy"),
            *("battery.charge_energy", "battery.discharge_energy"),
        ),
        Resolution(step=50.0),
    ),
}
# An inverter's registers behind a datalogger: tenths, a soc in %, energies in tenths of kWh.
_REGISTER = Resolution(step=0.05)
_LOGGED = {
    **dict.fromkeys(("pv.power", "grid.power", "battery.power", "load.power"), _REGISTER),
    "battery.soc": Resolution(step=0.5),
    "battery.voltage": _REGISTER,
    "grid.frequency": Resolution(step=0.005),
    "grid.phases.L1.voltage": _REGISTER,
    **{f"pv.strings.{number}.{name}": _REGISTER for number in _STRINGS for name in ("power", "voltage", "current")},
    **{path: resolution for path, resolution in _CARRIED.items() if path.endswith("energy")},
}
# The OpenAPI V1: W and kWh with one decimal, as binary32.
_OPEN = {**_CARRIED, **dict.fromkeys(("grid.power", "battery.power", "load.power"), _TENTH)}
_OPEN_LACKS = {
    **dict.fromkeys(("mix", "tlx", "spa", "storage"), _ONE_PHASE),
    **dict.fromkeys(("inverter", "max"), (*_NO_HOUSE, "battery.power")),
}
# The OpenAPI V4: the same, an SPF's sun as the sum of its inputs.
_NEW = {**_OPEN, "pv.power": Resolution(step=0.05 * len(_STRINGS), relative=2.0**-24)}
_NEW_LACKS = {
    **dict.fromkeys(("tlx", "storage"), _ONE_PHASE),
    **dict.fromkeys(("inverter", "max"), (*_NO_HOUSE, "battery.power")),
    **dict.fromkeys(("noah", "nexa"), _NO_HOUSE),
    "wit": ("battery.power",),
    "sph-s": ("grid.phases.L3.voltage",),
}
# The OAuth2 OpenAPI: W and kWh with one decimal, the same of every family.
_TOLD = {
    **dict.fromkeys(("pv.power", "grid.power", "battery.power", "load.power"), Resolution(step=0.05)),
    "battery.soc": Resolution(step=0.5),
    **dict.fromkeys(("battery.voltage", "battery.current"), Resolution(step=0.05)),
    "grid.frequency": Resolution(step=0.005),
    **{f"grid.phases.L{number}.voltage": Resolution(step=0.05) for number in (1, 2, 3)},
    **{path: resolution for path, resolution in _CARRIED.items() if path.endswith("energy") and path != "load.energy"},
}
_DATALOGGER = "growatt+datalogger"
_USER = (
    Need(name="user", hint="user of your ShinePhone account, best one that may only look"),
    Need(name="password", hint="password of that user"),
)
_TOKEN = (Need(name="token", hint="API token: ShinePhone, Me, your account, API Token"),)
_APPLICATION = (
    Need(name="user", hint="client id that Growatt has given your application"),
    Need(name="password", hint="secret of that client id"),
)


def _connect(address: DeviceURL, credentials: Credentials, clock: Clock) -> Source:
    if address.scheme == _DATALOGGER:
        from heliobus.growatt.client.datalogger import Listener, listening

        return Listener(address.host, **listening(address), clock=clock)
    from heliobus.growatt.client import AsyncClient

    return AsyncClient(**_arguments(address, credentials), clock=clock)


def _connect_blocking(address: DeviceURL, credentials: Credentials, clock: Clock) -> BlockingSource:
    if address.scheme == _DATALOGGER:
        from heliobus.growatt.client.datalogger import BlockingListener, listening

        return BlockingListener(address.host, **listening(address), clock=clock)
    from heliobus.growatt.client import Client

    return Client(**_arguments(address, credentials), clock=clock)


def _simulate(options: SimulationOptions) -> Simulator:
    if options.wire == "datalogger":
        from heliobus.growatt.simulator.datalogger import DataloggerSimulator

        return DataloggerSimulator(options)
    from heliobus.growatt.simulator import GrowattSimulator

    return GrowattSimulator(options)


def _arguments(address: DeviceURL, credentials: Credentials) -> dict[str, Any]:
    route = next(wire.name for wire in VENDOR.wires if wire.scheme == address.scheme)
    unknown = [name for name in address.options if name not in _OPTIONS]
    if unknown:
        raise UsageError(f"a Growatt address has no ?{unknown[0]}=", remedy=_FORM)
    if address.options.get("login", "app") != "app":
        raise UsageError("a Growatt account has one other login, ?login=app", remedy=_FORM)
    if route == "shine" and not address.user:
        raise UsageError("a Growatt address needs the account's user", remedy=_FORM)
    host = f"[{address.host}]" if ":" in address.host else address.host
    return {
        "route": route,
        **_owner(route, address.user, credentials),
        "server": (f"{host}:{address.port}" if address.port else host) or None,
        "plant": address.path.strip("/") or None,
        "scheme": address.options.get("scheme", "https"),
        "timezone": address.options.get("timezone"),
        "user_agent": address.options.get("user_agent"),
        "as_app": address.options.get("login") == "app",
        "battery_power": _watts(address.options.get("battery_power")),
    }


def _watts(written: str | None) -> float | None:
    try:
        return None if written is None else float(written)
    except ValueError:
        raise UsageError(f"{written!r} is no power in W", remedy="Write ?battery_power=2500.") from None


def _owner(route: str, user: str | None, credentials: Credentials) -> dict[str, Any]:
    """Whose account it is: a user and his password, a token, or an application and its secret as user and password."""
    if route == "oauth" and user:
        return {"client_id": user, "client_secret": credentials.password}
    return {"username": user, "password": credentials.password, "token": credentials.token}


VENDOR = Vendor(
    name="growatt",
    title="Growatt",
    # A wire is a route of the client, by the same name.
    wires=(
        Wire(name="shine", scheme="growatt", needs=_USER, lacks=_LACKS, live=_CARRIED, full=_CARRIED),
        Wire(
            name="v1",
            scheme="growatt+v1",
            needs=_TOKEN,
            interval=305.0,  # the servers' five minutes, and time for the answer
            profiles=("tlx", "mix", "spa", "storage", "inverter", "max"),
            lacks=_OPEN_LACKS,
            answers_once=True,
            live=_OPEN,
            full=_OPEN,
        ),
        Wire(
            name="v4",
            scheme="growatt+v4",
            needs=_TOKEN,
            interval=305.0,  # the servers' five minutes, and time for the answer
            profiles=("mix", "tlx", "spa", "storage", "inverter", "max", "noah", "nexa", "wit", "sph-s"),
            lacks=_NEW_LACKS,
            answers_once=True,
            live=_NEW,
            full=_NEW,
        ),
        Wire(
            name="oauth",
            scheme="growatt+oauth",
            needs=_APPLICATION,
            interval=60.0,
            profiles=("tlx", "mix", "spa"),
            answers_once=True,
            live=_TOLD,
            full=_TOLD,
        ),
        Wire(
            name="datalogger",
            scheme=_DATALOGGER,
            interval=300.0,  # as often as dataloggers send unless they are told otherwise
            profiles=("mix", "tlx"),
            live=_LOGGED,
            full=_LOGGED,
        ),
    ),
    profiles=("mix", "tlx", "spa", "storage", "inverter", "max", "noah", "nexa"),
    # Of a cloud's coarse values the counters tell energies best, and a MIX has none for the import.
    demo=Demo(
        number=3,
        profile="tlx",
        whole=True,
        faults={
            "router-away": "The cloud cannot be reached",
            "dead-302": "The session dies",
            "locked-1h": "The account is locked for an hour",
            "counter-reset": "The lifetime counters begin anew",
            "clock-jump": "The clock is an hour ahead",
        },
        day=("counter-reset@5h+30min", "dead-302@7h+30min", "locked-1h@9h+1h"),
    ),
    interval=660.0,
    connect=_connect,
    connect_blocking=_connect_blocking,
    simulate=_simulate,
)
