"""Home automation: switches, and the heat pump's contact (SPEC 6.7, 6.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.models.indexed import HEAT_PUMP, Unit
from heliobus.e3dc.models.rows import Row, choice, number, whole_in
from heliobus.e3dc.protocol import Item, tags

if TYPE_CHECKING:
    from collections.abc import Sequence

SWITCH_REQUESTS = [Item(tags.HA_REQ_DATAPOINT_LIST), Item(tags.HA_REQ_ACTUATOR_STATES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One actuator; ``index`` is what commands name, ``state`` 1 is on."""

    index: int
    type: int | None = None
    name: str | None = None
    state: int | None = None


def switches(answers: Sequence[Item | None]) -> tuple[Switch, ...]:
    """From the answers to ``SWITCH_REQUESTS``: names and states joined by the index, not by their place in a list."""
    listed, told = ([] if answer is None else answer.children for answer in answers)
    states = {whole_in(one, tags.HA_DATAPOINT_INDEX): whole_in(one, tags.HA_DATAPOINT_STATE) for one in told}
    found = []
    for one in listed:
        index, name = whole_in(one, tags.HA_DATAPOINT_INDEX), one.get(tags.HA_DATAPOINT_NAME)
        if index is not None:
            found.append(
                Switch(
                    index=index,
                    type=whole_in(one, tags.HA_DATAPOINT_TYPE),
                    name=None if name is None else name.text,
                    state=states.get(index),
                )
            )
    return tuple(found)


def _active(providers: Item) -> bool | None:
    flags = [found.flag for provider in providers.children if (found := provider.get(tags.SGR_AKTIV)) is not None]
    return any(flags) if flags else None


class SGReady(Unit):
    """The contact that tells a heat pump when power is plentiful."""

    kind = HEAT_PUMP

    state = choice(tags.SGR_REQ_STATE, "sgr_state", "what it tells")
    active = Row(tags.SGR_REQ_HW_PROVIDER_LIST, _active, "", "whether it is used")
    used_power = number(tags.SGR_REQ_USED_POWER, "W", "what the heat pump is taken to draw")
