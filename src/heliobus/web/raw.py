"""The values of a system in its device's own words, asked for by whoever looks, but no more often than it is polled."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from heliobus.errors import Error
from heliobus.service.checks import no_system
from heliobus.service.supervisor import Service
from heliobus.web import document, schemas

if TYPE_CHECKING:
    from datetime import datetime

    from fastapi import Response

System = Annotated[str, Query(description="The name of a system as in /systems.")]
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": schemas.Problem, "description": "There is no such system."},
    422: {"model": schemas.Problem, "description": "No system is named."},
    429: {"model": schemas.Problem, "description": "The device or its cloud wants to be left alone."},
    502: {"model": schemas.Problem, "description": "The device did not answer."},
}


class _Answer(NamedTuple):
    until: float
    at: datetime
    said: dict[str, Any] | Error


class Words:
    """Keeps each answer, be it an error, for as long as the system rests between two polls."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._kept: dict[str, _Answer] = {}

    async def of(self, system: str) -> tuple[datetime, dict[str, Any]]:
        """Give the values and when they were read.  Raises UsageError and what the device's client raises."""
        paces = {one.name: one.interval_s for one in self._service.systems()}
        if system not in paces:
            raise no_system(system, paces)
        async with self._turns[system]:
            known = self._kept.get(system)
            if known is None or self._service.clock.monotonic() >= known.until:
                known = await self._ask(system, rest=paces[system])
            if isinstance(known.said, Error):
                raise known.said
            return known.at, known.said

    async def _ask(self, system: str, *, rest: float) -> _Answer:
        clock = self._service.clock
        said: dict[str, Any] | Error
        try:
            said = await self._service.raw(system)
        except Error as error:
            said = error
        self._kept[system] = _Answer(clock.monotonic() + rest, clock.now(), said)
        return self._kept[system]


def router(service: Service) -> APIRouter:
    """Make the route of a service."""
    api = APIRouter()
    words = Words(service)

    @api.get("/api/v1/raw", response_model=schemas.Raw, responses=_PROBLEMS, summary="The device's own words")
    async def raw(system: System) -> Response:
        at, values = await words.of(system)
        return JSONResponse({"at": document.stamp(at), "values": values})

    return api
