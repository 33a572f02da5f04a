"""SPH, known to other calls as MIX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.asking import numbered
from heliobus.compat.growattServer.exceptions import GrowattParameterError
from heliobus.compat.growattServer.open_api_v1.devices.abstract_device import AbstractDevice, clock_time, is_one, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

_PERIODS = 3
_PERCENT = range(101)


class Sph(AbstractDevice):
    """Periods are dictionaries: ``start_time`` and ``end_time`` (datetime.time), and ``enabled``."""

    DEVICE_TYPE_ID = 5
    _family = "mix"
    _word = "SPH"

    def read_parameter(
        self, parameter_id: str | None = None, start_address: int | None = None, end_address: int | None = None
    ) -> Any:
        """The same with all left out that is not meant."""
        return super().read_parameter(parameter_id, start_address, end_address)

    def write_ac_charge_times(
        self, charge_power: int, charge_stop_soc: int, mains_enabled: bool, periods: list[dict[str, Any]]
    ) -> Any:
        """Write when it charges its battery from the grid, with which power and up to which soc in percent."""
        _check(periods, charge_power=charge_power, charge_stop_soc=charge_stop_soc)
        values = [charge_power, charge_stop_soc, int(mains_enabled), *_flat(periods)]
        return self._write("writing AC charge time periods", "mix_ac_charge_time_period", numbered(values))

    def write_ac_discharge_times(
        self, discharge_power: int, discharge_stop_soc: int, periods: list[dict[str, Any]]
    ) -> Any:
        """Write when it discharges its battery, with which power and down to which soc in percent."""
        _check(periods, discharge_power=discharge_power, discharge_stop_soc=discharge_stop_soc)
        values = [discharge_power, discharge_stop_soc, *_flat(periods)]
        return self._write("writing AC discharge time periods", "mix_ac_discharge_time_period", numbered(values))

    def read_ac_charge_times(self, settings_data: dict[str, Any] | None = None) -> dict[str, Any]:
        """When it charges, out of what ``detail`` gave if that is given.

        What is not told is growattServer's default, as programs expect: power 0, soc 100.  Inverters tell the soc under
        one of three names (erratum G13).
        """
        told = self.detail() if settings_data is None else settings_data
        return {
            "charge_power": whole(told, "chargePowerCommand", default=0),
            "charge_stop_soc": whole(told, *_socs("wchargeSOCLowLimit"), default=100),
            "mains_enabled": is_one(told, "acChargeEnable"),
            "periods": _periods(told, "Charge"),
        }

    def read_ac_discharge_times(self, settings_data: dict[str, Any] | None = None) -> dict[str, Any]:
        """When it discharges, in the same way; the defaults are power 0, soc 10."""
        told = self.detail() if settings_data is None else settings_data
        return {
            "discharge_power": whole(told, "disChargePowerCommand", default=0),
            "discharge_stop_soc": whole(told, *_socs("wdisChargeSOCLowLimit"), default=10),
            "periods": _periods(told, "Discharge"),
        }


def _socs(name: str) -> tuple[str, str, str]:
    return name, f"{name}1", f"{name}2"


def _check(periods: list[dict[str, Any]], **percents: int) -> None:
    for name, value in percents.items():
        if not _PERCENT.start <= value < _PERCENT.stop:
            raise GrowattParameterError(f"{name} {value!r} is no percentage", remedy="Give 0 to 100.")
    if len(periods) != _PERIODS:
        raise GrowattParameterError(f"{len(periods)} periods", remedy="Give three, those without use not enabled.")


def _flat(periods: list[dict[str, Any]]) -> list[int]:
    return [
        value
        for one in periods
        for value in (
            *(one["start_time"].hour, one["start_time"].minute),
            *(one["end_time"].hour, one["end_time"].minute),
            1 if one["enabled"] else 0,
        )
    ]


def _periods(told: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        {
            "period_id": number,
            "start_time": clock_time(told, f"forced{kind}TimeStart{number}"),
            "end_time": clock_time(told, f"forced{kind}TimeStop{number}"),
            "enabled": is_one(told, f"forced{kind}StopSwitch{number}"),
        }
        for number in range(1, _PERIODS + 1)
    ]
