"""The code shown in the room: it changes every half minute, is good for a few minutes, and needs no table."""

import hashlib
import hmac
from datetime import datetime, timedelta

SLOT_SECONDS = 30
GOOD_FOR = timedelta(minutes=5)
LENGTH = 8
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what looks like something else, so that a code can also be typed from a slide."""


def code_at(key: str, activity_id: int, at: datetime) -> str:
    """Return the code that the room shows at ``at``."""
    return _code(key, activity_id, _slot(at))


def is_good(code: str, key: str, activity_id: int, at: datetime) -> bool:
    """Whether ``code`` was shown within the last minutes (also while somebody signed in on the way)."""
    now = _slot(at)
    kept = "".join(code.lower().split())
    return any(
        hmac.compare_digest(kept.encode(), _code(key, activity_id, slot).encode())
        for slot in range(now, now - GOOD_FOR // timedelta(seconds=SLOT_SECONDS) - 1, -1)
    )


def _slot(at: datetime) -> int:
    return int(at.timestamp()) // SLOT_SECONDS


def _code(key: str, activity_id: int, slot: int) -> str:
    digest = hmac.new(key.encode(), f"{activity_id}:{slot}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(letters)
