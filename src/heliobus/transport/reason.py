"""Why a connection could not be had, in the words of the operating system."""

from __future__ import annotations

import os


def reason(error: OSError) -> str:
    """Say it plainly: libraries put words of their own into strerror, the number says "Connection refused"."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or type(error).__name__
