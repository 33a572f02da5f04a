"""The unified model's commands that an appliance obeys, judged by what it told."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.model.capabilities import Ability, Bounds
from heliobus.model.command import Durability
from heliobus.senec.control.change import LAG
from heliobus.senec.control.settings import OVERWRITTEN
from heliobus.senec.protocol import Absent, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.senec.protocol import Answer, Value

ABILITIES: Mapping[str, Ability] = MappingProxyType(
    {
        "Charge": Ability(
            durability=Durability.VOLATILE,
            lag=LAG,
            arguments={"power": Bounds(fixed=True)},
            warning="Charges with all power, from the grid too, until the battery is full or Auto ends it.",
        ),
        "Auto": Ability(durability=Durability.VOLATILE, lag=LAG),
        "SetSwitch": Ability(
            durability=Durability.PERSISTENT,
            lag=LAG,
            warning="Switches a socket (1 or 2) for good; its automatic ends until set_socket restores it.",
        ),
        "WallboxLimit": Ability(
            durability=Durability.PERSISTENT,
            lag=LAG,
            arguments={"current": Bounds(low=0.0, high=32.0)},
            warning="0 locks the wallbox, 6 A and more unlock it and are both its highest and its lowest current. "
            f"{OVERWRITTEN}. Frequent changes make the appliance hang.",
        ),
    }
)
"""What the fullest appliance obeys."""


def abilities(answers: Iterable[Answer]) -> Mapping[str, Ability]:
    """What an appliance obeys that answered so; what no answer speaks of is taken for there."""
    told = list(answers)
    without = set()
    if any(_lacks_sockets(answer.get("SOCKETS")) for answer in told):
        without.add("SetSwitch")
    if any(_lacks_boxes(answer.get("WALLBOX")) for answer in told):
        without.add("WallboxLimit")
    return {kind: ability for kind, ability in ABILITIES.items() if kind not in without}


def _lacks_sockets(values: Mapping[str, Value] | None) -> bool:
    if values is None:
        return False
    return values.get("NUMBER_OF_SOCKETS") == 0 or _is_unknown(values, "POWER_ON")


def _lacks_boxes(values: Mapping[str, Value] | None) -> bool:
    """Whether each place is said to have neither a wallbox nor a car."""
    if values is None:
        return False
    signs = [values.get("STATE"), values.get("EV_CONNECTED")]
    return _is_unknown(values, "STATE") or all(isinstance(places, list) and not any(places) for places in signs)


def _is_unknown(values: Mapping[str, Value], variable: str) -> bool:
    found = values.get(variable, values.get("OBJECT_NOT_FOUND"))
    return isinstance(found, Absent) and found.reason is Reason.NOT_FOUND
