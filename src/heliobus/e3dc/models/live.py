"""The few values of a live poll; all of them travel in one frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.models.batch import Batch
from heliobus.e3dc.models.battery import BriefBattery
from heliobus.e3dc.models.indexed import PLACES, read_units
from heliobus.e3dc.models.rows import Record, choice, moment, number, whole
from heliobus.e3dc.models.wallbox import BriefWallbox
from heliobus.e3dc.protocol import tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heliobus.e3dc.protocol import Item


class Powers(Record):
    """EMS, in its signs: the battery + charges, the grid + is import, an external producer is negative (SPEC 6.2)."""

    utc_time = moment(tags.INFO_REQ_UTC_TIME, "the device's clock")
    power_pv = number(tags.EMS_REQ_POWER_PV, "W", "the roof at its own inverters")
    power_add = number(tags.EMS_REQ_POWER_ADD, "W", "an external producer, negative while it produces")
    power_bat = number(tags.EMS_REQ_POWER_BAT, "W", "the batteries, + charges")
    power_grid = number(tags.EMS_REQ_POWER_GRID, "W", "the grid, + is drawn")
    power_home = number(tags.EMS_REQ_POWER_HOME, "W", "the house without the wallboxes")
    power_wb_all = number(tags.EMS_REQ_POWER_WB_ALL, "W", "all wallboxes")
    bat_soc = number(tags.EMS_REQ_BAT_SOC, "%", "state of charge of all batteries, whole numbers")
    autarky = number(tags.EMS_REQ_AUTARKY, "%", "share of the consumption that does not come from the grid")
    self_consumption = number(tags.EMS_REQ_SELF_CONSUMPTION, "%", "share of the production that is not fed in")
    mode = choice(tags.EMS_REQ_MODE, "ems_mode", "what the batteries do")
    status = whole(tags.EMS_REQ_STATUS, "bits, see the set ems_status_bit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The answer to a ``LiveRequest``."""

    powers: Powers
    batteries: tuple[BriefBattery, ...]
    wallboxes: tuple[BriefWallbox, ...]


class LiveRequest:
    """What a live poll asks, in one frame that is encoded once.

    Where it is not yet known which batteries and wallboxes there are, it asks at every place: so the first poll of a
    connection is one round trip like the others.
    """

    def __init__(self, *, batteries: Iterable[int] = PLACES, wallboxes: Iterable[int] = PLACES) -> None:
        self._powers = Powers.requests()
        self._batteries = [BriefBattery.ask(index) for index in batteries]
        self._wallboxes = [BriefWallbox.ask(index) for index in wallboxes]
        self.batch = Batch.of([*self._powers, *self._batteries, *self._wallboxes])

    def read(self, answers: Sequence[Item | None]) -> Live:
        """From the answers to ``batch``."""
        given = iter(answers)
        return Live(
            powers=Powers.of([next(given) for _ in self._powers]),
            batteries=read_units(BriefBattery, self._batteries, [next(given) for _ in self._batteries]),
            wallboxes=read_units(BriefWallbox, self._wallboxes, [next(given) for _ in self._wallboxes]),
        )
