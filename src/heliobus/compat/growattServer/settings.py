"""Settings.  They can put a plant outside its normal operating range, and here nothing checks them but the server.

Answers say yes or no, as ``{"success": False, "msg": "508"}``; a yes says that the datalogger has taken it, and what
the server tells of settings follows 3 to 90 s later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.asking import numbered, texts
from heliobus.compat.growattServer.exceptions import GrowattError, GrowattParameterError
from heliobus.compat.growattServer.plants import Plants
from heliobus.growatt.control import PLANT
from heliobus.growatt.protocol import Question, text
from heliobus.growatt.protocol.web import CALLS
from heliobus.growatt.protocol.writes import WRITES, plant_question

if TYPE_CHECKING:
    from datetime import time

    from heliobus.growatt.protocol import Endpoint

    Parameters = dict[str, Any] | list[Any]


class Settings(Plants):
    """``parameters`` are named, or a list of param1, param2 and so on."""

    def update_plant_settings(
        self, plant_id: str, changed_settings: dict[str, Any], current_settings: dict[str, Any] | None = None
    ) -> Any:
        """Write a plant's settings by the names of the form; all others go as they are, which are looked up if need be.

        Raises GrowattParameterError for current settings that are none: empty fields would be cleared.
        """
        current = self.plant_settings(plant_id) if current_settings is None else current_settings
        if text(current.get("id")) is None or text(current.get("plantName")) is None:
            raise GrowattParameterError("these are no settings of a plant; nothing was sent", remedy="Read them first.")
        form = {parameter.name: parameter.kept(current) for parameter in PLANT.parameters}
        changes = {name: str(value) for name, value in changed_settings.items()}
        return self._send(WRITES["plant_update"], plant_question({**form, **changes}))

    def update_inverter_setting(
        self,
        serial_number: str,  # noqa: ARG002, stands in the default parameters
        setting_type: str,  # noqa: ARG002, same
        default_parameters: dict[str, Any],
        parameters: Parameters,
    ) -> Any:
        """Write a setting of any family: ``default_parameters`` are op, serialNum and type."""
        return self._set(WRITES["mix_set"], {**default_parameters, **numbered(parameters)})

    def update_mix_inverter_setting(self, serial_number: str, setting_type: str, parameters: Parameters) -> Any:
        """Write a setting of a MIX or SPH."""
        return self._update("mixSetApiNew", serial_number, setting_type, parameters)

    def update_ac_inverter_setting(self, serial_number: str, setting_type: str, parameters: Parameters) -> Any:
        """Write a setting of an SPA."""
        return self._update("spaSetApi", serial_number, setting_type, parameters)

    def update_tlx_inverter_setting(self, serial_number: str, setting_type: str, parameter: Parameters | str) -> Any:
        """Write a setting of a TLX or MIN; a bare value is param1."""
        named = parameter if isinstance(parameter, dict | list) else [parameter]
        return self._update("tlxSet", serial_number, setting_type, named)

    def update_tlx_inverter_time_segment(  # noqa: PLR0917, the old arguments
        self, serial_number: str, segment_id: int, batt_mode: int, start_time: time, end_time: time, enabled: bool
    ) -> Any:
        """Write a segment of a TLX; GrowattError with the code when it is refused."""
        values = [batt_mode, f"{start_time:%H}", f"{start_time:%M}", f"{end_time:%H}", f"{end_time:%M}", int(enabled)]
        named = {"serialNum": serial_number, "type": f"time_segment{segment_id}", **numbered(values)}
        call = WRITES["tlx_set"]
        answer = self._send(call, Question(call.method, call.page, call.selector, texts(named)))
        if not (isinstance(answer, dict) and answer.get("success")):
            code = answer.get("msg", "no reason given") if isinstance(answer, dict) else answer
            raise GrowattError(f"the time segment was refused: {code}", remedy="Look the code up, and write it anew.")
        return answer

    def update_noah_settings(self, serial_number: str, setting_type: str, parameters: Parameters) -> Any:
        """Write a setting of a NOAH."""
        call = WRITES["noah_set"]
        named = {"serialNum": serial_number, "type": setting_type, **numbered(parameters)}
        return self._send(call, Question(call.method, call.page, call.selector, texts(named)))

    # -- plain inverters, by the web portal

    def update_classic_inverter_setting(self, default_parameters: dict[str, Any], parameters: Parameters) -> Any:
        """Write a setting of a plain inverter: paramId, command_1 and command_2, with action and serialNum before."""
        return self._set(CALLS["tcp_set"], {**default_parameters, **numbered(parameters)})

    def set_classic_inverter_active_power_rate(self, serial_number: str, power_rate: Any) -> Any:
        """Limit the output to a percentage."""
        return self._classic(serial_number, "pv_active_p_rate", power_rate)

    def set_classic_inverter_on_off(self, serial_number: str, enabled: Any) -> Any:
        """Switch it on or off."""
        return self._classic(serial_number, "pv_on_off", "0001" if enabled else "0000")

    # -- sending

    def _update(self, op: str, serial_number: str, setting_type: str, parameters: Parameters) -> Any:
        named = {"op": op, "serialNum": serial_number, "type": setting_type}
        return self.update_inverter_setting(serial_number, setting_type, named, parameters)

    def _classic(self, serial_number: str, setting: str, value: Any) -> Any:
        named = {"action": "inverterSet", "serialNum": serial_number}
        return self.update_classic_inverter_setting(named, {"paramId": setting, "command_1": value, "command_2": ""})

    def _set(self, call: Endpoint, parameters: dict[str, Any]) -> Any:
        """All in the query, where these pages want it."""
        return self._send(call, Question(call.method, call.page, texts(parameters), None))
