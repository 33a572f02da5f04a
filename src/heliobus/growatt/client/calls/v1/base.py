"""How a call of the OpenAPI V1 becomes a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from heliobus.errors import NotSupported, UsageError
from heliobus.growatt.models import Record
from heliobus.growatt.protocol import v1

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from heliobus.growatt.client.tokens import TokenAccount
    from heliobus.growatt.protocol import Json
    from heliobus.transport.http import HttpAnswer

R = TypeVar("R", bound=Record)


class Calls:
    """The calls of one token.

    A call that comes within five minutes of the same one raises LockedOut; with ``repeats`` it is told once more what
    came to that one, which is for what hardly changes.
    """

    def __init__(self, account: TokenAccount, *, repeats: bool = False) -> None:
        self._account = account
        self._repeats = repeats

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare ``data`` of the answer to a call of ``protocol.v1.CALLS``, with the server's own parameters."""
        return (await self._answer(name, parameters)).data

    async def _answer(self, name: str, parameters: Mapping[str, str]) -> v1.Answer:
        asked = v1.question(name, **parameters)

        def judged(http: HttpAnswer) -> v1.Answer:
            return v1.content(
                name, status=http.status, body=http.body, location=http.location, retry_after=http.retry_after
            )

        # Whether writes count among the identical requests nobody says (erratum G11).
        seconds = None if v1.CALLS[name].writes else v1.INTERVAL
        return await self._account.ask(asked, judged, seconds=seconds, repeats=self._repeats)

    async def _record(self, kind: type[R], name: str, parameters: Mapping[str, str]) -> R:
        """The answer's object, with what stands beside it; NotSupported where there is none."""
        answer = await self._answer(name, parameters)
        if isinstance(answer.data, dict):
            return kind({**answer.beside, **answer.data})
        if not answer.data and answer.beside:
            return kind(dict(answer.beside))
        raise NotSupported(
            f"{name}: the server has no data", remedy="Check the serial number or plant; a new device needs a day."
        )

    async def _whole(self, kind: type[R], name: str, parameters: Mapping[str, str]) -> R:
        """The answer's list under its own name ``data``, with what stands beside it."""
        answer = await self._answer(name, parameters)
        return kind({**answer.beside, "data": answer.data})


def paged(page: int, lines: int) -> dict[str, str]:
    """The parameters of a page; UsageError for one that the server would refuse."""
    if not 1 <= page <= v1.LAST_PAGE or not 1 <= lines <= v1.PAGE:
        raise UsageError(
            f"no page {page} of {lines} lines", remedy=f"Ask for pages 1 to {v1.LAST_PAGE} of 1 to {v1.PAGE} lines."
        )
    return {"page": str(page), "perpage": str(lines)}


def ranged(first: date, last: date, *, longest: int = v1.LONGEST_RANGE) -> dict[str, str]:
    """The parameters of a range; UsageError for one that the server would refuse."""
    if not 0 <= (last - first).days <= longest:
        raise UsageError(
            f"no range from {first} to {last} in one question",
            remedy=f"Ask for at most {longest} days, the earlier one first.",
        )
    return {"start_date": first.isoformat(), "end_date": last.isoformat()}


def given(**parameters: str | float | None) -> dict[str, str]:
    """The parameters that were given, as texts."""
    return {name: str(value) for name, value in parameters.items() if value is not None}


def whole_pages(count: int | None, lines: int) -> Iterator[int]:
    """The numbers of the pages after the first, as far as ``count`` lines go."""
    return iter(range(2, min(-(-(count or 0) // lines), v1.LAST_PAGE) + 1))


def lines_of(page: Record, name: str) -> list[Json]:
    found = page.values.get(name)
    return list(found) if isinstance(found, list) else []


def text_of(value: Json) -> str:
    """A setting that was read: a text on the wire, whatever it means."""
    return "" if value is None else str(value)
