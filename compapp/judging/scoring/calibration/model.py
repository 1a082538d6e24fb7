"""The mixed models behind calibration, solved with the entries eliminated.

score = entry + judge + noise. In ``panel`` the entries are fixed (no entry
pile is assumed to be like another) and judges' offsets are shrunk; in
``group-random`` entries are random around the mean of their group. The
variances are estimated by restricted maximum likelihood (REML), as in Lawrence,
"NIPS reviewer calibration" (2014) and, for fixed entries, the additive model of
MacKay, Kenna, Low and Parker, "Calibration with confidence" (2017).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

import numpy as np

from compapp.judging.scoring.calibration.design import Design, Floats

SMALLEST_RATIO, LARGEST_RATIO = 1e-4, 1e6
"""Bounds of residual variance ÷ judge (or entry) variance in the search."""

CHUNK = 4096
"""Reviews worked on at a time, to bound memory."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A fitted model.

    ``theta`` entries, ``offset`` judges (positive: lenient); variances are in
    squared score units. ``offset_unit`` and ``theta_unit`` are variances in
    units of the residual one; ``leverage`` per review. ``root`` and ``gain``
    draw jointly: theta moves by ``-gain @ (offset moved)``, and independently
    by ``own_unit``.
    """

    theta: Floats
    offset: Floats
    residual_variance: float
    judge_variance: float
    entry_variance: float
    theta_unit: Floats
    own_unit: Floats
    offset_unit: Floats
    leverage: Floats
    root: Floats
    gain: Floats
    fixed: int
    """How many leading columns of ``root`` and ``gain`` are group means."""


def solve_panel(design: Design, weights: Floats) -> Solution:
    """Fit entries fixed, judges shrunk; ``weights`` per review, 1 when all are alike."""
    inner = _Reduced(design, weights, entry_ratio=0.0, with_groups=False)
    values, vectors = np.linalg.eigh(inner.matrix)
    values = np.maximum(values, 0.0)
    turned = vectors.T @ inner.right
    freedom = len(design.score) - len(design.entries)
    judges = len(design.judges)

    def deviance(log_ratio: float) -> float:
        ratio = exp(log_ratio)
        rest = max(inner.total - float(np.sum(turned**2 / (values + ratio))), 1e-12)
        return freedom * log(rest) + float(np.sum(np.log(values + ratio))) - judges * log_ratio

    ratio = exp(_smallest(deviance, log(SMALLEST_RATIO), log(LARGEST_RATIO)))
    root = vectors / np.sqrt(values + ratio)
    rest = max(inner.total - float(np.sum(turned**2 / (values + ratio))), 0.0)
    return inner.solution(root, rest / freedom, judge_ratio=ratio)


def solve_group_random(design: Design, weights: Floats) -> Solution:
    """Fit entries random around their group's mean, judges shrunk."""
    groups, judges, entries = len(design.groups), len(design.judges), len(design.entries)
    freedom = len(design.score) - groups

    def reduced(log_ratios: Floats) -> tuple[_Reduced, Floats]:
        inner = _Reduced(design, weights, entry_ratio=exp(log_ratios[0]), with_groups=True)
        penalty = np.concatenate([np.zeros(groups), np.full(judges, exp(log_ratios[1]))])
        lower: Floats = np.linalg.cholesky(inner.matrix + np.diag(penalty + 1e-10)).astype(np.float64)
        return inner, lower

    def deviance(log_ratios: Floats) -> float:
        bounded = np.clip(log_ratios, log(SMALLEST_RATIO), log(LARGEST_RATIO))
        inner, lower = reduced(bounded)
        half = np.linalg.solve(lower, inner.right)
        rest = max(inner.total - float(half @ half), 1e-12)
        determinant = 2 * float(np.sum(np.log(np.diag(lower)))) + float(np.sum(np.log(inner.own)))
        outside = float(np.sum((log_ratios - bounded) ** 2))
        return float(freedom * log(rest) + determinant - entries * bounded[0] - judges * bounded[1] + outside)

    from scipy.optimize import minimize

    found = minimize(deviance, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6})
    best = np.clip(found.x, log(SMALLEST_RATIO), log(LARGEST_RATIO))
    inner, lower = reduced(best)
    root: Floats = np.linalg.inv(lower).T.astype(np.float64)
    half = root.T @ inner.right
    rest = max(inner.total - float(half @ half), 0.0)
    return inner.solution(root, rest / freedom, judge_ratio=exp(best[1]))


class _Reduced:
    """The normal equations with the entries eliminated."""

    def __init__(self, design: Design, weights: Floats, *, entry_ratio: float, with_groups: bool) -> None:
        self.design, self.weights, self.entry_ratio = design, weights, entry_ratio
        plain = design.per_entry(weights)
        self.own = plain + entry_ratio
        incidence = design.incidence(weights).toarray()
        self.fixed = len(design.groups) if with_groups else 0
        if with_groups:
            indicator = np.zeros((len(design.entries), self.fixed))
            indicator[np.arange(len(design.entries)), design.group_of_entry] = 1.0
            incidence = np.hstack([indicator * plain[:, None], incidence])
        self.gain = incidence / self.own[:, None]
        self.entry_right = design.per_entry(weights * design.score)
        full = np.diag(np.concatenate([np.zeros(self.fixed), design.per_judge(weights)]))
        right = np.concatenate([np.zeros(self.fixed), design.per_judge(weights * design.score)])
        if with_groups:
            full[: self.fixed, : self.fixed] = np.diag(indicator.T @ plain)
            full[: self.fixed, self.fixed :] = indicator.T @ incidence[:, self.fixed :]
            full[self.fixed :, : self.fixed] = full[: self.fixed, self.fixed :].T
            right[: self.fixed] = indicator.T @ self.entry_right
        self.matrix: Floats = full - incidence.T @ self.gain
        self.right: Floats = right - self.gain.T @ self.entry_right
        centre = float(np.sum(self.entry_right**2 / self.own))
        self.total = float(np.sum(weights * design.score**2)) - centre

    def solution(self, root: Floats, residual: float, *, judge_ratio: float) -> Solution:
        """Return the fit for ``root`` with root root' = the inverse of the shrunk matrix."""
        design = self.design
        effect = root @ (root.T @ self.right)
        own = self.entry_right / self.own - self.gain @ effect
        spread = self.gain @ root
        judge_root = root[self.fixed :]
        offset_unit = np.einsum("jk,jk->j", judge_root, judge_root)
        theta, shift = own, spread
        if self.fixed:
            theta = own + effect[design.group_of_entry]
            shift = spread - root[design.group_of_entry]
        theta_unit = 1 / self.own + np.einsum("ek,ek->e", shift, shift)
        leverage = self.weights * self._fit_unit(shift, judge_root)
        return Solution(
            theta=theta,
            offset=effect[self.fixed :],
            residual_variance=residual,
            judge_variance=residual / judge_ratio,
            entry_variance=self._entry_variance(theta, theta_unit, shift, residual),
            theta_unit=theta_unit,
            own_unit=1 / self.own,
            offset_unit=offset_unit,
            leverage=leverage,
            root=root,
            gain=self.gain,
            fixed=self.fixed,
        )

    def _fit_unit(self, shift: Floats, judge_root: Floats) -> Floats:
        """Return the unit variance of each review's fitted value."""
        units = np.empty(len(self.weights))
        for start in range(0, len(units), CHUNK):
            part = slice(start, start + CHUNK)
            entry, judge = self.design.entry[part], self.design.judge[part]
            difference = judge_root[judge] - shift[entry]
            units[part] = 1 / self.own[entry] + np.einsum("rk,rk->r", difference, difference)
        return units

    def _entry_variance(self, theta: Floats, unit: Floats, shift: Floats, residual: float) -> float:
        """Return the variance among entries: as modelled, or observed minus error."""
        if self.entry_ratio:
            return residual / self.entry_ratio
        entries = len(theta)
        if entries < 2:
            return 0.0
        together = shift.sum(axis=0)
        common = float(np.sum(1 / self.own)) + float(together @ together)
        error = residual * (float(np.sum(unit)) - common / entries) / (entries - 1)
        return max(float(np.var(theta, ddof=1)) - error, 0.0)


def _smallest(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function is smallest: a coarse grid, then golden section."""
    grid = [low + (high - low) * step / 48 for step in range(49)]
    values = [function(point) for point in grid]
    best = values.index(min(values))
    left, right = grid[max(best - 1, 0)], grid[min(best + 1, 48)]
    golden = (5**0.5 - 1) / 2
    for _ in range(40):
        near, far = right - golden * (right - left), left + golden * (right - left)
        if function(near) <= function(far):
            right = far
        else:
            left = near
    middle = (left + right) / 2
    return min((low, middle, high), key=function)
