from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import ProtocolError, UsageError
from heliobus.senec.protocol import MAX_BODY, Absent, EmptyAnswer, Reason, decode_answer, parse_body
from heliobus.senec.simulator import FAULTS
from heliobus.senec.simulator.faults import SLOW

if TYPE_CHECKING:
    from .conftest import Bench, Start

REQUEST = json.dumps(
    {
        "ENERGY": {"GUI_GRID_POW": "", "STAT_STATE": ""},
        "PM1OBJ1": {"U_AC": ""},
        "STATISTIC": {"LIVE_PV_GEN": ""},
    }
).encode()


async def spoilt(bench: Bench, *faults: str) -> tuple[int, bytes]:
    bench.simulator.faults = faults
    status, body, _ = await bench.post(REQUEST)
    return status, body


OF_WRITES = {name for name in FAULTS if name.startswith("write-")} | {"cloud-overwrites"}


async def test_faults_come_and_go(start: Start) -> None:
    bench = await start(profile="0811", faults=("empty",))
    assert (await bench.post(REQUEST))[:2] == (200, b"")
    status, body = await spoilt(bench)
    assert status == 200
    right = json.loads(body)
    once = {"wire-flips", "clock-jump", "counter-reset"}
    for name in FAULTS.keys() - {"slow", "hang", "sessions-full", "bms-gone"} - once - OF_WRITES:
        assert await spoilt(bench, name) != (status, body), name
    assert json.loads((await spoilt(bench))[1]) == right


async def test_nothing_readable(start: Start) -> None:
    bench = await start()
    with pytest.raises(EmptyAnswer):
        parse_body((await spoilt(bench, "empty"))[1])
    with pytest.raises(ProtocolError, match="web page"):
        parse_body((await spoilt(bench, "html"))[1])
    assert [(await spoilt(bench, name))[0] for name in ("html", "404", "500")] == [200, 404, 500]
    bench.simulator.faults = ("html",)
    assert (await bench.post(REQUEST))[2]["Content-Type"] == "text/html; charset=utf-8"


async def test_a_body_that_breaks_off(start: Start) -> None:
    parsed = parse_body((await spoilt(await start(), "truncate"))[1])
    assert parsed.truncated
    assert "ENERGY" in parsed.sections
    assert "STATISTIC" not in parsed.sections


async def test_a_body_beyond_all_limits(start: Start) -> None:
    body = (await spoilt(await start(), "big"))[1]
    assert len(body) > 4 * MAX_BODY
    assert "ENERGY" in json.loads(body)


@pytest.mark.parametrize("name", ["escaped-quotes", "duplicate-keys"])
async def test_oddities_that_say_the_same(start: Start, name: str) -> None:
    bench = await start(profile="0811")
    right = parse_body((await spoilt(bench))[1])
    body = (await spoilt(bench, name))[1]
    assert parse_body(body) == right
    assert body.count(b"GUI_GRID_POW") == (2 if name == "duplicate-keys" else 1)


@pytest.mark.parametrize(("name", "reason"), [("nan", Reason.NOT_FINITE), ("unknown-prefix", Reason.UNKNOWN_TYPE)])
async def test_values_that_are_none(start: Start, name: str, reason: Reason) -> None:
    answer = decode_answer(parse_body((await spoilt(await start(), name))[1]).sections)
    gone = [answer["ENERGY"]["GUI_GRID_POW"], *_items(answer["PM1OBJ1"]["U_AC"])]
    assert [value.reason for value in gone if isinstance(value, Absent)] == [reason] * 4
    assert isinstance(answer["ENERGY"]["STAT_STATE"], int)


def _items(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


async def test_the_statistic_goes_as_it_went_in_2023(start: Start) -> None:
    bench = await start(profile="0811", faults=("statistic-gone",))
    answer = await bench.raw({"STATISTIC": {"LIVE_PV_GEN": ""}})
    assert answer == {"STATISTIC": {"LIVE_PV_GEN": "VARIABLE_NOT_FOUND"}}
    assert await bench.raw({"STATISTIC": {}}) == {"STATISTIC": {}}


async def test_slow_takes_its_time_on_the_devices_clock(start: Start) -> None:
    bench = await start(faults=("slow",))
    asking = asyncio.ensure_future(bench.raw({"RTC": {"WEB_TIME": ""}}))
    await bench.clock.until_asleep()
    await bench.clock.advance(SLOW - 0.1)
    assert not asking.done()
    await bench.clock.advance(0.2)
    late = await asking
    bench.simulator.faults = ()
    assert await bench.raw({"RTC": {"WEB_TIME": ""}}) == late  # the values are those of the end, not of the beginning


async def test_hang_never_answers_and_ends_with_the_simulator(start: Start) -> None:
    bench = await start(faults=("hang",))
    asking = asyncio.ensure_future(bench.post(REQUEST))
    await bench.clock.until_asleep()
    await bench.clock.advance(1e6)
    assert not asking.done()
    asking.cancel()
    bench.simulator.faults = ()
    assert (await bench.post(REQUEST))[0] == 200


async def test_several_at_once(start: Start) -> None:
    bench = await start(profile="0811")
    status, body = await spoilt(bench, "500", "nan")
    assert status == 500
    assert body.startswith(b"<html>")
    parsed = parse_body((await spoilt(bench, "truncate", "escaped-quotes", "statistic-gone"))[1])
    assert parsed.truncated


async def test_an_unknown_fault_is_named_and_changes_nothing(start: Start) -> None:
    bench = await start(faults=("nan",))
    with pytest.raises(UsageError, match="'sulk'") as caught:
        bench.simulator.faults = ("slow", "sulk")
    assert "hang" in caught.value.remedy
    assert bench.simulator.faults == ("nan",)


async def test_the_firmware_flips_the_wire_and_back(start: Start) -> None:
    bench = await start()
    port = bench.simulator.announcement()["port"]
    await bench.simulator.misbehave(["wire-flips"])
    assert bench.url == f"https://127.0.0.1:{port}/"
    assert bench.simulator.certificate is not None
    async with bench.session.post(bench.url + "lala.cgi", data=REQUEST, ssl=False) as answer:
        assert "ENERGY" in json.loads(await answer.read())
    await bench.simulator.misbehave(["nan"])
    assert bench.url == f"http://127.0.0.1:{port}/"
    assert (await bench.post(REQUEST))[0] == 200


async def test_the_counters_begin_anew(start: Start) -> None:
    bench = await start(profile="0811")
    request = {"STATISTIC": {"LIVE_PV_GEN": "", "LIVE_HOUSE_CONS": ""}}
    before = (await bench.ask(request))["STATISTIC"]
    bench.simulator.faults = ("counter-reset",)
    assert (await bench.ask(request))["STATISTIC"] == {"LIVE_PV_GEN": 0.0, "LIVE_HOUSE_CONS": 0.0}
    await bench.clock.advance(3600)
    bench.simulator.faults = ("counter-reset", "slow")  # has been there already
    bench.simulator.faults = ()
    after = (await bench.ask(request))["STATISTIC"]
    assert 0 < after["LIVE_HOUSE_CONS"] < before["LIVE_HOUSE_CONS"]


async def test_the_clock_jumps_and_the_house_does_not(start: Start) -> None:
    bench = await start()
    request = {"RTC": {"WEB_TIME": "", "UTC_OFFSET": ""}, "ENERGY": {"GUI_GRID_POW": ""}}
    before = await bench.ask(request)
    bench.simulator.faults = ("clock-jump",)
    after = await bench.ask(request)
    assert after["RTC"]["WEB_TIME"] == before["RTC"]["WEB_TIME"] + 3600
    assert after["ENERGY"] == before["ENERGY"]
