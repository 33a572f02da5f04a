"""The wire of E3/DC systems: RSCP, the Remote Storage Control Protocol.  No I/O here.

From the bytes to the values, each layer in its module::

    TCP  | cipher block | cipher block | cipher block | ...      connection, cipher (the portal goes without)
         | header | items ............ | crc | zeros  |          frame
                  | tag type length value | tag ...              codec, item; rows for histories

``portal`` is the websocket of the vendor's portal, ``ajax`` the portal's older pages.  A client and a device use the
same calls::

    connection = Connection(Cipher("rscp password"))
    body = encode([Item(tags.EMS_REQ_POWER_PV), Item(tags.EMS_REQ_BAT_SOC)])
    sending = connection.send(build_frame(body, time=Timestamp.of(clock.now())))
    for frame in connection.receive_data(received):
        for item in decode(frame.data):
            print(item, item.error, item.number)

Answers stand in the order of the requests; whoever asks matches them by position, because some answer with another tag
than one would expect.  Decoders give values or raise ``heliobus.errors.ProtocolError``.
"""

from __future__ import annotations

from heliobus.e3dc.protocol import tags
from heliobus.e3dc.protocol.cipher import Cipher
from heliobus.e3dc.protocol.codec import MAX_DATA, MAX_DEPTH, MAX_ITEMS, decode, encode
from heliobus.e3dc.protocol.connection import Connection
from heliobus.e3dc.protocol.frame import MAX_FRAME, Frame, build_frame, parse_frame
from heliobus.e3dc.protocol.item import (
    ErrorAnswer,
    ErrorCode,
    Item,
    Oversized,
    Table,
    Timestamp,
    Type,
    Value,
)
from heliobus.e3dc.protocol.rows import HISTORY_ROW, records

__all__ = [
    "HISTORY_ROW",
    "MAX_DATA",
    "MAX_DEPTH",
    "MAX_FRAME",
    "MAX_ITEMS",
    "Cipher",
    "Connection",
    "ErrorAnswer",
    "ErrorCode",
    "Frame",
    "Item",
    "Oversized",
    "Table",
    "Timestamp",
    "Type",
    "Value",
    "build_frame",
    "decode",
    "encode",
    "parse_frame",
    "records",
    "tags",
]
