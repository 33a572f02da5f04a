"""Requests that travel in one frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliobus.e3dc.models.answers import pair
from heliobus.e3dc.protocol import MAX_DATA, Item, decode, encode
from heliobus.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Batch:
    """``items`` and the bytes that carry them; of containers in the answer named in ``tables`` see ``decode``."""

    items: tuple[Item, ...]
    body: bytes
    tables: frozenset[int] = frozenset()

    @classmethod
    def of(cls, items: Iterable[Item], *, tables: Iterable[int] = ()) -> Batch:
        """All ``items`` in one frame; raises Overflow if it does not hold them."""
        asked = tuple(items)
        return cls(asked, encode(asked), frozenset(tables))

    @classmethod
    def several(cls, items: Iterable[Item], *, tables: Iterable[int] = ()) -> Iterator[Batch]:
        """``items`` in as many frames as it takes; raises Overflow for one that no frame holds."""
        part: list[Item] = []
        bodies: list[bytes] = []
        size = 0
        for item in items:
            body = encode([item])
            if size + len(body) > MAX_DATA:
                yield cls(tuple(part), b"".join(bodies), frozenset(tables))
                part, bodies, size = [], [], 0
            part.append(item)
            bodies.append(body)
            size += len(body)
        if part:
            yield cls(tuple(part), b"".join(bodies), frozenset(tables))

    def halves(self) -> tuple[Batch, Batch]:
        middle = len(self.items) // 2
        first, second = self.items[:middle], self.items[middle:]
        return Batch.of(first, tables=self.tables), Batch.of(second, tables=self.tables)

    def answers(self, data: bytes) -> list[Item | None]:
        """The answer to each item out of ``data``, the content of the frame that answers; None where there is none.

        An empty frame is an answer without answers (SPEC 2).  Raises ProtocolError if something else was answered than
        asked.
        """
        given = decode(data, tables=self.tables)
        found = pair(self.items, given)
        if given and not any(found):
            raise ProtocolError("the device answers something else than it was asked")
        return found
