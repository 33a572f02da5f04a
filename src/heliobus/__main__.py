from __future__ import annotations

from heliobus.cli import main

main()
