"""Heliobus in the place of Growatt's server: dataloggers connect to it, nothing is asked.

* ``listener``: ``Listener``, a source that listens;  ``blocking``: the same without ``await``
* ``session``: one datalogger's conversation;  ``shelf``: what they have said;  ``upstream``: the real server, if wanted
* ``options``: its arguments out of a URL
"""

from __future__ import annotations

from heliobus.growatt.client.datalogger.blocking import BlockingListener
from heliobus.growatt.client.datalogger.listener import DEFAULT_PORT, Listener
from heliobus.growatt.client.datalogger.options import listening

__all__ = ["DEFAULT_PORT", "BlockingListener", "Listener", "listening"]
