"""What the portal mein-senec.de answers (SPEC 8, capture 58), in its own words, signs and units.

Only the settings of peak shaving were recorded; the other names are those that two other projects read, and what else
comes is in ``extra``.  ``accuexport`` goes INTO the battery and ``accuimport`` comes OUT of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heliobus.model.records import Record
from heliobus.senec.models.records import epoch, flag, integer, number, numbers, record, records, text

if TYPE_CHECKING:
    from heliobus.senec.protocol import Json

# -- who


class Customer(Record):
    device_number = text("devNumber")
    plants = integer("anzahlAnlagen")


class PlantEntry(Record):
    index = integer("anlageNummer")
    product = text("produktName")
    serial = text("steuereinheitnummer")


class Navigation(Record):
    """One plant, by the index that all calls want: who it is and what the portal has of it."""

    is_master = flag("master")
    serial = text("steuereinheitnummer")
    product = text("produktName")
    timezone = text("zoneId")
    has_peak_shaving = flag("peakShavingVisible")
    has_sockets = flag("steckdosenVisible")
    sockets_enabled = flag("steckdosenEnabled")
    has_sg_ready = flag("sgReadyVisible")
    has_wallbox = flag("wallboxVisible")
    has_heating_rods = flag("heizstaebeVisible")
    has_autarky = flag("autarkieVisible")
    has_battery = flag("akkuVisible")


# -- measurements


class NowToday(Record):
    """``now`` is kW to one project and W to another; ``today`` is kWh, or % of the battery's level."""

    now = number("now", "kW")
    today = number("today", "kWh")


class Overview(Record):
    """What the plant does now."""

    consumption = record("consumption", NowToday)
    generated = record("powergenerated", NowToday)
    out_of_battery = record("accuimport", NowToday)
    into_battery = record("accuexport", NowToday)
    grid_import = record("gridimport", NowToday)
    grid_export = record("gridexport", NowToday)
    battery_level = record("acculevel", NowToday)
    last_updated = number("lastupdated")

    @property
    def updated(self) -> datetime | None:
        """When the plant last told the portal: seconds since 1970, or milliseconds."""
        return _since_1970(self.last_updated)


class Point(Record):
    """One value of a series: a pair in the answer."""

    def __init__(self, values: Json) -> None:
        super().__init__({})
        pair = values if isinstance(values, list) else []
        known = [one for one in pair if isinstance(one, int | float) and not isinstance(one, bool)]
        self.time = _since_1970(known[0]) if len(known) == len(pair) == _PAIR else None
        self.value = float(known[1]) if self.time is not None else None


class Series(Record):
    """``full`` is the sum of the period."""

    full = number("fullkwh", "kWh")
    last_updated = number("lastupdated")
    points = records("val", Point)


class Autarky(Record):
    day = number("day", "%")
    week = number("week", "%")
    month = number("month", "%")
    year = number("year", "%")
    all = number("all", "%")


class AccuState(Record):
    """The battery; the sign of its current was never recorded."""

    voltage = number("batteryvoltage", "V")
    current = number("batterycurrent", "A")
    capacity = number("capacity", "kWh")
    type = text("akkutyp")


# -- settings


class Editor(Record):
    id = integer("id")
    is_deleted = flag("geloescht")
    role = text("userRole")
    is_active = flag("aktiv")


class PeakShaving(Record):
    """``mode`` is DEACTIVATED, MANUAL or AUTO; ``end`` is an hour and a minute of the plant's own time."""

    feed_in_limit = number("einspeisebegrenzungKwpInPercent", "%")
    mode = text("peakShavingMode")
    capacity_limit = number("peakShavingCapacityLimitInPercent", "%")
    end = numbers("peakShavingLocalEndTime")
    end_date = epoch("peakShavingEndDate")
    edited = epoch("bearbeitungsdatum")
    editor = record("bearbeiter", Editor)
    is_valid = flag("valid")


class SgReady(Record):
    enabled = flag("enabled")
    delay = number("modeChangeDelayInMinutes", "min")
    proposal_threshold = number("powerOnProposalThresholdInWatt", "W")
    command_threshold = number("powerOnCommandThresholdInWatt", "W")
    shutdown_level = number("shutdownLevelInWatt", "W")


class PortalSocket(Record):
    """One switched socket; its number has two spellings."""

    numbered = integer("steckdosennummer")
    numbered_otherwise = integer("steckdosenummer")
    name = text("name")
    mode = text("mode")
    on_threshold = number("einschaltschwelleInWatt", "W")
    off_threshold = number("abschaltschwelleInWatt", "W")
    surplus_minutes = number("dauerLeistungsueberschussInMin", "min")
    on_minutes = number("dauerSteckdoseAnInMin", "min")
    on_time = numbers("einschaltzeit")

    @property
    def number(self) -> int | None:
        return self.numbered if self.numbered_otherwise is None else self.numbered_otherwise


# -- files


class Week(Record):
    """A week whose file can be had, by the calendar of ISO 8601."""

    week = integer("kalenderwoche")
    year = integer("jahr")


class Pointer(Record):
    id = text("docId")


class Document(Record):
    description = text("description")
    file_name = text("fileName")
    pointer = record("documentPointer", Pointer)


_PAIR = 2
_MILLISECONDS = 1e11
"""More seconds than three thousand years."""


def _since_1970(told: float | None) -> datetime | None:
    if told is None:
        return None
    try:
        return datetime.fromtimestamp(told / 1000 if told > _MILLISECONDS else told, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def sg_ready_state(found: Json) -> int | None:
    """1 locked, 2 regular, 3 start suggested, 4 start requested; a number, or MODE and a number."""
    told = found.removeprefix("MODE") if isinstance(found, str) else found
    if isinstance(told, str):
        told = int(told) if told.isdecimal() else None
    return told if isinstance(told, int) and not isinstance(told, bool) and told in SG_READY_STATES else None


SG_READY_STATES = {1: "locked", 2: "regular", 3: "start suggested", 4: "start requested"}
