"""The sources: who answers, how well, and what to do about those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.web.plain.html import Markup, tag
from heliobus.web.plain.icons import icon
from heliobus.web.plain.parts import clock_time, figure, panel, spoken, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heliobus.errors import StorageError
    from heliobus.service.health import SystemStatus
    from heliobus.web.plain.html import Content
    from heliobus.web.plain.parts import Here
    from heliobus.web.plain.texts import Language


def alarms(systems: Sequence[SystemStatus], here: Here) -> Markup | None:
    """What a person should look at: silent and late sources with cause and remedy; None if all is well."""
    shown = [_alarm(one, here) for one in systems if _needs_a_look(one)]
    return tag("div", shown, class_="alarms") if shown else None


def storage_alarm(failure: StorageError | None, language: Language) -> Markup | None:
    """That nothing is recorded, and what to do about it; None if all is well."""
    if failure is None:
        return None
    said = tag("div", tag("h2", language("storage.title")), spoken(failure.what(), failure.remedy))
    return tag("div", tag("section", icon("lost"), said, class_="alarm", role="alert"), class_="alarms")


def _needs_a_look(one: SystemStatus) -> bool:
    """A single failed poll is no news; values that are too old, or a source that was never reached, are."""
    return one.status in ("lost", "late") or (one.status == "connecting" and one.error is not None)


def _alarm(one: SystemStatus, here: Here) -> Markup:
    language = here.language
    taken = one.snapshot.received_at if one.snapshot else None
    lost = one.status == "lost"
    if taken is None:
        title = language("alarm.connecting", name=one.name)
    else:
        title = language("alarm.lost" if lost else "alarm.late", name=one.name, time=clock_time(taken, here))
    return tag(
        "section",
        icon("lost" if lost else "late"),
        tag("div", tag("h2", title), spoken(one.error, one.remedy)),
        class_="alarm" if lost else "alarm w",
        role="alert" if lost else "status",
    )


def systems_panel(systems: Sequence[SystemStatus], here: Here) -> list[Markup]:
    """A card for each source."""
    return [_card(one, here) for one in systems]


def _card(one: SystemStatus, here: Here) -> Markup:
    language = here.language
    taken = one.snapshot.received_at if one.snapshot else None
    device = one.device
    model = " ".join(filter(None, (device.model or device.vendor, device.name))) if device else one.vendor
    share = None if one.success_24h is None else 100 * one.success_24h
    digits = 0 if share is None or share >= 99.95 else 1  # noqa: PLR2004 - what would read 100.0
    answers = [
        figure(language.numbers.percent(share, digits), "mid"),
        tag("span", language("sys.answers"), class_="sub"),
    ]
    facts: list[tuple[str, Content]] = [
        ("sys.address", one.url),
        ("sys.firmware", device.firmware if device else None),
        ("sys.interval", _seconds(one.interval_s, language)),
        ("sys.latency", _latency(one, language)),
    ]
    rows = [tag("div", tag("dt", language(key)), tag("dd", value)) for key, value in facts if value]
    return panel(
        one.name,
        tag("p", model, class_="sub"),
        tag("div", answers, class_="pair"),
        tag("dl", rows, class_="kv"),
        _foot(one, language),
        note=stamp(one.status, one.age_s, taken, here),
        kind="c4 system",
    )


def _foot(one: SystemStatus, language: Language) -> Markup | None:
    if one.error:
        return spoken(one.error, one.remedy, "foot stale")
    if one.snapshot is None:
        return tag("p", language("sys.waiting"), class_="foot")
    well = language("sys.polls", failures=one.failures, polls=one.polls) if one.failures else language("sys.well")
    return tag("p", well, class_="foot")


def _seconds(seconds: float, language: Language) -> str:
    return f"{language.numbers.plain(seconds, 0 if seconds >= 1 else 1)}\u202fs"


def _latency(one: SystemStatus, language: Language) -> str | None:
    if one.latency_p50_s is None or one.latency_p95_s is None:
        return None
    half, most = (language.numbers.plain(1000 * seconds) for seconds in (one.latency_p50_s, one.latency_p95_s))
    return f"{half} / {most}\u202fms"
