"""Where the things of a definition stand, and how one is added, changed, moved and removed.

Everything works on the JSON of the contest file itself; what these functions do not know stays as it is.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from compapp.core.errors import NotFound
from compapp.core.text import N_, fold

Document = dict[str, Any]
Piece = dict[str, Any]

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_LONGEST_CODE = 40


@dataclass(frozen=True)
class Listed:
    """One list of a definition: where it stands, the key that names its items, and what a new code begins with.

    Without ``prefix`` the code of a new item is made of its label.
    """

    path: tuple[str, ...]
    key: str = "code"
    prefix: str = ""

    def items(self, document: Mapping[str, Any]) -> list[Piece]:
        """Return the items; an empty list where there are none."""
        holder: Any = document
        for step in self.path:
            holder = (holder or {}).get(step)
        return holder if isinstance(holder, list) else []

    def find(self, document: Mapping[str, Any], code: str) -> Piece:
        """Return the item of this code; NotFound for none."""
        for item in self.items(document):
            if item.get(self.key) == code:
                return item
        raise NotFound(N_("This has been removed in the meantime."))

    def put(self, document: Document, piece: Piece) -> None:
        """Put ``piece`` in the place of the item of its code, else at the end."""
        items = self._held(document)
        for index, item in enumerate(items):
            if item.get(self.key) == piece[self.key]:
                items[index] = piece
                return
        items.append(piece)

    def move(self, document: Document, code: str, by: int) -> None:
        """Move an item by so many places; at the ends nothing happens."""
        items = self._held(document)
        here = items.index(self.find(document, code))
        there = min(max(here + by, 0), len(items) - 1)
        items.insert(there, items.pop(here))

    def remove(self, document: Document, code: str) -> None:
        """Take an item out."""
        self._held(document).remove(self.find(document, code))

    def new_code(self, document: Mapping[str, Any], label: Mapping[str, str]) -> str:
        """Return a code that no item has: of the prefix and a number, else of the label."""
        taken = {str(item.get(self.key)) for item in self.items(document)}
        return numbered(self.prefix, taken) if self.prefix else code_of(label, taken)

    def _held(self, document: Document) -> list[Piece]:
        holder: Any = document
        for step in self.path[:-1]:
            holder = holder.setdefault(step, {})
        held: list[Piece] = holder.setdefault(self.path[-1], [])
        return held


BOARDS = Listed(("contest", "boards"))
SECTORS = Listed(("sectors",))
ROUNDS = Listed(("rounds",), prefix="R")
RUBRICS = Listed(("rubrics",), prefix="RB")
QUESTIONS = Listed(("form", "fields"), key="key")
FILES = Listed(("form", "attachments"), key="key")
PARTS = Listed(("form", "sections"), prefix="P")
FIRST_QUESTIONS = Listed(("form", "eligibility"), key="key", prefix="E")
SPONSORS = Listed(("contest", "sponsors"))


def numbered(prefix: str, taken: Collection[str]) -> str:
    """Return the first of R1, R2, R3 … that is free."""
    return next(code for number in range(1, 10_000) if (code := f"{prefix}{number}") not in taken)


def code_of(label: Mapping[str, str], taken: Collection[str]) -> str:
    """Return a code made of a label's words (English first), with a number where it is taken."""
    words = label.get("en") or label.get("vi") or ""
    plain = _NOT_A_LETTER.sub("_", fold(words)).strip("_")[:_LONGEST_CODE].strip("_") or "item"
    return plain if plain not in taken else next(c for n in range(2, 10_000) if (c := f"{plain}_{n}") not in taken)
