"""Calibrate: fit with guards, intervals and the chance of reaching the top k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compapp.judging.scoring.calibration.design import Design, Floats, Review
from compapp.judging.scoring.calibration.model import Solution, solve_group_random, solve_panel
from compapp.judging.scoring.exact import ScoringFault

PANEL, PANEL_WEIGHTED, GROUP_RANDOM, RAW = "panel", "panel-weighted", "group-random", "raw"
METHODS = (PANEL, PANEL_WEIGHTED, GROUP_RANDOM, RAW)

INTERVAL_90 = 1.6448536269514722
"""Standard errors on either side of a 90 % interval."""
WEIGHTED_WIDENING = 1.03
"""Estimated reliability weights make standard errors a little too small; measured."""
ROUNDS_OF_WEIGHTS = 3
PRIOR_REVIEWS = 8
"""A judge's own noise counts beside this many reviews of an ordinary judge."""
FEWEST_JUDGES, FEWEST_REVIEWS = 3, 30
SMALLEST_SHARE = 0.001
"""A judges' share of the variance below this is no severity worth correcting."""

GUARDS = {
    "no_residual": "no entry has been read often enough beside its judges' other entries to tell severity from noise",
    "few_judges": f"fewer than {FEWEST_JUDGES} judges",
    "few_reviews": f"fewer than {FEWEST_REVIEWS} reviews",
    "disconnected": "the judges fall into sets with no entry in common, so their severity cannot be compared",
    "no_severity": "the judges do not differ in severity by more than chance",
}
"""Why calibration is switched off, by code."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibrated scores beside raw ones, with standard errors.

    ``method`` is the one really used; ``guards`` say why it is ``raw``.
    ``offset`` is what a judge gives above (+) or below (-) colleagues;
    ``reliability`` is a judge's weight, 1 being ordinary. Values are None
    where the data cannot tell.
    """

    method: str
    guards: tuple[str, ...]
    reviews: int
    components: int
    variance: dict[str, float | None]
    raw: dict[str, float]
    calibrated: dict[str, float]
    error: dict[str, float | None]
    top: dict[str, float | None]
    counts: dict[str, int]
    offset: dict[str, float]
    offset_error: dict[str, float | None]
    reliability: dict[str, float]
    judge_counts: dict[str, int]


def calibrate(
    reviews: Sequence[Review],
    *,
    method: str = PANEL_WEIGHTED,
    cut: int | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Calibration:
    """Fit ``method``; fall back to raw means, and say so, where a guard forbids it.

    ``cut`` asks for each entry's probability of being among the best ``cut``,
    from ``draws`` joint draws with ``seed``.
    """
    if method not in METHODS:
        raise ScoringFault(f"Unknown method {method!r}; known: {', '.join(METHODS)}.")
    design = Design.of(reviews)
    components = design.components()
    guards = [] if method == RAW else _guards(design, components, method)
    weights = np.ones(len(design.score))
    solution: Solution | None = None
    if method != RAW and not guards:
        solution, weights = _solve(design, method)
        judged = solution.judge_variance
        if judged <= SMALLEST_SHARE * (judged + solution.residual_variance):
            guards.append("no_severity")
    if solution is None or guards:
        return _raw(design, tuple(guards), components, cut, draws, seed)
    widen = 1.0 if method == PANEL else WEIGHTED_WIDENING
    errors = widen * np.sqrt(solution.residual_variance * solution.theta_unit)
    top = None if cut is None else _top(_panel_draws(solution, widen, draws, seed), cut)
    return _result(design, method, (), components, solution, errors, top, weights)


def _guards(design: Design, components: int, method: str) -> list[str]:
    guards: list[str] = []
    if len(design.judges) < FEWEST_JUDGES:
        guards.append("few_judges")
    if len(design.score) < FEWEST_REVIEWS:
        guards.append("few_reviews")
    if components > 1 and method != GROUP_RANDOM:
        guards.append("disconnected")
    if len(design.score) - len(design.entries) - len(design.judges) + components < 1:
        guards.append("no_residual")
    return guards


def _solve(design: Design, method: str) -> tuple[Solution, Floats]:
    """Fit, re-weighting judges by how erratically they disagree with everyone."""
    solver = solve_group_random if method == GROUP_RANDOM else solve_panel
    weights = np.ones(len(design.score))
    solution = solver(design, weights)
    if method == PANEL:
        return solution, weights
    for _ in range(ROUNDS_OF_WEIGHTS):
        if solution.residual_variance <= 0:
            break
        fitted = solution.theta[design.entry] + solution.offset[design.judge]
        squares = design.per_judge((design.score - fitted) ** 2) / solution.residual_variance
        free = design.per_judge(1 - solution.leverage)
        noise = (PRIOR_REVIEWS + squares) / (PRIOR_REVIEWS + free)
        weights = (1 / noise)[design.judge]
        weights = weights / weights.mean()
        solution = solver(design, weights)
    return solution, weights


def _panel_draws(solution: Solution, widen: float, draws: int, seed: int) -> Floats:
    """Draw the entries jointly: the judges first, then each entry given the judges."""
    random = np.random.default_rng(seed)
    scale = widen * np.sqrt(solution.residual_variance)
    effects, entries = solution.root.shape[1], len(solution.theta)
    moved = solution.root @ random.standard_normal((effects, draws))
    shift = solution.gain @ moved
    own = random.standard_normal((entries, draws)) * np.sqrt(solution.own_unit)[:, None]
    if solution.fixed:
        shift = shift - moved[solution.gain[:, : solution.fixed].argmax(axis=1)]
    drawn: Floats = solution.theta[:, None] + scale * (own - shift)
    return drawn


def _top(drawn: Floats, cut: int) -> Floats:
    """Return how often each entry is among the best ``cut`` of its draw."""
    entries, draws = drawn.shape
    if cut >= entries:
        return np.ones(entries)
    if cut <= 0:
        return np.zeros(entries)
    best = np.argpartition(-drawn, cut - 1, axis=0)[:cut]
    chances: Floats = np.bincount(best.ravel(), minlength=entries) / draws
    return chances


def _raw(
    design: Design, guards: tuple[str, ...], components: int, cut: int | None, draws: int, seed: int
) -> Calibration:
    """Return raw means with the pooled variance within entries."""
    counts = design.per_entry(np.ones(len(design.score)))
    means = design.per_entry(design.score) / counts
    freedom = len(design.score) - len(design.entries)
    within: float | None = None
    errors: Floats | None = None
    top: Floats | None = None
    if freedom > 0:
        within = float(np.sum((design.score - means[design.entry]) ** 2)) / freedom
        errors = np.sqrt(within / counts)
        if cut is not None:
            noise = np.random.default_rng(seed).standard_normal((len(means), draws))
            top = _top(means[:, None] + errors[:, None] * noise, cut)
    return _result(design, RAW, guards, components, None, errors, top, None, within)


def _result(
    design: Design,
    method: str,
    guards: tuple[str, ...],
    components: int,
    solution: Solution | None,
    errors: Floats | None,
    top: Floats | None,
    weights: Floats | None,
    within: float | None = None,
) -> Calibration:
    """Put the arrays under the codes of entries and judges."""
    ones = np.ones(len(design.score))
    counts, judged = design.per_entry(ones), design.per_judge(ones)
    raw = design.per_entry(design.score) / counts
    entries, judges = design.entries, design.judges
    theta = raw if solution is None else solution.theta
    offset, offset_error = _offsets(design, solution)
    reliability = np.ones(len(judges)) if weights is None else design.per_judge(weights) / judged
    return Calibration(
        method=method,
        guards=guards,
        reviews=len(design.score),
        components=components,
        variance=_variance(solution, raw, errors, within),
        raw=_by_code(entries, raw),
        calibrated=_by_code(entries, theta),
        error=_maybe_by_code(entries, errors),
        top=_maybe_by_code(entries, top),
        counts=dict(zip(entries, counts.astype(int).tolist(), strict=True)),
        offset=_by_code(judges, offset),
        offset_error=_maybe_by_code(judges, offset_error),
        reliability=_by_code(judges, reliability),
        judge_counts=dict(zip(judges, judged.astype(int).tolist(), strict=True)),
    )


def _variance(
    solution: Solution | None, raw: Floats, errors: Floats | None, within: float | None
) -> dict[str, float | None]:
    if solution is None:
        return {"entry": _raw_entry_variance(raw, errors), "judge": None, "residual": within}
    return {
        "entry": solution.entry_variance,
        "judge": solution.judge_variance,
        "residual": solution.residual_variance,
    }


def _offsets(design: Design, solution: Solution | None) -> tuple[Floats, Floats | None]:
    """Return the judges' offsets and their standard errors; raw means know of none."""
    if solution is None:
        return np.zeros(len(design.judges)), None
    return solution.offset, np.sqrt(solution.residual_variance * solution.offset_unit)


def _raw_entry_variance(raw: Floats, errors: Floats | None) -> float | None:
    if errors is None or len(raw) < 2:
        return None
    return max(float(np.var(raw, ddof=1)) - float(np.mean(errors**2)), 0.0)


def _by_code(codes: Sequence[str], values: Floats) -> dict[str, float]:
    return dict(zip(codes, values.tolist(), strict=True))


def _maybe_by_code(codes: Sequence[str], values: Floats | None) -> dict[str, float | None]:
    if values is None:
        return dict.fromkeys(codes)
    return dict(zip(codes, values.tolist(), strict=True))
