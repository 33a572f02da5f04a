"""Hands the record out as CSV or JSON lines, row by row, however long it is.

Times are ISO 8601 in UTC, energies Wh, powers W; unknown is an empty cell or null.  Text that a spreadsheet would take
for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC
from typing import TYPE_CHECKING, TextIO

from heliobus.recorder.sums import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from heliobus.recorder.query import Bucket, Sample
    from heliobus.recorder.sums import Energies

Cell = str | float | None

ENERGY_COLUMNS = ("start", "end", "site", "system", *(name.rstrip("_") for name in NAMES.values()), "coverage")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(stream: TextIO, rows: Iterable[Mapping[str, Cell]], *, columns: Sequence[str]) -> int:
    """Write a header and one line per row; give the number of rows.  Open ``stream`` with ``newline=""``."""
    writer = csv.writer(stream)
    writer.writerow([_guarded(name) for name in columns])
    count = 0
    for row in rows:
        writer.writerow([_guarded(row.get(name)) for name in columns])
        count += 1
    return count


def write_jsonl(stream: TextIO, rows: Iterable[Mapping[str, Cell]]) -> int:
    """Write one JSON object per line; give their number."""
    count = 0
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
        count += 1
    return count


def sample_columns(paths: Iterable[str]) -> tuple[str, ...]:
    """Give the columns of ``sample_rows`` for these channels."""
    return ("time", "system", "source", *dict.fromkeys(paths), "doubtful")


def sample_rows(samples: Iterable[Sample]) -> Iterator[dict[str, Cell]]:
    """Give raw samples as rows; ``doubtful`` names the values that do not count in totals, and why.

    ``source`` is the way that a sample came by: "senec/https", "growatt/v1".
    """
    for sample in samples:
        doubts = " ".join(f"{path}:{quality.name.lower()}" for path, quality in sample.doubts.items())
        told = {"time": _iso(sample.time), "system": sample.system, "source": sample.source or None}
        yield {**told, **sample.values, "doubtful": doubts or None}


def energy_rows(buckets: Iterable[Bucket]) -> Iterator[dict[str, Cell]]:
    """Give energies as rows: one per system, then one per site, whose ``system`` is empty."""
    for bucket in buckets:
        span = {"start": _iso(bucket.start), "end": _iso(bucket.end)}
        for system, energies in bucket.systems.items():
            yield {**span, "site": None, "system": system, **_energies(energies)}
        for site, energies in bucket.sites.items():
            yield {**span, "site": site, "system": None, **_energies(energies)}


def _energies(energies: Energies) -> dict[str, Cell]:
    values: dict[str, Cell] = {name.rstrip("_"): getattr(energies, name) for name in NAMES.values()}
    return {**values, "coverage": round(energies.coverage, 4)}


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
