"""Devices of which there may be several: ``X_REQ_DATA { X_INDEX, requests }`` -> ``X_DATA { X_INDEX, answers }``.

An index may be empty though a higher one is not: power meters are known at 0, 1, 3 and 6, a single wallbox at 1
(SPEC 6.3).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from heliobus.e3dc.models.answers import pair
from heliobus.e3dc.models.request import container
from heliobus.e3dc.models.rows import Record
from heliobus.e3dc.protocol import Item, Type, tags

if TYPE_CHECKING:
    from collections.abc import Iterable

U = TypeVar("U", bound="Unit")

PLACES = range(8)
"""The indices where there may be a device."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device with the tags of its container and of its index."""

    name: str
    request: int
    index: int
    index_type: int

    def ask(self, index: int, *requests: Item) -> Item:
        """The request for the device at ``index``."""
        return container(self.request, Item(self.index, self.index_type, index), *requests)


BATTERY = Kind("battery", tags.BAT_REQ_DATA, tags.BAT_INDEX, Type.UINT16)
INVERTER = Kind("inverter", tags.PVI_REQ_DATA, tags.PVI_INDEX, Type.UINT16)
METER = Kind("power meter", tags.PM_REQ_DATA, tags.PM_INDEX, Type.UINT16)
WALLBOX = Kind("wallbox", tags.WB_REQ_DATA, tags.WB_INDEX, Type.UCHAR8)
HEAT_PUMP = Kind("SG ready contact", tags.SGR_REQ_DATA, tags.SGR_INDEX, Type.UINT16)


@dataclass(frozen=True, repr=False, kw_only=True)
class Unit(Record):
    """One of the devices of a kind, ``index`` as the vendor counts: from 0."""

    index: int
    kind: ClassVar[Kind]

    @classmethod
    def ask(cls, index: int) -> Item:
        """The request for the one at ``index``."""
        return cls.kind.ask(index, *cls.requests())

    @classmethod
    def read(cls, request: Item, answer: Item | None) -> Self | None:
        """The one that ``answer`` tells of; None if there is none at that index."""
        own, _ = answers_inside(request, answer)
        return cls(own, index=index_of(request)) if holds_values(own.values()) else None


def read_units(kind: type[U], requests: Iterable[Item], answers: Iterable[Item | None]) -> tuple[U, ...]:
    """Those of a kind that there are, from ``kind.ask`` and the answer to each."""
    units = [kind.read(request, answer) for request, answer in zip(requests, answers, strict=True)]
    return tuple(unit for unit in units if unit is not None)


def answers_inside(request: Item, answer: Item | None) -> tuple[dict[int, Item], dict[int, dict[int, Item]]]:
    """The answers inside a container by the request's tag: those without and those by the request's parameter.

    A parameter is the number of a phase, a string, a module.  The container may hold a single error in place of all
    answers, or be one: then nothing came.
    """
    index, *asked = request.children
    given = [] if answer is None else [item for item in answer.children if item.tag != index.tag]
    own: dict[int, Item] = {}
    parts: defaultdict[int, dict[int, Item]] = defaultdict(dict)
    for wanted, item in zip(asked, pair(asked, given), strict=True):
        if item is not None:
            place = parts[wanted.value] if isinstance(wanted.value, int) else own
            place[wanted.tag] = item
    return own, dict(sorted(parts.items()))


def holds_values(answers: Iterable[Item]) -> bool:
    """Whether at least one answer is no error."""
    return any(answer.error is None and answer.value is not None for answer in answers)


def index_of(request: Item) -> int:
    """The index that a request made by ``Kind.ask`` asks for."""
    value = request.children[0].value
    assert isinstance(value, int)  # noqa: S101 - Kind.ask put it there
    return value
