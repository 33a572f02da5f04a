"""The exceptions of pye3dc, each of them an error of heliobus as well.

pye3dc has an outer name for what its methods raise and inner ones for the same from a layer below, and programs catch
either; so here the inner one is the outer one, or a kind of it::

    AuthenticationError = RSCPAuthenticationError     wrong user or password, or not for this user
    RSCPKeyError                                      wrong RSCP key
    NotAvailableError = RSCPNotAvailableError         the device has no such value
    CommunicationError
    `-- SendError                                     no usable answer
        |-- PollError                                 the portal does not show this system
        |-- SocketNotReady                            no connection
        |-- RequestTimeoutError                       not in time
        |-- FrameError                                not what the protocol says
        `-- Unanswerable                              an error that lasts
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from heliobus import errors
from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterator


class AuthenticationError(errors.AuthenticationError):
    pass


class RSCPKeyError(errors.KeyRejected):
    pass


class NotAvailableError(errors.NotSupported):
    pass


class CommunicationError(errors.TransportError):
    pass


class SendError(CommunicationError):
    pass


class PollError(SendError):
    retryable = False


class SocketNotReady(SendError):
    pass


class RequestTimeoutError(SendError):
    pass


class FrameError(SendError):
    retryable = False


class Unanswerable(SendError):
    """The device will not answer that request whenever it is asked; pye3dc knows only SendError."""

    retryable = False


class InvalidValue(errors.UsageError, ValueError):
    """A value that cannot be set; pye3dc raises ValueError."""


class InvalidType(errors.UsageError, TypeError):
    """A value of the wrong type; pye3dc raises TypeError."""


RSCPAuthenticationError = AuthenticationError
RSCPNotAvailableError = NotAvailableError

_NAMES: tuple[tuple[type[errors.Error], type[errors.Error]], ...] = (
    (errors.KeyRejected, RSCPKeyError),
    (errors.AuthenticationError, AuthenticationError),
    (errors.NotSupported, NotAvailableError),
    (errors.DeadlineExceeded, RequestTimeoutError),
    (errors.Unreachable, SocketNotReady),
    (errors.ProtocolError, FrameError),
    (errors.TransportError, SendError),
    (errors.LockedOut, SendError),
    (errors.Refused, PollError),
)
"""The first that fits counts."""


@contextmanager
def under_old_names() -> Iterator[None]:
    """Raise what happens inside under pye3dc's names; the cause and the remedy stay."""
    try:
        yield
    except errors.Error as error:
        old = next((old for new, old in _NAMES if isinstance(error, new)), None)
        if old is None or isinstance(error, old):
            raise
        raise old(str(error), remedy=error.remedy) from error


_LASTING = frozenset((ErrorCode.NOT_HANDLED, ErrorCode.FORMAT, ErrorCode.OUT_OF_BOUNDS, ErrorCode.UNKNOWN_TAG))


def refused(what: str, error: ErrorAnswer | None) -> errors.Error:
    """The exception for a request that got ``error`` in place of an answer, or nothing at all."""
    if error is None:
        return SendError(f"the device does not answer {what}", remedy="Ask again a little later.")
    said = f"the device answers {what} with {error}"
    if error.code == ErrorCode.ACCESS_DENIED:
        return AuthenticationError(said, remedy="Log in as a user with more rights.")
    if error.code == ErrorCode.NOT_AVAILABLE:
        return NotAvailableError(said)
    if error.code in _LASTING:
        return Unanswerable(said, remedy="Leave it out: this device does not know it, or not in this form.")
    return SendError(said, remedy="Ask again a little later.")
