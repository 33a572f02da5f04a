"""Run somebody else's test suite twice: with the growattServer that it was written for, and with ours in its place.

    python -m tests.interop.other_suites FOLDER [--python PYTHON]

FOLDER is a checkout; PYTHON has what the suite needs, growattServer among it, and aiohttp and tzdata for ours.  What
PYTHONPATH names counts, too.  Both runs may connect to this computer only, and leave nothing in FOLDER.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.conftest import ROOT

AT_HOME = """
import sys

def at_home(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise ConnectionRefusedError(f"{address[0]} is not this computer")

sys.addaudithook(at_home)
"""
OURS = "from heliobus.compat.growattServer import install\ninstall()\n"
WHERE = "import growattServer; print(growattServer.__file__)"


def outcomes(report: Path) -> dict[str, str]:
    """By test: passed, or what it was instead."""
    found = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314, pytest has just written it
        kinds = [part.tag for part in case if part.tag in {"error", "failure", "skipped"}]
        found[f"{case.get('classname')}.{case.get('name')}"] = kinds[0] if kinds else "passed"
    return found


def run(folder: Path, python: str, *, ours: bool) -> tuple[str, dict[str, str]]:
    """Where the suite's growattServer comes from, and the outcomes; nothing comes from one that cannot be imported."""
    with tempfile.TemporaryDirectory() as scratch:
        start = Path(scratch, "sitecustomize.py")
        start.write_text(AT_HOME + OURS * ours, encoding="utf-8")
        paths = [scratch, *[str(ROOT / "src")] * ours, *filter(None, [os.environ.get("PYTHONPATH")])]
        changed = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1", "XDG_STATE_HOME": scratch}
        environment = {**os.environ, **changed}
        where = subprocess.run(
            [python, "-c", WHERE], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        report = Path(scratch, "report.xml")
        subprocess.run(
            [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        return where.stdout.strip(), outcomes(report) if report.exists() else {}


def worse(theirs: dict[str, str], ours: dict[str, str]) -> list[str]:
    """What passes with the original and not with ours."""
    return sorted(name for name, outcome in theirs.items() if outcome == "passed" and ours.get(name) != "passed")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    found = {}
    for label, is_ours in (("original", False), ("ours", True)):
        where, found[label] = run(asked.folder, asked.python, ours=is_ours)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(found[label].values()).items()))
        print(f"{label}: {counts or 'nothing ran'} ({where or 'cannot be imported'})")
    lost = worse(found["original"], found["ours"])
    print("\n".join([f"only with the original: {name}" for name in lost]) or "nothing passes with the original alone")
    return 1 if lost or not found["ours"] else 0


if __name__ == "__main__":
    sys.exit(main())
