from __future__ import annotations

import asyncio
import contextlib
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from heliobus.errors import DeadlineExceeded, Error, NotSupported, ProtocolError, Refused, UsageError
from heliobus.growatt.client.datalogger import BlockingListener, Listener, listening
from heliobus.growatt.protocol.datalogger import (
    DataRecord,
    Frame,
    Type,
    build_frame,
    build_record,
    command_of,
    put_serial,
    set_register,
)
from heliobus.growatt.simulator.datalogger import LOGGER_FAULTS, DataloggerSimulator, free_port
from heliobus.model.command import SetReserve
from heliobus.model.quality import Quality
from heliobus.simulation.clock import FrozenClock, ManualClock
from heliobus.simulation.plant import Plant, summer_noon
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions
from tests.growatt.client.datalogger.peer import LOGGER, SERIAL, Logger, Server, announce, record

if TYPE_CHECKING:
    from heliobus.transport.clock import Clock

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
CLOCK = FrozenClock(NOON)
PLANT = Plant(1)


def listener(*, wait: float = 5.0, clock: Clock = CLOCK, **options: object) -> tuple[Listener, int]:
    port = free_port("127.0.0.1")
    return Listener("127.0.0.1", port=port, wait=wait, clock=clock, zone=UTC, **options), port  # type: ignore[arg-type]


# -- the conversation


async def test_what_a_datalogger_hears() -> None:
    clock = ManualClock(NOON)
    port = free_port("127.0.0.1")
    async with Listener("127.0.0.1", port=port, zone=ZoneInfo("Europe/Berlin"), clock=clock), Logger.to(port) as peer:
        answer = await peer.say(announce())
        assert (answer.type, answer.body) == (Type.ANNOUNCE, b"\0")
        await clock.until_asleep()
        await clock.advance(1.0)
        told = command_of(await peer.hear())
        assert (told.logger, told.start, told.data) == (LOGGER, 31, b"2026-06-01 14:00:01")
        ping = Frame(9, 0x06, 1, Type.PING, put_serial(LOGGER, 0x06))
        assert await peer.say(ping) == ping
        assert (await peer.say(record())).body == b"\0"
        # What needs no answer gets none: the next one heard is the next ping's.
        peer.writer.write(build_frame(ping._replace(type=Type.NOTE)))
        assert await peer.say(ping) == ping


async def test_the_last_record_is_read() -> None:
    source, port = listener()
    async with source, Logger.to(port) as peer:
        await peer.say(record(power=100.0))
        first = await source.read()
        await peer.say(record(power=250.5))
        second = await source.read(SERIAL)
        assert (first.pv.power, second.pv.power) == (100.0, 250.5)
        assert second.received_at == NOON
        assert second.source == "growatt/datalogger"
        assert [device.id for device in await source.devices()] == [SERIAL]
        raw = await source.raw()
        assert raw["record"]["values"]["pvpowerin"] == 250.5
        assert "pv.power" in source.capabilities.fields
        with pytest.raises(UsageError, match="detail"):
            await source.read(detail="everything")
        with pytest.raises(UsageError) as error:
            await source.read("other")
        assert SERIAL in error.value.remedy
        with pytest.raises(NotSupported):
            await source.execute(SetReserve(soc=10.0))


async def test_several_inverters() -> None:
    source, port = listener()
    async with source, Logger.to(port) as peer:
        await peer.say(record(serial="INVERTER1", power=1.0))
        await peer.say(record(serial="INVERTER2", power=2.0))
        assert (await source.read("INVERTER1")).pv.power == 1.0
        with pytest.raises(UsageError, match="several"):
            await source.read()


async def test_late_records_never_become_live() -> None:
    source, port = listener()
    dated = [datetime(2026, 6, 1, hour) for hour in (9, 7, 8, 9)]  # noqa: DTZ001
    async with source, Logger.to(port) as peer:
        await peer.say(record(power=100.0))
        for time in dated:
            late = DataRecord(
                kind=Type.BUFFERED,
                logger=LOGGER,
                serial=SERIAL,
                time=time,
                layout="min",
                values={"pvpowerin": float(time.hour)},
            )
            await peer.say(build_record(late))
        assert (await source.read()).pv.power == 100.0
        history = await source.history()
        assert [one.pv.power for one in history] == [7.0, 8.0, 9.0]
        assert [one.device_time for one in history] == [datetime(2026, 6, 1, hour, tzinfo=UTC) for hour in (7, 8, 9)]


async def test_what_is_too_old_is_stale() -> None:
    clock = ManualClock(NOON)
    source, port = listener(clock=clock, fresh=300.0)
    async with source, Logger.to(port) as peer:
        await peer.say(record())
        assert (await source.read()).quality_of("pv.power") is Quality.GOOD
        await clock.advance(301.0)
        old = await source.read()
        assert old.pv.power == 100.0
        assert old.quality_of("pv.power") is Quality.STALE
        await peer.say(record())
        assert (await source.read()).quality_of("pv.power") is Quality.GOOD


async def test_a_meter_beside_an_inverter() -> None:
    source, port = listener()
    meter = DataRecord(
        kind=Type.METER,
        logger=LOGGER,
        serial=SERIAL,
        layout="meter",
        values={"pos_rev_act_power": -809.8, "act_power_l1": -490.9, "voltage_l1": 235.5, "Current_l1": 2.2},
    )
    async with source, Logger.to(port) as peer:
        await peer.say(record())
        await peer.say(build_record(meter))
        read = await source.read()
        assert read.grid.power == -809.8
        assert (read.grid.phases[0].power, read.grid.phases[0].current) == (-490.9, 2.2)


# -- what goes wrong


async def test_nobody_connects() -> None:
    source, _ = listener(wait=0.05)
    async with source:
        with pytest.raises(DeadlineExceeded, match="no datalogger connected"):
            await source.read()


async def test_a_silent_datalogger() -> None:
    source, port = listener(wait=0.05)
    async with source, Logger.to(port) as peer:
        await peer.say(announce())
        with pytest.raises(DeadlineExceeded, match="is connected"):
            await source.devices()


async def test_the_port_is_in_use() -> None:
    source, port = listener()
    async with source:
        with pytest.raises(UsageError, match="in use") as error:
            await Listener("127.0.0.1", port=port).__aenter__()
        assert "Grott" in error.value.remedy
    async with Listener("127.0.0.1", port=port):  # it is free again
        pass


async def test_an_address_that_is_none() -> None:
    with pytest.raises(UsageError, match="cannot listen"):
        await Listener("nobody.invalid", port=free_port("127.0.0.1")).__aenter__()


async def test_garbage_ends_its_conversation_and_no_other() -> None:
    source, port = listener(wait=0.2)
    async with source, Logger.to(port) as good:
        async with Logger.to(port) as peer:
            peer.writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert await peer.ended()
        with pytest.raises(ProtocolError):
            await source.read()
        await good.say(record())
        assert (await source.read()).pv.power == 100.0


async def test_a_datalogger_that_is_not_wanted() -> None:
    source, port = listener(wait=0.2, logger="LOGOTHER")
    async with source, Logger.to(port) as peer:
        peer.writer.write(build_frame(record()))
        assert await peer.ended()
        with pytest.raises(Refused, match=LOGGER):
            await source.read()


async def test_a_datalogger_does_not_become_another() -> None:
    source, port = listener()
    async with source, Logger.to(port) as peer:
        await peer.say(record())
        peer.writer.write(build_frame(record(logger="LOGOTHER")))
        assert await peer.ended()


async def test_only_so_many_conversations() -> None:
    source, port = listener()
    async with source:
        peers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(33)]
        try:
            assert await peers[-1][0].read() == b""
        finally:
            for _, writer in peers:
                writer.transport.abort()


# -- the real server behind it


# One turn earlier the acceptance is under way, and asyncio itself forgets the connection.
@pytest.mark.parametrize("turns", range(3, 8))
async def test_a_connection_that_has_just_come_ends_with_the_rest(turns: int) -> None:
    hears, port = listener()
    async with hears:
        with socket.create_connection(("127.0.0.1", port)) as peer:
            for _ in range(turns):
                await asyncio.sleep(0)
            await hears.close()
            await asyncio.sleep(0)
            peer.settimeout(5.0)
            with contextlib.suppress(ConnectionResetError):
                assert await asyncio.to_thread(peer.recv, 1) == b""


async def test_everything_is_forwarded_and_commands_are_dropped() -> None:
    def speak(frame: Frame) -> list[Frame]:
        return [set_register(frame, logger=LOGGER, register=0, value=0)] if frame.type == Type.DATA else []

    async with Server(speak) as server:
        source, port = listener(forward=("127.0.0.1", server.port))
        async with source, Logger.to(port) as peer:
            ping = Frame(9, 0x06, 1, Type.PING, put_serial(LOGGER, 0x06))
            await peer.say(announce())
            await peer.say(record())
            await server.until(2)
            assert [frame.type for frame in server.heard] == [Type.ANNOUNCE, Type.DATA]
            assert server.heard[1] == record()
            # One acknowledgement each, ours, and no command.
            assert await peer.say(ping) == ping
            await server.until(3)


async def test_commands_come_through_when_they_are_wanted() -> None:
    asked = set_register(record(), logger=LOGGER, register=3, value=50)

    async with Server(lambda frame: [asked] if frame.type == Type.DATA else []) as server:
        source, port = listener(forward=("127.0.0.1", server.port), commands=True)
        async with source, Logger.to(port) as peer:
            await peer.say(record())
            assert await peer.hear() == asked
            peer.writer.write(build_frame(asked))
            await server.until(2)
            assert server.heard[1] == asked


async def test_a_server_that_is_away_gets_it_later() -> None:
    clock = ManualClock(NOON)
    server = Server()
    async with server:
        pass
    source, port = listener(clock=clock, forward=("127.0.0.1", server.port))
    async with source, Logger.to(port) as peer:
        await peer.say(record(power=1.0))
        assert (await source.read()).pv.power == 1.0
        await clock.until_asleep()
        async with server:
            await clock.advance(60.0)
            await server.until(1)
            assert server.heard == [record(power=1.0)]


async def test_a_server_that_comes_back_hears_the_announcement_first() -> None:
    clock = ManualClock(NOON)
    server = Server()
    async with server:
        source, port = listener(clock=clock, forward=("127.0.0.1", server.port))
        await source.__aenter__()
        async with Logger.to(port) as peer:
            await peer.say(announce())
            await clock.until_asleep()
            await clock.advance(1.0)
            await peer.hear()  # the time
            await peer.say(record(power=1.0))
            await server.until(2)
            await server.__aexit__()
            await clock.until_asleep()
            async with server:
                await peer.say(record(power=2.0))
                await clock.advance(60.0)
                await server.until(4)
                assert server.heard[2:] == [announce(), record(power=2.0)]
        await source.close()


# -- against the simulated datalogger


@pytest.mark.parametrize("profile", ["mix", "tlx"])
@pytest.mark.parametrize("fault", [None, "logger-02", "logger-05"])
async def test_the_simulated_datalogger(profile: str, fault: str | None) -> None:
    clock = FrozenClock(summer_noon(PLANT))
    options = SimulationOptions(plant=PLANT, clock=clock, profile=profile, faults=(fault,) if fault else ())
    async with DataloggerSimulator(options) as simulator:
        url = DeviceURL.parse(simulator.announcement()["url"])
        async with Listener(url.host, **listening(url), clock=clock) as source:
            read = await source.read()
            assert read.device is not None
            assert read.device.id == simulator.serial
            assert read.device_time == clock.now()
            truth = PLANT.at(clock.now())
            assert read.pv.power == pytest.approx(truth.pv, abs=0.05)
            assert read.grid.power == pytest.approx(truth.grid, abs=0.05)

        def block() -> object:
            with BlockingListener(url.host, **listening(url), clock=clock) as blocking:
                assert blocking.devices()[0].id == simulator.serial
                assert blocking.history() == ()
                return blocking.read()

        assert await asyncio.to_thread(block) == read


async def trouble(source: Listener) -> Error:
    with pytest.raises(Error) as error:
        await source.read()
    return error.value


@pytest.mark.parametrize("fault", ["logger-checksum", "logger-noise", "logger-silent"])
async def test_a_datalogger_with_a_fault_is_a_typed_error(fault: str) -> None:
    assert fault in LOGGER_FAULTS
    clock = FrozenClock(summer_noon(PLANT))
    async with DataloggerSimulator(SimulationOptions(plant=PLANT, clock=clock, faults=(fault,))) as simulator:
        url = DeviceURL.parse(simulator.announcement()["url"])
        async with Listener(url.host, **{**listening(url), "wait": 0.2}, clock=clock) as source:
            told = await trouble(source)
            while isinstance(told, DeadlineExceeded) and not (fault == "logger-silent" and "is connected" in str(told)):
                told = await trouble(source)  # it had not come yet, or not said what it says
    assert isinstance(told, DeadlineExceeded if fault == "logger-silent" else ProtocolError)
