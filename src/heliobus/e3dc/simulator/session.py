"""One connection after its decryption: who is logged in, and the answers to a frame (SPEC 5, 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import ErrorCode, Item, Type, encode, tags
from heliobus.e3dc.simulator import bat, control, db, ems, farm, ha, idle, info, pm, pvi, system, wb
from heliobus.e3dc.simulator.answering import RESPONSE, error, refusal
from heliobus.e3dc.simulator.settings import MODERN
from heliobus.errors import Overflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.e3dc.simulator.answering import Table
    from heliobus.e3dc.simulator.device import Device
    from heliobus.e3dc.simulator.house import Moment

NOBODY, USER = 0, 10
"""User levels."""

SYSTEM: Table[Moment] = {
    **info.TABLE,
    **ems.TABLE,
    **control.TABLE,
    **idle.TABLE,
    **bat.TABLE,
    **pvi.TABLE,
    **pm.TABLE,
    **db.TABLE,
    **ha.TABLE,
    **system.TABLE,
    **wb.TABLE,
}
"""What a system answers."""
OLD_SYSTEM: Table[Moment] = {tag: row for tag, row in (SYSTEM | wb.OLD_TABLE).items() if tag not in MODERN}
"""The same with firmware of 2019."""
CONTROLLER: Table[Moment] = {**info.TABLE, **ems.TABLE, **control.TABLE, **farm.TABLE}
"""What the controller of a farm answers."""

_INDEXED = {tags.code(f"{name}_REQ_DATA") >> 24 for name in ("BAT", "DCDC", "PVI", "PM", "WB", "SGR")}
"""Namespaces whose requests stand in containers."""


class Session:
    """The dialogue with one client of ``device``; ``users`` are the passwords by name."""

    def __init__(self, device: Device, table: Table[Moment], users: Mapping[str, str]) -> None:
        self._device = device
        self._table = table
        self._users = users
        self.level = NOBODY

    def answer(self, asked: Iterable[Item]) -> bytes:
        """The data of the frame that answers, empty if it would not fit (SPEC 2)."""
        try:
            return encode(self.answers(asked))
        except Overflow:
            return b""

    def answers(self, asked: Iterable[Item]) -> list[Item]:
        """One answer for each request, in their order; all measurements in a frame are of one moment."""
        moment = self._device.moment()
        return [self._answer(moment, one) for one in asked]

    def _answer(self, moment: Moment, asked: Item) -> Item:
        if asked.tag == tags.RSCP_REQ_AUTHENTICATION:
            return self._log_in(asked)
        if self.level < USER:
            return error(asked, ErrorCode.ACCESS_DENIED)
        answer = self._permitted(moment, asked)
        for fault in self._device.faults:
            answer = fault.answer(asked, answer)
        return answer

    def _permitted(self, moment: Moment, asked: Item) -> Item:
        if asked.tag == tags.RSCP_REQ_USER_LEVEL:
            return Item(tags.RSCP_USER_LEVEL, Type.UCHAR8, self.level)
        row = self._table.get(asked.tag)
        if row is not None:
            return row.answer(moment, asked)
        known = tags.name(asked.tag) is not None and not asked.tag & RESPONSE
        if known and (asked.tag in system.DENIED or asked.tag >> 24 in system.SERVICE):
            return error(asked, ErrorCode.ACCESS_DENIED)
        if known and asked.tag >> 24 in _INDEXED:
            return error(asked, ErrorCode.FORMAT)
        return refusal(asked)

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
