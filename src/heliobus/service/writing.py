"""Puts a system into the text of a configuration, and keeps everything else in it as the owner wrote it.

The text is edited by whole lines, so that comments, order and spacing stay.  What comes out is compared with what it
should say: a file that is written in another way than by lines is left alone.
"""

from __future__ import annotations

import copy
import json
import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from heliobus.errors import ConfigError, StorageError, UsageError
from heliobus.service.config import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.service.config import Config
    from heliobus.url import Secret

_TABLE = re.compile(r"\s*\[")
_SITE = re.compile(r"^([ \t]*)\[[ \t]*site[ \t]*\]", re.MULTILINE)
_SYSTEM = re.compile(r"\s*\[\[\s*system\s*\]\]")
_NOTHING = re.compile(r"\s*(#.*)?$")
_GRID = re.compile(r"\s*grid\s*=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A system to add; ``files`` are its secrets' files by what they hold (password, key, token, totp).

    ``site`` and ``timezone`` may be None where the configuration leaves no choice.  ``grid``: it measures the grid of
    its site, and no other one there does.
    """

    name: str
    url: str
    device: str | None = None
    site: str | None = None
    timezone: str | None = None
    grid: bool = False
    files: Mapping[str, str] = field(default_factory=dict)


def with_system(text: str, entry: Entry) -> str:
    """Give the configuration ``text`` with one more system at its end; the strict parser has the last word on it.

    A site that is not there yet is made.  Where a site gets its second system, one of them has to measure the grid:
    ``entry`` if it says so, else the first.  Raises ConfigError (not TOML), and UsageError (no time zone, no site
    named, or a file that cannot be edited by lines).
    """
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the configuration is not TOML: {error}") from error
    after, added = _wanted(before, entry)
    lines = text.rstrip().split("\n")
    for index, (old, new) in enumerate(zip(_list(before, "system"), after["system"], strict=False)):
        lines = _edited(lines, index, old, new)
    kept = "\n".join(lines)
    if len(after["site"]) > 1:
        kept = _SITE.sub(r"\1[[site]]", kept, count=1)
    made = "\n\n".join([*([kept] if kept else []), *(_table(kind, values) for kind, values in added)]) + "\n"
    if not _says(made, after):
        written = "; ".join(_table(kind, values).replace("\n", ", ") for kind, values in added)
        raise UsageError("the configuration is not written table by table", remedy=f"Add it by hand: {written}.")
    return made


def save(path: Path, text: str, secrets: Mapping[str, Secret]) -> Config:
    """Write ``secrets`` into new files beside ``path``, for their owner only, and then ``text`` to ``path``.

    Only if the strict parser accepts all of it: before that, ``path`` stays as it is and no secret stays behind.
    Raises ConfigError, and StorageError (also where a file of a secret is there already).
    """
    target = path.resolve()  # a link stays one; its secrets are beside the link, where they are looked for
    made: list[Path] = []
    try:
        for folder in (path.parent, target.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, secret in secrets.items():
            _write(path.with_name(name), f"{secret.reveal()}\n", mode=0o600)
            made.append(path.with_name(name))
        config = parse(text, where=path.name, folder=path.parent, environ=os.environ)
        new = target.with_name(f"{target.name}.new")
        new.unlink(missing_ok=True)
        _write(new, text, mode=stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600)
        new.replace(target)
    except BaseException as error:
        for file in made:
            file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StorageError(f"cannot write {error.filename}: {error.strerror}") from error
        raise
    return config


def _write(path: Path, text: str, *, mode: int) -> None:
    """Write a file that must not be there yet."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return _as_lists(tomllib.loads(text)) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _wanted(before: dict[str, Any], entry: Entry) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """What the whole file shall say, and the tables that are new in it."""
    after = _as_lists(copy.deepcopy(before))
    added: list[tuple[str, dict[str, Any]]] = []
    names = [str(table.get("name", "Home")) for table in after["site"]]
    site = _site(names, entry)
    if site not in names:
        added.append(("site", {"name": site, "timezone": _zone(entry, site)}))
    several = len({*names, site}) > 1
    if several:
        for table in after["system"]:  # where there was one site, its systems need not name it
            table.setdefault("site", names[0])
    there = [table for table in after["system"] if not several or table["site"] == site]
    if entry.grid:
        for table in there:
            table.pop("grid", None)
    elif there and not any(table.get("grid") for table in there):
        there[0]["grid"] = True
    own: dict[str, Any] = {"name": entry.name, "url": entry.url, "device": entry.device}
    own |= {"site": site if several else None, "grid": True if entry.grid else None}
    own |= {f"{name}_file": file for name, file in entry.files.items()}
    added.append(("system", {key: value for key, value in own.items() if value is not None}))
    for kind, values in added:
        after[kind].append(values)
    return after, added


def _site(names: Sequence[str], entry: Entry) -> str:
    """The name of the site that the system goes to."""
    if entry.site is None and len(names) > 1:
        raise UsageError("there are several sites", remedy=f"Name one with --site: {', '.join(names)}.")
    return entry.site or (names[0] if names else "Home")


def _zone(entry: Entry, site: str) -> str:
    if entry.timezone is None:
        raise UsageError(f"the time zone of {site!r} is not known", remedy="Name it: --timezone Europe/Berlin.")
    return entry.timezone


def _edited(lines: list[str], index: int, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Write the changed keys of the system at ``index``, below its others."""
    heads = [number for number, line in enumerate(lines) if _SYSTEM.match(line)]
    if old == new or index >= len(heads):
        return lines
    begin = heads[index]
    end = next((at for at in range(begin + 1, len(lines)) if _TABLE.match(lines[at])), len(lines))
    while _NOTHING.match(lines[end - 1]):
        end -= 1
    body = [line for line in lines[begin:end] if not ("grid" in old and "grid" not in new and _GRID.match(line))]
    body += [f"{key} = {_value(value)}" for key, value in new.items() if key not in old]
    return [*lines[:begin], *body, *lines[end:]]


def _table(kind: str, values: Mapping[str, Any]) -> str:
    return "\n".join([f"[[{kind}]]", *(f"{key} = {_value(value)}" for key, value in values.items())])


def _value(value: str | bool) -> str:  # noqa: FBT001 - a value, not a switch
    return json.dumps(value, ensure_ascii=False)  # text and booleans are alike in TOML


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name, [])
    return [found] if isinstance(found, dict) else found


def _as_lists(document: dict[str, Any]) -> dict[str, Any]:
    """One ``[site]`` is as good as a list of one."""
    return document | {name: _list(document, name) for name in ("site", "system")}


def local_zone() -> str | None:
    """Give the time zone of this machine by its name in the tz database, or None if it does not tell."""
    known = available_timezones()
    candidates = [
        os.environ.get("TZ", "").removeprefix(":"),
        str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2].removeprefix("posix/"),
        _first_line(Path("/etc/timezone")),
    ]
    return next((name for name in candidates if name in known), None)


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError):
        return ""
