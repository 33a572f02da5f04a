"""Snapshots and databases for the tests of the record."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heliobus.model.parts import PV, Battery, Grid, Load
from heliobus.model.snapshot import Snapshot
from heliobus.recorder.store import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def snapshot(seconds: float, *, battery: float | None = None, soc: float | None = None, **parts: Any) -> Snapshot:
    """A sample at ``seconds``: pv, grid, battery, load in W; or whole parts of the model."""
    made: dict[str, Any] = {}
    for name, value in parts.items():
        plain = {"pv": PV, "grid": Grid, "load": Load}.get(name)
        made[name] = plain(power=value) if plain and (value is None or isinstance(value, (int, float))) else value
    if battery is not None or soc is not None:
        made["batteries"] = (Battery(power=battery, soc=soc),)
    return Snapshot(source="test", received_at=at(seconds), **made)


def record(
    path: Path,
    snapshots: Iterable[Snapshot],
    *,
    timezone: str = "Europe/Berlin",
    interval: float = 10.0,
    name: str = "roof",
    site: str = "home",
) -> None:
    """Record all in one go and close."""
    with Recorder.open(path) as recorder:
        recorder.add_system(site=site, timezone=timezone, name=name, vendor="test", interval=interval)
        for one in snapshots:
            recorder.record(name, one)


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the Perth recording, decoded without any of heliobus: powers in W, SENEC's own signs."""

    at: int
    pv: float
    grid: float
    house: float
    charging: float
    soc: float

    def snapshot(self) -> Snapshot:
        return snapshot(
            self.at / 1000, pv=self.pv, grid=self.grid, load=self.house, battery=-self.charging, soc=self.soc
        )


def perth(shared: Path) -> list[Answer]:
    """The recording of a SENEC V2 at Perth, 2020: 1 Hz with gaps."""
    answers = []
    with gzip.open(shared / "captures/senec/longrun-v2-perth-2020.jsonl.gz", "rt", encoding="ascii") as lines:
        for line in lines:
            answer = json.loads(line)
            energy = {name: _float(text) for name, text in answer["ENERGY"].items() if text.startswith("fl_")}
            answers.append(
                Answer(
                    at=answer["ReceivedMilliseconds"],
                    pv=energy["GUI_INVERTER_POWER"],
                    grid=energy["GUI_GRID_POW"],
                    house=energy["GUI_HOUSE_POW"],
                    charging=energy["GUI_BAT_DATA_POWER"],
                    soc=energy["GUI_BAT_DATA_FUEL_CHARGE"],
                )
            )
    return answers


def _float(text: str) -> float:
    return float(struct.unpack(">f", bytes.fromhex(text[3:]))[0])
