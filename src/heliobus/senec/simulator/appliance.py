"""The appliance behind the wire: what it holds, what it stores, and the forced charge that it obeys."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from heliobus.senec.protocol import Absent, decode_value
from heliobus.senec.simulator.answering import NOT_FOUND
from heliobus.senec.simulator.house import Moment
from heliobus.senec.simulator.variables import WRITABLE
from heliobus.simulation.plant import Override

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.senec.protocol import Json
    from heliobus.senec.simulator.profiles import Profile
    from heliobus.simulation.plant import Plant

LAG = timedelta(seconds=3)
"""From a command until SAFE_CHARGE_RUNNING and the house follow: a few seconds (SPEC 5.1, captures 03 and 04)."""
HOLD = timedelta(seconds=5)
"""From a command until its bit falls back to 0 (SPEC 5.1)."""

_ORDERS = {("ENERGY", "SAFE_CHARGE_FORCE"): True, ("ENERGY", "SAFE_CHARGE_PROHIBIT"): False}
_YES = "u8_01"


class _Order(NamedTuple):
    force: bool
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
        self.settings: dict[tuple[str, str], Json] = {}
        """What was written and is kept."""
        self._order: _Order | None = None

    def at(self, time: datetime) -> Present:
        """What it holds at ``time``; its values are made anew once a second (SPEC 2.3)."""
        return Present(self, time.replace(microsecond=0))

    def moment(self, time: datetime) -> Moment:
        moment = Moment(self.plant, time, board=self.board, lfp=self.profile.lfp, skew=self.skew)
        order = self._order
        if order is None or not order.time <= time < order.time + HOLD:
            return moment
        return replace(moment, force=order.force, prohibit=not order.force)

    def reset_counters(self, time: datetime) -> None:
        """Let the lifetime counters begin anew."""
        self.plant = self.plant.with_reset(time)

    def obey(self, *, force: bool, time: datetime) -> None:
        """Charge with all power from ``LAG`` after ``time``, or go back to automatic operation."""
        power = -self.plant.house.max_charge if force else None
        self.plant = self.plant.with_override(Override(start=time + LAG, power=power))
        self._order = _Order(force, time)


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
        stored = self._appliance.settings.get((section, name))
        return cell.read(self._moment) if stored is None else stored

    def write(self, section: str, name: str, value: Json) -> bool:
        cell = self._appliance.profile.cells.get(section, {}).get(name)
        if cell is None or not cell.type:  # unknown, or a word: reading tells
            return True
        leaf = _merged(self.read(section, name), value)
        if leaf is None:
            return False
        variable = (section, name)
        if variable in _ORDERS and leaf == _YES:
            self._appliance.obey(force=_ORDERS[variable], time=self._moment.time)
            self._moment = self._appliance.moment(self._moment.time)
        elif name in WRITABLE.get(section, ()):
            self._appliance.settings[variable] = leaf
        return True


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
