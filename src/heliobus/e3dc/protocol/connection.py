"""Frames over an encrypted byte stream, from either side; the bytes travel elsewhere.

Each direction is one chain of cipher blocks from the opening of the connection to its end, and every frame begins with
a block.  So one lost or wrong block loses the direction: after a ProtocolError the connection is to be closed.
Source: SPEC 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.e3dc.protocol.cipher import BLOCK, FIRST_CHAIN
from heliobus.e3dc.protocol.frame import Frame, frame_size, parse_frame
from heliobus.errors import ProtocolError

if TYPE_CHECKING:
    from heliobus.e3dc.protocol.cipher import Cipher

_DECRYPT_AT = 128 * BLOCK
"""Of a frame still on its way, so many bytes are decrypted at once: fewer would cost more, and more would keep an event
loop waiting longer."""


class Connection:
    """The state of the cipher and of the framing; a reconnect takes a new one."""

    __slots__ = ("_arrived", "_broken", "_cipher", "_plain", "_received", "_sent", "_wanted", "in_step")

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher
        self._sent = FIRST_CHAIN
        self._received = FIRST_CHAIN
        self._arrived = bytearray()  # not yet decrypted
        self._plain = bytearray()  # decrypted, not yet a whole frame
        self._wanted = BLOCK  # bytes of plain text that the next step needs: a header's block, then a frame's blocks
        self._broken = False
        self.in_step = False
        """Whether a header was decrypted.  If receive_data fails before that, the two sides use different keys."""

    @property
    def unfinished(self) -> bool:
        """Whether a part of a frame is here; if the stream ends now, that frame is lost."""
        return bool(self._arrived or self._plain)

    def send(self, frame: bytes) -> bytes:
        """The bytes that carry ``frame``, made by ``build_frame``.  Each call moves the chain: they are to be sent."""
        encrypted = self._cipher.encrypt(frame, chain=self._sent)
        self._sent = encrypted[-BLOCK:]
        return encrypted

    def receive_data(self, data: bytes) -> list[Frame]:
        """Take what arrived, cut anywhere, and give the frames that it completes.

        Raises ProtocolError at the first wrong frame and ever after.  Frames that were whole before it in the same
        ``data`` are given first, and the error with the next call.
        """
        if self._broken:
            raise ProtocolError("the connection is out of step since a wrong frame")
        self._arrived += data
        frames: list[Frame] = []
        try:
            while (frame := self._next()) is not None:
                frames.append(frame)
        except ProtocolError:
            self._broken = True
            if not frames:
                raise
        return frames

    def _next(self) -> Frame | None:
        self._decrypt()
        if len(self._plain) < BLOCK:
            return None
        size = frame_size(self._plain)
        self.in_step = True
        self._wanted = size + -size % BLOCK
        if len(self._plain) < self._wanted:
            return None
        frame = parse_frame(bytes(self._plain[: self._wanted]))
        del self._plain[: self._wanted]
        self._wanted = BLOCK
        return frame

    def _decrypt(self) -> None:
        size = len(self._arrived) // BLOCK * BLOCK
        if size and size >= min(self._wanted - len(self._plain), _DECRYPT_AT):
            blocks = bytes(self._arrived[:size])
            del self._arrived[:size]
            self._plain += self._cipher.decrypt(blocks, chain=self._received)
            self._received = blocks[-BLOCK:]
