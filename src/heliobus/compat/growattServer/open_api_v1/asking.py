"""How the account of a token is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from heliobus import errors
from heliobus.compat.growattServer.asking import part, texts
from heliobus.compat.growattServer.base_api import GrowattApi
from heliobus.compat.growattServer.exceptions import (
    GrowattV1ApiError,
    GrowattV1ApiErrorCode,
    renamed,
    under_old_names,
)
from heliobus.compat.growattServer.lines import TokenLine
from heliobus.growatt.protocol import Question, check_status, integer, parse, plant_zone, v1
from heliobus.transport.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Date
    from datetime import tzinfo

    from heliobus.transport.blocking import Portal
    from heliobus.transport.clock import Clock
    from heliobus.transport.http import HttpAnswer

_FREQUENT = "error_frequently_access"


class TokenApi(GrowattApi):
    """The account of a token, which may log in besides."""

    def __init__(self, token: str, *, timeout: float = 30.0, clock: Clock = SYSTEM_CLOCK) -> None:
        super().__init__(timeout=timeout, clock=clock)
        self.session.headers["token"] = token

    @property
    def api_url(self) -> str:
        """Where the calls are; setting it sets ``server_url``."""
        return f"{self.server_url}v1/"

    @api_url.setter
    def api_url(self, url: str) -> None:
        self.server_url = url.removesuffix("v1/")

    def get_url(self, page: str) -> str:
        return self.api_url + page

    def process_response(self, response: dict[str, Any], operation_name: str = "API operation") -> Any:
        """The ``data`` of an answer; GrowattV1ApiError where it has a code instead."""
        code = response.get("error_code", 1)
        if code != 0:
            said = response.get("error_msg", "Unknown error")
            raise GrowattV1ApiError(f"Error during {operation_name}", error_code=code, error_msg=said)
        return response.get("data")

    def plant_list(self) -> Any:  # type: ignore[override]  # as in growattServer
        """The token's plants, under ``plants``."""
        return self.ask("getting plant list", "plant_list", {}, repeats=True)

    def plant_details(self, plant_id: int) -> Any:
        """Where a plant is and what stands there."""
        return self.ask("getting plant details", "plant_details", {"plant_id": plant_id}, repeats=True)

    # -- asking

    def ask(self, operation: str, name: str, values: Mapping[str, Any], *, repeats: bool = False) -> Any:
        """The ``data`` of the answer to a call of ``heliobus.growatt.protocol.v1.CALLS``; None is left out."""
        with under_old_names():
            asked = v1.question(name, **texts(values))
        seen: list[HttpAnswer] = []

        def judged(http: HttpAnswer) -> Any:
            seen.append(http)
            return v1.content(
                name, status=http.status, body=http.body, location=http.location, retry_after=http.retry_after
            ).data

        seconds = None if v1.CALLS[name].writes else v1.INTERVAL
        try:
            return self._portal_v1().call(
                lambda line: line.account.ask(asked, judged, seconds=seconds, repeats=repeats),
            )
        except errors.Error as error:
            _raise(error, operation, seen)

    def days(self, start: Date | None, end: Date | None, plant_id: Any = None) -> tuple[Date, Date]:
        """A range of days: one alone is both ends, none is the plant's today."""
        first = start or end or self._today(plant_id)
        return first, end or first

    def _portal_v1(self) -> Portal[TokenLine]:
        return self._lines.of(TokenLine, self._way(), self.session.headers["token"])

    def _request(self, method: str, url: str, params: Any, data: Any, files: Any) -> Any:
        if not url.startswith(self.api_url):
            return super()._request(method, url, params, data, files)
        page, query = self._page(url, self.api_url, params)
        form = None if method == "GET" else texts(data or {})
        asked = Question(method, f"v1/{page}", {**query, **texts(data or {})} if form is None else query, form)

        def judged(http: HttpAnswer) -> Any:
            check_status(http.status, body=http.body, location=http.location, retry_after=http.retry_after)
            return parse(http.body)

        with under_old_names():
            return self._portal_v1().call(lambda line: line.account.ask(asked, judged, seconds=None))

    def _today(self, plant_id: Any = None) -> Date:
        if plant_id is None and self._first_plant is None:
            plants = part(self.plant_list(), "plants", [])
            self._first_plant = plants[0].get("plant_id") if plants else None
        return super()._today(plant_id)

    def _zone(self, plant_id: str) -> tzinfo | None:
        if plant_id not in self._zones:
            self._zones[plant_id] = plant_zone(part(self.plant_details(int(plant_id)), "timezone", None))
        return self._zones[plant_id]


def _raise(error: errors.Error, operation: str, seen: list[HttpAnswer]) -> NoReturn:
    """Raise an error as what growattServer raises for it: with the server's code, if it gave one."""
    code, said = _code(seen[-1]) if seen else (None, None)
    if code is None and isinstance(error, errors.LockedOut):
        code, said = int(GrowattV1ApiErrorCode.RATE_LIMITED), _FREQUENT
    if code is None:
        with under_old_names():
            raise error
    found = renamed(error, GrowattV1ApiError, error_code=code, error_msg=said)
    found.args = (f"Error during {operation}: {error}",)
    raise found from error


def _code(http: HttpAnswer) -> tuple[int | None, Any]:
    try:
        answer = parse(http.body)
    except errors.Error:
        return None, None
    return (integer(answer.get("error_code")), answer.get("error_msg")) if isinstance(answer, dict) else (None, None)
