"""Inverters per phase and string (SPEC 6.3).  W, V, A, VA, var, Wh, degrees Celsius."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc.message import plain
from heliobus.compat.e3dc.parts import Parts, by_key, inside, places, plain_requests, table
from heliobus.e3dc.models import Inverter
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_INVERTER = table(
    "PVI_REQ",
    {
        "lastError": "LAST_ERROR",
        "maxPhaseCount": "AC_MAX_PHASE_COUNT",
        "maxStringCount": "DC_MAX_STRING_COUNT",
        "onGrid": "ON_GRID",
        "powerMode": "POWER_MODE",
        "serialNumber": "SERIAL_NUMBER",
        "state": "STATE",
        "systemMode": "SYSTEM_MODE",
        "type": "TYPE",
    },
)
_COUNTS = table("PVI_REQ", {"strings": "USED_STRING_COUNT", "sensors": "TEMPERATURE_COUNT"})
_GROUPS = {
    "cosPhi": (
        tags.PVI_REQ_COS_PHI,
        table("PVI_COS_PHI", {"active": "IS_AKTIV", "value": "VALUE", "excited": "EXCITED"}),
    ),
    "deviceState": (
        tags.PVI_REQ_DEVICE_STATE,
        table("PVI_DEVICE", {"connected": "CONNECTED", "working": "WORKING", "inService": "IN_SERVICE"}),
    ),
    "frequency": (tags.PVI_REQ_FREQUENCY_UNDER_OVER, table("PVI_FREQUENCY", {"under": "UNDER", "over": "OVER"})),
    "voltageMonitoring": (
        tags.PVI_REQ_VOLTAGE_MONITORING,
        table(
            "PVI_VOLTAGE_MONITORING",
            {
                "thresholdTop": "THRESHOLD_TOP",
                "thresholdBottom": "THRESHOLD_BOTTOM",
                "slopeUp": "SLOPE_UP",
                "slopeDown": "SLOPE_DOWN",
            },
        ),
    ),
}
"""Containers of values: what to ask for, and the tags inside."""
_VALUED = table(
    "PVI_REQ",
    {"acMaxApparentPower": "AC_MAX_APPARENTPOWER", "max": "MAX_TEMPERATURE", "min": "MIN_TEMPERATURE"},
)
"""Answered by a container with PVI_VALUE, as all of the following."""
_PHASE = table(
    "PVI_REQ_AC",
    {
        "power": "POWER",
        "voltage": "VOLTAGE",
        "current": "CURRENT",
        "apparentPower": "APPARENTPOWER",
        "reactivePower": "REACTIVEPOWER",
        "energyAll": "ENERGY_ALL",
        "energyGridConsumption": "ENERGY_GRID_CONSUMPTION",
    },
)
_STRING = table(
    "PVI_REQ_DC", {"power": "POWER", "voltage": "VOLTAGE", "current": "CURRENT", "energyAll": "STRING_ENERGY_ALL"}
)
_PARTS = {"phases": _PHASE, "strings": _STRING, "sensors": {"value": tags.PVI_REQ_TEMPERATURE}}
_NAMES = {
    number: f"PVI_TYPE_{name}"
    for number, name in enumerate(
        ("UNDEFINED", "SOLU", "KACO", "E3DC_E", "E3DC_MINI", None, "UNDEFINED_6", "UNDEFINED_7", "UNDEFINED_8")
    )
    if name is not None
}
_FOUND = {
    "phases": tags.PVI_REQ_AC_MAX_PHASE_COUNT,
    "strings": tags.PVI_REQ_USED_STRING_COUNT,
    "type": tags.PVI_REQ_TYPE,
}


def type_name(code: int) -> str:
    """The name of a type, as ``PVI_TYPE_E3DC_E``."""
    return _NAMES.get(code, _NAMES[0])


def _all(count: float | None) -> list[int]:
    """The indices of so many parts, which some devices send as a float."""
    return list(range(int(count))) if count is not None else []


def _valued(keys: Mapping[str, int], answers: Mapping[int, Item]) -> dict[str, Any]:
    return {
        key: None if (answer := answers.get(tag)) is None else plain(answer.get(tags.PVI_VALUE))
        for key, tag in keys.items()
    }


class Inverters(Parts):
    def get_pvis(self, keepAlive: bool = False) -> list[dict[str, Any]]:
        """The inverters that there are: ``[{"index", "phases", "strings", "type", "typeName"}]``."""
        with self.rscp.kept(keep=keepAlive):
            found = self._find(Inverter.kind, _FOUND)
        return [
            one | {"phases": int(one["phases"]), "strings": int(one["strings"]), "typeName": type_name(one["type"])}
            for one in found
        ]

    def get_pvi_data(
        self,
        pviIndex: int | None = None,
        strings: Iterable[int] | None = None,
        phases: Iterable[int] | None = None,
        keepAlive: bool = False,
    ) -> dict[str, Any]:
        """All of one inverter, without an index of the first one, with these strings and phases, or all."""
        if pviIndex is None:
            pviIndex = self.pvis[0]["index"]
            phases = places(self.pvis[0].get("phases")) if phases is None else phases
        asked = plain_requests(_INVERTER, _COUNTS, _VALUED)
        asked += [Item(tag) for tag, _ in _GROUPS.values()] + [Item(tags.PVI_REQ_VERSION)]
        with self.rscp.kept(keep=keepAlive):
            answers, _ = self._read(Inverter.kind, pviIndex, asked)
            told, counts = by_key(_INVERTER, answers), by_key(_COUNTS, answers)
            wanted = {
                "phases": _all(told["maxPhaseCount"]) if phases is None else list(phases),
                "strings": _all(counts["strings"]) if strings is None else list(strings),
                "sensors": _all(counts["sensors"]),
            }
            found = self._parts(pviIndex, wanted)
        valued = _valued(_VALUED, answers)
        version = answers.get(tags.PVI_REQ_VERSION)
        return {
            **told,
            **{key: inside(keys, answers.get(tag)) for key, (tag, keys) in _GROUPS.items()},
            "acMaxApparentPower": valued["acMaxApparentPower"],
            "index": pviIndex,
            "phases": found["phases"],
            "strings": found["strings"],
            "temperature": {
                "max": valued["max"],
                "min": valued["min"],
                "values": [sensor["value"] for sensor in found["sensors"].values()],
            },
            "version": None if version is None else plain(version.get(tags.PVI_VERSION_MAIN)),
        }

    def _parts(self, index: int, wanted: Mapping[str, list[int]]) -> dict[str, dict[int, dict[str, Any]]]:
        """The values of phases, strings and sensors, in one exchange."""
        requests = [
            Item(tag, Type.UINT16, place)
            for kind, indices in wanted.items()
            for place in indices
            for tag in _PARTS[kind].values()
        ]
        parts = self._read(Inverter.kind, index, requests)[1] if requests else {}
        return {
            kind: {place: _valued(_PARTS[kind], parts.get(place, {})) for place in indices}
            for kind, indices in wanted.items()
        }

    def get_pvis_data(self, pvis: list[dict[str, Any]] | None = None, keepAlive: bool = False) -> list[dict[str, Any]]:
        """All of each inverter, named as by ``get_pvis``."""
        with self.rscp.kept(keep=keepAlive):
            return [
                self.get_pvi_data(one["index"], places(one.get("strings")), places(one.get("phases")), keepAlive=True)
                for one in (self.pvis if pvis is None else pvis)
            ]
