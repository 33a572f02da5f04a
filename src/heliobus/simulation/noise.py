"""Repeatable randomness without state: every draw is a function of (seed, stream, index).

SHAKE-128 serves as the counter-based generator because it is the same on every platform and Python version, gives
hundreds of numbers in one call, and a shorter output is a prefix of a longer one, so that the first draw of the next
day can be had without drawing that day.
"""

from __future__ import annotations

import hashlib
import struct
from functools import lru_cache
from itertools import pairwise


def draws(seed: int, *, stream: str, index: int, count: int) -> tuple[float, ...]:
    """Give ``count`` numbers in [0, 1), independent for every (seed, stream, index)."""
    key = f"{seed}/{stream}/{index}".encode()
    words = struct.unpack(f"<{count}I", hashlib.shake_128(key).digest(4 * count))
    return tuple([word * 2.0**-32 for word in words])


@lru_cache(maxsize=64)
def lattice(seed: int, *, stream: str, day: int, count: int) -> tuple[float, ...]:
    """Give ``count + 1`` draws spread evenly over a day; the last is the first of the next day."""
    today = draws(seed, stream=stream, index=day, count=count)
    return today + draws(seed, stream=stream, index=day + 1, count=1)


def between(left: float, right: float, share: float) -> float:
    """Interpolate; exactly ``left`` at share 0 and exactly ``right`` at share 1."""
    return left * (1.0 - share) + right * share


def spread(points: tuple[float, ...], size: int) -> list[float]:
    """Interpolate evenly spaced points over ``size + 1`` places; ``size`` is a multiple of their intervals."""
    steps = size // (len(points) - 1)
    shares = [step / steps for step in range(steps)]
    inner = [between(left, right, share) for left, right in pairwise(points) for share in shares]
    return [*inner, points[-1]]
