"""What the examples have in common: the account out of the environment, the server out of the command line."""

from __future__ import annotations

import os
import sys
from typing import Any

from heliobus.compat import growattServer


def logged_in(url: str | None) -> tuple[growattServer.GrowattApi, dict[str, Any]]:
    """Log in as HELIOBUS_USERNAME with HELIOBUS_PASSWORD; ends the program with a sentence where that fails."""
    username, password = os.environ.get("HELIOBUS_USERNAME"), os.environ.get("HELIOBUS_PASSWORD")
    if not username or not password:
        sys.exit("Set HELIOBUS_USERNAME and HELIOBUS_PASSWORD to those of the ShinePhone app.")
    api = growattServer.GrowattApi()
    if url:
        api.server_url = url
    try:
        account = api.login(username, password)
    except growattServer.GrowattError as error:
        sys.exit(error.line())
    if not account["success"]:
        sys.exit(f"The server refuses the login: {account.get('error', account['msg'])}")
    return api, account


def only_mix(api: growattServer.GrowattApi, account: dict[str, Any]) -> tuple[str, str]:
    """The plant and the serial number of the account's first MIX or SPH."""
    for plant in account["data"]:
        for device in api.device_list(plant["plantId"]):
            if device["deviceType"] == "mix":
                return plant["plantId"], device["deviceSn"]
    sys.exit("This account has no MIX or SPH.")
