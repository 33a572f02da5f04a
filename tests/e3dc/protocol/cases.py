"""What several tests of the wire start from: frames of SPEC section 10 and random items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from heliobus.e3dc.protocol import ErrorAnswer, Item, Timestamp, Type, Value

if TYPE_CHECKING:
    import random

# SPEC 10: frames of real devices (easy-rscp documentation, rscp-e3dc for the one of 2016), with what they say.
FRAMES: dict[str, tuple[str, list[Item]]] = {
    "auth request": (
        "e3dc001121000b650000000070da58201c00010000000e1500020000000d040054455354030000000d030031323378babe16",
        [Item(1, Type.CONTAINER, [Item(2, Type.CSTRING, "TEST"), Item(3, Type.CSTRING, "123")])],
    ),
    "auth answer, level 10": (
        "e3dc001106010b6500000000309eee2e0800010080000301000ad4e6f5cf",
        [Item(0x00800001, Type.UCHAR8, 10)],
    ),
    "auth answer, refused": (
        "e3dc00115e010b65000000001830de1f0b00010080000604000000000003120cf6",
        [Item(0x00800001, Type.INT32, 0)],
    ),
    "poll request": (
        "e3dc001178b00a6500000000c8c7d0300e0001000001000000020000010000004c769f09",
        [Item(0x01000001), Item(0x01000002)],
    ),
    "poll answer": (
        "e3dc00117bb00a6500000000885e2c011600010080010604004f120000020080010604005b08000058156e18",
        [Item(0x01800001, Type.INT32, 4687), Item(0x01800002, Type.INT32, 2139)],
    ),
    "2016 answer": (
        "e3dc00117f58005800000000d02918020800010080000301000ab234f24d",
        [Item(0x00800001, Type.UCHAR8, 10)],
    ),
}
RAW = {name: bytes.fromhex(text) for name, (text, _) in FRAMES.items()}

_INTEGERS = {
    Type.CHAR8: (-(2**7), 2**7 - 1),
    Type.UCHAR8: (0, 2**8 - 1),
    Type.INT16: (-(2**15), 2**15 - 1),
    Type.UINT16: (0, 2**16 - 1),
    Type.INT32: (-(2**31), 2**31 - 1),
    Type.UINT32: (0, 2**32 - 1),
    Type.INT64: (-(2**63), 2**63 - 1),
    Type.UINT64: (0, 2**64 - 1),
}
UNKNOWN_TYPES = range(0x12, 0xFF)
TAGS = st.integers(0, 2**32 - 1)


def _item(kind: int, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Item]:
    return st.builds(Item, TAGS, st.just(int(kind)), values)


NUMBERS: st.SearchStrategy[Item] = st.one_of(
    _item(Type.BOOL, st.booleans()),
    *(_item(kind, st.integers(*bounds)) for kind, bounds in _INTEGERS.items()),
    _item(Type.FLOAT32, st.floats(width=32, allow_nan=False)),
    _item(Type.DOUBLE64, st.floats(allow_nan=False)),
)
LEAVES: st.SearchStrategy[Item] = st.one_of(
    NUMBERS,
    _item(Type.NONE, st.none()),
    _item(Type.CSTRING, st.text().map(lambda text: text.rstrip("\0"))),
    _item(Type.TIMESTAMP, st.builds(Timestamp, st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**32 - 1))),
    _item(Type.ERROR, st.builds(ErrorAnswer, st.integers(0, 2**32 - 1))),
    _item(Type.BITFIELD, st.binary(max_size=4)),
    _item(Type.BYTEARRAY, st.binary(max_size=300)),
    _item(Type.COMPRESSED, st.binary(max_size=300)),
    st.builds(Item, TAGS, st.sampled_from(UNKNOWN_TYPES), st.binary(max_size=256)),
)
ITEMS: st.SearchStrategy[list[Item]] = st.lists(
    st.recursive(LEAVES, lambda inner: _item(Type.CONTAINER, st.lists(inner, max_size=5)), max_leaves=20), max_size=6
)


def random_item(rng: random.Random, depth: int = 3) -> Item:
    """A valid item, much quicker than hypothesis makes one."""
    tag = rng.getrandbits(32)
    kind = rng.choice(
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 14, 15, 16, 17, 255, rng.choice(UNKNOWN_TYPES))
    )
    value: Value
    match kind:
        case Type.NONE:
            value = None
        case Type.BOOL:
            value = rng.random() < 0.5
        case _ if kind in _INTEGERS:
            value = rng.randint(*_INTEGERS[Type(kind)])
        case Type.FLOAT32 | Type.DOUBLE64:
            value = rng.randint(-(2**24), 2**24) / 8
        case Type.CSTRING:
            value = "".join(rng.choices("abcÄß€😀", k=rng.randint(0, 12)))
        case Type.CONTAINER:
            value = [random_item(rng, depth - 1) for _ in range(rng.randint(0, 4) if depth else 0)]
        case Type.TIMESTAMP:
            value = Timestamp(rng.randint(-(2**40), 2**40), rng.randrange(10**9))
        case Type.ERROR:
            value = ErrorAnswer(rng.getrandbits(32))
        case _:
            value = rng.randbytes(rng.randint(0, 20))
    return Item(tag, kind, value)
