"""What all methods ask with."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from heliobus.compat.growattServer.exceptions import GrowattParameterError, TimespanError, under_old_names
from heliobus.compat.growattServer.lines import Lines, UserLine, Way
from heliobus.compat.growattServer.session import Session
from heliobus.compat.lifetime import close_when_dropped
from heliobus.growatt.client.account import USER_AGENT
from heliobus.growatt.protocol import ENDPOINTS, SESSIONS, Endpoint, Question, plant_zone, question
from heliobus.growatt.protocol.writes import plant_question

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, tzinfo

    from heliobus.transport.blocking import Portal
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret

_LOGINS = frozenset(ENDPOINTS[name].page for name in SESSIONS)
"""Pages of logins, unless an operation is named."""


class Timespan(IntEnum):
    """What a chart shows: the hours of a day, the days of a month, the months of a year."""

    hour = 0
    day = 1
    month = 2


class Asking:
    """One account.  ``server_url`` may be set before and after the first call."""

    server_url = "https://openapi.growatt.com/"
    agent_identifier = USER_AGENT

    def __init__(self, *, timeout: float, clock: Clock) -> None:
        self.session = Session({"User-Agent": self.agent_identifier}, self._request)
        self._timeout = timeout
        self._clock = clock
        self._user: tuple[str, Secret] | None = None
        self._lines = Lines()
        close_when_dropped(self, self._lines.close)
        self._first_plant: Any = None
        self._zones: dict[str, tzinfo | None] = {}

    def get_url(self, page: str) -> str:
        return self.server_url + page

    # -- asking

    def _way(self) -> Way:
        return Way(self.server_url, tuple(self.session.headers.items()), self._timeout, self._clock)

    def _portal(self) -> Portal[UserLine]:
        if self._user is None:
            raise GrowattParameterError("nobody has logged in", remedy="Call login() first.")
        return self._lines.of(UserLine, self._way(), *self._user)

    def _ask(self, name: str, **values: Any) -> Any:
        """The whole answer to a call of the app's, whatever it says."""
        return self._send(ENDPOINTS[name], question(name, **texts(values)))

    def _send(self, endpoint: Endpoint, asked: Question) -> Any:
        # An answer that says no is for the caller to read.
        whole = endpoint._replace(envelope="", writes=True)
        with under_old_names():
            return self._portal().call(lambda line: line.account.send(whole, asked))

    def _request(self, method: str, url: str, params: Any, data: Any, files: Any) -> Any:
        """What ``session`` is for."""
        page, query = self._page(url, self.server_url, params)
        if page in _LOGINS and "op" not in query:
            raise GrowattParameterError(f"{page} is a matter of the account", remedy="Use login().")
        asked = Question(method, page, query, texts(data) if data else None)
        if files:
            body = plant_question({name: str(one[1]) for name, one in dict(files).items()})
            asked = body._replace(method=method, page=page, query=query)
        return self._send(Endpoint("session", method, page), asked)

    def _page(self, url: str, root: str, params: Any) -> tuple[str, dict[str, str]]:
        if not url.startswith(root):
            raise GrowattParameterError(f"only pages under {root} can be asked for", remedy="Use get_url(page).")
        page, _, query = url.removeprefix(root).partition("?")
        return page, {**dict(parse_qsl(query)), **texts(params or {})}

    # -- days

    def _date(self, date: date | None, *, timespan: Timespan | None = None, plant_id: Any = None) -> str:
        """The day, or the month, as the server has it; None is the plant's today."""
        if timespan is not None and not isinstance(timespan, Timespan):
            raise TimespanError(f"{timespan!r} is no Timespan", remedy="Use Timespan.hour, day or month.")
        when = self._today(plant_id) if date is None else date
        return when.strftime("%Y-%m" if timespan == Timespan.month else "%Y-%m-%d")

    def _today(self, plant_id: Any = None) -> date:
        """The day where the plant is, else where the account's first one is, else here."""
        plant = self._first_plant if plant_id is None else plant_id
        return self._clock.now().astimezone(None if plant is None else self._zone(str(plant))).date()

    def _zone(self, plant_id: str) -> tzinfo | None:
        if plant_id not in self._zones:
            self._zones[plant_id] = plant_zone(part(self._ask("plant_settings", plantId=plant_id), "timezone", None))
        return self._zones[plant_id]


def texts(values: Any) -> dict[str, str]:
    """Parameters as they are sent; those that are None are not."""
    return {str(name): str(value) for name, value in dict(values).items() if value is not None}


def numbered(parameters: Mapping[str, Any] | list[Any]) -> Mapping[str, Any]:
    """The parameters of a setting by name: those of a list are param1, param2 and so on."""
    if isinstance(parameters, list):
        return {f"param{place}": value for place, value in enumerate(parameters, 1)}
    return parameters


def part(answer: Any, name: str, default: Any) -> Any:
    """A part of an answer; ``default`` where it is null or not there."""
    found = answer.get(name) if isinstance(answer, dict) else None
    return default if found is None else found
