"""What can go wrong between an appliance and its client, by name; several at once add up in the table's order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SLOW = 5.0
"""Seconds; the slowest answer seen took 15 (SPEC 2.3)."""

_FOREVER = 1e9  # seconds: thirty years
_BIG = 10_000_000  # bytes
_FLOAT = re.compile(rb'("\w+":)"fl_[0-9A-F]{8}"')


def _same(body: bytes) -> bytes:
    return body


def _filled(body: bytes) -> bytes:
    return body[:-1] + b',"TEST":{"FILLER":"st_' + b"x" * _BIG + b'"}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong."""

    delay: float = 0.0
    """Seconds of the device's clock before the answer."""
    status: int = 200
    html: bool = False
    spoil: Callable[[bytes], bytes] = _same
    """What becomes of the right body."""
    gone: frozenset[str] = frozenset()
    """Sections that have lost their variables."""
    greeting: bool = False
    """Whether a client without the cookie of firmware 2411 gets no answer."""
    crowded: bool = False
    """Whether no cookie is free until a session is logged out."""
    flips: bool = False
    """Whether it speaks https instead of http, or the reverse."""
    resets: bool = False
    """Whether the lifetime counters begin anew when this comes."""
    refusal: str = ""
    """The word with which every write is answered; nothing is written."""
    loses: bool = False
    """Whether a write gets lost with its answer."""
    mute: bool = False
    """Whether a write is obeyed and gets no answer."""
    reboots: bool = False
    """Whether a write makes the appliance restart before it is obeyed."""
    overwrites: bool = False
    """Whether the cloud overwrites what is set at the wallboxes."""
    skew: timedelta = timedelta(0)
    """How far the appliance's clock is ahead."""


FAULTS: Mapping[str, Fault] = {
    "slow": Fault(delay=SLOW),
    "hang": Fault(delay=_FOREVER),
    "statistic-gone": Fault(gone=frozenset({"STATISTIC"})),
    "bms-gone": Fault(gone=frozenset({"BMS"})),
    "cookie-first": Fault(greeting=True),
    "sessions-full": Fault(crowded=True),
    "wire-flips": Fault(flips=True),
    "counter-reset": Fault(resets=True),
    "clock-jump": Fault(skew=timedelta(hours=1)),
    "write-forbidden": Fault(refusal="FORBIDDEN"),
    "write-malformed": Fault(refusal="MALFORMED_VALUE"),
    "write-lost": Fault(loses=True),
    "write-unanswered": Fault(mute=True),
    "write-reboots": Fault(reboots=True),
    "cloud-overwrites": Fault(overwrites=True),
    "nan": Fault(spoil=lambda body: re.sub(rb'"fl_[0-9A-F]{8}"', b'"fl_7FC00000"', body)),
    "unknown-prefix": Fault(spoil=lambda body: body.replace(b'"fl_', b'"zz_')),
    "duplicate-keys": Fault(spoil=lambda body: _FLOAT.sub(rb'\1"fl_C47A0000",\g<0>', body)),  # the last one is right
    "escaped-quotes": Fault(spoil=lambda body: body.replace(b'"', b'\\"')),
    "big": Fault(spoil=_filled),
    "truncate": Fault(spoil=lambda body: body[: len(body) * 2 // 3]),
    "empty": Fault(spoil=lambda _: b""),
    "html": Fault(html=True, spoil=lambda _: b"<!DOCTYPE html><html><body>SENEC</body></html>"),
    "404": Fault(status=404, html=True, spoil=lambda _: b"<html><body>404 Not Found</body></html>"),
    "500": Fault(status=500, html=True, spoil=lambda _: b"<html><body>500 Error</body></html>"),
}


def faults_of(names: Iterable[str]) -> tuple[Fault, ...]:
    """The faults of these names, in the table's order; UsageError names those that there are."""
    wanted = set(names)
    if unknown := sorted(wanted - FAULTS.keys()):
        raise UsageError(f"no SENEC fault {unknown[0]!r}", remedy=f"Use one of: {', '.join(FAULTS)}.")
    return tuple(fault for name, fault in FAULTS.items() if name in wanted)
