"""Each recorded answer of an appliance, served again and read by the real client: nothing is lost on the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heliobus.senec import AsyncClient
from heliobus.senec.models import Reading, Section
from heliobus.senec.protocol import Absent, decode_answer, parse_body
from heliobus.senec.simulator import SenecSimulator
from heliobus.simulation.clock import FrozenClock
from heliobus.simulation.plant import Plant
from heliobus.vendor import SimulationOptions

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.senec.protocol import Answer, Value
    from tests.conftest import Figure

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)


def spoken(answer: Answer) -> dict[str, Value]:
    """The values, by path, without those that are words for nothing."""
    return {
        f"{name}.{variable}": value
        for name, section in answer.items()
        for variable, value in section.items()
        if not isinstance(value, Absent)
    }


def check(reading: Reading, recorded: Answer) -> int:
    """Every value of the recording is in the reading, and a row reads it."""
    values = spoken(recorded)
    assert spoken(reading.answer) == values
    assert reading.extra == {}, "give it a row"
    assert reading.unread == {}
    for name, section in recorded.items():
        table = Reading.sections.get(name, Section)
        for variable, read in table(section).decoded().items():
            nothing = isinstance(section[variable], Absent) or table.rows[variable].is_unset(section[variable])
            assert (read in (None, ())) == nothing, (name, variable)
    return len(values)


async def test_every_recorded_answer_is_read_whole(
    shared: Path, lala: dict[str, dict[str, Any]], figure: Figure
) -> None:
    values, fields = 0, 0
    folder = shared / "captures/senec"
    for number, record in lala.items():
        (path,) = folder.glob(f"{number}-*.json")
        options = SimulationOptions(plant=Plant(1), clock=FrozenClock(NOON), replay=str(path))
        async with SenecSimulator(options) as simulator:
            told = simulator.announcement()
            async with AsyncClient(told["host"], port=told["port"], scheme="http") as client:
                recorded = decode_answer(parse_body(record["response_body"]).sections)
                values += check(await client.whole(), recorded)
                for detail in ("live", "full"):
                    snapshot = await client.read(detail=detail)
                    json.dumps(snapshot.to_dict(), allow_nan=False)
                    fields += len(snapshot.batteries[0].modules)
    assert len(lala) > 20
    figure("recorded answers of SENEC appliances", f"{values} values of {len(lala)} records read into typed models")
    assert fields


def test_every_answer_of_the_long_recording_is_read_whole(perth: list[dict[str, Any]], figure: Figure) -> None:
    values = 0
    for line in perth:
        recorded = decode_answer({name: line[name] for name in line if not name.endswith("Milliseconds")})
        values += check(Reading(recorded), recorded)
    figure("a long recording of a SENEC V2", f"{values} values of {len(perth)} answers read into typed models")
