"""E3/DC storage systems (S10, Quattroporte and relatives), read and controlled over RSCP."""

from __future__ import annotations
