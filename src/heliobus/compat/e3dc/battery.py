"""Batteries to the cell (SPEC 6.3).  V, A, Ah, degrees Celsius; currents are + while charging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc.message import plain
from heliobus.compat.e3dc.parts import Parts, by_key, inside, places, plain_requests, table
from heliobus.e3dc.models import Battery
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BATTERY = table(
    "BAT_REQ",
    {
        "asoc": "ASOC",
        "chargeCycles": "CHARGE_CYCLES",
        "current": "CURRENT",
        "dcbCount": "DCB_COUNT",
        "designCapacity": "DESIGN_CAPACITY",
        "deviceName": "DEVICE_NAME",
        "eodVoltage": "EOD_VOLTAGE",
        "errorCode": "ERROR_CODE",
        "fcc": "FCC",
        "maxBatVoltage": "MAX_BAT_VOLTAGE",
        "maxChargeCurrent": "MAX_CHARGE_CURRENT",
        "maxDischargeCurrent": "MAX_DISCHARGE_CURRENT",
        "maxDcbCellTemp": "MAX_DCB_CELL_TEMPERATURE",
        "minDcbCellTemp": "MIN_DCB_CELL_TEMPERATURE",
        "moduleVoltage": "MODULE_VOLTAGE",
        "rc": "RC",
        "readyForShutdown": "READY_FOR_SHUTDOWN",
        "rsoc": "RSOC",
        "rsocReal": "RSOC_REAL",
        "statusCode": "STATUS_CODE",
        "terminalVoltage": "TERMINAL_VOLTAGE",
        "totalUseTime": "TOTAL_USE_TIME",
        "totalDischargeTime": "TOTAL_DISCHARGE_TIME",
        "trainingMode": "TRAINING_MODE",
        "usuableCapacity": "USABLE_CAPACITY",  # pye3dc spells it so
        "usuableRemainingCapacity": "USABLE_REMAINING_CAPACITY",
    },
)
_STATE = table(
    "BAT_DEVICE", {"deviceConnected": "CONNECTED", "deviceInService": "IN_SERVICE", "deviceWorking": "WORKING"}
)
_MODULE = table(
    "BAT_DCB",
    {
        "current": "CURRENT",
        "currentAvg30s": "CURRENT_AVG_30S",
        "cycleCount": "CYCLE_COUNT",
        "designCapacity": "DESIGN_CAPACITY",
        "designVoltage": "DESIGN_VOLTAGE",
        "deviceName": "DEVICE_NAME",
        "endOfDischarge": "END_OF_DISCHARGE",
        "error": "ERROR",
        "fullChargeCapacity": "FULL_CHARGE_CAPACITY",
        "fwVersion": "FW_VERSION",
        "manufactureDate": "MANUFACTURE_DATE",
        "manufactureName": "MANUFACTURE_NAME",
        "maxChargeCurrent": "MAX_CHARGE_CURRENT",
        "maxChargeTemperature": "CHARGE_HIGH_TEMPERATURE",
        "maxChargeVoltage": "MAX_CHARGE_VOLTAGE",
        "maxDischargeCurrent": "MAX_DISCHARGE_CURRENT",
        "minChargeTemperature": "CHARGE_LOW_TEMPERATURE",
        "parallelCellCount": "NR_PARALLEL_CELL",
        "sensorCount": "NR_SENSOR",
        "seriesCellCount": "NR_SERIES_CELL",
        "pcbVersion": "PCB_VERSION",
        "protocolVersion": "PROTOCOL_VERSION",
        "remainingCapacity": "REMAINING_CAPACITY",
        "serialCode": "SERIALCODE",
        "serialNo": "SERIALNO",
        "soc": "SOC",
        "soh": "SOH",
        "status": "STATUS",
        "voltage": "VOLTAGE",
        "voltageAvg30s": "VOLTAGE_AVG_30S",
        "warning": "WARNING",
    },
)
_OF_A_MODULE = (
    tags.BAT_REQ_DCB_ALL_CELL_TEMPERATURES,
    tags.BAT_REQ_DCB_ALL_CELL_VOLTAGES,
    tags.BAT_REQ_DCB_INFO,
)


def _cells(answer: Item | None) -> list[Any]:
    """The measurements of all cells; none where the device has an error in their place.

    What is of another namespace is no cell: newer firmware may put anything there.
    """
    data = None if answer is None else answer.get(tags.BAT_DATA)
    return [] if data is None else [plain(cell) for cell in data.children if cell.tag >> 24 == data.tag >> 24]


def _module(answers: Mapping[int, Item]) -> dict[str, Any] | None:
    """One module; None where the device tells nothing of it."""
    temperatures, voltages, info = (answers.get(tag) for tag in _OF_A_MODULE)
    if info is None or info.error is not None:
        return None
    told = inside(_MODULE, info)
    sensors = _cells(temperatures)
    return told | {"temperatures": sensors[: told["sensorCount"]], "voltages": _cells(voltages)}


class Batteries(Parts):
    def get_batteries(self, keepAlive: bool = False) -> list[dict[str, Any]]:
        """The batteries that there are: ``[{"index", "dcbs"}]``."""
        with self.rscp.kept(keep=keepAlive):
            return self._find(Battery.kind, {"dcbs": tags.BAT_REQ_DCB_COUNT})

    def get_battery_data(
        self, batIndex: int | None = None, dcbs: Iterable[int] | None = None, keepAlive: bool = False
    ) -> dict[str, Any]:
        """All of one battery, the first one without an index, with the modules ``dcbs``, or all without them."""
        index = self.batteries[0]["index"] if batIndex is None else batIndex
        requests = [*plain_requests(_BATTERY), Item(tags.BAT_REQ_DEVICE_STATE)]
        with self.rscp.kept(keep=keepAlive):
            answers, _ = self._read(Battery.kind, index, requests)
            told = by_key(_BATTERY, answers) | inside(_STATE, answers.get(tags.BAT_REQ_DEVICE_STATE))
            modules = self._modules(index, list(range(told["dcbCount"] or 0) if dcbs is None else dcbs))
        return told | {"index": index, "dcbs": modules}

    def _modules(self, index: int, wanted: list[int]) -> dict[int, dict[str, Any]]:
        if not wanted:
            return {}
        requests = [Item(tag, Type.UINT16, dcb) for dcb in wanted for tag in _OF_A_MODULE]
        _, modules = self._read(Battery.kind, index, requests)
        return {dcb: told for dcb, answers in modules.items() if (told := _module(answers)) is not None}

    def get_batteries_data(
        self, batteries: list[dict[str, Any]] | None = None, keepAlive: bool = False
    ) -> list[dict[str, Any]]:
        """All of each battery, named as by ``get_batteries``."""
        with self.rscp.kept(keep=keepAlive):
            return [
                self.get_battery_data(one["index"], places(one.get("dcbs")), keepAlive=True)
                for one in (self.batteries if batteries is None else batteries)
            ]
