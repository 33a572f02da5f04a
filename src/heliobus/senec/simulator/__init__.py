"""A SENEC appliance that is protocol-true from the outside: what ``lala.cgi`` of a V3 hybrid duo answers.

* ``server``: sockets, HTTP and the oddities of its web server
* ``answering``: a request and a memory to an answer;  ``faults``: what can go wrong with it
* ``appliance``: the memory that a house fills, and the orders that it obeys
* ``loads``: what sockets and wallboxes do with their settings;  ``login``: the local login
* ``house`` and ``variables``: each variable's content, from the house or constant;  ``profiles``: per firmware
* ``sessions``: the cookie of network firmware 2411
* ``replay``: the memory that recorded answers fill;  ``pages``: its other pages

Source: SPEC sections 1 to 5 and 11, captures 01 to 18, 37 to 51 and the Perth recording.
"""

from __future__ import annotations

from heliobus.senec.simulator.faults import FAULTS
from heliobus.senec.simulator.profiles import PROFILES
from heliobus.senec.simulator.replay import Recording
from heliobus.senec.simulator.server import SenecSimulator

__all__ = ["FAULTS", "PROFILES", "Recording", "SenecSimulator"]
