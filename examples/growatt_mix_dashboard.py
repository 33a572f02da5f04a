"""What the app's dashboard of a MIX or SPH shows: ``python growatt_mix_dashboard.py [URL]``.

Three calls are needed for it, and some of their names mislead: the comments say what the values are.
"""

from __future__ import annotations

import sys

from growatt_account import logged_in, only_mix


def main(url: str | None = None) -> None:
    api, account = logged_in(url)
    plant, serial = only_mix(api, account)

    now = api.mix_system_status(serial, plant)  # powers in kW
    print("now")
    print(f"  solar       {now['ppv']} kW")
    print(f"  load        {now['pLocalLoad']} kW")
    print(f"  from grid   {now['pactouser']} kW")
    print(f"  to grid     {now['pactogrid']} kW")
    print(f"  battery     {now['SOC']} %, charging {now['chargePower']} kW, discharging {now['pdisCharge1']} kW")

    totals = api.mix_totals(serial, plant)  # energies in kWh
    print("today, and since it was installed")
    print(f"  solar       {totals['epvToday']} kWh, {totals['epvTotal']} kWh")
    print(f"  load        {totals['elocalLoadToday']} kWh, {totals['elocalLoadTotal']} kWh")
    print(f"  to grid     {totals['etoGridToday']} kWh, {totals['etogridTotal']} kWh")
    print(f"  charged     {totals['echargetoday']} kWh, {totals['echargetotal']} kWh")
    print(f"  discharged  {totals['edischarge1Today']} kWh, {totals['edischarge1Total']} kWh")

    # Today's import is told nowhere else.  What else the dashboard tells of a MIX is wrong (eCharge is the load).
    print(f"  from grid   {api.dashboard_data(plant)['etouser']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
