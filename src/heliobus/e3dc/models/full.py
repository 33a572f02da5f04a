"""Everything that a full reading asks for, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from heliobus.e3dc.models.battery import Battery
from heliobus.e3dc.models.home import SWITCH_REQUESTS, Switch, switches
from heliobus.e3dc.models.indexed import U, read_units
from heliobus.e3dc.models.inverter import Inverter
from heliobus.e3dc.models.live import Live, Powers
from heliobus.e3dc.models.meter import PowerMeter
from heliobus.e3dc.models.settings import PowerSettings, Reserve
from heliobus.e3dc.models.system import SystemInfo, specifications
from heliobus.e3dc.models.wallbox import Wallbox
from heliobus.e3dc.protocol import Item, tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from heliobus.e3dc.models.layout import Layout
    from heliobus.e3dc.models.rows import Record

R = TypeVar("R", bound="Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """A full reading; ``live`` has the batteries and wallboxes, too."""

    live: Live
    info: SystemInfo
    specifications: Mapping[str, int | str | None]
    power_settings: PowerSettings
    reserve: Reserve
    batteries: tuple[Battery, ...]
    inverters: tuple[Inverter, ...]
    meters: tuple[PowerMeter, ...]
    wallboxes: tuple[Wallbox, ...]
    switches: tuple[Switch, ...]


class FullRequest:
    """All questions to a system that is made as ``layout`` says."""

    def __init__(self, layout: Layout) -> None:
        self._batteries = layout.battery_requests()
        self._inverters = layout.inverter_requests()
        self._meters = layout.meter_requests()
        self._wallboxes = layout.wallbox_requests()
        self.items = (
            *Powers.requests(),
            *self._batteries,
            *self._inverters,
            *self._meters,
            *self._wallboxes,
            *SystemInfo.requests(),
            *_SETTINGS,
            *SWITCH_REQUESTS,
        )

    def read(self, answers: Sequence[Item | None]) -> Full:
        """From the answers to ``items``."""
        given = iter(answers)
        powers = _record(Powers, given)
        batteries = _units(Battery, self._batteries, given)
        inverters = _units(Inverter, self._inverters, given)
        meters = _units(PowerMeter, self._meters, given)
        wallboxes = _units(Wallbox, self._wallboxes, given)
        info = _record(SystemInfo, given)
        specs, settings, reserve = (next(given) for _ in _SETTINGS)
        return Full(
            live=Live(powers=powers, batteries=batteries, wallboxes=wallboxes),
            info=info,
            specifications={} if specs is None else specifications(specs),
            power_settings=PowerSettings.inside(settings),
            reserve=Reserve.inside(reserve),
            batteries=batteries,
            inverters=inverters,
            meters=meters,
            wallboxes=wallboxes,
            switches=switches([next(given) for _ in SWITCH_REQUESTS]),
        )


_SETTINGS = [
    Item(tags.EMS_REQ_GET_SYS_SPECS),
    Item(tags.EMS_REQ_GET_POWER_SETTINGS),
    Item(tags.SE_REQ_EP_RESERVE),
]


def _record(kind: type[R], given: Iterator[Item | None]) -> R:
    return kind.of([next(given) for _ in kind.requests()])


def _units(kind: type[U], requests: Sequence[Item], given: Iterator[Item | None]) -> tuple[U, ...]:
    return read_units(kind, requests, [next(given) for _ in requests])
