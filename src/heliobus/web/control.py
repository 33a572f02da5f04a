"""Commands from the page: planned first, then applied as planned (design: SECURITY 3.5).

A plan is a dry run with a number that holds for a minute and for one use, so that what is applied is what was looked
at.  Everything passes the gatekeeper; without ``enabled = true`` under ``[control]`` it refuses.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from heliobus.errors import Error, UsageError
from heliobus.service.commands import ability_document, from_plain, outcome_document, to_plain
from heliobus.service.supervisor import Service
from heliobus.web import orders, schemas

if TYPE_CHECKING:
    from fastapi import Response

    from heliobus.model.command import Command

PLAN, APPLY = "/api/v1/control/plan", "/api/v1/control/apply"
CHANGING = frozenset({PLAN, APPLY})
"""What is asked with POST."""
HOLDS_S = 60.0
_MOST = 64
_WHO = "page"
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": schemas.Problem, "description": "The command is none, or does not fit the system."},
    403: {"model": schemas.Problem, "description": "A rule of safety or the device says no."},
    422: {"model": schemas.Problem, "description": "The body has another form."},
    429: {"model": schemas.Problem, "description": "The device or its cloud wants to be left alone."},
    502: {"model": schemas.Problem, "description": "The device did not answer."},
    503: {"model": schemas.Problem, "description": "The command cannot be noted."},
}


class _Plan(NamedTuple):
    system: str
    command: Command
    ends: float


class Plans:
    """What was planned and not yet applied; ``now`` in s of the monotonic clock."""

    def __init__(self) -> None:
        self._plans: dict[str, _Plan] = {}

    def add(self, system: str, command: Command, *, now: float) -> str:
        """Note a plan and give its number."""
        self._plans = {number: plan for number, plan in self._plans.items() if plan.ends > now}
        while len(self._plans) >= _MOST:
            del self._plans[next(iter(self._plans))]
        number = secrets.token_urlsafe(16)
        self._plans[number] = _Plan(system, command, now + HOLDS_S)
        return number

    def take(self, number: str, *, now: float) -> tuple[str, Command]:
        """Give what was planned, once; UsageError for a number that holds no more."""
        plan = self._plans.pop(number, None)
        if plan is None or plan.ends <= now:
            raise UsageError(f"this plan is used or older than {HOLDS_S:g} s", remedy="Plan the command again.")
        return plan.system, plan.command


def router(service: Service) -> APIRouter:
    """Make the routes of a service."""
    control = APIRouter()
    plans = Plans()

    @control.get("/api/v1/control", response_model=orders.Control, summary="What may be asked of each system")
    async def abilities() -> Response:
        systems = {one.name: await _system(service, one.name) for one in service.systems()}
        return JSONResponse({"enabled": service.config.control.enabled, "systems": systems})

    @control.post(PLAN, response_model=orders.Planned, responses=_PROBLEMS, summary="What a command would send")
    async def plan(asked: Annotated[orders.Asked, Body()]) -> Response:
        command = from_plain(asked.command)
        outcome = await service.gatekeeper.execute(asked.system, command, dry_run=True, who=_WHO)
        number = plans.add(asked.system, command, now=service.clock.monotonic())
        return JSONResponse({"plan": number, "holds_s": HOLDS_S, "outcome": outcome_document(outcome)})

    @control.post(APPLY, response_model=orders.Applied, responses=_PROBLEMS, summary="Send what was planned")
    async def apply(chosen: Annotated[orders.Chosen, Body()]) -> Response:
        system, command = plans.take(chosen.plan, now=service.clock.monotonic())
        outcome = await service.gatekeeper.execute(system, command, who=_WHO)
        return JSONResponse({"outcome": outcome_document(outcome)})

    return control


async def _system(service: Service, name: str) -> dict[str, Any]:
    in_force = [to_plain(command) for command in service.gatekeeper.in_force(name)]
    try:
        found = await service.gatekeeper.abilities(name)
    except Error as error:
        return {"commands": {}, "in_force": in_force, "error": error.line()}
    commands = {kind: ability_document(ability) for kind, ability in sorted(found.items())}
    return {"commands": commands, "in_force": in_force, "error": None}
