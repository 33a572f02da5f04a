"""The routes' calls in their blocking form: ``made`` is their root, and each route has a module."""

from __future__ import annotations

from heliobus.growatt.client.twins.oauth import BlockingOAuth
from heliobus.growatt.client.twins.shine import BlockingShine
from heliobus.growatt.client.twins.v1 import BlockingV1
from heliobus.growatt.client.twins.v4 import BlockingV4

__all__ = ["BlockingOAuth", "BlockingShine", "BlockingV1", "BlockingV4"]
