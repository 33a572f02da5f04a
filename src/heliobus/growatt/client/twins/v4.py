"""The calls of the OpenAPI V4 without ``await``."""

from __future__ import annotations

from heliobus.growatt.client.calls.v4 import V4Calls
from heliobus.growatt.client.twins.made import BlockingCalls
from heliobus.transport.blocking import twin


class BlockingV4(BlockingCalls):
    """``V4Calls`` without ``await``."""

    _part = "v4"

    query = twin(V4Calls.query)
    device_page = twin(V4Calls.device_page)
    devices = twin(V4Calls.devices)
    infos = twin(V4Calls.infos)
    info = twin(V4Calls.info)
    last = twin(V4Calls.last)
    last_of = twin(V4Calls.last_of)
    curve = twin(V4Calls.curve)
    curves = twin(V4Calls.curves)
    power = twin(V4Calls.power)
    wifi = twin(V4Calls.wifi)
    parameter = twin(V4Calls.parameter)
    slots = twin(V4Calls.slots)
    write = twin(V4Calls.write)
    set_on = twin(V4Calls.set_on)
    set_power = twin(V4Calls.set_power)
    set_soc_limits = twin(V4Calls.set_soc_limits)
    set_segment = twin(V4Calls.set_segment)
    set_grid_charge = twin(V4Calls.set_grid_charge)
    set_off_grid = twin(V4Calls.set_off_grid)
    assign_inverter = twin(V4Calls.assign_inverter)
    set_slots = twin(V4Calls.set_slots)
    remove_slots = twin(V4Calls.remove_slots)
