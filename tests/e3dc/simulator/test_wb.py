from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Type, tags

from .conftest import in_container, request

if TYPE_CHECKING:
    from .conftest import Link, Start


async def box(link: Link, *asked: Item | str, index: int = 0) -> list[Item]:
    return await in_container(link, "WB", Type.UCHAR8, index, *asked)


async def array(link: Link, name: str) -> bytes:
    (answer,) = await box(link, f"WB_REQ_EXTERN_DATA_{name}")
    length, data = answer.children
    assert length == Item(tags.WB_EXTERN_DATA_LEN, Type.INT32, 8)
    assert isinstance(data.value, bytes)
    assert len(data.value) == 8
    return data.value


def extern(data: list[int], name: str = "WB_REQ_SET_EXTERN") -> Item:
    children = [
        request("WB_EXTERN_DATA", Type.BYTEARRAY, bytes(data)),
        request("WB_EXTERN_DATA_LEN", Type.UCHAR8, len(data)),
    ]
    return request(name, Type.CONTAINER, children)


async def test_old_arrays(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    assert await array(link, "ALG") == bytes([64, 3, 0x98, 16, 0, 0, 0, 0])
    assert await array(link, "SUN") == bytes.fromhex("0000C88400000000")  # as in the captures
    assert struct.unpack("<hi", (await array(link, "NET"))[:6]) == (0, 154_391)
    assert struct.unpack("<hi", (await array(link, "ALL"))[:6]) == (0, 188_383)


async def test_old_setters(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    state = bench.simulator.device.wallboxes[0]
    (done,) = await box(link, extern([2, 0, 0, 0, 0, 0]))
    assert done == Item(tags.WB_SET_EXTERN)
    assert not state.sun_mode
    await box(link, extern([1, 0, 0, 1, 1, 1]))
    assert (state.sun_mode, state.phases, state.charging, state.aborted, state.schuko) == (True, 1, True, False, True)
    await box(link, extern([0, 0, 0, 1, 1, 0]))
    assert (state.phases, state.charging, state.aborted, state.schuko) == (3, False, True, True)
    await box(link, extern([0] * 6))
    assert not state.schuko
    await box(link, extern([0, 0, 10, 0, 0, 0], "WB_REQ_SET_PARAM_1"))
    assert state.max_current == 10
    await box(link, extern([0, 0, 99, 0, 0, 0], "WB_REQ_SET_PARAM_1"))
    assert state.max_current == 32
    for wrong in (extern([1]), request("WB_REQ_SET_EXTERN"), extern([1], "WB_REQ_SET_PARAM_1")):
        assert (await box(link, wrong))[0].error == ErrorAnswer(ErrorCode.FORMAT)


@pytest.mark.parametrize(
    ("read", "write", "kind", "value"),
    [
        ("SUN_MODE_ACTIVE", "SET_SUN_MODE_ACTIVE", Type.BOOL, False),
        ("AUTO_PHASE_SWITCH_ENABLED", "SET_AUTO_PHASE_SWITCH_ENABLED", Type.BOOL, True),
        ("ABORT_CHARGING", "SET_ABORT_CHARGING", Type.BOOL, True),
        ("NUMBER_PHASES", "SET_NUMBER_PHASES", Type.UCHAR8, 1),
        ("MAX_CHARGE_CURRENT", "SET_MAX_CHARGE_CURRENT", Type.INT32, 13),
        ("MAX_CHARGE_CURRENT", "SET_MAX_CHARGE_CURRENT", Type.UCHAR8, 7),
        ("MIN_CHARGE_CURRENT", "SET_MIN_CHARGE_CURRENT", Type.INT32, 8),
    ],
)
async def test_new_setters(start: Start, read: str, write: str, kind: int, value: int) -> None:
    bench = await start()
    link = await bench.log_in()
    (before,) = await box(link, f"WB_REQ_{read}")
    assert before.value != value
    asked = request(f"WB_REQ_{write}", kind, value)
    (done,) = await box(link, asked)
    assert done.error is None
    assert done.tag == (0x0E84103F if write == "SET_ABORT_CHARGING" else asked.tag | 0x00800000)
    (after,) = await box(link, f"WB_REQ_{read}")
    assert (after.type, after.value) == (before.type, value)
    (wrong,) = await box(link, request(f"WB_REQ_{write}", Type.CSTRING, "x"))
    assert wrong.error is not None


@pytest.mark.parametrize("current", [0, 5, 33])
async def test_currents_out_of_bounds(start: Start, current: int) -> None:
    link = await (await start()).log_in()
    (answer,) = await box(link, request("WB_REQ_SET_MAX_CHARGE_CURRENT", Type.INT32, current))
    assert answer.error == ErrorAnswer(ErrorCode.OUT_OF_BOUNDS)


async def test_a_charging_car_takes_its_part_of_the_load(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()
    bench.simulator.device.wallboxes[0].charging = True
    home, boxes, solar = await link.ask("EMS_REQ_POWER_HOME", "EMS_REQ_POWER_WB_ALL", "EMS_REQ_POWER_WB_SOLAR")
    assert (home.number or 0) + (boxes.number or 0) == pytest.approx(
        bench.simulator.plant.at(bench.clock.now()).load, abs=1.5
    )
    power, _ = struct.unpack("<hi", (await array(link, "ALL"))[:6])
    assert power == boxes.number
    assert struct.unpack("<hi", (await array(link, "SUN"))[:6])[0] == solar.number
    assert (await array(link, "ALG"))[2] & 0x20
    assert (await box(link, "WB_REQ_CP_STATE"))[0].value == "C"
    phases = await box(link, *(f"WB_REQ_PM_POWER_L{phase}" for phase in (1, 2, 3)))
    assert sum(phase.number or 0.0 for phase in phases) == pytest.approx(power)


async def test_where_wallboxes_are(start: Start) -> None:
    bench = await start()
    link = await bench.log_in()

    async def there() -> list[int]:
        answers = [await box(link, "WB_REQ_STATUS", index=index) for index in range(8)]
        return [index for index, (answer,) in enumerate(answers) if answer.error is None]

    assert await there() == [0]
    bench.simulator.faults = ("wallbox-at-1",)
    assert await there() == [1]
    mini = await (await start(profile="s10-mini")).log_in()
    assert (await box(mini, "WB_REQ_STATUS"))[0].error == ErrorAnswer(ErrorCode.NOT_AVAILABLE)


async def test_sessions_are_asked_by_wallbox(start: Start) -> None:
    link = await (await start(profile="s10e-pro")).log_in()
    (session,) = await box(link, request("WB_REQ_SESSION", Type.UCHAR8, 1), index=1)
    assert session.get(tags.WB_SESSION_ID) == Item(tags.WB_SESSION_ID, Type.CSTRING, "session-1")
    (none,) = await box(link, request("WB_REQ_SESSION", Type.UCHAR8, 5), index=1)
    assert none.error == ErrorAnswer(ErrorCode.NOT_AVAILABLE)


async def test_old_firmware_has_no_new_requests(start: Start) -> None:
    link = await (await start(profile="s10e-2019")).log_in()
    old, new = await box(link, "WB_REQ_EXTERN_DATA_ALG", "WB_REQ_SUN_MODE_ACTIVE")
    assert old.error is None
    assert new.error is not None
