from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
import tempfile
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import StorageError
from heliobus.transport.private import PrivateFile, state_folder

leaves = st.integers(0, 3) | st.text(max_size=2) | st.lists(st.none() | st.integers(0, 1), max_size=2)
objects = st.recursive(
    st.dictionaries(st.sampled_from("abc"), leaves, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), leaves | inner, max_size=3),
    max_leaves=8,
)


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


# -- changes


@settings(max_examples=50, deadline=None)
@given(st.lists(objects, min_size=1, max_size=6))
def test_what_was_changed_last_is_kept_for_all_who_share_the_file(states: list[dict[str, Any]]) -> None:
    async def walk(path: Path) -> None:
        for file, state in zip(cycle((PrivateFile(path), PrivateFile(path))), states, strict=False):
            await file.change(lambda _, state=state: state)  # type: ignore[misc]
            assert await PrivateFile(path).load() == state

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(walk(Path(folder, "a.json")))


async def test_changes_of_several_are_one_step_each(tmp_path: Path) -> None:
    files = [PrivateFile(tmp_path / "a.json") for _ in range(3)]
    await asyncio.gather(*(file.change(lambda kept: {"n": kept.get("n", 0) + 1}) for file in files * 20))
    assert await files[0].load() == {"n": 60}


async def test_changes_do_not_let_the_file_grow_for_ever(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "a.json")
    sizes = []
    for number in range(2000):
        await file.change(lambda kept, number=number: {**kept, str(number % 10): "x" * 100})  # type: ignore[misc]
        await file.change(lambda kept, number=number: {**kept, "n": number})  # type: ignore[misc]
        sizes.append(file.path.stat().st_size)
    assert max(sizes) < 40_000
    assert sum(before > after for before, after in pairwise(sizes)) < 20  # seldom written anew
    assert (await PrivateFile(file.path).load())["n"] == 1999
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


async def test_a_change_that_changes_nothing_or_fails_writes_nothing(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "a.json")
    await file.change(lambda _: {"a": {"b": 1}})
    before = file.stamp()
    await file.change(lambda _: {"a": {"b": 1}})
    with pytest.raises(ZeroDivisionError):
        await file.change(lambda _: {"a": 1 // 0})
    assert file.stamp() == before


async def test_what_a_crash_has_cut_off_is_the_last_change_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    file = PrivateFile(path)
    for number in range(4):
        await file.change(lambda kept, number=number: {**kept, f"key {number}": number})  # type: ignore[misc]
    whole = path.read_bytes()
    first, before = whole.index(b"\n") + 1, whole.rindex(b"\n", 0, -1) + 1
    for end in range(first, len(whole)):
        path.write_bytes(whole[:end])
        assert await PrivateFile(path).load() == {f"key {number}": number for number in range(whole[:end].count(b"\n"))}
        await PrivateFile(path).change(lambda kept: {**kept, "more": 1})
        assert (await PrivateFile(path).load())["more"] == 1
    path.write_bytes(whole[:before] + b"\0" * 30 + b'{"more": 1}\n')  # as after the machine's sudden end
    assert await PrivateFile(path).load() == {f"key {number}": number for number in range(3)}


async def test_a_file_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": None, "b": 1}))
    path.chmod(0o600)
    await PrivateFile(path).change(lambda kept: {**kept, "c": 1})
    assert await PrivateFile(path).load() == {"a": None, "b": 1, "c": 1}


async def test_a_known_file_that_others_may_read_now_is_refused(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "a.json")
    await file.change(lambda _: {"a": 1})
    file.path.chmod(0o644)
    with pytest.raises(StorageError, match="others may read"):
        await file.change(lambda _: {"a": 2})


async def test_a_change_waits_for_the_lock(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "a.json")
    await file.change(lambda _: {"a": 1})
    async with file.locked():
        waiting = asyncio.create_task(file.change(lambda kept: {**kept, "b": 1}))
        assert await file.load() == {"a": 1}  # the change has been tried by now
        assert not waiting.done()
        await file.save({"a": 2})
    await waiting
    assert await file.load() == {"a": 2, "b": 1}


# -- crashes


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
