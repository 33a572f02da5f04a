"""The exceptions of growattServer, each of them an error of heliobus as well.

growattServer lets those of requests and json through, and programs catch them; so what happens here is caught as

* GrowattError, or GrowattV1ApiError where the OpenAPI V1 gave a code, with ``error_code`` and ``error_msg``
* the error of heliobus that it is, such as LockedOut with ``until``, or NotSupported
* what growattServer would have raised: json.JSONDecodeError, or that of requests in a program that has it loaded
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from heliobus import errors

if TYPE_CHECKING:
    from collections.abc import Iterator


class GrowattV1ApiErrorCode(IntEnum):
    """What the OpenAPI V1 says by every call; other codes mean another thing from call to call."""

    SUCCESS = 0
    NO_PRIVILEGE = 10011
    RATE_LIMITED = 10012
    PAGE_SIZE_TOO_LARGE = 10013
    PAGE_COUNT_TOO_LARGE = 10014
    WRONG_DOMAIN = -1


class GrowattError(errors.Error):
    pass


class GrowattParameterError(GrowattError, errors.UsageError):
    """Arguments that cannot be meant."""


class TimespanError(GrowattParameterError, ValueError, AssertionError):
    """No Timespan: growattServer 2 raises ValueError, those before AssertionError."""


class GrowattV1ApiError(GrowattError):
    """What the OpenAPI V1 refuses; ``error_code`` and ``error_msg`` are the server's, and in the text as well.

    2.2.0 has them not in the text, which is all that many programs log; the version after it does.
    """

    def __init__(self, message: str, error_code: int | None = None, error_msg: str | None = None) -> None:
        super().__init__(message if error_code is None else f"{message}: [{error_code}] {error_msg}")
        self.error_code = error_code
        self.error_msg = error_msg


_IN_REQUESTS: tuple[tuple[type[errors.Error], tuple[str, ...]], ...] = (
    (errors.DeadlineExceeded, ("Timeout",)),
    (errors.Unreachable, ("ConnectionError",)),
    (errors.ConnectionLost, ("ConnectionError",)),
    (errors.Error, ("HTTPError", "JSONDecodeError")),
)
"""The first that fits counts.  What is no answer of Growatt's, 1.2.3 tries to read as JSON whatever its status."""


def renamed(error: errors.Error, old: type[GrowattError] = GrowattError, **more: Any) -> errors.Error:
    """The same error, as one that is caught under the old names too; ``more`` are attributes of it."""
    if isinstance(error, old):
        return error
    kind = _joined(old, type(error), *(() if old is GrowattV1ApiError else _theirs(error)))
    found = kind.__new__(kind)  # each of its kinds would want to be made in another way
    found.args = error.args
    found.__dict__.update({**_ATTRIBUTES, **error.__dict__, "msg": str(error), **more})
    return found


@contextmanager
def under_old_names() -> Iterator[None]:
    """Raise what happens inside as what old programs catch; the cause and the remedy stay."""
    try:
        yield
    except errors.Error as error:
        old = GrowattParameterError if isinstance(error, errors.UsageError) else GrowattError
        found = renamed(error, old)
        if found is error:
            raise
        raise found from error


_ATTRIBUTES = {"doc": "", "pos": 0, "lineno": 1, "colno": 1, "request": None, "response": None}
"""What programs may look at in exceptions of json and requests."""


def _joined(*kinds: type[Exception]) -> type[errors.Error]:
    if kinds not in _made:
        _made[kinds] = type(kinds[0].__name__, kinds, {"__module__": __name__})
    return _made[kinds]


_made: dict[tuple[type[Exception], ...], type[errors.Error]] = {}


def _theirs(error: errors.Error) -> tuple[type[Exception], ...]:
    if isinstance(error, errors.UsageError | errors.NotSupported | errors.StorageError):
        return ()
    names = next(names for kind, names in _IN_REQUESTS if isinstance(error, kind))
    requests = sys.modules.get("requests.exceptions")
    if requests is not None:
        return tuple([getattr(requests, name) for name in names])
    return (json.JSONDecodeError,) if "JSONDecodeError" in names else ()
