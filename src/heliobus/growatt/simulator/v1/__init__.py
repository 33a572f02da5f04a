"""Route C on the simulated cloud: the OpenAPI V1, by the account's token.

* ``server``: tokens, limits, pages;  ``answers``: calls and their codes
* ``plants`` and ``telemetry``: what they say about the house
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from heliobus.growatt.simulator.v1.server import V1Server

if TYPE_CHECKING:
    from heliobus.growatt.simulator.cloud import Cloud


def routes(cloud: Cloud) -> list[web.RouteDef]:
    """Everything under ``/v1/``."""
    return [web.route("*", "/v1/{page:.*}", V1Server(cloud).serve)]


__all__ = ["routes"]
