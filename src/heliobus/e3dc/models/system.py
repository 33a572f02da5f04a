"""The system as a whole: who it is, how it is built, and its status (SPEC 6.1, 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.models.rows import Record, choice, flag, moment, number, read_whole, text, whole
from heliobus.e3dc.protocol import tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.e3dc.protocol import Item


class Identity(Record):
    """Who it is."""

    serial_number = text(tags.INFO_REQ_SERIAL_NUMBER, "with the letters before the number, as S10-")
    sw_release = text(tags.INFO_REQ_SW_RELEASE, "version of the firmware")
    master_ip = text(tags.EMS_REQ_IP_REMOTE_CONTROL, "of the farm's controller, if it belongs to one")


class SystemInfo(Identity):
    """What does not change from day to day."""

    production_date = text(tags.INFO_REQ_PRODUCTION_DATE, "when it was made")
    a35_serial_number = text(tags.INFO_REQ_A35_SERIAL_NUMBER, "of its computer")
    mac_address = text(tags.INFO_REQ_MAC_ADDRESS, "its address in the network")
    ip_address = text(tags.INFO_REQ_IP_ADDRESS, "its address in the network")
    time_zone = text(tags.INFO_REQ_TIME_ZONE, "as Europe/Berlin or GMT+2")
    installed_peak_power = number(tags.EMS_REQ_INSTALLED_PEAK_POWER, "W", "of the roof")
    derate_at_percent = number(tags.EMS_REQ_DERATE_AT_PERCENT_VALUE, "", "share of it that may be fed in: 0.7 is 70 %")
    derate_at_power = number(tags.EMS_REQ_DERATE_AT_POWER_VALUE, "W", "the same as a power")
    external_source_available = flag(tags.EMS_REQ_EXT_SRC_AVAILABLE, "an external producer is configured")
    emergency_power_status = choice(
        tags.EMS_REQ_EMERGENCY_POWER_STATUS, "emergency_power_status", "whether it can run without the grid"
    )
    coupling_mode = whole(tags.EMS_REQ_COUPLING_MODE, "code")


class Clocks(Record):
    """The device's clocks: ``time`` shows local time, written as if it were UTC."""

    utc_time = moment(tags.INFO_REQ_UTC_TIME, "UTC")
    time = moment(tags.INFO_REQ_TIME, "the wall's time as if it were UTC")
    time_zone = text(tags.INFO_REQ_TIME_ZONE, "as Europe/Berlin or GMT+2")


def specifications(answer: Item) -> Mapping[str, int | str | None]:
    """The system's limits by the vendor's names; those that the device does not tell are None.

    Powers in W, ``installedBatteryCapacity`` in Wh, often wrong or 0; ``maxBatDischargPower`` is spelled so.
    """
    specs: dict[str, int | str | None] = {}
    for spec in answer.children:
        name = spec.get(tags.EMS_SYS_SPEC_NAME)
        if name is None or name.text is None:
            continue
        number_, text_ = spec.get(tags.EMS_SYS_SPEC_VALUE_INT), spec.get(tags.EMS_SYS_SPEC_VALUE_STRING)
        value = None if number_ is None else read_whole(number_)
        specs[name.text] = text_.text if value is None and text_ is not None else value
    return specs


def status_bits(code: int, names: str) -> dict[str, bool]:
    """The flags in ``code`` by the names of the set ``names`` (``sys_status_bit``, ``ems_status_bit``)."""
    return {name: bool(code >> bit & 1) for bit, name in tags.enum(names).items()}


class Status(Record):
    """The status word."""

    code = whole(tags.EMS_REQ_SYS_STATUS, "bits, see the set sys_status_bit")

    @property
    def flags(self) -> dict[str, bool] | None:
        """The bits by name, such as ``batteryModuleAlive``; None where the device does not tell."""
        return None if self.code is None else status_bits(self.code, "sys_status_bit")
