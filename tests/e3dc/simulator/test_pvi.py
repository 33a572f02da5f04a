from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type, tags
from heliobus.simulation.plant import House, Plant, String

from .conftest import in_container, request

if TYPE_CHECKING:
    from .conftest import Link, Start

THREE = Plant(3, house=House(strings=(String(azimuth=90), String(azimuth=180), String(azimuth=270))))


async def inverter(link: Link, index: int, *asked: Item | str) -> list[Item]:
    return await in_container(link, "PVI", Type.UINT16, index, *asked)


async def valued(link: Link, index: int, name: str, place: int) -> float:
    (answer,) = await inverter(link, index, request(name, Type.UINT16, place))
    assert [child.tag for child in answer.children] == [tags.PVI_INDEX, tags.PVI_VALUE]
    assert answer.children[0].number == place
    assert answer.children[1].type == Type.FLOAT32
    return float(answer.children[1].number or 0.0)


async def test_strings_and_phases(start: Start) -> None:
    bench = await start(plant=THREE)
    link = await bench.log_in()
    now = THREE.at(bench.clock.now())
    strings, phases = await inverter(link, 0, "PVI_REQ_USED_STRING_COUNT", "PVI_REQ_AC_MAX_PHASE_COUNT")
    assert (strings.number, phases.number) == (3, 3)
    for place, string in enumerate(now.strings):
        assert await valued(link, 0, "PVI_REQ_DC_POWER", place) == pytest.approx(string.power, rel=1e-6)
        assert await valued(link, 0, "PVI_REQ_DC_VOLTAGE", place) == pytest.approx(string.voltage, rel=1e-6)
        assert await valued(link, 0, "PVI_REQ_DC_CURRENT", place) == pytest.approx(string.current, rel=1e-6)
    fed = [await valued(link, 0, "PVI_REQ_AC_POWER", phase) for phase in range(3)]
    assert sum(fed) == pytest.approx(now.pv + now.battery, rel=1e-5)
    for phase, mains in enumerate(now.grid_phases):
        assert await valued(link, 0, "PVI_REQ_AC_VOLTAGE", phase) == pytest.approx(mains.voltage, rel=1e-6)


async def test_two_inverters_and_a_foreign_one(start: Start) -> None:
    bench = await start(plant=THREE, profile="s10e-pro")
    link = await bench.log_in()
    now = THREE.at(bench.clock.now())
    own = 0.0
    for index, count in ((0, 2), (1, 1)):
        (strings,) = await inverter(link, index, "PVI_REQ_USED_STRING_COUNT")
        assert strings.number == count
        own += sum([await valued(link, index, "PVI_REQ_DC_POWER", place) for place in range(count)])
    assert own == pytest.approx(0.75 * now.pv, rel=1e-6)
    pv, add = await link.ask("EMS_REQ_POWER_PV", "EMS_REQ_POWER_ADD")
    assert own == pytest.approx(pv.number, abs=1)
    assert (pv.number or 0) - (add.number or 0) == pytest.approx(now.pv, abs=1)


async def test_what_is_not_there(start: Start) -> None:
    link = await (await start()).log_in()
    assert (await inverter(link, 1, "PVI_REQ_TYPE"))[0].tag == 0x02FFFFFF
    for wrong in (request("PVI_REQ_DC_POWER", Type.UINT16, 9), request("PVI_REQ_AC_POWER")):
        (answer,) = await inverter(link, 0, wrong)
        assert answer.error == ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)


async def test_values_that_some_inverters_lack(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    names = ("PVI_REQ_FREQUENCY_UNDER_OVER", "PVI_REQ_VOLTAGE_MONITORING", "PVI_REQ_TYPE")
    assert all(answer.error is None for answer in await inverter(link, 0, *names))
    bench.simulator.faults = ("missing-values",)
    missing = ErrorAnswer(ErrorCode.NOT_AVAILABLE)
    assert [answer.error for answer in await inverter(link, 0, *names)] == [missing, missing, None]
