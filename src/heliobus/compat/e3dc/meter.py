"""Power meters (SPEC 6.3).  W, V, Wh; powers + are drawn from the grid, or what the metered device consumes."""

from __future__ import annotations

from typing import Any

from heliobus.compat.e3dc.message import plain
from heliobus.compat.e3dc.parts import Parts, by_key, plain_requests, table
from heliobus.e3dc.models import PowerMeter
from heliobus.e3dc.protocol import tags

_METER = table("PM_REQ", {"maxPhasePower": "MAX_PHASE_POWER", "mode": "MODE", "type": "TYPE"})
_PHASES = {
    key: table("PM_REQ", {f"L{phase}": f"{name}_L{phase}" for phase in (1, 2, 3)})
    for key, name in {"energy": "ENERGY", "power": "POWER", "voltage": "VOLTAGE"}.items()
}
_ACTIVE = {"activePhases": tags.PM_REQ_ACTIVE_PHASES}
_UNDEFINED = 0


def type_name(code: int) -> str:
    """The name of a type, as ``PM_TYPE_ROOT``."""
    names = tags.enum("pm_type")
    return f"PM_TYPE_{names.get(code, names[_UNDEFINED])}"


class PowerMeters(Parts):
    def get_powermeters(self, keepAlive: bool = False) -> list[dict[str, Any]]:
        """The meters that there are: ``[{"index", "type", "typeName"}]``."""
        with self.rscp.kept(keep=keepAlive):
            found = self._find(PowerMeter.kind, {"type": tags.PM_REQ_TYPE})
        return [meter | {"typeName": type_name(meter["type"])} for meter in found]

    def get_powermeter_data(self, pmIndex: int | None = None, keepAlive: bool = False) -> dict[str, Any]:
        """All of one meter, without an index of the first one; ``activePhases`` are bits, "111" is all three."""
        index = self.powermeters[0]["index"] if pmIndex is None else pmIndex
        requests = plain_requests(_METER, *_PHASES.values(), _ACTIVE)
        with self.rscp.kept(keep=keepAlive):
            answers, _ = self._read(PowerMeter.kind, index, requests)
        active = plain(answers.get(tags.PM_REQ_ACTIVE_PHASES))
        return {
            "activePhases": None if active is None else f"{active:03b}",
            "index": index,
            **by_key(_METER, answers),
            **{key: by_key(phases, answers) for key, phases in _PHASES.items()},
        }

    def get_powermeters_data(
        self, powermeters: list[dict[str, Any]] | None = None, keepAlive: bool = False
    ) -> list[dict[str, Any]]:
        """All of each meter, named as by ``get_powermeters``."""
        with self.rscp.kept(keep=keepAlive):
            return [
                self.get_powermeter_data(one["index"], keepAlive=True)
                for one in (self.powermeters if powermeters is None else powermeters)
            ]
