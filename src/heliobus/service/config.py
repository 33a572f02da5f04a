"""The configuration: one TOML file, read strictly.

A typing error must not silently change what is recorded, so every unknown key, wrong type and impossible value is a
ConfigError: one line with the path of the key and, where there is one, the word that was probably meant.
``HELIOBUS_<SECTION>__<KEY>`` in the environment goes before the file, except for ``control``: whether devices may be
changed is decided in the file alone (design: SECURITY 3.5).
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from heliobus.errors import ConfigError
from heliobus.service.checks import suggestion
from heliobus.service.tables import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig, WebConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

__all__ = [
    "Config",
    "ControlConfig",
    "RecorderConfig",
    "SiteConfig",
    "SystemConfig",
    "WebConfig",
    "default_path",
    "load",
    "parse",
]

_SECTIONS: Mapping[str, tuple[str, type[BaseModel]]] = {
    "site": ("sites", SiteConfig),
    "system": ("systems", SystemConfig),
    "recorder": ("recorder", RecorderConfig),
    "web": ("web", WebConfig),
    "control": ("control", ControlConfig),
}
"""The tables by their names in the file: the field of Config that holds each, and its type."""
_NAMES = {field: name for name, (field, _) in _SECTIONS.items()}
_FROM_FILE_ONLY = frozenset({"system", "control"})
_PREFIX = "HELIOBUS_"

_WORDS = {
    "missing": "missing",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "tuple_type": "must be a list: [...]",
    "model_type": "must be a table",
    "literal_error": "must be one of {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "there must be at least one",
    "value_error": "{error}",
}
"""pydantic's kinds of errors in our words; a kind that is not here speaks for itself."""


def default_path() -> Path:
    """Give HELIOBUS_CONFIG, else ``heliobus/config.toml`` in the XDG folder, else in /etc if only that exists."""
    named = os.environ.get("HELIOBUS_CONFIG")
    if named:
        return Path(named)
    own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "heliobus", "config.toml")
    common = Path("/etc/heliobus/config.toml")
    return common if common.exists() and not own.exists() else own


def load(path: Path) -> Config:
    """Read the file, with the overrides of the environment.  Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no configuration file {path}", remedy="Write one, or name another with HELIOBUS_CONFIG."
        ) from error
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name}: byte {error.start} is not UTF-8", remedy="Save the file as UTF-8.") from error
    return parse(text, where=path.name, folder=path.parent, environ=os.environ)


def parse(text: str, *, where: str, folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read TOML.  ``where`` names it in errors, relative paths start at ``folder``.  Raises ConfigError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: not TOML: {error}") from error
    origin = _override(raw, environ or {})
    tables = _tables(raw, where)
    try:
        return Config.model_validate(tables, context={"folder": folder or Path()})
    except ValidationError as error:
        raise ConfigError(_complaint(error.errors(), raw, where, origin)) from error


def _override(raw: dict[str, Any], environ: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Write the environment's values into ``raw``; give the variable behind each (section, key)."""
    origin = {}
    for variable, text in sorted(environ.items()):
        section, separator, key = variable.removeprefix(_PREFIX).lower().partition("__")
        if not (variable.startswith(_PREFIX) and separator):
            continue
        table = raw.setdefault(section, {}) if section in _SECTIONS else None
        if section in _FROM_FILE_ONLY or not isinstance(table, dict):
            raise ConfigError(
                f"{variable}: only site (if there is one), recorder and web can be set from the environment",
                remedy="Write it into the configuration file and unset the variable.",
            )
        table[key] = _value(text)
        origin[section, key] = variable
    return origin


def _value(text: str) -> Any:
    """Read the text of a variable: as TOML where it is true, a number or a list, else as it stands."""
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | float | list | str) else text


def _tables(raw: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Rename the sections to the fields of Config; one ``[site]`` is as good as a list of one."""
    tables = {}
    for section, content in raw.items():
        if section not in _SECTIONS:
            raise ConfigError(f"{where}: {section}: unknown key{suggestion(section, _SECTIONS)}")
        field, _ = _SECTIONS[section]
        tables[field] = [content] if field != section and isinstance(content, dict) else content
    return tables


def _complaint(
    errors: list[ErrorDetails], raw: Mapping[str, Any], where: str, origin: Mapping[tuple[str, str], str]
) -> str:
    """Put the first error into one line; an unknown key goes first, for it is often the reason of a missing one."""
    error = min(errors, key=lambda one: one["type"] != "extra_forbidden")
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    what = _what(error)
    if not error["loc"]:  # a rule about several tables names them itself
        return f"{where}: {what}{more}"
    section = _NAMES[str(error["loc"][0])]
    rest = list(error["loc"][1:])
    if isinstance(raw.get(section), dict) and rest[:1] == [0]:
        rest = rest[1:]
    variable = origin.get((section, str(rest[0]) if rest else ""))
    path = section + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
    return f"{f'{where}: {path}' if variable is None else variable}: {what}{more}"


def _what(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        _, table = _SECTIONS[_NAMES[str(error["loc"][0])]]
        return f"unknown key{suggestion(str(error['loc'][-1]), table.model_fields)}"
    words = _WORDS.get(error["type"])
    return words.format(**error.get("ctx", {})) if words else error["msg"]
