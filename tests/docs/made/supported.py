"""What is supported, from what the tests cover: simulated devices, recordings that are read, foreign clients.

Nothing is listed by hand.  The devices are those that every test of a vendor runs against; recordings are the files
that tests open; foreign clients are the modules of tests/interop, described by their own first words.  A vendor's
``tests/<vendor>/simulator/test_profiles.py`` may say in ``RECORDED`` which recording a profile answers alike over the
first wire.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from heliobus.vendor import vendors
from tests.conftest import ROOT
from tests.docs.made.vendors import looks
from tests.docs.markdown import NOTHING, code, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.docs.made.vendors import Seen

_RECORDING = re.compile(r"captures/(?P<vendor>\w+)(?:/[\w.*-]+)*")
_WHOSE = re.compile(r"(?:heliobus|tests)\.(?P<vendor>\w+)")


def supported(name: str) -> str:
    """One vendor: its devices, and what proves them."""
    return f"{_devices(name)}\n{_evidence(name)}"


# -- devices


def _devices(name: str) -> str:
    wires: dict[str, list[tuple[list[str], Seen]]] = {profile: [] for _, profile in looks(name)}
    for (wire, profile), seen in looks(name).items():
        alike = next((names for names, one in wires[profile] if one == seen), None)
        if alike is None:
            wires[profile].append(([wire], seen))
        else:
            alike.append(wire)
    first, recorded = vendors()[name].wires[0].name, _recorded(name)
    return table(
        ["simulated", "says it is", "over", "values live", "values in full", "obeys", "shaped by recordings"],
        [
            _device(profile, ", ".join(names), seen, recorded.get(profile, ()) if first in names else ())
            for profile, groups in wires.items()
            for names, seen in groups
        ],
    )


def _device(profile: str, over: str, seen: Seen, recordings: tuple[str, ...]) -> tuple[str, ...]:
    kinds = {f"{one.model or one.vendor}{f' ({one.firmware})' if one.firmware else ''}" for one in seen.devices}
    commands = ", ".join(map(code, seen.capabilities.commands)) or NOTHING
    counts = str(len(seen.live)), str(len(seen.full | seen.live))
    return code(profile), ", ".join(sorted(kinds)), over, *counts, commands, ", ".join(recordings) or NOTHING


def _recorded(name: str) -> Mapping[str, tuple[str, ...]]:
    """The recordings that a profile answers alike."""
    if not (ROOT / "tests" / name / "simulator/test_profiles.py").is_file():
        return {}
    tests = importlib.import_module(f"tests.{name}.simulator.test_profiles")
    found: dict[str, list[str]] = defaultdict(list)
    for recording, profile in tests.RECORDED.items():
        found[profile].append(recording)
    return {profile: tuple(sorted(recordings)) for profile, recordings in found.items()}


# -- evidence


def _evidence(name: str) -> str:
    recordings: dict[str, set[str]] = defaultdict(set)
    clients = {}
    for path, module in _tests():
        where = path.relative_to(ROOT).as_posix()
        for vendor, recording in _opened(module):
            if vendor == name:
                recordings[recording].add(where)
        if path.parent.name == "interop" and name in _imported(module):
            clients[where] = prose((ast.get_docstring(module) or "").partition("\n\n")[0])
    rows = [("recording", code(one), ", ".join(map(code, sorted(tests)))) for one, tests in sorted(recordings.items())]
    rows += [("foreign client", about, code(where)) for where, about in sorted(clients.items())]
    return table(["evidence", "which", "tests"], rows)


@functools.cache
def _tests() -> tuple[tuple[Path, ast.Module], ...]:
    paths = sorted((ROOT / "tests").rglob("*.py"))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths if "docs" not in path.parts)


def _opened(module: ast.Module) -> Iterator[tuple[str, str]]:
    """The vendor and path of the recordings that a test opens; ``*`` for what it puts in."""
    nodes = list(ast.walk(module))
    parts = {part for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if node in parts:  # of a whole that stands for itself
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if found := _RECORDING.fullmatch(text):
            yield found["vendor"], text


def _imported(module: ast.Module) -> set[str]:
    """The vendors that a module imports from."""
    names = [node.module or "" for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    return {found["vendor"] for name in names if (found := _WHOSE.match(name))}


BLOCKS = {f"supported {name}": lambda name=name: supported(name) for name in vendors()}
