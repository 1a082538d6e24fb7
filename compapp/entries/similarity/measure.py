"""How alike texts are: the weighted share of the shorter one's runs that stand in the other, 0 to 1.

A run that stands in few texts weighs 1; one that stands in more than two of a hundred (a template) weighs ever
less. The weights follow from the texts compared, so they need no list of phrases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compapp.entries.similarity.words import Hashes

FLAG_AT = 0.15
"""From this share on a person is asked to look; unrelated ideas on the same form stay well below."""
CANDIDATE_AT = 0.05
"""From this share on the passages are looked at: one long copied passage in an otherwise own text."""
LEAST_RUNS = 20
"""Texts with fewer runs say too little to be compared."""
LONG_PASSAGE = 40
"""So many words in one piece are looked at even where the whole is not alike."""
QUOTED = 5
"""What stands in more texts than this is a quotation or a template: it begins no passage."""
_COMMON, _FEWEST, _MOST = 0.02, 3, 25
_DROPPED = 4
_LEAST_MEAN = 0.5  # a text that is hardly more than the template must not seem copied for one sentence
_BLOCK = 400


@dataclass(frozen=True, slots=True)
class Match:
    """A text that is like the asked one: its key, the score, and how many runs both have."""

    key: int
    score: float
    shared: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one text is like, and which of its runs are quotations (in more than :data:`QUOTED` texts)."""

    matches: tuple[Match, ...]
    quoted: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that are alike; ``left`` is the smaller key."""

    left: int
    right: int
    score: float
    shared: int


def is_suspicious(score: float, longest: int) -> bool:
    """Whether a person is asked to look: by the share, or by the words of the longest passage."""
    return score >= FLAG_AT or longest >= LONG_PASSAGE


def compare(runs: Hashes, others: Mapping[int, Hashes], *, least: float = CANDIDATE_AT) -> Comparison:
    """Return which of ``others`` are like the text with ``runs`` (rising, distinct), the most alike first."""
    keys = [key for key, other in others.items() if len(other) >= LEAST_RUNS]
    if len(runs) < LEAST_RUNS or not keys:
        return Comparison((), frozenset())
    owners, places = [], []
    for position, key in enumerate(keys):
        nearest = np.searchsorted(others[key], runs)
        nearest[nearest == len(others[key])] = 0
        hit = np.flatnonzero(others[key][nearest] == runs)
        places.append(hit)
        owners.append(np.full(len(hit), position))
    place, owner = np.concatenate(places), np.concatenate(owners)
    shared_by = np.bincount(place, minlength=len(runs)) + 1
    weights = _weights(shared_by, len(keys) + 1)
    weight = np.bincount(owner, weights=weights[place], minlength=len(keys))
    count = np.bincount(owner[weights[place] > 0], minlength=len(keys))
    mean = max(_LEAST_MEAN, float(weights.mean()))
    shorter = np.minimum(len(runs), [len(others[key]) for key in keys])
    scores = np.minimum(1.0, weight / (mean * shorter))
    found = [
        Match(keys[at], round(float(scores[at]), 4), int(count[at])) for at in np.flatnonzero(scores >= least).tolist()
    ]
    return Comparison(
        tuple(sorted(found, key=lambda one: (-one.score, one.key))), frozenset(runs[shared_by > QUOTED].tolist())
    )


def quoted(texts: Mapping[int, Hashes]) -> frozenset[int]:
    """Return the runs that stand in more than :data:`QUOTED` texts."""
    if not texts:
        return frozenset()
    known, shared_by = np.unique(np.concatenate(list(texts.values())), return_counts=True)
    return frozenset(known[shared_by > QUOTED].tolist())


def pairs(texts: Mapping[int, Hashes], *, least: float = CANDIDATE_AT) -> list[Pair]:
    """Return every two of ``texts`` that are alike, the most alike first.

    One inverted list of all runs; what stands in very many texts is left out, so the work grows with the texts and
    not with their square.
    """
    from scipy import sparse

    keys = sorted(key for key, runs in texts.items() if len(runs) >= LEAST_RUNS)
    if len(keys) < 2:
        return []
    lengths = np.array([len(texts[key]) for key in keys])
    _known, column = np.unique(np.concatenate([texts[key] for key in keys]), return_inverse=True)
    shared_by = np.bincount(column)
    weights = _weights(shared_by, len(keys))
    row = np.repeat(np.arange(len(keys)), lengths)
    totals = np.bincount(row, weights=weights[column], minlength=len(keys))
    kept = (shared_by[column] > 1) & (weights[column] > 0)
    shape = (len(keys), len(shared_by))
    left = sparse.csr_matrix((weights[column[kept]], (row[kept], column[kept])), shape=shape)
    right = sparse.csr_matrix((np.ones(int(kept.sum())), (row[kept], column[kept])), shape=shape).T.tocsc()
    ones = sparse.csr_matrix((np.ones(int(kept.sum())), (row[kept], column[kept])), shape=shape)
    means = totals / lengths
    found: list[Pair] = []
    for start in range(0, len(keys), _BLOCK):
        block: Any = (left[start : start + _BLOCK] @ right).tocoo()
        found += _alike(block, start, keys, lengths, means, least)
    return _counted(found, keys, ones)


def _alike(
    block: Any, start: int, keys: Sequence[int], lengths: NDArray[Any], means: NDArray[Any], least: float
) -> list[Pair]:
    one, other = block.row + start, block.col
    ahead = one < other
    one, other, weight = one[ahead], other[ahead], block.data[ahead]
    mean = np.maximum(means[one], means[other])
    scores = np.minimum(1.0, weight / (np.maximum(mean, _LEAST_MEAN) * np.minimum(lengths[one], lengths[other])))
    return [
        Pair(keys[int(one[at])], keys[int(other[at])], round(float(scores[at]), 4), 0)
        for at in np.flatnonzero(scores >= least)
    ]


def _counted(found: list[Pair], keys: Sequence[int], ones: Any) -> list[Pair]:
    place = {key: at for at, key in enumerate(keys)}
    counted = [
        Pair(
            pair.left,
            pair.right,
            pair.score,
            int(ones[place[pair.left]].multiply(ones[place[pair.right]]).sum()),
        )
        for pair in found
    ]
    return sorted(counted, key=lambda pair: (-pair.score, pair.left, pair.right))


def _weights(shared_by: NDArray[Any], texts: int) -> NDArray[np.float64]:
    """Return the weight of runs that stand in ``shared_by`` of ``texts`` texts: 1, then falling, then nothing."""
    usual = float(np.clip(texts * _COMMON, _FEWEST, _MOST))
    weights: NDArray[np.float64] = np.minimum(1.0, (usual / np.maximum(shared_by, 1)) ** 2)
    weights[shared_by > usual * _DROPPED] = 0.0
    return weights
