from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.recorder.query import History
from heliobus.service.config import Config, RecorderConfig, SiteConfig, SystemConfig
from heliobus.service.hub import Hub, Reading
from heliobus.service.recording import Recording
from heliobus.url import DeviceURL
from tests.service.scripted import NOON, SUNNY

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from heliobus.simulation.clock import ManualClock


async def test_what_cannot_be_recorded_is_told_and_does_not_stop_the_rest(
    clock: ManualClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub, path = Hub(), tmp_path / "record.db"
    config = Config(
        sites=(SiteConfig(timezone="UTC"),),
        systems=(SystemConfig(name="roof", url=DeviceURL.parse("scripted://roof")),),
        recorder=RecorderConfig(path=path),
    )
    recording = await Recording.open(config, hub=hub, clock=clock)
    for system in ("a stranger", "roof"):
        hub.publish(Reading(system=system, at=NOON, status="ok", snapshot=SUNNY))
    hub.publish(Reading(system="roof", at=NOON, status="ok", error="a failed poll has nothing to record"))
    hub.close()
    await recording.run()
    recording.recorder.close()
    assert "a stranger: not recorded" in caplog.text
    (sample,) = History(path).samples(NOON.replace(hour=0), NOON.replace(hour=23))
    assert (sample.system, sample.time) == ("roof", NOON)
