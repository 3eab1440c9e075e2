"""AES-256 in CBC mode with PKCS #7 padding (FIPS 197, NIST SP 800-38A, RFC 5652 6.3).

AR24 signs requests and closes its replies with it; the standard library has none. A few blocks per
letter are all that goes through here, and nobody can watch how long they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

_BLOCK = 16
_ROUNDS = 14
_KEY = 32


def encrypt(content: bytes, key: bytes, vector: bytes) -> bytes:
    """Return `content`, padded and encrypted; the key has 32 bytes, the vector 16."""
    missing = _BLOCK - len(content) % _BLOCK
    padded = content + bytes([missing]) * missing
    keys, before, out = _round_keys(key), vector, b""
    for start in range(0, len(padded), _BLOCK):
        before = _encrypted(_xor(padded[start : start + _BLOCK], before), keys)
        out += before
    return out


def decrypt(content: bytes, key: bytes, vector: bytes) -> bytes:
    """Return what `encrypt` was given.

    Raises:
        ValueError: if it was encrypted otherwise.
    """
    if not content or len(content) % _BLOCK:
        raise ValueError("not a whole number of blocks")
    keys, before, out = _round_keys(key), vector, []
    for start in range(0, len(content), _BLOCK):
        block = content[start : start + _BLOCK]
        out.append(_xor(_decrypted(block, keys), before))
        before = block
    padded = b"".join(out)
    missing = padded[-1]
    if not 1 <= missing <= _BLOCK or padded[-missing:] != bytes([missing]) * missing:
        raise ValueError("not padded")
    return padded[:-missing]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _times(a: int, b: int) -> int:
    """Multiply in the field of 256 elements, modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


@cache
def _boxes() -> tuple[bytes, bytes]:
    """Return the substitution of bytes, and its inverse."""
    forth = bytearray(256)
    back = bytearray(256)
    for value in range(256):
        inverse = next((i for i in range(256) if _times(value, i) == 1), 0)
        turned = inverse
        for shift in range(1, 5):
            turned ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        forth[value] = turned ^ 0x63
        back[forth[value]] = value
    return bytes(forth), bytes(back)


@cache
def _products(factor: int) -> bytes:
    return bytes(_times(value, factor) for value in range(256))


def _round_keys(key: bytes) -> list[bytes]:
    if len(key) != _KEY:
        raise ValueError("a key has 32 bytes")
    box = _boxes()[0]
    words = [key[i : i + 4] for i in range(0, _KEY, 4)]
    constant = 1
    for i in range(8, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if i % 8 == 0:
            word = (word[1:] + word[:1]).translate(box)
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _times(constant, 2)
        elif i % 8 == 4:
            word = word.translate(box)
        words.append(_xor(words[i - 8], word))
    return [b"".join(words[i : i + 4]) for i in range(0, len(words), 4)]


_SHIFTED = bytes(4 * ((i // 4 + i % 4) % 4) + i % 4 for i in range(_BLOCK))
_UNSHIFTED = bytes(4 * ((i // 4 - i % 4) % 4) + i % 4 for i in range(_BLOCK))


def _placed(state: bytes, order: bytes) -> bytes:
    return bytes(state[i] for i in order)


def _mixed(state: bytes, factors: Sequence[int]) -> bytes:
    tables = [_products(factor) for factor in factors]
    return bytes(
        tables[0][state[c + r]]
        ^ tables[1][state[c + (r + 1) % 4]]
        ^ tables[2][state[c + (r + 2) % 4]]
        ^ tables[3][state[c + (r + 3) % 4]]
        for c in range(0, _BLOCK, 4)
        for r in range(4)
    )


def _encrypted(block: bytes, keys: list[bytes]) -> bytes:
    box = _boxes()[0]
    state = _xor(block, keys[0])
    for key in keys[1:-1]:
        state = _xor(_mixed(_placed(state.translate(box), _SHIFTED), (2, 3, 1, 1)), key)
    return _xor(_placed(state.translate(box), _SHIFTED), keys[-1])


def _decrypted(block: bytes, keys: list[bytes]) -> bytes:
    box = _boxes()[1]
    state = _placed(_xor(block, keys[-1]), _UNSHIFTED).translate(box)
    for key in reversed(keys[1:-1]):
        state = _placed(_mixed(_xor(state, key), (14, 11, 13, 9)), _UNSHIFTED).translate(box)
    return _xor(state, keys[0])
