"""The app's writes on the simulated cloud, and where the settings stand in its answers."""

from __future__ import annotations

from itertools import count, takewhile
from typing import TYPE_CHECKING, Any

from heliobus.growatt.control import PLANT
from heliobus.growatt.protocol.writes import SPF_PREFIX
from heliobus.growatt.simulator.effects import overrides
from heliobus.growatt.simulator.settings import EMPTY, LOGGER_OFFLINE, NO_PERMISSION, OUT_OF_RANGE, noah_segments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.growatt.simulator.cloud import Cloud

_SERIAL_MISSING = {"inverter_set": "504"}
"""Plain inverters swap 503 and 504 (SPEC "Settings writes")."""
_WRONG_CALL = "506"


def written(cloud: Cloud, name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a call of ``protocol.writes``."""
    code = _plant(cloud, parameters) if name == "plant_update" else _inverter(cloud, name, parameters)
    if name in ("noah_set", "nexa_set"):
        return {"result": 0 if code else 1, "msg": code or "", "obj": None if code else {}}
    return {"success": code is None, "msg": code or ""}


def _inverter(cloud: Cloud, name: str, parameters: Mapping[str, str]) -> str | None:
    serial, setting = parameters.get("serialNum", ""), parameters.get("type", "")
    family = "storage" if name in ("spf_set", "sacolar_set") else name.partition("_")[0]
    if not serial:
        return _SERIAL_MISSING.get(name, "503")
    if serial != cloud.serial:
        return NO_PERMISSION
    if family != cloud.family or setting.startswith(SPF_PREFIX) != (name == "spf_set"):
        return _WRONG_CALL
    numbered = takewhile(lambda one: one in parameters, (f"param{place}" for place in count(1)))
    return write(cloud, setting, [parameters[one] for one in numbered])


def write(cloud: Cloud, setting: str, texts: Sequence[str]) -> str | None:
    """Write a setting by whichever route; None when it is taken, else the app's code of the refusal."""
    if "offline" in cloud.faults:
        return LOGGER_OFFLINE
    before = dict(cloud.settings.device)
    code = cloud.settings.write(setting, texts)
    if code is None and cloud.settings.device != before:
        for override in overrides(cloud.family, cloud.settings.device, cloud.moment()):
            cloud.plant = cloud.plant.with_override(override)
    return code


def _plant(cloud: Cloud, parameters: Mapping[str, str]) -> str | None:
    """All fields or none: what is empty is cleared, what is missing is refused."""
    if any(field.name not in parameters for field in PLANT.parameters):
        return EMPTY
    if parameters["plantID"] != cloud.account.plant_id:
        return NO_PERMISSION
    if not parameters["plantName"].strip():
        return OUT_OF_RANGE
    cloud.plant_settings |= {
        field.names[0]: parameters[field.name] for field in PLANT.parameters if field.names and field.name != "plantID"
    }
    cloud.account.plant_name = parameters["plantName"]
    return None


# -- the settings in the answers


def noah_told(cloud: Cloud, info: dict[str, Any]) -> dict[str, Any]:
    """A NOAH's or NEXA's information with what it is set to."""
    shown = cloud.settings.shown()
    plain = {name: value for name, value in shown.items() if not name.startswith("time_segment")}
    return {**info, cloud.family: {**info["noah"], **plain, "time_segment": noah_segments(shown)}}
