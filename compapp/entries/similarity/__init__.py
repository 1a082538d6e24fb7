"""Near-duplicates: how much of one text stands in another, and where. Pure.

A text is folded (no marks, đ as d) and cut into runs of three words inside sentences, so that sentences in another
order or without diacritics stay the same. What many texts share (a template, a question repeated in the answer)
weighs little. The result is a hint for a person, never a verdict.
"""

from compapp.entries.similarity.measure import FLAG_AT, Comparison, Match, Pair, compare, is_suspicious, pairs, quoted
from compapp.entries.similarity.passages import Passage, Side, passages
from compapp.entries.similarity.words import Piece, Reading, read

__all__ = [
    "FLAG_AT",
    "Comparison",
    "Match",
    "Pair",
    "Passage",
    "Piece",
    "Reading",
    "Side",
    "compare",
    "is_suspicious",
    "pairs",
    "passages",
    "quoted",
    "read",
]
