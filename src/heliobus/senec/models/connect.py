"""What SENEC.Connect tells of a system (SPEC 10, capture 52): every field that was seen, in its own words and signs.

The battery's power is + when it charges, the grid's is + when it is drawn from; W, V, A, Wh, % and VA.
"""

from __future__ import annotations

from heliobus.model.records import Record
from heliobus.senec.models.records import flag, integer, number, record, records, text


class ConnectBattery(Record):
    """``state`` is a number whose meaning nobody has published; all recorded ones are 0."""

    state = integer("state")
    soc = number("state_of_charge", "%")
    power = number("power", "W")
    voltage = number("voltage", "V")
    current = number("current", "A")


class ConnectMeter(Record):
    """Whether ``consumption`` contains the wallboxes is not known (erratum S10)."""

    grid_power = number("grid_power", "W")
    consumption = number("consumption", "W")
    production = number("production", "W")


class ConnectWallbox(Record):
    """``charging_power`` is apparent power."""

    id = text("id")
    car_connected = flag("ev_connected")
    is_charging = flag("ev_charging")
    charging_power = number("charging_power", "VA")


class Nameplate(Record):
    """``system_id`` is what tells the systems of an account apart."""

    manufacturer = text("manufacturer")
    model = text("model")
    serial = text("serial_number")
    system_id = text("system_id")
    design_capacity = number("design_capacity", "Wh")
    charge_power = number("active_charge_power", "W")
    discharge_power = number("active_discharge_power", "W")


class ConnectSystem(Record):
    """One system of the account."""

    battery = record("battery", ConnectBattery)
    meter = record("meter", ConnectMeter)
    wallboxes = records("evse", ConnectWallbox)
    nameplate = record("bessNameplate", Nameplate)

    @property
    def id(self) -> str | None:
        return self.nameplate.system_id

    @property
    def is_decommissioned(self) -> bool:
        """Whether it was replaced: the account keeps such units, without voltage and current (capture 52)."""
        return self.battery.voltage is None and self.battery.current is None
