"""Every word of the page, once per language.  The two tables have the same keys and placeholders (tested)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from heliobus.web.plain.figures import ENGLISH, GERMAN, Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_EN: Final = {
    "lang.other": "Deutsch",
    "nav.main": "Main",
    "nav.skip": "Skip to content",
    "nav.now": "Now",
    "nav.day": "Day",
    "nav.systems": "Systems",
    # names of places
    "sun": "Sun",
    "house": "House",
    "car": "Wallbox",
    "store": "Battery",
    "grid": "Grid",
    # what they do
    "house.uses": "in use",
    "car.takes": "charging",
    "car.rests": "idle",
    "store.takes": "charging",
    "store.gives": "discharging",
    "store.rests": "at rest",
    "grid.takes": "exporting",
    "grid.gives": "importing",
    "grid.rests": "balanced",
    "unknown": "unknown",
    # the sentence; {} are set in strong type
    "say.sun.gives": "The sun delivers {power}.",
    "say.sun.takes": "The inverter takes {power}.",
    "say.sun.match": "The sun delivers {power}, just what is used.",
    "say.takes": "{sinks}.",
    "say.takes.first.car": "The car takes {power}",
    "say.takes.first.store": "The battery takes {power}",
    "say.takes.first.grid": "The grid takes {power}",
    "say.takes.next.car": "the car {power}",
    "say.takes.next.store": "the battery {power}",
    "say.takes.next.grid": "the grid {power}",
    "say.uses": "The house uses {power}.",
    "say.uses.all": "{user} {power}, all of it {source}.",
    "say.uses.of": "{user} {power}: {sources}.",
    "say.user.house": "The house uses",
    "say.user.both": "House and car use",
    "say.from.sun": "from the sun",
    "say.from.store": "from the battery",
    "say.from.grid": "from the grid",
    "say.part": "{power} {source}",
    "say.and": " and ",
    "say.comma": ", ",
    "say.grid.gives": "The grid delivers {power}.",
    "say.grid.takes": "The grid takes {power}.",
    "say.store.gives": "The battery delivers {power}.",
    "say.store.takes": "The battery takes {power}.",
    "say.car.takes": "The car takes {power}.",
    "say.unknown": "Not known at present: {names}.",
    "say.name.sun": "the sun",
    "say.name.store": "the battery",
    "say.name.grid": "the grid",
    "say.name.car": "the wallbox",
    "say.name.house": "the house",
    "say.first": "Waiting for the first values.",
    "say.silent": "Nothing is known at present: no answer since {time}.",
    "say.asof": "As of {time}:",
    # ages
    "age.seconds": "{n} s ago",
    "age.minutes": "{n} min ago",
    "age.asof": "as of {time}",
    "age.silent": "silent since {time}",
    "age.connecting": "connecting",
    # now
    "in": "In",
    "out": "Out",
    "balance.closed": "Balance closed, residual {power}",
    "balance.open": "{power} open (converter losses?)",
    "balance.none": "No balance: not every part is known",
    "bar.in": "Where the power comes from",
    "bar.out": "Where the power goes",
    "soc": "State of charge",
    "soc.of": "{stored} of {capacity}",
    "soc.alt": "State of charge {soc}",
    "sun.today": "Sun today",
    "sun.alt": "Production today",
    "house.share": "{share} sun",
    "independence": "Independence",
    "autarky": "Autarky",
    "self": "Self-consumption",
    "autarky.sub": "grid import {energy}",
    "self.sub": "{energy} used here",
    # energies of a day
    "energy": "Energy",
    "energy.today": "Energy today",
    "consumption": "Consumption",
    "export": "Export",
    "import": "Import",
    "from.store": "from the battery",
    "from.grid": "from the grid",
    "into.store": "into the battery",
    "into.grid": "into the grid",
    "losses": "losses and measuring errors",
    "unaccounted": "not accounted for",
    "total": "Total",
    "coverage": "{share} of the time recorded",
    # the day picture
    "day.title": "Power and state of charge",
    "day.today": "Today",
    "day.before": "Day before",
    "day.after": "Day after",
    "day.alt": "Powers of {date}, hour by hour; the table below holds the same as energies",
    "day.use": "Consumption",
    "day.sun.house": "Sun → house",
    "day.sun.car": "Sun → wallbox",
    "day.sun.store": "Sun → battery",
    "day.sun.grid": "Sun → grid",
    "day.store": "from battery",
    "day.grid": "from grid",
    "day.grid.store": "Grid → battery",
    "day.store.grid": "Battery → grid",
    "day.soc": "Charge, right axis",
    "day.gap": "no data {span}",
    "day.empty": "Nothing has been recorded on this day.",
    "day.table": "The same as a table",
    "day.hour": "Hour, kWh",
    "day.coming": "Nothing recorded yet; the picture appears with the first values.",
    "day.broken": "The record cannot be read.",
    # systems
    "sys.interval": "Interval",
    "sys.latency": "Latency p50 / p95",
    "sys.answers": "Answers in 24 h",
    "sys.address": "Address",
    "sys.firmware": "Firmware",
    "sys.well": "All is well.",
    "sys.waiting": "Waiting for the first answer.",
    "sys.polls": "{failures} of {polls} polls failed since the start.",
    "alarm.lost": "{name} has not answered since {time}",
    "alarm.late": "{name}: values of {time}",
    "alarm.connecting": "{name} has not answered yet",
    "error.title": "This page cannot be shown",
    "error.back": "Back to now",
}

_DE: Final = {
    "lang.other": "English",
    "nav.main": "Haupt",
    "nav.skip": "Zum Inhalt",
    "nav.now": "Jetzt",
    "nav.day": "Tag",
    "nav.systems": "Geräte",
    "sun": "Sonne",
    "house": "Haus",
    "car": "Wallbox",
    "store": "Akku",
    "grid": "Netz",
    "house.uses": "Verbrauch",
    "car.takes": "lädt",
    "car.rests": "ruht",
    "store.takes": "lädt",
    "store.gives": "gibt ab",
    "store.rests": "ruht",
    "grid.takes": "speist ein",
    "grid.gives": "Bezug",
    "grid.rests": "ausgeglichen",
    "unknown": "unbekannt",
    "say.sun.gives": "Die Sonne liefert {power}.",
    "say.sun.takes": "Der Wechselrichter braucht {power}.",
    "say.sun.match": "Die Sonne liefert {power}, genau den Verbrauch.",
    "say.takes": "{sinks}.",
    "say.takes.first.car": "Ins Auto gehen {power}",
    "say.takes.first.store": "In den Akku gehen {power}",
    "say.takes.first.grid": "Ins Netz gehen {power}",
    "say.takes.next.car": "ins Auto {power}",
    "say.takes.next.store": "in den Akku {power}",
    "say.takes.next.grid": "ins Netz {power}",
    "say.uses": "Das Haus braucht {power}.",
    "say.uses.all": "{user} {power}, alles {source}.",
    "say.uses.of": "{user} {power}. Davon kommen {sources}.",
    "say.user.house": "Das Haus braucht",
    "say.user.both": "Haus und Auto brauchen",
    "say.from.sun": "von der Sonne",
    "say.from.store": "aus dem Akku",
    "say.from.grid": "aus dem Netz",
    "say.part": "{power} {source}",
    "say.and": " und ",
    "say.comma": ", ",
    "say.grid.gives": "Aus dem Netz kommen {power}.",
    "say.grid.takes": "Ins Netz gehen {power}.",
    "say.store.gives": "Aus dem Akku kommen {power}.",
    "say.store.takes": "In den Akku gehen {power}.",
    "say.car.takes": "Ins Auto gehen {power}.",
    "say.unknown": "Zurzeit nicht bekannt: {names}.",
    "say.name.sun": "Sonne",
    "say.name.store": "Akku",
    "say.name.grid": "Netz",
    "say.name.car": "Wallbox",
    "say.name.house": "Haus",
    "say.first": "Die ersten Werte werden erwartet.",
    "say.silent": "Zurzeit ist nichts bekannt: keine Antwort seit {time}.",
    "say.asof": "Stand {time}:",
    "age.seconds": "vor {n} s",
    "age.minutes": "vor {n} min",
    "age.asof": "Stand {time}",
    "age.silent": "still seit {time}",
    "age.connecting": "verbindet",
    "in": "Woher",
    "out": "Wohin",
    "balance.closed": "Bilanz geschlossen, offener Rest {power}",
    "balance.open": "{power} offen (Wandlerverluste?)",
    "balance.none": "Bilanz nicht möglich: nicht jeder Teil ist bekannt",
    "bar.in": "Woher die Leistung kommt",
    "bar.out": "Wohin die Leistung geht",
    "soc": "Ladestand",
    "soc.of": "{stored} von {capacity}",
    "soc.alt": "Ladestand {soc}",
    "sun.today": "Sonne heute",
    "sun.alt": "Erzeugung heute",
    "house.share": "{share} Sonne",
    "independence": "Unabhängigkeit",
    "autarky": "Autarkie",
    "self": "Eigenverbrauch",
    "autarky.sub": "Netzbezug {energy}",
    "self.sub": "{energy} selbst genutzt",
    "energy": "Energie",
    "energy.today": "Energie heute",
    "consumption": "Verbrauch",
    "export": "Einspeisung",
    "import": "Bezug",
    "from.store": "aus dem Akku",
    "from.grid": "aus dem Netz",
    "into.store": "in den Akku",
    "into.grid": "ins Netz",
    "losses": "Verluste und Messfehler",
    "unaccounted": "nicht zugeordnet",
    "total": "Summe",
    "coverage": "{share} der Zeit aufgezeichnet",
    "day.title": "Leistung und Ladestand",
    "day.today": "Heute",
    "day.before": "Tag davor",
    "day.after": "Tag danach",
    "day.alt": "Leistungen am {date}, Stunde für Stunde; die Tabelle darunter sagt dasselbe als Energien",
    "day.use": "Verbrauch",
    "day.sun.house": "Sonne → Haus",
    "day.sun.car": "Sonne → Wallbox",
    "day.sun.store": "Sonne → Akku",
    "day.sun.grid": "Sonne → Netz",
    "day.store": "aus dem Akku",
    "day.grid": "aus dem Netz",
    "day.grid.store": "Netz → Akku",
    "day.store.grid": "Akku → Netz",
    "day.soc": "Ladestand, rechts",
    "day.gap": "keine Daten {span}",
    "day.empty": "An diesem Tag wurde nichts aufgezeichnet.",
    "day.table": "Dasselbe als Tabelle",
    "day.hour": "Stunde, kWh",
    "day.coming": "Noch nichts aufgezeichnet; das Bild kommt mit den ersten Werten.",
    "day.broken": "Die Aufzeichnung ist nicht lesbar.",
    "sys.interval": "Takt",
    "sys.latency": "Antwortzeit p50 / p95",
    "sys.answers": "Antworten in 24 h",
    "sys.address": "Adresse",
    "sys.firmware": "Firmware",
    "sys.well": "Alles in Ordnung.",
    "sys.waiting": "Die erste Antwort wird erwartet.",
    "sys.polls": "{failures} von {polls} Abfragen seit dem Start ohne Antwort.",
    "alarm.lost": "{name} antwortet seit {time} nicht",
    "alarm.late": "{name}: Werte von {time}",
    "alarm.connecting": "{name} hat noch nicht geantwortet",
    "error.title": "Diese Seite kann nicht gezeigt werden",
    "error.back": "Zurück zu Jetzt",
}

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


LANGUAGES: Final = {"en": Language("en", ENGLISH, _EN), "de": Language("de", GERMAN, _DE)}

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
