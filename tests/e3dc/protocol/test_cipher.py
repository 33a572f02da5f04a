from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliobus.e3dc.protocol import Cipher
from heliobus.e3dc.protocol.cipher import BLOCK, FIRST_CHAIN
from heliobus.errors import ProtocolError, UsageError

if TYPE_CHECKING:
    from tests.conftest import Figure

# SPEC 10: key, what one side sends, and what it looks like on the wire.
VECTORS = {
    "go-rscp": (
        "testkey",
        ["e3dc0011d9744698faffffff00ca5b070800010080000301000a7fb3efc3"],
        ["a52858a12680c2b712bbc9cb8ce0f0406f01f5d10ca06e9bda41fb46b311c226"],
    ),
    "am-e3dc, chained": (
        "abc123",
        ["01020304", "01020304"],
        [
            "631cea5dfad44bf202e944fc533329166b985a3ffbc92d022e10019dbec2317f",
            "65944aba5fd1bc617d28e4834e0e3f131061ebfbcfd4c598287dc2977cd1e14e",
        ],
    ),
    "py3rijndael, client": (
        "key",
        [
            "e3dc001121000b650000000070da58201c00010000000e1500020000000d040054455354030000000d030031323378babe16",
            "e3dc001178b00a6500000000c8c7d0300e0001000001000000020000010000004c769f09",
        ],
        [
            (
                "9186e17de5967b85070f93cf5208a70a6c45c410326e82bac03840396b87fafc"
                "e604229e6ce521d21ab954131d659dfc3c198b4d5c31f56ea0f8d478382201bc"
            ),
            (
                "9e5066722bc22fe60f6489e06e30ce375d7e2c59cbe5425ccc9a26c66d4943d0"
                "b40641eb36810538007e8f94a4908de12842e9e13a61b084dca063305fc81f01"
            ),
        ],
    ),
    "py3rijndael, device": (
        "key",
        [
            "e3dc001106010b6500000000309eee2e0800010080000301000ad4e6f5cf",
            "e3dc00117bb00a6500000000885e2c011600010080010604004f120000020080010604005b08000058156e18",
        ],
        [
            "515897cf355afe6fa6c298a775a7f42f13a678eac3c2938215eb821eeffd9d78",
            (
                "93a29e2274d092734d41e0ff361624b23708c86a792e2ee9e69731e69a57af32"
                "b83aeda9a47dc0114dc3c4d042a8df0bd174b1b3045f36aeb60866d8f7a0540f"
            ),
        ],
    ),
}


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_of_other_stacks_both_ways(name: str) -> None:
    key, plain, expected = VECTORS[name]
    cipher = Cipher(key)
    chain = FIRST_CHAIN
    for message, wire in zip(map(bytes.fromhex, plain), map(bytes.fromhex, expected), strict=True):
        assert cipher.encrypt(message, chain=chain) == wire
        assert cipher.decrypt(wire, chain=chain) == padded(message)
        chain = wire[-BLOCK:]


@given(key=st.binary(max_size=32), plain=st.binary(max_size=700), chain=st.binary(min_size=32, max_size=32))
def test_round_trip(key: bytes, plain: bytes, chain: bytes) -> None:
    cipher = Cipher(key)
    wire = cipher.encrypt(plain, chain=chain)
    assert len(wire) == len(padded(plain))
    assert cipher.decrypt(wire, chain=chain) == padded(plain)


@pytest.mark.parametrize("blocks", [0, 1, 7, 8, 9, 16, 17, 32, 33, 64, 65, 128, 129, 256, 257, 634, 2049])
def test_all_blocks_at_once_equals_block_by_block(blocks: int) -> None:
    cipher = Cipher("a key")
    wire = random.Random(blocks).randbytes(blocks * BLOCK)
    chain, one_by_one = FIRST_CHAIN, b""
    for start in range(0, len(wire), BLOCK):
        block = wire[start : start + BLOCK]
        one_by_one += cipher.decrypt(block, chain=chain)
        chain = block
    assert cipher.decrypt(wire, chain=FIRST_CHAIN) == one_by_one


def test_a_text_key_is_utf8_padded_with_ff() -> None:
    wire = Cipher("Schlüssel").encrypt(b"x", chain=FIRST_CHAIN)
    assert wire == Cipher("Schlüssel".encode() + b"\xff" * 22).encrypt(b"x", chain=FIRST_CHAIN)
    assert wire != Cipher("Schlussel").encrypt(b"x", chain=FIRST_CHAIN)


@pytest.mark.parametrize("key", ["k" * 33, "ü" * 17, b"\0" * 33])
def test_a_key_beyond_32_bytes_is_refused_without_being_shown(key: str | bytes) -> None:
    with pytest.raises(UsageError) as caught:
        Cipher(key)
    assert str(key) not in caught.value.line()


def test_a_key_stands_in_no_repr() -> None:
    assert "Geheim" not in repr(Cipher("Geheimnis"))


def test_half_a_block_is_an_error() -> None:
    with pytest.raises(ProtocolError):
        Cipher("key").decrypt(bytes(33), chain=FIRST_CHAIN)


@pytest.mark.prove
def test_equals_py3rijndael(scale: float, figure: Figure) -> None:
    rijndael = pytest.importorskip("py3rijndael", reason="py3rijndael is not installed")
    rng = random.Random(3)
    count = int(10_000 * scale)
    for _ in range(count):
        key, chain = rng.randbytes(32), rng.randbytes(32)
        plain = rng.randbytes(rng.choice((1, 31, 32, 33, 100, 256, 257, rng.randint(1, 1100))))
        peer = rijndael.RijndaelCbc(key, chain, rijndael.ZeroPadding(BLOCK), BLOCK)
        cipher = Cipher(key)
        wire = cipher.encrypt(plain, chain=chain)
        assert wire == peer.encrypt(plain)
        assert cipher.decrypt(wire, chain=chain) == padded(plain)
    figure("e3dc cipher", f"equal to py3rijndael on {count} random messages under as many keys")
