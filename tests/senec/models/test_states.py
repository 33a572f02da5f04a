from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from heliobus.senec.models import StateKind, SystemState, system_state

if TYPE_CHECKING:
    from pathlib import Path


def test_every_known_state(shared: Path) -> None:
    lines = (shared / "protocols/senec/states.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    assert len(rows) == 101
    for row in rows:
        assert system_state(int(row["code"])) == SystemState(
            int(row["code"]), row["en"], row["de"], StateKind(row["class"])
        )


def test_an_unknown_state_keeps_its_number() -> None:
    assert system_state(200) == SystemState(200)
    assert system_state(200).name_en is None


def test_states_without_the_table_at_hand() -> None:
    assert system_state(14) == SystemState(14, "CHARGE", "LADEN", StateKind.CHARGING)
    assert system_state(0).name_de == "INITIALZUSTAND"
    assert system_state(100).name_en == "SOX-CALIBRATION"
