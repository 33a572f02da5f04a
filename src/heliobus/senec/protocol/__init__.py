r"""The wire of a SENEC appliance: JSON with typed strings, by ``POST /lala.cgi``.  No I/O here.

Request and answer have the same shape, sections of variables::

    {"ENERGY": {"GUI_HOUSE_POW": ""}, "PV1": {"MPP_POWER": ""}, "FACTORY": {}}
      section    variable        |                              |
                                 "" reads, "u8_01" writes       {} reads every variable of the section

    {"ENERGY": {"GUI_HOUSE_POW": "fl_44365B10"}, "PV1": {"MPP_POWER": ["fl_456F667C", "fl_00000000"]}, ...}
                                  |  |
                                  |  payload: upper case, big-endian, full width
                                  type: fl u8 u1 u3 u6 i8 i1 i3 i6 st ch

A value that is not there is a word instead (``VARIABLE_NOT_FOUND``); a section that is not there has the word as its
only key.  Source: SPEC sections 2 and 3, captures 01 to 18, 37 to 51 and the Perth recording.

* ``values``: typed strings to Python values and back
* ``body``: the text of an answer, however broken, to a tree of typed strings
* ``request``: requests, cut where the appliance cannot take them whole
"""

from __future__ import annotations

from heliobus.model.records import Json
from heliobus.senec.protocol.body import MAX_BODY, Body, EmptyAnswer, parse_body
from heliobus.senec.protocol.request import (
    CEILING,
    PATH,
    Request,
    Requested,
    build_request,
    merge_answers,
    split_request,
    written,
)
from heliobus.senec.protocol.values import (
    NOT_A_SECTION,
    Absent,
    Answer,
    Leaf,
    Reason,
    Scalar,
    Typed,
    Value,
    control_unit,
    decode_answer,
    decode_leaf,
    decode_typed,
    decode_value,
    encode_answer,
    encode_leaf,
    encode_value,
    firmware_number,
    packed_version,
    section_names,
    utc_time,
)

__all__ = [
    "CEILING",
    "MAX_BODY",
    "NOT_A_SECTION",
    "PATH",
    "Absent",
    "Answer",
    "Body",
    "EmptyAnswer",
    "Json",
    "Leaf",
    "Reason",
    "Request",
    "Requested",
    "Scalar",
    "Typed",
    "Value",
    "build_request",
    "control_unit",
    "decode_answer",
    "decode_leaf",
    "decode_typed",
    "decode_value",
    "encode_answer",
    "encode_leaf",
    "encode_value",
    "firmware_number",
    "merge_answers",
    "packed_version",
    "parse_body",
    "section_names",
    "split_request",
    "utc_time",
    "written",
]
