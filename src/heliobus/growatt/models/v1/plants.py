"""Plants, their devices, and what else belongs to an account, by the OpenAPI V1 (SPEC C.2, C.3).

Sources: recordings of a plant's list, details and devices; the vendor's samples.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from heliobus.growatt.models.rows import flag, integer, java_time, number, records, text
from heliobus.growatt.models.v4.base import raw, rows
from heliobus.growatt.protocol import text as plain
from heliobus.model.records import Record, Row

if TYPE_CHECKING:
    from heliobus.growatt.protocol import Json


def _first_day(value: Json) -> date | None:
    """The first day of a ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``."""
    parts = (plain(value) or "").split("-")
    try:
        return date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    except ValueError:
        return None


class Plant(Record):
    """A line of the list of plants.  Nobody tells the unit of ``current_power``; 382.3 was recorded at 10 kWp."""

    id = text("plant_id")
    name = text("name")
    status = integer("status")
    country = text("country")
    city = text("city")
    latitude = number("latitude")
    longitude = number("longitude")
    latitude_f = text("latitude_f")
    latitude_d = text("latitude_d")
    total_energy = number("total_energy", "kWh")
    current_power = number("current_power")
    peak_power = number("peak_power", "kW")
    created = text("create_date")
    locale = text("locale")
    image = text("image_url")
    operator = text("operator")
    installer = text("installer")
    user_id = integer("user_id")


class PlantList(Record):
    count = integer("count")
    plants = records("plants", Plant)


class PlantDetails(Record):
    """What a plant is; of the organisations nobody's is evidenced."""

    rows = rows(
        "json address1 address2 description designercontact designerorganization elevation financiercontact "
        "financierorganization fixed_azimuth fixed_tilt grid_type installed_ac_capacity installed_dc_capacity "
        "installed_panel_area installercontact installerorganization irradiationsensor_type jurisdictioncontact "
        "jurisdictionorganization notes offtakercontact offtakerorganization operatorcontact operatororganization "
        "postal state tracker_type weathersensor_man weathersensor_md weathersensor_num weather_type status "
        "inverters dataloggers arrays maxs address"
    )
    name = text("name")
    timezone = text("timezone")
    """``GMT+1``."""
    peak_power = number("peak_power", "kW")
    plant_type = integer("plant_type")
    country = text("country")
    city = text("city")
    latitude = number("latitude")
    longitude = number("longitude")
    created = text("create_date")
    currency = text("currency")
    locale = text("locale")
    image = text("image_url")
    owner_contact = text("ownercontact")
    owner = text("ownerorganization")
    user_id = integer("user_id")


class PlantData(Record):
    """A plant's energies.  ``current_power`` is kW, and may stay 0 while the plant works: see ``PowerCurve``."""

    current_power = number("current_power", "kW")
    peak_power = number("peak_power_actual", "kW")
    today_energy = number("today_energy", "kWh")
    month_energy = number("monthly_energy", "kWh")
    year_energy = number("yearly_energy", "kWh")
    total_energy = number("total_energy", "kWh")
    carbon_offset = number("carbon_offset", "kg")
    efficiency = number("efficiency", "%")
    timezone = text("timezone")
    updated = text("last_update_time")
    """In plant time."""


class PowerPoint(Record):
    time = text("time")
    """In plant time."""
    power = number("power", "W")


class PowerCurve(Record):
    """A day of a plant every five minutes, in no order; points without a power are gaps, or still to come."""

    count = integer("count")
    points = records("powers", PowerPoint)

    @property
    def newest(self) -> PowerPoint | None:
        """The point of the greatest time that has a power (erratum G12)."""
        known = [point for point in self.points if point.power is not None and point.time is not None]
        return max(known, key=lambda point: point.time or "", default=None)


class EnergyPoint(Record):
    date = text("date")
    energy = number("energy", "kWh")
    day = Row("date", _first_day)
    """The first day of the span."""


class PlantEnergy(Record):
    """The production of days, months or years."""

    count = integer("count")
    unit = text("time_unit")
    points = records("energys", EnergyPoint)


class Device(Record):
    """A device of a plant; its kind is a number (``protocol.v1.NUMBERS``)."""

    serial = text("device_sn")
    id = integer("device_id")
    kind = integer("type")
    model = text("model")
    manufacturer = text("manufacturer")
    datalogger = text("datalogger_sn")
    updated = text("last_update_time")
    status = integer("status")
    lost = flag("lost")


class DeviceList(Record):
    """A plant's devices; it may be empty while ``count`` is not."""

    count = integer("count")
    devices = records("devices", Device)


class Datalogger(Record):
    serial = text("sn")
    model = text("model")
    manufacturer = text("manufacturer")
    kind = integer("type")
    updated_at = java_time("lastUpdateTime")
    lost = flag("lost")


class DataloggerList(Record):
    """A plant's dataloggers; ``plant`` is the plant in the app's words."""

    count = integer("count")
    dataloggers = records("dataloggers", Datalogger)
    plant = raw("peakPowerActual")


class Attached(Record):
    """A meter or a sensor of a datalogger."""

    address = integer("address")
    datalogger = text("datalog_sn")
    name = text("deviceName")
    kind = text("deviceType")
    updated = text("lastUpdateTime")
    lost = flag("lost")


class _AttachedList(Record):
    """What hangs on a datalogger."""

    count = integer("count")
    datalogger = text("dataloggerSn")


class MeterList(_AttachedList):
    meters = records("meters", Attached)


class EnvList(_AttachedList):
    sensors = records("envs", Attached)


class Alarm(Record):
    code = text("alarmCode")
    """A number, of machines of trade such as ``7-114-5``."""
    message = text("alarmMessage")
    status = integer("status")
    start = text("startTime")
    """In plant time, as ``end``; with tenths of a second."""
    end = text("endTime")


class Alarms(Record):
    """A page of a day's alarms; ``count`` is that of all pages."""

    rows = rows("text sn pcs_sn hps_sn pbd_sn tlx_sn mix_sn spa_sn max_sn storage_sn device_sn datalogger_sn")
    count = integer("count")
    alarms = records("alarms", Alarm)


class DeviceType(Record):
    """What kind of device a serial number is of; ``kind`` as SPEC C.3 lists them, another than in ``Device``."""

    kind = integer("deviceType")
    code = integer("dtc")
    model = text("model")
    nominal_power = number("normalPower", "W")
    has_meter = flag("haveMeter")
    is_known = flag("inSystem")
    message = text("msg")
    obj = integer("obj")
    result = integer("result")


class DeviceDates(Record):
    """When a device came into being."""

    serial = text("deviceSn")
    name = text("deviceName")
    kind = text("deviceType")
    datalogger = text("datalogSn")
    created = text("createTime")
    updated = text("lastUpdateTime")
    table = text("tableName")


class OwnedPlant(Record):
    """The plant that a device belongs to."""

    id = text("plantId")
    name = text("name")
    status = integer("status")
    country = text("country")
    city = text("city")
    latitude = number("latitude")
    longitude = number("longitude")
    latitude_f = text("latitudeF")
    latitude_d = text("latitudeD")
    total_energy = number("totalEnergy", "kWh")
    current_power = number("currentPower")
    peak_power = number("peakPower", "kW")
    created = text("createDate")
    locale = text("locale")
    image = text("imageUrl")
    operator = text("operator")
    installer = text("installer")
    user_id = integer("userId")


class User(Record):
    """An end user of an installer's token."""

    id = integer("c_user_id")
    name = text("c_user_name")
    email = text("c_user_email")
    telephone = text("c_user_tel")
    registered = text("c_user_regtime")


class UserList(Record):
    count = integer("count")
    users = records("c_user", User)


class VppSoc(Record):
    """The state of charge, as a power plant of many is told it."""

    serial = text("sn")
    datalogger = text("dataLogSn")
    soc = number("soc", "%")
