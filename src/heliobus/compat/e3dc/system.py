"""What every part of an ``E3DC`` shares: the connection, raw messages, and what is known about the system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.compat.e3dc.errors import FrameError
from heliobus.compat.e3dc.message import RscpMessage, plain
from heliobus.e3dc.models import Status, specifications
from heliobus.e3dc.protocol import Item, tags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum

    from heliobus.compat.e3dc.link import Line
    from heliobus.transport.clock import Clock


class Model(NamedTuple):
    """What a serial number tells: the name, the letters before the number, the first meter, the inverter's phases."""

    name: str
    prefix: str | None
    meter: int = 0
    phases: int | None = None


_MODELS = {
    "4": Model("S10E", "S10-"),
    "72": Model("S10E", "S10-"),
    "74": Model("S10E_Compact", "S10-"),
    "5": Model("S10_Mini", "S10-", meter=6, phases=1),
    "6": Model("Quattroporte", "Q10-", meter=6),
    "70": Model("S10E_Pro", "P10-"),
    "75": Model("S10E_Pro_Compact", "P10-"),
    "8": Model("S10X", "H20-"),
}
"""By the first digits of the number (SPEC 6.1)."""
_UNKNOWN = Model("NA", None)
_LETTERS = 4


def model_of(serial: str) -> tuple[Model, str | None, str]:
    """The model of a system, the letters in front of its number, and the number."""
    letters, number = (None, serial) if serial[:1].isdigit() else (serial[:_LETTERS], serial[_LETTERS:])
    model = next((model for digits, model in _MODELS.items() if number.startswith(digits)), _UNKNOWN)
    return model, letters or model.prefix, number


_INFO = {
    "deratePercent": tags.EMS_REQ_DERATE_AT_PERCENT_VALUE,
    "deratePower": tags.EMS_REQ_DERATE_AT_POWER_VALUE,
    "installedPeakPower": tags.EMS_REQ_INSTALLED_PEAK_POWER,
    "externalSourceAvailable": tags.EMS_REQ_EXT_SRC_AVAILABLE,
    "macAddress": tags.INFO_REQ_MAC_ADDRESS,
}
_SPECS = {
    "installedBatteryCapacity": "installedBatteryCapacity",
    "maxAcPower": "maxAcPower",
    "maxBatChargePower": "maxBatChargePower",
    "maxBatDischargePower": "maxBatDischargPower",
    "startDischargeDefault": "startDischargeDefault",
}
"""The device's names for them."""
STATIC = (*_INFO, *_SPECS)
"""The attributes that come from the device."""


def static_values(answers: Mapping[int, Item]) -> dict[str, Any]:
    """The attributes out of the answers by request; what the device does not tell is None."""
    values = {name: plain(answers.get(tag)) for name, tag in _INFO.items()}
    if values["deratePercent"] is not None:
        values["deratePercent"] *= 100  # a share on the wire
    told = answers.get(tags.EMS_REQ_GET_SYS_SPECS)
    specs = {} if told is None else specifications(told)
    return values | {name: specs.get(vendors) for name, vendors in _SPECS.items()}


class System:
    """The part of ``E3DC`` on which the others stand."""

    rscp: Line

    def __init__(self, clock: Clock, configuration: Mapping[str, Any]) -> None:
        self._clock = clock
        self.serialNumber: str | None = None
        self.serialNumberPrefix: str | None = None
        self.model: str | None = None
        self.pmIndexExt: int | None = None
        self.pvis: list[dict[str, Any]] = configuration.get("pvis") or []
        self.powermeters: list[dict[str, Any]] = configuration.get("powermeters") or []
        self.batteries: list[dict[str, Any]] = configuration.get("batteries") or []

    def __getattr__(self, name: str) -> Any:
        """What does not change is asked for when it is first looked at."""
        if name not in STATIC:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self.get_system_info_static(keepAlive=self.rscp.isConnected())
        return vars(self)[name]

    @property
    def connected(self) -> bool:
        """Whether the connection is open."""
        return self.rscp.isConnected()

    # -- raw messages

    def sendRequest(self, request: RscpMessage, retries: int = 3, keepAlive: bool = False) -> RscpMessage:  # noqa: ARG002
        """Send one message and give its answer.

        What only reads is asked once more over a new connection where the old one is lost, whatever ``retries``: to
        hammer a device helps nobody.  Raises AuthenticationError, RSCPKeyError, NotAvailableError and SendError.
        """
        return self.rscp.send(request, keep=keepAlive)

    def sendRequestTag(self, tag: str | int | Enum, retries: int = 3, keepAlive: bool = False) -> Any:
        """Send a request without a parameter and give the value of its answer."""
        return self.sendRequest((tag, "None", None), retries=retries, keepAlive=keepAlive)[2]

    def _values(self, *names: int, keep: bool) -> dict[int, Item]:
        """The answers to requests without a parameter, by request, in one exchange."""
        with self.rscp.kept(keep=keep):
            return dict(zip(names, self.rscp.ask(*map(Item, names)), strict=True))

    # -- the system

    def get_system_info_static(self, keepAlive: bool = False) -> bool:
        """Ask for what does not change, and keep it in the attributes."""
        wanted = [*_INFO.values(), tags.EMS_REQ_GET_SYS_SPECS]
        if self.serialNumber is None:
            wanted.append(tags.INFO_REQ_SERIAL_NUMBER)
        answers = self._values(*wanted, keep=keepAlive)
        vars(self).update(static_values(answers))
        if self.serialNumber is None:
            self._set_serial(plain(answers.get(tags.INFO_REQ_SERIAL_NUMBER)) or "")
        return True

    def _set_serial(self, serial: str) -> None:
        """Take the serial number, and what the model has where the configuration does not say otherwise."""
        model, self.serialNumberPrefix, number = model_of(serial)
        self.serialNumber = number or None
        self.model = model.name
        self.pmIndexExt = 1
        self.batteries = self.batteries or [{"index": 0}]
        self.powermeters = self.powermeters or [{"index": model.meter}]
        inverter = {"index": 0} if model.phases is None else {"index": 0, "phases": model.phases}
        self.pvis = self.pvis or [inverter]

    def get_system_info(self, keepAlive: bool = False) -> dict[str, Any]:
        """What does not change: powers in W, the battery's capacity in Wh, as the device tells it."""
        with self.rscp.kept(keep=keepAlive):
            known = {name: getattr(self, name) for name in STATIC}
            release = plain(self.rscp.one(Item(tags.INFO_REQ_SW_RELEASE)))
        return known | {"model": self.model, "release": release, "serial": self.serialNumber}

    def get_system_status(self, keepAlive: bool = False) -> dict[str, bool]:
        """The flags of the status word."""
        with self.rscp.kept(keep=keepAlive):
            flags = Status.of([self.rscp.one(Item(tags.EMS_REQ_SYS_STATUS))]).flags
        if flags is None:
            raise FrameError("the status of the device is no number")
        return flags
