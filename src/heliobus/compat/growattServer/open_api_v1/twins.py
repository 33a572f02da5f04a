"""The methods of the devices, as methods of the account with the serial number first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.open_api_v1.asking import TokenApi
from heliobus.compat.growattServer.open_api_v1.devices import Min, ParameterValue, Sph

if TYPE_CHECKING:
    from datetime import date as Date
    from datetime import time


class MinMethods(TokenApi):
    """What ``Min`` does."""

    def min_detail(self, device_sn: str) -> Any:
        return Min(self, device_sn).detail()

    def min_energy(self, device_sn: str) -> Any:
        return Min(self, device_sn).energy()

    def min_energy_history(  # noqa: PLR0917, the old arguments
        self,
        device_sn: str,
        start_date: Date | None = None,
        end_date: Date | None = None,
        timezone: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> Any:
        return Min(self, device_sn).energy_history(start_date, end_date, timezone, page, limit)

    def min_settings(self, device_sn: str) -> Any:
        return Min(self, device_sn).settings()

    def min_read_parameter(
        self,
        device_sn: str,
        parameter_id: str | None,
        start_address: int | None = None,
        end_address: int | None = None,
    ) -> Any:
        return Min(self, device_sn).read_parameter(parameter_id, start_address, end_address)

    def min_write_parameter(
        self, device_sn: str, parameter_id: str, parameter_values: ParameterValue | None = None
    ) -> Any:
        return Min(self, device_sn).write_parameter(parameter_id, parameter_values)

    def min_write_time_segment(  # noqa: PLR0917, the old arguments
        self,
        device_sn: str,
        segment_id: int,
        batt_mode: int,
        start_time: time,
        end_time: time,
        enabled: bool = True,
    ) -> Any:
        return Min(self, device_sn).write_time_segment(segment_id, batt_mode, start_time, end_time, enabled)

    def min_read_time_segments(
        self, device_sn: str, settings_data: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        return Min(self, device_sn).read_time_segments(settings_data)


class SphMethods(TokenApi):
    """What ``Sph`` does."""

    def sph_detail(self, device_sn: str) -> Any:
        return Sph(self, device_sn).detail()

    def sph_energy(self, device_sn: str) -> Any:
        return Sph(self, device_sn).energy()

    def sph_energy_history(  # noqa: PLR0917, the old arguments
        self,
        device_sn: str,
        start_date: Date | None = None,
        end_date: Date | None = None,
        timezone: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> Any:
        return Sph(self, device_sn).energy_history(start_date, end_date, timezone, page, limit)

    def sph_read_parameter(
        self,
        device_sn: str,
        parameter_id: str | None = None,
        start_address: int | None = None,
        end_address: int | None = None,
    ) -> Any:
        return Sph(self, device_sn).read_parameter(parameter_id, start_address, end_address)

    def sph_write_parameter(
        self, device_sn: str, parameter_id: str, parameter_values: ParameterValue | None = None
    ) -> Any:
        return Sph(self, device_sn).write_parameter(parameter_id, parameter_values)

    def sph_write_ac_charge_times(
        self,
        device_sn: str,
        charge_power: int,
        charge_stop_soc: int,
        mains_enabled: bool,
        periods: list[dict[str, Any]],
    ) -> Any:
        return Sph(self, device_sn).write_ac_charge_times(charge_power, charge_stop_soc, mains_enabled, periods)

    def sph_write_ac_discharge_times(
        self, device_sn: str, discharge_power: int, discharge_stop_soc: int, periods: list[dict[str, Any]]
    ) -> Any:
        return Sph(self, device_sn).write_ac_discharge_times(discharge_power, discharge_stop_soc, periods)

    def sph_read_ac_charge_times(self, device_sn: str, settings_data: dict[str, Any] | None = None) -> dict[str, Any]:
        return Sph(self, device_sn).read_ac_charge_times(settings_data)

    def sph_read_ac_discharge_times(
        self, device_sn: str, settings_data: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return Sph(self, device_sn).read_ac_discharge_times(settings_data)
