"""The OpenAPI V1 on the simulated cloud: tokens, the limit of identical requests, pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from heliobus.growatt.protocol.v1 import CALLS, FAMILIES, INTERVAL, LAST_PAGE, PAGE
from heliobus.growatt.simulator.v1 import telemetry
from heliobus.growatt.simulator.v1.answers import LINES, Answers, Failure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from heliobus.growatt.protocol.v1 import Call
    from heliobus.growatt.simulator.cloud import Cloud

_BY_PATH = {(call.method, call.path): call for call in CALLS.values()}
_SERIALS = ("device_sn", *(family.serial for family in FAMILIES.values()), "vppSn", "dataloggerSn", "datalog_sn")
"""The parameters that name an inverter or a datalogger."""


class V1Server:
    """The calls of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._asked: dict[tuple[str, tuple[tuple[str, str], ...]], datetime] = {}

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request; parameters may stand in the query or in a form, that of a GET too."""
        call = _BY_PATH.get((request.method, request.match_info["page"]))
        self._cloud.requests.append(f"v1/{call.name if call else request.match_info['page']}")
        if refusal := self._cloud.refusal(request):
            return refusal
        if call is None:
            raise web.HTTPNotFound
        form = await request.post() if request.method == "POST" else {}
        asked = {**request.query, **{name: str(value) for name, value in form.items()}}
        try:
            self._check(call, request.headers.get("token"), asked)
            device = self._cloud.of(*(asked.get(one) for one in _SERIALS))
            answer = Answers(device).answer(call, asked)
        except Failure as failure:
            answer = {"data": "", "error_code": failure.code, "error_msg": failure.said}
        return self._cloud.json(answer)

    def _check(self, call: Call, token: str | None, asked: Mapping[str, str]) -> None:
        faults = self._cloud.faults
        known = any(one.family in telemetry.FAMILIES for one in self._cloud.members)
        hidden = "no-permission" in faults or not known
        if token != self._cloud.token or (hidden and call.name != "plant_list"):
            raise Failure(10011)
        if "wrong-region" in faults:
            raise Failure(10002, "error_useTrueHostToSet") if call.writes else Failure(-1)
        if not call.writes:
            self._limit(call, asked)
        if int(asked.get("perpage") or LINES) > PAGE:
            raise Failure(10013)
        if int(asked.get("page") or 1) > LAST_PAGE:
            raise Failure(10014)

    def _limit(self, call: Call, asked: Mapping[str, str]) -> None:
        """The same request once in five minutes; those that are refused do not count."""
        now = self._cloud.clock.now()
        recent = timedelta(seconds=INTERVAL)
        self._asked = {key: at for key, at in self._asked.items() if now - at < recent}
        key = call.path, tuple(sorted(asked.items()))
        if key in self._asked:
            raise Failure(10012)
        self._asked[key] = now
