"""RSCP's cipher and codec beside py3rijndael 0.3.3 and pye3dc 0.10.0: the same bytes through both, nothing cached.

pye3dc makes a cipher for each frame, so py3rijndael's key schedule counts; it reads the first item of a frame only, so
the answers stand in one container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import py3rijndael
from e3dc._rscpLib import rscpDecode, rscpEncode, rscpFrame

from benchmarks.measure import ROUNDS, Figure, cpu, ratio
from heliobus.e3dc.protocol import HISTORY_ROW, Cipher, Item, Timestamp, Type, build_frame, decode, encode, tags
from heliobus.e3dc.protocol.cipher import FIRST_CHAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KEY = "benchmark key"
_NOW = Timestamp(1_700_000_000, 123_456_789)
_POLL = [f"EMS_REQ_{name}" for name in ("POWER_PV", "POWER_ADD", "POWER_BAT", "POWER_HOME", "POWER_GRID", "BAT_SOC")]


def figures() -> Iterator[Figure]:
    answer = encode([Item(tags.BAT_DATA, Type.CONTAINER, _live_answer())])
    history = encode([_history()])
    yield _decryption("decrypt an answer", build_frame(answer, time=_NOW), goal=1 / 10, calls=20)
    yield _decryption("decrypt a history", build_frame(history, time=_NOW), goal=1 / 18, calls=2)
    yield _encryption()
    yield _against(
        f"decode an answer of {len(answer)} B",
        lambda: decode(answer),
        lambda: rscpDecode(answer),
        goal=1 / 8,
        calls=200,
    )
    yield _against(
        f"decode a history of {len(history)} B",
        lambda: decode(history),
        lambda: rscpDecode(history),
        goal=1 / 8,
        calls=10,
    )
    yield _against(
        f"rows of a history of {len(history)} B",
        lambda: decode(history, tables={HISTORY_ROW}),
        lambda: rscpDecode(history),
        goal=1 / 50,
        calls=10,
    )
    yield from _requests()


def _live_answer() -> list[Item]:
    """What a poll of everything that changes is answered, 26 cipher blocks."""
    live = [Item(0x01800000 + number, Type.INT32, 1000 * number - 5000) for number in range(1, 11)]
    meter = [Item(0x05800001 + number, Type.DOUBLE64, 812.5 * number) for number in range(3)]
    meter += [Item(0x05800011 + number, Type.FLOAT32, 229.75 + number) for number in range(3)]
    meters = [Item(0x05840000, Type.CONTAINER, [Item(0x05040001, Type.UINT16, index), *meter]) for index in range(4)]
    battery = [Item(0x03800001 + number, Type.FLOAT32, 48.5 + number) for number in range(25)]
    names = [Item(tags.INFO_SERIAL_NUMBER, Type.CSTRING, "S10-440000000001")]
    return [*live, *meters, Item(0x03840000, Type.CONTAINER, battery), *names]


def _history() -> Item:
    """A history of 133 steps."""
    totals = Item(0x06800010, Type.CONTAINER, [Item(0x06800002 + i, Type.FLOAT32, 10.5 * i) for i in range(12)])
    rows = [
        Item(HISTORY_ROW, Type.CONTAINER, [Item(0x06800001 + i, Type.FLOAT32, step + i / 2) for i in range(13)])
        for step in range(133)
    ]
    return Item(tags.DB_HISTORY_DATA_DAY, Type.CONTAINER, [totals, *rows])


def _against(what: str, ours: Callable[[], object], theirs: Callable[[], object], *, goal: float, calls: int) -> Figure:
    rounds = [(cpu(ours, calls), cpu(theirs, calls)) for _ in range(ROUNDS)]
    return ratio(what, rounds, calls=calls, goal=goal)


def _peers_cipher() -> py3rijndael.RijndaelCbc:
    key = _KEY.encode().ljust(32, b"\xff")
    return py3rijndael.RijndaelCbc(key, FIRST_CHAIN, py3rijndael.ZeroPadding(32), 32)


def _decryption(what: str, frame: bytes, *, goal: float, calls: int) -> Figure:
    cipher = Cipher(_KEY)
    wire = cipher.encrypt(frame, chain=FIRST_CHAIN)
    assert cipher.decrypt(wire, chain=FIRST_CHAIN).startswith(frame)
    assert _peers_cipher().decrypt(wire) == frame.rstrip(b"\0")
    return _against(
        f"{what}, {len(wire)} B",
        lambda: cipher.decrypt(wire, chain=FIRST_CHAIN),
        lambda: _peers_cipher().decrypt(wire),
        goal=goal,
        calls=calls,
    )


def _encryption() -> Figure:
    cipher = Cipher(_KEY)
    frame = build_frame(encode([Item(tags.code(name)) for name in _POLL]), time=_NOW)
    assert cipher.encrypt(frame, chain=FIRST_CHAIN) == _peers_cipher().encrypt(frame)
    return _against(
        f"encrypt a request of {len(frame)} B",
        lambda: cipher.encrypt(frame, chain=FIRST_CHAIN),
        lambda: _peers_cipher().encrypt(frame),
        goal=1 / 4,
        calls=100,
    )


def _requests() -> Iterator[Figure]:
    items = [Item(tags.code(name)) for name in _POLL]
    theirs = [(name, "None", None) for name in _POLL]
    body = encode(items)

    def peers() -> bytes:
        frame: bytes = rscpFrame(b"".join(rscpEncode(*item) for item in theirs))
        return frame

    yield _against("encode a request", lambda: build_frame(encode(items), time=_NOW), peers, goal=1, calls=1000)
    yield _against("repeat a request", lambda: build_frame(body, time=_NOW), peers, goal=1 / 4, calls=1000)
