"""What is remembered of an account at the sign-on over restarts, and what it may still do: pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import LockedOut
from heliobus.senec.protocol.totp import PERIOD
from heliobus.transport.restraint import LONG_AGO, Restraint, moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.protocol.sso import Tokens

EARLY = timedelta(seconds=90)
"""An access token is renewed so long before its end (SPEC 6)."""
HOUR = timedelta(hours=1)
"""At most one full login per cause, and one per class of failure, in so long."""
_LONGEST = 6 * 3600.0
_MOST_REFUSED = 8
FOR_GOOD = frozenset({"password", "otp"})
"""Failures that only another secret can end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One account.  Tokens are "" when there are none; times are UTC, and a clock that was set back frees nothing."""

    access: str = field(default="", repr=False)
    access_since: datetime = LONG_AGO
    access_until: datetime = LONG_AGO
    refresh: str = field(default="", repr=False)
    refresh_until: datetime = LONG_AGO
    cause: str = "first"
    """Why the next full login would be made: first, refused (the token was) or expired."""
    logins: Mapping[str, datetime] = field(default_factory=dict)
    """When the last full login was made, by its cause."""
    code_until: datetime = LONG_AGO
    """When the last one-time code that was used ends; the sign-on takes each once."""
    restraint: Restraint = field(default_factory=Restraint)
    refused: tuple[Restraint, ...] = ()
    """Secrets that were wrong; several, for two programs may have two wrong ones."""

    # -- tokens

    def is_fresh(self, now: datetime) -> bool:
        return self.is_valid(now + EARLY) and self.access_since <= now

    def is_valid(self, now: datetime) -> bool:
        return bool(self.access) and now < self.access_until

    def can_renew(self, now: datetime) -> bool:
        return bool(self.refresh) and now < self.refresh_until

    def with_tokens(self, tokens: Tokens, now: datetime) -> Self:
        """The newest tokens; an older refresh token is never used again."""
        lives = timedelta(seconds=tokens.refresh_lives or 0.0)
        forever = tokens.refresh is not None and not tokens.refresh_lives  # an offline token does not expire
        return replace(
            self,
            access=tokens.access,
            access_since=now,
            access_until=now + timedelta(seconds=tokens.lives),
            refresh=tokens.refresh or "",
            refresh_until=datetime.max.replace(tzinfo=now.tzinfo) if forever else now + lives,
            cause="expired",
            restraint=Restraint(),
        )

    def without_tokens(self, cause: str) -> Self:
        return replace(self, access="", refresh="", cause=cause)

    # -- full logins

    def with_login(self, now: datetime) -> Self:
        """Count a full login that is about to be made.  Raises LockedOut when there was one for the same cause."""
        last = self.logins.get(self.cause, LONG_AGO)
        if abs(now - last) < HOUR:
            raise LockedOut(
                "heliobus logs in at most once an hour: more get accounts locked",
                until=now + min(last + HOUR - now, HOUR),
                remedy="Wait; find out what ends the session, another program with the same account perhaps.",
            )
        return replace(self, logins={**self.logins, self.cause: now})

    def check_code(self, now: datetime) -> None:
        """Raise LockedOut as long as there is no other one-time code than that of the last login."""
        if now < self.code_until and self.code_until - now <= timedelta(seconds=PERIOD):
            raise LockedOut(
                "the one-time code of this half minute has been used",
                until=self.code_until,
                remedy="Wait for the next.",
            )

    def check(self, now: datetime, secret: str) -> None:
        """Raise AuthenticationError for a secret that was wrong, LockedOut after another failure with it."""
        for one in (*self.refused, self.restraint):
            one.check(now, secret)

    def after(self, kind: str, now: datetime, *, secret: str, why: str, remedy: str) -> Self:
        """Remember a login that failed, with what the user is told as long as it holds.

        Another secret than a wrong one may be tried at once.
        """
        if kind in FOR_GOOD:
            wrong = Restraint().after(kind, now, secret=secret, why=why, remedy=remedy, seconds=None)
            others = {cause: time for cause, time in self.logins.items() if cause != self.cause}
            return replace(self, refused=(*self.refused, wrong)[-_MOST_REFUSED:], logins=others)
        restraint = self.restraint.after(
            kind, now, secret=secret, why=why, remedy=remedy, seconds=HOUR.total_seconds(), longest=_LONGEST
        )
        return replace(self, restraint=restraint)

    # -- kept as JSON

    def to_json(self) -> dict[str, Any]:
        kept = asdict(self)
        kept["logins"] = {cause: time.isoformat() for cause, time in self.logins.items()}
        kept["restraint"] = self.restraint.to_json()
        kept["refused"] = [one.to_json() for one in self.refused]
        return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in kept.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept; a file that does not fit (another version, tampering) is as good as none."""
        if not kept:
            return cls()
        try:
            return cls(
                access=str(kept["access"]),
                access_since=moment(kept["access_since"]),
                access_until=moment(kept["access_until"]),
                refresh=str(kept["refresh"]),
                refresh_until=moment(kept["refresh_until"]),
                cause=str(kept["cause"]),
                code_until=moment(kept["code_until"]),
                logins={str(cause): moment(time) for cause, time in kept["logins"].items()},
                restraint=Restraint.from_json(kept["restraint"]),
                refused=tuple(map(Restraint.from_json, kept["refused"])),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls()
