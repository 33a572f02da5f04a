"""The root of a route's calls without ``await``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from heliobus.growatt.client.asynchronous import AsyncClient
    from heliobus.transport.blocking import Portal

R = TypeVar("R")


class BlockingCalls:
    """A route's calls on the portal of a client: of what ``_part`` names of it."""

    _part: str

    def __init__(self, portal: Portal[AsyncClient]) -> None:
        self._portal = portal

    def _call(self, method: Callable[[Any], Coroutine[Any, Any, R]]) -> R:
        async def call(client: AsyncClient) -> R:
            return await method(getattr(client, self._part))

        return self._portal.call(call)
