"""A plant's settings, and how to change them: ``python growatt_plant_settings.py [URL [name=value ...]]``.

The names are those of the form, such as plantName or plantMoney; what is not named stays as it is.
"""

from __future__ import annotations

import sys

from growatt_account import logged_in


def main(url: str | None = None, *changes: str) -> None:
    api, account = logged_in(url)
    plant = account["data"][0]["plantId"]
    settings = api.plant_settings(plant)
    for name in ("plantName", "timezone", "nominalPower", "formulaMoneyStr", "formulaMoneyUnitId", "createDateText"):
        print(f"{name}: {settings[name]}")
    if changes:
        changed = dict(change.split("=", 1) for change in changes)
        answer = api.update_plant_settings(plant, changed, settings)
        print("changed" if answer["success"] else f"refused: {answer['msg']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
