from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import MAX_DATA, ErrorAnswer, ErrorCode, Item, Timestamp, Type, decode, tags
from heliobus.e3dc.simulator import FAULTS
from heliobus.e3dc.simulator.faults import IDLE, SLOW
from heliobus.errors import ProtocolError, UsageError

from .conftest import request

if TYPE_CHECKING:
    from .conftest import Bench, Link, Start

NAMES = ["EMS_REQ_POWER_PV", "EMS_REQ_GET_POWER_SETTINGS", "EMS_REQ_GET_SYS_SPECS", "EMS_REQ_GET_MANUAL_CHARGE"]


async def spoilt(start: Start, *faults: str) -> tuple[Bench, Link]:
    """A bench that has logged in before anything goes wrong."""
    bench = await start()
    link = await bench.log_in()
    bench.simulator.faults = faults
    return bench, link


def flat(items: list[Item]) -> list[Item]:
    return [found for item in items for found in (item, *flat(item.children))]


@pytest.mark.parametrize("name", FAULTS)
async def test_faults_come_and_go(start: Start, name: str) -> None:
    bench, link = await spoilt(start, name)
    assert bench.simulator.faults == (name,)
    bench.simulator.faults = ()
    right = await link.ask(*NAMES)
    assert [answer.error for answer in right] == [None] * len(NAMES)


async def test_unknown_faults_are_refused(start: Start) -> None:
    bench = await start()
    with pytest.raises(UsageError, match="no E3/DC fault 'gremlins'") as caught:
        bench.simulator.faults = ("midnight", "gremlins")
    assert "wallbox-at-1" in caught.value.remedy
    assert bench.simulator.faults == ()
    with pytest.raises(UsageError):
        await start(faults=("gremlins",))


# -- answers


async def test_unknown_tags_and_types_stand_in_each_container(start: Start) -> None:
    _, link = await spoilt(start, "unknown-tags")
    pv, *containers = await link.ask(*NAMES)
    assert pv.number is not None
    for container in containers:
        number, strange = container.children[:2]
        assert tags.name(number.tag) is None
        assert strange.type == 0x42
        assert len(container.children) > 2


async def test_flags_as_numbers(start: Start) -> None:
    bench, link = await spoilt(start, "bool-as-uchar8")
    answers = flat(await link.ask(*NAMES))
    assert Type.BOOL not in {answer.type for answer in answers}
    bench.simulator.faults = ()
    assert Type.BOOL in {answer.type for answer in flat(await link.ask(*NAMES))}


async def test_errors_with_the_tag_of_the_request(start: Start) -> None:
    _, link = await spoilt(start, "error-request-tag", "missing-values")
    unknown = Item(0x01123456)
    box = [request("WB_INDEX", Type.UCHAR8, 0), request("WB_REQ_PM_POWER_L1")]
    answer, data = await link.ask(unknown, request("WB_REQ_DATA", Type.CONTAINER, box))
    assert answer == Item(0x01123456, Type.ERROR, ErrorAnswer(ErrorCode.UNKNOWN_TAG))
    assert data.children[1] == Item(0x0E00000C, Type.ERROR, ErrorAnswer(ErrorCode.NOT_AVAILABLE))  # SPEC 3.3


async def test_a_busy_device(start: Start) -> None:
    bench, link = await spoilt(start, "again")
    assert {answer.error for answer in await link.ask(*NAMES)} == {ErrorAnswer(ErrorCode.AGAIN)}
    await bench.log_in()


async def test_settings_that_must_wait(start: Start) -> None:
    _, link = await spoilt(start, "settings-later")
    wanted = [request("EMS_MAX_CHARGE_POWER", Type.UINT32, 100)]
    answer = await link.one(request("EMS_REQ_SET_POWER_SETTINGS", Type.CONTAINER, wanted))
    assert answer.children == [Item(tags.EMS_RES_MAX_CHARGE_POWER, Type.CHAR8, -2)]


# -- frames


async def test_checksums_that_end_in_zero(start: Start) -> None:
    _, link = await spoilt(start, "crc-ends-00")
    link.writer.write(link.connection.send(link.frame(request("EMS_REQ_POWER_PV"))))
    whole = await link.plain()
    length = 18 + int.from_bytes(whole[16:18], "little") + 4
    assert whole[length - 1] == 0
    assert whole[length - 4 : length] != bytes(4)


async def test_an_empty_frame(start: Start) -> None:
    _, link = await spoilt(start, "empty-frame")
    assert (await link.exchange(request("EMS_REQ_POWER_PV"))).data == b""


async def test_a_full_frame(start: Start) -> None:
    _, link = await spoilt(start, "big")
    frame = await link.exchange(request("EMS_REQ_POWER_PV"))
    assert len(frame.data) == MAX_DATA
    assert decode(frame.data)[0].tag == tags.EMS_POWER_PV


async def test_too_deep(start: Start) -> None:
    _, link = await spoilt(start, "nesting-bomb")
    frame = await link.exchange(request("EMS_REQ_POWER_PV"))
    with pytest.raises(ProtocolError):
        decode(frame.data)


@pytest.mark.parametrize("name", ["wrong-crc", "wrong-magic", "garbage"])
async def test_frames_that_are_none(start: Start, name: str) -> None:
    _, link = await spoilt(start, name)
    with pytest.raises(ProtocolError):
        await link.one("EMS_REQ_POWER_PV")


async def test_a_frame_that_promises_more(start: Start) -> None:
    _, link = await spoilt(start, "wrong-length", "cut-frame")
    with pytest.raises(EOFError):
        await link.one("EMS_REQ_POWER_PV")
    assert link.connection.in_step
    assert link.connection.unfinished


# -- connections


@pytest.mark.parametrize("name", ["segments", "single-bytes"])
async def test_answers_in_pieces(start: Start, name: str) -> None:
    bench, link = await spoilt(start)
    right = await link.ask(*NAMES)
    bench.simulator.faults = (name,)
    for _ in range(5):
        assert await link.ask(*NAMES) == right
    assert link.pieces > 20


async def test_an_answer_that_breaks_off(start: Start) -> None:
    _, link = await spoilt(start, "cut-frame")
    with pytest.raises(EOFError):
        await link.one("EMS_REQ_POWER_PV")
    assert link.connection.unfinished


async def test_a_closed_door(start: Start) -> None:
    bench = await start(faults=("close",))
    link = await bench.connect()
    assert await link.reader.read() == b""


async def test_silence_and_slowness(start: Start) -> None:
    bench, link = await spoilt(start, "slow")
    asking = asyncio.create_task(link.one("EMS_REQ_POWER_PV"))
    await bench.clock.until_asleep()
    await bench.clock.advance(SLOW - 0.1)
    assert not asking.done()
    await bench.clock.advance(0.2)
    assert (await asking).error is None
    bench.simulator.faults = ("silent",)
    asking = asyncio.create_task(link.one("EMS_REQ_POWER_PV"))
    await bench.clock.until_asleep()
    await bench.clock.advance(3600)
    assert not asking.done()
    asking.cancel()


async def test_each_answer_twice(start: Start) -> None:
    _, link = await spoilt(start, "twice")
    assert (await link.one("EMS_REQ_POWER_PV")).tag == tags.EMS_POWER_PV
    assert (await link.one("EMS_REQ_POWER_BAT")).tag == tags.EMS_POWER_PV  # the old one


async def test_idle_connections_are_dropped(start: Start) -> None:
    bench, link = await spoilt(start, "idle-drop")
    assert (await link.one("EMS_REQ_POWER_PV")).error is None
    await bench.clock.until_asleep()
    await bench.clock.advance(IDLE - 1)
    assert (await link.one("EMS_REQ_POWER_PV")).error is None
    await bench.clock.until_asleep()
    await bench.clock.advance(IDLE)
    assert await link.reader.read() == b""


async def test_the_clock_jumps_and_the_house_does_not(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    names = ("INFO_REQ_UTC_TIME", "INFO_REQ_TIME", "EMS_REQ_POWER_GRID")
    *before, power = [answer.value for answer in await link.ask(*names)]
    bench.simulator.faults = ("clock-jump",)
    *after, later = [answer.value for answer in await link.ask(*names)]
    assert [time.seconds for time in before if isinstance(time, Timestamp)] == [
        time.seconds - 3600 for time in after if isinstance(time, Timestamp)
    ]
    assert later == power


async def test_the_counters_begin_anew(start: Start) -> None:
    bench = await start()
    assert bench.simulator.plant.counters(bench.clock.now()).pv > 0
    bench.simulator.faults = ("counter-reset",)
    assert bench.simulator.plant.counters(bench.clock.now()).pv == 0
    await bench.clock.advance(600)
    bench.simulator.faults = ("counter-reset", "segments")
    assert bench.simulator.plant.counters(bench.clock.now()).pv > 0
