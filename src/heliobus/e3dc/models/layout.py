"""What a system is made of, found out by asking at every place (SPEC 6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.models.battery import Battery, BriefBattery
from heliobus.e3dc.models.indexed import METER, PLACES, U, Unit, read_units
from heliobus.e3dc.models.inverter import BriefInverter, Inverter
from heliobus.e3dc.models.meter import PowerMeter
from heliobus.e3dc.models.rows import whole
from heliobus.e3dc.models.wallbox import BriefWallbox, Wallbox
from heliobus.e3dc.protocol import tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.e3dc.protocol import Item


class _BriefMeter(Unit):
    kind = METER

    type_code = whole(tags.PM_REQ_TYPE, "what it measures")


_KINDS: tuple[type[Unit], ...] = (BriefBattery, BriefInverter, _BriefMeter, BriefWallbox)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The devices inside a system, in brief; power meters and wallboxes by their indices."""

    batteries: tuple[BriefBattery, ...]
    inverters: tuple[BriefInverter, ...]
    meters: tuple[int, ...]
    wallboxes: tuple[int, ...]

    @staticmethod
    def requests() -> list[Item]:
        """The questions to all places at once."""
        return [kind.ask(index) for kind in _KINDS for index in PLACES]

    @classmethod
    def of(cls, answers: Sequence[Item | None]) -> Layout:
        """From the answers to ``requests``, one for each."""
        given = iter(answers)

        def units(kind: type[U]) -> tuple[U, ...]:
            return read_units(kind, [kind.ask(index) for index in PLACES], [next(given) for _ in PLACES])

        return cls(
            batteries=units(BriefBattery),
            inverters=units(BriefInverter),
            meters=tuple(one.index for one in units(_BriefMeter)),
            wallboxes=tuple(one.index for one in units(BriefWallbox)),
        )

    def battery_requests(self) -> list[Item]:
        """Everything about the batteries, down to the cells."""
        return [Battery.ask(one.index, modules=one.dcb_count or 0) for one in self.batteries]

    def inverter_requests(self) -> list[Item]:
        """Everything about the inverters, per phase, string and sensor."""
        return [
            Inverter.ask(
                one.index,
                phases=one.phase_count or 0,
                strings=one.used_string_count or 0,
                sensors=one.temperature_count or 0,
            )
            for one in self.inverters
        ]

    def meter_requests(self) -> list[Item]:
        return [PowerMeter.ask(index) for index in self.meters]

    def wallbox_requests(self) -> list[Item]:
        return [Wallbox.ask(index) for index in self.wallboxes]
