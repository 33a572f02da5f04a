from __future__ import annotations

import asyncio
import json
import struct
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import aiohttp
import pytest

from heliobus.errors import UsageError
from heliobus.senec.protocol import parse_body, utc_time
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant
from heliobus.simulation.truth import announced
from heliobus.url import DeviceURL
from heliobus.vendor import SimulationOptions, Simulator

if TYPE_CHECKING:
    from typing import Any

    from .conftest import Start

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)


async def test_an_answer_has_what_was_asked_in_the_order_asked(start: Start) -> None:
    bench = await start()
    answer = await bench.raw({"PV1": {"MPP_POWER": ""}, "ENERGY": {"STAT_STATE": "", "GUI_HOUSE_POW": ""}})
    assert list(answer) == ["PV1", "ENERGY"]
    assert list(answer["ENERGY"]) == ["STAT_STATE", "GUI_HOUSE_POW"]
    assert answer["ENERGY"]["STAT_STATE"].startswith("u8_")
    assert [leaf[:3] for leaf in answer["PV1"]["MPP_POWER"]] == ["fl_"] * 3


async def test_a_whole_section_comes_in_alphabetical_order(start: Start) -> None:
    answer = await (await start()).raw({"ENERGY": {}, "PM1OBJ1": {}})
    assert list(answer["PM1OBJ1"]) == ["ADR", "ENABLED", "FREQ", "I_AC", "P_AC", "P_TOTAL", "U_AC"]
    assert list(answer["ENERGY"]) == sorted(answer["ENERGY"])


async def test_what_is_not_there_has_its_word(start: Start) -> None:
    bench = await start(profile="0826")
    assert await bench.raw({"ENERGY": {"NO_SUCH": ""}}) == {"ENERGY": {"NO_SUCH": "VARIABLE_NOT_FOUND"}}
    missing = {"BAT1OBJ2": {}, "BAT1OBJ3": {"P": ""}}
    assert await bench.raw(missing) == {name: {"OBJECT_NOT_FOUND": ""} for name in missing}
    empty: dict[str, Any] = {"DISPLAY": {}, "FILE": {}, "TEST": {}, "UPDATE": {}, "STATISTIC": {}}
    assert await bench.raw(empty) == empty
    assert await bench.raw({"FILE": {"X": ""}}) == {"FILE": {"X": "FILE_VARIABLE_NOT_READABLE"}}
    assert await bench.raw({"ENERGY": {"GUI_CAP_TEST_START": ""}}) == {"ENERGY": {"GUI_CAP_TEST_START": "FORBIDDEN"}}
    assert await bench.raw({"ENERGY": 5}) == {"ENERGY": "MALFORMED_VALUE"}


async def test_the_sections_list_is_not_complete(start: Start) -> None:
    bench = await start()
    listed = (await bench.ask({"DEBUG": {"SECTIONS": ""}}))["DEBUG"]["SECTIONS"]
    assert len(listed) == 29
    assert "ENERGY" in listed
    assert "FAN_SPEED" not in listed
    everything = await bench.raw({name: {} for name in [*listed, "FAN_SPEED", "PLAIN"]})
    assert {name for name, section in everything.items() if "OBJECT_NOT_FOUND" in section} == {"PLAIN"}


@pytest.mark.parametrize("label", ["application/json", "application/x-www-form-urlencoded; charset=UTF-8", "text/x"])
async def test_the_label_of_a_request_does_not_matter(start: Start, label: str) -> None:
    status, body, _ = await (await start()).post(b'{"BAT1":{"TYPE":""}}', **{"Content-Type": label})
    assert (status, body) == (200, b'{"BAT1":{"TYPE":"u8_04"}}')


async def test_the_headers_are_those_of_the_appliance(start: Start) -> None:
    bench = await start()
    _, _, headers = await bench.post(b'{"RTC":{}}')
    assert headers["Server"] == "nginx/1.17.7"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Transfer-Encoding"] == "chunked"
    assert headers["Connection"] == "keep-alive"
    assert parsedate_to_datetime(headers["Date"]) == NOON


async def test_a_client_of_http_1_0_is_answered_whole(start: Start) -> None:
    bench = await start()
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.simulator.announcement()["port"])
    body = b'{"BAT1":{"TYPE":""}}'
    writer.write(b"POST /lala.cgi HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    assert (await reader.read()).endswith(b'\r\n\r\n{"BAT1":{"TYPE":"u8_04"}}')
    writer.close()
    await writer.wait_closed()


async def test_other_requests_are_refused(start: Start) -> None:
    bench = await start()
    async with bench.session.get(bench.url + "lala.cgi") as answer:
        assert answer.status == 405
    async with bench.session.post(bench.url + "other.cgi") as answer:
        assert answer.status == 404
    for body in (b"", b"ENERGY", b"[]", b"[" * 100_000, b"\xff"):
        assert (await bench.post(body))[0] == 400


async def test_a_request_beyond_the_ceiling_gets_a_body_that_breaks_off(start: Start) -> None:
    bench = await start()

    def request(size: int) -> bytes:
        frame = len(b'{"ENERGY":{"GUI_GRID_POW":"","":""}}')
        return json.dumps({"ENERGY": {"GUI_GRID_POW": "", "X" * (size - frame): ""}}, separators=(",", ":")).encode()

    assert (len(request(11_428)), len(request(11_998))) == (11_428, 11_998)
    assert len(json.loads((await bench.post(request(11_428)))[1])["ENERGY"]) == 2
    status, body, _ = await bench.post(request(11_998))
    assert status == 200
    parsed = parse_body(body)
    assert parsed.truncated
    assert set(parsed.sections) == {"ENERGY"}


async def test_values_are_new_every_second_and_of_one_moment(start: Start) -> None:
    bench = await start(at=NOON + timedelta(milliseconds=100))
    request = {"PM1OBJ1": {"FREQ": "", "P_AC": ""}, "RTC": {"WEB_TIME": "", "UTC_OFFSET": ""}}
    first = await bench.ask(request)
    assert utc_time(first["RTC"]["WEB_TIME"], first["RTC"]["UTC_OFFSET"]) == NOON
    await bench.clock.advance(0.8)
    assert await bench.ask(request) == first
    await bench.clock.advance(0.1)
    later = await bench.ask(request)
    assert later["RTC"]["WEB_TIME"] == first["RTC"]["WEB_TIME"] + 1
    assert later["PM1OBJ1"]["FREQ"] != first["PM1OBJ1"]["FREQ"]


async def test_a_frozen_device_shows_the_truth() -> None:
    plant, clock = Plant(3), FrozenClock(NOON)
    options = SimulationOptions(plant=plant, clock=clock)
    async with SenecSimulator(options) as simulator, aiohttp.ClientSession() as session:
        url = simulator.announcement()["base_url"] + "lala.cgi"
        names = {"pv": "GUI_INVERTER_POWER", "grid": "GUI_GRID_POW", "load": "GUI_HOUSE_POW"}
        body = json.dumps({"ENERGY": dict.fromkeys(names.values(), "")})
        async with session.post(url, data=body) as first:
            answer = await first.read()
        async with session.post(url, data=body) as second:
            assert await second.read() == answer
        truth = announced(simulator.plant, clock.now())
    for name, variable in names.items():
        leaf = json.loads(answer)["ENERGY"][variable]
        assert struct.unpack(">f", bytes.fromhex(leaf[3:]))[0] == pytest.approx(truth[name], rel=1e-7)


async def test_requests_are_counted(start: Start) -> None:
    bench = await start()
    assert bench.simulator.requests == 0
    await bench.raw({"ENERGY": {}})
    await bench.raw({"ENERGY": {}, "PV1": {}})
    async with bench.session.get(bench.url + "js/DE-de.js"):
        pass
    assert bench.simulator.requests == 2


async def test_the_announcement_leads_to_the_device(start: Start) -> None:
    bench = await start()
    simulator: Simulator = bench.simulator
    told = simulator.announcement()
    assert told == {
        "vendor": "senec",
        "url": f"senec://127.0.0.1:{told['port']}",
        "host": "127.0.0.1",
        "port": told["port"],
        "base_url": f"http://127.0.0.1:{told['port']}/",
        "serial": "2600000000000000000000007",
    }
    url = DeviceURL.parse(told["url"])
    assert (url.scheme, url.host, url.port) == ("senec", "127.0.0.1", told["port"])
    assert (await bench.ask({"FACTORY": {"DEVICE_ID": ""}}))["FACTORY"]["DEVICE_ID"] == told["serial"]


async def test_an_ipv6_address_stands_in_brackets(start: Start) -> None:
    try:
        bench = await start(host="::1")
    except UsageError:
        pytest.skip("this machine has no IPv6 loopback")
    told = bench.simulator.announcement()
    assert told["url"] == f"senec://[::1]:{told['port']}"
    assert (await bench.raw({"TEST": {}})) == {"TEST": {}}


async def test_the_words_of_the_screen_can_be_fetched(start: Start) -> None:
    bench = await start()
    for language, word in (("DE-de", '13: "AKKU VOLL"'), ("EN-en", '13: "BATTERY FULL"')):
        async with bench.session.get(f"{bench.url}js/{language}.js") as answer:
            assert answer.content_type == "application/javascript"
            text = await answer.text()
        assert text.startswith("var system_state_name = {\n  0: ")
        assert word in text
        assert "98: " in text
        assert "99: " not in text
    async with bench.session.get(bench.url + "js/XX-xx.js") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(("profile", "slash"), [("0811", ""), ("0826", "/")])
async def test_pages_lie_where_the_firmware_has_them(start: Start, profile: str, slash: str) -> None:
    bench = await start(profile=profile)

    async def get(path: str) -> tuple[int, str]:
        async with bench.session.get(bench.url + path) as answer:
            return answer.status, await answer.text()

    other = "" if slash else "/"
    status, page = await get(f"{slash}vars.html")
    assert status == 200
    assert "ENERGY.STAT_STATE<" in page
    assert (await get(f"{other}vars.html"))[0] == 404
    status, log = await get(f"{slash}log/2026/06/19.log")
    assert status == 200
    assert log.startswith("2026-06-19 00:00:00 ")
    for path in (f"{other}log/2026/06/19.log", f"{slash}log/2026/06/21.log", f"{slash}log/2026/02/30.log"):
        assert (await get(path))[0] == 404


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ({"profile": "0999"}, "0826, 0811"),
        ({"wire": "carrier-pigeon"}, "http"),
        ({"faults": ("slow", "sulk")}, "hang"),
        ({"replay": "/no/such/file.jsonl"}, "recording"),
        ({"clock": FrozenClock(datetime(2020, 1, 1, tzinfo=UTC))}, ""),
    ],
)
def test_what_cannot_be_simulated_is_named(options: dict[str, Any], remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        SenecSimulator(SimulationOptions(**{"plant": Plant(1), "clock": FrozenClock(NOON), **options}))
    assert remedy in caught.value.remedy


async def test_a_port_in_use_is_a_usage_error(start: Start) -> None:
    port = (await start()).simulator.announcement()["port"]
    with pytest.raises(UsageError, match="in use"):
        await start(port=port)
