"""What the article that introduces the gist shows: its request, put to an appliance, with the address as the argument.

Run: origin_senec_script.py ADDRESS
"""

from __future__ import annotations

import sys

from heliobus.compat.senec import BASIC_REQUEST, Senec

(DEVICE_IP,) = sys.argv[1:]

info = Senec(DEVICE_IP)
print(info.read_api)
values = info.get_values()
print(values["STATISTIC"]["CURRENT_STATE"])
for section, names in BASIC_REQUEST.items():
    for name in names:
        print(section, name, values[section][name])
