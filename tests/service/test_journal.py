from __future__ import annotations

import logging
import stat
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import Refused, StorageError
from heliobus.model.command import Auto, Charge, Command, SetSwitch
from heliobus.service.journal import Journal, Lease

if TYPE_CHECKING:
    from pathlib import Path

CHARGE = Lease(system="roof", command=Charge(power=1.5, lease=timedelta(minutes=1)), who="cli", undo=Auto())
SWITCH = Lease(system="roof", command=SetSwitch(id="1", on=True), who="web", undo=None)


def told(lease: Lease) -> tuple[object, ...]:
    return lease.system, lease.command, lease.who, lease.undo, lease.key


def test_what_is_written_is_read_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "commands"
    Journal(path).write([CHARGE, SWITCH])
    assert [told(lease) for lease in Journal(path).read()] == [told(CHARGE), told(SWITCH)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["commands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWayBack(Command):
    """A vendor's own command."""

    values: dict[str, float]


def test_a_vendors_own_way_back_does_not_outlive_the_program(tmp_path: Path) -> None:
    path = tmp_path / "commands"
    Journal(path).write([CHARGE, replace(SWITCH, undo=OwnWayBack(values={"A.B.0": 1.0}))])
    assert [told(lease) for lease in Journal(path).read()] == [told(CHARGE), told(SWITCH)]


def test_nothing_in_force_is_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "commands")
    assert journal.read() == ()
    journal.write([CHARGE])
    journal.write([])
    journal.write([])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "7",
        "[7]",
        "[{}]",
        '[{"system": "roof", "command": {"kind": "Explode"}, "who": "x", "undo": null}]',
        '[{"system": "roof", "command": {"kind": "Charge", "volume": 11}, "who": "x", "undo": null}]',
        '[{"system": "roof", "command": {"kind": "Charge", "lease_s": "x"}, "who": "x", "undo": null}]',
        "\udcff",
    ],
)
def test_a_file_that_makes_no_sense_is_told_and_holds_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    path = tmp_path / "commands"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    with caplog.at_level(logging.ERROR):
        assert Journal(path).read() == ()
    assert "a command may still be in force" in caplog.text


def test_a_disk_that_refuses(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write"):
        Journal(tmp_path / "not there" / "commands").write([CHARGE])


def test_two_do_not_write_it_at_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new folder" / "commands")
    with journal.held():
        with pytest.raises(Refused, match="another heliobus control") as caught, journal.held():
            pass
        assert "Ctrl-C" in caught.value.remedy
    with journal.held():
        pass


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot lock"), Journal(tmp_path / "file" / "commands").held():
        pass
