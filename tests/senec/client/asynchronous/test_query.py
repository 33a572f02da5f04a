"""Asking in the appliance's own words, over real sockets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from heliobus.senec.models import FULL_REQUEST, Reading
from heliobus.senec.protocol import CEILING, Absent, Reason, build_request
from tests.senec.client.local import NOON, PLANT, Simulate, Stranger

if TYPE_CHECKING:
    from contextlib import AsyncExitStack


async def test_query_gives_the_same_tree_with_values(simulate: Simulate) -> None:
    _, client = await simulate()
    answer = await client.query(
        {"ENERGY": {"GUI_HOUSE_POW": "", "NO_SUCH": ""}, "PM1OBJ1": {"U_AC": ""}, "NO_SECTION": {}}
    )
    assert answer["ENERGY"]["GUI_HOUSE_POW"] == pytest.approx(PLANT.at(NOON).load, rel=1e-6)
    assert answer["ENERGY"]["NO_SUCH"] == Absent(Reason.NOT_FOUND, "VARIABLE_NOT_FOUND")
    assert answer["NO_SECTION"] == {"OBJECT_NOT_FOUND": Absent(Reason.NOT_FOUND, "")}
    voltages = answer["PM1OBJ1"]["U_AC"]
    assert isinstance(voltages, list)
    assert len(voltages) == 3


async def test_query_reads_whole_sections(simulate: Simulate) -> None:
    _, client = await simulate()
    answer = await client.query({"ENERGY": {}, "FACTORY": {}})
    assert {"GUI_HOUSE_POW", "STAT_STATE", "SAFE_CHARGE_RUNNING"} <= answer["ENERGY"].keys()
    assert answer["FACTORY"]["SYS_TYPE"] == 18


async def test_a_query_that_is_too_large_is_asked_in_parts(simulate: Simulate) -> None:
    simulator, client = await simulate()
    request = {**FULL_REQUEST, "LOG": {f"NAME_{number:04d}_{'X' * 40}": "" for number in range(400)}}
    assert len(build_request(request)) > 2 * CEILING - 4000
    answer = await client.query(request)
    assert simulator.requests > 1
    assert {name: set(section) for name, section in answer.items()} == {
        name: set(section) for name, section in request.items()
    }


async def test_query_tells_what_the_answer_lacks(simulate: Simulate, caplog: pytest.LogCaptureFixture) -> None:
    simulator, client = await simulate(faults=("truncate",))
    with caplog.at_level(logging.WARNING, "heliobus.senec"):
        answer = await client.query({"ENERGY": {"STAT_STATE": "", "GUI_HOUSE_POW": "", "GUI_GRID_POW": ""}})
    assert "STAT_STATE" in answer["ENERGY"]
    assert "lacks 1 value(s), ENERGY.GUI_GRID_POW first" in caplog.text
    simulator.faults = ()
    caplog.clear()
    await client.query({"ENERGY": {"STAT_STATE": "", "GUI_HOUSE_POW": ""}})
    assert not caplog.records


async def test_discovery_extends_and_never_shrinks(simulate: Simulate, open_: AsyncExitStack) -> None:
    _, client = await simulate()
    sections = await client.sections()
    assert set(Reading.sections) <= set(sections)
    assert "SELFTEST_RESULTS" in sections
    assert len(sections) == len(set(sections))
    silent = await Stranger([b'{"DEBUG":{"SECTIONS":"VARIABLE_NOT_FOUND"}}']).client(open_)
    assert await silent.sections() == tuple(Reading.sections)
