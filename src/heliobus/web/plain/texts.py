"""Every word of the pages, once per language, in ``web/texts``; the front end is built from the same files.

The tables have the same keys and placeholders (tested).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from heliobus.web.plain.figures import ENGLISH, GERMAN, Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS = {
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
    "de": "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
}


@dataclass(frozen=True, slots=True)
class Language:
    """The words, numbers and dates of one language; ``code`` is its ISO 639 name."""

    code: str
    numbers: Numbers
    words: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Give a text, its placeholders filled."""
        text = self.words[key]
        return text.format(**values) if values else text

    def date(self, day: date) -> str:
        """Give a date with its weekday."""
        weekday, month = _DAYS[self.code][day.weekday()], _MONTHS[self.code].split("|")[day.month - 1]
        return f"{weekday}, {day.day}{'.' if self.code == 'de' else ''} {month} {day.year}"


def _words(code: str) -> dict[str, str]:
    words: dict[str, str] = json.loads(files("heliobus.web").joinpath("texts", f"{code}.json").read_bytes())
    return words


LANGUAGES: Final = {"en": Language("en", ENGLISH, _words("en")), "de": Language("de", GERMAN, _words("de"))}

_ACCEPTED = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*")


def choose(asked: str | None, accepted: str) -> Language:
    """Choose by ``?lang=``, else by the Accept-Language header, else English."""
    if asked in LANGUAGES:
        return LANGUAGES[asked]
    best, weight = "en", 0.0
    for part in accepted[:400].split(","):
        found = _ACCEPTED.fullmatch(part)
        if found and found[1].lower() in LANGUAGES and float(found[2] or 1) > weight:
            best, weight = found[1].lower(), float(found[2] or 1)
    return LANGUAGES[best]
