"""The appliance behind the wire: what it holds, what it stores, and the orders that it obeys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from heliobus.senec.protocol import Absent, decode_leaf, decode_value, encode_value
from heliobus.senec.simulator import loads
from heliobus.senec.simulator.answering import NOT_FOUND
from heliobus.senec.simulator.house import Moment
from heliobus.senec.simulator.login import Login
from heliobus.senec.simulator.variables import INSTALLER, WRITABLE
from heliobus.simulation.plant import Override

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heliobus.senec.protocol import Json
    from heliobus.senec.simulator.profiles import Profile
    from heliobus.simulation.plant import Plant

LAG = timedelta(seconds=3)
"""From a command until its state and the house follow: a few seconds (SPEC 5.1, captures 03 and 04)."""
HOLD = timedelta(seconds=5)
"""From a command until its bit falls back to 0 (SPEC 5.1)."""
TEST = timedelta(minutes=2)
"""The insulation test after the storage mode (SPEC 5.2); how long it takes is not recorded."""
DOWN = timedelta(seconds=2)
"""From a reboot's order until nothing answers any more."""
AWAY = timedelta(minutes=5)
"""How long nothing answers (SPEC 5.3)."""
OVERWRITES = timedelta(minutes=4)
"""Until the cloud overwrites a wallbox's setting, where it does: 3 to 5 minutes (SPEC 5.6)."""

_FORCE, _PROHIBIT = ("ENERGY", "SAFE_CHARGE_FORCE"), ("ENERGY", "SAFE_CHARGE_PROHIBIT")
_START, _STOP = ("ENERGY", "LI_STORAGE_MODE_START"), ("ENERGY", "LI_STORAGE_MODE_STOP")
_REBOOT = ("SYS_UPDATE", "USER_REBOOT_DEVICE")
_ORDERS = {_FORCE: "charge", _PROHIBIT: "charge", _START: "storage", _STOP: "storage", _REBOOT: "reboot"}
"""The bits, and what each is about: of two about the same the later one counts."""
_YES = "u8_01"
_FITTER = 2
_STORING, _TESTING = 64, 65
_FORBIDDEN = "FORBIDDEN"


class _Pressed(NamedTuple):
    bit: str
    time: datetime


class Appliance:
    """One appliance of a firmware profile at a house."""

    def __init__(self, plant: Plant, profile: Profile) -> None:
        self.plant = plant
        """The house with the commands that the appliance has obeyed."""
        self.profile = profile
        self.board = 0
        """How many times the network unit was replaced."""
        self.skew = timedelta(0)
        """How far its clock is ahead."""
        self.overwritten = False
        """Whether the cloud overwrites what is set at the wallboxes."""
        self.settings: dict[tuple[str, str], Json] = {}
        """What was written and is kept."""
        self.login = Login()
        self._pressed: dict[str, _Pressed] = {}
        self._storage: list[tuple[datetime, bool]] = []
        self._down: datetime | None = None
        self._boxes_set: datetime | None = None

    def at(self, time: datetime) -> Present:
        """What it holds at ``time``; its values are made anew once a second (SPEC 2.3)."""
        if self.overwritten and self._boxes_set is not None and time >= self._boxes_set + OVERWRITES:
            self.settings = {variable: leaf for variable, leaf in self.settings.items() if variable[0] != "WALLBOX"}
            self.set_boxes(time)
            self._boxes_set = None
        return Present(self, time.replace(microsecond=0))

    def moment(self, time: datetime) -> Moment:
        return Moment(
            self.plant,
            time,
            pressed=frozenset(one.bit for one in self._pressed.values() if one.time <= time < one.time + HOLD),
            storage=self._storage_state(time),
            level=self.login.level(time),
            failures=self.login.failures,
            board=self.board,
            lfp=self.profile.lfp,
            skew=self.skew,
        )

    def is_away(self, time: datetime) -> bool:
        """Whether it restarts and answers nothing."""
        return self._down is not None and self._down <= time < self._down + AWAY

    def reset_counters(self, time: datetime) -> None:
        """Let the lifetime counters begin anew."""
        self.plant = self.plant.with_reset(time)

    def obey(self, variable: tuple[str, str], time: datetime) -> None:
        """Take an order; in the storage mode only its end and a reboot have an effect."""
        self._pressed[_ORDERS[variable]] = _Pressed(variable[1], time)
        if variable == _REBOOT:
            self.reboot(time + DOWN)
        elif self._is_stored:
            if variable == _STOP:
                self._storage.append((time + LAG, False))
                self._command(time + LAG + TEST, None)
        elif variable == _START:
            self._storage.append((time + LAG, True))
            self._command(time + LAG, 0.0)
        elif variable != _STOP:
            self._command(time + LAG, -self.plant.house.max_charge if variable == _FORCE else None)

    def reboot(self, time: datetime) -> None:
        """Be away from ``time`` on for ``AWAY``; the battery rests, and a forced charge does not outlast it."""
        self._down = time
        self.login = Login()
        if not self._is_stored:
            self._command(time, None)
        self._command(time, 0.0, end=time + AWAY)

    def set_boxes(self, time: datetime) -> None:
        """Let the house's wallbox follow the settings."""
        self._boxes_set = time
        if self.plant.house.wallbox is not None:
            held = Present(self, time.replace(microsecond=0)).held
            override = Override(start=time + LAG, charging=loads.charging(lambda name: held("WALLBOX", name)))
            self.plant = self.plant.with_override(override)

    @property
    def _is_stored(self) -> bool:
        return bool(self._storage) and self._storage[-1][1]

    def _storage_state(self, time: datetime) -> int | None:
        """The state that the storage mode shows, None when it is over."""
        start, on = next((one for one in reversed(self._storage) if one[0] <= time), (time, None))
        if on is None or (not on and time >= start + TEST):
            return None
        return _STORING if on else _TESTING

    def _command(self, start: datetime, power: float | None, *, end: datetime | None = None) -> None:
        self.plant = self.plant.with_override(Override(start=start, end=end, power=power))


class Present:
    """The appliance's variables at one moment: the ``Memory`` of one answer."""

    def __init__(self, appliance: Appliance, time: datetime) -> None:
        self._appliance = appliance
        self._moment = appliance.moment(time)

    def names(self, section: str) -> Iterable[str] | None:
        return self._appliance.profile.cells.get(section)

    def read(self, section: str, name: str) -> Json:
        cell = self._appliance.profile.cells[section].get(name)
        if cell is None:
            return "FILE_VARIABLE_NOT_READABLE" if section == "FILE" else NOT_FOUND
        live = loads.shown(section, name, lambda other: self.held(section, other), self._moment)
        if live is not None:
            return [encode_value(cell.type, value) for value in live]
        leaf = self._stored(section, name)
        if leaf == _FORBIDDEN and self._moment.level >= _FITTER:
            return INSTALLER[section, name]
        return leaf

    def held(self, section: str, name: str) -> Sequence[Any]:
        """The values of a list as they were set."""
        values = decode_leaf(self._stored(section, name))
        return values if isinstance(values, list) else []

    def write(self, section: str, name: str, value: Json) -> bool:
        cell = self._appliance.profile.cells.get(section, {}).get(name)
        if cell is None or not cell.type:  # unknown, or a word: reading tells
            return True
        leaf = _merged(self.read(section, name), value)
        if leaf is None:
            return False
        variable, time = (section, name), self._moment.time
        if section == "LOG":
            self._appliance.login.write(name, decode_leaf(leaf), time)
        elif variable in _ORDERS and leaf == _YES:
            self._appliance.obey(variable, time)
        elif name in WRITABLE.get(section, ()):
            self._appliance.settings[variable] = leaf
            if section == "WALLBOX":
                self._appliance.set_boxes(time)
        self._moment = self._appliance.moment(time)
        return True

    def _stored(self, section: str, name: str) -> Json:
        """What was written, else what it has from the beginning."""
        stored = self._appliance.settings.get((section, name))
        if stored is not None:
            return stored
        cell = self._appliance.profile.cells[section][name]
        box = self._appliance.plant.house.wallbox if section == "WALLBOX" else None
        usual = None if box is None else loads.defaults(box).get(name)
        if usual is None:
            return cell.read(self._moment)
        return [encode_value(cell.type, value) for value in (usual, 0, 0, 0)]


def _merged(held: Json, value: Json) -> Json:
    """The leaf after a write, None when the value does not fit what is held: type, number of places, payload."""
    if isinstance(held, list):
        if not isinstance(value, list) or len(value) != len(held):
            return None
        places = [old if new == "" else _merged(old, new) for old, new in zip(held, value, strict=True)]
        return None if None in places else places
    if not isinstance(held, str) or not isinstance(value, str) or value[:3] != held[:3]:
        return None
    return None if isinstance(decode_value(value), Absent) else value
