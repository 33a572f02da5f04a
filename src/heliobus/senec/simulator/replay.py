"""Recorded answers as the memory of a simulated appliance.

Two forms are read.  A recording is a ``.jsonl`` or ``.jsonl.gz`` file with an answer a line and its
``ReceivedMilliseconds`` (epoch, UTC, rising); an answer holds from then until the next one was received.  A capture is
a ``.json`` file with a ``response_body``; captures together (a folder of them) are one answer that holds at all times,
with each variable as in the last file, by name, that has it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import ProtocolError, UsageError
from heliobus.senec.protocol import parse_body
from heliobus.senec.simulator.answering import NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heliobus.senec.protocol import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ABOUT = timedelta(days=1)


class Recorded(NamedTuple):
    """One recorded answer as the ``Memory`` of the answer to whatever is asked; it takes no writes."""

    sections: Mapping[str, Mapping[str, Json]]

    def names(self, section: str) -> Iterable[str] | None:
        return self.sections.get(section)

    def read(self, section: str, name: str) -> Json:
        return self.sections[section].get(name, NOT_FOUND)

    def write(self, section: str, name: str, value: Json) -> bool:  # noqa: ARG002 - what was recorded stays
        return True


class Recording:
    """Recorded answers, and from when each holds.

    ``instants`` (UTC, rising): a client that polls once at each sees every answer once.  Captures have none.
    """

    def __init__(self, answers: Sequence[bytes], instants: Sequence[datetime] = ()) -> None:
        self.instants = tuple(instants)
        self._answers = answers

    def shift(self, now: datetime) -> timedelta:
        """What to add to a clock that shows ``now`` so that it begins now; nothing about the time of the recording."""
        if not self.instants or self.instants[0] - _ABOUT <= now <= self.instants[-1] + _ABOUT:
            return timedelta(0)
        return self.instants[0] - now

    def at(self, time: datetime) -> Recorded:
        """The answer that holds at ``time``; before the first one, the first."""
        answer = json.loads(self._answers[max(bisect_right(self.instants, time) - 1, 0)])
        return Recorded({name: section for name, section in answer.items() if isinstance(section, dict)})

    @classmethod
    def load(cls, path: str | Path) -> Recording:
        """Read a recording, a capture or a folder of captures; raises UsageError that names what is wrong."""
        path = Path(path)
        try:
            if path.is_dir():
                return _captures(sorted(path.glob("*.json")))
            return _captures([path]) if path.suffix == ".json" else _recording(path)
        except OSError as error:
            reason = error.strerror or str(error)
        except (EOFError, zlib.error, ValueError, ProtocolError) as error:
            reason = str(error)
        raise UsageError(
            f"cannot replay {path}: {reason}",
            remedy="Name a JSON capture, a folder of captures, or a .jsonl or .jsonl.gz recording.",
        )


def _captures(paths: Iterable[Path]) -> Recording:
    merged: dict[str, dict[str, Json]] = {}
    found = False
    for path in paths:
        record = json.loads(path.read_bytes())
        if not isinstance(record, dict) or record.get("kind", "lala") != "lala" or "response_body" not in record:
            continue  # another device's or the cloud's
        found = True
        for name, section in parse_body(record["response_body"]).sections.items():
            if isinstance(section, dict) and "OBJECT_NOT_FOUND" not in section:
                merged.setdefault(name, {}).update(section)
    if not found:
        raise ValueError("there is no answer of lala.cgi in it")
    return Recording([json.dumps(merged).encode()])


def _recording(path: Path) -> Recording:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        answers = [line for line in file if line.strip()]
    instants = [_instant(line, number) for number, line in enumerate(answers, 1)]
    if not instants or any(later <= earlier for earlier, later in pairwise(instants)):
        raise ValueError("it has no answers, or their times do not rise")
    return Recording(answers, instants)


def _instant(line: bytes, number: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=json.loads(line)["ReceivedMilliseconds"])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"line {number} is not an answer with its ReceivedMilliseconds") from error
