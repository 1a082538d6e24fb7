"""Which version of each answer a browser has seen: what lets two members edit different fields without clashing.

The page carries a token such as ``5`` or ``5;problem=7``: it saw version 5 of everything, its own later saves of
single fields, and what it has shown of other people's saves since. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Seen:
    """The version of the whole that was seen, and of single fields since."""

    base: int
    own: Mapping[str, int] = field(default_factory=dict)

    def of(self, key: str) -> int:
        """Return the version of ``key`` that was seen."""
        return self.own.get(key, self.base)

    def with_own(self, keys: Iterable[str], now: int) -> "Seen":
        """Return what is seen once ``keys`` are seen as they stand at version ``now``."""
        return Seen(self.base, dict(self.own) | dict.fromkeys(keys, now))

    def missed(self, field_versions: Mapping[str, Any]) -> list[str]:
        """Return the keys that have changed since they were seen."""
        return [key for key, version in field_versions.items() if version > self.of(key)]

    def shortened(self, field_versions: Mapping[str, Any], now: int) -> "Seen":
        """Return the same in one number, where nothing that stands at version ``now`` is unseen."""
        return self if self.missed(field_versions) else Seen(now)

    def token(self) -> str:
        """Return the text that the page carries."""
        return ";".join([str(self.base), *(f"{key}={number}" for key, number in self.own.items())])

    @staticmethod
    def read(token: str | None) -> "Seen":
        """Read a token; anything unreadable has seen nothing, so that every changed field is checked."""
        first, *rest = (token or "0").split(";")
        own: dict[str, int] = {}
        for piece in rest[:400]:
            key, _equals, number = piece.rpartition("=")
            if key and number.isascii() and number.isdigit() and len(number) < 10:
                own[key] = int(number)
        return Seen(int(first) if first.isascii() and first.isdigit() and len(first) < 10 else 0, own)
