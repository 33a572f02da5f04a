"""The tables against the specification's numbers and the recorded names of settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import NotSupported, OutOfBounds, Refused, UsageError
from heliobus.growatt.control import FAMILIES, changed

if TYPE_CHECKING:
    from pathlib import Path


def _told_names(family: str) -> set[str]:
    return {name for one in FAMILIES[family].values() for parameter in one.parameters for name in parameter.names}


@pytest.mark.parametrize(
    ("family", "setting", "parameters"),
    [
        ("mix", "mix_ac_charge_time_period", 18),
        ("mix", "mix_ac_discharge_time_period", 17),
        ("mix", "mix_load_flast_value_multi", 15),
        ("spa", "spa_ac_charge_time_period", 17),
        ("spa", "spa_load_flast", 15),
        ("tlx", "time_segment9", 6),
        ("noah", "time_segment1", 7),
        ("storage", "storage_cmd_forced_discharge_time1", 4),
    ],
)
def test_numbers_of_parameters(family: str, setting: str, parameters: int) -> None:
    assert len(FAMILIES[family][setting].parameters) == parameters


@pytest.mark.parametrize("family", FAMILIES)
def test_what_may_hurt_needs_a_word(family: str) -> None:
    for name, setting in FAMILIES[family].items():
        hurts = any(word in name for word in ("grid_voltage", "on_off", "any_reg", "off_grid", "ac_discharge_v"))
        assert not hurts or setting.dangerous, name


def test_a_min_tells_these_names(shared: Path) -> None:
    capture = json.loads((shared / "captures/growatt/v1_real/min_detail_tlx_data_info_mod12ktl3.json").read_text())
    told = capture["payload"]["data"]["tlxSetbean"]
    # This one tells three times of nine, no modes, and neither clock nor power factor.
    missing = {name for name in _told_names("tlx") - told.keys() if not name.startswith(("forcedTime", "time"))}
    assert missing <= {"sysTime", "powerFactor", "pf", "pvPfCmdMemoryStateMix", "vacHigh", "vacLow", "activePRate"} | {
        "reactivePRate"
    }


@pytest.mark.parametrize("family", ["sph", "spa"])
def test_hybrids_tell_these_names(shared: Path, family: str) -> None:
    capture = json.loads((shared / f"captures/growatt/openapi_samples/{family}.details.json").read_text())
    told = capture["payload"]["data"]
    table = FAMILIES["mix" if family == "sph" else family]
    unknown = {
        f"{setting.name}.{parameter.name}"
        for setting in table.values()
        for parameter in setting.parameters
        if parameter.names and parameter.told(told) is None
    }
    # Texts that are null in the documented sample, and two that an SPA has under no such name.
    assert unknown <= {"pv_pf_cmd_memory_state.value", "pf_sys_year.time"}


@pytest.mark.parametrize(
    ("name", "values", "error"),
    [
        ("charge_power", (101,), OutOfBounds),
        ("charge_power", (), UsageError),
        ("charge_power", (1, 2), UsageError),
        ("charge_power", ("",), UsageError),
        ("time_segment1", (1, 22, 0, 6, 0, 1), UsageError),
        ("time_segment1", (1, 22, 0, 24, 0, 1), OutOfBounds),
        ("time_segment1", (3, 0, 0, 1, 0, 1), UsageError),
        ("time_segment10", (1, 0, 0, 1, 0, 1), NotSupported),
        ("set_any_reg", (1, 2), Refused),
        ("tlx_on_off", (0,), Refused),
    ],
)
def test_what_is_refused_before_anything_is_sent(name: str, values: tuple[object, ...], error: type[Exception]) -> None:
    with pytest.raises(error, match="nothing was sent") as caught:
        changed(FAMILIES["tlx"], "tlx", name, values)
    assert type(caught.value) is error


def test_a_dangerous_one_goes_when_it_is_said() -> None:
    assert changed(FAMILIES["tlx"], "tlx", "set_any_reg", (30, "7"), dangerous=True).texts == ("30", "7")
    with pytest.raises(OutOfBounds):  # bounds hold all the same
        changed(FAMILIES["tlx"], "tlx", "set_any_reg", (30, 70_000), dangerous=True)
