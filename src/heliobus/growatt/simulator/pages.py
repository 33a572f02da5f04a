"""The web pages that the cloud shows instead of data, in our own words around the phrases that tell them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Collection

_BLACK_LIST = "python-requests"
_RETRY_AFTER = "1800"


def refusal(faults: Collection[str], user_agent: str) -> web.Response | None:
    """What a gateway answers before anybody looks at the session, or None."""
    if "ua-blocked" in faults or user_agent.startswith(_BLACK_LIST):
        return _page(403, "403 Forbidden: denied by UA ACL = blacklist. Powered by Tengine")
    if "waf" in faults:
        return _page(405, "Sorry, your request has been blocked as it may cause potential threats to the server.")
    if "throttled" in faults:
        response = _page(429, "Too Many Requests")
        response.headers["Retry-After"] = _RETRY_AFTER
        return response
    if "gateway" in faults:
        return _page(502, "502 Bad Gateway")
    if "maintenance" in faults:
        return _page(200, "The system is being maintained.")
    return None


def dead(form: str) -> web.Response:
    """What a request with a session that has ended is answered, in one of ``DEAD_FORMS``."""
    if form == "dead-302":
        return web.Response(status=302, headers={"Location": "/error.do?errorMess=errorNoLogin"})
    if form == "dead-302-login":
        return web.Response(status=302, headers={"Location": "/login"})
    if form == "dead-page":
        return _page(200, '<form id="loginForm" action="/login" method="post"></form>')
    if form == "dead-500":
        return _page(500, "Note: Dear user, you have not login to the system, skip login page login..")
    body = json.dumps({"success": False, "msg": "Login invalid, please log in again"})
    return web.Response(text=body, content_type="text/html")


def broken() -> web.Response:
    """What a call gets that the servlet cannot bear."""
    return _page(500, "HTTP Status 500")


def _page(status: int, words: str) -> web.Response:
    text = f"<!DOCTYPE html><html><head><title>Growatt</title></head><body>{words}</body></html>"
    return web.Response(status=status, text=text, content_type="text/html")
