"""The running order of a live round, drawn from a logged seed.

Algorithm, so that anyone can redo the draw: sort the codes; then for i from
n-1 down to 1 swap item i with item j, where j = SHA-256(UTF-8 of
"seed:i:attempt") read as a big-endian number, modulo i + 1. ``attempt`` starts
at 0 and grows while the number falls into the incomplete last stretch of
2**256, so that every order is equally likely.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

_RANGE = 2**256


def draw_order(codes: Iterable[str], seed: str | int) -> list[str]:
    """Return the codes in drawn order; the same codes and seed give the same order."""
    drawn = sorted(codes)
    for last in range(len(drawn) - 1, 0, -1):
        chosen = _below(last + 1, f"{seed}:{last}")
        drawn[last], drawn[chosen] = drawn[chosen], drawn[last]
    return drawn


def _below(limit: int, label: str) -> int:
    """Return a number from 0 to ``limit`` - 1, even over all labels."""
    fair = _RANGE - _RANGE % limit
    attempt = 0
    while True:
        number = int.from_bytes(sha256(f"{label}:{attempt}".encode()).digest(), "big")
        if number < fair:
            return number % limit
        attempt += 1
