"""Rijndael with a 256-bit block and a 256-bit key in CBC mode, the cipher of RSCP over TCP.

This is not AES, which fixes the block at 128 bits: here a block has 8 columns, ShiftRows moves rows 0..3 by 0, 1, 3
and 4 columns, and there are 14 rounds.  No maintained library has it.

Decryption in CBC has no chain, so all blocks of a message are decrypted at once.  Their bytes are laid out as 32
planes: plane (row, column) holds that byte of every block.  The inverse S-box is then one ``bytes.translate`` per
row, ShiftRows two slices, and MixColumns shifts and XOR on one big integer per row, whatever the number of blocks.
Encryption is a chain and goes block by block; there the three multiples of the S-box that MixColumns needs are laid
side by side in one table, and one ``translate`` picks all 128 terms of a round out of it.

Sources: J. Daemen, V. Rijmen, AES proposal Rijndael (1999), sections 4.2 to 4.4; the test vectors of go-rscp, am-e3dc
(BouncyCastle) and py3rijndael.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from heliobus.errors import ProtocolError, UsageError

BLOCK = 32
FIRST_CHAIN = b"\xff" * BLOCK
"""What the chain of either direction starts from when a connection opens."""

_ROUNDS = 14
_ROW_SHIFT = (0, 1, 3, 4)
_SBOX = bytes.fromhex(
    "637c777bf26b6fc53001672bfed7ab76ca82c97dfa5947f0add4a2af9ca472c0"
    "b7fd9326363ff7cc34a5e5f171d8311504c723c31896059a071280e2eb27b275"
    "09832c1a1b6e5aa0523bd6b329e32f8453d100ed20fcb15b6acbbe394a4c58cf"
    "d0efaafb434d338545f9027f503c9fa851a3408f929d38f5bcb6da2110fff3d2"
    "cd0c13ec5f974417c4a77e3d645d197360814fdc222a908846eeb814de5e0bdb"
    "e0323a0a4906245cc2d3ac629195e479e7c8376d8dd54ea96c56f4ea657aae08"
    "ba78252e1ca6b4c6e8dd741f4bbd8b8a703eb5664803f60e613557b986c11d9e"
    "e1f8981169d98e949b1e87e9ce5528df8ca1890dbfe6426841992d0fb054bb16"
)
_INVERSE = bytes.maketrans(_SBOX, bytes(range(256)))


def _double(value: int) -> int:
    """Twice ``value`` in the field of Rijndael."""
    return value << 1 ^ (0x11B if value & 0x80 else 0)


# -- encryption: byte i of a block is row i % 4 of column i // 4

_SBOX2 = bytes(_double(value) for value in _SBOX)
_SBOX3 = bytes(a ^ b for a, b in zip(_SBOX, _SBOX2, strict=True))


def _arriving(below: int) -> list[int]:
    """For each place of a block the byte that ShiftRows brings to the place ``below`` rows further down its column."""
    rows = [(i // 4, (i + below) % 4) for i in range(BLOCK)]
    return [4 * ((column + _ROW_SHIFT[row]) % 8) + row for column, row in rows]


# MixColumns: 2 * own row + 3 * next row + the two others, picked out of one table S | 2 S | 3 S.
_TERMS = bytes(
    [i + BLOCK for i in _arriving(0)] + [i + 2 * BLOCK for i in _arriving(1)] + _arriving(2) + _arriving(3),
)
_LAST_TERMS = bytes(_arriving(0))
_REST = bytes(256 - BLOCK)  # translate wants a table of 256
_TABLE_REST = bytes(256 - 3 * BLOCK)
_ONE_BLOCK = (1 << 8 * BLOCK) - 1


# -- decryption: byte (row, column) of all blocks is one plane

_PLANES = [4 * column + row for row in range(4) for column in range(8)]
_SIZES = (8, 16, 32, 64, 128)
"""Messages are filled up to one of these numbers of blocks, so that there are few layouts; longer ones are cut."""
_KEPT = 32
"""Up to here the laid out round keys are kept (27 KB a key, enough for live polls); for more blocks they are laid out
each time, which is a few percent of a history's decryption and spares a fleet 90 KB a system."""


class _Layout(NamedTuple):
    """What it takes to decrypt ``blocks`` blocks at once, whatever the key."""

    blocks: int
    pattern: bytes  # byte by byte of all planes: which byte of a block stands there
    low7: int  # 0x7f in every byte of a row
    low1: int  # 0x01 in every byte of a row


_Rows = tuple[int, int, int, int]  # the four rows of a state or of a round key, all blocks side by side


@cache
def _layout(blocks: int) -> _Layout:
    return _Layout(
        blocks=blocks,
        pattern=b"".join(bytes((index,)) * blocks for index in _PLANES),
        low7=int.from_bytes(b"\x7f" * 8 * blocks, "little"),
        low1=int.from_bytes(b"\x01" * 8 * blocks, "little"),
    )


class Cipher:
    """One key with its schedule.  It holds no chain: connections, directions and reconnects may share it."""

    __slots__ = ("_kept", "_round_keys", "_schedule")

    def __init__(self, key: str | bytes) -> None:
        """``key`` is the RSCP password, text as UTF-8, at most 32 bytes.  Raises UsageError if it is longer."""
        raw = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key
        if len(raw) > BLOCK:
            raise UsageError(
                f"the RSCP key has {len(raw)} bytes, more than {BLOCK}",
                remedy="Use the RSCP password as set on the device; it has at most 32 bytes.",
            )
        self._schedule = _expand(raw.ljust(BLOCK, b"\xff"))
        self._round_keys = [int.from_bytes(key, "little") for key in self._schedule]
        self._kept: dict[int, list[_Rows]] = {}

    def encrypt(self, plain: bytes, *, chain: bytes) -> bytes:
        """Encrypt ``plain``, filled with zeros to whole blocks.

        ``chain`` is the last cipher block that went the same way, or FIRST_CHAIN; the next one is ``result[-32:]``.
        """
        first, *middle, last = self._round_keys
        state = int.from_bytes(chain, "little")
        out = []
        for start in range(0, len(plain), BLOCK):
            state ^= first ^ int.from_bytes(plain[start : start + BLOCK], "little")
            for key in middle:
                block = state.to_bytes(BLOCK, "little")
                table = block.translate(_SBOX) + block.translate(_SBOX2) + block.translate(_SBOX3) + _TABLE_REST
                terms = int.from_bytes(_TERMS.translate(table), "little")
                terms ^= terms >> 16 * BLOCK
                state = (terms ^ terms >> 8 * BLOCK) & _ONE_BLOCK ^ key
            block = state.to_bytes(BLOCK, "little").translate(_SBOX)
            state = int.from_bytes(_LAST_TERMS.translate(block + _REST), "little") ^ last
            out.append(state.to_bytes(BLOCK, "little"))
        return b"".join(out)

    def decrypt(self, blocks: bytes, *, chain: bytes) -> bytes:
        """Decrypt whole blocks; ``chain`` is the cipher block before them, and ``blocks[-32:]`` the next one.

        Raises ProtocolError if ``blocks`` is not a multiple of 32 bytes.
        """
        size = len(blocks)
        if size % BLOCK:
            raise ProtocolError(f"{size} encrypted bytes are no whole blocks")
        layout = _layout(next((number for number in _SIZES if number * BLOCK >= size), _SIZES[-1]))
        keys = self._laid_out(layout)
        step = layout.blocks * BLOCK
        plain = b"".join(
            _decrypt(blocks[start : start + step].ljust(step, b"\0"), keys, layout) for start in range(0, size, step)
        )
        before = int.from_bytes((chain + blocks)[:size], "little")
        return (int.from_bytes(plain[:size], "little") ^ before).to_bytes(size, "little")

    def _laid_out(self, layout: _Layout) -> list[_Rows]:
        """The round keys in the layout."""
        keys = self._kept.get(layout.blocks)
        if keys is None:
            keys = [_rows(layout.pattern.translate(key + _REST)) for key in self._schedule]
            if layout.blocks <= _KEPT:
                self._kept[layout.blocks] = keys
        return keys


def _expand(key: bytes) -> list[bytes]:
    """The 15 round keys of a key."""
    words = [key[i : i + 4] for i in range(0, BLOCK, 4)]
    constant = 1
    for i in range(8, 8 * (_ROUNDS + 1)):
        word = words[-1]
        if i % 8 == 0:
            word = (word[1:] + word[:1]).translate(_SBOX)
            word = bytes((word[0] ^ constant,)) + word[1:]
            constant = _double(constant)
        elif i % 4 == 0:
            word = word.translate(_SBOX)
        words.append(bytes(a ^ b for a, b in zip(words[-8], word, strict=True)))
    return [b"".join(words[i : i + 8]) for i in range(0, len(words), 8)]


def _rows(planes: bytes) -> _Rows:
    size = len(planes) // 4
    a, b, c, d = (int.from_bytes(planes[i : i + size], "little") for i in range(0, len(planes), size))
    return a, b, c, d


def _decrypt(data: bytes, keys: list[_Rows], layout: _Layout) -> bytes:
    """Rijndael backwards for exactly ``layout.blocks`` blocks, without the chain."""
    number, _, low7, low1 = layout
    size = 8 * number  # of a row
    left1, left3, left4 = (size - shift * number for shift in _ROW_SHIFT[1:])
    a, b, c, d = _rows(b"".join([data[index::BLOCK] for index in _PLANES]))
    ka, kb, kc, kd = keys[_ROUNDS]
    a, b, c, d = a ^ ka, b ^ kb, c ^ kc, d ^ kd
    for turn in range(_ROUNDS - 1, -1, -1):
        # the S-box and ShiftRows backwards, then the round key
        ka, kb, kc, kd = keys[turn]
        row = a.to_bytes(size, "little").translate(_INVERSE)
        a = ka ^ int.from_bytes(row, "little")
        row = b.to_bytes(size, "little").translate(_INVERSE)
        b = kb ^ int.from_bytes(row[left1:] + row[:left1], "little")
        row = c.to_bytes(size, "little").translate(_INVERSE)
        c = kc ^ int.from_bytes(row[left3:] + row[:left3], "little")
        row = d.to_bytes(size, "little").translate(_INVERSE)
        d = kd ^ int.from_bytes(row[left4:] + row[:left4], "little")
        if turn == 0:
            break
        # MixColumns backwards is 14 11 13 9 = 8 (1 1 1 1) + 4 (1 0 1 0) + 2 (1 1 0 0) + (0 1 1 1), nested as
        # 2 (2 (2 (a + b + c + d) + a + c) + a + b) + ...; the last row's doubling is the sum of the other three.
        total = a ^ b ^ c ^ d
        x = (total & low7) << 1 ^ (total >> 7 & low1) * 0x1B
        even, odd = a ^ c ^ x, b ^ d ^ x
        even = (even & low7) << 1 ^ (even >> 7 & low1) * 0x1B
        odd = (odd & low7) << 1 ^ (odd >> 7 & low1) * 0x1B
        x, y, z = a ^ b ^ even, b ^ c ^ odd, c ^ d ^ even
        x = (x & low7) << 1 ^ (x >> 7 & low1) * 0x1B
        y = (y & low7) << 1 ^ (y >> 7 & low1) * 0x1B
        z = (z & low7) << 1 ^ (z >> 7 & low1) * 0x1B
        a, b, c, d = a ^ total ^ x, b ^ total ^ y, c ^ total ^ z, d ^ total ^ x ^ y ^ z
    planes = b"".join([row.to_bytes(size, "little") for row in (a, b, c, d)])
    out = bytearray(len(data))
    for place, index in enumerate(_PLANES):
        out[index::BLOCK] = planes[place * number : (place + 1) * number]
    return bytes(out)
