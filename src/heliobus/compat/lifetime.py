"""Connections of programs that never close what they make."""

from __future__ import annotations

import weakref
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def close_when_dropped(holder: object, close: Callable[[], None]) -> None:
    """End a connection that a program left open when it dropped ``holder``, to which ``close`` must not refer.

    In a thread, because it may be the loop's own that collects the garbage, and it cannot wait for itself; at the end
    of the program blocking clients close by themselves.
    """
    weakref.finalize(holder, lambda: Thread(target=close, daemon=True).start()).atexit = False
