"""The recorded answer of the portal, served again and read by the real client into its record."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from heliobus.senec.protocol.portal import CALLS
from heliobus.simulation.host import Host

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Portals = Callable[..., AbstractAsyncContextManager[Any]]


async def test_peak_shaving_is_read_without_a_loss(shared: Path, portal: Portals) -> None:
    """Capture 58; the login is the simulated one, for the portal's own was never recorded."""
    record = json.loads((shared / "captures/senec/58-cloud-web-peakshaving-settings.json").read_text("utf-8"))

    async def give(request: web.Request) -> web.Response:
        assert request.query["anlageNummer"] == "0"
        assert request.path == "/endkunde/api/peakshaving/getSettings"
        assert "JSESSIONID" in request.cookies
        return web.Response(text=record["response_body"], content_type="application/json")

    app = web.Application()
    app.router.add_get(CALLS["peak_shaving"].path, give)
    async with Host(app) as recorded, portal() as cloud, cloud.client() as client:
        await client.customer()
        client._link._origin = recorded.base_url.rstrip("/")
        client._link._guardian._cookies[f"{recorded.host}:{recorded.port}"] = {"JSESSIONID": "x"}
        told = await client.peak_shaving(0)
    assert list(told.unmodelled()) == []
    assert (told.mode, told.capacity_limit, told.feed_in_limit, told.is_valid) == ("DEACTIVATED", 0.0, 100.0, True)
    assert (told.end, told.end_date) == ((0.0, 0.0), datetime(2023, 10, 8, tzinfo=UTC))
    assert (told.edited, told.editor.role) == (datetime(2022, 10, 6, 13, 26, 48, tzinfo=UTC), "STUB")
