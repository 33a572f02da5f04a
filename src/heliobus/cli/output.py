"""What the verbs share: JSON on standard output, values for people, logging, times and signals."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heliobus.errors import UsageError
from heliobus.model import fields
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from datetime import tzinfo

    from heliobus.model.snapshot import Snapshot

THIN = "\u202f"  # the narrow no-break space between a number and its unit
MINUS = "\u2212"
UNKNOWN = "\u2013"


class Duration(click.ParamType[float]):
    """A number of seconds, or text with a unit: ``20s``, ``30min``."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            from heliobus.service.checks import seconds  # pydantic, which most verbs do without

            return float(seconds(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="The configuration file [default: HELIOBUS_CONFIG, else heliobus/config.toml in the XDG folder].",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON document.")


def set_up_logging(*, debug: bool) -> None:
    """Log to standard error; the libraries below only in detail mode."""
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    if not debug:
        for noisy in ("aiohttp.access", "uvicorn.access", "uvicorn.error", "asyncio"):
            logging.getLogger(noisy).setLevel(logging.WARNING)


def print_json(document: Any) -> None:
    """Print one JSON document on one line and flush it, so that a program behind a pipe sees it now."""
    print(json.dumps(document, allow_nan=False, ensure_ascii=False), flush=True)


def number(value: float | None, digits: int = 0) -> str:
    """A figure for people: thousands apart, a true minus, a dash for unknown."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.{digits}f}".replace(",", THIN)
    if float(f"{value:.{digits}f}") == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def figure(value: float | None, unit: str, digits: int = 0) -> str:
    """A figure with its unit; unknown has none."""
    return UNKNOWN if value is None else f"{number(value, digits)}{THIN}{unit}"


def headline(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """The four flows for people: name, figure, and what it means."""
    battery, grid = snapshot.battery, snapshot.grid
    yield "sun", figure(snapshot.pv.power, "W"), ""
    charge = f"{figure(battery.soc, '%')} full" if battery.soc is not None else ""
    yield (
        "battery",
        figure(battery.power, "W"),
        ", ".join(filter(None, (_sense(battery.power, "gives", "takes"), charge))),
    )
    yield "grid", figure(grid.power, "W"), _sense(grid.power, "import", "feed-in")
    yield "house", figure(snapshot.load.power, "W"), ""


def show_flows(snapshot: Snapshot, *, err: bool = False) -> None:
    """Print who was read, when, and the four flows."""
    who = snapshot.device
    name = " ".join(filter(None, (who.vendor, who.model, who.firmware))) if who else snapshot.source
    click.secho(f"{name}  {snapshot.received_at.astimezone():%Y-%m-%d %H:%M:%S}", bold=True, err=err)
    for label, value, sense in headline(snapshot):
        click.echo(f"  {label:<8}{value:>10}  {sense}".rstrip(), err=err)


def table(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Every known value: path, figure, and its quality if it is not good; a single battery stands there once."""
    single = len(snapshot.batteries) == 1
    for path, value, quantity in fields.walk(snapshot):
        if single and path.startswith("batteries."):
            continue
        quality = snapshot.quality.get(path, Quality.GOOD)
        remark = "" if quality is Quality.GOOD else quality.name.lower()
        if path == "system.state_code":
            remark = snapshot.system.state or remark
        yield path, figure(value, quantity.unit, max(0, -quantity.exp10)).rstrip(THIN), remark


def _sense(power: float | None, positive: str, negative: str) -> str:
    if power is None or round(power) == 0:
        return ""
    return positive if power > 0 else negative


def moment(text: str, zone: tzinfo = UTC) -> datetime:
    """Read an ISO 8601 date or time; without an offset it is in ``zone``.  UsageError otherwise."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a time", remedy="Write it as 2026-06-21 or 2026-06-21T12:00+02:00."
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def run_until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run ``work(stop)``; SIGINT, SIGTERM and SIGHUP set ``stop``, a second one ends the process at once."""

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def ask(number: signal.Signals) -> None:
            if stop.is_set():
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_IGN and number is signal.SIGHUP:
                continue  # nohup: whoever started us wants it to go on without a terminal
            loop.add_signal_handler(number, ask, number)
        await work(stop)

    asyncio.run(main())
