"""``python -m heliobus.compat.pysenec``."""

from __future__ import annotations

from heliobus.compat.pysenec.cli import main

main()
