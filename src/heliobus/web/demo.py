"""The switches of a demo: what goes wrong with its simulated houses on request.

Mounted only where a demo hands over its ``Playground``; a real service has neither the routes nor the panel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from heliobus.web import schemas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fastapi import Response

FAULTS = "/api/v1/demo/faults"
CHANGING = frozenset({FAULTS})
"""What is asked with POST."""
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": schemas.Problem, "description": "The demo has no such fault."},
    422: {"model": schemas.Problem, "description": "The body has another form."},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A fault that the demo can let happen to ``system``; ``name``, like senec:router-away, is its own among all.

    ``title`` says in English what goes wrong.  ``since`` is when it began, None while it is not ``active``.
    ``recovered_s`` is what the last time cost: seconds of the house from its end to the next good answer, None before
    that is known.
    """

    name: str
    system: str
    title: str
    active: bool = False
    since: datetime | None = None
    recovered_s: float | None = None


class Playground(Protocol):
    """What a demo lets its visitors do."""

    @property
    def speed(self) -> float:
        """Seconds of the houses in a second."""
        ...

    def faults(self) -> Sequence[Trouble]:
        """List what can go wrong, in the order in which it is shown."""
        ...

    async def begin(self, name: str) -> None:
        """Let a fault be there from now on; nothing happens if it is.  UsageError for a name that is none."""
        ...

    async def end(self, name: str) -> None:
        """Let it be over; nothing happens if it is.  UsageError for a name that is none."""
        ...


def router(playground: Playground) -> APIRouter:
    """Make the routes of a demo."""
    demo = APIRouter()

    @demo.get("/api/v1/demo", response_model=schemas.Demo, summary="What can go wrong in this demo")
    async def faults() -> Response:
        return JSONResponse(_document(playground))

    @demo.post(FAULTS, response_model=schemas.Demo, responses=_PROBLEMS, summary="Let a fault begin or end")
    async def switch(asked: Annotated[schemas.Toggle, Body()]) -> Response:
        await (playground.begin(asked.name) if asked.on else playground.end(asked.name))
        return JSONResponse(_document(playground))

    return demo


def _document(playground: Playground) -> dict[str, Any]:
    return {
        "speed": playground.speed,
        "faults": [
            {
                "name": one.name,
                "system": one.system,
                "title": one.title,
                "active": one.active,
                "since": one.since and one.since.isoformat(),
                "recovered_s": one.recovered_s,
            }
            for one in playground.faults()
        ],
    }
