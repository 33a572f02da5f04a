"""What the devices of the OpenAPI V1 have in common."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from heliobus.compat.growattServer.asking import numbered
from heliobus.compat.growattServer.exceptions import GrowattParameterError
from heliobus.growatt.protocol import integer, text
from heliobus.growatt.protocol.v1 import FAMILIES, LONGEST_RANGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.compat.growattServer.open_api_v1.asking import TokenApi

ParameterValue: TypeAlias = "str | float | bool | list[Any] | dict[Any, Any]"
_REGISTERS = "set_any_reg"


class AbstractDevice:
    """A device of the account; powers in W, energies in kWh, as the server has them."""

    DEVICE_TYPE_ID: int
    _family: str
    _word: str

    def __init__(self, api: TokenApi, device_sn: str) -> None:
        self.api = api
        self.device_sn = device_sn

    def detail(self) -> Any:
        """What it is."""
        return self.api.ask(
            f"getting {self._word} inverter details", f"{self._family}_detail", {"device_sn": self.device_sn}
        )

    def energy(self) -> Any:
        """All that it last sent."""
        return self.api.ask(f"getting {self._word} inverter energy data", f"{self._family}_last", self._named())

    def energy_history(
        self,
        start_date: Date | None = None,
        end_date: Date | None = None,
        timezone: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> Any:
        """What it sent from one day to another, seven at most; without them the plant's today."""
        start, end = self.api.days(start_date, end_date)
        if end - start > timedelta(days=LONGEST_RANGE):
            raise GrowattParameterError(
                f"from {start} to {end} are more than {LONGEST_RANGE} days", remedy="Ask for fewer at once."
            )
        return self.api.ask(
            f"getting {self._word} inverter energy history",
            f"{self._family}_history",
            {
                **self._named(),
                "start_date": f"{start:%Y-%m-%d}",
                "end_date": f"{end:%Y-%m-%d}",
                "timezone_id": timezone,
                "page": page,
                "perpage": limit,
            },
        )

    def validate_read_parameter_input(
        self, parameter_id: str | None, start_address: int | None, end_address: int | None
    ) -> None:
        """Raise GrowattParameterError unless there is a name, or else an address."""
        addressed = start_address is not None or end_address is not None
        if (parameter_id is not None) == addressed:
            raise GrowattParameterError("neither a parameter nor registers, or both", remedy="Name one of the two.")

    def read_parameter(
        self, parameter_id: str | None, start_address: int | None = None, end_address: int | None = None
    ) -> Any:
        """One setting by its name, or registers by their addresses, from the inverter itself."""
        self.validate_read_parameter_input(parameter_id, start_address, end_address)
        first = start_address if start_address is not None else end_address
        last = end_address if end_address is not None else start_address
        return self.api.ask(
            f"reading parameter {parameter_id or _REGISTERS}",
            f"{self._family}_read",
            {
                "device_sn": self.device_sn,
                "paramId": parameter_id or _REGISTERS,
                "startAddr": 0 if parameter_id is not None else first,
                "endAddr": 0 if parameter_id is not None else last,
            },
        )

    def write_parameter(self, parameter_id: str, parameter_values: ParameterValue | None = None) -> Any:
        """Write a setting: its only value, a list of all, or a dictionary by their places from 1 on.

        Settings can put a plant outside its normal operating range, and here nothing checks them but the server.
        """
        return self._write(f"writing parameter {parameter_id}", parameter_id, _placed(parameter_values))

    # -- asking

    def _named(self) -> dict[str, str]:
        return {FAMILIES[self._family].serial: self.device_sn}

    def _write(self, operation: str, setting: str, values: Mapping[str, Any]) -> Any:
        known = FAMILIES[self._family].parameters
        beyond = [one for one in values if one not in known]
        if beyond:
            raise GrowattParameterError(f"{setting} has no {beyond[0]}", remedy=f"Give at most {len(known)} values.")
        return self.api.ask(operation, f"{self._family}_set", {**self._named(), "type": setting, **values})


def _placed(values: ParameterValue | None) -> Mapping[str, Any]:
    if isinstance(values, dict):
        return {f"param{int(place)}": value for place, value in values.items()}
    if values is None:
        return {}
    return numbered(values if isinstance(values, list) else [values])


# -- what settings tell


def clock_time(settings: Mapping[str, Any], name: str) -> str:
    """A time as HH:MM; 00:00 where none is told."""
    hour, _, minute = (text(settings.get(name)) or "").partition(":")
    try:
        return f"{int(hour):02d}:{int(minute):02d}"
    except ValueError:
        return "00:00"


def is_one(settings: Mapping[str, Any], name: str) -> bool:
    """Whether a switch is told to be on."""
    return settings.get(name) is True or integer(settings.get(name)) == 1


def whole(settings: Mapping[str, Any], *names: str, default: int) -> int:
    """A number by the first of these names that is told; the default where none is."""
    found = (integer(settings.get(name)) for name in names)
    return next((value for value in found if value is not None), default)
