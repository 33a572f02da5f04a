from __future__ import annotations

import csv
import io
import json
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from heliobus.model.quality import Quality
from heliobus.recorder.export import ENERGY_COLUMNS, energy_rows, sample_columns, sample_rows, write_csv, write_jsonl
from heliobus.recorder.query import Bucket, Energies, Sample
from tests.recorder.made import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heliobus.recorder.export import Cell

SAMPLE = Sample("roof", at(0.25), {"pv.power": 1.5, "grid.power": None}, {"pv.power": Quality.SUSPECT}, "test/http")
BUCKET = Bucket(
    start=at(0), end=at(900), systems={"roof": Energies(pv=10.0, coverage=2 / 3)}, sites={"home": Energies(import_=2.5)}
)


def as_csv(rows: Iterator[dict[str, Cell]], columns: tuple[str, ...]) -> list[list[str]]:
    stream = io.StringIO(newline="")
    write_csv(stream, rows, columns=columns)
    return list(csv.reader(io.StringIO(stream.getvalue(), newline="")))


def as_jsonl(rows: Iterator[dict[str, Cell]]) -> list[dict[str, Cell]]:
    stream = io.StringIO()
    write_jsonl(stream, rows)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_samples_as_csv() -> None:
    assert as_csv(sample_rows([SAMPLE]), sample_columns(["grid.power", "pv.power", "grid.power"])) == [
        ["time", "system", "source", "grid.power", "pv.power", "doubtful"],
        ["1970-01-01T00:00:00.250000Z", "roof", "test/http", "", "1.5", "pv.power:suspect"],
    ]


def test_samples_as_json_lines() -> None:
    assert as_jsonl(sample_rows([SAMPLE, SAMPLE._replace(doubts={})])) == [
        {
            "time": "1970-01-01T00:00:00.250000Z",
            "system": "roof",
            "source": "test/http",
            "pv.power": 1.5,
            "grid.power": None,
            "doubtful": doubtful,
        }
        for doubtful in ("pv.power:suspect", None)
    ]


def test_energies_as_csv() -> None:
    span = ["1970-01-01T00:00:00Z", "1970-01-01T00:15:00Z"]
    assert as_csv(energy_rows([BUCKET]), ENERGY_COLUMNS) == [
        ["start", "end", "site", "system", "pv", "import", "export", "charge", "discharge", "load", "ev", "coverage"],
        [*span, "", "roof", "10.0", "", "", "", "", "", "", "0.6667"],
        [*span, "home", "", "", "2.5", "", "", "", "", "", "0.0"],
    ]


def test_energies_as_json_lines_have_the_same_names() -> None:
    assert [tuple(row) for row in as_jsonl(energy_rows([BUCKET]))] == [ENERGY_COLUMNS] * 2


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_becomes_a_formula(name: str) -> None:
    _, row = as_csv(sample_rows([SAMPLE._replace(system=name)]), ("system", "pv.power"))
    assert row[0] == f"'{name}"


def test_a_negative_number_stays_a_number() -> None:
    assert as_csv(iter([{"x": -5.0}]), ("x",))[1] == ["-5.0"]


def test_rows_are_written_as_they_come() -> None:
    stream = io.StringIO()

    def endless() -> Iterator[dict[str, Cell]]:
        number = 0
        while True:
            assert len(stream.getvalue().splitlines()) == number
            yield {"n": float(number)}
            number += 1

    assert write_jsonl(stream, islice(endless(), 100)) == 100
