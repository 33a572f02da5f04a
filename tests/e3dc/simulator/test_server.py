from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import Cipher, Connection, Item, Timestamp, Type, build_frame, encode, tags
from heliobus.e3dc.simulator import PROFILES, E3dcSimulator
from heliobus.errors import UsageError
from heliobus.simulation.clock import ManualClock
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions

from .conftest import NOON, new_house, request

if TYPE_CHECKING:
    from .conftest import Start


def simulator(**options: object) -> E3dcSimulator:
    made = SimulationOptions(plant=new_house(), clock=ManualClock(NOON), **options)  # type: ignore[arg-type]
    return E3dcSimulator(made)


async def test_announcement(start: Start) -> None:
    bench = await start()
    told = bench.simulator.announcement()
    url = DeviceURL.parse(told["url"])
    assert (told["vendor"], url.scheme, url.user) == ("e3dc", "e3dc", told["username"])
    assert (url.host, url.port) == (told["host"], told["port"])
    assert {"password", "key", "serial"} <= told.keys()
    assert told["password"] not in told["url"]


@pytest.mark.parametrize("profile", [None, *PROFILES])
async def test_every_profile_answers(start: Start, profile: str | None) -> None:
    link = await (await start(profile=profile)).log_in()
    assert (await link.one("EMS_REQ_POWER_PV")).number is not None


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"wire": "smoke"}, "wire"),
        ({"profile": "s11"}, "profile"),
        ({"faults": ("gremlins",)}, "fault"),
        ({"replay": "x.json"}, "recordings"),
    ],
)
def test_what_cannot_be_simulated(options: dict[str, object], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        simulator(**options)


async def test_a_port_in_use(start: Start) -> None:
    port = (await start()).simulator.announcement()["port"]
    with pytest.raises(UsageError, match="in use"):
        async with simulator(port=port):
            pass


async def test_it_comes_back_on_its_port(start: Start) -> None:
    made = simulator()
    ports = []
    for _ in range(2):
        async with made:
            ports.append(made.announcement()["port"])
    assert ports[0] == ports[1]


# -- the wire


async def test_frames_and_connections_are_counted(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    assert (bench.simulator.connections, bench.simulator.frames) == (1, 1)
    await link.ask("EMS_REQ_POWER_PV", "EMS_REQ_POWER_BAT", "EMS_REQ_BAT_SOC")
    assert bench.simulator.frames == 2
    await bench.log_in()
    assert (bench.simulator.connections, bench.simulator.frames) == (2, 3)


@pytest.mark.parametrize("crc", [True, False])
async def test_answers_have_a_checksum_if_the_request_has(start: Start, crc: bool) -> None:
    link = await (await start()).log_in()
    assert (await link.exchange(request("EMS_REQ_POWER_PV"), crc=crc)).crc is crc


async def test_frames_tell_the_device_s_time(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    first, second = [await link.exchange(request("EMS_REQ_POWER_PV")) for _ in range(2)]
    assert first.time.seconds == second.time.seconds == Timestamp.of(NOON).seconds
    assert first.time != second.time
    assert first.data == second.data


async def test_an_empty_request_has_an_empty_answer(start: Start) -> None:
    link = await (await start()).log_in()
    assert await link.ask() == []


async def test_what_does_not_fit_in_a_frame_is_not_answered(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    most = [request("EMS_REQ_GET_SYS_SPECS")] * 40
    assert len(await link.ask(*most)) == 40
    assert await link.ask(*most, *most) == []
    assert (await link.one("EMS_REQ_POWER_PV")).error is None


async def test_several_requests_at_once_are_answered_in_turn(start: Start) -> None:
    link = await (await start()).log_in()
    names = ["EMS_REQ_POWER_PV", "EMS_REQ_POWER_BAT", "EMS_REQ_BAT_SOC"]
    link.writer.write(b"".join(link.connection.send(link.frame(request(name))) for name in names))
    answers = [(await link.receive()).data[:4] for _ in names]
    assert answers == [tags.code(name.replace("REQ_", "")).to_bytes(4, "little") for name in names]


async def test_a_request_in_single_bytes(start: Start) -> None:
    link = await (await start()).log_in()
    for byte in link.connection.send(link.frame(request("EMS_REQ_POWER_PV"))):
        link.writer.write(bytes([byte]))
        await link.writer.drain()
    assert (await link.receive()).data


# -- hostile input


async def test_a_wrong_key_is_met_with_silence(start: Start) -> None:
    bench = await start()
    link = await bench.connect(key="another key")
    link.writer.write(link.connection.send(link.frame(request("EMS_REQ_POWER_PV"))))
    assert await link.reader.read() == b""
    assert bench.simulator.frames == 0


@pytest.mark.parametrize(
    "data",
    [
        b"\x01",
        encode([request("EMS_REQ_POWER_PV")])[:-1],
        encode([Item(tags.EMS_REQ_SET_POWER, Type.CONTAINER, b"\x01\x00\x00\x01\x00\xff\xff")]),
        encode([Item(tags.EMS_REQ_SET_POWER, Type.CONTAINER, b"x")]),
    ],
)
async def test_items_that_are_none_end_the_connection(start: Start, data: bytes) -> None:
    bench = await start()
    link = await bench.log_in()
    link.writer.write(link.connection.send(build_frame(data, time=Timestamp(0))))
    assert await link.reader.read() == b""
    await bench.log_in()


async def test_garbage_never_hurts(start: Start) -> None:
    bench = await start()
    chance = random.Random(1)
    right = Connection(Cipher(bench.simulator.announcement()["key"]))
    good = right.send(build_frame(encode([request("EMS_REQ_POWER_PV")]), time=Timestamp(0)))
    for _ in range(40):
        link = await bench.connect()
        hostile = bytearray(good * chance.randint(1, 3))
        for _ in range(chance.randint(1, 9)):
            hostile[chance.randrange(len(hostile))] = chance.randrange(256)
        link.writer.write(bytes(hostile[: chance.randint(1, len(hostile))]))
        link.writer.write_eof()
        await link.reader.read()
    assert (await (await bench.log_in()).one("EMS_REQ_POWER_PV")).error is None


async def test_a_client_that_leaves_in_mid_frame(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    link.writer.write(link.connection.send(link.frame(request("EMS_REQ_POWER_PV")))[:31])
    link.close()
    assert (await (await bench.log_in()).one("EMS_REQ_POWER_PV")).error is None
