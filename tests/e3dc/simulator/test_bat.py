from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type, tags

from .conftest import in_container, request

if TYPE_CHECKING:
    from .conftest import Link, Start


async def battery(link: Link, index: int, *asked: Item | str) -> list[Item]:
    return await in_container(link, "BAT", Type.UINT16, index, *asked)


@pytest.mark.parametrize(("profile", "count"), [("s10e", 1), ("s10e-pro", 3)])
async def test_batteries_share_the_house_s_current(start: Start, profile: str, count: int) -> None:
    bench = await start(profile=profile)
    link = await bench.log_in()
    now = bench.simulator.plant.at(bench.clock.now())
    current = 0.0
    for index in range(count):
        soc, voltage, amperes = await battery(link, index, "BAT_REQ_RSOC", "BAT_REQ_MODULE_VOLTAGE", "BAT_REQ_CURRENT")
        assert soc.number == pytest.approx(now.soc, rel=1e-6)
        assert voltage.number == pytest.approx(now.battery_voltage, rel=1e-6)
        current += amperes.number or 0.0
    assert current == pytest.approx(-now.battery_current, rel=1e-6)
    assert now.battery < 0 < current  # charging is + on the wire


async def test_absent_batteries(start: Start) -> None:
    link = await (await start()).log_in()
    for index in (1, 7, 300, 65_535):
        assert await battery(link, index, "BAT_REQ_RSOC") == [
            Item(0x03FFFFFF, Type.ERROR, ErrorAnswer(ErrorCode.NOT_AVAILABLE))
        ]


async def test_modules_and_cells_are_the_battery_s(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    now = bench.simulator.plant.at(bench.clock.now())
    count, whole = await battery(link, 0, "BAT_REQ_DCB_COUNT", "BAT_REQ_FCC")
    capacity = 0.0
    for module in range(int(count.number or 0)):
        asked = [
            request(f"BAT_REQ_DCB_{name}", Type.UINT16, module)
            for name in ("ALL_CELL_TEMPERATURES", "ALL_CELL_VOLTAGES", "INFO")
        ]
        warmth, volts, info = await battery(link, 0, *asked)
        cells = [cell.number or 0.0 for cell in (volts.get(tags.BAT_DATA) or volts).children]
        assert len(cells) == 14
        assert sum(cells) == pytest.approx(now.battery_voltage, rel=1e-6)
        assert len({round(cell, 5) for cell in cells}) > 1
        degrees = [sensor.number or 0.0 for sensor in (warmth.get(tags.BAT_DATA) or warmth).children]
        assert max(abs(value - now.battery_temperature) for value in degrees) < 0.51
        values = {child.tag: child.number for child in info.children}
        assert values[tags.BAT_DCB_INDEX] == module
        assert values[tags.BAT_DCB_VOLTAGE] == pytest.approx(now.battery_voltage, rel=1e-6)
        assert values[tags.BAT_DCB_SOC] == pytest.approx(now.soc, rel=1e-6)
        capacity += values[tags.BAT_DCB_FULL_CHARGE_CAPACITY] or 0.0
    assert capacity == pytest.approx(whole.number, rel=1e-6)
    (beyond,) = await battery(link, 0, request("BAT_REQ_DCB_INFO", Type.UINT16, 99))
    assert beyond.error == ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)


async def test_high_voltage_batteries_hide_their_modules(start: Start) -> None:
    bench = await start(faults=("hv-batteries",))
    link = await bench.log_in()
    info, soc = await battery(link, 0, request("BAT_REQ_DCB_INFO", Type.UINT16, 0), "BAT_REQ_RSOC")
    assert info.error == ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)
    assert soc.number is not None


async def test_a_summary(start: Start) -> None:
    link = await (await start()).log_in()
    (info,) = await battery(link, 0, "BAT_REQ_INFO")
    assert info.get(tags.BAT_RSOC) == (await battery(link, 0, "BAT_REQ_RSOC"))[0]


async def test_converter(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    now = bench.simulator.plant.at(bench.clock.now())
    power, current, volts = await in_container(
        link, "DCDC", Type.UINT16, 0, "DCDC_REQ_P_BAT", "DCDC_REQ_I_BAT", "DCDC_REQ_U_BAT"
    )
    assert power.number == pytest.approx(-now.battery, rel=1e-6)
    assert (current.number or 0.0) * (volts.number or 0.0) == pytest.approx(-now.battery, rel=1e-5)
