"""One system of a simulated account: who it is, and its wallbox with what it was told (captures 28 to 33, 54 to 59)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from heliobus.senec.protocol.app import MODES
from heliobus.senec.simulator.app.house import iso
from heliobus.senec.simulator.house import serial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.simulator.app.house import CloudMoment
    from heliobus.simulation.plant import Plant

_LEAST, _MOST = 6.0, 32.0  # A


class CloudSystem:
    """A house in the account; its ``wallbox`` is a V3's, or a V4's with a UUID."""

    def __init__(self, plant: Plant, *, id_: int, generation: str, firmware: str) -> None:
        self.plant = plant
        self.id = id_
        self.generation = generation
        self.firmware = firmware
        old = generation != "V4"
        self.wallbox = _wallbox("1" if old else f"{id_:032x}", old=old)
        self._steady = "compatibilityMode" if old else "preventInterruptions"

    @property
    def serial(self) -> str:
        return serial(self.plant)

    # -- answers

    def listed(self) -> dict[str, Any]:
        name = "SENEC.Home V3 hybrid duo" if self.generation == "V3" else "SENEC.Home 4"
        return {
            "id": self.id,
            "controlUnitNumber": f"S{self.serial}",
            "caseNumber": f"SIM-CASE-{self.plant.seed}",
            "street": "Sunny Lane",
            "houseNumber": "1",
            "postalCode": "00000",
            "city": "Simulated",
            "countryCode": "DE",
            "timezoneText": self.plant.house.timezone,
            "wallboxIds": [self.wallbox["id"]],
            "product": {
                "productId": f"SIM-{self.generation}",
                "systemType": name.upper().replace(" ", "_").replace(".", "_"),
                "batteryType": "LITHIUM_ION",
                "technicalName": None,
                "name": name,
                "hardwareVariant": "UNKNOWN",
                "features": None,
                "generation": self.generation,
                "productFamily": None,
                "productFamilyName": None,
                "variantAvailableInCountries": [],
            },
        }

    def details(self, m: CloudMoment) -> dict[str, Any]:
        contact = {"timestamp": iso(m.time), "severity": "INFO"}
        modules = m.plant.house.battery_modules
        return {
            "systemOverview": {
                "systemId": self.id,
                "hid": None,
                "productName": self.listed()["product"]["name"],
                "installationDateTime": iso(m.plant.house.commissioned),
                "exchangedSystemId": None,
            },
            "casing": {"serial": f"SIM-CASE-{m.plant.seed}", "temperatureInCelsius": m.now.case_temperature},
            "mcu": {
                "mainControllerSerial": self.serial,
                "mainControllerUnitState": {
                    "name": m.state,
                    "severity": "INFO",
                    "operatingMode": "FULL_OPERATION",
                },
                "firmwareVersion": self.firmware,
                "guiVersion": 966,
                "lastContact": contact,
                "ipAddress": None,
            },
            "warranty": {"endDateTime": None, "warrantyTermInMonths": 240},
            "batteryPack": {
                "numberOfBatteryModules": modules,
                "technology": "LITHIUM_NICKEL_COBALT_ALUMINIUM_OXIDE",
                "currentChargingLevelInPercent": round(m.now.soc),
                "maxCapacityInKwh": m.plant.house.battery_capacity / 1000,
            },
            "batteryModules": [
                {
                    "ordinal": place,
                    "serialNumber": f"SIM-{m.plant.seed}-{place}",
                    "state": {"state": "OK", "severity": "OK"},
                    "lastContact": {**contact, "severity": "OK"},
                    "firmwareVersion": None,
                }
                for place in range(1, modules + 1)
            ],
            "installer": {"companyName": "Simulated", "onlineMonitoringAllowed": True},
        }

    def status(self, m: CloudMoment) -> dict[str, Any]:
        return {
            "name": m.state,
            "severity": "INFO",
            "firmwareVersion": self.firmware,
            "guiVersion": 966,
            "lastContact": iso(m.time),
            "operatingMode": "FULL_OPERATION",
        }

    def dashboard(self, m: CloudMoment) -> dict[str, Any]:
        return {
            **m.dashboard(),
            "numberOfWallboxes": 1,
            "systemId": self.id,
            "systemType": "V123" if self.generation == "V3" else "V4",
            "storageDeviceState": m.storage_state,
        }

    def timespan(self, m: CloudMoment) -> dict[str, Any]:
        return {
            "periodStartDateInMilliseconds": int(m.plant.house.commissioned.timestamp() * 1000),
            "periodEndDateInMilliseconds": int(m.time.timestamp() * 1000),
        }

    # -- the wallbox

    def told(self) -> dict[str, Any]:
        return copy.deepcopy(self.wallbox)

    def lock(self, word: str) -> None:
        """Raises ValueError for a word that is none, as the others do for what does not fit."""
        self.wallbox["prohibitUsage"] = {"true": True, "false": False}[word]

    def set_mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(mode)
        self.wallbox["chargingMode"]["type"] = mode

    def set_fast(self, body: Mapping[str, Any]) -> None:
        if not isinstance(body["allowIntercharge"], bool):
            raise ValueError(body)  # noqa: TRY004 - bad content, whatever its type
        self.wallbox["chargingMode"]["fastChargingSettings"]["allowIntercharge"] = body["allowIntercharge"]

    def set_solar(self, body: Mapping[str, Any]) -> None:
        current = float(body["minChargingCurrentInA"])
        if not _LEAST <= current <= _MOST:
            raise ValueError(current)
        names = ("useDynamicTariffs", "priceLimitInCtPerKwh", self._steady)
        solar = self.wallbox["chargingMode"]["solarOptimizeSettings"]
        solar |= {"minChargingCurrentInA": current, **{name: body[name] for name in names}}
        self.wallbox["chargingCurrents"]["configuredChargingCurrent"] = current


def _wallbox(id_: str, *, old: bool) -> dict[str, Any]:
    steady = {"compatibilityMode": True} if old else {"preventInterruptions": True}
    return {
        "id": id_,
        "productFamily": None,
        "controllerId": f"SIM-{id_}",
        "name": "Wallbox 1",
        "prohibitUsage": False,
        "isInterchargeAvailable": True,
        "isSolarChargingAvailable": True,
        "type": "V123" if old else "V4",
        "state": {
            "electricVehicleConnected": False,
            "hasError": False,
            "temperatureInCelsius": 21.0,
            "isCharging": False,
            "statusCode": "WAITING_FOR_EV" if old else "READY",
        },
        "chargingMode": {
            "type": "SOLAR",
            "allowIntercharge": False,
            **steady,
            "fastChargingSettings": {"allowIntercharge": False},
            "comfortChargeSettings": {
                "allowIntercharge": False,
                **steady,
                "configuredChargingCurrent": 6.0,
                "activeWeekDays": ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"],
                "useDynamicTariffs": False,
                "chargingPeriodFromGridInH": 0,
                "priceLimitInCtPerKwh": 0,
            },
            "solarOptimizeSettings": {
                **steady,
                "minChargingCurrentInA": 8.0,
                "useDynamicTariffs": None,
                "priceLimitInCtPerKwh": None,
            },
        },
        "chargingCurrents": {
            "minPossibleCharging": 6.0,
            "configuredChargingCurrent": 8.0,
            "currentApparentChargingPowerInKw": 0.0,
        },
        "chargingPowerStats": {
            "phase1": {"min": 1.84, "max": 4.6},
            "phase2": {"min": 3.68, "max": 9.2},
            "phase3": {"min": 5.52, "max": 22.066},
            "numberOfPhasesUsed": 0,
        },
        "disconnected": False,
    }
