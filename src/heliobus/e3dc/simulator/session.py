"""One connection after its decryption: who is logged in, and the answers to a frame (SPEC 5, 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorCode, Item, Type, tags
from heliobus.e3dc.simulator import ems, info
from heliobus.e3dc.simulator.answering import error, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.device import Device
    from heliobus.e3dc.simulator.house import Moment

NOBODY, USER = 0, 10
"""User levels."""

TABLE: Table[Moment] = {**info.TABLE, **ems.TABLE}


class Session:
    """The dialogue with one client of ``device``; ``users`` are the passwords by name."""

    def __init__(self, device: Device, users: Mapping[str, str]) -> None:
        self._device = device
        self._users = users
        self.level = NOBODY

    def answers(self, asked: Iterable[Item]) -> list[Item]:
        """One answer for each request, in their order; all values of a frame are of one moment."""
        moment = self._device.moment()
        return [self._answer(moment, one) for one in asked]

    def _answer(self, moment: Moment, asked: Item) -> Item:
        if asked.tag == tags.RSCP_REQ_AUTHENTICATION:
            return self._log_in(asked)
        if self.level < USER:
            return error(asked, ErrorCode.ACCESS_DENIED)
        if asked.tag == tags.RSCP_REQ_USER_LEVEL:
            return Item(tags.RSCP_USER_LEVEL, Type.UCHAR8, self.level)
        row = TABLE.get(asked.tag)
        return refusal(asked) if row is None else row.answer(moment, asked)

    def _log_in(self, asked: Item) -> Item:
        user, password = (
            child.text if (child := asked.get(tag)) else None
            for tag in (tags.RSCP_AUTHENTICATION_USER, tags.RSCP_AUTHENTICATION_PASSWORD)
        )
        if user is None or password is None or self._users.get(user) != password:
            self.level = NOBODY
            return Item(tags.RSCP_AUTHENTICATION, Type.INT32, NOBODY)  # not UChar8 (captures)
        self.level = USER
        return Item(tags.RSCP_AUTHENTICATION, Type.UCHAR8, self.level)
