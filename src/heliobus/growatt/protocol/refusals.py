"""What a server's refusal of a write means, as errors with a remedy (SPEC "Settings writes", C.1; erratum G10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.errors import Error, NotSupported, OutOfBounds, Refused, TransportError, UsageError
from heliobus.growatt.protocol.values import flag, number, text

if TYPE_CHECKING:
    from heliobus.model.records import Json

_WAIT = "Wait until it is online again, then write once more."
_ROWS: tuple[tuple[str, type[Error], str, str], ...] = (
    ("501", TransportError, "the server has a fault", "Look at the settings in some minutes, then write once more."),
    ("502", TransportError, "the server behind it has a fault", "Look at the settings in some minutes."),
    ("503", UsageError, "the serial number is missing", "Name the inverter."),
    ("504", Refused, "the inverter is offline", _WAIT),
    ("505", Refused, "the datalogger is offline", _WAIT),
    ("506", NotSupported, "the server does not know this setting type", "Check the family of the inverter."),
    ("507", UsageError, "a parameter is empty", "Give all parameters of the setting."),
    ("508", OutOfBounds, "a value is outside the inverter's range", "Choose another value; the app shows the range."),
    ("509", UsageError, "a date or time is badly formed", "Write YYYY-MM-DD HH:MM:SS."),
    ("701", Refused, "the account may not change this inverter", "Use the owner's account, or ask the installer."),
)
_MEANINGS = {code: (kind, what, remedy) for code, kind, what, remedy in _ROWS}
# The portal answers in words (capture errors/tcpset_bad_time.json).
_WORDS = {"inv_set_time_format": "509", "inv_set_param_out_of_range": "508"}
_SWAPPED = {"503": "504", "504": "503"}
"""Plain inverters tell these two the other way round."""


def refused_write(code: str, *, setting: str, family: str = "", note: str = "") -> Error:
    """The error behind a refusal: TransportError where it is not known whether it arrived, else nothing was changed."""
    plain = _WORDS.get(code, code)
    if family == "inverter":
        plain = _SWAPPED.get(plain, plain)
    kind, what, remedy = _MEANINGS.get(
        plain, (Refused, "the inverter refuses it", "Read the reason; it may depend on the inverter's state.")
    )
    said = ", ".join(part for part in (code, note) if part) or "no reason given"
    return kind(f"{setting}: {what} ({said})", remedy=remedy)


def check_written(answer: Json, *, setting: str, family: str = "") -> None:
    """Raise what an answer of the app's or the portal's write calls means, unless it is a success."""
    if not isinstance(answer, dict):
        raise TransportError(f"{setting}: the answer says neither yes nor no", remedy="Look at the settings.")
    succeeded = flag(answer.get("success"))
    if succeeded is None and "result" in answer:
        succeeded = number(answer["result"]) == 1
    if succeeded:
        return
    raise refused_write(text(answer.get("msg")) or "", setting=setting, family=family)
