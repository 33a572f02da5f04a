from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from heliobus.cli.output import config_option, moment
from heliobus.errors import UsageError
from heliobus.recorder import export as rows_of
from heliobus.recorder.query import History
from heliobus.service.config import default_path, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heliobus.recorder.query import SystemInfo


@click.command()
@click.option("--from", "start", metavar="TIME", help="First moment [default: the first sample].")
@click.option("--to", "end", metavar="TIME", help="End, not included [default: after the last sample].")
@click.option("--system", metavar="NAME", help="Only this system.")
@click.option("--channels", metavar="A,B", help="Only these channels, for example pv.power,battery.soc.")
@click.option("--energy", type=click.Choice(["15min", "day", "month", "year"]), help="Energies instead of samples.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--database", type=click.Path(path_type=Path), help="The database [default: the configured one].")
@config_option
def export(
    *,
    start: str | None,
    end: str | None,
    system: str | None,
    channels: str | None,
    energy: str | None,
    form: str,
    database: Path | None,
    config_path: Path | None,
) -> None:
    """Write recorded samples, or energies, to standard output: raw data is never captive.

    Times without an offset are in the site's time zone.
    """
    history = History(database or load(config_path or default_path()).recorder.path)
    known = [one for one in history.systems() if system in (None, one.name)]
    if system is not None and not known:
        raise UsageError(f"no system {system!r} is recorded")
    first, last = _span(known, start, end)
    if energy:
        buckets = history.energy(first, last, by=energy)
        columns: Sequence[str] = rows_of.ENERGY_COLUMNS
        rows: Iterable[Mapping[str, rows_of.Cell]] = rows_of.energy_rows(buckets)
        if system is not None:
            rows = (row for row in rows if row["system"] == system)
    else:
        wanted = _channels(history, known, channels)
        columns = rows_of.sample_columns(wanted)
        rows = rows_of.sample_rows(history.samples(first, last, system=system, channels=wanted))
    if form == "csv":
        rows_of.write_csv(sys.stdout, rows, columns=columns)
    else:
        rows_of.write_jsonl(sys.stdout, rows)


def _span(known: Sequence[SystemInfo], start: str | None, end: str | None) -> tuple[datetime, datetime]:
    zone = ZoneInfo(known[0].timezone) if known else UTC
    recorded = [one.first for one in known if one.first is not None]
    latest = [one.last for one in known if one.last is not None]
    first = moment(start, zone) if start else min(recorded, default=datetime.now(UTC))
    last = moment(end, zone) if end else max(latest, default=first) + timedelta(milliseconds=1)
    return first, last


def _channels(history: History, known: Sequence[SystemInfo], asked: str | None) -> list[str]:
    recorded = dict.fromkeys(channel.path for one in known for channel in history.channels(one.name))
    wanted = [name.strip() for name in asked.split(",")] if asked else list(recorded)
    if unknown := [name for name in wanted if name not in recorded]:
        raise UsageError(
            f"no channel {unknown[0]!r} is recorded",
            remedy=f"Use for example {next(iter(recorded), 'pv.power')}; --system NAME chooses a system.",
        )
    return wanted
