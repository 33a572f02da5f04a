"""What is remembered of an account over restarts, and what it may still do: pure, the time is an argument.

Growatt locks accounts for frequent logins, also for right ones (SPEC A.4), so logins are few, and a request is refused
here before the server can take offence.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

from heliobus.errors import AuthenticationError, LockedOut
from heliobus.transport.restraint import LONG_AGO
from heliobus.transport.restraint import moment as utc

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGINS = ((timedelta(hours=1), 6), (timedelta(days=1), 12))
"""At most so many logins within such a time.  Home Assistant's 288 a day get accounts locked."""
REQUESTS = 3000
"""A day, of an account with a password: a brake for loops that run away; the pace itself is the poller's interval.

Every 11 minutes and with a start every hour one device takes 300 to 400 requests a day, and three take 1000."""
TOKEN_REQUESTS = 15_000
"""A day, of a token, whose questions each have their own pace besides.

Every five minutes (V1, V4) it is enough for 50 devices of 288 requests a day, every minute (OAuth) for ten of 1440."""
LONGEST_BLOCK = 86_400.0
"""Seconds; a server that goes on refusing is left alone twice as long each time, up to this."""

_DAY = _REFUSED_FOR = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One account.  Times are UTC; a clock that was set back neither frees a budget nor prolongs a lock."""

    user_id: str | None = None
    server: str | None = None
    """The host that the region look-up named."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    generation: int = 0
    """Which session it is; its cookies may change while it lives."""
    logins: tuple[datetime, ...] = ()
    requests: int = 0
    requests_since: datetime = LONG_AGO
    blocked_at: datetime = LONG_AGO
    blocked_until: datetime = LONG_AGO
    blocked_why: str = ""
    strikes: int = 0
    refused_at: datetime = LONG_AGO
    refused_salt: str = ""
    refused_digest: str = ""
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    """The newest: each refresh makes the one before worthless."""
    access_until: datetime = LONG_AGO
    refresh_until: datetime = LONG_AGO
    questions: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """By a question's digest: when it was asked, and until when it must not be asked again."""
    answers: Mapping[str, tuple[int, str]] = field(default_factory=dict, repr=False)
    """The statuses and bodies that came to those, to be said again to whoever asks too early."""
    door: str = "app"
    """Through which login the session was had."""
    elsewhere: Mapping[str, tuple[str | None, Mapping[str, str], int]] = field(default_factory=dict, repr=False)
    """The sessions of the other doors: user, cookies and generation."""

    @property
    def has_session(self) -> bool:
        return bool(self.cookies) and self.user_id is not None

    def through(self, door: str) -> Self:
        """The same account, its locks and budgets, with the session of another login."""
        if door == self.door:
            return self
        others = {**self.elsewhere, self.door: (self.user_id, self.cookies, self.generation)}
        user_id, cookies, generation = others.pop(door, (None, {}, 0))
        return self._with(door=door, elsewhere=others, user_id=user_id, cookies=dict(cookies), generation=generation)

    # -- kept as JSON

    def to_json(self, *, since: Self | None = None) -> dict[str, Any]:
        """All, or only the fields that are others than in an earlier one."""
        kept = _values(self)
        if since is not None:
            kept = {
                name: one
                for (name, one), old in zip(kept.items(), _values(since).values(), strict=True)
                if one is not old
            }
        if "logins" in kept:
            kept["logins"] = [moment.isoformat() for moment in self.logins]
        if "questions" in kept:
            kept["questions"] = {key: [moment.isoformat() for moment in span] for key, span in self.questions.items()}
        return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in kept.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept; a file that does not fit (another version, tampering) is as good as none."""
        try:
            values = {name: kept[name] for name in cls.__slots__ if name in kept}
            for name, value in values.items():
                if name.endswith(("_at", "_until", "_since")):
                    values[name] = utc(value)
            values["logins"] = tuple(utc(moment) for moment in values.get("logins", ()))
            values["questions"] = {
                str(key): (utc(asked), utc(until)) for key, (asked, until) in values.get("questions", {}).items()
            }
            values["answers"] = {
                str(key): (int(status), str(body)) for key, (status, body) in values.get("answers", {}).items()
            }
            values["cookies"] = {str(name): str(value) for name, value in values.get("cookies", {}).items()}
            values["elsewhere"] = {
                str(door): (user, {str(name): str(value) for name, value in cookies.items()}, int(generation))
                for door, (user, cookies, generation) in values.get("elsewhere", {}).items()
            }
            for name in ("access_token", "refresh_token"):
                values[name] = str(values.get(name, ""))
            for name in ("generation", "requests", "strikes"):
                values[name] = int(values.get(name, 0))
        except (TypeError, ValueError, AttributeError):
            return cls()
        return cls(**values)

    def _with(self, **changes: Any) -> Self:
        """The same with other fields; ``dataclasses.replace`` takes three times as long."""
        return type(self)(**{**_values(self), **changes})

    # -- what it may do

    def check(self, now: datetime) -> None:
        """Raise LockedOut while the server, or one of our own budgets, keeps us away."""
        length = self.blocked_until - self.blocked_at
        left = min(self.blocked_until - now, length)
        if left > timedelta(0):
            raise LockedOut(self.blocked_why, until=now + left)

    def with_request(self, now: datetime, *, count: int = 1, most: int = REQUESTS) -> Self:
        """Count so many requests, fewer if less is left; LockedOut when the account has had its share of the day."""
        return self._with(**self._counted(now, count, most))

    def _counted(self, now: datetime, count: int, most: int) -> dict[str, Any]:
        self.check(now)
        if not _NOTHING <= now - self.requests_since < _DAY:
            return {"requests": count, "requests_since": now}
        if self.requests >= most:
            raise LockedOut(
                f"this account has asked {most} times within a day",
                until=self.requests_since + _DAY,
                remedy="Wait, and ask less often: the default intervals are enough.",
            )
        return {"requests": min(self.requests + count, most)}

    def with_login(self, now: datetime) -> Self:
        """Count a login that is about to happen; LockedOut when there were too many."""
        self.check(now)
        longest = max(window for window, _ in LOGINS)
        recent = tuple(sorted(moment for moment in self.logins if abs(now - moment) < longest))
        for window, most in LOGINS:
            inside = [moment for moment in recent if abs(now - moment) < window]
            if len(inside) >= most:
                raise LockedOut(
                    f"heliobus logs in at most {most} times within {window}: more get accounts locked",
                    until=max(inside[-most] + window, now),
                    remedy="Wait; find out what ends the session, another program with the same account perhaps.",
                )
        return self._with(logins=(*recent, now), cookies={}, user_id=None)

    # -- questions that may not come again at once

    def with_question(self, now: datetime, key: str | None, *, seconds: float) -> Self:
        """Count a request that may come again only after so many seconds; LockedOut when it comes too early."""
        counted = self._counted(now, 1, TOKEN_REQUESTS)
        if key is None:
            return self._with(**counted)
        asked, until = self.questions.get(key, (LONG_AGO, LONG_AGO))
        left = min(until - now, until - asked)
        if left > _NOTHING:
            again = now + left
            raise LockedOut(
                f"the server has just been asked the same; it may be asked again from {again:%H:%M:%S} UTC on",
                until=again,
                remedy="Ask again then; nothing was sent.",
            )
        return self._with(**counted, **self._waiting(now, key, seconds))

    def refused_question(self, now: datetime, key: str, *, seconds: float) -> Self:
        """The same question may come again after so many seconds; what may come by now is forgotten."""
        return self._with(**self._waiting(now, key, seconds))

    def _waiting(self, now: datetime, key: str, seconds: float) -> dict[str, Any]:
        waiting = {
            one: span for one, span in self.questions.items() if min(span[1] - now, span[1] - span[0]) > _NOTHING
        }
        answers = {one: kept for one, kept in self.answers.items() if one in waiting and one != key}
        return {"questions": {**waiting, key: (now, now + timedelta(seconds=seconds))}, "answers": answers}

    def without_question(self, key: str | None) -> Self:
        """As if it had not been asked."""
        return self._with(questions={one: span for one, span in self.questions.items() if one != key})

    def answered(self, now: datetime, key: str, answer: tuple[int, str] | None, *, seconds: float) -> Self:
        """Count a question's seconds from its answer on, and keep that if it may be said again; forget strikes."""
        changes = self._waiting(now, key, seconds)
        if answer is not None:
            changes["answers"][key] = answer
        return self._with(strikes=0, **changes)

    def answer(self, now: datetime, key: str) -> tuple[int, str] | None:
        """What came to this question, while it must not be asked again."""
        asked, until = self.questions.get(key, (LONG_AGO, LONG_AGO))
        return self.answers.get(key) if min(until - now, until - asked) > _NOTHING else None

    # -- what happened

    def with_session(self, *, user_id: str, cookies: Mapping[str, str]) -> Self:
        return self._with(
            user_id=user_id,
            cookies=dict(cookies),
            generation=self.generation + 1,
            refused_digest="",
            strikes=0,
        )

    def with_tokens(
        self, now: datetime, *, access: str, seconds: float, refresh: str = "", refresh_seconds: float = 0.0
    ) -> Self:
        """What a grant gave."""
        return self._with(
            access_token=access,
            access_until=now + timedelta(seconds=seconds),
            refresh_token=refresh,
            refresh_until=now + timedelta(seconds=refresh_seconds),
            generation=self.generation + 1,
            refused_digest="",
            strikes=0,
        )

    def blocked(self, now: datetime, *, seconds: float, why: str) -> Self:
        """Stay away for so long, twice as long for each time in a row, but a day at most, unless the server says so."""
        length = max(seconds, min(seconds * 2.0**self.strikes, LONGEST_BLOCK))
        until = now + timedelta(seconds=length)
        return self._with(blocked_at=now, blocked_until=until, blocked_why=why, strikes=min(self.strikes + 1, 10))

    # -- a password that the server refused

    def with_refusal(self, now: datetime, secret: str) -> Self:
        """Remember, not to try it again at every restart; of the secret only a salted scrypt digest is kept."""
        salt = secrets.token_hex(16)
        return self._with(refused_at=now, refused_salt=salt, refused_digest=_digest(secret, salt), cookies={})

    def check_refusal(self, now: datetime, secret: str) -> None:
        """Raise AuthenticationError for a password that was refused within a day."""
        recent = abs(now - self.refused_at) < _REFUSED_FOR
        if (
            recent
            and self.refused_digest
            and hmac.compare_digest(_digest(secret, self.refused_salt), self.refused_digest)
        ):
            raise AuthenticationError(
                "the server did not know this user with this password; it is not asked again for a day",
                remedy="Correct the password, or name the server of the account's region.",
            )


_FIELDS = attrgetter(*Ledger.__slots__)


def _values(ledger: Ledger) -> dict[str, Any]:
    return dict(zip(Ledger.__slots__, _FIELDS(ledger), strict=True))


def _digest(secret: str, salt: str) -> str:
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**12, r=8, p=1).hex()
