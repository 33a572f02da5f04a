"""The requests of a month to SENEC.Connect: counted over restarts, and by all programs of this machine together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import LockedOut
from heliobus.senec.protocol.connect import QUOTA
from heliobus.transport.private import PrivateFile, state_folder
from heliobus.transport.restraint import LONG_AGO, Restraint, moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from heliobus.errors import Error
    from heliobus.senec.protocol.connect import QuotaUsed
    from heliobus.transport.clock import Clock
    from heliobus.url import Secret

_MINUTE, _HOUR = 60.0, 3600.0
_LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was asked in ``month`` (as 2026-11, UTC), and until when the cloud wants to be left alone."""

    month: str = ""
    used: int = 0
    limit: int = QUOTA
    since: datetime = LONG_AGO
    until: datetime = LONG_AGO
    why: str = ""
    remedy: str = ""
    restraint: Restraint = field(default_factory=Restraint, repr=False)

    @property
    def left(self) -> int:
        """Requests that may still be made this month."""
        return max(self.limit - self.used, 0)

    def at(self, now: datetime) -> Self:
        """The same in the month of ``now``."""
        month = f"{now.astimezone(UTC):%Y-%m}"
        return self if self.month == month else replace(self, month=month, used=0)

    def check(self, now: datetime, key: str) -> None:
        """Raise LockedOut while nothing may be asked; a clock that was set back does not make it longer."""
        self.restraint.check(now, key)
        if self.since <= now < self.until:
            raise LockedOut(self.why, until=self.until, remedy=self.remedy)
        if not self.left:
            raise LockedOut(
                f"the {self.limit} requests of this month to SENEC.Connect are used up",
                until=next_month(now),
                remedy="Wait for the next month, and ask less often: once a minute is what they suffice for.",
            )

    def to_json(self) -> dict[str, Any]:
        times = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        words = {"month": self.month, "used": self.used, "why": self.why, "remedy": self.remedy}
        return {**words, **times, "restraint": self.restraint.to_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept; a file that does not fit is as good as none."""
        try:
            return cls(
                month=str(kept["month"]),
                used=max(int(kept["used"]), 0),
                since=moment(kept["since"]),
                until=moment(kept["until"]),
                why=str(kept["why"]),
                remedy=str(kept["remedy"]),
                restraint=Restraint.from_json(kept["restraint"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls()


def next_month(now: datetime) -> datetime:
    """When the next calendar month begins, UTC."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=31)).replace(day=1)


class Counter:
    """Counts the requests with one key, in a file that all programs of this machine share.  Making one does no I/O."""

    def __init__(self, *, origin: str, key: Secret, state: Path | None, clock: Clock) -> None:
        name = hashlib.sha256(f"{origin}\n{key.reveal()}".encode()).hexdigest()[:32]
        self._file = PrivateFile(state or state_folder() / "senec" / f"connect-{name}.json")
        self._key = key
        self._clock = clock

    async def usage(self) -> Usage:
        """This month's count.  Raises StorageError."""
        return Usage.from_json(await self._file.load()).at(self._clock.now())

    async def spend(self) -> None:
        """Count a request that is about to be made.  Raises LockedOut when none may be, and StorageError."""
        async with self._file.locked():
            usage = await self.usage()
            usage.check(self._clock.now(), self._key.reveal())
            await self._file.save(replace(usage, used=usage.used + 1).to_json())

    async def used_up(self, error: QuotaUsed, *, month: bool) -> LockedOut:
        """Remember that the cloud wants no more requests, of this ``month`` or for a while; gives what to raise."""
        now = self._clock.now()
        until = next_month(now) if month else now + timedelta(seconds=_MINUTE)
        if error.seconds is not None:
            until = now + min(timedelta(seconds=error.seconds), _LONGEST)
        async with self._file.locked():
            usage = replace(await self.usage(), since=now, until=max(until, now), why=error.what(), remedy=error.remedy)
            await self._file.save(usage.to_json())
        return LockedOut(error.what(), until=usage.until, remedy=error.remedy)

    async def refused(self, error: Error) -> None:
        """Remember that the key was not taken: it is tried again after an hour, then later and later."""
        async with self._file.locked():
            usage = await self.usage()
            restraint = usage.restraint.after(
                "key",
                self._clock.now(),
                secret=self._key.reveal(),
                why=error.what(),
                remedy=error.remedy,
                seconds=_HOUR,
            )
            await self._file.save(replace(usage, restraint=restraint).to_json())

    async def taken(self) -> None:
        """Forget a refusal: the key was taken."""
        if (await self.usage()).restraint.strikes:
            async with self._file.locked():
                await self._file.save(replace(await self.usage(), restraint=Restraint()).to_json())
