"""What the calls of every family are made with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from heliobus.growatt.client.account import Account

_FORMS = {"month": "%Y-%m", "year": "%Y", "total": ""}


class Asking:
    """Asks the account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def query(self, name: str, /, **parameters: str) -> Any:
        """The bare content of the answer to a call of ``protocol.ENDPOINTS`` with the server's own parameters."""
        return await self._account.ask(name, **parameters)

    async def logout(self) -> None:
        """End the session, for all that share it; the next call logs in anew."""
        await self._account.logout()


def spanned(spans: Mapping[str, str], span: str, day: date) -> dict[str, str]:
    """The parameters of a span; UsageError for one that is none."""
    if span not in spans:
        raise UsageError(f"no span {span!r}", remedy=f"Use one of: {', '.join(spans)}.")
    return {"type": spans[span], "date": day.strftime(_FORMS.get(span, "%Y-%m-%d"))}
