"""The plants of an account and their devices: ``python growatt_plants.py [URL]``."""

from __future__ import annotations

import sys

from growatt_account import logged_in


def main(url: str | None = None) -> None:
    api, account = logged_in(url)
    for plant in api.plant_list(account["userId"])["data"]:
        print(f"{plant['plantName']} ({plant['plantId']}): {plant['currentPower']}, today {plant['todayEnergy']}")
        for device in api.device_list(plant["plantId"]):
            print(f"  {device['deviceType']} {device['deviceSn']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
