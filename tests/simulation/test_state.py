from __future__ import annotations

from datetime import UTC, datetime

import pytest

from heliobus.errors import UsageError
from heliobus.simulation.state import Energy, Override

NOON = datetime(2025, 6, 21, 12, tzinfo=UTC)
NAIVE = datetime(2025, 6, 21, 12)  # noqa: DTZ001


def test_energies_add_up_by_kind() -> None:
    one = Energy(pv=1, load=2, grid_import=3, grid_export=4, charge=5, discharge=6)
    assert one + one == Energy(pv=2, load=4, grid_import=6, grid_export=8, charge=10, discharge=12)
    assert one + Energy() == one


def test_commands_need_zones_order_and_numbers() -> None:
    with pytest.raises(UsageError, match="no time zone"):
        Override(start=NAIVE)
    with pytest.raises(UsageError, match="no time zone"):
        Override(start=NOON, end=NAIVE)
    with pytest.raises(UsageError, match="before it starts"):
        Override(start=NOON, end=NOON)
    with pytest.raises(UsageError, match="nan W"):
        Override(start=NOON, power=float("nan"))
