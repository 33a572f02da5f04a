"""In place of smashnet's gist: ``from heliobus.compat.senec import Senec`` where a program had the file beside it.

The names and the shapes of the gist, its numbers too: signed types come out unsigned, ``i1`` and ``u6`` stay text, and
so do the words for what is not there (``VARIABLE_NOT_FOUND``).  What is better:

* firmware since August 2023: https is found by itself, and ``CURRENT_STATE`` is told although ``STATISTIC`` is gone
* a state that no list has is ``UNKNOWN STATE 142``, and none at all the appliance's own word
* ``url`` and ``request`` are arguments; there is a deadline, and every exception is an error of heliobus

``python -m heliobus.compat.senec [ADDRESS]`` prints everything, as the gist does.  Sources: the article of the gist's
author, the description of the gist's behaviour in the protocol notes (PEERS 1.1), SPEC 3 and 4.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from heliobus.compat.lala import STATE_NAMES, Appliance, StatusError, number
from heliobus.errors import Error
from heliobus.transport.blocking import BlockingClient, Portal
from heliobus.transport.clock import SYSTEM_CLOCK
from heliobus.transport.tls import MemoryPins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.protocol import Json, Request
    from heliobus.transport.clock import Clock

_STATE = ("STATISTIC", "CURRENT_STATE")
_STATE_NOW = ("ENERGY", "STAT_STATE")
_INTEGERS = frozenset({"u8", "u1", "u3", "i8", "i3"})
_EVERYTHING = (
    *("STATISTIC", "ENERGY", "FEATURES", "LOG", "SYS_UPDATE", "WIZARD", "BMS", "BAT1"),
    *("BAT1OBJ1", "BAT1OBJ2", "BAT1OBJ3", "BAT1OBJ4", "PWR_UNIT", "PV1", "FACTORY", "GRIDCONFIG"),
)
_ADDRESS = "192.168.1.9"

SYSTEM_STATE_NAME = dict(STATE_NAMES)
"""The states by number: 0 to 91 as in the gist, with its spellings, and those that came later."""

BASIC_REQUEST: dict[str, dict[str, str]] = {
    "STATISTIC": {
        "CURRENT_STATE": "",  # number of the system's state; get_values gives its name
        "LIVE_BAT_CHARGE_MASTER": "",  # kWh since installation, as all LIVE_; not told since August 2023
        "LIVE_BAT_DISCHARGE_MASTER": "",
        "LIVE_GRID_EXPORT": "",
        "LIVE_GRID_IMPORT": "",
        "LIVE_HOUSE_CONS": "",
        "LIVE_PV_GEN": "",
        "MEASURE_TIME": "",  # epoch, in s
    },
    "ENERGY": {
        "GUI_BAT_DATA_CURRENT": "",  # A, + while charging
        "GUI_BAT_DATA_FUEL_CHARGE": "",  # %
        "GUI_BAT_DATA_POWER": "",  # W, + while charging
        "GUI_BAT_DATA_VOLTAGE": "",  # V
        "GUI_GRID_POW": "",  # W, + is import
        "GUI_HOUSE_POW": "",  # W
        "GUI_INVERTER_POWER": "",  # W of the sun
        "STAT_HOURS_OF_OPERATION": "",  # h
    },
    "BMS": {"CHARGED_ENERGY": "", "DISCHARGED_ENERGY": "", "CYCLES": ""},  # for each module; energies in mWh
    "PV1": {
        "MPP_CUR": "",  # A, of each string
        "MPP_POWER": "",  # W
        "MPP_VOL": "",  # V
        "POWER_RATIO": "",  # %, limit of the feed-in
        "P_TOTAL": "",
    },
    "FACTORY": {
        "DESIGN_CAPACITY": "",  # Wh
        "MAX_CHARGE_POWER_DC": "",  # W
        "MAX_DISCHARGE_POWER_DC": "",  # W
    },
}


class Senec(BlockingClient[Appliance]):
    """One appliance.  Making one does no I/O.

    ``device_ip`` may carry a port.  ``url`` is asked instead of what ``device_ip`` leads to, and in no other scheme;
    ``request`` instead of ``BASIC_REQUEST``.  ``timeout`` in s bounds each exchange.
    """

    def __init__(
        self,
        device_ip: str,
        *,
        url: str | None = None,
        request: Request | None = None,
        timeout: float = 10.0,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.device_ip = device_ip
        self.request = request
        self._made = partial(Appliance, device_ip, timeout=timeout, pins=MemoryPins(), clock=clock)
        self._made(url=url)  # a wrong address is told here, not at the first call
        super().__init__(partial(self._made, url=url))

    @property
    def read_api(self) -> str:
        """Where the appliance is asked; another address may be set, which then is the only one."""

        async def told(appliance: Appliance) -> str:
            return appliance.url

        return self._portal.call(told)

    @read_api.setter
    def read_api(self, url: str) -> None:
        self._made(url=url)
        self.close()
        self._portal = Portal(partial(self._made, url=url))

    def get_values(self) -> dict[str, Any]:
        """Read the request's values as ``{section: {name: number, text or list}}``, with the name of the state.

        HTTP other than 200 gives ``{"msg": "Status code 500"}``.  A value that was asked for and lost on the way is
        None.  Raises TransportError when nothing came back and ProtocolError when it was no SENEC answer.
        """
        request: Request = BASIC_REQUEST if self.request is None else self.request
        section, name = _STATE
        if name not in request.get(section, {}):
            return self._values(request)
        now, code = _STATE_NOW
        energy = request.get(now)
        wanted = energy is not None and (not energy or code in energy)
        values = self._values(request if wanted else {**request, now: {**(energy or {}), code: ""}})
        if "msg" not in values:
            values[section][name] = _state(values)
            if energy is None:
                del values[now]
            elif not wanted:
                del values[now][code]
        return values

    def get_all_values(self) -> dict[str, Any]:
        """Read everything of 16 sections, the state as its number; raises as ``get_values`` does.

        Not for every few seconds: appliances that are asked so much lose their cloud.
        """
        return self._values({section: {} for section in _EVERYTHING})

    def _values(self, request: Request) -> dict[str, Any]:
        try:
            answer = self._portal.call(lambda appliance: appliance.ask(request))
        except StatusError as error:
            return {"msg": f"Status code {error.status}"}
        return {section: {name: _decoded(leaf) for name, leaf in leaves.items()} for section, leaves in answer.items()}


def _state(values: Mapping[str, Mapping[str, Any]]) -> Any:
    """Give the name of the state, from firmware without statistics that of the state beside the powers."""
    told = [values.get(section, {}).get(name) for section, name in (_STATE, _STATE_NOW)]
    code = next((code for code in told if isinstance(code, int)), None)
    return told[0] if code is None else SYSTEM_STATE_NAME.get(code, f"UNKNOWN STATE {code}")


def _decoded(leaf: Json) -> Any:
    if isinstance(leaf, list):
        return [_decoded(item) for item in leaf]
    if not isinstance(leaf, str):
        return leaf
    kind, _, payload = leaf.partition("_")
    if kind == "st":
        return payload
    return number(leaf) if kind == "fl" or kind in _INTEGERS else leaf


def main() -> None:
    """Print everything that the appliance at the address given, else 192.168.1.9, tells."""
    try:
        with Senec(sys.argv[1] if sys.argv[1:] else _ADDRESS) as senec:
            print(senec.get_all_values())  # noqa: T201 - what this is for
    except Error as error:
        sys.exit(error.line())


if __name__ == "__main__":
    main()
