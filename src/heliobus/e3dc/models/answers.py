"""Which answer belongs to which request.

A device answers in the order of the requests.  Some answer with another tag than ``request | RESPONSE`` (SPEC 3.1), an
error may stand there with the tag of the request, and an answer may be missing: so answers count by their place where
nothing speaks against it, and by their tag elsewhere.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from heliobus.e3dc.protocol import ErrorCode, Item, Oversized, Timestamp, tags
from heliobus.errors import LockedOut, NotSupported, OutOfBounds, ProtocolError, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heliobus.e3dc.protocol import ErrorAnswer
    from heliobus.errors import Error

RESPONSE = 0x00800000
"""The bit that makes the tag of an answer out of most requests' tags."""
_NAMESPACE = 24


def pair(requests: Sequence[Item], answers: Sequence[Item]) -> list[Item | None]:
    """The answer to each request; None where there is none."""
    usual = {request.tag | RESPONSE for request in requests}
    if len(requests) == len(answers) and all(
        answer.tag | RESPONSE == request.tag | RESPONSE
        or (answer.tag >> _NAMESPACE == request.tag >> _NAMESPACE and answer.tag | RESPONSE not in usual)
        for request, answer in zip(requests, answers, strict=True)
    ):
        return list(answers)
    left = list(answers)
    found: list[Item | None] = []
    for request in requests:
        place = next((place for place, answer in enumerate(left) if _answers(request, answer)), None)
        found.append(None if place is None else left.pop(place))
    return found


def _answers(request: Item, answer: Item) -> bool:
    """Judge by the tags, and where both are containers by the index that they begin with."""
    if answer.tag | RESPONSE != request.tag | RESPONSE:
        return False
    asked, given = request.children[:1], answer.children[:1]
    return not asked or not given or asked[0].tag != given[0].tag or asked[0].value == given[0].value


_BUSY = frozenset({ErrorCode.AGAIN, ErrorCode.ALREADY_IN_USE, ErrorCode.UNSPECIFIED})
_ABSENT = frozenset({ErrorCode.NOT_HANDLED, ErrorCode.NOT_AVAILABLE, ErrorCode.UNKNOWN_TAG})


def is_absent(error: ErrorAnswer | None) -> bool:
    """Whether the device says that it has no such value, or not for this user: no fault, and no use to retry."""
    return error is not None and (error.code in _ABSENT or error.code == ErrorCode.ACCESS_DENIED)


def refusal(error: ErrorAnswer | None, what: str, *, until: datetime) -> Error:
    """The error to raise where ``what`` was needed and the device gave ``error`` or, None, nothing at all.

    A busy device may be asked again at ``until``.
    """
    if error is None:
        return ProtocolError(f"the answer of the device lacks {what}")
    if error.code in _BUSY:
        return LockedOut(
            f"the device has no {what} at the moment ({error})", until=until, remedy="Ask again a little later."
        )
    if error.code in _ABSENT:
        return NotSupported(f"this device does not know {what} ({error})")
    if error.code == ErrorCode.ACCESS_DENIED:
        return Refused(
            f"the device does not give {what} to this user ({error})", remedy="Log in as a user with more rights."
        )
    if error.code == ErrorCode.OUT_OF_BOUNDS:
        return OutOfBounds(f"the device takes no such value for {what} ({error})")
    return ProtocolError(f"the device answers {what} with {error}")


def unanswered(request: Item) -> Item:
    """What stands for the answer that did not come: without a value."""
    return Item(request.tag | RESPONSE)


def plain(items: Sequence[Item]) -> dict[str, Any]:
    """Items as JSON can carry them, by the names of their tags; several of one name are a list."""
    found: dict[str, list[Any]] = {}
    for item in items:
        found.setdefault(tags.label(item.tag), []).append(_plain(item))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _plain(item: Item) -> Any:
    if item.error is not None:
        return {"error": str(item.error)}
    match item.value:
        case list():
            return plain(item.children)
        case bytes():
            return item.value.hex()
        case Timestamp():
            return item.value.total
        case Oversized():
            return {"bytes": item.value.size}
    return str(item.value) if isinstance(item.value, float) and not math.isfinite(item.value) else item.value
