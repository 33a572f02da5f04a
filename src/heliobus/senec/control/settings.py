"""Settings of sockets and wallboxes: what is written is read back and stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from heliobus.errors import NotSupported, OutOfBounds, Refused, UsageError
from heliobus.model.command import Command, SetSwitch, WallboxLimit
from heliobus.senec.control.change import Change, require_told
from heliobus.senec.control.commands import Restore, SocketMode, SocketSettings, WallboxMode, WallboxSettings
from heliobus.senec.control.table import WRITABLE, as_written, require_allowed, variable_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.control.change import Words

Mode = TypeVar("Mode", SocketMode, WallboxMode)

OVERWRITTEN = "SENEC's cloud overwrites this within 3 to 5 minutes unless the same is set in the app"
_SOCKETS, _BOXES = 2, 4
_SWITCHES = {SocketMode.OFF: (0, 0), SocketMode.ON: (1, 1), SocketMode.AUTOMATIC: (1, 0)}
_MODES = {
    WallboxMode.LOCKED: (1, 0),
    WallboxMode.SOLAR: (0, 3),
    WallboxMode.SOLAR_INTERRUPTED: (0, 4),
    WallboxMode.FAST: (0, 0),
}
_ROUNDING = 0.05
"""A; other programs write 16.02 for 16."""


def _values_of(command: Command) -> Mapping[str, float]:
    match command:
        case SetSwitch():
            return _socket(SocketSettings(id=command.id, mode=SocketMode.ON if command.on else SocketMode.OFF))
        case SocketSettings():
            return _socket(command)
        case WallboxLimit():
            return _limited(command)
        case WallboxSettings():
            return _wallbox(command)
        case Restore():
            return command.values
    raise NotSupported(f"a SENEC appliance does not know the command {command.kind}")


def setting_of(command: Command) -> Change:
    """The change that a setting is.  Raises NotSupported, UsageError, OutOfBounds and Refused."""
    values = _values_of(command)
    if not values:
        raise UsageError(f"{command.kind} names nothing that is to be set")
    require_allowed(values)
    if any(path.partition(".")[0] not in {"SOCKETS", "WALLBOX"} for path in values):
        raise Refused("only settings of sockets and wallboxes are restored")
    held = {path: as_written(path, value) for path, value in values.items()}
    reads: tuple[str, ...] = ()
    if boxes := _places(held, "WALLBOX"):
        reads = ("WALLBOX.STATE", "WALLBOX.EV_CONNECTED", "WALLBOX.MAX_CHARGING_CURRENT_RATED", *_LIMITS)
    if _places(held, "SOCKETS"):
        reads = (*reads, "SOCKETS.NUMBER_OF_SOCKETS")

    def require(words: Words) -> None:
        for place in sorted(_places(held, "SOCKETS")):
            _require_socket(words, place)
        for place in sorted(boxes):
            _require_box(words, place)
            if not isinstance(command, Restore):  # what was set before may be set again
                _require_currents(held, words, place)
        require_told(words, *held)

    wallbox = any(path.startswith("WALLBOX.") for path in held)
    return Change(
        command=command,
        values=held,
        goal=held,
        reads=reads,
        require=require,
        undo=lambda words: _restoring(command, held, words),
        pace="wallbox" if wallbox else None,
        note=OVERWRITTEN if wallbox else None,
    )


def _places(values: Mapping[str, float], section: str) -> set[int]:
    places = (variable_of(path)[1] for path in values if path.startswith(f"{section}."))
    return {place for place in places if place is not None}


def _socket(settings: SocketSettings) -> dict[str, float]:
    enable, force = (None, None) if settings.mode is None else _SWITCHES[_mode(SocketMode, settings.mode)]
    start = settings.start
    use_time = settings.use_time if settings.use_time is not None or start is None else True
    wanted = {
        "ENABLE": enable,
        "FORCE_ON": force,
        "UPPER_LIMIT": settings.upper_limit,
        "LOWER_LIMIT": settings.lower_limit,
        "POWER_ON_TIME": settings.surplus_minutes,
        "TIME_LIMIT": settings.minutes_on,
        "SWITCH_ON_HOUR": None if start is None else start.hour,
        "SWITCH_ON_MINUTE": None if start is None else start.minute,
        "USE_TIME": None if use_time is None else int(use_time),
    }
    return _named("SOCKETS", wanted, _place(settings.id, "socket", _SOCKETS))


def _wallbox(settings: WallboxSettings) -> dict[str, float]:
    prohibit, smart = (None, None) if settings.mode is None else _MODES[_mode(WallboxMode, settings.mode)]
    currents = {
        "SET_ICMAX": settings.max_current,
        "MIN_CHARGING_CURRENT": settings.min_current,
        "SET_IDEFAULT": settings.default_current,
    }
    row = WRITABLE["WALLBOX.SET_ICMAX"]
    for current in currents.values():
        if current is not None and (current == 0 or not row.allows(current)):
            raise OutOfBounds(f"a wallbox's current, {current} A, is not {row.range}")
    place = _place(settings.id, "wallbox", _BOXES)
    named = _named("WALLBOX", {"PROHIBIT_USAGE": prohibit, "SMART_CHARGE_ACTIVE": smart, **currents}, place)
    if settings.allow_intercharge is not None:
        named["WALLBOX.ALLOW_INTERCHARGE"] = int(settings.allow_intercharge)
    return named


def _limited(command: WallboxLimit) -> dict[str, float]:
    """A limit of 0 locks the box and leaves its mode and currents; any other unlocks it."""
    if command.current == 0:
        return _named("WALLBOX", {"PROHIBIT_USAGE": 1}, _place(command.id, "wallbox", _BOXES))
    both = WallboxSettings(id=command.id, max_current=command.current, min_current=command.current)
    return _named("WALLBOX", {"PROHIBIT_USAGE": 0}, _place(command.id, "wallbox", _BOXES)) | _wallbox(both)


def _mode(kind: type[Mode], name: str) -> Mode:
    try:
        return kind(name)
    except ValueError:
        raise UsageError(f"no mode {name!r}", remedy=f"Use one of: {', '.join(kind)}.") from None


def _named(section: str, wanted: Mapping[str, float | None], place: int) -> dict[str, float]:
    return {f"{section}.{name}.{place}": value for name, value in wanted.items() if value is not None}


def _place(name: str, what: str, count: int) -> int:
    if name not in {str(number) for number in range(1, count + 1)}:
        raise UsageError(f"no {what} {name!r}", remedy=f"Use a number from 1 to {count}, as text.")
    return int(name) - 1


# -- what must be so before

_LIMITS = ("WALLBOX.SET_ICMAX", "WALLBOX.MIN_CHARGING_CURRENT")
_CURRENTS = (*_LIMITS, "WALLBOX.SET_IDEFAULT")


def _require_socket(words: Words, place: int) -> None:
    count = words.get("SOCKETS.NUMBER_OF_SOCKETS")
    if isinstance(count, int) and place >= count:
        raise NotSupported(f"this appliance has {count} sockets, and none is {place + 1}")


def _require_box(words: Words, place: int) -> None:
    signs = [words.get(f"WALLBOX.{name}.{place}") for name in ("STATE", "EV_CONNECTED")]
    if not any(signs):
        raise NotSupported(f"this appliance tells of no wallbox {place + 1}")


def _require_currents(values: Mapping[str, float], words: Words, place: int) -> None:
    rated = words.get(f"WALLBOX.MAX_CHARGING_CURRENT_RATED.{place}")
    currents = {path: value for path, value in values.items() if path in {f"{name}.{place}" for name in _CURRENTS}}
    for path, current in currents.items():
        if rated and current > rated + _ROUNDING:
            raise OutOfBounds(f"{path}: wallbox {place + 1} is rated for {rated:g} A, not {current:g} A")
    most, least = ({**words, **values}.get(f"{name}.{place}") for name in _LIMITS)
    if currents and most and least and least > most:
        raise OutOfBounds(f"wallbox {place + 1} cannot charge with at least {least:g} A and at most {most:g} A")


# -- the way back


def _restoring(command: Command, values: Mapping[str, float], words: Words) -> Command | None:
    """The command that sets everything back; None if something stood there that heliobus does not write."""
    before = {path: words[path] for path in values}
    if not all(WRITABLE[variable_of(path)[0]].allows(value) for path, value in before.items()):
        return None
    simple: Command | None = None
    match command:
        case SetSwitch(id=name, on=on):
            simple = SetSwitch(id=name, on=not on)
        case WallboxLimit(id=name):
            simple = _limit_before(name, before)
    if simple is not None and _values_of(simple) == before:
        return simple
    return Restore(values=before)


def _limit_before(name: str, before: Mapping[str, float]) -> Command | None:
    """The limit that was before, if a limit is all that was."""
    currents = [value for path, value in before.items() if variable_of(path)[0] in _LIMITS]
    if not currents:
        return None
    row = WRITABLE["WALLBOX.SET_ICMAX"]
    inside = row.low <= currents[0] <= row.high
    return WallboxLimit(id=name, current=currents[0]) if inside else None
