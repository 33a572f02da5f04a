"""Blocking methods made from asynchronous ones, with their arguments, results and docstrings."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from heliobus.growatt.client.asynchronous import AsyncClient
    from heliobus.transport.blocking import Portal

P = ParamSpec("P")
R = TypeVar("R")


class Twin:
    """Calls the asynchronous methods of a client, or of what ``_part`` names of it, and waits."""

    _portal: Portal[Any]
    _part: str | None = None


def twin(method: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]) -> Callable[Concatenate[Twin, P], R]:
    """The blocking form of an asynchronous method."""

    @functools.wraps(method)
    def blocking(self: Twin, /, *arguments: P.args, **named: P.kwargs) -> R:
        async def call(client: AsyncClient) -> R:
            target = client if self._part is None else getattr(client, self._part)
            return await method(target, *arguments, **named)

        return self._portal.call(call)

    return blocking


class BlockingCalls(Twin):
    """A route's calls on the portal of a client."""

    def __init__(self, portal: Portal[AsyncClient]) -> None:
        self._portal = portal
