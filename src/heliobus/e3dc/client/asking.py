"""Any requests to their answers: many in one frame, and in several where one does not hold them or their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.models import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.e3dc.client.link import Link
    from heliobus.e3dc.protocol import Item


async def ask(
    link: Link, items: Iterable[Item], *, repeatable: bool = True, tables: Iterable[int] = ()
) -> list[Item | None]:
    """Give the answer to each request, None where there is none; raises what ``Link.exchange`` raises."""
    found: list[Item | None] = []
    for batch in Batch.several(items, tables=tables):
        found += await ask_batch(link, batch, repeatable=repeatable)
    return found


async def ask_batch(link: Link, batch: Batch, *, repeatable: bool = True) -> list[Item | None]:
    """The same for one frame.

    A device whose answer would not fit into a frame sends an empty one (SPEC 2): then halves are asked, unless that
    would repeat what must not be repeated.
    """
    found = await link.exchange(batch, repeatable=repeatable)
    if any(found) or len(batch.items) == 1 or not repeatable:
        return found
    first, second = batch.halves()
    return [*await ask_batch(link, first), *await ask_batch(link, second)]
