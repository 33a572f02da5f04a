"""The example of python-e3dc's first README, for Python 3, with where the system is as its arguments.

Run: origin_e3dc_script.py ADDRESS PORT USER PASSWORD KEY SERIAL WEBSOCKET PAGES
"""

from __future__ import annotations

import sys

from heliobus.compat.e3dc import E3DC

TCP_IP, PORT, USERNAME, PASS, KEY, SERIALNUMBER, WEBSOCKET, PAGES = sys.argv[1:]

print("web connection")
e3dc = E3DC(
    E3DC.CONNECT_WEB,
    username=USERNAME,
    password=PASS,
    serialNumber=SERIALNUMBER,
    isPasswordMd5=False,
    url=WEBSOCKET,
    ajaxUrl=PAGES,
)
# The portal's pages tell the powers; this is where a wrong password shows.
print(e3dc.poll())
# The switches are asked for over the websocket.
print(e3dc.poll_switches())

print("local connection")
e3dc = E3DC(E3DC.CONNECT_LOCAL, username=USERNAME, password=PASS, ipAddress=TCP_IP, key=KEY, port=int(PORT))
# Both go straight to the system.
print(e3dc.poll())
print(e3dc.poll_switches())
