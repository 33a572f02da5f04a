"""The list of an account's devices, and the curves of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from heliobus.growatt.models.rows import flag, integer, records, text
from heliobus.growatt.models.v4.base import V4Record, raw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heliobus.growatt.protocol import Json

K = TypeVar("K")


class Listed(V4Record):
    """A device that the token may ask about."""

    serial = text("deviceSn")
    kind = text("deviceType")
    """One of ``protocol.v4.KINDS``."""
    datalogger = text("datalogSn")
    created = text("createDate")
    """Without a zone."""


class ListedPage(V4Record):
    """A page of the list, up to 100 devices."""

    devices = records("data", Listed)
    count = integer("count")
    pages = integer("pages")
    page_size = integer("pageSize")
    is_last = flag("lastPager")
    is_whole = flag("notPager")
    start = integer("startCount")
    other = raw("other")


class Curve(V4Record):
    """A device's day, every five minutes; ``samples`` are read by the kind of device."""

    has_next = flag("haveNext")
    start = integer("start")
    datas = raw("datas")

    def samples(self, kind: Callable[[Json], K]) -> tuple[K, ...]:
        return tuple([kind(one) for one in _objects(self.datas)])


class Curves(V4Record):
    """The days of several devices, by their serial numbers."""

    def samples(self, kind: Callable[[Json], K]) -> Mapping[str, tuple[K, ...]]:
        return {serial: tuple([kind(one) for one in _objects(rows)]) for serial, rows in self.values.items()}


def _objects(value: Json) -> list[Any]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
