"""Certificates of appliances, which no authority has signed: pinned on first use (design: SECURITY 3.3).

For each address one pin is known: the SHA-256 of the certificate (DER), or ``system`` where the system's authorities
vouch for it.  A connection is tried with the strictest context first::

    pinned    the certificate must be the known one ------- fails ->
    system    the authorities and the host name ----------- fails ->
    open      any certificate, and its fingerprint is noted: for what is no secret only

Each is an SSLContext of its own, and HTTP connections are kept apart by context.  So what must reach the known device
only can never go out over a connection that was opened without that proof.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import ssl
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from heliobus.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_log = logging.getLogger(__name__)

SYSTEM = "system"
"""The pin of a device whose certificate the system's authorities vouch for."""
UNREADABLE = "unreadable"
"""The pin of every device while the file of pins cannot be read."""
_OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Who answered last: ``fingerprint`` is the SHA-256 of its certificate (hex), None over http.

    ``known`` is the pin, a fingerprint or ``system``; ``accepted`` whether this peer may get writes.
    """

    scheme: str
    fingerprint: str | None
    known: str | None
    accepted: bool

    def __str__(self) -> str:
        return self.scheme if self.fingerprint is None else f"{self.scheme} with the certificate {self.fingerprint}"


class Pins(Protocol):
    """Where the pins are kept, by place (``host`` or ``host:port``)."""

    def get(self, place: str) -> str | None: ...
    def put(self, place: str, pin: str | None) -> None:
        """Keep a pin; None forgets it.  Raises StorageError."""
        ...


class MemoryPins:
    """Pins for as long as the program runs."""

    def __init__(self) -> None:
        self._pins: dict[str, str] = {}

    def get(self, place: str) -> str | None:
        return self._pins.get(place)

    def put(self, place: str, pin: str | None) -> None:
        if pin is None:
            self._pins.pop(place, None)
        else:
            self._pins[place] = pin


class FilePins:
    """Pins in a JSON file that only its owner may read: ``{"192.168.1.40": "<sha-256 in hex>"}``.

    What another program writes into it (``heliobus trust``) holds from the next look on.  While it cannot be understood
    every pin is ``UNREADABLE``, which no certificate fits: taken for empty, it would make each one a first one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pins: dict[str, str] = {}
        self._mark: tuple[int, int, int] | None = None
        self._told: str | None = None

    def get(self, place: str) -> str | None:
        try:
            return self._load().get(place)
        except StorageError as error:
            if error.what() != self._told:
                _log.error("%s", error.line())
            self._told = error.what()
            return UNREADABLE

    def put(self, place: str, pin: str | None) -> None:
        pins = {**self._load(), place: pin}
        text = json.dumps({name: one for name, one in sorted(pins.items()) if one is not None}, indent=1)
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
            _log.info("%s: known from now on is %s", place, pin or "no certificate")
        except OSError as error:
            raise StorageError(f"cannot write {self._path}: {error.strerror}") from error

    def _load(self) -> dict[str, str]:
        """Read the file if it is another one than last time."""
        try:
            state = self._path.stat()
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            if mark != self._mark:
                self._pins, self._mark = _table(json.loads(self._path.read_bytes())), mark
        except FileNotFoundError:
            self._pins, self._mark = {}, None
        except (OSError, ValueError) as error:
            raise StorageError(
                f"cannot read the known certificates in {self._path}: {error}",
                remedy="Mend the file or remove it; without it every certificate is a first one.",
            ) from error
        return self._pins


class Trust:
    """What is known, and what was seen, of the certificate of the device at ``place``.

    ``pins`` may be exchanged before the first connection.  Only ``accept`` raises, for what is known is asked before
    every request.
    """

    def __init__(self, place: str, *, pins: Pins | None = None) -> None:
        self.place = place
        self.pins: Pins = pins or MemoryPins()
        self.seen: str | None = None
        """The fingerprint (SHA-256, hex) of the certificate behind the last answer; None before the first one."""
        self._shown: dict[str, str] = {}  # in the last handshake of each context, whose connection may still be alive
        self._made: dict[str, ssl.SSLContext] = {}
        self._proof: str | None = None
        self._unsaved: str | None = None

    @property
    def known(self) -> str | None:
        """The pin: a fingerprint, ``SYSTEM``, ``UNREADABLE``, or None."""
        return self.pins.get(self.place) or self._unsaved

    @property
    def proven(self) -> bool:
        """Whether the last answer came from the known device, or one that the system vouches for."""
        return self._proof not in {None, _OPEN} or (self.seen is not None and self.seen == self.known)

    def proofs(self, *, confidential: bool) -> list[str]:
        """Name the contexts to try, in this order; ``confidential`` leaves out the one that proves nothing."""
        known = self.known
        strict = [SYSTEM] if known in {None, SYSTEM, UNREADABLE} else [known, SYSTEM]
        usual = [self._proof] if self._proof in {*strict, _OPEN} else []
        order = dict.fromkeys([*usual, *strict, _OPEN])
        return [proof for proof in order if proof and not (confidential and proof == _OPEN)]

    def context(self, proof: str) -> ssl.SSLContext:
        """Give the context of a name from ``proofs``, always the same one."""
        if proof not in self._made:
            self._made[proof] = _context(proof, partial(self._shown.__setitem__, proof))
        return self._made[proof]

    def answered(self, proof: str) -> None:
        """Note which context led to an answer."""
        self._proof = proof
        self.seen = self._shown.get(proof)

    def reset(self) -> None:
        """Begin with the strictest context again, as after a lost connection."""
        self._proof = None

    def keep(self) -> None:
        """Pin what has just answered, if it is the first; to be called once it is known to be the right device."""
        pin = SYSTEM if self._proof == SYSTEM else self.seen
        known = self.known
        if pin is not None and pin != known and (known is None or pin == SYSTEM):
            _log.debug("%s: the certificate is pinned on first use: %s", self.place, pin)
            try:
                self.pins.put(self.place, pin)
            except StorageError as error:
                _log.warning("the pin holds only until the end of this program: %s", error.line())
                self._unsaved = pin
        if self._proof == _OPEN and self.seen == self.known:
            self._proof = None  # from the next connection on it must prove it

    def accept(self, pin: str | None) -> None:
        """Let the owner's decision hold: this fingerprint from now on, or None for a device without a certificate.

        Raises StorageError.
        """
        self.pins.put(self.place, pin)
        self._unsaved = None
        self._proof = None


class _Mismatch(ssl.SSLCertVerificationError):
    """The certificate is not the pinned one."""


def _context(proof: str, note: Callable[[str], None]) -> ssl.SSLContext:
    if proof == SYSTEM:
        context = ssl.create_default_context()
    else:
        # Neither name nor signature is verified: the fingerprint is compared below, or noted for the owner.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    wanted = None if proof in {SYSTEM, _OPEN} else proof

    class Watched(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            shown = hashlib.sha256(self.getpeercert(binary_form=True) or b"").hexdigest()
            if wanted is not None and shown != wanted:
                raise _Mismatch(f"the certificate is {shown}, not {wanted}")
            note(shown)

    context.sslobject_class = Watched
    return context


def _table(document: Any) -> dict[str, str]:
    if not isinstance(document, dict) or not all(isinstance(pin, str) for pin in document.values()):
        raise ValueError("it is no table of fingerprints")
    return document
