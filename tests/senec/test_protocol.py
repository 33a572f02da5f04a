from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.senec import protocol

if TYPE_CHECKING:
    from pathlib import Path


def recorded(shared: Path) -> dict[str, Any]:
    """The bodies of all recorded answers of lala.cgi, by file name."""
    files = sorted((shared / "captures" / "senec").glob("*.json"))
    records = {path.name: json.loads(path.read_text("utf-8")) for path in files}
    return {name: record["response_body"] for name, record in records.items() if record.get("kind") == "lala"}


def test_every_recorded_leaf_decodes_and_encodes_to_itself(shared: Path) -> None:
    bodies = recorded(shared)
    assert len(bodies) == 25
    for name, body in bodies.items():
        parsed = protocol.parse_body(body)
        assert not parsed.truncated
        again = {
            section: {variable: protocol.decode_typed(leaf) for variable, leaf in variables.items()}
            for section, variables in parsed.sections.items()
            if isinstance(variables, dict)
        }
        assert json.loads(protocol.encode_answer(again)) == json.loads(body), name


def test_an_empty_body_may_be_asked_for_again() -> None:
    with pytest.raises(protocol.EmptyAnswer) as caught:
        protocol.parse_body(b"\r\n")
    assert caught.value.retryable
