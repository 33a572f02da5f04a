"""Every fault that a real house meets, one at a time, over real sockets: back by itself, and the energies are right.

Time is as fast as the product: it runs ahead only while every poller waits.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from heliobus.cli.demo.check import judge
from heliobus.cli.demo.street import Neighbour
from heliobus.cli.demo.troubles import Case
from heliobus.model.event import Event, EventKind
from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.supervisor import Service
from heliobus.simulation import House, Plant
from heliobus.simulation.chaos import Chaos, ThroughChaos
from heliobus.simulation.clock import PatientClock
from heliobus.simulation.faults import Fault, Player
from heliobus.vendor import SimulationOptions, vendors
from tests.e2e.appliances import MORNING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from heliobus.service.hub import Subscription

AHEAD = 1e5
BEFORE, FOR, AFTER = timedelta(minutes=40), timedelta(minutes=20), timedelta(minutes=60)
LATENESS = 5.0
PACE = {"senec": 30.0, "e3dc": 30.0, "growatt": 660.0}
_LOST, _BACK = EventKind.SOURCE_LOST, EventKind.SOURCE_BACK


class Scene(NamedTuple):
    vendor: str
    fault: str
    events: frozenset[EventKind] = frozenset()
    """What the owner is told."""
    wire: str | None = None
    profile: str | None = None
    lasting: timedelta = FOR

    def __str__(self) -> str:
        return "-".join(filter(None, (self.vendor, self.wire, self.profile, self.fault)))


AWAY = frozenset({_LOST, _BACK})
PEER = frozenset({EventKind.PEER_CHANGED})
SCENES = (
    Scene("senec", "router-away", AWAY, wire="https"),
    Scene("e3dc", "router-away", AWAY),
    Scene("growatt", "router-away"),
    Scene("senec", "wire-flips", PEER, wire="https"),
    Scene("senec", "wire-flips", PEER, wire="http"),
    Scene("e3dc", "cut-frame", AWAY),
    *(Scene("growatt", f"dead-{form}") for form in ("302", "302-login", "page", "500", "json")),
    Scene("growatt", "locked-1h", AWAY, lasting=timedelta(hours=1)),
    Scene("senec", "counter-reset", profile="0811"),
    Scene("growatt", "counter-reset"),
    *(Scene(vendor, "clock-jump") for vendor in PACE),
)


@cache
def house(seed: int = 3) -> Plant:
    return Plant(seed, house=House.draw(seed))


async def record(scene: Scene, folder: Path) -> tuple[Neighbour, Case, set[EventKind], Any]:
    vendor, plant = vendors()[scene.vendor], house()
    clock = PatientClock(MORNING)
    profile = scene.profile or vendor.demo.profile
    options = SimulationOptions(plant=plant, clock=clock, wire=scene.wire, profile=profile)
    device, proxy = vendor.simulate(options), Chaos()
    async with ThroughChaos(device, proxy) as reached:
        told = reached.announcement()
        interval = PACE[scene.vendor]
        secrets: dict[str, Any] = {}
        for word in ("password", "key"):
            if word in told:
                (folder / word).write_text(told[word])
                (folder / word).chmod(0o600)
                secrets[f"{word}_file"] = folder / word
        config = Config(
            sites=(SiteConfig(timezone="Europe/Berlin"),),
            systems=(SystemConfig(name=scene.vendor, url=told["url"], interval=interval, **secrets),),
            recorder=RecorderConfig(path=folder / "record.db", durability="strict"),
        )
        player = Player(device, clock=clock, proxy=proxy)
        wire = next(one for one in vendor.wires if scene.wire in {None, one.name})
        neighbour = Neighbour(
            name=scene.vendor,
            site="Home",
            vendor=vendor,
            wire=wire,
            interval=interval,
            simulator=reached,
            player=player,
        )
        service = Service(config, clock=clock)
        heard = service.hub.subscribe(keep="all")
        async with service:
            first = await anext(heard)
            while isinstance(first, Event):
                first = await anext(heard)
            clock.run_at(AHEAD)
            await player.run([Fault(name=scene.fault, at=BEFORE, duration=scene.lasting)])
            await clock.sleep(AFTER.total_seconds())
            case, kinds = seen(heard, player, neighbour)
        return neighbour, case, kinds, service.history


def seen(heard: Subscription, player: Player, neighbour: Neighbour) -> tuple[Case, set[EventKind]]:
    (mark,) = player.marks
    assert mark.ended is not None
    items = heard.take()
    good = [item.at for item in items if not isinstance(item, Event) and item.snapshot is not None]
    back = min(moment for moment in good if moment > mark.ended)
    case = Case(
        system=neighbour.name,
        name=mark.name,
        began=mark.began,
        ended=mark.ended,
        recovered_s=(back - mark.ended).total_seconds(),
        allowed_s=2 * neighbour.interval + LATENESS,
    )
    ignored = {EventKind.STATE_CHANGED}
    return case, {item.kind for item in items if isinstance(item, Event)} - ignored


@pytest.mark.parametrize("scene", SCENES, ids=str)
async def test_back_by_itself_and_right(tmp_path: Path, scene: Scene) -> None:
    neighbour, case, kinds, history = await record(scene, tmp_path)
    assert case.ok, f"good again {case.recovered_s:.0f} s after the end"
    assert kinds == scene.events
    verdict = judge(history, neighbour, [case])
    assert not verdict.wrong
    assert [row for row in verdict.rows if not row.ok] == []
    assert len(verdict.rows) == 6
