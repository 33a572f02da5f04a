"""What an owner sets: limits of power in W, charging by the weather, times in which the battery rests (SPEC 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc import idle
from heliobus.compat.e3dc.parts import inside, table
from heliobus.compat.e3dc.system import System
from heliobus.e3dc.models import container
from heliobus.e3dc.models.answers import RESPONSE
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Iterable

_SETTINGS = table(
    "EMS",
    {
        "dischargeStartPower": "DISCHARGE_START_POWER",
        "maxChargePower": "MAX_CHARGE_POWER",
        "maxDischargePower": "MAX_DISCHARGE_POWER",
        "powerLimitsUsed": "POWER_LIMITS_USED",
        "powerSaveEnabled": "POWERSAVE_ENABLED",
        "weatherForecastMode": "WEATHER_FORECAST_MODE",
        "weatherRegulatedChargeEnabled": "WEATHER_REGULATED_CHARGE_ENABLED",
    },
)
_DONE, _BELOW_RECOMMENDED, _FAILED = 0, 1, -1


def verdict(results: Iterable[Item | None]) -> int:
    """What became of all settings: 0 done, 1 done but not recommended, -1 not done.

    The device may also answer -2, that it cannot do it now; pye3dc takes that for done.
    """
    codes = {None if result is None else result.number for result in results}
    if codes - {_DONE, _BELOW_RECOMMENDED}:
        return _FAILED
    return _BELOW_RECOMMENDED if _BELOW_RECOMMENDED in codes else _DONE


class Settings(System):
    def get_power_settings(self, keepAlive: bool = False) -> dict[str, Any]:
        """The limits, which count while ``powerLimitsUsed``, and the flags."""
        with self.rscp.kept(keep=keepAlive):
            return inside(_SETTINGS, self.rscp.one(Item(tags.EMS_REQ_GET_POWER_SETTINGS)))

    def set_power_limits(
        self,
        enable: bool,
        max_charge: int | None = None,
        max_discharge: int | None = None,
        discharge_start: int | None = None,
        keepAlive: bool = False,
    ) -> int:
        """Limit the battery, or not; a limit that is left out is the system's own.

        Gives 0 for done, 1 for done but not recommended, -1 for not done.
        """
        items = [Item(tags.EMS_POWER_LIMITS_USED, Type.BOOL, bool(enable))]
        if enable:
            limits = (
                (tags.EMS_MAX_DISCHARGE_POWER, max_discharge, self.maxBatDischargePower),
                (tags.EMS_MAX_CHARGE_POWER, max_charge, self.maxBatChargePower),
                (tags.EMS_DISCHARGE_START_POWER, discharge_start, self.startDischargeDefault),
            )
            wanted = [(tag, own if given is None else given) for tag, given, own in limits]
            items += [Item(tag, Type.UINT32, value) for tag, value in wanted if value is not None]
        return self._set(*items, keep=keepAlive)

    def set_powersave(self, enable: bool, keepAlive: bool = False) -> int:
        """Let the system sleep when there is nothing to do, or not; 0 for done, else -1."""
        return self._set_flag(tags.EMS_POWERSAVE_ENABLED, enable, keep=keepAlive)

    def set_weather_regulated_charge(self, enable: bool, keepAlive: bool = False) -> int:
        """Charge by the forecast, or not; 0 for done, else -1."""
        return self._set_flag(tags.EMS_WEATHER_REGULATED_CHARGE_ENABLED, enable, keep=keepAlive)

    def set_battery_to_car_mode(self, enabled: bool, keepAlive: bool = False) -> bool:
        """Let wallboxes draw from the battery, or not; gives whether it is so now."""
        wanted = int(bool(enabled))
        request = Item(tags.EMS_REQ_SET_BATTERY_TO_CAR_MODE, Type.UCHAR8, wanted)
        with self.rscp.kept(keep=keepAlive):
            return self.rscp.one(request, acts=True).number == wanted

    def _set_flag(self, tag: int, enable: bool, *, keep: bool) -> int:
        return _DONE if self._set(Item(tag, Type.UCHAR8, int(bool(enable))), keep=keep) == _DONE else _FAILED

    def _set(self, *items: Item, keep: bool) -> int:
        request = container(tags.EMS_REQ_SET_POWER_SETTINGS, *items)
        with self.rscp.kept(keep=keep):
            answer = self.rscp.one(request, acts=True)
        return verdict(answer.get(item.tag | RESPONSE) for item in items)

    # -- idle periods

    def get_idle_periods(self, keepAlive: bool = False) -> dict[str, list[dict[str, Any]]]:
        """When the battery must not charge (``idleCharge``) or discharge (``idleDischarge``).

        For each weekday ``{"day", "start": (hour, minute), "end": (hour, minute), "active"}``; 0 is Monday.
        """
        with self.rscp.kept(keep=keepAlive):
            return idle.to_dict(self.rscp.one(Item(tags.EMS_REQ_GET_IDLE_PERIODS)))

    def set_idle_periods(self, idlePeriods: dict[str, list[dict[str, Any]]], keepAlive: bool = False) -> bool:
        """Change the periods that are given, and of these what is given; gives whether the device has done it.

        Raises ValueError and TypeError (UsageError as well) for what is no period.
        """
        changes = idle.changes(idlePeriods)
        with self.rscp.kept(keep=keepAlive):
            now = self.get_idle_periods(keepAlive=True) if not all(idle.is_whole(one) for _, one in changes) else {}
            request = container(tags.EMS_REQ_SET_IDLE_PERIODS, *idle.items(changes, now))
            return bool(self.rscp.one(request, acts=True).flag)
