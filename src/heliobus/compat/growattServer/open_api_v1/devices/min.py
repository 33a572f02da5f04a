"""MIN and other TLX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.growattServer.asking import numbered
from heliobus.compat.growattServer.exceptions import GrowattParameterError
from heliobus.compat.growattServer.open_api_v1.devices.abstract_device import AbstractDevice, clock_time, is_one
from heliobus.growatt.protocol import integer

if TYPE_CHECKING:
    from datetime import time

_MODES = {0: "Load First", 1: "Battery First", 2: "Grid First"}
_SEGMENTS = range(1, 10)


class Min(AbstractDevice):
    DEVICE_TYPE_ID = 7
    _family = "tlx"
    _word = "MIN"

    def settings(self) -> Any:
        """What it is set to."""
        return self.api.ask("getting MIN inverter settings", "tlx_settings", {"device_sn": self.device_sn})

    def write_time_segment(
        self, segment_id: int, batt_mode: int, start_time: time, end_time: time, enabled: bool = True
    ) -> Any:
        """Write segment 1 to 9 with one of the BATT_MODEs; it must not pass midnight."""
        if segment_id not in _SEGMENTS or batt_mode not in _MODES:
            raise GrowattParameterError(
                f"no segment {segment_id!r} with the mode {batt_mode!r}",
                remedy="There are the segments 1 to 9 and the modes 0 to 2.",
            )
        values = [batt_mode, start_time.hour, start_time.minute, end_time.hour, end_time.minute, int(enabled)]
        return self._write(f"writing time segment {segment_id}", f"time_segment{segment_id}", numbered(values))

    def read_time_segments(self, settings_data: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The nine segments, out of what ``settings`` gave if that is given; a mode that is not told is None."""
        told = self.settings() if settings_data is None else settings_data
        return [
            {
                "segment_id": number,
                "batt_mode": (mode := integer(told.get(f"time{number}Mode"))),
                "mode_name": "Unknown" if mode is None else _MODES.get(mode, "Unknown"),
                "start_time": clock_time(told, f"forcedTimeStart{number}"),
                "end_time": clock_time(told, f"forcedTimeStop{number}"),
                "enabled": is_one(told, f"forcedStopSwitch{number}"),
            }
            for number in _SEGMENTS
        ]
