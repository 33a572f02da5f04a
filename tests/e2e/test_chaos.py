"""Networks and appliances that change under a running service: it recovers by itself, and never lies meanwhile.

Every reading of every scene is compared with the simulated house: a value is right or unknown, never 0 for unknown.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from heliobus.errors import Refused
from heliobus.model import fields
from heliobus.model.command import Charge
from heliobus.model.event import Event, EventKind
from heliobus.service.config import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.supervisor import Service
from heliobus.simulation import truth
from heliobus.simulation.chaos import Chaos, Toxics
from heliobus.simulation.clock import ManualClock
from heliobus.transport.tls import FilePins
from heliobus.url import DeviceURL
from tests.e2e.appliances import MORNING, appliance

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from heliobus.senec.simulator import SenecSimulator
    from heliobus.service.hub import Reading, Subscription
    from tests.conftest import Figure

pytestmark = pytest.mark.prove

NOON = MORNING + timedelta(hours=4)
INTERVAL = 10.0
FLOWS = ("pv.power", "grid.power", "load.power", "battery.power", "battery.soc")
COUNTERS = ("pv.energy", "load.energy", "grid.import_energy", "grid.export_energy")


@dataclass
class Scene:
    """A service that polls a SENEC through a proxy; everything it publishes is judged as it comes."""

    device: SenecSimulator
    proxy: Chaos
    service: Service
    clock: ManualClock
    heard: Subscription
    events: list[Event] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """What stood on the screen after each poll: new values, or the last ones and their age."""

    async def beat(self) -> bool:
        """Let an interval pass and its poll end; gives whether that was a good one."""
        await self.clock.advance(INTERVAL)
        await self.clock.until_asleep()
        return self.judge()

    def judge(self) -> bool:
        good = False
        for item in self.heard.take():
            if isinstance(item, Event):
                self.events.append(item)
            else:
                good = self._judge(item)
        status = self.service.systems()[0]
        word = status.status if status.snapshot is None else f"{status.status} ({status.age_s:.0f} s old)"
        self.shown.append("ok" if good else word)
        return good

    def _judge(self, reading: Reading) -> bool:
        if reading.snapshot is None:
            assert reading.error
            return False
        plant, moment = self.device.plant, reading.snapshot.received_at.replace(microsecond=0)  # as the device counts
        true = truth.powers(plant, moment) | truth.energies(plant, moment)
        for path in (*FLOWS, *COUNTERS):
            told = fields.get(reading.snapshot, path)
            assert told is None or told == pytest.approx(true[path], rel=1e-5), path
        return all(fields.get(reading.snapshot, path) is not None for path in FLOWS)

    async def recover(self, most: int) -> int:
        """Poll until a poll is good; gives their number, which must not pass ``most``."""
        for poll in range(1, most + 1):
            if await self.beat():
                return poll
        pytest.fail(f"not recovered after {most} polls: {self.shown}")

    def told(self, kind: EventKind) -> list[Event]:
        return [event for event in self.events if event.kind is kind]

    async def refuses_writes(self) -> None:
        with pytest.raises(Refused, match=r"nothing is written|does not show a certificate"):
            await self.service.gatekeeper.execute("roof", Charge(), who="test")
        self.heard.take()
        assert self.device.plant.overrides == ()
        await self.clock.advance(INTERVAL)  # the gate lets one command through in 10 s
        await self.clock.until_asleep()
        self.judge()

    async def obeys(self) -> None:
        execution = asyncio.create_task(self.service.gatekeeper.execute("roof", Charge(), who="test"))
        while not execution.done():
            await asyncio.sleep(0.01)
            await self.clock.advance(1)
        assert (await execution).status == "applied"
        assert len(self.device.plant.overrides) == 1


@asynccontextmanager
async def scene(folder: Path, *, driven: bool = False, patience: float = 10.0, **options: Any) -> AsyncIterator[Scene]:
    clock = ManualClock(NOON)
    async with AsyncExitStack() as stack:
        device = await stack.enter_async_context(appliance(clock, **options))
        told = device.announcement()
        proxy = await stack.enter_async_context(Chaos((told["host"], told["port"])))
        url = DeviceURL.parse(f"senec://127.0.0.1:{proxy.port}?timeout={patience}")
        config = Config(
            sites=(SiteConfig(timezone="Europe/Berlin"),),
            systems=(SystemConfig(name="roof", url=url, interval=INTERVAL),),
            recorder=RecorderConfig(path=folder / "record.db"),
            control=ControlConfig(enabled=True),
        )
        service = Service(config, clock=clock, driven=driven)
        heard = service.hub.subscribe(keep="all")
        await stack.enter_async_context(service)
        one = Scene(device, proxy, service, clock, heard)
        if not driven:
            await clock.until_asleep()
            assert one.judge()
            assert await one.beat()
            one.shown.clear()
        yield one


class Row(Protocol):
    def __call__(self, fault: str, one: Scene, polls: int) -> None: ...


@pytest.fixture
def row(figure: Figure) -> Row:
    """Give ``row(fault, scene, polls)``: a line of the table of faults; the last poll but ``polls`` saw it end."""

    def add(fault: str, one: Scene, polls: int) -> None:
        shown = list(dict.fromkeys(word for word in one.shown if word != "ok"))
        meanwhile = f"{shown[0]} to {shown[-1]}" if len(shown) > 2 else ", ".join(shown) or "new values all along"
        figure("chaos", f"{fault}: good with poll {polls}, {polls * INTERVAL:.0f} s; shown meanwhile: {meanwhile}")

    return add


# -- the appliance changes


async def test_http_to_https(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="http") as one:
        await one.device.change(wire="https")
        polls = await one.recover(3)
        (event,) = one.told(EventKind.PEER_CHANGED)
        assert event.system == "roof"
        assert event.data["accepted"], "safer than before"
        assert one.device.certificate is not None
        assert event.data["new"]["fingerprint"] == one.device.certificate.fingerprint
        row("http to https", one, polls)
        await one.obeys()


async def test_https_to_http_and_back_with_a_new_certificate(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="https") as one:
        assert one.device.certificate is not None
        known = one.device.certificate.fingerprint
        await one.device.change(wire="http", renew=True)
        polls = await one.recover(3)
        row("https to http", one, polls)
        await one.refuses_writes()
        one.shown.clear()
        await one.device.change(wire="https")
        polls = await one.recover(6)
        row("http to https with a new certificate", one, polls)
        await one.refuses_writes()
        down, up = one.told(EventKind.PEER_CHANGED)
        new = one.device.certificate.fingerprint
        assert (down.data["old"]["fingerprint"], down.data["new"]) == (known, {"scheme": "http", "fingerprint": None})
        assert (up.data["new"]["fingerprint"], up.data["accepted"]) == (new, False)
        FilePins(one.service.config.recorder.certificates).put(f"127.0.0.1:{one.proxy.port}", new)
        assert await one.beat()
        await one.obeys()


async def test_a_new_certificate(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="https") as one:
        await one.device.change(renew=True)
        polls = await one.recover(2)
        (event,) = one.told(EventKind.PEER_CHANGED)
        assert not event.data["accepted"]
        row("another certificate", one, polls)
        await one.refuses_writes()


async def test_the_statistic_goes(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="https", profile="0811") as one:
        one.device.faults = ("statistic-gone",)
        polls = await one.recover(1)
        for _ in range(3):
            assert await one.beat()
        (event,) = one.told(EventKind.FIELD_VANISHED)
        lost = {*COUNTERS, "batteries.1.charge_energy", "batteries.1.discharge_energy"}
        assert set(event.data["fields"]) == lost
        assert datetime.fromisoformat(event.data["last_told"]) == NOON + timedelta(seconds=INTERVAL)
        assert all(path in event.text for path in lost)
        snapshot = one.service.systems()[0].snapshot
        assert snapshot is not None
        assert snapshot.pv.energy is None
        row("STATISTIC gone", one, polls)


async def test_another_firmware(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="https", profile="0811") as one:
        await one.device.change(profile="2411")
        polls = await one.recover(2)
        for _ in range(5):
            assert await one.beat()
        (vanished,) = one.told(EventKind.FIELD_VANISHED)
        assert "pv.energy" in vanished.data["fields"]
        (changed,) = one.told(EventKind.DEVICE_CHANGED)
        assert "NPU 2011" in changed.data["firmware"]["old"]
        assert "NPU 2411" in changed.data["firmware"]["new"]
        assert not one.told(EventKind.PEER_CHANGED)
        row("firmware 0811 to 2411", one, polls)


async def test_a_board_swap(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="https", profile="0826") as one:
        serial = one.device.announcement()["serial"]
        await one.device.swap_board()
        polls = await one.recover(3)
        (peer,) = one.told(EventKind.PEER_CHANGED)
        (changed,) = one.told(EventKind.DEVICE_CHANGED)
        assert not peer.data["accepted"]
        assert {"serial", "firmware"} <= changed.data.keys()
        assert serial not in changed.text
        status = one.service.systems()[0]
        assert status.device is not None
        assert status.device.serial == one.device.announcement()["serial"] != serial
        row("board swap (new serial, http, old image)", one, polls)
        await one.refuses_writes()


# -- the network goes wrong


async def test_the_router_is_away_for_five_minutes(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="https") as one:
        await one.proxy.down()
        for _ in range(30):
            assert not await one.beat()
        await one.proxy.up()
        polls = await one.recover(2)
        (lost,) = one.told(EventKind.SOURCE_LOST)
        (back,) = one.told(EventKind.SOURCE_BACK)
        assert lost.at < back.at
        assert not one.told(EventKind.PEER_CHANGED)
        row("router away for 300 s, then", one, polls)


async def test_a_half_open_connection(tmp_path: Path, row: Row) -> None:
    async with scene(tmp_path, wire="https", patience=0.5) as one:
        one.proxy.toxics = Toxics(timeout=0)  # the answer over the old connection never comes ...
        passed = one.proxy.passed
        beat = asyncio.create_task(one.beat())
        await asyncio.sleep(0.2)
        assert one.proxy.passed == passed
        one.proxy.toxics = Toxics()  # ... and a new one works
        polls = 1 if await beat else 1 + await one.recover(1)
        row("half-open connection", one, polls)


@pytest.mark.parametrize(
    ("words", "passes"),
    [
        *(("latency=50ms", True), ("latency=5ms jitter=20ms", True), ("bandwidth=200", True), ("slicer=1", True)),
        *(("reset_peer=0", False), ("timeout=0", False), ("timeout=10ms", False), ("limit_data=700", False)),
    ],
)
@pytest.mark.parametrize("wire", ["http", "https"])
async def test_a_bad_line(tmp_path: Path, words: str, passes: bool, wire: str, row: Row) -> None:
    async with scene(tmp_path, wire=wire, patience=1 if passes else 0.2) as one:
        one.proxy.toxics = Toxics.parse(words.split())
        await one.proxy.cut()
        for _ in range(4):
            assert await one.beat() == passes
        one.proxy.toxics = Toxics()
        polls = await one.recover(2)
        assert not one.told(EventKind.PEER_CHANGED)
        row(f"{words} over {wire} for 4 polls, then", one, polls)


@pytest.mark.parametrize("wire", ["http", "https"])
async def test_answers_cut_at_every_byte(tmp_path: Path, wire: str, scale: float, figure: Figure) -> None:
    step = max(1, round(0.3 / scale)) if scale < 1 else 1
    failed = whole = 0
    async with scene(tmp_path, driven=True, wire=wire, patience=2) as one:
        await one.service.poll("roof")
        assert one.judge()
        await one.proxy.cut()
        before = one.proxy.passed
        await one.service.poll("roof")
        size = one.proxy.passed - before
        assert one.judge()
        signature = 8 if wire == "https" else 0  # a handshake's is some bytes longer or shorter each time
        for limit in range(0, size + signature + step, step):
            one.proxy.toxics = Toxics(limit_data=limit)
            await one.proxy.cut()
            await one.clock.advance(INTERVAL)
            await one.service.poll("roof")
            good = one.judge()
            failed, whole = failed + (not good), whole + good
            if abs(limit - size) > signature or not signature:
                assert good == (limit >= size), f"cut after {limit} of {size} bytes"
        one.proxy.toxics = Toxics()
        await one.proxy.cut()
        await one.service.poll("roof")
        assert one.judge(), "good again with the next poll"
        assert not one.told(EventKind.PEER_CHANGED)
    figure(
        "chaos", f"{wire} answers of {size} bytes cut at {failed} places: no value came of any, good with the next poll"
    )
