"""The connection of an ``E3DC``, known to its users as ``rscp``."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

from heliobus.compat.e3dc.errors import refused, under_old_names
from heliobus.compat.e3dc.message import RscpMessage, to_item, to_message
from heliobus.compat.lifetime import close_when_dropped
from heliobus.e3dc.control import only_reads
from heliobus.e3dc.protocol import Item, tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.e3dc.client import Client

_log = logging.getLogger(__name__)
_shown = logging.StreamHandler()


def set_rscp_debug(debug: bool) -> None:
    """Show all messages on standard error, or do not; without passwords, unlike pye3dc."""
    if debug:
        _log.addHandler(_shown)
    else:
        _log.removeHandler(_shown)
    _log.setLevel(logging.DEBUG if debug else logging.NOTSET)


class Line:
    """A client under pye3dc's names.

    pye3dc opens a connection where there is none and lets the caller say whether it stays; heliobus keeps it alive, or
    answers the portal's pings, in the background.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._open = False
        self._turn = RLock()  # else one thread would close the connection under the other's request
        close_when_dropped(self, client.close)

    @contextmanager
    def kept(self, *, keep: bool) -> Iterator[None]:
        """One thread's turn; the connection is closed after it unless it shall be kept and nothing has gone wrong."""
        with self._turn:
            self._open, stays = True, False
            try:
                yield
                stays = keep
            finally:
                if not stays:
                    self.disconnect()

    def ask(self, *items: Item, acts: bool = False) -> list[Item]:
        """The answer to each item, in one exchange.

        Where it ``acts``, it is sent once, even if the connection is lost and nobody knows whether it arrived.
        """
        with under_old_names():
            _log.debug("> %s", items)
            answers = self._client.act(items) if acts else self._client.query(items)
            _log.debug("< %s", answers)
            return answers

    def need(self, *items: Item, acts: bool = False) -> list[Item]:
        """The same where all answers are needed: raises the old exceptions where one is missing or an error."""
        answers = self.ask(*items, acts=acts)
        for item, answer in zip(items, answers, strict=True):
            if answer.error is not None or answer.value is None:
                raise refused(tags.label(item.tag), answer.error)
        return answers

    def one(self, item: Item, *, acts: bool = False) -> Item:
        """The same for one item."""
        return self.need(item, acts=acts)[0]

    def send(self, message: RscpMessage, *, keep: bool) -> RscpMessage:
        """The answer to any message; what is not known to read only is sent once."""
        item = to_item(message)
        with self.kept(keep=keep):
            (answer,) = self.ask(item, acts=not _reads(item))
            if answer.error is not None:
                raise refused(tags.label(item.tag), answer.error)
        return to_message(answer)

    # -- what programs call on ``E3DC.rscp``

    def isConnected(self) -> bool:
        """Whether a connection has been opened and not closed since."""
        return self._open

    def connect(self) -> None:
        """Open the connection and log in."""
        with self.kept(keep=True):
            self.ask(Item(tags.INFO_REQ_UTC_TIME))

    def disconnect(self) -> None:
        with self._turn:
            self._client.close()
            self._open = False

    def sendRequest(self, plainMsg: RscpMessage) -> RscpMessage:
        """Send one message and give its answer."""
        return self.send(plainMsg, keep=True)

    def sendCommand(self, plainMsg: RscpMessage) -> None:
        """Send one message."""
        self.sendRequest(plainMsg)


def _reads(item: Item) -> bool:
    return only_reads(item.tag) and all(map(_reads, item.children))
