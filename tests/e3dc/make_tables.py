"""Writes src/heliobus/e3dc/protocol/{tags,enums}.tsv out of the protocol's tables tags.csv and enums.csv.

    python tests/e3dc/make_tables.py FOLDER     the folder that holds the two .csv files

A tag's data type is written as the wire's number.  Three things are put in order:

* 297 names belong to two codes, mostly because one list repeats an answer's name for the code without the response
  bit.  The code that more lists know is the one that the name means.
* Some codes have a second name in another list (notes: ``name variants``); it is understood as well.
* Of the coded values those stay that are numbers on the wire.  Byte positions, data types and what only the Modbus
  table or the vendor's sample client use are left out.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from heliobus.e3dc.protocol import Type

TARGET = Path(__file__).resolve().parents[2] / "src/heliobus/e3dc/protocol"
NOT_VALUES = ("data_type", "client_return_code", "modbus_", "wb_alg_bytes", "wb_set_extern_bytes", "wb_set_param1")
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tag_table(rows: list[Row]) -> str:
    """The text of tags.tsv.  The last line that has a code, or a name, counts."""
    meant: dict[str, Row] = {}
    for row in rows:
        known = meant.setdefault(row["name"], row)
        if len(row["sources"].split()) > len(known["sources"].split()):
            meant[row["name"]] = row
    variants = [{**row, "name": name} for row in rows for name in variant_names(row["notes"])]
    others = [row for row in rows if meant[row["name"]] is not row]
    return "".join(tag_line(row) for part in (variants, others, meant.values()) for row in sorted(part, key=by_code))


def by_code(row: Row) -> tuple[str, str]:
    return row["code"], row["name"]


def variant_names(notes: str) -> list[str]:
    part = re.search(r"name variants: ([^|]*)", notes)
    return re.findall(r"([A-Z][A-Z0-9_]+) \(", part[1]) if part else []


def tag_line(row: Row) -> str:
    kind = f"{Type[row['type'].upper()]:02x}" if row["type"] else ""
    return f"{int(row['code'], 16):08x}\t{kind}\t{row['name']}\n"


def enum_table(rows: list[Row]) -> str:
    """The text of enums.tsv."""
    lines = []
    for row in rows:
        number = re.fullmatch(r"-?\d+|0x[0-9A-Fa-f]+", row["value"])
        if number and not row["enum"].startswith(NOT_VALUES):
            lines.append(f"{row['enum']}\t{int(number[0], 0)}\t{row['name']}\n")
    return "".join(lines)


def main(folder: Path) -> None:
    (TARGET / "tags.tsv").write_text(tag_table(read(folder / "tags.csv")), encoding="utf-8")
    (TARGET / "enums.tsv").write_text(enum_table(read(folder / "enums.csv")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
