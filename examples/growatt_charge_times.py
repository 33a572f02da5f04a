"""When a MIX or SPH charges from the grid: ``python growatt_charge_times.py [URL [START END]]``, as 01:30 04:00.

With times it WRITES to the inverter, where they stay: full power, up to 90 %, every night, until they are changed.
Know where the app shows the same before you try it; settings can put a plant outside its normal operating range.
"""

from __future__ import annotations

import sys

from growatt_account import logged_in, only_mix

POWER, STOP_SOC = 100, 90  # percent
PERIODS = (1, 2, 3)


def main(url: str | None = None, *period: str) -> None:
    api, account = logged_in(url)
    _, serial = only_mix(api, account)
    told = api.get_mix_inverter_settings(serial)["obj"]["mixBean"]
    for number in PERIODS:
        start, stop = told[f"forcedChargeTimeStart{number}"], told[f"forcedChargeTimeStop{number}"]
        switch = "on" if int(told[f"forcedChargeStopSwitch{number}"]) else "off"
        print(f"period {number}: {start} to {stop}, {switch}")
    if period:
        start, stop = (moment.split(":") for moment in period)
        charge = [POWER, STOP_SOC, 1]  # 1: from the grid, too
        first, unused = [*start, *stop, 1], ["00", "00", "00", "00", 0]
        answer = api.update_mix_inverter_setting(
            serial, "mix_ac_charge_time_period", [*charge, *first, *unused, *unused]
        )
        # A yes says that the datalogger has it; the server tells it up to a minute and a half later.
        print("taken" if answer["success"] else f"refused: {answer['msg']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
