from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from heliobus.errors import StorageError
from heliobus.transport.private import PrivateFile, state_folder

if TYPE_CHECKING:
    from pathlib import Path


async def test_what_is_kept_is_the_owners_alone(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "new" / "folder" / "a.json")
    assert await file.load() == {}
    async with file.locked():
        await file.save({"a": [1]})
        await file.save({"a": [2]}, durable=False)
    assert await file.load() == {"a": [2]}
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in file.path.parent.iterdir()) == ["a.json", "a.json.lock"]


async def test_a_file_that_others_may_read_is_refused_with_the_command(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}", "utf-8")
    path.chmod(0o640)
    with pytest.raises(StorageError) as error:
        await PrivateFile(path).load()
    assert f"chmod 600 '{path}'" in error.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[1]", "\0", "5"])
async def test_what_is_no_object_is_as_good_as_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    assert await PrivateFile(path).load() == {}


async def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    file = PrivateFile(tmp_path / "file" / "a.json")
    with pytest.raises(StorageError, match="cannot lock"):
        async with file.locked():
            pytest.fail("there is no such folder")
    with pytest.raises(StorageError, match="cannot write"):
        await file.save({})


async def test_read_change_write_is_one_step(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "a.json")

    async def add() -> None:
        async with file.locked():
            kept = await file.load()
            await asyncio.sleep(0)
            await file.save({"n": kept.get("n", 0) + 1}, durable=False)

    await asyncio.gather(*(add() for _ in range(20)))
    assert await file.load() == {"n": 20}


async def test_a_process_that_dies_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    program = (
        "import asyncio, os, pathlib, sys\n"
        "from heliobus.transport.private import PrivateFile\n"
        "async def run():\n"
        "    async with PrivateFile(pathlib.Path(sys.argv[1])).locked():\n"
        "        os._exit(3)\n"
        "asyncio.run(run())\n"
    )
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program, str(path)], check=False)
    assert done.returncode == 3
    async with asyncio.timeout(5), PrivateFile(path).locked():
        pass


def test_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder() == tmp_path / "heliobus"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder() == tmp_path / ".local" / "state" / "heliobus"
    assert os.environ["HOME"] == str(tmp_path)
