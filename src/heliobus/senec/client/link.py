"""The way to one appliance: https or http, and whether it is still the one that we know.

Firmware went from http to https with a certificate of its own in 2023, and goes back when the network unit is replaced
(design: RELIABILITY, device behaviour).  So nothing is learned for ever::

    nothing known ---- ask https, then http -------------------> learned: the first that answers as a SENEC
    learned ---------- 2 failures in a row, or a redirect -----> ask the other one too, at most every 30 s

Another certificate than the pinned one, and http where a certificate is pinned, are read from but get no write until
the owner accepts them.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from heliobus.errors import NotSupported, ProtocolError, Refused, TransportError, Unreachable, UsageError
from heliobus.model.event import Event, EventKind
from heliobus.transport.tls import Peer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from heliobus.errors import Error
    from heliobus.transport.clock import Clock
    from heliobus.transport.tls import Trust

_log = logging.getLogger(__name__)
_SCHEMES = ("https", "http")
_PATIENCE = 2  # failures in a row; one alone is a lost packet or a web server that restarts
_PROBE_PAUSE = 30.0  # s; while an appliance is off, both ways fail and each may take its whole time-out

T = TypeVar("T")


class Link:
    """``path`` on the device at ``trust.place``; ``scheme`` is https, http or auto.

    ``forget(url)`` is called before another scheme is tried: cookies of the one must not reach the other.
    ``changed`` is called when somebody else may be there.
    """

    def __init__(
        self,
        path: str,
        *,
        scheme: str,
        trust: Trust,
        forget: Callable[[str], None],
        changed: Callable[[], None],
        clock: Clock,
    ) -> None:
        if scheme not in {"auto", *_SCHEMES}:
            raise UsageError(f"no scheme {scheme!r} for a SENEC appliance", remedy="Use auto, https or http.")
        self._place, self._path = trust.place, path
        self._forget = forget
        self._changed = changed
        self._fixed = scheme != "auto"
        self._learned = scheme if self._fixed else None
        self._trust = trust
        self._clock = clock
        self._failures = 0
        self._probe_at = clock.monotonic()
        self._peer: Peer | None = None
        self._events: list[Event] = []

    @property
    def scheme(self) -> str:
        """What is spoken, as far as it is known."""
        return self._learned or _SCHEMES[0]

    @property
    def url(self) -> str:
        """Where the appliance is asked."""
        return self._url(self.scheme)

    @property
    def peer(self) -> Peer | None:
        """Who answered last, judged by what is known now."""
        return None if self._peer is None else self._judged(self._peer.scheme, self._peer.fingerprint)

    async def over(self, ask: Callable[[str], Awaitable[T]]) -> T:
        """Give what ``ask(url)`` gives over the scheme that works, trying what must be tried.

        ``ask`` must change nothing: it may be called twice.  Raises what says most about the appliance.
        """
        schemes = self._to_try()
        errors: list[Error] = []
        for scheme in schemes:
            if self._learned not in {None, scheme}:
                self._forget(self._url(scheme))
            try:
                answer = await ask(self._url(scheme))
            except (TransportError, ProtocolError, NotSupported) as error:
                errors.append(error)
                if isinstance(error, NotSupported) and len(schemes) == 1 and not self._fixed:
                    schemes.append(_other(scheme))
            else:
                self._answered(scheme)
                return answer
        self._failures += 1
        raise next((error for error in errors if not isinstance(error, Unreachable)), errors[-1])

    async def once(self, ask: Callable[[str], Awaitable[T]]) -> T:
        """Give what ``ask(url)`` gives, which may change something: once, and to an accepted appliance only."""
        peer = self.peer
        if peer is None:
            raise Refused(f"nothing is known yet of {self._place}", remedy="Read it first.")
        if not peer.accepted:
            raise Refused(
                f"{self._place} answers as {peer}, but known is {peer.known}: nothing is written",
                remedy="If you know why it changed, accept it (heliobus trust); if not, find out first.",
            )
        return await ask(self.url)

    def accept(self, peer: Peer) -> None:
        """Let ``peer`` be the known one; raises Refused if another one has answered since."""
        if self._peer is None or (peer.scheme, peer.fingerprint) != (self._peer.scheme, self._peer.fingerprint):
            raise Refused(f"{self._place} does not answer as {peer} any more", remedy="Look again, then decide.")
        self._trust.accept(peer.fingerprint)

    def take_events(self) -> tuple[Event, ...]:
        """Give what happened to the link since the last call."""
        events, self._events = tuple(self._events), []
        return events

    def _url(self, scheme: str) -> str:
        return f"{scheme}://{self._place}{self._path}"

    def _to_try(self) -> list[str]:
        if self._learned is None:
            return list(_SCHEMES)
        if self._fixed or self._failures < _PATIENCE - 1 or self._clock.monotonic() < self._probe_at:
            return [self._learned]
        self._probe_at = self._clock.monotonic() + _PROBE_PAUSE
        return [self._learned, _other(self._learned)]

    def _answered(self, scheme: str) -> None:
        self._failures = 0
        self._learned = scheme
        if scheme == "https":
            self._trust.keep()
        before, now = self._peer, self._judged(scheme, self._trust.seen if scheme == "https" else None)
        self._peer = now
        if before is None and not now.accepted:
            before = Peer(scheme="https", fingerprint=now.known, known=now.known, accepted=True)
        if before is not None and (before.scheme, before.fingerprint) != (now.scheme, now.fingerprint):
            self._changed()
            self._tell(before, now)

    def _judged(self, scheme: str, fingerprint: str | None) -> Peer:
        known = self._trust.known
        accepted = self._trust.proven if scheme == "https" else known is None or self._fixed
        return Peer(scheme=scheme, fingerprint=fingerprint, known=known, accepted=accepted)

    def _tell(self, before: Peer, now: Peer) -> None:
        verdict = "" if now.accepted else "; nothing is written to it until it is accepted (heliobus trust)"
        text = f"{self._place} answers as {now}, before as {before}{verdict}"
        _log.log(logging.INFO if now.accepted else logging.WARNING, "%s", text)
        self._events.append(
            Event(
                at=self._clock.now(),
                system="",
                kind=EventKind.PEER_CHANGED,
                text=text,
                data={
                    "old": {"scheme": before.scheme, "fingerprint": before.fingerprint},
                    "new": {"scheme": now.scheme, "fingerprint": now.fingerprint},
                    "accepted": now.accepted,
                },
            )
        )


def place_of(host: str, port: int | None) -> str:
    """Write ``host`` or ``host:port`` as in a URL; raises UsageError without a host."""
    if not host:
        raise UsageError("a SENEC appliance needs a host", remedy="Write senec://192.168.1.40 with its address.")
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"


def _other(scheme: str) -> str:
    return _SCHEMES[1 - _SCHEMES.index(scheme)]
