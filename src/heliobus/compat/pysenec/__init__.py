"""In place of pysenec: ``from heliobus.compat import pysenec`` where a program said ``import pysenec``.

The names and the results of pysenec 0.3.0; ``raw_status`` is decoded exactly as there (signed types unsigned, a text
with ``_`` as it came).  What is better:

* https of firmware since August 2023 is found by itself, self-signed as it is; there is a deadline
* a property whose value the appliance does not tell is None, not the text ``VARIABLE_NOT_FOUND`` and no exception
* every exception is an error of heliobus, too, and says what to do

``python -m heliobus.compat.pysenec --host HOST [--all]`` is its command line.  Sources: the interface of pysenec 0.3.0,
SPEC 3 and 4.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

import aiohttp

from heliobus import errors
from heliobus.compat.lala import STATE_NAMES, Appliance, StatusError, number
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heliobus.senec.protocol import Json, Request
    from heliobus.transport.clock import Clock

SYSTEM_STATE_NAME = {**STATE_NAMES, 93: "REMOTE DISCONNECTION"}
"""The states by number, spelt as in pysenec, with those that it lacks."""

_LIVE: Mapping[str, str] = {
    "ENERGY": (
        "STAT_STATE GUI_BAT_DATA_POWER GUI_INVERTER_POWER GUI_HOUSE_POW GUI_GRID_POW GUI_BAT_DATA_FUEL_CHARGE"
        " GUI_CHARGING_INFO GUI_BOOSTING_INFO GUI_BAT_DATA_VOLTAGE GUI_BAT_DATA_CURRENT GUI_BAT_DATA_OA_CHARGING"
        " STAT_LIMITED_NET_SKEW"
    ),
    "STATISTIC": "LIVE_BAT_CHARGE LIVE_BAT_DISCHARGE LIVE_GRID_EXPORT LIVE_GRID_IMPORT LIVE_HOUSE_CONS LIVE_PV_GEN",
    "TEMPMEASURE": "BATTERY_TEMP CASE_TEMP MCU_TEMP",
    "PV1": "POWER_RATIO",
    "PWR_UNIT": "POWER_L1 POWER_L2 POWER_L3",
    "PM1OBJ1": "FREQ U_AC I_AC P_AC P_TOTAL",
    "PM1OBJ2": "FREQ U_AC I_AC P_AC P_TOTAL",
}
_REQUEST: Request = {section: dict.fromkeys(names.split(), "") for section, names in _LIVE.items()}
_SECTIONS = (
    *("STATISTIC", "ENERGY", "FEATURES", "LOG", "SYS_UPDATE", "WIZARD", "BMS", "BAT1"),
    *("BAT1OBJ1", "BAT1OBJ2", "BAT1OBJ3", "BAT1OBJ4", "PWR_UNIT", "PV1"),
)


class NoAnswer(errors.TransportError, aiohttp.ClientConnectionError):
    """Nothing complete came back."""


class TimedOut(errors.DeadlineExceeded, aiohttp.ServerTimeoutError):
    """Nothing complete came back in time."""


class BadAnswer(errors.ProtocolError, aiohttp.ClientPayloadError):
    """The answer is none of a SENEC appliance."""


class BadStatus(StatusError, aiohttp.ClientResponseError):
    """HTTP other than 200; ``status`` has the number."""

    def __init__(self, url: str, status: int) -> None:
        known = StatusError(url, status)
        request: Any = None  # aiohttp's own account of it, which nobody needs
        aiohttp.ClientResponseError.__init__(self, request, (), status=status, message=str(known))
        self.url, self.remedy = url, known.remedy

    def __str__(self) -> str:
        return self.message


class Senec:
    """One appliance.  ``host`` may carry a port; ``websession`` is the application's, which closes it.

    Powers are W, energies kWh, levels %, temperatures degrees Celsius.  Before ``update`` everything is None.
    """

    def __init__(
        self, host: str, websession: aiohttp.ClientSession, *, timeout: float = 10.0, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        """Make no I/O.  ``timeout`` in s bounds each exchange."""
        self.host = host
        self.websession = websession
        self._made = partial(Appliance, host, timeout=timeout, session=websession, clock=clock)
        self._appliance = self._made()
        self._raw: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Where the appliance is asked; another address may be set, which then is the only one."""
        return self._appliance.url

    @url.setter
    def url(self, url: str) -> None:
        self._appliance = self._made(url=url)

    async def update(self) -> None:
        """Read what most properties need; the same as ``read_senec_v21``."""
        await self.read_senec_v21()

    async def read_senec_v21(self) -> None:
        """Read what the appliance's own page shows.

        Raises errors of heliobus that are aiohttp's as well: ClientConnectionError, ServerTimeoutError,
        ClientResponseError, ClientPayloadError.
        """
        await self._read(_REQUEST)

    async def read_senec_v21_all(self) -> None:
        """Read everything of 14 sections, not for every few seconds; the temperatures are not among it."""
        await self._read({section: {} for section in _SECTIONS})

    async def _read(self, request: Request) -> None:
        with _under_old_names():
            self._raw = parse(await self._appliance.ask(request))

    @property
    def raw_status(self) -> dict[str, Any]:
        """Everything that was read, ``{section: {name: number, text or list}}``; words for nothing stay words."""
        return self._raw

    @property
    def system_state(self) -> str:
        """The name of the state, ``UNKNOWN`` if it has none."""
        code = self._number("ENERGY", "STAT_STATE")
        return "UNKNOWN" if code is None else SYSTEM_STATE_NAME.get(int(code), "UNKNOWN")

    @property
    def house_power(self) -> float | None:
        return self._number("ENERGY", "GUI_HOUSE_POW")

    @property
    def house_total_consumption(self) -> float | None:
        """Without wallboxes."""
        return self._number("STATISTIC", "LIVE_HOUSE_CONS")

    @property
    def solar_generated_power(self) -> float | None:
        power = self._number("ENERGY", "GUI_INVERTER_POWER")
        return None if power is None else abs(power)

    @property
    def solar_total_generated(self) -> float | None:
        return self._number("STATISTIC", "LIVE_PV_GEN")

    @property
    def battery_charge_percent(self) -> float | None:
        return self._number("ENERGY", "GUI_BAT_DATA_FUEL_CHARGE")

    @property
    def battery_charge_power(self) -> float | None:
        """What flows into it, else 0."""
        return _above_zero(self.battery_state_power)

    @property
    def battery_discharge_power(self) -> float | None:
        """What flows out of it, else 0."""
        return _below_zero(self.battery_state_power)

    @property
    def battery_state_power(self) -> float | None:
        """Positive while it charges."""
        return self._number("ENERGY", "GUI_BAT_DATA_POWER")

    @property
    def battery_total_charged(self) -> float | None:
        return self._number("STATISTIC", "LIVE_BAT_CHARGE")

    @property
    def battery_total_discharged(self) -> float | None:
        return self._number("STATISTIC", "LIVE_BAT_DISCHARGE")

    @property
    def grid_imported_power(self) -> float | None:
        """What the grid supplies, else 0."""
        return _above_zero(self.grid_state_power)

    @property
    def grid_exported_power(self) -> float | None:
        """What the grid takes, else 0."""
        return _below_zero(self.grid_state_power)

    @property
    def grid_state_power(self) -> float | None:
        """Positive while the grid supplies."""
        return self._number("ENERGY", "GUI_GRID_POW")

    @property
    def grid_total_export(self) -> float | None:
        return self._number("STATISTIC", "LIVE_GRID_EXPORT")

    @property
    def grid_total_import(self) -> float | None:
        return self._number("STATISTIC", "LIVE_GRID_IMPORT")

    @property
    def battery_temp(self) -> float | None:
        return self._number("TEMPMEASURE", "BATTERY_TEMP")

    @property
    def case_temp(self) -> float | None:
        return self._number("TEMPMEASURE", "CASE_TEMP")

    @property
    def mcu_temp(self) -> float | None:
        """About -158 where there is no sensor."""
        return self._number("TEMPMEASURE", "MCU_TEMP")

    def _number(self, section: str, name: str) -> float | None:
        value = self._raw.get(section, {}).get(name)
        return value if isinstance(value, int | float) and isfinite(value) else None


def _above_zero(power: float | None) -> float | None:
    return power if power is None or power > 0 else 0


def _below_zero(power: float | None) -> float | None:
    return None if power is None else _above_zero(-power)


def parse_value(value: str) -> Any:
    """Give a typed string's number or text; what has no type, or more than one ``_``, as it came."""
    kind, _, payload = value.partition("_")
    if "_" in payload:
        return value
    if kind == "st":
        return payload
    return number(value) if kind == "fl" or kind[:1] in {"u", "i"} else value


def parse(raw: Mapping[str, Json]) -> dict[str, Any]:
    """Give an answer with its typed strings decoded."""
    return {name: _decoded(leaf) for name, leaf in raw.items()}


def _decoded(leaf: Json) -> Any:
    if isinstance(leaf, dict):
        return parse(leaf)
    if isinstance(leaf, list):
        return [_decoded(item) for item in leaf]
    return parse_value(leaf) if isinstance(leaf, str) else leaf


@contextmanager
def _under_old_names() -> Iterator[None]:
    """Raise what programs made for pysenec catch; the cause and the remedy stay."""
    try:
        yield
    except StatusError as error:
        raise BadStatus(error.url, error.status) from error
    except errors.DeadlineExceeded as error:
        raise TimedOut(str(error), remedy=error.remedy) from error
    except errors.TransportError as error:
        raise NoAnswer(str(error), remedy=error.remedy) from error
    except errors.ProtocolError as error:
        raise BadAnswer(str(error), remedy=error.remedy) from error
