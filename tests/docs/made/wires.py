"""What each wire carries: the vendors' own promises, and beside them what their simulated devices tell without one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from heliobus.model import fields
from heliobus.vendor import vendors
from tests.docs import markdown
from tests.docs.markdown import NOTHING, code, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heliobus.vendor import Resolution, Wire

VENDORS = Path(__file__).resolve().parents[3] / "docs/reference/vendors.md"
"""Whose tables say what each simulated device tells; made from code as well, and before this page."""
_MEMBER = re.compile(r"\.(?:L?\d+)(?=\.|$)")
_BINARY = {2.0**-24: "f32", 2.0**-53: "f64"}
_ENERGIES = tuple(
    f"{part}_energy" if "." in part else f"{part}.energy"
    for part in ("pv", "load", "grid.import", "grid.export", "batteries.*.charge", "batteries.*.discharge")
)
_COUNTERS = (
    "The lifetime counters stand in published lists of tags only; no answer was ever recorded, so their layout would "
    "be a guess. Energies are integrated from powers, and `history` reads those that the device keeps."
)
_OWN_OUTPUT = "Power and current of a phase are those of the inverter's own output, not of the connection to the grid."
_NO_SIGN = "The battery's current was only ever recorded as 0, and nobody says which way is positive."
_PHASES = dict.fromkeys(("grid.phases.*.power", "grid.phases.*.current"), _OWN_OUTPUT)
_BATTERY = {"batteries.*.current": _NO_SIGN}
OMITTED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("e3dc", "rscp"): dict.fromkeys(_ENERGIES, _COUNTERS),
    ("growatt", "shine"): _PHASES,
    ("growatt", "v1"): _PHASES | _BATTERY,
    ("growatt", "v4"): _PHASES | _BATTERY,
    ("growatt", "datalogger"): _PHASES | _BATTERY,
    ("senec", "http"): {
        "system.controller_temperature": "Read, but the simulated appliances have no such sensor.",
        "batteries.*.soh": "Read from BMS.SYSTEM_SOH; the simulated appliances tell it for each module only.",
    },
    ("senec", "connect"): {"wallboxes.*.power": "Read, but the house of this page has no wallbox there."},
}
"""What a wire is said to carry and no cell shows, with the reason."""


class Column(NamedTuple):
    """Wires of a vendor that carry the same."""

    vendor: str
    wires: tuple[Wire, ...]

    @property
    def title(self) -> str:
        return f"{self.vendor} {', '.join(wire.name for wire in self.wires)}"


def columns() -> tuple[Column, ...]:
    """Every wire; those that carry the same stand together."""
    found: list[Column] = []
    for vendor in vendors().values():
        groups: list[list[Wire]] = []
        for wire in vendor.wires:
            same = next((one for one in groups if (one[0].live, one[0].full) == (wire.live, wire.full)), None)
            if same is None or wire.profiles is not None:
                groups.append([wire])
            else:
                same.append(wire)
        found += [Column(vendor.name, tuple(group)) for group in groups]
    return tuple(found)


def declared(path: str) -> str:
    """The path as the model declares it; of the battery that all are together, that of each."""
    return _MEMBER.sub(".*", path).replace("battery.", "batteries.*.", 1)


def told() -> dict[tuple[str, str], dict[str, str]]:
    """What the simulated devices tell, by vendor and wire: live or full by path, over all profiles."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    page = VENDORS.read_text(encoding="utf-8")
    for name, vendor in vendors().items():
        part = page.partition(f"<!-- made from code: vendor {name} -->")[2].partition("<!-- end -->")[0]
        heads = [head.strip() for head in next(line for line in part.splitlines() if "| path |" in line).split("|")][
            3:-1
        ]
        first = vendor.wires[0].name
        for path, _, *cells in markdown.rows(part, first="path"):
            for head, cell in zip(heads, cells, strict=True):
                wire = head.partition(" ")[0] if " " in head else first
                here = found.setdefault((name, wire), {})
                if cell != NOTHING and here.get(path) != "live":
                    here[path] = cell
    return found


def carries() -> str:
    there, known = columns(), told()
    promised = [_promised(column.wires[0]) for column in there]
    seen = [known[column.vendor, column.wires[0].name] for column in there]
    paths = [path for path in fields.declared() if any(path in one for one in (*promised, *seen))]
    return table(
        ["field", "unit", *(column.title for column in there)],
        [
            (
                code(path),
                fields.declared()[path].unit or NOTHING,
                *(own.get(path) or tells.get(path, NOTHING) for own, tells in zip(promised, seen, strict=True)),
            )
            for path in paths
            if not path.startswith("battery.")
        ],
    )


def without() -> str:
    """Profiles that do not carry all of their wire."""
    rows = [
        (code(vendor.name), code(wire.name), code(profile), ", ".join(map(code, sorted(paths))))
        for vendor in vendors().values()
        for wire in vendor.wires
        for profile, paths in wire.lacks.items()
    ]
    return table(["vendor", "wire", "device", "does not tell"], rows)


def omitted() -> str:
    rows = []
    for (vendor, wire), paths in OMITTED.items():
        for reason in dict.fromkeys(paths.values()):
            there = ", ".join(code(path) for path, why in paths.items() if why == reason)
            rows.append((code(vendor), code(wire), there, reason))
    return table(["vendor", "wire", "field", "why"], rows)


def _promised(wire: Wire) -> dict[str, str]:
    """The cell of each path that is promised."""
    found: dict[str, set[str]] = {}
    for path, resolution in wire.full.items():
        detail = "live" if path in wire.live else "full"
        found.setdefault(declared(path), set()).add(f"{detail} {_words(resolution)}")
    return {path: " or ".join(sorted(cells)) for path, cells in found.items()}


def _words(resolution: Resolution) -> str:
    return " ".join(_parts(resolution)) or "exact"


def _parts(resolution: Resolution) -> Iterator[str]:
    if resolution.step:
        yield f"±{resolution.step:g}"
    if resolution.relative:
        yield _BINARY.get(resolution.relative, f"±{resolution.relative:.1%}")


BLOCKS = {"wires": carries, "wires without": without, "wires omitted": omitted}
