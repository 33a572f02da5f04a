"""The state behind all routes of the simulated cloud: houses, their inverters, the account, and what goes wrong."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from heliobus.errors import UsageError
from heliobus.growatt.simulator import pages
from heliobus.growatt.simulator.account import CloudAccount, locked
from heliobus.growatt.simulator.faults import ENDS, LOCKS, faults_of
from heliobus.growatt.simulator.house import Moment
from heliobus.growatt.simulator.settings import SettingsStore
from heliobus.growatt.simulator.together import Together
from heliobus.simulation.plant import Plant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heliobus.growatt.protocol import Json
    from heliobus.transport.clock import Clock

_RECENT = timedelta(minutes=5)
_BIG = 10_000_000
_SECRET_SEED = 2**32
SERIALS = {
    "mix": "SIMMIX",
    "tlx": "SIMTLX",
    "spa": "SIMSPA",
    "storage": "SIMSPF",
    "inverter": "SIMINV",
    "max": "SIMMAX",
    "noah": "SIMNOA",
    "nexa": "SIMNEX",
    "wit": "SIMWIT",
    "sph-s": "SIMSPS",
}
"""The families, with how the serial numbers of their inverters begin."""


class Cloud:
    """One account with one plant and an inverter of each family of the profile, which are joined by ``+``.

    Each has its house, built like the first's, its datalogger and its settings; this is the first one's side, and the
    others are ``members``, too.  Making one raises UsageError for an unknown family or fault, and for a time at which
    the houses do not stand yet.
    """

    def __init__(self, *, plant: Plant, clock: Clock, profile: str, faults: Iterable[str]) -> None:
        family, *others = profile.split("+")
        if family not in SERIALS:
            known = ", ".join(SERIALS)
            raise UsageError(f"no Growatt profile {family!r}", remedy=f"Use one of: {known}; or several: tlx+mix.")
        plant.at(clock.now())
        self.plant: Plant = plant
        self.clock: Clock = clock
        self.family: str = family
        seed = plant.seed % 10_000_000
        self.serial: str = f"{SERIALS[family]}{seed:07d}"
        self.datalogger: str = f"LOG{seed:07d}"
        secret = (plant.seed * 2_654_435_761) % _SECRET_SEED
        self.account: CloudAccount = CloudAccount(
            user_id=1_000_000 + seed,
            username=f"owner{seed}",
            password=f"Sonne-{secret:08x}",
            plant_id=str(2_000_000 + seed),
            plant_name="Simulated house",
        )
        self.token: str = f"token{secret:027x}"
        """What the routes by token take."""
        self.settings: SettingsStore = SettingsStore(family, clock, seed=plant.seed)
        """What the inverter is set to."""
        self.plant_settings: dict[str, Json] = {}
        """What was changed of the plant's settings."""
        self.requests: list[str] = []
        """The calls so far, by their names in the tables of the routes, or else their pages."""
        self.region = "127.0.0.1:9"
        """The host that the look-up names."""
        self.named: tuple[str, ...] = ()
        self.faults: frozenset[str] = frozenset()
        self.members: list[Cloud] = [self]
        """The sides of all the plant's inverters, in the order of the profile."""
        for number, one in enumerate(others, 1):
            self._join(Cloud(plant=Plant(plant.seed + number, house=plant.house), clock=clock, profile=one, faults=()))
        self.fail(faults)

    def _join(self, other: Cloud) -> None:
        other.account, other.token, other.requests = self.account, self.token, self.requests
        other.members = self.members
        self.members.append(other)
        self.account.devices = len(self.members)

    def of(self, *numbers: str | None) -> Cloud:
        """The side of the inverter or datalogger with one of these serial numbers; this one where they are nobody's."""
        return next((one for one in self.members if one.serial in numbers or one.datalogger in numbers), self)

    def fail(self, names: Iterable[str]) -> None:
        """Let go wrong from now on what has these names in ``FAULTS``; what happens once happens when it is new."""
        self.named = tuple(names)
        faults = faults_of(self.named)
        new = faults - self.faults
        if new & ENDS:
            self.account.expire()
        for one in self.members:
            one.faults = faults
            if "counter-reset" in new:
                one.plant = one.plant.with_reset(self.clock.now())

    @property
    def lock(self) -> dict[str, Any] | None:
        """What a login is answered while a fault locks the account."""
        return next((locked(hours) for name, hours in LOCKS.items() if name in self.faults), None)

    def moment(self) -> Moment:
        """What the cloud knows of this inverter's house now."""
        now = self.clock.now()
        if "delayed" in self.faults:
            begin = datetime(1970, 1, 1, tzinfo=UTC)
            now = max(now - (now - begin) % _RECENT, self.plant.house.commissioned)
        return Moment(
            self.plant,
            now,
            offline="offline" in self.faults,
            stale="stale-midnight" in self.faults,
            skew=timedelta(hours="clock-jump" in self.faults),
        )

    def whole(self) -> Moment:
        """The same of the plant."""
        m = self.moment()
        return m if len(self.members) == 1 else replace(m, plant=Together([one.plant for one in self.members]))

    def refusal(self, request: web.Request) -> web.Response | None:
        """What a gateway answers before anybody looks at the account, or None."""
        return pages.refusal(self.faults, request.headers.get("User-Agent", ""))

    def json(self, content: Any) -> web.Response:
        """An answer with this content, as far as the faults let it through."""
        if "texts" in self.faults:
            content = _as_texts(content)
        charset = "gb18030" if "charset" in self.faults else "utf-8"
        body = json.dumps(content, ensure_ascii=False).encode(charset)
        response = web.Response(content_type="text/html", charset="UTF-8")  # whatever the charset is
        if "empty" in self.faults:
            body = b""
        if "truncated" in self.faults:
            body = body[: len(body) * 2 // 3]
        if "nul" in self.faults:
            body += b"\0" * 8
        if "big" in self.faults:
            body = gzip.compress(body[:-1] + b" " * _BIG + body[-1:])
            response.headers["Content-Encoding"] = "gzip"
        response.body = body
        return response


def _as_texts(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _as_texts(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_as_texts(value) for value in content]
    number = isinstance(content, (int, float)) and not isinstance(content, bool)
    return str(content) if number else content
