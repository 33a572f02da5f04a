"""The calls of the OAuth2 OpenAPI without ``await``."""

from __future__ import annotations

from heliobus.growatt.client.calls.oauth import OAuthCalls
from heliobus.growatt.client.twins.made import BlockingCalls
from heliobus.transport.blocking import twin


class BlockingOAuth(BlockingCalls):
    """``OAuthCalls`` without ``await``."""

    _part = "oauth"

    query = twin(OAuthCalls.query)
    authorise = twin(OAuthCalls.authorise)
    devices = twin(OAuthCalls.devices)
    candidates = twin(OAuthCalls.candidates)
    bind = twin(OAuthCalls.bind)
    unbind = twin(OAuthCalls.unbind)
    info = twin(OAuthCalls.info)
    telemetry = twin(OAuthCalls.telemetry)
    curve = twin(OAuthCalls.curve)
    energies = twin(OAuthCalls.energies)
    dispatch = twin(OAuthCalls.dispatch)
    dispatched = twin(OAuthCalls.dispatched)
    holds = twin(OAuthCalls.holds)
