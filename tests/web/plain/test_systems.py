from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from heliobus.model.identity import Device
from heliobus.web.plain.figures import THIN
from heliobus.web.plain.html import text_of
from heliobus.web.plain.parts import Here
from heliobus.web.plain.systems import alarms, systems_panel
from heliobus.web.plain.texts import LANGUAGES
from tests.service.scripted import NOON, SUNNY
from tests.web.test_site import status

if TYPE_CHECKING:
    from heliobus.service.health import SystemStatus

EN = LANGUAGES["en"]
HERE = Here(zone=ZoneInfo("Europe/Berlin"), now=NOON, language=EN)
WELL = status(
    "roof",
    SUNNY,
    polls=100,
    success_24h=0.9991,
    latency_p50_s=0.0844,
    latency_p95_s=0.21,
    device=Device(id="s1", vendor="senec", model="SENEC.Home V3", serial="s1", firmware="0826"),
)


def card(one: SystemStatus) -> str:
    (made,) = systems_panel([one], HERE)
    return text_of(made).replace(THIN, " ")


def alarm(one: SystemStatus) -> str:
    return str(alarms([one], HERE) or "")


def test_a_good_source() -> None:
    text = card(WELL)
    for said in ("roof", "3 s ago", "SENEC.Home V3", "99.9 %", "0826", "10 s", "84 / 210 ms", "x://y", "All is well."):
        assert said in text, said
    assert "s1" not in text
    assert alarm(WELL) == ""


def test_all_answers_are_a_hundred_percent() -> None:
    assert "100 %" in card(replace(WELL, success_24h=0.99996))
    assert "99.9 %" in card(replace(WELL, success_24h=0.9994))


def test_one_failed_poll_is_no_alarm() -> None:
    failed = replace(WELL, error="no answer", remedy="Wait.", failures=1)
    assert "No answer. Wait." in card(failed)
    assert alarm(failed) == ""
    assert "1 of 100 polls failed since the start." in card(replace(WELL, failures=1))


def test_late_and_lost_sources_are_told_with_cause_and_remedy() -> None:
    late = status("roof", SUNNY, "late", error="no answer", remedy="Wait.", age_s=60.0)
    assert 'role="status"' in alarm(late)
    assert "roof: values of 13:00" in alarm(late)
    assert "No answer. Wait." in alarm(late)
    lost = status("roof", SUNNY, "lost", error="no answer", remedy="Wait.", age_s=600.0)
    assert 'role="alert"' in alarm(lost)
    assert "roof has not answered since 13:00" in alarm(lost)


def test_a_source_that_never_answered() -> None:
    waiting = status("roof", None, "connecting")
    assert "Waiting for the first answer." in card(waiting)
    assert "connecting" in card(waiting)
    assert alarm(waiting) == ""
    assert "roof has not answered yet" in alarm(replace(waiting, error="no answer", remedy="Wait."))
    assert "roof has not answered yet" in alarm(status("roof", None, "lost"))
