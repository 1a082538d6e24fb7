"""Where two texts say the same: passages side by side, with the words that agree."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from compapp.entries.similarity.words import RUN, Reading

LEAST_WORDS = 6
MOST_PASSAGES = 12
_GAP, _SHIFT, _CONTEXT = 9, 5, 60


@dataclass(frozen=True, slots=True)
class Side:
    """One text's part of a passage: an excerpt, and which spans of it agree (start, end)."""

    place: str
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that stands in both texts; ``words`` is how many words agree."""

    left: Side
    right: Side
    words: int


@dataclass
class _Chain:
    """Runs of both texts that follow each other at about the same distance."""

    pairs: list[tuple[int, int]]

    def takes(self, left: int, right: int, one: Reading, other: Reading) -> bool:
        """Whether the next run continues this chain, a few reworded words in between."""
        last_left, last_right = self.pairs[-1]
        step = left - last_left
        return (
            0 < step <= _GAP
            and right > last_right
            and abs(right - last_right - step) <= _SHIFT
            and one.words[left].piece == one.words[last_left].piece
            and other.words[right].piece == other.words[last_right].piece
        )


def passages(one: Reading, other: Reading, *, common: Collection[int] = ()) -> list[Passage]:
    """Return the passages of both texts, the longest first; runs in ``common`` (a template) begin none."""
    known: dict[int, list[int]] = defaultdict(list)
    for place, run in enumerate(other.starts.tolist()):
        if run and run not in common:
            known[run].append(place)
    open_chains: list[_Chain] = []
    chains: list[_Chain] = []
    for left, run in enumerate(one.starts.tolist()):
        for right in known.get(run, ())[:4] if run else ():
            chain = next((each for each in open_chains if each.takes(left, right, one, other)), None)
            if chain is None:
                chain = _Chain([(left, right)])
                open_chains.append(chain)
                chains.append(chain)
            else:
                chain.pairs.append((left, right))
        open_chains = [each for each in open_chains if left - each.pairs[-1][0] < _GAP]
    chains.sort(key=lambda chain: -len(chain.pairs))
    made = [_passage(chain, one, other) for chain in _distinct(chains, one)]
    return sorted((one for one in made if one.words >= LEAST_WORDS), key=lambda passage: -passage.words)


def _distinct(chains: list[_Chain], one: Reading) -> list[_Chain]:
    """Leave out what repeats a longer passage: a document often holds the written answers once more."""
    told: set[int] = set()
    kept = []
    for chain in chains:
        runs = {int(one.starts[left]) for left, _right in chain.pairs}
        if len(runs & told) * 2 > len(runs):
            continue
        told |= runs
        kept.append(chain)
    return kept[:MOST_PASSAGES]


def _passage(chain: _Chain, one: Reading, other: Reading) -> Passage:
    lefts = sorted({place + step for place, _right in chain.pairs for step in range(RUN)})
    rights = sorted({place + step for _left, place in chain.pairs for step in range(RUN)})
    return Passage(_side(one, lefts), _side(other, rights), len(lefts))


def _side(reading: Reading, places: list[int]) -> Side:
    words = [reading.words[place] for place in places]
    piece = reading.pieces[words[0].piece]
    start = _word_border(piece.text, max(0, words[0].start - _CONTEXT), -1)
    end = _word_border(piece.text, min(len(piece.text), words[-1].end + _CONTEXT), 1)
    marks: list[tuple[int, int]] = []
    last = None
    for place, word in zip(places, words, strict=True):
        if last is not None and place == last + 1:
            marks[-1] = (marks[-1][0], word.end - start)
        else:
            marks.append((word.start - start, word.end - start))
        last = place
    return Side(piece.place, piece.text[start:end], tuple(marks))


def _word_border(text: str, place: int, step: int) -> int:
    """Move ``place`` outwards to the end of the word it stands in, at most 20 characters."""
    for _attempt in range(20):
        before = place - 1 if step < 0 else place
        if not 0 <= before < len(text) or text[before].isspace():
            break
        place += step
    return place
