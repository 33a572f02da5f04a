"""The web application of a service: API, event stream and page behind one guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from heliobus import __version__
from heliobus.errors import (
    AuthenticationError,
    Error,
    LockedOut,
    NotSupported,
    ProtocolError,
    Refused,
    StorageError,
    TransportError,
    UsageError,
)
from heliobus.service.supervisor import Service
from heliobus.web import api, control, demo, raw
from heliobus.web.events import EventStreams
from heliobus.web.files import ASSETS, BUILT, Asset, manifest
from heliobus.web.guard import Guard
from heliobus.web.plain.frame import View
from heliobus.web.plain.page import Plain, error_page
from heliobus.web.reading import Reading
from heliobus.web.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from fastapi.telemetry import TelemetryConfig

_BAD_REQUEST, _NOT_FOUND, _NOT_MODIFIED, _UNPROCESSABLE, _UNAVAILABLE = 400, 404, 304, 422, 503
_FORBIDDEN, _NOT_ALLOWED, _TOO_MANY, _BAD_GATEWAY = 403, 405, 429, 502
_STATUSES: tuple[tuple[type[Error], int], ...] = (
    (UsageError, _BAD_REQUEST),
    (NotSupported, _BAD_REQUEST),
    (Refused, _FORBIDDEN),
    (LockedOut, _TOO_MANY),
    (AuthenticationError, _BAD_GATEWAY),
    (TransportError, _BAD_GATEWAY),
    (ProtocolError, _BAD_GATEWAY),
    (StorageError, _UNAVAILABLE),
)
"""The most specific class first."""
_QUIET: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""Nothing of what is asked here is measured, collected or sent anywhere, whatever the environment says."""


def create_app(
    service: Service, *, front_end: Traversable = BUILT, playground: demo.Playground | None = None
) -> FastAPI:
    """Make the application; ``front_end`` is the folder of the built one.

    With a ``playground`` everything is simulated: every page says so, and offers what the demo lets go wrong.
    ``app.state.streams.close()`` ends its event streams, so that a server can end.
    """
    streams, reading = EventStreams(service), Reading()
    record = Record(service, reading)
    app = FastAPI(
        title="heliobus",
        version=__version__,
        summary="Home photovoltaic and battery systems: powers in W, energies in Wh, unknown is null.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_QUIET,
        exception_handlers={
            Error: _on_error,
            RequestValidationError: _on_invalid,
            HTTPException: _on_http,
        },
    )
    app.state.streams = streams
    app.include_router(api.router(service, streams, reading, record, playground=playground))
    app.include_router(control.router(service))
    app.include_router(raw.router(service))
    changing = control.CHANGING
    if playground is not None:
        app.include_router(demo.router(playground))
        changing |= demo.CHANGING
    _add_pages(app, Plain(service, record, simulated=playground is not None))
    _add_front_end(app, front_end)
    app.add_middleware(Guard, allowed_hosts=service.config.web.allowed_hosts, changing=changing)
    return app


def _add_pages(app: FastAPI, plain: Plain) -> None:
    assets = manifest(ASSETS)

    @app.get("/plain", include_in_schema=False)
    async def page(
        d: str | None = None,
        lang: str | None = None,
        theme: str | None = None,
        accept_language: Annotated[str, Header()] = "",
    ) -> Response:
        view = View.of(lang=None, theme=None, accepted=accept_language)
        try:
            view = View.of(lang=lang, theme=theme, accepted=accept_language)
            body, status = await (plain.now(view) if d is None else plain.day(view, d)), 200
        except UsageError as error:
            body, status = error_page(view, str(error), error.remedy), _BAD_REQUEST
        headers = {"content-language": view.language.code, "vary": "Accept-Language"}
        return Response(body, status_code=status, media_type="text/html; charset=utf-8", headers=headers)

    @app.get("/assets/{name}", include_in_schema=False)
    async def asset(name: str, if_none_match: Annotated[str, Header()] = "") -> Response:
        return _file(assets.get(name), if_none_match)


def _add_front_end(app: FastAPI, built: Traversable) -> None:
    """Serve the built front end; where there is none, the page without JavaScript."""
    page, parts = manifest(built).get("index.html"), manifest(built.joinpath("app"))

    @app.get("/", include_in_schema=False)
    async def home(if_none_match: Annotated[str, Header()] = "") -> Response:
        return _file(page, if_none_match) if page else RedirectResponse("plain", status_code=302)

    @app.get("/app/{name}", include_in_schema=False)
    async def part(name: str) -> Response:
        return _file(parts.get(name), "", cache="max-age=31536000, immutable")

    for path in ("/overview", "/day", "/systems"):
        app.add_api_route(path, home, include_in_schema=False)


def _file(found: Asset | None, if_none_match: str, *, cache: str = "no-cache") -> Response:
    if found is None:
        raise HTTPException(_NOT_FOUND)
    headers = {"cache-control": cache, "etag": found.etag}
    if if_none_match == found.etag:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


# -- errors: one form for all


_FORMS = "/api/v1/openapi.json describes every address and parameter."
_JSON = "Send a JSON object in UTF-8."


def _problem(status: int, error: str, remedy: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": error, "remedy": remedy}, status_code=status, headers=headers)


async def _on_error(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    assert isinstance(error, Error)  # noqa: S101 - only these are registered
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), _UNAVAILABLE)
    remedy = _FORMS if error.remedy == UsageError.default_remedy else error.remedy  # that speaks of the command line
    return _problem(status, str(error), remedy)


async def _on_invalid(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        place, reason = first["loc"][-1] + 1, first["ctx"]["error"]
        return _problem(_UNPROCESSABLE, f"the body is not JSON at character {place}: {reason}", _JSON)
    return _problem(_UNPROCESSABLE, f"{first['loc'][-1]}: {first['msg']}", _FORMS)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status, headers = error.status_code, dict(error.headers or {})
    if status == _NOT_FOUND:
        return _problem(status, "there is nothing at this address", f"The page is /plain. {_FORMS}")
    if status == _NOT_ALLOWED:
        return _problem(status, f"this address takes no {request.method}", f"Use {headers['Allow']}.", headers)
    if status == _BAD_REQUEST:
        return _problem(status, "the body cannot be read", _JSON)
    return _problem(status, error.detail, _FORMS, headers)
