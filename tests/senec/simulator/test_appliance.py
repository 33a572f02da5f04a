from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.senec.simulator.appliance import HOLD, LAG

if TYPE_CHECKING:
    from .conftest import Bench, Start

NOON = datetime(2026, 6, 20, 10, 30, tzinfo=UTC)
NIGHT = datetime(2026, 6, 20, 23, 30, tzinfo=UTC)
SIX = (
    "SAFE_CHARGE_FORCE",
    "SAFE_CHARGE_PROHIBIT",
    "SAFE_CHARGE_RUNNING",
    "LI_STORAGE_MODE_START",
    "LI_STORAGE_MODE_STOP",
    "LI_STORAGE_MODE_RUNNING",
)


def command(name: str) -> dict[str, Any]:
    return {"ENERGY": {**dict.fromkeys(SIX, ""), name: "u8_01"}}


async def charge(bench: Bench) -> list[int]:
    """The three SAFE_CHARGE values: force, prohibit, running."""
    answer = await bench.ask({"ENERGY": dict.fromkeys(SIX[:3], "")})
    return list(answer["ENERGY"].values())


async def test_force_and_release_answer_as_recorded(start: Start, lala: dict[str, dict[str, Any]]) -> None:
    bench = await start(at=NIGHT)
    status, body, _ = await bench.post(lala["03"]["request"]["body"].encode())
    assert (status, body.decode()) == (200, lala["03"]["response_body"])
    await bench.clock.advance(LAG.total_seconds())
    _, body, _ = await bench.post(lala["04"]["request"]["body"].encode())
    assert body.decode() == lala["04"]["response_body"]


async def test_running_lags_and_the_command_bits_fall_back(start: Start) -> None:
    bench = await start(at=NIGHT)
    await bench.raw(command("SAFE_CHARGE_FORCE"))
    assert await charge(bench) == [1, 0, 0]
    await bench.clock.advance(LAG.total_seconds() - 1)
    assert await charge(bench) == [1, 0, 0]
    await bench.clock.advance(1)
    assert await charge(bench) == [1, 0, 1]
    await bench.clock.advance((HOLD - LAG).total_seconds())
    assert await charge(bench) == [0, 0, 1]
    await bench.clock.advance(3600)
    assert await charge(bench) == [0, 0, 1]
    await bench.raw(command("SAFE_CHARGE_PROHIBIT"))
    assert await charge(bench) == [0, 1, 1]
    await bench.clock.advance(HOLD.total_seconds())
    assert await charge(bench) == [0, 0, 0]


async def test_the_house_obeys(start: Start) -> None:
    bench = await start(at=NIGHT)
    before = bench.simulator.plant
    house = before.house
    request = {"ENERGY": dict.fromkeys(("GUI_BAT_DATA_POWER", "GUI_GRID_POW", "STAT_STATE", "GUI_CHARGING_INFO"), "")}

    async def shown() -> list[float]:
        return list((await bench.ask(request))["ENERGY"].values())

    discharging = await shown()
    assert discharging[0] < 0
    assert discharging[2] == 18 if discharging[1] > 1 else 16
    await bench.raw({"ENERGY": {"SAFE_CHARGE_FORCE": "u8_01"}})
    assert await shown() == discharging
    await bench.clock.advance(LAG.total_seconds())
    power, grid, state, charging = await shown()
    assert power == pytest.approx(house.max_charge)
    assert grid > house.max_charge
    assert (state, charging) == (8, 1)
    now = bench.clock.now()
    after = bench.simulator.plant
    assert after.at(now).battery == -house.max_charge
    assert after.at(NIGHT) == before.at(NIGHT)
    await bench.raw({"ENERGY": {"SAFE_CHARGE_PROHIBIT": "u8_01"}})
    await bench.clock.advance(LAG.total_seconds())
    assert (await shown())[0] < 0
    later = bench.simulator.plant.counters(bench.clock.now())
    expected = house.max_charge * LAG.total_seconds() / 3600
    assert later.charge - before.counters(NIGHT).charge == pytest.approx(expected, rel=1e-6)


async def test_a_release_without_a_charge_changes_nothing(start: Start) -> None:
    bench = await start(at=NIGHT)
    before = bench.simulator.plant
    await bench.raw({"ENERGY": {"SAFE_CHARGE_PROHIBIT": "u8_01"}})
    await bench.clock.advance(60)
    now, then = bench.simulator.plant.at(bench.clock.now()), before.at(bench.clock.now())
    assert (now.battery, now.grid, now.soc) == pytest.approx((then.battery, then.grid, then.soc))
    assert await charge(bench) == [0, 0, 0]


async def test_the_last_command_counts(start: Start) -> None:
    bench = await start(at=NIGHT)
    for name in ("SAFE_CHARGE_FORCE", "SAFE_CHARGE_PROHIBIT", "SAFE_CHARGE_FORCE"):
        await bench.raw({"ENERGY": {name: "u8_01"}})
    await bench.clock.advance(60)
    assert await charge(bench) == [0, 0, 1]


async def test_reads_and_writes_mix(start: Start) -> None:
    bench = await start()
    request = {"ENERGY": {"GUI_GRID_POW": "", "SAFE_CHARGE_FORCE": "u8_01"}, "SOCKETS": {"ENABLE": ["u8_01", ""]}}
    answer = await bench.ask(request)
    assert answer["ENERGY"]["GUI_GRID_POW"] == pytest.approx(bench.simulator.plant.at(NOON).grid)
    assert answer["ENERGY"]["SAFE_CHARGE_FORCE"] == 1
    assert answer["SOCKETS"] == {"ENABLE": [1, 0]}


async def test_a_list_is_written_by_place_and_answered_whole(start: Start) -> None:
    bench = await start()
    first = await bench.ask({"SOCKETS": {"UPPER_LIMIT": ["u1_0BB8", ""], "ENABLE": ["", "u8_01"]}})
    assert first["SOCKETS"] == {"UPPER_LIMIT": [3000, 0], "ENABLE": [0, 1]}
    second = await bench.ask({"SOCKETS": {"UPPER_LIMIT": ["", "u1_0064"]}})
    assert second["SOCKETS"] == {"UPPER_LIMIT": [3000, 100]}
    assert (await bench.ask({"SOCKETS": {}}))["SOCKETS"]["UPPER_LIMIT"] == [3000, 100]


async def test_a_scalar_setting_is_kept(start: Start) -> None:
    bench = await start()
    assert await bench.ask({"WALLBOX": {"ALLOW_INTERCHARGE": "u8_01"}}) == {"WALLBOX": {"ALLOW_INTERCHARGE": 1}}
    assert await bench.ask({"WALLBOX": {"ALLOW_INTERCHARGE": ""}}) == {"WALLBOX": {"ALLOW_INTERCHARGE": 1}}


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("ENERGY", "SAFE_CHARGE_FORCE", "u1_0001"),
        ("ENERGY", "SAFE_CHARGE_FORCE", "u8_1"),
        ("ENERGY", "SAFE_CHARGE_FORCE", "u8_0G"),
        ("ENERGY", "SAFE_CHARGE_FORCE", "on"),
        ("ENERGY", "SAFE_CHARGE_FORCE", 1),
        ("ENERGY", "SAFE_CHARGE_FORCE", None),
        ("ENERGY", "SAFE_CHARGE_FORCE", ["u8_01"]),
        ("SOCKETS", "ENABLE", "u8_01"),
        ("SOCKETS", "ENABLE", ["u8_01"]),
        ("SOCKETS", "ENABLE", ["u8_01", "", ""]),
        ("SOCKETS", "ENABLE", ["u8_01", "u1_0001"]),
        ("WALLBOX", "SET_ICMAX", ["fl_7FC00000", "", "", ""]),
    ],
)
async def test_a_bad_write_is_called_malformed_and_changes_nothing(
    start: Start, section: str, name: str, value: object
) -> None:
    bench = await start()
    before = await bench.raw({section: {name: ""}})
    assert await bench.raw({section: {name: value}}) == {section: {name: "MALFORMED_VALUE"}}
    assert await bench.raw({section: {name: ""}}) == before
    assert bench.simulator.plant.overrides == ()


async def test_what_cannot_be_written_answers_unchanged(start: Start) -> None:
    bench = await start()
    before = await bench.raw({"BAT1": {"SPARE_CAPACITY": ""}, "ENERGY": {"GUI_INIT_CHARGE_START": ""}})
    written = {"BAT1": {"SPARE_CAPACITY": "u8_32"}, "ENERGY": {"GUI_INIT_CHARGE_START": "u8_01"}}
    assert await bench.raw(written) == before
    unknown = {"ENERGY": {"NO_SUCH": "u8_01", "GUI_CAP_TEST_START": "u8_01"}, "NOWHERE": {"X": "u8_01"}}
    answer = {
        "ENERGY": {"NO_SUCH": "VARIABLE_NOT_FOUND", "GUI_CAP_TEST_START": "FORBIDDEN"},
        "NOWHERE": {"OBJECT_NOT_FOUND": ""},
    }
    assert await bench.raw(unknown) == answer


async def test_writing_zero_commands_nothing(start: Start) -> None:
    bench = await start(at=NIGHT)
    await bench.raw({"ENERGY": {"SAFE_CHARGE_FORCE": "u8_00"}})
    await bench.clock.advance(60)
    assert bench.simulator.plant.overrides == ()


def test_the_lag_is_seen_before_the_bits_fall_back() -> None:
    assert timedelta(0) < LAG < HOLD
