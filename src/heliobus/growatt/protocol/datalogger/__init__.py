"""What dataloggers and Growatt's server say on TCP port 5279, without I/O.

* ``frame``: ``Receiver`` turns bytes into frames, ``build_frame`` frames into bytes
* ``messages``: a server's answers and commands, a datalogger's answers to them
* ``record`` and ``layouts``: what inverters and meters measured
"""

from __future__ import annotations

from heliobus.growatt.protocol.datalogger.frame import (
    MAX_BODY,
    PLAIN,
    PROTOCOLS,
    Frame,
    Receiver,
    Type,
    build_frame,
    crc16,
    mask,
)
from heliobus.growatt.protocol.datalogger.layouts import BLOCKS, FAMILIES, Field, Layout, blocks, layout, layouts
from heliobus.growatt.protocol.datalogger.messages import (
    ACKNOWLEDGED,
    COMMANDS,
    INTERVAL,
    SERVER_HOST,
    SERVER_PORT,
    TIME,
    Answer,
    acknowledge,
    answer_of,
    build_answer,
    command_of,
    get_logger,
    get_registers,
    put_serial,
    set_logger,
    set_register,
    set_registers,
    set_time,
    take_serial,
)
from heliobus.growatt.protocol.datalogger.record import RECORDS, DataRecord, Value, build_record, parse_record

__all__ = [
    "ACKNOWLEDGED",
    "BLOCKS",
    "COMMANDS",
    "FAMILIES",
    "INTERVAL",
    "MAX_BODY",
    "PLAIN",
    "PROTOCOLS",
    "RECORDS",
    "SERVER_HOST",
    "SERVER_PORT",
    "TIME",
    "Answer",
    "DataRecord",
    "Field",
    "Frame",
    "Layout",
    "Receiver",
    "Type",
    "Value",
    "acknowledge",
    "answer_of",
    "blocks",
    "build_answer",
    "build_frame",
    "build_record",
    "command_of",
    "crc16",
    "get_logger",
    "get_registers",
    "layout",
    "layouts",
    "mask",
    "parse_record",
    "put_serial",
    "set_logger",
    "set_register",
    "set_registers",
    "set_time",
    "take_serial",
]
