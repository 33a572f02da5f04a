"""What the answers to writes mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Error, NotSupported, OutOfBounds, Refused, TransportError, UsageError
from heliobus.growatt.protocol.refusals import check_written, refused_write

if TYPE_CHECKING:
    from pathlib import Path

    from heliobus.growatt.protocol import Json


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("501", TransportError),
        ("502", TransportError),
        ("503", UsageError),
        ("504", Refused),
        ("505", Refused),
        ("506", NotSupported),
        ("507", UsageError),
        ("508", OutOfBounds),
        ("509", UsageError),
        ("510", Refused),
        ("511", Refused),
        ("512", Refused),
        ("701", Refused),
        ("inv_set_time_format", UsageError),
        ("", Refused),
    ],
)
def test_every_code_is_an_error_with_a_remedy(code: str, error: type[Error]) -> None:
    found = refused_write(code, setting="charge_power")
    assert type(found) is error
    assert code in found.what()
    assert found.remedy not in ("", Error.default_remedy)


def test_plain_inverters_swap_two() -> None:
    assert "offline" in refused_write("503", setting="pv_on_off", family="inverter").what()
    assert "serial" in refused_write("504", setting="pv_on_off", family="inverter").what()


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "msg": ""},
        {"success": "true", "msg": "inv_set_success"},
        {"result": 1, "msg": "", "obj": None},
        {"result": "1"},
    ],
)
def test_a_success(answer: Json) -> None:
    check_written(answer, setting="x")


@pytest.mark.parametrize("answer", [{}, {"success": False}, {"success": None, "msg": "505"}, {"result": 0, "msg": "7"}])
def test_no_success(answer: Json) -> None:
    with pytest.raises(Refused):
        check_written(answer, setting="x")


@pytest.mark.parametrize("answer", [None, [], "ok", 1])
def test_neither(answer: Json) -> None:
    with pytest.raises(TransportError):
        check_written(answer, setting="x")


def test_recorded_answers(shared: Path) -> None:
    captures = shared / "captures/growatt"
    check_written(json.loads((captures / "legacy/web_tcpSet_spaSet_ok.json").read_text())["payload"], setting="x")
    with pytest.raises(UsageError, match="badly formed"):
        check_written(json.loads((captures / "errors/tcpset_bad_time.json").read_text())["payload"], setting="x")
