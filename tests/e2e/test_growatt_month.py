"""A month of a Growatt account in the service, with everything that ends sessions: nobody is locked out.

The service runs at its default interval and is started anew every hour.  What the cloud told is compared with the
record: each answer stands in it once, and between two answers there is no longer gap than the script explains.
"""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import aiohttp
import pytest

from heliobus.growatt.client import account
from heliobus.growatt.client.tokens import GRACE
from heliobus.growatt.simulator import DEAD_FORMS, GrowattSimulator
from heliobus.recorder.query import History
from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.supervisor import Service
from heliobus.simulation.clock import ManualClock
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions
from tests.growatt.conftest import NOON, PLANT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.conftest import Figure

    Strike = Callable[[], Awaitable[None]]

DAYS, FEWEST = 30, 3
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEATHS = (*DEAD_FORMS, "dead-302")
LASTS = timedelta(minutes=22)
"""So long a fault that a poll meets it."""
READINGS = {"shine": "tlx_detail", "v1": "v1/tlx_last"}
"""The call that brings a snapshot."""


@dataclass
class Month:
    """Two regions of a cloud, one account, and what befalls it."""

    route: str
    days: int
    folder: Path
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON))
    restarts: int = 0
    moved: bool = False
    deaths: int = 0
    pokes: list[datetime] = field(default_factory=list)
    troubles: list[tuple[datetime, datetime]] = field(default_factory=list)
    """From when until when polls may fail."""
    told: list[datetime] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    daily: Counter[int] = field(default_factory=Counter)
    """Requests by day."""

    async def __aenter__(self) -> Self:
        self._running = AsyncExitStack()
        options = SimulationOptions(plant=PLANT, clock=self.clock, profile="tlx")
        self.home, self.away = [await self._running.enter_async_context(GrowattSimulator(options)) for _ in range(2)]
        self._seen = {id(one): 0 for one in (self.home, self.away)}
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._running.aclose()

    # -- the cloud's side

    @property
    def cloud(self) -> GrowattSimulator:
        """Where the account lives now."""
        return self.away if self.moved else self.home

    def dies(self, form: str) -> Strike:
        async def strike() -> None:
            self.deaths += 1
            self.cloud.faults = (form,)

        return strike

    def fails(self, fault: str, *, away: timedelta = LASTS) -> Strike:
        """For a while; the client may stay ``away`` for longer than that."""

        async def strike() -> None:
            self.cloud.faults = (fault,)
            self._explain(LASTS + away)

        return strike

    async def heals(self) -> None:
        self.cloud.faults = ()

    async def locks(self) -> None:
        """Nobody knows why; it ends the session, too."""
        self.cloud.account.locked_until = self.clock.now() + DAY
        self.cloud.account.expire()
        self._explain(DAY + HOUR)

    async def moves(self) -> None:
        """The account lives in another region from now on; its old home knows where, and nothing else."""
        self.home.cloud.region = _host(self.away)
        self.home.faults = ("wrong-region",)
        self.home.account.expire()
        self.moved = True
        if self.route == "v1":  # the owner names another server at the next start
            self._explain(HOUR)

    def _explain(self, span: timedelta) -> None:
        self.troubles.append((self.clock.now(), self.clock.now() + span))

    async def poke(self) -> None:
        """Another program asks the same with the same token, just before the service's turn."""
        await self.clock.advance(self.clock.until_next - 1)
        self.pokes.append(self.clock.now())
        self._explain(LASTS)
        form = {"tlx_sn": self.cloud.serial}
        headers = {"token": self.cloud.cloud.token}
        url = f"{self.cloud.announcement()['base_url']}v1/device/tlx/tlx_last_data"
        async with aiohttp.ClientSession() as session, session.post(url, data=form, headers=headers) as answer:
            assert (await answer.json(content_type=None))["error_code"] == 0
        self._seen[id(self.cloud)] = len(self.cloud.requests)

    def script(self) -> list[tuple[datetime, Strike]]:
        """All deaths and faults, a lock-out of a day, and a move, none while another one is going on."""
        strikes: list[Strike] = [
            self.fails("waf", away=HOUR),
            self.fails("throttled", away=HOUR),
            *(self.fails(fault) for fault in ("gateway", "maintenance", "empty", "truncated")),
        ]
        if self.route == "shine":
            strikes += [self.dies(form) for form in DEATHS] + [self.locks]
        else:
            strikes += [self.fails("no-permission"), self.poke, self.poke]
        half = len(strikes) // 2
        strikes = [*strikes[half:], self.moves, *strikes[:half]]  # the lock-out in the midst, and then the move
        free = timedelta(days=self.days) - DAY - 2 * HOUR
        step = free / (len(strikes) + 1)
        at = self.clock.now()
        found: list[tuple[datetime, Strike]] = []
        for strike in strikes:
            at += step
            found += [(at, strike), (at + LASTS, self.heals)] if strike != self.moves else [(at, strike)]
            at += DAY if strike == self.locks else timedelta(0)
        return found

    # -- the owner's side

    def config(self) -> Config:
        told = self.cloud.announcement()
        secret = self.folder / "secret"
        secret.write_text(told["token" if self.route == "v1" else "password"], "utf-8")
        secret.chmod(0o600)
        url = f"growatt+v1://{_host(self.cloud)}" if self.route == "v1" else f"growatt://{told['username']}@"
        address = DeviceURL.parse(f"{url}?scheme=http")
        if self.route == "v1":
            system = SystemConfig(name="roof", url=address, token_file=secret)
        else:
            system = SystemConfig(name="roof", url=address, password_file=secret)
        return Config(
            sites=(SiteConfig(timezone="Europe/Berlin"),),
            systems=(system,),
            recorder=RecorderConfig(path=self.folder / "record.db"),
        )

    async def pass_by(self) -> None:
        script, end = self.script(), self.clock.now() + timedelta(days=self.days)
        while self.clock.now() < end:
            await self._hour(script)
        assert not script

    async def _hour(self, script: list[tuple[datetime, Strike]]) -> None:
        """One run of the program."""
        stop = self.clock.now() + HOUR
        async with Service(self.config(), clock=self.clock) as service:
            watching = service.hub.subscribe(keep="all")
            while True:
                await self.clock.until_asleep()
                self._note()
                now = self.clock.now()
                while script and script[0][0] <= now:
                    await script.pop(0)[1]()
                if now >= stop:
                    break
                nearest = min(stop, script[0][0] if script else stop) - now
                await self.clock.advance(min(nearest.total_seconds(), self.clock.until_next))
            for one in watching.take():
                if error := getattr(one, "error", None):
                    self.errors[error] += 1
        self.restarts += 1

    def _note(self) -> None:
        """What the cloud was asked since the last time, and whether it has told a reading."""
        now = self.clock.now()
        for cloud in (self.home, self.away):
            asked = cloud.requests[self._seen[id(cloud)] :]
            self._seen[id(cloud)] += len(asked)
            self.daily[(now - NOON).days] += len(asked)
            if "login" in asked:  # what came before was asked of a dead session
                asked = asked[len(asked) - asked[::-1].index("login") :]
            poked = bool(self.pokes) and now - self.pokes[-1] < timedelta(seconds=300)
            if READINGS[self.route] in asked and not cloud.cloud.faults.difference(DEAD_FORMS) and not poked:
                self.told.append(now)

    @property
    def own_locks(self) -> int:
        """How often the cloud locked the account, or refused a question for coming too early, unscripted."""
        locks = sum(cloud.account.locked_until is not None for cloud in (self.home, self.away))
        early = sum(count for error, count in self.errors.items() if "10012" in error)
        return locks + early - (1 if self.route == "shine" else len(self.pokes))

    @property
    def logins(self) -> int:
        return sum(len(cloud.account.logins) for cloud in (self.home, self.away))

    @property
    def tried(self) -> int:
        return sum(cloud.requests.count("login") for cloud in (self.home, self.away))


def _host(cloud: GrowattSimulator) -> str:
    told = cloud.announcement()
    return f"{told['host']}:{told['port']}"


def recorded(month: Month) -> list[datetime]:
    history = History(month.folder / "record.db")
    return [sample.time for sample in history.samples(NOON, month.clock.now() + DAY, system="roof")]


@pytest.mark.prove
@pytest.mark.parametrize("route", READINGS)
async def test_a_month(
    route: str, scale: float, figure: Figure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Month(route, max(round(DAYS * scale), FEWEST), tmp_path) as month:
        monkeypatch.setattr(account, "DEFAULT_SERVER", _host(month.home))
        await month.pass_by()
        samples = recorded(month)
        interval = timedelta(seconds=month.config().systems[0].seconds)
    assert len(samples) == len(month.told)
    # A question that came a moment too early has waited, and its answer counts as of the middle.
    assert all(abs(one - told) <= timedelta(seconds=GRACE / 2) for one, told in zip(samples, month.told, strict=True))
    gaps = [
        (before, after)
        for before, after in pairwise(month.told)
        if after - before > 2 * interval and not any(begin < after and before < end for begin, end in month.troubles)
    ]
    assert gaps == []
    assert month.own_locks == 0
    assert month.logins == (1 + len(DEATHS) + 2 if route == "shine" else 0)  # the lock-out and the move end one each
    assert month.tried == month.logins + (2 if route == "shine" else 0)  # and were told once each
    assert month.logins <= month.days + len(DEATHS)
    figure(f"{month.days} days of Growatt by {route}, every {interval.seconds} s", table(month, samples))


def table(month: Month, samples: list[datetime]) -> str:
    by_user = month.route == "shine"
    rows = {
        "restarts": month.restarts,
        "sessions ended, lock-outs, moves": f"{month.deaths}, {int(by_user)}, 1",
        "logins, and those refused": f"{month.logins}, {month.tried - month.logins}",
        "refusals of our own making": month.own_locks,
        "answers told, and recorded once": f"{len(month.told)}, {len(samples)}",
        "requests a day, most": max(month.daily.values()),
    }
    return "".join(f"\n    {name:34} {value}" for name, value in rows.items())
