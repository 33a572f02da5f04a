"""The OpenAPI V1 without I/O: ``calls`` is its table, ``answers`` judges what comes back.

Source: SPEC part C with its errata.
"""

from __future__ import annotations

from heliobus.growatt.protocol.v1.answers import INTERVAL, Answer, content, failure
from heliobus.growatt.protocol.v1.calls import (
    CALLS,
    COMMANDS,
    FAMILIES,
    LAST_PAGE,
    LONGEST_RANGE,
    NUMBERS,
    PAGE,
    Call,
    Family,
    question,
)

__all__ = [
    "CALLS",
    "COMMANDS",
    "FAMILIES",
    "INTERVAL",
    "LAST_PAGE",
    "LONGEST_RANGE",
    "NUMBERS",
    "PAGE",
    "Answer",
    "Call",
    "Family",
    "content",
    "failure",
    "question",
]
