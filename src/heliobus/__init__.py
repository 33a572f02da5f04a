"""heliobus speaks to home photovoltaic and battery systems behind one typed model."""

from __future__ import annotations

__version__ = "0.1.0"
