"""Random writes are applied and taken back, or change nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heliobus.errors import NotSupported, OutOfBounds, UsageError
from heliobus.model.command import Command, SetSwitch, Status, WallboxLimit
from heliobus.senec import control
from heliobus.senec.control import (
    SocketMode,
    SocketSettings,
    WallboxMode,
    WallboxSettings,
)
from heliobus.transport.blocking import run
from tests.senec.client.writes.bench import opened

_CURRENTS = st.one_of(st.none(), st.floats(allow_nan=True), st.floats(min_value=5, max_value=18))
_NUMBERS = st.one_of(st.none(), st.integers(-5, 30_000), st.floats())
_WRITES = st.one_of(
    st.builds(SetSwitch, id=st.sampled_from(["1", "2", "3"]), on=st.booleans()),
    st.builds(WallboxLimit, id=st.sampled_from(["1", "2"]), current=st.floats(min_value=-1, max_value=40)),
    st.builds(
        SocketSettings,
        id=st.sampled_from(["1", "2", ""]),
        mode=st.one_of(st.none(), st.sampled_from(SocketMode)),
        upper_limit=_NUMBERS,
        minutes_on=_NUMBERS,
        start=st.one_of(st.none(), st.times()),
        use_time=st.one_of(st.none(), st.booleans()),
    ),
    st.builds(
        WallboxSettings,
        id=st.sampled_from(["1", "4"]),
        mode=st.one_of(st.none(), st.sampled_from(WallboxMode)),
        max_current=_CURRENTS,
        min_current=_CURRENTS,
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands=st.lists(_WRITES, min_size=1, max_size=5))
def test_random_writes_are_applied_and_taken_back_or_change_nothing(commands: list[Command]) -> None:
    async def writes() -> None:
        async with opened("v2.1") as bench:
            original = await bench.state()
            undos = []
            for command in commands:
                before = await bench.state()
                await bench.clock.sleep(control.PACES["wallbox"].seconds)
                try:
                    outcome = await bench.client.execute(command)
                except (OutOfBounds, NotSupported, UsageError):
                    assert _still(await bench.state()) == _still(before)
                    continue
                assert outcome.status is Status.APPLIED
                state = await bench.state()
                assert {path: state[path] for path in outcome.requested} == outcome.requested
                if outcome.sent:
                    assert outcome.undo is not None
                    undos.append(outcome.undo)
            for undo in reversed(undos):
                await bench.clock.sleep(control.PACES["wallbox"].seconds)
                assert (await bench.client.execute(undo)).status is Status.APPLIED
            assert _still(await bench.state()) == _still(original)

    run(writes())


def _still(words: dict[str, Any]) -> dict[str, Any]:
    """Without what flows."""
    live = ("ENERGY.GUI", "ENERGY.STAT", "SOCKETS.POWER_ON")
    return {path: value for path, value in words.items() if not path.startswith(live)}
