"""Which version of each answer a browser has seen: what lets two members edit different fields without clashing.

The page carries a token such as ``5`` or ``5;problem=7``: it saw version 5 of everything, and its own later
saves of single fields. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seen:
    """The version of the whole that was seen, and of single fields saved since."""

    base: int
    own: Mapping[str, int] = field(default_factory=dict)

    def of(self, key: str) -> int:
        """Return the version of ``key`` that was seen."""
        return self.own.get(key, self.base)

    @property
    def newest(self) -> int:
        """Return the newest version seen of anything."""
        return max([self.base, *self.own.values()])

    def after(self, keys: Iterable[str], *, before: int, now: int) -> "Seen":
        """Return what is seen after saving ``keys`` moved the entry from version ``before`` to ``now``.

        When nobody else saved in between, the whole is seen at ``now``; otherwise only the saved fields are.
        """
        if before == self.newest:
            return Seen(now)
        return Seen(self.base, dict(self.own) | dict.fromkeys(keys, now))

    def token(self) -> str:
        """Return the text that the page carries."""
        return ";".join([str(self.base), *(f"{key}={number}" for key, number in self.own.items())])

    @staticmethod
    def read(token: str | None) -> "Seen":
        """Read a token; anything unreadable has seen nothing, so that every changed field is checked."""
        first, *rest = (token or "0").split(";")
        own: dict[str, int] = {}
        for piece in rest[:200]:
            key, _equals, number = piece.rpartition("=")
            if key and number.isascii() and number.isdigit() and len(number) < 10:
                own[key] = int(number)
        return Seen(int(first) if first.isascii() and first.isdigit() and len(first) < 10 else 0, own)
