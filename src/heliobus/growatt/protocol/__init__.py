"""The wire of Growatt's clouds, without I/O.

* ``endpoints``: the app's calls as a table, and ``question(name, ...)``: what to send
* ``answers``: what a server's answer means: content, a dead session, a lock-out, maintenance
* ``v1``: the OpenAPI V1, as a table and what its answers mean
* ``values`` and ``dates``: the tolerant readers; ``password``: the hash

Source: SPEC part A with its errata.  Route A (the ShinePhone app) is what there is so far.
"""

from __future__ import annotations

from heliobus.growatt.protocol.answers import Blocked, Frequent, SessionDead, check_status, content, logged_in, parse
from heliobus.growatt.protocol.dates import SHANGHAI, java_time, plant_time, plant_zone
from heliobus.growatt.protocol.endpoints import DETAIL_SPANS, ENDPOINTS, SESSIONS, SPANS, Endpoint, Question, question
from heliobus.growatt.protocol.password import app_fields, hash_password
from heliobus.growatt.protocol.values import Money, flag, integer, money, number, text
from heliobus.model.records import Json

__all__ = [
    "DETAIL_SPANS",
    "ENDPOINTS",
    "SESSIONS",
    "SHANGHAI",
    "SPANS",
    "Blocked",
    "Endpoint",
    "Frequent",
    "Json",
    "Money",
    "Question",
    "SessionDead",
    "app_fields",
    "check_status",
    "content",
    "flag",
    "hash_password",
    "integer",
    "java_time",
    "logged_in",
    "money",
    "number",
    "parse",
    "plant_time",
    "plant_zone",
    "question",
    "text",
]
