"""The pages of an internal V3 inverter (SPEC 9): small XML and JSON documents over plain HTTP.  No I/O here.

An XML document with a declaration of types or entities is refused before anything of it is expanded.
"""

from __future__ import annotations

import json
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from heliobus.errors import NotSupported, Overflow, ProtocolError, TransportError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.protocol import Json

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "measurements": "/measurements.xml",
        "versions": "/versions.xml",
        "all": "/all.xml",
        "yields": "/yields.json?total=1",
    }
)
LIMIT = 256 * 1024
"""Bytes of a page at most; real ones have some kB."""
_DEPTH, _MOST = 32, 10_000
_OK, _GONE, _BROKEN = 200, 404, range(500, 600)
_REMEDY = "Check that the address is the inverter's own, not the SENEC's; if it is, report the page."


class Element(NamedTuple):
    """One element of a page: its name, its attributes, and the names of those around it."""

    name: str
    values: Mapping[str, str]
    around: tuple[str, ...]


def elements(body: bytes) -> list[Element]:
    """All elements of an XML page in their order.  Raises ProtocolError and Overflow."""
    if len(body) > LIMIT:
        raise Overflow(f"the inverter's page is larger than {LIMIT} bytes")
    found: list[Element] = []
    path: list[str] = []

    def begin(name: str, values: dict[str, str]) -> None:
        if len(path) >= _DEPTH or len(found) >= _MOST:
            raise Overflow("the inverter's page has too many elements, or too many inside one another")
        found.append(Element(name, values, tuple(path)))
        path.append(name)

    def refuse(*_: object) -> None:
        raise ProtocolError("the inverter's page declares types or entities", remedy=_REMEDY)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: path.pop()
    parser.StartDoctypeDeclHandler = refuse  # without one there are no entities but the five of XML itself
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat's own: this is all of it
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ProtocolError("the inverter's page is cut off or no XML", remedy=_REMEDY) from error
    return found


def document(name: str, *, status: int, body: bytes) -> list[Element]:
    """The elements of the page ``name``.  Raises NotSupported, TransportError, ProtocolError and Overflow."""
    _check(name, status)
    found = elements(body)
    if not any(one.name == "Device" for one in found):
        raise ProtocolError(f"the {name} page is no inverter's", remedy=_REMEDY)
    return found


def curves(*, status: int, body: bytes) -> Mapping[str, Json]:
    """The content of the page of yields.  Raises NotSupported, TransportError, ProtocolError and Overflow."""
    _check("yields", status)
    if len(body) > LIMIT:
        raise Overflow(f"the inverter's page is larger than {LIMIT} bytes")
    try:
        found = json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("the inverter's yields are cut off or no JSON", remedy=_REMEDY) from error
    if not isinstance(found, dict):
        raise ProtocolError("the inverter's yields are no object", remedy=_REMEDY)
    return found


def _check(name: str, status: int) -> None:
    if status == _GONE:
        raise NotSupported(f"this inverter has no page of {name} (HTTP 404)", remedy="Do without it.")
    if status in _BROKEN:
        raise TransportError(f"the inverter does not tell {name} now (HTTP {status})", remedy="Try again later.")
    if status != _OK:
        raise ProtocolError(f"the inverter answers {name} with HTTP {status}", remedy=_REMEDY)


def number(text: str | None) -> float | None:
    """A measured value; an empty or missing one, and one that is no number, is none."""
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None
