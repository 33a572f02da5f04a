"""In place of pye3dc: ``from heliobus.compat.e3dc import E3DC`` where a program said ``from e3dc import E3DC``.

The names, keywords, attributes, exceptions and result keys of pye3dc 0.10.0, and those of its first versions where they
differ (switches set by True and False, polls over the portal's pages, ``sysStatus``).  What is better:

* one poll is one round trip; all that is asked of a battery or an inverter are two
* frames of any segmentation and with any checksum; tags, types and codes that no list has
* ``get_idle_periods``, ``set_idle_periods``, ``set_switch_onoff`` and ``isPasswordMd5`` do what they say; days of
  ``get_db_data`` are those of the device
* ``keepAlive=True`` holds the connection in the background
* a value that the device did not give is None, and loses no other
* every exception is an error of heliobus, too, and says what to do

Sources: the README of python-e3dc of 2017, the interface of pye3dc 0.10.0, SPEC.
"""

from __future__ import annotations

from heliobus.compat.e3dc.e3dc import E3DC
from heliobus.compat.e3dc.errors import (
    AuthenticationError,
    CommunicationError,
    FrameError,
    NotAvailableError,
    PollError,
    RequestTimeoutError,
    RSCPAuthenticationError,
    RSCPKeyError,
    RSCPNotAvailableError,
    SendError,
    SocketNotReady,
)
from heliobus.compat.e3dc.link import set_rscp_debug
from heliobus.compat.e3dc.message import RscpMessage

__all__ = [
    "E3DC",
    "AuthenticationError",
    "CommunicationError",
    "FrameError",
    "NotAvailableError",
    "PollError",
    "RSCPAuthenticationError",
    "RSCPKeyError",
    "RSCPNotAvailableError",
    "RequestTimeoutError",
    "RscpMessage",
    "SendError",
    "SocketNotReady",
    "set_rscp_debug",
]
