"""The command line: one file per verb, loaded when it is asked for.

Exit codes: 0 ok, 1 error, 2 usage, 3 unreachable, 4 authentication or key, 5 refused by the device or a safety rule,
6 locked out or rate-limited, 130 interrupted.  Errors are one line on standard error; --debug adds the traceback.
"""

from __future__ import annotations

import sys

from heliobus import __version__


def main() -> None:
    """Run the command line of this process and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # Answered before anything is imported: scripts ask this often, and small boards are slow.
        print(f"heliobus {__version__}")
        return
    from heliobus.cli.root import run

    sys.exit(run(sys.argv[1:]))
