from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from heliobus.model.event import EventKind
from heliobus.model.identity import Device
from heliobus.model.parts import PV, System
from heliobus.service.changes import Change, Changes
from tests.service.scripted import NOON, SUNNY

if TYPE_CHECKING:
    from heliobus.model.snapshot import Snapshot

DARK = replace(SUNNY, pv=PV())


def over(changes: Changes, *snapshots: Snapshot) -> list[tuple[int, Change]]:
    """Give each change with the number of the poll that brought it."""
    return [
        (number, change)
        for number, snapshot in enumerate(snapshots)
        for change in changes.of(replace(snapshot, received_at=NOON + timedelta(seconds=10 * number)))
    ]


def test_the_field_that_vanished_is_named_with_its_last_time_once() -> None:
    ((number, change),) = over(Changes(), SUNNY, SUNNY, *[DARK] * 9)
    assert (number, change.kind) == (4, EventKind.FIELD_VANISHED)
    assert change.text == "the device does not tell any more: pv.power"
    assert change.data == {"fields": ["pv.power"], "last_told": (NOON + timedelta(seconds=10)).isoformat()}


def test_an_answer_that_was_cut_off_is_no_news() -> None:
    assert over(Changes(), SUNNY, DARK, DARK, SUNNY, DARK, DARK, SUNNY) == []


def test_a_field_may_come_back_and_vanish_again() -> None:
    found = over(Changes(), SUNNY, *[DARK] * 3, SUNNY, *[DARK] * 3)
    assert [number for number, _ in found] == [3, 7]


def test_many_are_counted_and_all_in_the_data() -> None:
    ((_, change),) = over(Changes(), SUNNY, *[replace(SUNNY, pv=PV(), batteries=())] * 3)
    assert change.data["fields"] == ["batteries.1.power", "batteries.1.soc", "pv.power"]


def test_what_another_way_does_not_tell_has_not_vanished() -> None:
    changes = Changes()
    polls = [(SUNNY, "box"), *[(DARK, "cloud")] * 9, (SUNNY, "box"), *[(DARK, "box")] * 3]
    found = [[change.kind for change in changes.of(snapshot, way=way)] for snapshot, way in polls]
    assert found == [*[[]] * 13, [EventKind.FIELD_VANISHED]]


def in_state(name: str | None) -> Snapshot:
    return replace(SUNNY, system=System(state=name))


def test_a_state_is_told_when_it_lasts() -> None:
    found = over(Changes(), *map(in_state, ["A", "A", "B", "A", "B", None, "B", "B", "A", "A"]))
    assert [(number, change.text) for number, change in found] == [(6, "B, before A"), (9, "A, before B")]


def test_another_firmware_or_box_is_told_without_the_whole_serial_number() -> None:
    changes = Changes()
    old = Device(id="1", vendor="scripted", serial="2600000000000007", firmware="1")
    assert list(changes.of_device(old)) == []
    assert list(changes.of_device(replace(old, firmware=None))) == []
    assert list(changes.of_device(old)) == [], "what it does not tell is no change"
    (change,) = changes.of_device(replace(old, firmware="2"))
    assert change == (
        EventKind.DEVICE_CHANGED,
        "firmware 1 is now 2",
        {"firmware": {"old": "1", "new": "2"}},
    )
    (change,) = changes.of_device(replace(old, serial="2600000000000008", firmware="2"))
    assert change.text == "serial ...0007 is now ...0008"
    assert "26000000" not in str(change)
