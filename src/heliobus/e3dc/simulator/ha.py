"""HA, SGR and MBS: the switches in the house, the heat pump's contact, Modbus (SPEC 6.7, 6.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Timestamp, Value, tags
from heliobus.e3dc.simulator.answering import Row, asks, indexed, item, items, reads

if TYPE_CHECKING:
    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.house import Moment

_FORMAT = ErrorAnswer(ErrorCode.FORMAT)
_ALL = 0xFF  # the index of SG ready that some clients use
_NORMAL = 2  # state of SG ready; above it the heat pump may or shall run
_COMMANDS = {"on": True, "off": False}


def _datapoints(moment: Moment) -> Value:
    return [
        item(
            tags.HA_DATAPOINT,
            items("HA_DATAPOINT", {"INDEX": switch.index, "TYPE": switch.type, "NAME": switch.name}),
        )
        for switch in moment.device.switches
    ]


def _states(moment: Moment) -> Value:
    return [
        item(tags.HA_DATAPOINT, items("HA_DATAPOINT", {"INDEX": switch.index, "STATE": int(switch.on)}))
        for switch in moment.device.switches
    ]


def _command(moment: Moment, asked: Item) -> Value:
    index, command = asked.get(tags.HA_DATAPOINT_INDEX), asked.get(tags.HA_REQ_COMMAND)
    if index is None or command is None or command.text is None:
        return _FORMAT
    wanted = _COMMANDS.get(command.text)
    switch = next((switch for switch in moment.device.switches if switch.index == index.value), None)
    if wanted is None or switch is None:
        return False
    switch.on = wanted
    return True


_HA: Table[Moment] = {
    **reads(
        "HA",
        {
            "DATAPOINT_LIST": _datapoints,
            "ACTUATOR_STATES": _states,
            "CONFIGURATION_CHANGE_COUNTER": 1,
            "DEVICE_STATE": items("HA_DEVICE", {"CONNECTED": True, "WORKING": True, "IN_SERVICE": False}),
        },
    ),
    **asks("HA", {"COMMAND_ACTUATOR": _command}),
}


def _set_sg_state(moment: Moment, asked: Item) -> Value:
    if not isinstance(asked.value, int) or asked.value not in range(1, 5):
        return ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)
    moment.settings.sg_state = asked.value
    return asked.value


_SGR: Table[Moment] = {
    **reads(
        "SGR",
        {
            "STATE": lambda m: m.settings.sg_state,
            "READY_TO_USE": 1,
            "COOLDOWN_END": Timestamp(0),
            "GLOBAL_OFF": False,
            "USED_POWER": lambda m: 1_800 if m.settings.sg_state > _NORMAL else 0,
            "HW_PROVIDER_LIST": [item(tags.SGR_HW_PROVIDER, items("SGR", {"NAME": "Relais 1", "AKTIV": True}))],
        },
    ),
    tags.SGR_REQ_SET_STATE: Row(tags.SGR_STATE, _set_sg_state),
}


def _sg_ready(moment: Moment, index: int) -> Moment | None:
    return moment if index in {0, _ALL} else None


def _connectors(moment: Moment) -> Value:
    settings: dict[str, Value] = {"MODBUS_SETUP_NAME": "Port", "MODBUS_SETUP_TYPE": 1, "MODBUS_SETUP_VALUE": "502"}
    setup = item(tags.MBS_MODBUS_CONNECTOR_SETUP, items("MBS", settings))
    values: dict[str, Value] = {"NAME": "E3/DC", "ID": 1, "ENABLED": moment.settings.modbus}
    return [item(tags.MBS_MODBUS_CONNECTOR_CONTAINER, [*items("MBS_MODBUS_CONNECTOR", values), setup])]


def _set_modbus(moment: Moment, asked: Item) -> Value:
    if asked.flag is None:
        return _FORMAT
    moment.settings.modbus = asked.flag
    return True


TABLE: Table[Moment] = {
    **_HA,
    **indexed("SGR", _SGR, _sg_ready),
    **reads("MBS", {"MODBUS_ENABLED": lambda m: m.settings.modbus, "MODBUS_CONNECTORS": _connectors}),
    tags.MBS_REQ_SET_MODBUS_ENABLED: Row(tags.MBS_MODBUS_ENABLED, _set_modbus),
}
