"""What can be set at the portal, as data: settings, their bounds and messages (SPEC 8)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heliobus.errors import NotSupported, OutOfBounds, ProtocolError, UsageError
from heliobus.model.capabilities import Ability, Bounds
from heliobus.model.command import Command, Durability, SetReserve
from heliobus.senec.control.cloud import LAG, Message
from heliobus.senec.protocol.portal import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

RESERVE = "reserve-in-percent"
MODE, LIMIT, END = "peakShavingMode", "peakShavingCapacityLimitInPercent", "peakShavingLocalEndTime"

ABILITIES: Mapping[str, Ability] = MappingProxyType(
    {
        "SetReserve": Ability(
            durability=Durability.PERSISTENT,
            lag=LAG,
            arguments={"soc": Bounds(low=0.0, high=100.0)},
            warning="The spare capacity for a power cut; whole per cent.",
        )
    }
)

_BOUNDS: Mapping[str, tuple[float, float, str]] = MappingProxyType(
    {
        RESERVE: (0, 100, "%"),
        LIMIT: (0, 100, "%"),
        "modeChangeDelayInMinutes": (0, 1440, "min"),
        "dauerLeistungsueberschussInMin": (0, 1440, "min"),
        "dauerSteckdoseAnInMin": (0, 1440, "min"),
        "powerOnProposalThresholdInWatt": (0, 100_000, "W"),
        "powerOnCommandThresholdInWatt": (0, 100_000, "W"),
        "shutdownLevelInWatt": (0, 100_000, "W"),
        "einschaltschwelleInWatt": (0, 100_000, "W"),
        "abschaltschwelleInWatt": (0, 100_000, "W"),
    }
)
"""Whole numbers all of them.  Only the first two bounds are the portal's; the others keep slips of the pen away."""
SG_READY = (
    "enabled",
    "modeChangeDelayInMinutes",
    "powerOnProposalThresholdInWatt",
    "powerOnCommandThresholdInWatt",
    "shutdownLevelInWatt",
)
SOCKET = (
    *("mode", "einschaltschwelleInWatt", "abschaltschwelleInWatt"),
    *("dauerLeistungsueberschussInMin", "dauerSteckdoseAnInMin", "einschaltzeit"),
)
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"reserve": (RESERVE,), "peak_shaving": (MODE, LIMIT, END), "sg_ready": SG_READY, "socket": SOCKET}
)
"""The settings, and the portal's words that each of them has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalSetting(Command):
    """Settings in the portal's words; ``name`` is one of ``NAMES``, ``socket`` the number of the one meant."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    socket: int | None = None


def setting_of(command: Command) -> PortalSetting:
    """A command as the setting that carries it out.  Raises NotSupported."""
    match command:
        case PortalSetting():
            return command
        case SetReserve(soc=soc):
            return PortalSetting(name="reserve", values={RESERVE: int(soc) if float(soc).is_integer() else soc})
    raise NotSupported(f"the portal cannot carry out {command.kind}", alternatives=tuple(ABILITIES))


def require_sane(setting: PortalSetting) -> None:
    """Raise OutOfBounds and UsageError for what no plant takes; nothing has been sent by then."""
    if setting.name not in NAMES:
        raise UsageError(f"no setting {setting.name!r} of the portal", remedy=f"Use one of: {', '.join(NAMES)}.")
    unknown = [word for word in setting.values if word not in NAMES[setting.name]]
    if unknown or not setting.values or (setting.name == "socket") != (setting.socket is not None):
        what = f"{setting.name} has no {unknown[0]!r}" if unknown else "nothing, or no socket, is named"
        raise UsageError(what, remedy=f"Name one of: {', '.join(NAMES[setting.name])}.")
    for word, value in setting.values.items():
        _require(word, value)


def _require(word: str, value: Any) -> None:
    if word in _BOUNDS:
        low, high, unit = _BOUNDS[word]
        whole = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not whole or int(value) != value or not low <= value <= high:
            raise OutOfBounds(f"{word}, {value!r}, is not a whole number of {unit} within {low:g} to {high:g}")
    elif word in (END, "einschaltzeit"):
        if not _is_time(value):
            raise OutOfBounds(f"{word}, {value!r}, is not an hour and a minute")
    elif word == MODE and value not in MODES:
        raise UsageError(f"no mode {value!r} of peak shaving", remedy=f"Use one of: {', '.join(MODES)}.")
    elif word == "enabled" and not isinstance(value, bool):
        raise UsageError(f"enabled is yes or no, not {value!r}")
    elif word == "mode" and not (isinstance(value, str) and value.isupper() and value.isascii()):
        raise UsageError(f"no mode {value!r} of a socket", remedy="Use the word that the socket shows in the portal.")


def _is_time(value: Any) -> bool:
    whole = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)  # noqa: PLR2004
    return whole and 0 <= value[0] < 24 and 0 <= value[1] < 60  # noqa: PLR2004 - hours and minutes


# -- messages


READS: Mapping[str, str] = MappingProxyType(
    {"reserve": "reserve", "peak_shaving": "peak_shaving", "sg_ready": "sg_ready", "socket": "sockets"}
)
"""The call that tells what a setting is now."""


def words(setting: PortalSetting, found: Any) -> dict[str, Any]:
    """What the portal tells for the words of the setting; ``found`` is the content of its reading call."""
    if setting.name == "reserve":
        told = int(found) if isinstance(found, str) and found.isdecimal() else found
        return {RESERVE: told}
    holder = _socket(setting, found) if setting.name == "socket" else found
    if not isinstance(holder, dict):
        raise ProtocolError(f"the answer to {setting.name} is no object", remedy="Try again later.")
    return {word: holder.get(word) for word in setting.values}


def message(setting: PortalSetting, found: Any, *, plant: str, now: datetime) -> Message:
    """What is to be sent; the rest of what goes with it is left as ``found``, None when it was not read yet."""
    values = dict(setting.values)
    index = {"anlageNummer": plant}
    match setting.name:
        case "reserve":
            return Message("set_reserve", {**index, RESERVE: str(int(values[RESERVE]))})
        case "peak_shaving":
            told = {**(found or {}), **values}
            limit, end = told.get(LIMIT), told.get(END)
            parameters = {
                "mode": str(told.get(MODE, "?")),
                "capacityLimit": "?" if limit is None else str(int(limit)),
                "endzeit": _as_epoch(end, now) if _is_time(end) else "?",
            }
            return Message("set_peak_shaving", {**index, **parameters})
        case "sg_ready":
            told = {word: (found or {}).get(word) for word in SG_READY}
            known = {word: value for word, value in told.items() if value is not None}
            return Message("set_sg_ready", index, {**known, **values})
    meant, unread = _socket(setting, found), {"steckdosennummer": setting.socket, **values}
    return Message("set_sockets", {}, [{**one, **values} if one == meant else one for one in found or [unread]])


def require_complete(setting: PortalSetting, found: Any) -> None:
    """Raise NotSupported when the portal does not tell what has to be sent along."""
    if setting.name == "peak_shaving":
        told = {**(found if isinstance(found, dict) else {}), **setting.values}
        if told.get(MODE) is None or told.get(LIMIT) is None or not _is_time(told.get(END)):
            raise NotSupported("the portal does not tell its other settings of peak shaving", remedy="Name all three.")
    if setting.name == "socket":
        _socket(setting, found)


def _socket(setting: PortalSetting, found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    sockets = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    numbers = [one.get("steckdosenummer", one.get("steckdosennummer")) for one in sockets]
    if setting.socket not in numbers:
        told = ", ".join(map(str, numbers)) or "none: the plant has no sockets"
        raise UsageError(f"the plant has no socket {setting.socket}", remedy=f"Use one of: {told}.")
    return sockets[numbers.index(setting.socket)]


def _as_epoch(end: Any, now: datetime) -> str:
    """The portal takes hour and minute of this moment in UTC for the plant's own time (capture 58)."""
    moment = now.replace(hour=end[0], minute=end[1], second=0, microsecond=0)
    return str(int(moment.timestamp()) * 1000)
