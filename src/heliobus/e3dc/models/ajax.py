"""What the portal's first generation tells of a system: the content of LIVEUNITDATA (SPEC 8.1)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from heliobus.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Three: TypeAlias = "tuple[float | None, float | None, float | None]"
_NOTHING: Three = (None, None, None)
_METER = re.compile(r"PM([0-9]+)_L[123]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUnit:
    """Powers in W with the signs of the portal; what it did not tell is None."""

    time: datetime | None = None
    """UTC."""
    system_status: str | None = None
    """Bits, as ``EMS_SYS_STATUS``, in decimal."""
    soc: float | None = None
    """%."""
    pv: Three = _NOTHING
    """Of each string, + production."""
    grid: Three = _NOTHING
    """Of each phase, + import."""
    battery: float | None = None
    """+ charging."""
    house: Three = _NOTHING
    """Of each phase, + consumption."""
    wallbox: float | None = None
    """+ consumption."""
    meters: Mapping[int, Three] = field(default_factory=dict)
    """Of each phase, by the number of the power meter; an external producer is negative."""

    @classmethod
    def of(cls, content: Any) -> Self:
        """Out of the decoded content; numbers may be texts.  Raises ProtocolError if it is no object."""
        if not isinstance(content, dict):
            raise ProtocolError("the portal sent no live data")
        status = content.get("SYSSTATUS")
        meters = sorted({int(found[1]) for name in content if (found := _METER.fullmatch(name))})
        return cls(
            time=_time(content.get("time")),
            system_status=None if status is None else str(status),
            soc=_number(content.get("SOC")),
            pv=_three(content, "POWER_PV_S"),
            grid=_three(content, "POWER_LM_L"),
            battery=_number(content.get("POWER_BAT")),
            house=_three(content, "POWER_C_L"),
            wallbox=_number(content.get("POWER_WALLBOX")),
            meters={number: _three(content, f"PM{number}_L") for number in meters},
        )


def total(parts: Iterable[float | None]) -> float | None:
    """Their sum; None if one is missing."""
    known = list(parts)
    return None if None in known else math.fsum(part for part in known if part is not None)


def _three(content: Mapping[str, Any], name: str) -> Three:
    return _number(content.get(f"{name}1")), _number(content.get(f"{name}2")), _number(content.get(f"{name}3"))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _time(value: Any) -> datetime | None:
    """The portal writes UTC without saying so."""
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
