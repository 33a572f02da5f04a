"""What Growatt's servers take for a password (SPEC A.3)."""

from __future__ import annotations

import hashlib


def hash_password(password: str) -> str:
    """MD5 in hex, with each leading 0 of a byte written as c; it opens the account as the password itself does."""
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    pairs = (digest[place : place + 2] for place in range(0, len(digest), 2))
    return "".join("c" + pair[1] if pair[0] == "0" else pair for pair in pairs)
