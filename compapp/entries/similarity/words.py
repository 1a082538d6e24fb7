"""From text to folded words with their places, and to hashes of runs of three."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from compapp.core.text import fold, nfc

RUN = 3
"""How many words make one run: two are shared by chance, four do not survive rewording."""
Hashes = NDArray[np.uint64]
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…;:](?=\s|$)|\n\s*\n")
_MIX = tuple(np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of an entry: ``place`` says which (a question's key, an attachment's)."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its piece, where it stands in the piece's text, and its sentence (counted over all pieces)."""

    piece: int
    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Reading:
    """A text as it is compared: words in order, for each word the hash of the run it begins (0: none begins)."""

    pieces: tuple[Piece, ...]
    words: tuple[Word, ...]
    starts: Hashes

    @property
    def runs(self) -> Hashes:
        """Return the distinct hashes, in rising order."""
        found: Hashes = np.setdiff1d(self.starts, np.zeros(1, dtype=np.uint64))
        return found


def read(pieces: Iterable[Piece]) -> Reading:
    """Return ``pieces`` ready to be compared; texts are brought to NFC first."""
    kept = tuple(Piece(piece.place, nfc(piece.text)) for piece in pieces)
    words: list[Word] = []
    codes: list[int] = []
    sentence = 0
    for number, piece in enumerate(kept):
        sentence += 1
        ends = [match.start() for match in _SENTENCE_END.finditer(piece.text)]
        passed = 0
        for match in _WORD.finditer(piece.text):
            while passed < len(ends) and ends[passed] < match.start():
                passed += 1
                sentence += 1
            words.append(Word(number, match.start(), match.end(), sentence))
            codes.append(_code(match.group()))
    return Reading(kept, tuple(words), _starts(codes, [word.sentence for word in words]))


@lru_cache(maxsize=200_000)
def _code(word: str) -> int:
    digest = hashlib.blake2b(fold(word).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _starts(codes: list[int], sentences: list[int]) -> Hashes:
    starts: Hashes = np.zeros(len(codes), dtype=np.uint64)
    count = len(codes) - RUN + 1
    if count <= 0:
        return starts
    given = np.array(codes, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(RUN):
        mixed = (mixed ^ given[place : place + count]) * _MIX[place]
        mixed ^= mixed >> np.uint64(29)
    mixed[mixed == 0] = 1
    line = np.array(sentences)
    starts[:count] = np.where(line[:count] == line[RUN - 1 :], mixed, 0)
    return starts
