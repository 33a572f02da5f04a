"""The table of the wires equals the vendors' data, and no cell is empty that a protocol description fills."""

from __future__ import annotations

import pytest

from heliobus.model import fields
from heliobus.vendor import vendors
from tests.docs import markdown
from tests.docs.generate import REFERENCE
from tests.docs.made import wires
from tests.docs.markdown import NOTHING

_STRINGS = "pv.strings.*.power pv.strings.*.voltage pv.strings.*.current"
_POWERS = "pv.power grid.power batteries.*.power load.power"
_ENERGIES = "pv.energy load.energy grid.import_energy grid.export_energy"
_ENERGIES += " batteries.*.charge_energy batteries.*.discharge_energy"
_PHASES = "grid.phases.*.power grid.phases.*.voltage grid.phases.*.current"
_FAMILIES = (
    f"{_POWERS} {_STRINGS} {_ENERGIES} batteries.*.soc batteries.*.voltage batteries.*.temperature grid.frequency"
)
EVIDENCE: dict[tuple[str, str], dict[str, str]] = {
    ("senec", "http"): {
        "4 ENERGY": f"{_POWERS} batteries.*.soc batteries.*.voltage batteries.*.current system.operating_hours "
        "system.state_code",
        "4 STATISTIC": _ENERGIES,
        "4 PV1": f"{_STRINGS} system.feed_in_limit_share",
        "4 PM1OBJ1": f"{_PHASES} grid.frequency",
        "4 BMS": "batteries.*.soh "
        + " ".join(
            f"batteries.*.modules.*.{name}"
            for name in (
                *("soc", "soh", "current", "voltage", "cycles", "charge_energy", "discharge_energy"),
                *("temperature_min", "temperature_max"),
            )
        ),
        "4 BAT1": "batteries.*.limits.reserve_soc",
        "4 TEMPMEASURE": "batteries.*.temperature system.case_temperature system.controller_temperature",
        "4 FACTORY": "batteries.*.capacity batteries.*.limits.max_charge batteries.*.limits.max_discharge",
        "5.6": "wallboxes.*.power wallboxes.*.phases.*.current wallboxes.*.current_limit wallboxes.*.state_code",
    },
    ("senec", "app"): {
        "7 dashboard": f"{_POWERS} batteries.*.soc",
        "7 details": "system.case_temperature system.state_code batteries.*.capacity",
        "7 wallboxes": "wallboxes.*.power",
    },
    ("senec", "connect"): {
        "10 battery": "batteries.*.soc batteries.*.power batteries.*.voltage batteries.*.current",
        "10 meter": "grid.power load.power pv.power",
        "10 evse": "wallboxes.*.power",
        "10 bessNameplate": "batteries.*.capacity batteries.*.limits.max_charge batteries.*.limits.max_discharge",
    },
    ("senec", "portal"): {
        "8 getstatusoverview": f"{_POWERS} batteries.*.soc",
        "8 getaccustate": "batteries.*.voltage batteries.*.capacity",
        "8 reserve": "batteries.*.limits.reserve_soc",
    },
    ("senec", "inverter"): {
        "9 measurements.xml": f"{_POWERS} {_STRINGS} grid.frequency inverters.*.power batteries.*.voltage "
        "batteries.*.current",
        "9 yields.json": "pv.energy",
    },
    ("e3dc", "rscp"): {
        "6.2": f"{_POWERS} batteries.*.soc pv.external_power system.state_code system.feed_in_limit_share "
        "grid.feed_in_limit",
        "6.3 PVI": f"{_STRINGS} grid.frequency inverters.*.power inverters.*.temperature",
        "6.3 PM": "grid.phases.*.power grid.phases.*.voltage",
        "6.3 BAT": "batteries.*.voltage batteries.*.current batteries.*.temperature batteries.*.modules.*.soc "
        "batteries.*.modules.*.voltage batteries.*.modules.*.current batteries.*.modules.*.cycles",
        "6.5": _ENERGIES,
        "6.6": "wallboxes.*.power wallboxes.*.energy wallboxes.*.car_soc wallboxes.*.current_limit",
    },
    ("growatt", "shine"): {
        "A.8 to A.12": _FAMILIES,
        "A.8 vacr, iacr, pacr": _PHASES,
    },
    ("growatt", "v1"): {"C.3, C.4": f"{_FAMILIES} {_PHASES} batteries.*.current batteries.*.soh"},
    ("growatt", "v4"): {"D, C.4": f"{_FAMILIES} {_PHASES} batteries.*.current batteries.*.modules.*.soc"},
    ("growatt", "oauth"): {
        "E and its samples": f"{_POWERS} grid.frequency grid.phases.*.voltage pv.energy grid.import_energy "
        "grid.export_energy batteries.*.soc batteries.*.soh batteries.*.voltage batteries.*.current "
        "batteries.*.charge_energy batteries.*.discharge_energy",
    },
    ("growatt", "datalogger"): {
        "F.1, F.2": f"{_POWERS} {_STRINGS} {_ENERGIES} {_PHASES} batteries.*.soc batteries.*.soh batteries.*.voltage "
        "batteries.*.current grid.frequency",
    },
}
"""What the protocol descriptions say that a wire carries: section, and the model's fields; no entry for a twin of the
first wire that stands in its column."""


def cells() -> dict[tuple[str, str], dict[str, str]]:
    """The page's table by the first wire of each column: the filled cells by field."""
    rows = markdown.rows((REFERENCE / "wires.md").read_text(encoding="utf-8"), first="field")
    tables = [row for row in rows if row[0] in fields.declared()]
    heads = [(column.vendor, column.wires[0].name) for column in wires.columns()]
    return {
        head: {row[0]: row[2 + place] for row in tables if row[2 + place] != NOTHING}
        for place, head in enumerate(heads)
    }


def test_every_wire_stands_in_one_column() -> None:
    there = [(column.vendor, wire.name) for column in wires.columns() for wire in column.wires]
    assert sorted(there) == sorted((vendor.name, wire.name) for vendor in vendors().values() for wire in vendor.wires)
    assert cells().keys() == EVIDENCE.keys()


@pytest.mark.parametrize("column", wires.columns(), ids=lambda column: column.title)
def test_the_figures_of_a_column_are_the_promises_of_its_wires(column: wires.Column) -> None:
    shown = cells()[column.vendor, column.wires[0].name]
    for wire in column.wires:
        figures = {path: cell for path, cell in shown.items() if " " in cell}
        assert figures.keys() == {wires.declared(path) for path in wire.full}
        live = {path for path, cell in figures.items() if cell.startswith("live ")}
        assert live == {wires.declared(path) for path in wire.live}
        for path, resolution in wire.full.items():
            told = figures[wires.declared(path)]
            assert not resolution.step or f"±{resolution.step:g}" in told
            assert bool(resolution.relative) == ("f32" in told or "f64" in told or "%" in told)


@pytest.mark.parametrize("where", EVIDENCE, ids=" ".join)
def test_no_cell_is_empty_that_a_description_fills(where: tuple[str, str]) -> None:
    shown, omitted = cells()[where], wires.OMITTED.get(where, {})
    said = {path: section for section, paths in EVIDENCE[where].items() for path in paths.split()}
    assert said.keys() <= fields.declared().keys()
    assert {path: section for path, section in said.items() if path not in shown and path not in omitted} == {}
    assert [path for path in omitted if path in shown or path not in said] == [], "no reason is needed"
    figures = {path for path, cell in shown.items() if " " in cell}
    assert figures <= said.keys(), "every promise has its source"
