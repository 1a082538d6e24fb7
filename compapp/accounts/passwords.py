"""Passwords: argon2id, and never more hashes at once than there are cores.

Parameters (OWASP): 19 MiB, two passes, one lane. Hashing happens before the write lock is taken, so
services get hashes, not passwords.
"""

import os
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_places = BoundedSemaphore(os.cpu_count() or 1)
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_decoy: str | None = None


def use_light_profile() -> None:
    """Hash as cheaply as possible (tests only)."""
    global _hasher, _decoy
    _hasher, _decoy = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), None


def hash_password(password: str) -> str:
    """Return the hash to store."""
    with _places:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``.

    Without a stored hash (unknown address, no password yet) it takes the same time and says no.
    """
    with _places:
        try:
            _hasher.verify(stored or _decoy_hash(), password)
        except (Argon2Error, InvalidHashError):
            return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _decoy_hash() -> str:
    global _decoy
    if _decoy is None:
        _decoy = _hasher.hash("a password that nobody has")
    return _decoy


def warm_up() -> None:
    """Make the decoy before the first visitor, whose unknown address must not take longer."""
    _decoy_hash()
