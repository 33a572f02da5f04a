from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import UsageError
from heliobus.senec.simulator import Recording

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Start

FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
ASK = {"ENERGY": {"GUI_GRID_POW": "", "STAT_STATE": ""}, "RTC": {"WEB_TIME": "", "UTC_OFFSET": ""}, "PV1": {"X": ""}}


def line(second: float, power: str) -> str:
    milliseconds = int((FIRST + timedelta(seconds=second)).timestamp() * 1000)
    answer = {"ENERGY": {"GUI_GRID_POW": power}, "RTC": {"WEB_TIME": f"u3_{second:08X}"}}
    return json.dumps({"SentMilliseconds": 0, "ReceivedMilliseconds": milliseconds, **answer}) + "\n"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "three.jsonl"
    path.write_text(line(0, "fl_00000001") + line(2, "fl_00000002") + "\n" + line(60, "fl_00000003"), "utf-8")
    return path


async def test_the_answer_of_now_holds_until_the_next_one(start: Start, recording: Path) -> None:
    bench = await start(at=FIRST - timedelta(seconds=1), replay=str(recording))
    seen = []
    for _ in range(5):
        seen.append((await bench.raw({"ENERGY": {"GUI_GRID_POW": ""}}))["ENERGY"]["GUI_GRID_POW"][-1])
        await bench.clock.advance(1)
    assert "".join(seen) == "11122"
    await bench.clock.advance(3600)
    assert (await bench.raw({"ENERGY": {}})) == {"ENERGY": {"GUI_GRID_POW": "fl_00000003"}}


async def test_only_what_was_recorded_is_known(start: Start, recording: Path) -> None:
    bench = await start(at=FIRST, replay=str(recording))
    assert await bench.raw(ASK) == {
        "ENERGY": {"GUI_GRID_POW": "fl_00000001", "STAT_STATE": "VARIABLE_NOT_FOUND"},
        "RTC": {"WEB_TIME": "u3_00000000", "UTC_OFFSET": "VARIABLE_NOT_FOUND"},
        "PV1": {"OBJECT_NOT_FOUND": ""},
    }
    assert "serial" not in bench.simulator.announcement()


async def test_a_recording_takes_no_writes(start: Start, recording: Path) -> None:
    bench = await start(at=FIRST, replay=str(recording))
    written = {"ENERGY": {"GUI_GRID_POW": "fl_00000009", "SAFE_CHARGE_FORCE": "u8_01"}}
    assert await bench.raw(written) == {
        "ENERGY": {"GUI_GRID_POW": "fl_00000001", "SAFE_CHARGE_FORCE": "VARIABLE_NOT_FOUND"}
    }
    assert bench.simulator.plant.overrides == ()


async def test_the_house_need_not_stand_yet(start: Start, recording: Path) -> None:
    bench = await start(at=datetime(2020, 1, 1, tzinfo=UTC), replay=str(recording))
    assert (await bench.raw({"RTC": {}}))["RTC"]["WEB_TIME"] == "u3_00000000"


async def test_captures_hold_at_all_times(start: Start, tmp_path: Path) -> None:
    for name, record in {
        "1.json": {"response_body": '{"A":{"X":"u8_01","Y":"u8_02"},"B":{"OBJECT_NOT_FOUND":""}}'},
        "2.json": {"response_body": '{"A":{"Y":"u8_03"},"C":{}}', "kind": "lala"},
        "3.json": {"response_body": '{"A":{"X":"u8_09"}}', "kind": "cloud"},
    }.items():
        (tmp_path / name).write_text(json.dumps(record), "utf-8")
    folder = await start(replay=str(tmp_path))
    assert await folder.raw({"A": {}, "B": {}, "C": {}}) == {
        "A": {"X": "u8_01", "Y": "u8_03"},
        "B": {"OBJECT_NOT_FOUND": ""},
        "C": {},
    }
    single = await start(replay=str(tmp_path / "1.json"), at=datetime(2030, 1, 1, tzinfo=UTC))
    assert await single.raw({"A": {}}) == {"A": {"X": "u8_01", "Y": "u8_02"}}
    assert Recording.load(tmp_path).instants == ()


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("none.jsonl", None, "No such file"),
        ("empty.jsonl", "", "no answers"),
        ("text.jsonl", "hello\n", "line 1"),
        ("late.jsonl", line(0, "") + '{"ENERGY":{}}\n', "line 2"),
        ("list.jsonl", "[1]\n", "line 1"),
        ("huge.jsonl", '{"ReceivedMilliseconds":1e300}\n', "line 1"),
        ("back.jsonl", line(5, "") + line(4, ""), "do not rise"),
        ("plain.jsonl.gz", line(5, ""), "gzip"),
        ("cloud.json", '{"kind":"cloud","response_body":"{}"}', "no answer of lala.cgi"),
        ("html.json", '{"response_body":"<html>"}', "web page"),
        ("cut.json", '{"response_body":', "Expecting value"),
        ("list.json", "[]", "no answer of lala.cgi"),
    ],
)
def test_what_cannot_be_replayed_is_named(tmp_path: Path, name: str, content: str | None, what: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(UsageError, match=what) as caught:
        Recording.load(path)
    assert name in str(caught.value)


def test_a_compressed_recording_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "half.jsonl.gz"
    whole = gzip.compress("".join(line(second, "") for second in range(50)).encode())
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UsageError, match="cannot replay"):
        Recording.load(path)


async def test_the_perth_recording_is_answered_as_recorded(
    start: Start, shared: Path, perth: list[dict[str, Any]]
) -> None:
    bench = await start(
        at=datetime(2020, 9, 28, tzinfo=UTC), replay=str(shared / "captures/senec/longrun-v2-perth-2020.jsonl.gz")
    )
    recording = bench.simulator.recording
    assert recording is not None
    assert len(recording.instants) == len(perth) == 6097
    request: dict[str, Any] = {"RTC": {}, "ENERGY": {}, "PM1OBJ1": {}}
    for number in (0, 1, 2, 3000, 6095, 6096):
        bench.clock.jump((recording.instants[number] - bench.clock.now()).total_seconds())
        assert await bench.raw(request) == {name: perth[number][name] for name in request}
    for number, record in enumerate(perth):
        sections = recording.at(recording.instants[number]).sections
        assert sections["ENERGY"] == record["ENERGY"]
