"""``pairwise``: judges say which of two entries is better; Bradley-Terry strengths make the order.

The model of Bradley and Terry (1952): an entry of strength s beats one of strength t with probability s ÷ (s + t).
Fitted by the minorisation-maximisation iteration of Hunter (2004), which climbs from anywhere but slowly, finished by
Newton's steps, which are quick near the top. Every entry also has half a won and half a lost
comparison with an imagined average entry of strength 1: so one that won or lost all stays finite, boards that fall into
separate groups can be ranked, and the figure has a meaning by itself: the chance to beat the average entry, in percent.
“Cannot say” counts as half a win for both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compapp.core.text import N_
from compapp.judging.scoring.marks import Figures, Mark, Method
from compapp.judging.scoring.mean import mean
from compapp.judging.scoring.model import Comparison
from compapp.judging.scoring.modes.mode import Mode, Option, Options

WON = "won"
"""The one criterion of the sheet: which share of the judge's own comparisons the entry won, in percent."""
PRIOR = 0.5
"""Won and lost comparisons with the imagined average entry."""
INTERVAL_90 = 1.645
_EXACT, _ROUGH, _MOST_STEPS = 1e-12, 1e-3, 20_000

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong an entry is: the chance (percent) to beat the average one, its 90 % interval, and on what it rests."""

    entry: str
    chance: float
    low: float
    high: float
    compared: int
    won: int
    lost: int


def strengths(
    entries: Iterable[str], comparisons: Iterable[Comparison], *, precision: float = _EXACT
) -> dict[str, Strength]:
    """Return the strength of each entry; the order of the comparisons does not matter.

    ``precision``: the relative change of a strength at which the fit stands still.
    """
    codes, comparisons = sorted(set(entries)), list(comparisons)
    if not codes:
        return {}
    place = {code: number for number, code in enumerate(codes)}
    wins = np.zeros((len(codes), len(codes)))
    for one in comparisons:
        left, right = place[one.left], place[one.right]
        share = 0.5 if one.winner is None else float(one.winner == one.left)
        wins[left, right] += share
        wins[right, left] += 1 - share
    fitted = _fitted(wins)
    if precision < _ROUGH:
        fitted = _finished(fitted, wins, precision)
    error = np.sqrt(np.diag(np.linalg.inv(_information(fitted, wins + wins.T))))
    decided = Counter((one.left if one.winner == one.left else one.right) for one in comparisons if one.winner)
    against = Counter((one.right if one.winner == one.left else one.left) for one in comparisons if one.winner)
    counted = (wins + wins.T).sum(axis=1)
    log = np.log(fitted)
    return {
        code: Strength(
            code,
            _chance(log[number]),
            _chance(log[number] - INTERVAL_90 * error[number]),
            _chance(log[number] + INTERVAL_90 * error[number]),
            round(float(counted[number])),
            decided[code],
            against[code],
        )
        for code, number in place.items()
    }


def _fitted(wins: Matrix) -> Matrix:
    """Return the strengths: s_i = wins_i ÷ Σ_j n_ij ÷ (s_i + s_j), repeated until it stands still (Hunter 2004)."""
    met = wins + wins.T
    won = wins.sum(axis=1) + PRIOR
    found = np.ones(len(wins))
    for _step in range(_MOST_STEPS):
        shared = (met / (found[:, None] + found[None, :])).sum(axis=1) + 2 * PRIOR / (found + 1)
        better = won / shared
        if np.max(np.abs(better - found) / found) < _ROUGH:
            return np.asarray(better)
        found = better
    return np.asarray(found)


def _finished(found: Matrix, wins: Matrix, precision: float) -> Matrix:
    """Return the strengths after Newton's steps on their logarithms (the likelihood has one top)."""
    met, won = wins + wins.T, wins.sum(axis=1) + PRIOR
    for _step in range(100):
        expected = (met * found[:, None] / (found[:, None] + found[None, :])).sum(axis=1) + 2 * PRIOR * found / (
            found + 1
        )
        step = np.clip(np.linalg.solve(_information(found, met), won - expected), -1, 1)
        found = found * np.exp(step)
        if np.max(np.abs(step)) < precision:
            break
    return found


def _information(found: Matrix, met: Matrix) -> Matrix:
    """Return the information that the comparisons hold on the log strengths; its inverse is their variance."""
    chance = found[:, None] / (found[:, None] + found[None, :])
    shared = met * chance * (1 - chance)
    average = found / (found + 1)
    return np.asarray(np.diag(shared.sum(axis=1) + 2 * PRIOR * average * (1 - average)) - shared)


def _chance(log_strength: float) -> float:
    return float(100 / (1 + np.exp(-log_strength)))


def bradley_terry(marks: Sequence[Mark], comparisons: Sequence[Comparison]) -> Figures:
    """Return each entry's chance to beat the average one of its board, in percent, to six decimals.

    A comparison counts where the judge's sheets for both entries do (handed in, not void) and both are on one board.
    """
    board = {mark.entry: mark.board for mark in marks}
    counted = {(mark.judge, mark.entry) for mark in marks}
    values: dict[str, Fraction] = {}
    for wanted in sorted(set(board.values())):
        entries = [entry for entry, own in board.items() if own == wanted]
        of_board = [
            one
            for one in comparisons
            if {(one.judge, one.left), (one.judge, one.right)} <= counted
            and board[one.left] == board[one.right] == wanted
        ]
        for code, strength in strengths(entries, of_board).items():
            values[code] = Fraction(round(strength.chance * 10**6), 10**6)
    return Figures(values, "bradley_terry")


def coming_pairs(
    pile: Sequence[str],
    own: Sequence[tuple[str, str]],
    everyone: Sequence[Comparison],
    *,
    wanted: int,
    seed: str,
) -> Iterator[tuple[str, str]]:
    """Yield the pairs that a judge is to compare from here on, whatever the judge says on each.

    The entry that the judge has compared least (among equals: that everybody has) meets the one of most similar
    strength that the judge has not compared it with. ``wanted`` comparisons an entry are enough.
    """
    overall = Counter(code for one in everyone for code in (one.left, one.right))
    met = [one for one in everyone if one.left in pile and one.right in pile]
    chance = {code: found.chance for code, found in strengths(pile, met, precision=_ROUGH).items()}
    said = list(own)
    while (pair := _coming(pile, said, overall, chance, min(wanted, len(pile) - 1), seed)) is not None:
        yield pair
        said.append(pair)


def _coming(
    pile: Sequence[str],
    own: Sequence[tuple[str, str]],
    overall: Mapping[str, int],
    chance: Mapping[str, float],
    target: int,
    seed: str,
) -> tuple[str, str] | None:
    mine = Counter(code for pair in own for code in pair)
    done = {frozenset(pair) for pair in own}

    def drawn(*codes: str) -> str:
        return sha256(":".join((seed, *codes)).encode()).hexdigest()

    needy = [code for code in pile if mine[code] < target]
    for first in sorted(needy, key=lambda code: (mine[code], overall.get(code, 0), drawn(code))):
        free = [code for code in pile if code != first and frozenset((first, code)) not in done]
        if free:
            second = min(
                free,
                key=lambda code: (
                    mine[code] >= target,
                    round(abs(chance[code] - chance[first]), 3),
                    overall.get(code, 0),
                    drawn(first, code),
                ),
            )
            return (first, second) if drawn(*sorted((first, second))) < "8" else (second, first)
    return None


def share_won(code: str, own: Mapping[tuple[str, str], str | None]) -> Fraction:
    """Return which percent of the own comparisons (pair to winner) an entry won, to two decimals; 50 without any."""
    met = [winner for pair, winner in own.items() if code in pair]
    if not met:
        return Fraction(50)
    won = sum(Fraction(1, 2) if winner is None else Fraction(winner == code) for winner in met)
    return Fraction(round(won / len(met) * 10_000), 100)


def _sheet(_options: Options) -> Mapping[str, Any]:
    return {
        "code": "pairwise",
        "label": {"vi": "So sánh từng cặp", "en": "Comparison in pairs"},
        "scale": {"min": 0, "max": 100},
        "criteria": [
            {"code": WON, "label": {"vi": "Tỉ lệ so sánh thắng (%)", "en": "Share won (%)"}, "weight": 100},
        ],
    }


PAIRWISE = Mode(
    "pairwise",
    N_("Comparison in pairs"),
    N_("Each judge sees two entries at a time and says which is better, until each was compared %(compared)s times."),
    N_(
        "From all comparisons follows how strong each entry is (the model of Bradley and Terry). The figure is the "
        "chance to beat an average entry of the board, in percent; “cannot say” counts half for both."
    ),
    options=(Option("compared", N_("Comparisons of each entry by each judge"), 1, 30, 4),),
    sheet=_sheet,
    method=Method("mean", mean),
    compared=bradley_terry,
    whole_pile=True,
)
