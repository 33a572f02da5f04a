"""What keeps a client away from an account after a failure, over restarts: pure, the time is an argument.

Clouds lock accounts that knock too often, so a failure is remembered with the secret that met it (as a salted scrypt
digest): until a time, twice as long for each of its kind in a row, or until the secret is another one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import AuthenticationError, LockedOut

if TYPE_CHECKING:
    from collections.abc import Mapping

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_STRIKES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """The last failure: its ``kind``, what it says to the user, and until when (None: until another secret)."""

    kind: str = ""
    why: str = ""
    remedy: str = ""
    at: datetime = LONG_AGO
    until: datetime | None = LONG_AGO
    strikes: int = 0
    salt: str = ""
    digest: str = ""

    def check(self, now: datetime, secret: str) -> None:
        """Raise what was said at the failure while it holds: LockedOut, AuthenticationError if nothing will end it.

        A clock that was set back does not make it longer.
        """
        if self.until is not None and self.left(now) <= timedelta(0):
            return
        if not self.digest or not hmac.compare_digest(_digest(secret, self.salt), self.digest):
            return
        if self.until is None:
            raise AuthenticationError(self.why, remedy=self.remedy)
        raise LockedOut(self.why, until=now + self.left(now), remedy=self.remedy)

    def left(self, now: datetime) -> timedelta:
        """How long it still holds, if it ends by itself."""
        return timedelta(0) if self.until is None else min(self.until - now, self.until - self.at)

    def after(
        self,
        kind: str,
        now: datetime,
        *,
        secret: str,
        why: str,
        remedy: str,
        seconds: float | None,
        longest: float = 86_400.0,
    ) -> Self:
        """What follows from a failure: stay away for ``seconds`` (None: for good) or longer, as it happens again."""
        strikes = min(self.strikes + 1, _MOST_STRIKES) if kind == self.kind else 1
        until = None if seconds is None else now + timedelta(seconds=min(seconds * 2.0 ** (strikes - 1), longest))
        salt = secrets.token_hex(16)
        return type(self)(
            kind=kind,
            why=why,
            remedy=remedy,
            at=now,
            until=until,
            strikes=strikes,
            salt=salt,
            digest=_digest(secret, salt),
        )

    def to_json(self) -> dict[str, Any]:
        kept = asdict(self)
        return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in kept.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept.  Raises TypeError and ValueError for what does not fit."""
        texts = {name: str(kept.get(name, "")) for name in ("kind", "why", "remedy", "salt", "digest")}
        until = kept.get("until")
        return cls(
            **texts,
            at=moment(kept.get("at")),
            until=None if until is None else moment(until),
            strikes=int(kept.get("strikes", 0)),
        )


def moment(kept: Any) -> datetime:
    """A time that was kept, UTC.  Raises TypeError and ValueError."""
    found = datetime.fromisoformat(kept)
    if found.utcoffset() is None:
        raise ValueError(kept)
    return found.astimezone(UTC)


def _digest(secret: str, salt: str) -> str:
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**12, r=8, p=1).hex()
