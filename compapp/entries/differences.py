"""What differs between two texts, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, GONE, NEW = "kept", "gone", "new"
_PIECE = re.compile(r"\s+|[^\s]+")
MOST_PIECES = 12_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that was kept, is gone, or is new."""

    kind: str
    text: str


def pieces(old: str, new: str) -> list[Piece]:
    """Return ``new`` and what is gone of ``old`` as runs in reading order; very long texts are replaced as a whole."""
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    if len(before) + len(after) > MOST_PIECES:
        return [Piece(GONE, old), Piece(NEW, new)] if old != new else [Piece(KEPT, new)]
    found: list[Piece] = []
    for kind, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece(KEPT, "".join(after[begin:stop])))
            continue
        if end > start:
            found.append(Piece(GONE, "".join(before[start:end])))
        if stop > begin:
            found.append(Piece(NEW, "".join(after[begin:stop])))
    return found
