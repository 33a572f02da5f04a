"""The JSON API under /api/v1 (design: INTERFACES section 5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from heliobus import __version__
from heliobus.recorder.calendar import zone_of
from heliobus.recorder.query import Bucket
from heliobus.service.supervisor import Service
from heliobus.web import document, schemas
from heliobus.web.demo import Playground
from heliobus.web.events import EventStreams
from heliobus.web.reading import Reading
from heliobus.web.record import Record
from heliobus.web.site import site_of, sites
from heliobus.web.times import date_of, span

From = Annotated[str | None, Query(alias="from", description="Start: ISO 8601; without an offset in the site's zone.")]
To = Annotated[str | None, Query(alias="to", description="End, not included; now if it is left out.")]
Channels = Annotated[str, Query(description="Comma-separated: roof/pv.power, or pv.power for the site's.")]
Site = Annotated[str | None, Query(description="Key of a site as in /now; the first one if it is left out.")]
ChannelSite = Annotated[str | None, Query(description="The site of bare channels; needed only if there are several.")]
Date = Annotated[str | None, Query(description="A date of the site's calendar, like 2026-10-25; today without one.")]
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": schemas.Problem, "description": "The request is wrong; the answer says what and how to correct it."},
    422: {"model": schemas.Problem, "description": "A parameter has none of its possible values."},
    503: {"model": schemas.Problem, "description": "The record cannot be read now."},
}
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "One row per step."}}
_HEALTH: dict[int | str, dict[str, Any]] = {
    503: {"model": schemas.Health, "description": "The record cannot be written; /systems says why."},
}
_STREAM = "Server-sent events: `now` with the document of /now first, then `change` (the same form, only what changed)"


class _Stream(Response):
    """Hands the connection over to the event streams."""

    def __init__(self, streams: EventStreams) -> None:
        super().__init__()
        self._streams = streams

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._streams(scope, receive, send)


def router(
    service: Service, streams: EventStreams, reading: Reading, record: Record, *, playground: Playground | None = None
) -> APIRouter:
    """Make the routes of a service; with a ``playground`` it is a demo's."""
    api = APIRouter(prefix="/api/v1")
    zone = zone_of(service.config.sites[0].timezone)

    @api.get("/now", response_model=schemas.Now, summary="The present of every system and site")
    async def now() -> Response:
        return JSONResponse(document.now(service))

    @api.get(
        "/events",
        response_class=Response,
        summary="The present, live",
        responses={
            200: {"content": {"text/event-stream": {}}, "description": f"{_STREAM} and `event`."},
            503: {"model": schemas.Problem, "description": "Too many streams are open."},
        },
    )
    async def events() -> Response:
        return _Stream(streams)

    @api.get("/history", response_model=schemas.History, responses=_PROBLEMS, summary="Recorded series, for charts")
    async def history(
        start: From = None,
        end: To = None,
        resolution: Annotated[str, Query(description="1s, 1min, 15min, 1h, raw or auto.")] = "auto",
        channels: Channels = "",
        site: ChannelSite = None,
    ) -> Response:
        first, last = span(start, end, zone=zone, now=service.clock.now())
        wanted = [name.strip() for name in channels.split(",") if name.strip()]
        key = None if site is None else site_of(service.config, site).key

        def answer() -> Response:
            columns = service.history.history(first, last, resolution=resolution, channels=wanted, site=key)
            times = [_time(at) for at in columns.t]
            return JSONResponse({"t": times, **columns.columns, "coverage": columns.coverage})

        return await reading(answer)

    @api.get("/energy", response_model=schemas.Energy, responses=_PROBLEMS, summary="Energies by spans")
    async def energy(
        start: From = None,
        end: To = None,
        by: Annotated[
            Literal["15min", "day", "month", "year"], Query(description="Days begin at local midnight.")
        ] = "day",
    ) -> Response:
        first, last = span(start, end, zone=zone, now=service.clock.now())

        def answer() -> Response:
            buckets = service.history.energy(first, last, by=by)
            return JSONResponse({"buckets": [_bucket(one) for one in buckets]})

        return await reading(answer)

    _add_pictures(api, service, record)
    _add_health(api, service, playground)
    return api


def _add_pictures(api: APIRouter, service: Service, record: Record) -> None:
    """What the pictures of a site are drawn from: all that the page says is said here, too."""

    @api.get("/day", response_model=schemas.Day, responses=_PROBLEMS, summary="A recorded day of a site, ready to draw")
    async def day(site: Site = None, date: Date = None) -> Response:
        configured = site_of(service.config, site)
        found = await record.day(configured, date_of(date) if date else None)
        battery = any(one.battery for one in sites(service.config, service.systems()) if one.key == configured.key)
        return JSONResponse(document.day(found, site=configured, battery=battery))

    @api.get("/day.csv", response_class=Response, responses=_CSV | _PROBLEMS, summary="The same as a table")
    async def day_csv(site: Site = None, date: Date = None) -> Response:
        configured = site_of(service.config, site)
        found = await record.day(configured, date_of(date) if date else None)
        named = f'attachment; filename="heliobus-{found.date.isoformat()}.csv"'
        content = document.day_csv(found)
        return Response(content, media_type="text/csv; charset=utf-8", headers={"content-disposition": named})

    @api.get("/recent", response_model=schemas.Series, responses=_PROBLEMS, summary="The last three hours of a site")
    async def recent(site: Site = None) -> Response:
        return JSONResponse(document.series(await record.recent(site_of(service.config, site))))


def _add_health(api: APIRouter, service: Service, playground: Playground | None) -> None:
    """How well the service works, and whether any of it is real."""

    @api.get("/healthz", response_model=schemas.Health, responses=_HEALTH, summary="Whether the service works")
    async def healthz() -> Response:
        if service.recorder.failure is None:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "not recording"}, status_code=503)

    @api.get("/about", response_model=schemas.About, summary="What runs here")
    async def about() -> Response:
        speed = None if playground is None else {"speed": playground.speed}
        return JSONResponse({"version": __version__, "simulated": speed})

    @api.get("/systems", response_model=schemas.Systems, summary="The health of each source")
    async def systems() -> Response:
        storage = document.problem(service.recorder.failure)
        return JSONResponse({"systems": [document.system(one) for one in service.systems()], "storage": storage})


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _bucket(one: Bucket) -> dict[str, Any]:
    return {
        "start": document.stamp(one.start),
        "end": document.stamp(one.end),
        "systems": {name: document.energies(energies) for name, energies in one.systems.items()},
        "sites": {name: document.energies(energies) for name, energies in one.sites.items()},
    }
