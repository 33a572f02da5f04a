"""Recorded answers of real appliances (``lala``, ``perth``) and answers made for these tests (``made``)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

MADE = Path(__file__).parent.parent / "fixtures" / "senec"


@pytest.fixture(scope="session")
def lala(shared: Path) -> dict[str, dict[str, Any]]:
    """All recordings of lala.cgi, by their two-digit number."""
    records = {
        path.name[:2]: json.loads(path.read_text("utf-8")) for path in (shared / "captures/senec").glob("*.json")
    }
    return {number: record for number, record in sorted(records.items()) if record.get("kind") == "lala"}


@pytest.fixture(scope="session")
def perth(shared: Path) -> list[dict[str, Any]]:
    """Six thousand answers of one appliance, a second apart."""
    with gzip.open(shared / "captures/senec/longrun-v2-perth-2020.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def made() -> dict[str, str]:
    """Bodies of our own making, by firmware."""
    return {path.parent.name: json.loads(path.read_text("utf-8"))["response_body"] for path in MADE.glob("*/*.json")}
