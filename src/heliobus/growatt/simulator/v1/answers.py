"""The answers of the OpenAPI V1 about one inverter of the simulated cloud and its plant, and the codes of refusals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from heliobus.growatt.control import FAMILIES as SETTINGS
from heliobus.growatt.control import bean
from heliobus.growatt.protocol.v1 import FAMILIES, LONGEST_RANGE
from heliobus.growatt.simulator.house import Moment
from heliobus.growatt.simulator.v1 import plants, telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heliobus.growatt.protocol.v1 import Call, Family
    from heliobus.growatt.simulator.cloud import Cloud

LINES = 20
_WORDS = {
    -1: "please use the new domain",
    10011: "error_permission_denied",
    10012: "error_frequently_access",
    10013: "error_perpage",
    10014: "error_page",
}
_CODES = {
    "501": 10001, "502": 10002, "503": 10004, "504": 10003, "505": 10005, "506": 10006, "507": 10007, "508": 10008,
    "509": 10009, "701": 10011,
}  # fmt: skip
"""The codes of the app's writes as this route has them."""


class Failure(Exception):
    """A code instead of data."""

    def __init__(self, code: int, said: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.said = _WORDS.get(code, "error") if said is None else said


class Answers:
    """What is said of one inverter, and of the plant that it is in."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def answer(self, call: Call, asked: Mapping[str, str]) -> dict[str, Any]:
        family, _, what = call.name.partition("_")
        known = FAMILIES.get(family)
        if known is not None and what in _FAMILY_CALLS:
            return _FAMILY_CALLS[what](self, known, asked)
        if call.name not in _CALLS:
            raise Failure(10011)  # what only an installer's token may do
        return _CALLS[call.name](self, asked)

    # -- devices

    def check_device(self, family: Family, serial: str | None, *, missing: int, empty: int) -> None:
        if not serial:
            raise Failure(empty)
        if serial != self.cloud.serial or family.name != self.cloud.family:
            raise Failure(missing, "error_device_not_exist")

    def detail(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10002, empty=10003)
        found = plants.detail(self.cloud, self.cloud.moment())
        settings = self.cloud.settings.shown()
        data = {**found, "tlxSetbean": settings} if family.name == "tlx" else {**found, **settings}
        return self._data(data, device_sn=self.cloud.serial)

    def last(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get(family.serial), missing=10002, empty=10003)
        data = telemetry.last(self.cloud.moment(), family.name, self.cloud.serial)
        return self._data(data, **{family.serial: self.cloud.serial})

    def bulk(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        serials = [one for one in asked.get(family.bulk, "").split(",") if one]
        lines = [Answers(self.cloud.of(serial)).line(family, serial) for serial in serials]
        return {"data": lines, "pageNum": 1, "error_code": 0, "error_msg": ""}

    def line(self, family: Family, serial: str) -> dict[str, Any]:
        """One of several in a bulk."""
        self.check_device(family, serial, missing=10002, empty=10003)
        found = telemetry.last(self.cloud.moment(), family.name, serial)
        return {"deviceSn": serial, "dataloggerSn": self.cloud.datalogger, "data": found}

    def alarms(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get(family.serial), missing=10005, empty=10002)
        _date(asked, "date", wrong=10003)
        return ok({"count": 0, "alarms": [], family.serial: self.cloud.serial})

    def history(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        """The newest first; the next page begins at the place after its last, counted from 1 (sample)."""
        self.check_device(family, asked.get(family.serial), missing=10005, empty=10002)
        first, last = _date(asked, "start_date", wrong=10003), _date(asked, "end_date", wrong=10003)
        if not timedelta(0) <= last - first <= timedelta(days=LONGEST_RANGE):
            raise Failure(10004)
        m = self.cloud.moment()
        built = self.cloud.plant.house.commissioned
        moments = [moment for moment in plants.steps(m, first, last) if built <= moment <= m.time][::-1]
        page, lines = int(asked.get("page") or 1), int(asked.get("perpage") or LINES)
        shown = moments[(page - 1) * lines : page * lines]
        return ok(
            {
                "count": len(moments),
                "next_page_start_id": page * lines + 1,
                "datalogger_sn": self.cloud.datalogger,
                family.serial: self.cloud.serial,
                "datas": [telemetry.last(Moment(m.plant, one), family.name, self.cloud.serial) for one in shown],
            }
        )

    # -- settings

    def read(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10002, empty=10004)
        if self.cloud.moment().offline:
            raise Failure(10005)
        name = asked.get("paramId", "")
        setting = SETTINGS[family.name].get(name)
        if name == "set_any_reg":
            return ok("0")
        if setting is None:
            raise Failure(10009)
        told = self.cloud.settings.device
        values = (next((told[one] for one in parameter.names if one in told), "") for parameter in setting.parameters)
        return ok(",".join(str(value) for value in values))

    def write(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get(family.serial), missing=10012, empty=10004)
        if self.cloud.moment().offline:
            raise Failure(10005)
        name, texts = _written(family, asked)
        code = self.cloud.settings.write(name, texts)
        if code is not None:
            setting = SETTINGS[family.name].get(name)
            ordered = code == "509" and setting is not None and setting.periods
            raise Failure(10013 if ordered else _CODES.get(code, 10001))
        return ok("")

    def settings(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10002, empty=10003)
        return self._data(dict(bean(self.cloud.settings.shown())), device_sn=self.cloud.serial)

    def day_energy(self, family: Family, asked: Mapping[str, str]) -> dict[str, Any]:
        self.check_device(family, asked.get("device_sn"), missing=10005, empty=10002)
        day = _date(asked, "date", wrong=10003)
        found: float = plants.energy(self.cloud.moment(), day, day, "day")["energys"][0]["energy"]
        return self._data(found, device_sn=self.cloud.serial)

    def _data(self, data: Any, **beside: str) -> dict[str, Any]:
        return {**ok(data), "datalogger_sn": self.cloud.datalogger, **beside}

    # -- plants

    def check_plant(self, asked: Mapping[str, str], *, missing: int = 10002, empty: int = 10003) -> Moment:
        if not asked.get("plant_id"):
            raise Failure(empty)
        if asked["plant_id"] != self.cloud.account.plant_id:
            raise Failure(missing)
        return self.cloud.whole()

    def power(self, asked: Mapping[str, str]) -> dict[str, Any]:
        return ok(plants.power(self.check_plant(asked), _date(asked, "date", wrong=10003)))

    def energy(self, asked: Mapping[str, str]) -> dict[str, Any]:
        m = self.check_plant(asked)
        first, last = _date(asked, "start_date", wrong=10004), _date(asked, "end_date", wrong=10004)
        unit = asked.get("time_unit", "day")
        longest = {"day": LONGEST_RANGE, "month": 731, "year": 20 * 366}.get(unit, -1)
        if not 0 <= (last - first).days <= longest:
            raise Failure(10004)
        return ok(plants.energy(m, first, last, unit))

    def device_list(self, asked: Mapping[str, str]) -> dict[str, Any]:
        m = self.check_plant(asked, missing=10003, empty=10002)
        devices = [plants.device(one, m) for one in self.cloud.members if one.family in telemetry.FAMILIES]
        return ok({"count": len(devices), "devices": [] if "no-devices" in self.cloud.faults else devices})

    def datalogger_list(self, asked: Mapping[str, str]) -> dict[str, Any]:
        m = self.check_plant(asked, missing=10003)
        dataloggers = [plants.datalogger(one, m) for one in self.cloud.members]
        return ok({"count": len(dataloggers), "dataloggers": dataloggers})


def ok(data: Any) -> dict[str, Any]:
    return {"data": data, "error_code": 0, "error_msg": ""}


def _date(asked: Mapping[str, str], name: str, *, wrong: int) -> date:
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError:
        raise Failure(wrong) from None


def _written(family: Family, asked: Mapping[str, str]) -> tuple[str, Sequence[str]]:
    if family.name == "inverter":
        return asked.get("paramId", ""), [asked.get("command_1", ""), asked.get("command_2", "")]
    # Some leave out what they do not use (erratum G14).
    return asked.get("type", ""), [asked.get(name, "") for name in family.parameters]


_FAMILY_CALLS: Mapping[str, Callable[[Answers, Family, Mapping[str, str]], dict[str, Any]]] = {
    "detail": Answers.detail,
    "last": Answers.last,
    "bulk": Answers.bulk,
    "alarms": Answers.alarms,
    "history": Answers.history,
    "read": Answers.read,
    "set": Answers.write,
    "settings": Answers.settings,
    "day_energy": Answers.day_energy,
}


def _of_device(one: Answers, asked: Mapping[str, str]) -> None:
    if asked.get("device_sn") != one.cloud.serial:
        raise Failure(10005)


def _plant_of(one: Answers, asked: Mapping[str, str]) -> dict[str, Any]:
    _of_device(one, asked)
    found = plants.plant(one.cloud, one.cloud.whole())
    return ok({"plant": {_camel(name): value for name, value in found.items()}})


def _datalogger_of(one: Answers, asked: Mapping[str, str]) -> dict[str, Any]:
    _of_device(one, asked)
    return ok({"datalogSN": one.cloud.datalogger})


def _camel(name: str) -> str:
    first, *words = name.split("_")
    return first + "".join(word.capitalize() for word in words)


def _soc(one: Answers, asked: Mapping[str, str]) -> dict[str, Any]:
    if asked.get("vppSn") != one.cloud.serial:
        raise Failure(10002)
    about = {"soc": round(one.cloud.moment().now.soc, 1), "sn": one.cloud.serial}
    return {"error_code": 0, "error_msg": "", "dataLogSn": one.cloud.datalogger, **about}


def _lists(name: str) -> Callable[[Answers, Mapping[str, str]], dict[str, Any]]:
    """An empty list: there is no meter, sensor or end user."""
    return lambda one, _: ok({"count": 0, "dataloggerSn": one.cloud.datalogger, name: []})


_CALLS: Mapping[str, Callable[[Answers, Mapping[str, str]], dict[str, Any]]] = {
    "plant_list": lambda one, _: ok({"count": 1, "plants": [plants.plant(one.cloud, one.cloud.whole())]}),
    "plant_details": lambda one, asked: ok(plants.details(one.cloud, one.check_plant(asked))),
    "plant_data": lambda one, asked: ok(plants.data(one.check_plant(asked))),
    "plant_power": Answers.power,
    "plant_energy": Answers.energy,
    "plant_of": _plant_of,
    "device_list": Answers.device_list,
    "device_type": lambda one, _: plants.kind(one.cloud),
    "datalogger_of": _datalogger_of,
    "datalogger_list": Answers.datalogger_list,
    "meter_list": _lists("meters"),
    "env_list": _lists("envs"),
    "user_list": _lists("c_user"),
    "vpp_soc": _soc,
}
