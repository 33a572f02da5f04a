"""How ``lala.cgi`` answers a request, whatever the values come from (SPEC 2, 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from heliobus.senec.protocol import Json

NOT_FOUND = "VARIABLE_NOT_FOUND"
_MALFORMED = "MALFORMED_VALUE"
_NO_SECTION = {"OBJECT_NOT_FOUND": ""}  # the word is the key (capture 51)


class Memory(Protocol):
    """The variables of an appliance at one moment."""

    def names(self, section: str) -> Iterable[str] | None:
        """The variables of a section, None when there is no such section."""
        ...

    def read(self, section: str, name: str) -> Json:
        """A leaf of the answer, a word where there is no value; the section exists."""
        ...

    def write(self, section: str, name: str, value: Json) -> bool:
        """Whether the value was well-formed.  What cannot be written stays as it is, which the answer shows."""
        ...


def answer(
    memory: Memory, request: Mapping[str, Json], *, gone: Container[str] = (), refusal: str = ""
) -> dict[str, Json]:
    """Write what is to be written, then read everything, in the order of the request; ``{}`` alphabetically.

    Sections in ``gone`` have lost all their variables; a ``refusal`` is the word that every write is answered with.
    """
    refused: dict[tuple[str, str], str] = {}
    for section, name, value in writes(request):
        if refusal or not memory.write(section, name, value):
            refused[section, name] = refusal or _MALFORMED

    def leaves(section: str, wanted: Json) -> Json:
        known = memory.names(section)
        if known is None:
            return dict(_NO_SECTION)
        if not isinstance(wanted, dict):
            return _MALFORMED
        if section in gone:
            return dict.fromkeys(wanted, NOT_FOUND)
        return {name: refused.get((section, name)) or memory.read(section, name) for name in wanted or sorted(known)}

    return {section: leaves(section, wanted) for section, wanted in request.items()}


def writes(request: Mapping[str, Json]) -> list[tuple[str, str, Json]]:
    """What a request writes: section, variable, value."""
    return [
        (section, name, value)
        for section, wanted in request.items()
        if isinstance(wanted, dict)
        for name, value in wanted.items()
        if value != ""
    ]
