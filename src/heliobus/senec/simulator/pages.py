"""What an appliance serves beside ``lala.cgi`` (SPEC 2.6): its tables of words, its variables, its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.senec.models import system_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_KNOWN_STATES = 99  # firmware 0826 has names for 0 to 98 (SPEC 4)

LANGUAGES = ("DE-de", "EN-en")


def words(language: str) -> str:
    """The script with the names of the system states that the appliance's own screen uses."""
    states = [system_state(code) for code in range(_KNOWN_STATES)]
    names = [state.name_de if language == "DE-de" else state.name_en for state in states]
    lines = ",\n".join(f'  {code}: "{name}"' for code, name in enumerate(names))
    return f"var system_state_name = {{\n{lines}\n}};\n"


def variables(sections: Mapping[str, Mapping[str, object]]) -> str:
    """The page that lists every variable."""
    rows = "".join(f"<tr><td>{section}.{name}</td></tr>" for section in sorted(sections) for name in sections[section])
    return f"<!DOCTYPE html><html><head><title>VarMon</title></head><body><table>{rows}</table></body></html>"


def log(day: date) -> str:
    """The log of a day on which nothing happened."""
    return f"{day:%Y-%m-%d} 00:00:00 [I|Settings] Writing configuration to disk...\n"
