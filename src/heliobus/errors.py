"""Every error that heliobus raises, in one tree.

An error says three things: what happened (``str(error)``), what to do about it (``error.remedy``) and
whether the same call may succeed later without anybody doing anything (``error.retryable``).  The class
says who must act::

    Error
    |-- TransportError      nobody: wait and try again             retryable
    |   |-- Unreachable         no connection: wrong host, closed port, device off
    |   |-- DeadlineExceeded    the answer was not complete in time
    |   `-- ConnectionLost      the connection broke in mid-answer
    |-- ProtocolError       us: the bytes are not what the protocol says
    |   `-- Overflow            more bytes than the limit allows
    |-- AuthenticationError the owner: wrong user, password or token
    |   `-- KeyRejected         the owner: wrong encryption key
    |-- LockedOut           nobody: wait until ``until``            retryable
    |-- NotSupported        the caller: this device cannot do that
    |-- Refused             the caller: the device, or a safety rule, said no
    |   `-- OutOfBounds         a value beyond what the device or the configuration allows
    |-- UsageError          the caller: wrong arguments, URL or configuration
    |   `-- ConfigError         a key of the configuration file, named by its path
    `-- StorageError        the owner: the database cannot be opened or written
        `-- DatabaseTooNew      written by a newer version of heliobus

This module imports nothing of heliobus, so every layer may raise any of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = [
    "AuthenticationError",
    "ConfigError",
    "ConnectionLost",
    "DatabaseTooNew",
    "DeadlineExceeded",
    "Error",
    "KeyRejected",
    "LockedOut",
    "NotSupported",
    "OutOfBounds",
    "Overflow",
    "ProtocolError",
    "Refused",
    "StorageError",
    "TransportError",
    "Unreachable",
    "UsageError",
]


class Error(Exception):
    """The root.  ``what`` is one line without a secret in it; ``remedy`` one imperative sentence."""

    retryable: ClassVar[bool] = False
    default_remedy: ClassVar[str] = "Report this with the output of --debug."

    def __init__(self, what: str, *, remedy: str | None = None) -> None:
        super().__init__(what)
        self.remedy = self.default_remedy if remedy is None else remedy

    def what(self) -> str:
        """What happened, as one line.

        A device's own words may stand in it, so nothing that moves or colours a terminal passes.
        """
        printable = "".join(c if c.isprintable() else " " for c in str(self))
        return " ".join(printable.split())

    def line(self) -> str:
        """What happened and what to do, as the one line that the command line prints."""
        what = self.what()
        return f"{what}{'' if what.endswith(('.', '?', '!')) else '.'} {self.remedy}"


class TransportError(Error):
    """The bytes did not come through; nothing is known about the device's state."""

    retryable = True
    default_remedy = "Check that the device is switched on and in the same network, then try again."


class Unreachable(TransportError):
    """No connection could be made."""

    default_remedy = "Check the address and that the device is switched on."


class DeadlineExceeded(TransportError):
    """The whole exchange was not finished within its total deadline."""

    default_remedy = "Try again later, or allow more time; devices answer slowly when several programs ask at once."


class ConnectionLost(TransportError):
    """The connection ended before the answer was complete."""

    default_remedy = "Try again; if it stays so, another program may be using the device."


class ProtocolError(Error):
    """The answer is not what the protocol promises (not JSON, wrong frame, wrong checksum)."""

    default_remedy = (
        "Check that the address belongs to the device; if it does, report the answer (heliobus read --raw)."
    )


class Overflow(ProtocolError):
    """An answer or message is larger, deeper or longer than its limit."""

    default_remedy = "Ask for less at once; if the device was asked for little, report it."


class AuthenticationError(Error):
    """The device or cloud does not accept the user, password or token."""

    default_remedy = "Check the user name and the password or token."


class KeyRejected(AuthenticationError):
    """The encryption key is wrong; the user and password were not even looked at."""

    default_remedy = "Check the encryption key (the RSCP password set on the device), not the account's password."


class LockedOut(Error):
    """The device or cloud asks us to stay away until ``until`` (UTC)."""

    retryable = True
    default_remedy = "Wait; trying again earlier makes it longer."

    def __init__(self, what: str, *, until: datetime, remedy: str | None = None) -> None:
        super().__init__(what, remedy=remedy)
        self.until = until


class NotSupported(Error):
    """This device, firmware or route cannot do what was asked; nothing was sent."""

    default_remedy = "Ask for something that the device's capabilities list."

    def __init__(self, what: str, *, alternatives: Sequence[str] = (), remedy: str | None = None) -> None:
        super().__init__(what, remedy=remedy)
        self.alternatives = tuple(alternatives)


class Refused(Error):
    """The device, or a safety rule of heliobus, refused the command."""

    default_remedy = "Read the reason; the command may be allowed in another state of the device."


class OutOfBounds(Refused):
    """A value lies outside what the device or the configuration allows; nothing was sent."""

    default_remedy = "Choose a value within the bounds that the message names."


class UsageError(Error):
    """The call itself is wrong: arguments, device URL, file names."""

    default_remedy = "Correct the call; heliobus --help shows the forms."


class ConfigError(UsageError):
    """The configuration file is wrong; the message names the key by its path."""

    default_remedy = "Correct the configuration file."


class StorageError(Error):
    """The database cannot be opened, read or written."""

    default_remedy = "Check the path, its permissions and the free space."


class DatabaseTooNew(StorageError):
    """The database was written by a newer heliobus; it is left untouched."""

    default_remedy = "Update heliobus, or name another database file."
