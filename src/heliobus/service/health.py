"""How well a system answers, and how old its last answer is.

Ages are measured on the monotonic clock, so a jump of the wall clock makes nothing old or new.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from heliobus.model import fields
from heliobus.model.quality import Quality, worst

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heliobus.errors import Error
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.transport.clock import Clock

State = Literal["connecting", "ok", "late", "lost"]
"""``connecting``: no answer yet; ``late``: the last one is older than 3 intervals; ``lost``: older than 5 min."""

_LATE_INTERVALS = 3
_LOST_INTERVALS = 4  # for systems so slow that 5 min would come before ``late``
_LOST_SECONDS = 300.0
_LATENCIES = 240
_SLOT_SECONDS = 900.0
_SLOTS_OF_A_DAY = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """The health of one system at one moment.

    ``snapshot`` is the last good one; once the system is late or lost, its values are STALE.  ``age_s`` is its age.
    ``since``: when ``status`` began.  ``error`` and ``remedy`` are of the last poll if that one failed.
    ``polls`` and ``failures`` count since the start, ``success_24h`` is a share; latencies are those of good polls.
    ``answers_24h`` is the same share of each quarter of an hour, the oldest first; None is one without a poll.
    """

    name: str
    site: str
    vendor: str
    url: str
    interval_s: float
    status: State
    since: datetime
    snapshot: Snapshot | None = None
    age_s: float | None = None
    error: str | None = None
    remedy: str | None = None
    polls: int = 0
    failures: int = 0
    success_24h: float | None = None
    answers_24h: tuple[float | None, ...] = ()
    latency_p50_s: float | None = None
    latency_p95_s: float | None = None
    device: Device | None = None


def stale(snapshot: Snapshot) -> Snapshot:
    """Give the same snapshot with every known value at best STALE."""
    paths = (value.path for value in fields.walk(snapshot))
    aged = {path: worst((snapshot.quality_of(path), Quality.STALE)) for path in paths}
    return replace(snapshot, quality={**snapshot.quality, **aged})


class Health:
    """Counts the polls of one system and judges its state.  ``site`` is the site's key, ``url`` holds no user."""

    def __init__(self, *, name: str, site: str, vendor: str, url: str, interval: float, clock: Clock) -> None:
        self._clock = clock
        self._pace(interval)
        self._begun = clock.monotonic()
        self._taken: float | None = None
        self._slots: deque[list[int]] = deque(maxlen=_SLOTS_OF_A_DAY)  # number of the quarter, polls, failures
        self._latencies: deque[float] = deque(maxlen=_LATENCIES)
        self._last = SystemStatus(
            name=name,
            site=site,
            vendor=vendor,
            url=url,
            interval_s=interval,
            status="connecting",
            since=clock.now(),
        )

    def _pace(self, interval: float) -> None:
        self._late_after = _LATE_INTERVALS * interval
        self._lost_after = max(_LOST_SECONDS, _LOST_INTERVALS * interval)

    def succeeded(self, snapshot: Snapshot, *, latency: float, interval: float) -> None:
        """Count a poll that gave ``snapshot`` after ``latency`` s, over a way that is asked every ``interval`` s."""
        since = self._last.since if self.state == "ok" else self._clock.now()
        self._taken = self._clock.monotonic()
        self._pace(interval)
        self._latencies.append(latency)
        self._count(failed=False)
        self._last = replace(
            self._last,
            interval_s=interval,
            snapshot=snapshot,
            device=snapshot.device or self._last.device,
            status="ok",
            since=since,
            error=None,
            remedy=None,
        )

    def failed(self, error: Error) -> None:
        """Count a poll that ended in ``error``."""
        self._count(failed=True)
        self._last = replace(self._last, error=error.what(), remedy=error.remedy)

    @property
    def age(self) -> float:
        """Seconds since the last good answer, or since the start if there was none."""
        return self._clock.monotonic() - (self._begun if self._taken is None else self._taken)

    def is_lost_within(self, seconds: float) -> bool:
        """Whether it counts as lost by then unless it answers."""
        return self.age + seconds > self._lost_after

    @property
    def state(self) -> State:
        if self.age > self._lost_after:
            return "lost"
        if self._taken is None:
            return "connecting"
        return "late" if self.age > self._late_after else "ok"

    def status(self) -> SystemStatus:
        """Judge now."""
        state, snapshot = self.state, self._last.snapshot
        limit = {"late": self._late_after, "lost": self._lost_after}.get(state)
        since = self._last.since if limit is None else self._clock.now() - timedelta(seconds=self.age - limit)
        ordered = sorted(self._latencies)
        return replace(
            self._last,
            status=state,
            since=since,
            snapshot=snapshot if snapshot is None or state == "ok" else stale(snapshot),
            age_s=None if snapshot is None else self.age,
            success_24h=self._success(),
            answers_24h=self._answers(),
            latency_p50_s=_quantile(ordered, 0.5),
            latency_p95_s=_quantile(ordered, 0.95),
        )

    def _count(self, *, failed: bool) -> None:
        slot = int(self._clock.monotonic() // _SLOT_SECONDS)
        if not self._slots or self._slots[-1][0] != slot:
            self._slots.append([slot, 0, 0])
        self._slots[-1][1] += 1
        self._slots[-1][2] += failed
        self._last = replace(self._last, polls=self._last.polls + 1, failures=self._last.failures + failed)

    def _success(self) -> float | None:
        oldest = int(self._clock.monotonic() // _SLOT_SECONDS) - _SLOTS_OF_A_DAY
        counts = [(polls, failures) for slot, polls, failures in self._slots if slot > oldest]
        polls = sum(polls for polls, _ in counts)
        return 1 - sum(failures for _, failures in counts) / polls if polls else None

    def _answers(self) -> tuple[float | None, ...]:
        shares = {slot: 1 - failures / polls for slot, polls, failures in self._slots}
        present = int(self._clock.monotonic() // _SLOT_SECONDS)
        return tuple(shares.get(slot) for slot in range(present - _SLOTS_OF_A_DAY + 1, present + 1))


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None
