"""Writes src/heliobus/growatt/protocol/datalogger/layouts.tsv out of the recorded layouts.

    python tests/growatt/make_layouts.py FOLDER     the folder that holds the layouts' .json files

Layouts that say the same, one perhaps more than another, become one table.  An offset counts from the end of the
record's date, so that one table holds for all protocols.  Put in order besides:

* Three offsets are slips of the pen (``MENDED``): they lie between two registers or on another field.
* 32-bit measurements are signed: recorded is -36.7 W as 4294966929, and no measurement reaches 2**31.
* Temperatures are signed, as some of the layouts have them.
* A SPH's first block of registers is a MAX's, and the larger SPHs use the third tracker's (``ADDED``).
* In names, spaces and the ``#`` of fields that were switched off are left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

TARGET = Path(__file__).resolve().parents[2] / "src/heliobus/growatt/protocol/datalogger/layouts.tsv"
TABLES = {
    "inverter": ("T060104", "T050104", "T020104", "T000104"),
    "long": ("T060104X", "T065004X", "T065104X", "T06NNNNX"),
    "tl3": ("T06NNNNXTL3", "T060104XTL3"),
    "max": ("T060104XMAX",),
    "sph": ("T06NNNNXSPH", "T060104XSPH", "T060150XSPH"),
    "min": ("T06NNNNXMIN",),
    "mod": ("T06NNNNXMOD",),
    "spf": ("T060104SPF", "T060150SPF"),
    "spf05": ("T050104SPF", "T050150SPF"),
    "announcement": ("T060103XMAX",),
    "meter": ("T060120", "T065020", "T065120"),
    "sdm630": ("T06221b",),
    "chint": ("T06211b", "T06231b", "T06241b", "T06221b"),
}
"""Our tables and the layouts that they are made of, the first one's rows first."""
FILES = {"sdm630": "T06221b.json", "chint": "tchntthree.json", "inverter": None}
OLD = ("t050104o.json", "t060104o.json")
"""Files that have another table under a name that is taken; what they say is ``spf``."""
MENDED = {("spf", "op_va"): 202, ("announcement", "vac_high_protect1"): 370, ("mod", "epspac1"): 758}
ADDED = {"sph": ("max", ("pv3voltage", "pv3current", "pv3watt"))}
HEADER = ("decrypt", "date", "datalogserial", "loggerserial", "pvserial", "device", "logstart", "end")
"""What is no field of the table."""
TYPES = ("log", "logpos", "logneg")


class Row(NamedTuple):
    name: str
    offset: int
    kind: str
    divide: int

    def line(self) -> str:
        return "\t".join((self.name, str(self.offset), self.kind, *([str(self.divide)] if self.divide > 1 else ())))


def read(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Every layout by its file and name."""
    return {
        (path.name, name): fields
        for path in sorted(folder.glob("*.json"))
        for name, fields in json.loads(path.read_text("utf-8")).items()
    }


def table(layouts: dict[tuple[str, str], dict[str, Any]], ours: str) -> dict[str, Row]:
    """The rows of one of our tables by their names; of two layouts that differ, the first one counts."""
    rows: dict[str, Row] = {}
    for wanted in TABLES[ours]:
        for (file, name), fields in layouts.items():
            if name == wanted and file not in OLD and FILES.get(ours) in (None, file):
                rows = {row.name: row for row in rows_of(ours, name, fields)} | rows
    if ours in ADDED:
        other, names = ADDED[ours]
        rows |= {name: row for name, row in table(layouts, other).items() if name in names}
    return dict(sorted(rows.items(), key=lambda item: (item[1].offset, item[0])))


def rows_of(ours: str, layout: str, fields: dict[str, Any]) -> list[Row]:
    return [row(ours, layout, key, field) for key, field in fields.items() if plain(key) not in HEADER]


def row(ours: str, layout: str, key: str, field: dict[str, Any]) -> Row:
    name = plain(key)
    if field.get("type") in TYPES:
        return Row(name, field["pos"] - 1, {"log": "c", "logpos": "c+", "logneg": "c-"}[field["type"]], 1)
    size = field["length"]
    divide = int(field.get("divide", next((field[k] for k in field if k.startswith("divid")), 1)))
    offset = (MENDED.get((ours, name), field["value"]) - start(layout)) // 2
    if field["type"] == "text":
        return Row(name, offset, f"{size}t", 1)
    wide = size == 4 and divide > 1
    signed = field["type"] == "numx" or wide or "temp" in name.lower() or "_ntc" in name
    return Row(name, offset, f"{size}{'s' if signed else ''}", divide)


def start(layout: str) -> int:
    """Where the date ends, in hexadecimal digits; the oldest protocol has none."""
    return {"T00": 56, "T02": 68, "T05": 68, "T06": 148}[layout[:3]]


def plain(key: str) -> str:
    return key.strip().lstrip("#")


def text(folder: Path) -> str:
    """The whole of layouts.tsv."""
    layouts = read(folder)
    parts = []
    for ours, theirs in TABLES.items():
        lines = "".join(f"{row.line()}\n" for row in table(layouts, ours).values())
        parts.append(f"[{ours}]\t{' '.join(theirs)}\n{lines}")
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text(Path(sys.argv[1])), "utf-8")
